"""Which readings are good enough to go on without a person. A pure rule over evidence.

An accepted reading that is wrong is the worst bug there is, so confidence alone accepts nothing.
In this order:

1. A person's word (``person``) is accepted.
2. A reading without a value is not.
3. Text that nobody had to recognise (``native-text``) is accepted as what the paper says, whatever
   else is wrong with it: a failing check character or sum is a finding, not a misreading. Only an
   ambiguous amount (``418.871`` 吨) needs a sum, a span or a registry record that agrees.
4. Anything in ``against`` keeps recognised text out. A serial's span or the registry settles an
   amount whose marks or unit are doubtful; that the page reads otherwise with its seal than without
   it (``seal-differs``) counts only where nothing independent of the picture confirms the value.
5. Recognised text needs two engines of independent families that agree on the value, or one engine
   and evidence independent of it, as `procedure.fieldrules` says for each field.
6. On papers whose engines differ widely (`DocumentReading.handwritten`: by hand, worn) two
   engines *and* independent evidence are needed, or for a few fields two that are surer than usual.
   Free text that neither the registry nor a seal has is never accepted.
"""

import re
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from procedure import surnames, uscc
from procedure.evidence import (
    ABOUT_PAPER,
    AMBIGUOUS,
    CHECK,
    ORGANISATION,
    PLACE,
    REGISTRY,
    REPEATED,
    SEAL,
    SPAN,
    SUM,
    UNIT_UNCLEAR,
    collect,
)
from procedure.fieldrules import (
    BOTH_STEADY,
    DISAGREES,
    DRAWN,
    FIGURE_UNSURE,
    HALVES,
    NATIVE,
    NEAR,
    OTHER,
    PERSON,
    PREFIXES,
    RULES,
    SEAL_DIFFERS,
    SHAPE,
    STEADY,
    TWICE,
    UNLIKE,
    UNLIKE_SURE,
    UNREAD,
    UNSURE,
    VOCABULARY,
    Rule,
)
from procedure.lookalikes import holds_lookalike
from procedure.readings import (
    REQUIRED_FIELDS,
    DocumentReading,
    ProjectRow,
    Reading,
    RecordRow,
)
from procedure.registryview import RegistryView

_COUNTED = "自愿注销"
_DRAWN_SURE = 0.9
_STROKES = re.compile("[一二三四五六七八九十]")
"""Figures of a date that are others without one stroke."""


def decide(doc: DocumentReading, registry: RegistryView | None = None) -> DocumentReading:
    """``doc`` with ``accepted`` set on every reading, from evidence only.

    ``evidence`` and ``against`` are filled up with what the paper itself and ``registry`` say;
    applying it again (after an import, a correction) is safe and gives a fresh judgement.
    """
    doc = collect(_without_judgement(doc), registry)

    def judge(field: str, reading: Reading | None) -> Reading | None:
        if reading is None:
            return None
        return replace(reading, accepted=accepts(field, reading, handwritten=doc.handwritten))

    fields = {name: judge(name, reading) or reading for name, reading in doc.fields.items()}
    return replace(
        doc,
        fields=fields,
        rows_total=judge("rows_total", doc.rows_total),
        projects=tuple(
            ProjectRow(
                judge("name", row.name), judge("code", row.code), judge("amount_t", row.amount_t)
            )
            for row in doc.projects
        ),
        records=tuple(
            _of_known_kind(RecordRow(**{n: judge(n, getattr(row, n)) for n in _RECORD}))
            for row in doc.records
        ),
    )


def _of_known_kind(row: RecordRow) -> RecordRow:
    """A list shows other operations too: which one a row is must be certain before the row's
    figures count for anything. A list without that column may have lost its heading to wear."""
    if row.operation is not None and row.operation.accepted:
        return row
    cells = {name: getattr(row, name) for name in _RECORD}
    return RecordRow(
        **{n: cell and replace(cell, accepted=_known_without(cell)) for n, cell in cells.items()}
    )


def _known_without(cell: Reading) -> bool:
    return cell.accepted and bool({PERSON, NATIVE} & set(cell.evidence))


def unclear(doc: DocumentReading) -> tuple[str, ...]:
    """Required fields of an application that are absent or not accepted, in their fixed order."""
    return tuple(
        name for name in REQUIRED_FIELDS if name not in doc.fields or not doc.fields[name].accepted
    )


