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
   and evidence independent of it, as `RULES` says for each field.
6. On papers whose engines differ widely (`DocumentReading.handwritten`: by hand, worn) two
   engines *and* independent evidence are needed, or for a few fields two that are surer than usual.
   Free text that neither the registry nor a seal has is never accepted.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

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
    collect,
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

NATIVE, PERSON = "native-text", "person"
SEAL_DIFFERS, DISAGREES, UNREAD = "seal-differs", "engine-disagrees", "unread-ink"
SHAPE = "shape"
"""In ``evidence``: where a second engine read other characters, the picture has the first one's."""

TWICE = "twice-checked"
"""Both checks of a credit code hold, and of its beginning, where only one does, both engines read
the same."""
BOTH_STEADY = "repeated-steady"
"""An amount that stands in two places, steady in this one."""
STEADY = "steady"
"""In ``evidence``: on a paper by hand, or worn, each engine that read the value reads it in other
drawings of the same ink too (`ocr.steady`)."""
UNLIKE = "unlike-others"
"""A word of an operation that no other one is like: 自愿注销, the only one whose figures count."""
_COUNTED = "自愿注销"
NEAR = "near"
"""In ``evidence``: on an undamaged picture both engines read it alike, the line enlarged too, and
surely each of its own characters: what is unsure is a bracket's width or a word of the trade."""
DRAWN = "drawn"
"""In ``evidence``: on an undamaged picture a typeface of this machine draws each character of a
code, and of a name each of its own and each that the engines differ on, just as it stands and no
other so, and nothing stands beside them. Words of the trade and marks are as both engines read."""
_DRAWN_SURE = 0.9
HALF_DIFFERS = "half-differs"
"""In ``against``: of a span of serial numbers a second engine read one half otherwise."""
HALVES = "halves"
"""In ``evidence``: a span of serial numbers is as long as the quantity, which both engines read as
they read one of its halves. So they speak for its other half too."""


@dataclass(frozen=True)
class Rule:
    """What recognised text of one field needs.

    ``alone`` is the evidence that makes one engine enough; ``always`` must be there in any case;
    the confidences are the least for one engine (with ``alone``) and for two that agree.
    """

    alone: frozenset[str] = frozenset({REGISTRY})
    always: frozenset[str] = frozenset()
    one: float = 0.6
    two: float = 0.95
    repeated: float = 0.92
    """Least confidence for one engine that read the same amount in two places: it may misread
    the same figure twice."""
    three: float = 0.9
    """Least confidence for three families that agree."""
    near: float = 1.0
    """Least confidence for two that agree where there is `NEAR`; `two` where that is less."""
    lookalikes: bool = False
    """Whether a value that holds one of `lookalikes.LOOKALIKES` needs the registry or the picture's
    own word (`SHAPE`): neither two engines nor a seal's ring, which they read too, prove it."""
    pattern: str = ""
    """A regular expression that the whole value must match, unless the registry has it."""
    handwritten: frozenset[str] = frozenset({REGISTRY})
    """Of these one must be there, beside two engines, on handwritten papers."""
    borne: float = 0.95
    """Least confidence for these two."""
    unaided: float = 1.01
    """Least confidence for two engines on handwritten papers with nothing else that speaks for
    what they agree on; by default that is never enough."""
    steady: float = 1.01
    """The same where there is `STEADY`."""
    whole: str = ""
    """A regular expression that such values must match too: a figure that is lost for both engines,
    pale or touching its neighbour, leaves a number of another length."""
    telling: frozenset[str] = frozenset()
    """Evidence that makes one engine enough on handwritten papers too."""


_CODE = r"\d{2,8}|[A-Z]{2,6}-\d{2,8}|[A-Z]{1,4}-\d{4}-\d{2,6}"
_ACCOUNT_SURE = 0.985
"""Below it Tesseract must read the same. Of 75 codes and account numbers that both families read
alike at 0.97 to 0.98 one, an account's, was wrong (a worn 3 beside a 9, read as 8); of 12 accounts
at 0.98 to 0.985 another one (a worn 9 beside a hyphen, read as 0), of 320 above it none."""
# Words of headings inside a name: two cells were taken for one. A figure with no unit behind it
# (20光伏 for 20MW光伏): both families lose worn letters between figures and characters. A mark that
# no name has, a point but within a figure: a speck on the paper, which both families read as one.
_TITLE = (
    r"(?!.*(?:[。，;；'‘’`_~^|*]|(?<!\d)[.,]|[.,](?!\d)))"
    r"(?!.*(?:数量|类型|状态|时间|编号|序列号|账户|日期|合计|序号))"
    r"(?!.*\d[^\W\dA-Za-z号期年月日台座千万兆瓦吨级组批次个户公里米线]).{4,60}"
)

_BY_HAND = 0.985
"""Figures on papers by hand, or worn to the same: on 76 of them both families read 73 alike at
this and more, none of them wrong, and 125 at 0.95 to 0.985, 7 of them wrong. Three of these were
dates (11 as 01), which are therefore not accepted so, and one a form's code that lost a figure."""
_LOOKED_AGAIN = 0.95
"""The same for what is `STEADY`: on 420 forms by hand, in 29 hands, 534 of 535 codes, accounts and
telephones were right at any confidence, and the other had a letter (CCER-S198). An amount's lost
figure, which touches its neighbour, is steady too (two of 230 obligations, 0.95 and 0.99): amounts
need to stand in two places. So are characters of one look (演 as 滨, 0.97): no person is taken."""
_STROKES = re.compile("[一二三四五六七八九十]")
"""Figures of a date that are others without one stroke."""
_AMOUNT = Rule(
    alone=frozenset({SUM, SPAN, REGISTRY}),
    handwritten=frozenset({SUM, SPAN, REGISTRY, BOTH_STEADY}),
    borne=0.85,
)
_NAME = Rule(
    alone=frozenset({REGISTRY, SEAL}),
    one=0.7,
    # Of the names that both families read alike at 0.96 to 0.98 one in twelve was wrong alike.
    two=0.98,
    near=0.95,
    three=0.95,
    lookalikes=True,
    pattern=_TITLE,
    handwritten=frozenset({REGISTRY, SEAL}),
)
_WORD = Rule(
    alone=frozenset({"vocabulary"}),
    one=0.85,
    handwritten=frozenset({"vocabulary"}),
    borne=0.85,
)

