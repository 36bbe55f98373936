"""Form templates: which printed labels mean which field. The cells of 附件6 are not known, so a
form is never a fixed map of cells but a file of synonyms.

Labels are compared NFKC, without spaces, brackets and what stands in them, years, units and a
trailing colon. An exact synonym wins over a pattern, a pattern over a likeness (OCR slips), and a
likeness counts only where no other field is about as like.
"""

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any, Literal, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import Indel

from procedure.errors import BadInput
from procedure.kinds import has_title, shows_operations
from procedure.radicals import as_written
from procedure.readings import DocumentKind
from procedure.values import Unit, unit_of

FormKind = Literal["application", "cancellation"]

_IGNORED = ""
_LONGEST = 34
_LIKE, _MARGIN = 0.75, 0.12
_MOST_MET = 5_000
_SEAL = re.compile(r"公章|盖章|签章|印章")
_YEARS = re.compile(r"20\d\d(?:[-—–~至和及、/]+(?:20)?\d\d)?(?:年度?)?")
_PERIOD = re.compile(r"^(?:全国碳市场)?(?:第[一二三]个|本)?履约(?:周期|期)(?:内)?")
_RAGGED = re.compile(r"[\d\s\-—–~.(（\[]$|\d\s*年度?$|[(（\[【][^)）\]】]*$")
_NUMBERING = re.compile(
    r"^(?:\([0-9一二三四五六七八九十]{1,2}\)|[0-9一二三四五六七八九十]{1,2}[.、)])"
)
_ONE = re.compile("^[—–-](?=般)")
"""一般 begins with one stroke, which engines take for a dash in some types."""
_GAS = r"(?:二氧化碳当量|二氧化碳|C[O0]2-?E?)"
_UNIT = re.compile(rf"(?:单位)?(?:[万千]?(?:吨|(?<![A-Z])T){_GAS}?|[万千]?{_GAS})$")


T = TypeVar("T")


def _each(items: Iterable[T]) -> tuple[T, ...]:
    """Each once, in their order."""
    return tuple(dict.fromkeys(items))


@dataclass(frozen=True)
class LabelMatch:
    """A printed label recognised as ``field``. ``unit`` is the unit it names, None for none.

    ``score`` is 1 for a known synonym, 0.9 for a pattern, below that a likeness.
    """

    field: str
    unit: Unit | None
    score: float
    alias: str