def accepts(field: str, reading: Reading, *, handwritten: bool = False) -> bool:
    """The rule for one reading, its evidence complete; see this module's docstring."""
    if PERSON in reading.evidence:
        return reading.value is not None
    if reading.value is None or reading.value == "":
        return False
    if NATIVE in reading.evidence:
        return _native(reading)
    if _blocking(field, reading):
        return False
    if reading.against and not _independent(field, reading):
        return False
    return _recognised(field, reading, handwritten)


def _blocking(field: str, reading: Reading) -> set[str]:
    """Doubts that no independent evidence outweighs. What a serial's span or the registry says just
    so is no longer ambiguous: neither its marks of thousands nor its unit. Nor is a figure of a
    quantity missing that the serial numbers, which stand elsewhere, make."""
    doubts, evidence = set(reading.against) - {SEAL_DIFFERS}, set(reading.evidence)
    doubts -= {DISAGREES} if _twice_checked(reading) else set()
    if _independent(field, reading):
        doubts -= {UNSURE, FIGURE_UNSURE}
    if SPAN in evidence and field == "quantity_t":
        doubts -= {UNREAD}
    return doubts - _OF_SCALE if {SPAN, REGISTRY} & evidence else doubts


def _twice_checked(reading: Reading) -> bool:
    """A credit code that bears both its checks, beside another engine's that fails the first and
    has the same eight characters at its beginning: the organisation's check is not of these. Or
    one that its engine reads in further drawings of it too."""
    if not {CHECK, ORGANISATION} <= set(reading.evidence):
        return False
    return _outweighs(reading) or _steady_alone(reading)


def _steady_alone(reading: Reading) -> bool:
    return STEADY in reading.evidence and not any(map(uscc.is_valid, reading.candidates))


def _outweighs(reading: Reading) -> bool:
    """Whether what else a credit code was read as is none, and begins as it does. Where it has
    letters that cannot stand there, a third engine must read the code as the first one does."""
    code, others = str(reading.value), reading.candidates
    if not others or not uscc.is_valid(code) or any(map(uscc.is_valid, others)):
        return False
    if all(one[:8] == code[:8] for one in others):
        return True
    return len(families(reading.engines)) > 1 and all(uscc.begins_as(one, code) for one in others)


_OF_SCALE = {AMBIGUOUS, UNIT_UNCLEAR, "unit-missing"}
"""Doubts whether an amount is so much or a thousand times as much."""


def families(engines: tuple[str, ...]) -> frozenset[str]:
    """Independent families among engine names: ``ppocr-v6/raw`` and ``ppocr-v6/red`` are one."""
    return frozenset(re.split(r"[/:@ ]", engine)[0].lower() for engine in engines if engine)


def _native(reading: Reading) -> bool:
    left = set(reading.against) - ABOUT_PAPER
    if left == {AMBIGUOUS}:
        return bool({SUM, REPEATED, SPAN, REGISTRY} & set(reading.evidence))
    return not left


def _recognised(field: str, reading: Reading, handwritten: bool) -> bool:
    rule = RULES.get(field, OTHER)
    evidence = set(reading.evidence)
    if str(reading.value) in VOCABULARY.get(field, ()):
        evidence |= {"vocabulary", UNLIKE} if str(reading.value) == _COUNTED else {"vocabulary"}
    if _twice_checked(reading):
        evidence.add(TWICE)
    if {REPEATED, STEADY} <= evidence:
        evidence.add(BOTH_STEADY)
    usual = not rule.pattern or bool(re.fullmatch(rule.pattern, str(reading.value)))
    usual = usual and not _is_odd(field, str(reading.value))
    if not usual and REGISTRY not in evidence:
        return False
    if not rule.always <= evidence:
        return False
    rarer = rule.lookalikes and holds_lookalike(str(reading.value))
    if rarer and not {REGISTRY, SHAPE, DRAWN} & evidence:
        return False
    voices = len(families(reading.engines)) + len({SHAPE, HALVES} & evidence)
    if handwritten:
        return _by_hand(field, reading, evidence, voices)
    return _printed(field, reading, evidence, voices)


def _printed(field: str, reading: Reading, evidence: set[str], voices: int) -> bool:
    rule, sure = RULES.get(field, OTHER), reading.confidence
    two = voices >= 2 and sure >= _enough_for_two(field, rule, reading, evidence)
    three = voices >= 3 and sure >= rule.three
    drawn = DRAWN in evidence and bool(reading.engines) and sure >= _DRAWN_SURE
    one = bool(reading.engines) and sure >= _enough_for_one(rule, evidence)
    alone = one and bool(rule.alone & evidence)
    return two or three or alone or drawn or _repeated(rule, reading, evidence)


