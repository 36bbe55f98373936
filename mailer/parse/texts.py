"""Bytes to text where labels lie: charsets as they really come from Chinese mail clients."""

import codecs

ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "cp936": "gb18030"}
"""What calls itself GB 2312 holds GBK and more: GB 18030 reads all of them."""


def decode(data: bytes, label: str = "") -> str:
    """Text of ``data``: by its label where that fits, else UTF-8, else GB 18030, never an error."""
    for charset in _candidates(label):
        try:
            return data.decode(charset)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return data.decode("gb18030" if _mostly_double(data) else "utf-8", "replace")


def _candidates(label: str) -> tuple[str, ...]:
    name = ALIASES.get(label.strip().strip("\"'").lower(), label.strip().strip("\"'").lower())
    try:
        known = codecs.lookup(name).name if name else ""
    except LookupError:
        known = ""
    # Latin-1 and ASCII decode anything or nothing: what they label is judged by its bytes first.
    if known in ("", "ascii", "iso8859-1", "cp1252", "utf-8"):
        return ("utf-8", "gb18030", known or "utf-8")
    return (known, "utf-8", "gb18030")


def _mostly_double(data: bytes) -> bool:
    """A cut or damaged GB text: many bytes above 0x80 that are no UTF-8 lead and trail pairs."""
    high = sum(byte >= 0x81 for byte in data)
    valid = len(data.decode("utf-8", "ignore").encode())
    return high > 0 and valid < len(data) - high // 2


def printable(text: str) -> str:
    """Without control characters; line breaks and tabs become single spaces."""
    joined = "".join(" " if char in "\r\n\t" else char for char in text)
    kept = "".join(char for char in joined if char >= " " and char != "\x7f")
    return " ".join(kept.split())