@dataclass(frozen=True)
class Labels:
    """The synonyms of one set of fields; patterns are regular expressions for the whole label."""

    aliases: Mapping[str, str]
    """Normalised label → field, "" for labels that are no field of ours."""
    patterns: tuple[tuple[str, str], ...] = ()
    """(expression, field)."""
    _met: dict[str, tuple[str, float, str] | None] = dataclasses.field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What texts were like before: the same labels stand on every paper."""

    def match(self, text: str, *, fuzzy: bool = True) -> LabelMatch | None:
        """What ``text`` means as a label, None where it is no label, or an ambiguous one."""
        plain = normalise_label(text)
        if not plain or len(plain) > _LONGEST:
            return None
        found = self._exact(plain) or self._pattern(plain) or (fuzzy and self._alike(plain)) or None
        if not found or found[0] == _IGNORED:
            return None
        field, score, alias = found
        return LabelMatch(field, unit_of(text), score, alias)

    def with_(self, other: "Labels") -> "Labels":
        """The words of both; a field of one outranks that the other ignores the word."""
        aliases = dict(self.aliases)
        for word, field in other.aliases.items():
            if field and aliases.get(word, field) not in (field, _IGNORED):
                raise BadInput(f"form templates: {word!r} means {aliases[word]} and {field}")
            aliases[word] = field or aliases.get(word, field)
        return Labels(aliases, _each((*self.patterns, *other.patterns)))

    def ignores(self, text: str) -> bool:
        """Whether this is a known label of no field of ours."""
        return self.aliases.get(normalise_label(text)) == _IGNORED

    def _exact(self, plain: str) -> tuple[str, float, str] | None:
        return (self.aliases[plain], 1.0, plain) if plain in self.aliases else None

    def _pattern(self, plain: str) -> tuple[str, float, str] | None:
        fields = {field for expression, field in self.patterns if re.fullmatch(expression, plain)}
        return (fields.pop(), 0.9, plain) if len(fields) == 1 else None

    def _alike(self, plain: str) -> tuple[str, float, str] | None:
        if len(plain) < 4:
            return None
        if plain not in self._met:
            if len(self._met) >= _MOST_MET:
                self._met.clear()
            self._met[plain] = self._likest(plain)
        return self._met[plain]

    def _likest(self, plain: str) -> tuple[str, float, str] | None:
        best: dict[str, tuple[float, str]] = {}
        for alias in _near(plain, self.aliases.keys()):
            field, score = self.aliases[alias], SequenceMatcher(None, plain, alias).ratio()
            best[field] = max(best.get(field, (0.0, "")), (score, alias))
        if not best:
            return None
        ranked = sorted(((score, alias, field) for field, (score, alias) in best.items()))[::-1]
        (score, alias, field), second = ranked[0], ranked[1][0] if len(ranked) > 1 else 0.0
        clear = score >= _LIKE and score - second >= _MARGIN
        return (field, min(score, 0.89), alias) if clear else None


@dataclass(frozen=True)
class FormTemplate:
    """One cycle's documents: the application form and the registry's screenshot."""

    id: str
    fields: Mapping[str, Labels]
    """Kind of document → labels of its single fields."""
    columns: Mapping[str, Labels]
    """Kind of document → headings of its table (projects; records)."""
    titles: Mapping[str, tuple[str, ...]]
    """Kind of document → regular expressions found in its title, spaces taken out."""
    names: Mapping[str, tuple[str, ...]]
    """Kind of document → whole titles, known by likeness too."""
    totals: tuple[str, ...]
    authority: tuple[str, ...]
    seal_labels: tuple[str, ...]

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> "FormTemplate":
        """From a template file's table; `BadInput` says what is missing."""
        try:
            kinds = {kind: data[kind] for kind in ("application", "cancellation")}
            ignore = data["ignore"]
            return cls(
                id=data["id"],
                fields={kind: _labels(part["fields"], ignore) for kind, part in kinds.items()},
                columns={kind: _labels(part["columns"], ignore) for kind, part in kinds.items()},
                titles={kind: _patterns(part["titles"]) for kind, part in kinds.items()},
                names={kind: _texts(part.get("names", [])) for kind, part in kinds.items()},
                totals=tuple(normalise_label(text) for text in _texts(data["totals"])),
                authority=tuple(normalise_label(text) for text in _texts(data["authority"])),
                seal_labels=tuple(normalise_label(text) for text in _texts(data["seal_labels"])),
            )
        except KeyError as error:
            raise BadInput(f"form template: {error} is missing") from error
        except (TypeError, AttributeError) as error:
            raise BadInput(
                f"form template: a table is missing or of another kind: {error}"
            ) from error

    @classmethod
    def merged(cls, templates: Sequence["FormTemplate"]) -> "FormTemplate":
        """One template that knows the words of all: a mail does not say which cycle it is of.

        `BadInput` where a word means one field in one and another field in another.
        """
        first, *others = {one.id: one for one in templates}.values()
        for other in others:
            kinds = first.fields
            first = cls(
                id=f"{first.id}+{other.id}",
                fields={kind: first.fields[kind].with_(other.fields[kind]) for kind in kinds},
                columns={kind: first.columns[kind].with_(other.columns[kind]) for kind in kinds},
                titles={kind: _each((*first.titles[kind], *other.titles[kind])) for kind in kinds},
                names={kind: _each((*first.names[kind], *other.names[kind])) for kind in kinds},
                totals=_each((*first.totals, *other.totals)),
                authority=_each((*first.authority, *other.authority)),
                seal_labels=_each((*first.seal_labels, *other.seal_labels)),
            )
        return first

    @property
    def names_year(self) -> bool:
        """Whether a form says which year it is for."""
        return "year" in self.fields["application"].aliases.values()

    def match_label(
        self, text: str, kind: FormKind = "application", *, fuzzy: bool = True
    ) -> LabelMatch | None:
        """The single field that ``text`` labels; None for none, a seal's label, or the province's.

        For a screenshot that shows one operation as pairs of label and value, ask `match_column`
        with kind ``cancellation`` as well: its headings are the same words.
        """
        if self.is_seal_label(text) or self.is_authority(text):
            return None
        return self.fields[kind].match(text, fuzzy=fuzzy)

    def match_column(
        self, text: str, kind: FormKind = "application", *, fuzzy: bool = True
    ) -> LabelMatch | None:
        """The column that ``text`` heads.

        Application: name, code, amount_t; cancellation: project_name, project_code, quantity_t,
        operation, status, time, serial, account_name, account_no.
        """
        return self.columns[kind].match(text, fuzzy=fuzzy)

    def split_label(
        self, text: str, kind: FormKind = "application"
    ) -> tuple[LabelMatch, str] | None:
        """Label and value in one text (``申请日期：2021年11月3日``); None where it has no label.

        Without a colon only a known synonym at the beginning counts.
        """
        if self.is_seal_label(text):
            return None
        head, colon, tail = unicodedata.normalize("NFKC", text).partition(":")
        if colon and (match := self._any(head, kind, fuzzy=True)):
            return match, tail.strip()
        for end in range(min(len(text), _LONGEST), 1, -1):
            rest = text[end:].lstrip()
            # A label ends neither in figures (they are the value's) nor inside or before brackets.
            if _RAGGED.search(text[:end]) or rest[:1] in tuple("(（[【"):
                continue
            match = self._any(text[:end], kind, fuzzy=False)
            if match and match.score == 1:
                return match, rest.lstrip(":： \n\t")
            # 账户状态正常 says nothing of the 账户.
            if end > 2 and self.fields[kind].ignores(text[:end]):
                return None
        return None

    def split_pairs(
        self, text: str, kind: FormKind = "application"
    ) -> tuple[tuple[LabelMatch, str], ...]:
        """All ``label：value`` pairs of one text (``联系人：李明  电话：010-…``), in order."""
        parts = unicodedata.normalize("NFKC", text).split(":")
        pairs: list[tuple[LabelMatch, str]] = []
        current, value = None, ""
        for part in parts[:-1]:
            before, label = self._last_label(part, kind)
            if label is None:
                value += part + ":"
                continue
            if current:
                pairs.append((current, (value + before).strip()))
            current, value = label, ""
        return (*pairs, (current, (value + parts[-1]).strip())) if current else ()

    def is_total(self, text: str) -> bool:
        """合计 and its like."""
        return normalise_label(text) in self.totals

    def is_authority(self, text: str) -> bool:
        """The block of the provincial department: its date and seal are not the entity's."""
        plain = normalise_label(text)
        return bool(plain) and any(mark in plain for mark in self.authority)

    def is_seal_label(self, text: str) -> bool:
        """重点排放单位（公章）： and its like; 单位名称（盖章） is the label of the name."""
        plain = normalise_label(text)
        return bool(_SEAL.search(text)) and (plain in self.seal_labels or not plain)

    def document_kind(self, texts: Iterable[str]) -> DocumentKind:
        """What a page is, from its lines or cells: titles count three, each field's label one."""
        lines = list(texts)
        scores = {kind: self._score(kind, lines) for kind in ("application", "cancellation")}
        best = max(scores, key=lambda kind: scores[kind])
        if scores[best] < 3:
            return "other"
        return "application" if best == "application" else "cancellation"

    def _last_label(self, part: str, kind: FormKind) -> tuple[str, LabelMatch | None]:
        words = part.split()
        for count in range(min(len(words), 4), 0, -1):
            label = "".join(words[-count:])
            if match := self._any(label, kind, fuzzy=False):
                return " ".join(words[:-count]), match
        return part, None

    def _any(self, text: str, kind: FormKind, *, fuzzy: bool) -> LabelMatch | None:
        found = self.match_label(text, kind, fuzzy=fuzzy)
        if found or kind == "application":
            return found
        return self.match_column(text, kind, fuzzy=fuzzy)

    def _score(self, kind: str, lines: list[str]) -> int:
        found = self._fields_named(kind, lines, fuzzy=False)
        if kind == "cancellation":
            alike = found | self._fields_named(kind, lines, fuzzy=True)
            # Label and value may stand in one line without a colon.
            alike |= {
                pair[0].field for line in lines if (pair := self.split_label(line, "cancellation"))
            }
            if not shows_operations(alike, lines):
                return 0
        return 3 * has_title(lines, self.titles[kind], self.names[kind]) + len(found)

    def _fields_named(self, kind: str, lines: list[str], *, fuzzy: bool) -> set[str]:
        return {
            match.field
            for labels in (self.fields[kind], self.columns[kind])
            for line in lines
            if (match := labels.match(re.split("[:：]", line)[0], fuzzy=fuzzy))
        }