def _enough_for_two(field: str, rule: Rule, reading: Reading, evidence: set[str]) -> float:
    """Least confidence for two engines that read the same on a printed page."""
    least = min(rule.near, rule.two) if NEAR in evidence else rule.two
    if STEADY in evidence and _is_whole(field, rule, reading):
        least = min(least, rule.steady)
    return min(least, rule.borne) if "vocabulary" in evidence else least


def _enough_for_one(rule: Rule, evidence: set[str]) -> float:
    """Least confidence for one engine that has evidence beside it."""
    return min(rule.one, UNLIKE_SURE) if UNLIKE in evidence else rule.one


def _by_hand(field: str, reading: Reading, evidence: set[str], voices: int) -> bool:
    """Engines that differ widely on a paper misread it alike more often too."""
    rule = RULES.get(field, OTHER)
    sure = reading.confidence >= _enough_for_one(rule, evidence)
    if rule.telling & evidence and reading.engines and sure:
        return True
    if voices < 2:
        return False
    if rule.handwritten & evidence:
        return reading.confidence >= rule.borne
    unaided = min(rule.unaided, rule.steady) if STEADY in evidence else rule.unaided
    return reading.confidence >= unaided and _is_whole(field, rule, reading)


def _is_whole(field: str, rule: Rule, reading: Reading) -> bool:
    if field == "date" and _STROKES.search(reading.text):
        return False
    return not rule.whole or bool(re.fullmatch(rule.whole, str(reading.value)))


def _is_odd(field: str, value: str) -> bool:
    """Whether a value has the form of its field, and is yet not what stands there."""
    if field == "contact":
        return not surnames.usual(value)
    if field == "serial":
        return _no_span(value)
    return nearly_usual(field, value) or _nearly_word(field, value)


def _no_span(serial: str) -> bool:
    """Two numbers that no span of serial numbers has: the second is less, or longer by more than a
    figure. Another cell's number was taken for its beginning or its end."""
    first, _, last = serial.partition("-")
    if not (first.isdecimal() and last.isdecimal()):
        return False
    return int(last) < int(first) or len(last) > len(first) + 1


def nearly_usual(field: str, value: str) -> bool:
    """Letters that one misread character turns into the usual ones: both families read OCER for
    CCER in some types."""
    letters, known = value.partition("-")[0], PREFIXES.get(field, ())
    if letters in known or letters.isdecimal():
        return False
    return any(Levenshtein.distance(letters, one) <= 1 for one in known)


def _nearly_word(field: str, said: str) -> bool:
    """One character other than a word that registries print: both families read 转入 as 转人."""
    known = VOCABULARY.get(field, frozenset())
    alike = (word for word in known if len(word) == len(said))
    return said not in known and any(Levenshtein.distance(said, word) == 1 for word in alike)


def _independent(field: str, reading: Reading) -> bool:
    """Whether anything but the picture of the value itself speaks for it."""
    known = str(reading.value) in VOCABULARY.get(field, ())
    return known or bool(RULES.get(field, OTHER).alone & set(reading.evidence))


def _repeated(rule: Rule, reading: Reading, evidence: set[str]) -> bool:
    sure = bool(reading.engines) and reading.confidence >= rule.repeated
    return sure and SUM in rule.alone and REPEATED in evidence


_RECORD = tuple(RecordRow.__dataclass_fields__)


def _without_judgement(doc: DocumentReading) -> DocumentReading:
    """What an earlier call found is dropped: a sum may differ after a correction."""

    def fresh(reading: Reading | None) -> Reading | None:
        if reading is None:
            return None
        return replace(
            reading,
            evidence=tuple(key for key in reading.evidence if key not in _FOUND),
            against=tuple(key for key in reading.against if key not in ABOUT_PAPER),
        )

    return replace(
        doc,
        fields={name: fresh(reading) or reading for name, reading in doc.fields.items()},
        rows_total=fresh(doc.rows_total),
        projects=tuple(
            ProjectRow(fresh(row.name), fresh(row.code), fresh(row.amount_t))
            for row in doc.projects
        ),
        records=tuple(
            RecordRow(**{name: fresh(getattr(row, name)) for name in _RECORD})
            for row in doc.records
        ),
    )


_FOUND = frozenset({CHECK, ORGANISATION, SUM, REPEATED, SPAN, REGISTRY, SEAL, PLACE})
