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
