"""What tells a page's kind, beside its labels: its title, and whether a screen shows operations."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from difflib import SequenceMatcher

_LIKE = 0.8
_LEAST = 8
"""Characters of a title that may be recognised by likeness: short ones are like anything."""
_SURE = frozenset({"operation", "quantity_t"})
_TOGETHER = frozenset({"time", "status", "serial"})
_MOMENT = re.compile(r"20\d\d[-/.]\d{1,2}[-/.]\d{1,2}\s*\d{1,2}[:：.]?\d{2}")


def has_title(lines: Iterable[str], patterns: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a page bears one of the titles: by pattern anywhere, or a line like one of ``names``.

    A likeness forgives a misread character or two (自愿减球注册登记系统).
    """
    plain = [_plain(line) for line in lines]
    joined = "".join(plain)
    if any(re.search(pattern, joined) for pattern in patterns):
        return True
    return any(
        SequenceMatcher(None, line, name).ratio() >= _LIKE
        for line in plain
        for name in map(_plain, names)
        if len(name) >= _LEAST and abs(len(line) - len(name)) <= 3
    )


def shows_operations(fields: AbstractSet[str], lines: Iterable[str]) -> bool:
    """Whether a registry's screen shows operations, not only an account or what it holds.

    Every screen bears the system's name and the account's; 账户信息 and 持有量 are no proof of a
    cancellation. Told by the headings of operations, or by moments of several.
    """
    if fields & _SURE or len(fields & _TOGETHER) >= 2:
        return True
    return sum(len(_MOMENT.findall(unicodedata.normalize("NFKC", line))) for line in lines) >= 2


def _plain(line: str) -> str:
    return "".join(unicodedata.normalize("NFKC", line).split())
