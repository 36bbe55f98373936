"""Names of firms and what stands on their seals.

有限公司 and 有限责任公司 are different names (domain: match keys), so nothing is expanded or cut.
"""

import re
import unicodedata
from difflib import SequenceMatcher

_BRACKETS = str.maketrans("〔【[{〈<〕】]}〉>", "(((((())))))")
_DROP = re.compile(r"[\s·•.,，。、:：;；'\"“”‘’`_]")
_SPECIAL_SEALS = (
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
    folded = unicodedata.normalize("NFKC", name).translate(_BRACKETS)
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
    return next((kind for kind in _SPECIAL_SEALS if kind in plain), None)


def seal_owner(text: str) -> str:
    """The firm's name in a ring text: without the seal's kind and a code of digits."""
    plain = normalise(text)
    for kind in (*_SPECIAL_SEALS, "行政公章", "公章"):
        plain = plain.replace(kind, "")
    return re.sub(r"\(?\d{6,}\)?|\(\d\)$", "", plain)


def seal_matches(ring: str, name: str, confidence: float) -> bool | None:
    """Whether a seal's ring text is ``name``: True, False, or None for "cannot tell".

    Firms of one trade and place share most of their names, so what counts is the core between the
    place and 有限公司. False needs a ring that was surely read to its end; a badly read ring is
    None, never a false alarm.
    """
    owner, wanted = seal_owner(ring), normalise(name)
    if len(owner) < 4 or not wanted:
        return None
    if owner == wanted or similarity(owner, wanted) >= 0.9:
        return True
    alike = similarity(_core(owner), _core(wanted))
    if alike >= 0.8:
        return True
    whole = len(owner) >= 6 and _FIRM_END.search(owner) is not None
    elsewhere = _elsewhere(owner, wanted)
    if not elsewhere and _misread(owner, wanted):
        return None
    bound = 0.65 if elsewhere else 0.5
    return False if whole and confidence >= _SURE_RING and alike < bound else None


_SURE_RING = 0.7
_FIRM_END = re.compile(r"(?:公司|集团|厂|中心|院|局|所|站|社|部|大学|学校|医院)$")
_FIRM_KIND = re.compile(r"(?:股份|集团|有限|责任|公司|总公司|分公司|厂|[()])")
_PLACES = re.compile(
    r"^(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南"
    r"|四川|贵州|云南|陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆)(?:省|市|自治区)?"
)


def _core(name: str) -> str:
    return _FIRM_KIND.sub("", _PLACES.sub("", name))


def _elsewhere(a: str, b: str) -> bool:
    """Whether both names begin with a province, and with different ones."""
    first, second = _PLACES.match(a), _PLACES.match(b)
    return bool(first and second and first[0][:2] != second[0][:2])


def _misread(a: str, b: str) -> bool:
    """The same length, and two thirds of the characters in their places: one name, badly read."""
    if len(a) != len(b):
        return False
    return 3 * sum(x == y for x, y in zip(a, b, strict=True)) >= 2 * len(a)
