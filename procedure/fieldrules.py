"""What recognised text of each field needs to be accepted, and the evidence that counts for it.

The limits were measured; what each rests on stands beside it. `procedure.acceptance` applies them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from procedure.evidence import CHECK, ORGANISATION, PLACE, REGISTRY, SEAL, SPAN, SUM

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
"""In ``evidence``: on a paper by hand, or worn, and where they were not sure enough, each engine
that read the value reads it in other drawings of the same ink too (`ocr.steady`)."""
UNSURE = "unsure-character"
"""In ``against``: an engine is unsure of a single character of what stands nowhere else."""
FIGURE_UNSURE = "unsure-figure"
"""In ``against``: both engines doubt one and the same figure of such a number, be it a little."""
UNLIKE = "unlike-others"
"""A word of an operation that no other one is like: 自愿注销, the only one whose figures count."""
UNLIKE_SURE = 0.75
"""Least confidence for it, of one engine: 255 of 255 that one engine read were right."""
NEAR = "near"
"""In ``evidence``: on an undamaged picture both engines read it alike, the line enlarged too, and
surely each of its own characters: what is unsure is a bracket's width or a word of the trade."""
DRAWN = "drawn"
"""In ``evidence``: on an undamaged picture a typeface of this machine draws each character of a
code, and of a name each of its own and each that the engines differ on, just as it stands and no
other so, and nothing stands beside them. Words of the trade and marks are as both engines read."""
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


# No code is a year and figures: those of JX-2013-291 are, whose letters both families lost.
_CODE = r"(?!20[0-3]\d{3,5}$)\d{2,8}|[A-Z]{2,6}-\d{2,8}|[A-Z]{1,4}-\d{4}-\d{2,6}"
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
# Of 9,547 words of the vocabulary that both families read all were right, 31 of them at 0.7 to 0.8;
# of 431 that one of them read one was not (完成 of 已完成, at 0.93).
_WORD = Rule(
    alone=frozenset({"vocabulary"}),
    one=0.85,
    handwritten=frozenset({"vocabulary"}),
    borne=0.7,
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
    # On worn and shaken screens a misread figure is steady too (7946 as 7916, 8194 as 0194).
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
OTHER = Rule()
"""Of a field that has no rule of its own."""

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
