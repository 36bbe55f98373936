"""Radicals that stand for the characters which look like them.

A browser that prints to PDF, and whoever copies from such a file, has ⽤ (U+2F64) where 用 (U+7528)
was written: one drawing in most faces, two characters to every comparison. Unicode,
EquivalentUnifiedIdeograph.txt; of several characters the one of Simplified Chinese.
"""

import unicodedata

_KANGXI = range(0x2F00, 0x2FD6)
_SUPPLEMENT = (
    "⺟母⺠民⻁虎⻄西⻅见⻆角⻈讠⻉贝⻋车⻐钅⻑長⻒镸⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食"
    "⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻰龙⻳龟"
)
"""Each radical and its character."""
_WRITTEN: dict[int, str] = {
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in _KANGXI},
    **{ord(one): other for one, other in zip(_SUPPLEMENT[::2], _SUPPLEMENT[1::2], strict=True)},
    ord("⼾"): "户",
}


def as_written(text: str) -> str:
    """The text with characters for such radicals."""
    return text.translate(_WRITTEN)
