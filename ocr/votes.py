"""Second opinions: the same crops read by engines of other families, and what they agree on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ocr import inks
from ocr.alike import (
    FREE,
    Values,
    Voice,
    agreed,
    alike,
    contradicted,
    in_vocabulary,
    odd,
    reads_figures,
)
from ocr.convert import AMOUNTS, CODES, NAMES, convert, looks_like_firm, suspicious
from ocr.crops import crop
from ocr.engines import Recogniser, Shelf
from ocr.hits import Hit
from ocr.layout import unlabelled
from ocr.lexicon import doubtful, figures, spelt, value_spans
from ocr.scan import Scan
from ocr.shapes import settles, shows, skips
from ocr.sheet import Line, Rect
from ocr.torn import ends_free, may_be_cut
from procedure.acceptance import RULES, SHAPE, Rule
from procedure.forms import FormKind, FormTemplate
from procedure.lookalikes import holds_lookalike
from procedure.readings import Reading, Value
from procedure.values import Unit, unit_of

_CELLS = frozenset({"name", "code"})
_RED_SHARE = 0.004
_CHINESE = re.compile("[㐀-鿿，]")


@dataclass(frozen=True)
class Spoken:
    """What one voice read of one line."""

    text: str
    confidence: float


_NOTHING = Spoken("", 0.0)


class Voter:
    """Reads each line of the hits at most once per voice; then turns hits into readings."""

    def __init__(self, scan: Scan, shelf: Shelf, template: FormTemplate, kind: FormKind) -> None:
        self._scan, self._shelf = scan, shelf
        self._template, self._kind = template, kind
        self._said: dict[tuple[float, ...], dict[Voice, Spoken]] = {}
        self._all = [line.box for line in scan.sheet.lines()]

    def prepare(self, hits: Sequence[Hit]) -> None:
        """Second opinions on all lines of all hits, in as few calls as possible."""
        lines = {line.box: line for hit in hits for line in hit.lines}
        for hit in hits:
            if hit.field in AMOUNTS and hit.label and not hit.inline:
                lines.update({line.box: line for line in hit.label.lines})
        found = list(lines.values())
        red = [line for line in found if self._is_red(line)]
        raw = [crop(self._scan.picture, line) for line in found]
        clean = [crop(self._scan.cleaned, line) for line in red]
        second, first = self._shelf.second, self._shelf.primary
        for line in found:
            self._said.setdefault(line.box, {})
        self._hear(found, ("ppocr-v4", "raw"), second.read_lines(raw))
        self._hear(red, ("ppocr-v4", "clean"), second.read_lines(clean))
        self._hear(red, ("ppocr-v6", "clean"), first.read_lines(clean))
        hidden = [line for line in found if line.source == "clean"]
        covered = first.read_lines([crop(self._scan.picture, line) for line in hidden])
        self._hear(hidden, ("ppocr-v6", "raw"), covered)
        for line in found:
            own = Spoken(line.text, line.confidence)
            self._said[line.box]["ppocr-v6", line.source] = own

    def _hear(self, lines: Sequence[Line], voice: Voice, said: Sequence[object]) -> None:
        for line, one in zip(lines, said, strict=True):
            self._said[line.box][voice] = Spoken(one.text, one.confidence)  # type: ignore[attr-defined]

    def _is_red(self, line: Line) -> bool:
        return inks.share(self._scan.red, line.box) > _RED_SHARE

    def reading(self, hit: Hit, rivals: Sequence[Hit] = ()) -> Reading:
        """One hit as a reading; ``rivals`` are further places that claim the same field."""
        voices = self._voices(hit)
        values = alike(hit.field, {v: self._value(hit, texts) for v, texts in voices.items()})
        if hit.field in CODES and (not agreed(values) or odd(hit.field, values)):
            values = alike(hit.field, values | self._third(hit))
        value = _best(hit.field, values, voices)
        others = {str(v) for v in values.values() if v is not None and v != value}
        values, evidence = self._settled(hit, value, values, voices)
        against = list(hit.doubts) + self._doubts(hit, value, values)
        for rival in rivals:
            other = self._value(rival, self._voices(rival).get(("ppocr-v6", "raw"), ()))
            if other is not None and other != value:
                against.append("two-places-differ")
        engines = tuple(dict.fromkeys(f for (f, _), v in values.items() if v == value))
        return Reading(
            value,
            text=_shown(hit, voices),
            confidence=round(_confidence(value, values, voices), 4),
            page=self._scan.sheet.page,
            box=self._scan.box(hit.value_box) if self._scan.sheet.page else None,
            engines=engines if value is not None else (),
            evidence=evidence,
            against=tuple(dict.fromkeys(against)),
            candidates=tuple(sorted(others)),
        )

    def _voices(self, hit: Hit) -> dict[Voice, tuple[Spoken, ...]]:
        """Each voice's reading of all the hit's lines; a clean voice falls back on its raw one."""
        names = {voice for line in hit.lines for voice in self._said.get(line.box, {})}
        found: dict[Voice, tuple[Spoken, ...]] = {}
        for family, source in sorted(names, key=_order):
            said = [self._said[line.box] for line in hit.lines]
            found[family, source] = tuple(
                one.get((family, source)) or one.get((family, "raw")) or _NOTHING for one in said
            )
        return found

    def _value(self, hit: Hit, said: Sequence[Spoken]) -> Value | None:
        text = self._own_text(hit, said)
        return None if text is None else convert(hit.field, text, hit.unit)

    def _own_text(self, hit: Hit, said: Sequence[Spoken]) -> str | None:
        red = hit.field == "date" and any(self._is_red(line) for line in hit.lines)
        if not hit.inline:
            return _trim(hit.field, "\n".join(one.text for one in said), red=red)
        joined = "".join(one.text for one in said)
        pairs = self._template.split_pairs(joined, self._kind)
        if not pairs:
            split = self._template.split_label(joined, self._kind)
            pairs = (split,) if split else ()
        own = [value for match, value in pairs if match.field == hit.field]
        return _trim(hit.field, own[0], red=red) if own else None

    def _third(self, hit: Hit) -> Values:
        """What Tesseract reads, with and without the seal; {} where it is not there."""
        chinese = hit.inline or any(_CHINESE.search(line.text) for line in hit.lines)
        engine = self._shelf.words if chinese else self._shelf.digits
        sources = ["raw", "clean"] if any(self._is_red(line) for line in hit.lines) else ["raw"]
        if engine is None or not hit.lines:
            return {}
        return {
            ("tesseract", source): self._value(hit, self._told(hit, engine, source))
            for source in sources
        }

    def _told(self, hit: Hit, engine: Recogniser, source: str) -> tuple[Spoken, ...]:
        picture = self._scan.picture if source == "raw" else self._scan.cleaned
        said = engine.read_lines([crop(picture, line) for line in hit.lines])
        return tuple(Spoken(one.text, one.confidence) for one in said)

    def _settled(
        self, hit: Hit, value: Value | None, values: Values, voices: dict[Voice, tuple[Spoken, ...]]
    ) -> tuple[Values, tuple[str, ...]]:
        """``values`` where something further speaks for a value that is not sure enough; evidence.

        Of figures, Tesseract that reads the same is a third voice; where it does not, it proves
        nothing. Of names (it errs towards common characters as the others do) the picture is held
        against the characters, and outvotes the second engine; where a name's figures may be what
        made the engines unsure, Tesseract must read these too.
        """
        sure = _confidence(value, values, voices)
        dissent = {voice: v for voice, v in values.items() if v is not None and v != value}
        both = len({family for (family, _), v in values.items() if v == value}) > 1
        rule = RULES.get(hit.field, Rule())
        rarer = rule.lookalikes and holds_lookalike(str(value))
        enough = both and not dissent and sure >= rule.two and not rarer
        if value is None or not hit.lines or enough:
            return values, ()
        if dissent:
            if hit.field not in FREE or sure < rule.two or not self._shaped(hit, value, values):
                return values, ()
            if rarer and not self._borne_out(hit, all_of=False):
                return values, ()
            return {v: x for v, x in values.items() if v not in dissent}, (SHAPE,)
        if hit.field in CODES:
            third = self._third(hit) if both else {}
            return values | {voice: v for voice, v in third.items() if v == value}, ()
        if hit.field not in FREE | {"contact"} or not both:
            return values, ()
        unsure = sure < rule.two
        if unsure and figures(str(value)) and not reads_figures(value, self._third(hit)):
            return values, ()
        return values, (SHAPE,) if self._borne_out(hit, all_of=unsure) else ()

    def _shaped(self, hit: Hit, value: Value, values: Values) -> bool:
        """Whether the picture has the primary engine's characters where the second has others."""
        against = {voice for voice, v in values.items() if v is not None and v != value}
        if values.get(("ppocr-v6", "raw")) != value or against != {("ppocr-v4", "raw")}:
            return False
        if any(self._is_red(line) for line in hit.lines):
            return False
        for line in hit.lines:
            first, second = (self._said[line.box][f, "raw"].text for f in ("ppocr-v6", "ppocr-v4"))
            if not settles(crop(self._scan.picture, line), first, spelt(second)):
                return False
        return True

    def _borne_out(self, hit: Hit, *, all_of: bool) -> bool:
        """Whether the picture has the characters that may stand for rarer ones, or ``all_of`` them
        but for words of the trade."""
        if any(self._is_red(line) for line in hit.lines):
            return False
        texts = [self._said[line.box]["ppocr-v6", "raw"].text for line in hit.lines]
        own = self._own_text(hit, self._primary(hit)) if hit.inline else "".join(texts)
        spans = value_spans(texts, own or "")
        if not spans:
            return False
        places = [
            doubtful(text, span, all_of=all_of) for text, span in zip(texts, spans, strict=True)
        ]
        return any(places) and all(
            shows(crop(self._scan.picture, line), text, where)
            for line, text, where in zip(hit.lines, texts, places, strict=True)
        )

    def _doubts(self, hit: Hit, value: Value | None, values: Values) -> list[str]:
        found = []
        if doubt := contradicted(value, in_vocabulary(hit.field, value, values)):
            found.append(doubt)
        if hit.field in AMOUNTS:
            found += self._unit_doubts(hit)
            if suspicious(hit.field, self._own_text(hit, self._primary(hit)) or "", hit.unit):
                found.append("ambiguous-number")
        if len(hit.lines) > 1 and hit.field in {"account_no", "phone", "code", "project_code"}:
            found.append("wrapped-lines")
        if hit.field in NAMES and value is not None and not looks_like_firm(str(value)):
            found.append("not-a-firm")
        if hit.field == "date" and self._may_be_cut(hit):
            found.append("date-cut")
        if hit.field in FREE and value is not None and spelt(str(value)) != value:
            found.append("odd-word")
        if value is not None and _unbalanced(str(value)):
            found.append("unbalanced-brackets")
        if self._is_cut(hit) or (hit.field in FREE and value is not None and self._skipped(hit)):
            found.append("unread-ink")
        return found

    def _skipped(self, hit: Hit) -> bool:
        """Whether a line of the value has room for a character that the engines dropped."""
        texts = [line.text for line in hit.lines]
        own = (self._own_text(hit, self._primary(hit)) or "") if hit.inline else "".join(texts)
        spans = value_spans(texts, own) or [(len(text), len(text)) for text in texts]
        return any(
            skips(
                crop(self._scan.cleaned if self._is_red(line) else self._scan.picture, line),
                line.text,
                begin,
            )
            for line, (begin, _) in zip(hit.lines, spans, strict=True)
        )

    def _may_be_cut(self, hit: Hit) -> bool:
        """2021.11.5 is whole where paper follows; 月 without its 日 never is."""
        said = self._own_text(hit, self._primary(hit)) or ""
        if not may_be_cut(said):
            return False
        return "月" in said or not hit.lines or not ends_free(self._scan.picture, hit.lines[-1])

    def _primary(self, hit: Hit) -> tuple[Spoken, ...]:
        return self._voices(hit).get(("ppocr-v6", "raw"), ())

    def _unit_doubts(self, hit: Hit) -> list[str]:
        """A 万 that is overlooked is a factor of 10,000: both engines must read the same unit."""
        if hit.label is None or hit.inline:
            return []
        units: set[Unit | None] = set()
        for family in ("ppocr-v6", "ppocr-v4"):
            said = [self._said.get(line.box, {}).get((family, "raw")) for line in hit.label.lines]
            units.add(unit_of("".join(one.text for one in said if one)))
        if len(units) > 1:
            return ["unit-unclear"]
        return ["unit-missing"] if units == {None} and unit_of(hit.text) is None else []

    def _is_cut(self, hit: Hit) -> bool:
        """Print beside or around the value that no line covers: part of it may be missing.

        An empty place is looked at too where it is a cell of a table.
        """
        if not hit.lines and hit.field not in _CELLS:
            return False
        heights = sorted(line[3] - line[1] for line in self._all)
        own = [line.box[3] - line.box[1] for line in hit.lines]
        height = max(12.0, min(own) if own else heights[len(heights) // 2])
        read = [_grown(box, 0.1 * height) for box in self._all]
        regions = [_beside(line.box, height) for line in hit.lines]
        if hit.ruled or not hit.lines:
            inset = 0.18 * height
            x0, y0, x1, y1 = hit.box
            regions = [(x0 + inset, y0 + inset, x1 - inset, y1 - inset)]
        return any(inks.unread(self._scan.ink, region, read, height) for region in regions)


def _trim(field: str, text: str, *, red: bool = False) -> str:
    """Specks at the ends of figures are read as points; a leading or trailing one means nothing.

    ``red``: a seal lies over the value.
    """
    if field in AMOUNTS:
        text = re.sub(r"(?<=\d)[;；](?=\d)", ",", text).strip(" *'`_|~")
    if field == "date":
        # A label that is worn (填报日：) is none that the template knows.
        text = unlabelled(text)
        text = re.sub(r"[.·,、'`]+(?=[年月日])|(?<=[年月日])[.·,、'`]+", "", text)
        # A seal's digits behind it (2021年12月5日0) are none of its own; all else may be meant.
        text = re.sub(r"(?<=[日号])\s*\d{1,6}$", "", text) if red else text
    if field in FREE:
        text = re.sub(r"(?<=\d\.) +(?=\d)|(?<=\d) +(?=\.\d)", "", text)
        text = text.strip(" .·,、'`_|~;:*")
    if field in FREE | {"operation", "status"}:
        text = text.rstrip(" .·。")
    return text.strip(" .·,、'`_|~;:") if field in CODES else text


def _beside(box: Rect, height: float) -> Rect:
    return (
        box[0] - 0.9 * height,
        box[1] + 0.1 * height,
        box[2] + 0.9 * height,
        box[3] - 0.1 * height,
    )


def _grown(box: Rect, by: float) -> Rect:
    return (box[0] - by, box[1] - by, box[2] + by, box[3] + by)


def _order(voice: Voice) -> tuple[bool, bool]:
    return voice[0] != "ppocr-v6", voice[1] != "raw"


def _best(field: str, values: Values, voices: dict[Voice, tuple[Spoken, ...]]) -> Value | None:
    """What most families read; of names then the primary's (it knows more characters); then the
    surer one."""
    found = [v for v in dict.fromkeys(values.values()) if v is not None]
    if not found:
        return None

    def weight(value: Value) -> tuple[int, int, bool, float]:
        mine = [voice for voice, v in values.items() if v == value]
        families = {family for family, _ in mine}
        sure = sum(one.confidence for voice in mine for one in voices.get(voice, ()))
        return len(families), len(mine), field in FREE and "ppocr-v6" in families, sure

    return max(found, key=weight)


def _confidence(
    value: Value | None,
    values: Values,
    voices: dict[Voice, tuple[Spoken, ...]],
) -> float:
    """The weakest line of the best voice that read the value, averaged over families."""
    by_family: dict[str, float] = {}
    for voice, read in values.items():
        if value is not None and read == value and voice in voices:
            weakest = min((one.confidence for one in voices[voice]), default=0.0)
            by_family[voice[0]] = max(by_family.get(voice[0], 0.0), weakest)
    return sum(by_family.values()) / len(by_family) if by_family else 0.0


def _shown(hit: Hit, voices: dict[Voice, tuple[Spoken, ...]]) -> str:
    if hit.inline:
        return hit.text
    return "".join(one.text for one in voices.get(("ppocr-v6", "raw"), ()))


def _unbalanced(text: str) -> bool:
    opened = len(re.findall(r"[（(]", text))
    return opened != len(re.findall(r"[)）]", text))