@lru_cache(maxsize=4096)
def normalise_label(text: str) -> str:
    """A label as it is compared: no spaces, marks, brackets, years, units or numbering."""
    plain = "".join(unicodedata.normalize("NFKC", as_written(text)).upper().split())
    plain = _ONE.sub("一", plain.translate(str.maketrans("【】〔〕[]塡", "()()()填")))
    plain = _NUMBERING.sub("", plain)
    plain = re.sub(r"\([^()]*\)", "", plain)
    plain = _YEARS.sub("", plain)
    # A cell's edge may have cut the closing bracket off, or the unit stands without brackets.
    plain = re.sub(r"\([^()]*$|^[^()]*\)(?=.)", "", plain).strip(":;,.。·*_/-()")
    stripped = _UNIT.sub("", _PERIOD.sub("", plain)).strip(":;,.。·*_/-()")
    return re.sub(r"[·*_:;,.、。'\"|]", "", stripped)


def _texts(value: Any) -> tuple[str, ...]:
    """A list of texts; a single text is none, and would count as its letters."""
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BadInput(f"form template: {str(value)[:40]!r} is no list of texts")
    return tuple(value)


def _patterns(value: Any) -> tuple[str, ...]:
    for expression in _texts(value):
        try:
            re.compile(expression)
        except re.error as error:
            raise BadInput(f"form template: {expression!r} is no pattern: {error}") from error
    return _texts(value)


def _labels(table: Mapping[str, Any], ignore: Any) -> Labels:
    aliases = {normalise_label(text): _IGNORED for text in _texts(ignore)}
    patterns: list[tuple[str, str]] = []
    for field, entry in table.items():
        for text in _texts(entry["labels"]):
            plain = normalise_label(text)
            if aliases.get(plain, field) not in (field, _IGNORED):
                raise BadInput(f"form template: {text!r} means {aliases[plain]} and {field}")
            aliases[plain] = field
        patterns += [(expression, field) for expression in _patterns(entry.get("patterns", []))]
    return Labels(aliases, tuple(patterns))


def _near(text: str, aliases: Iterable[str]) -> Iterator[str]:
    """Those that are not too unlike to matter, even as the second best.

    The longest common subsequence bounds difflib's blocks and costs a hundredth.
    """
    least = _LIKE - _MARGIN
    found = process.extract_iter(
        text, aliases, scorer=Indel.normalized_similarity, score_cutoff=least
    )
    return (alias for alias, _, _ in found)
