"""Names of firms and what stands on their seals.

有限公司 and 有限责任公司 are different names (domain: match keys), so nothing is expanded or cut.
"""

import re
import unicodedata
from difflib import SequenceMatcher

from procedure.radicals import as_written

_BRACKETS = str.maketrans("〔【[{〈<〕】]}〉>", "(((((())))))")
_DROP = re.compile(r"[\s·•.,，。、:：;；'\"“”‘’`_]")
SPECIAL_SEALS = (
    "合同专用章",
    "财务专用章",
    "发票专用章",
    "业务专用章",
    "报关专用章",
    "投标专用章",
    "人事专用章",
    "档案专用章",
    "法人章",
    "部门章",
    "专用章",
)


def normalise(name: str) -> str:
    """NFKC, one kind of brackets, no spaces, no points and quotes; for comparing only."""
    folded = unicodedata.normalize("NFKC", as_written(name)).translate(_BRACKETS)
    return _DROP.sub("", folded).upper()


def same(a: str, b: str) -> bool:
    """Whether two names are one (NFKC, brackets, spaces); an empty name is never the same."""
    return bool(normalise(a)) and normalise(a) == normalise(b)


def similarity(a: str, b: str) -> float:
    """0…1, 1 for the same name: twice the characters in common order over all characters."""
    left, right = normalise(a), normalise(b)
    if not left or not right:
        return 0.0
    return SequenceMatcher(None, left, right, autojunk=False).ratio()


def special_seal(text: str) -> str | None:
    """The kind of a seal that is not the official one (合同专用章 …), None for any other text."""
    plain = normalise(text)
    return next((kind for kind in SPECIAL_SEALS if kind in plain), None)


def body(text: str) -> str:
    """The body or department within a firm that stands behind the firm's name (工会, 党委,
    董事会, 财务部 …): it has a seal of its own, which is not the firm's; "" for other texts."""
    found = _BODY.search(seal_owner(text))
    return found["body"] if found else ""


def goes_on(text: str, name: str) -> bool:
    """Whether a ring text is of a part of the firm ``name``: of a body within it or a branch."""
    more = seal_owner(text).removeprefix(normalise(name))
    branch = more != seal_owner(text) and len(more) > 1 and ends_as_firm(more)
    return branch or body(text) not in ("", body(name))


def seal_owner(text: str) -> str:
    """The firm's name in a ring text: without the seal's kind and a code of digits."""
    plain = normalise(text)
    for kind in (*SPECIAL_SEALS, "行政公章", "公章"):
        plain = plain.replace(kind, "")
    return re.sub(r"\(?\d{6,}\)?|\(\d\)$", "", plain)


def begins_with_place(text: str) -> bool:
    """Whether a name begins with a province, as most firms' names do."""
    return _PLACES.match(normalise(text)) is not None


def ends_as_firm(text: str) -> bool:
    """Whether a name is read to its end: 公司, 厂, 中心 …"""
    return _FIRM_END.search(seal_owner(text)) is not None


_BODY = re.compile(
    r".*(?:公司|集团|厂|中心|研究院|研究所)"
    r"\(?(?P<body>[㐀-鿿]{1,8}(?:会|委|部|处|科|室|办|间|队|组|总支))\)?章?$"
)
_FIRM_END = re.compile(r"(?:公司|集团|厂|中心|院|局|所|站|社|部|大学|学校|医院)$")
FIRM_WORDS = re.compile(
    r"(?P<trade>自备电厂|燃气|发电|热力|热电|煤电|电力|钢铁|水泥|化工|铝业|造纸|航空|石化|建材|能源)"
    r"|股份|有限|责任|总公司|分公司|公司|集团|运营|实业|控股|[省市县区厂()]"
)
"""Words that firms share: they say nothing about which of them it is. ``trade``: its trade."""
_FORM = re.compile(r"(股份有限公司|有限责任公司|有限公司)(?=$|.{2,8}分公司$)(.*分公司)?")
_PLACES = re.compile(
    r"^(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南"
    r"|四川|贵州|云南|陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆|兵团)(?:省|市|自治区)?"
)


def place(name: str) -> str:
    """The province that a name begins with, without 省 and its like; "" for other beginnings.

    兵团 has a department of its own, but lies in 新疆, as which its firms may write themselves.
    """
    found = _PLACES.match(normalise(name))
    said = re.sub(r"[省市]$|自治区$", "", found[0]) if found else ""
    return "新疆" if said == "兵团" else said


def firm_form(name: str) -> str:
    """The legal form at a name's end, with its branch: 有限责任公司 …; "" for other endings."""
    found = _FORM.search(seal_owner(name))
    return found[0] if found else ""