RULES: Mapping[str, Rule] = {
    # The check character catches every single misreading, but one of 31 codes with two of them
    # passes it: one sure engine will do only where the organisation code checks out as well.
    "uscc": Rule(
        alone=frozenset({ORGANISATION}),
        always=frozenset({CHECK}),
        one=0.8,
        handwritten=frozenset({CHECK}),
        telling=frozenset({TWICE}),
    ),
    "obligation_t": _AMOUNT,
    "offset_t": _AMOUNT,
    "amount_t": _AMOUNT,
    "rows_total": _AMOUNT,
    "quantity_t": _AMOUNT,
    "enterprise_name": _NAME,
    "account_name": _NAME,
    "name": _NAME,
    "project_name": _NAME,
    # A year has no redundancy but that few are possible; the obligation on record may confirm it.
    "year": Rule(two=0.97, pattern=r"20[2-4]\d"),
    # Two or three characters carry no redundancy: both engines must be sure.
    "contact": Rule(two=0.97, three=0.95, pattern=r"[㐀-鿿·]{2,12}"),
    "province": Rule(
        alone=frozenset({REGISTRY, PLACE}),
        handwritten=frozenset({REGISTRY, PLACE}),
        borne=0.85,
        telling=frozenset({PLACE}),
    ),
    "operation": replace(_WORD, telling=frozenset({UNLIKE})),
    "status": _WORD,
    # Engines of all families drop hyphens alike, so a code of letters must show its usual ones.
    "account_no": Rule(
        two=_ACCOUNT_SURE,
        pattern=r"\d{6,20}|[A-Z]{1,4}-\d{2,4}-\d{4,12}",
        unaided=_BY_HAND,
        steady=_LOOKED_AGAIN,
        whole=r"\d{12}|CN-\d{3}-\d{7}",
    ),
    # Nothing else on the page says a code again, and both families read a worn 9 as 0 now and then.
    "code": Rule(
        two=0.97,
        pattern=_CODE,
        unaided=0.99,
        steady=_LOOKED_AGAIN,
        whole=r"(?:[A-Z]{2,6}-)?\d{4}|[A-Z]{1,4}-\d{4}-\d{3}",
    ),
    "project_code": Rule(two=0.97, pattern=_CODE, unaided=_BY_HAND),
    # Both ends of a span share their leading figures and so may share a misreading.
    "serial": Rule(
        handwritten=frozenset({REGISTRY, SPAN}),
        pattern=r"[0-9A-Z]+(?:-[0-9A-Z]+)+",
        borne=0.9,
        unaided=_BY_HAND,
    ),
    "phone": Rule(
        # No subscriber's number begins with 0 or 1: a mobile one that lost its end does.
        pattern=r"1\d{10}|(?:0\d{2,3}-)?[2-9]\d{6,7}(?:[-转*]\d{1,6})?|400-?\d{3}-?\d{4}",
        unaided=_BY_HAND,
        steady=0.9,
        whole=r"1\d{10}|0\d{2,3}-[2-9]\d{7}",
    ),
    # Of a month or a day of one figure another may be lost (11月 as 1月, 12月 as 2月, 13日 as 3日).
    "date": Rule(steady=_LOOKED_AGAIN, whole=r"\d{4}-1[0-2]-[1-3]\d"),
    "time": Rule(unaided=_BY_HAND),
}
_OTHER = Rule()

PREFIXES: Mapping[str, tuple[str, ...]] = {
    "code": ("CCER", "JX"),
    "project_code": ("CCER", "JX"),
    "account_no": ("CN",),
}
"""Letters that such numbers usually begin with."""

# fmt: off
VOCABULARY: Mapping[str, frozenset[str]] = {
    "operation": frozenset({"自愿注销", "交易转入", "交易转出", "签发", "转入", "转出"}),
    "status": frozenset(
        {
            "已完成", "完成", "成功", "已注销", "已生效", "已办结", "处理中", "待审核", "失败",
            "办理成功", "注销成功", "处理完成", "审核通过",
        }
    ),
}
# fmt: on
"""All words that a registry's screen is known to print in these columns."""


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


_OF_SCALE = {AMBIGUOUS, "unit-unclear", "unit-missing"}
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
    rule = RULES.get(field, _OTHER)
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
    least = min(rule.near, rule.two) if NEAR in evidence else rule.two
    two = voices >= 2 and reading.confidence >= least
    three = voices >= 3 and reading.confidence >= rule.three
    if handwritten:
        return _by_hand(field, reading, evidence, voices)
    one = bool(reading.engines) and reading.confidence >= rule.one
    drawn = DRAWN in evidence and bool(reading.engines) and reading.confidence >= _DRAWN_SURE
    alone = one and bool(rule.alone & evidence)
    return two or three or alone or drawn or _repeated(rule, reading, evidence)


def _by_hand(field: str, reading: Reading, evidence: set[str], voices: int) -> bool:
    """Engines that differ widely on a paper misread it alike more often too."""
    rule = RULES.get(field, _OTHER)
    if rule.telling & evidence and reading.engines and reading.confidence >= rule.one:
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
    return known or bool(RULES.get(field, _OTHER).alone & set(reading.evidence))


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
