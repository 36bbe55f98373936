"""Bytes to text where labels lie: charsets as they really come from Chinese mail clients."""

import codecs
import html
import re
import unicodedata

GB = "gb18030"
ALIASES = dict.fromkeys(
    ("gb2312", "gbk", "gb_2312-80", "cp936", "ms936", "936", "windows-936", "x-gbk", "cn-gb",
     "cn-gb-2312", "euc-cn", "euccn", "x-euc-cn", "csgb2312", "x-mac-chinesesimp", "chinese"),
    GB,
) | {"unicode-1-1-utf-7": "utf-7", "big5-hkscs": "big5hkscs", "x-big5": "cp950", "cn-big5": "cp950",
     "big5": "cp950", "x-windows-950": "cp950"}  # fmt: skip
"""What calls itself GB 2312 holds GBK and more: GB 18030 reads all of them."""
GUESSED = frozenset({"", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-8"})
"""Latin-1 and ASCII decode anything or nothing: what they label is judged by its bytes first."""
WESTERN = frozenset({"iso8859-1", "iso8859-15", "cp1252"})
MULTIBYTE = frozenset({GB, "cp950", "big5hkscs"})
ENTITY = re.compile(r"&#(\d{2,6}|x[0-9a-f]{2,5});", re.I)
ENTITIES = re.compile(r"(?:&#(?:\d{4,6}|x[0-9a-f]{4,5});)", re.I)
NO_CHARSETS = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined"})
"""Codecs of Python's that no mail is written in."""
MOST_GUESSED = 64 * 1024


def canonical(label: str) -> str:
    """One name for all aliases of a charset; "" for an unknown one."""
    name = label.strip().strip("\"' ").split(" ")[0].lower()
    name = ALIASES.get(name, name)
    try:
        known = codecs.lookup(name).name if name else ""
    except (LookupError, ValueError):
        # ValueError: a label with a NUL in it.
        return ""
    return "" if known in NO_CHARSETS else known


def decode(data: bytes, label: str = "") -> str:
    """Text of ``data``: by its label where that fits, else UTF-8, else GB 18030, never an error."""
    known = canonical(label)
    if known == "utf-7" and not data.isascii():
        known = ""
    for charset in _candidates(known, data):
        try:
            return data.decode(charset)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return data.decode(GB if _mostly_double(data) else "utf-8", "replace")


def _candidates(known: str, data: bytes) -> tuple[str, ...]:
    if known in WESTERN and not _plainly_gb(data):
        return ("utf-8", known)
    if known in GUESSED:
        return ("utf-8", _double(data), GB, known or "utf-8")
    if known in MULTIBYTE and _plainly_utf8(data):
        # Chinese in UTF-8 is often valid GB 18030 as well, as words that nobody writes.
        return ("utf-8", known, GB)
    return (known, "utf-8", _double(data), GB)


def _plainly_utf8(data: bytes) -> bool:
    """Valid UTF-8 of Chinese: GBK by chance gives Latin, Greek or Arabic there, if anything."""
    try:
        text = data[:MOST_GUESSED].decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(data[:MOST_GUESSED]) - 3 or len(data) <= MOST_GUESSED:
            return False
        text = data[: error.start].decode("utf-8")
    foreign = [char for char in text if char > "\x7f"]
    return bool(foreign) and all(_chinese(char) for char in foreign)


def _chinese(char: str) -> bool:
    return (
        "\u2010" <= char <= "\u27ff" or "\u2e80" <= char <= "\u9fff" or "\uf900" <= char <= "\uffef"
        or char in "·×÷°±²³" or char > "\uffff"
    )  # fmt: skip


def _plainly_gb(data: bytes) -> bool:
    """Most pairs are characters of GB 2312: in Latin-1 they are neighbours by chance only."""
    high = re.findall(rb"[\x80-\xff][\x00-\xff]?", data[:4096])
    pairs = [pair for pair in high if len(pair) == 2 and pair[0] >= 0xA1 and pair[1] >= 0xA1]
    return len(pairs) > 0.6 * len(high)


def _double(data: bytes) -> str:
    """Big5 or GB 18030, where nothing says which: common characters have low lead bytes."""
    pairs = re.findall(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]", data[:4096])
    if not pairs:
        return GB
    big5 = sum(0xA4 <= pair[0] <= 0xC6 or pair[0] == 0xA1 for pair in pairs) / len(pairs)
    common = sum(
        (0xB0 <= pair[0] <= 0xD7 or 0xA1 <= pair[0] <= 0xA3) and pair[1] >= 0xA1 for pair in pairs
    )
    return "cp950" if big5 > 0.9 and common / len(pairs) < 0.6 else GB


def _mostly_double(data: bytes) -> bool:
    """A cut or damaged GB text: many bytes above 0x80 that are no UTF-8 lead and trail pairs."""
    high = sum(byte >= 0x81 for byte in data)
    valid = len(data.decode("utf-8", "ignore").encode())
    return high > 0 and valid < len(data) - high // 2


def mended(text: str) -> str:
    """What gateways do to a text once more: UTF-8 read as Latin-1, numbers for characters."""
    if ENTITIES.search(text):
        text = ENTITY.sub(lambda match: html.unescape(match[0]), text)
    if text.isascii() or max(text) > "\xff":
        return text
    data = text.encode("latin-1")
    return data.decode("utf-8") if _plainly_utf8(data) else text


def printable(text: str) -> str:
    """Without control and direction characters; line breaks and tabs become single spaces.

    A direction override shows ``fdp.exe`` as ``exe.pdf``.
    """
    joined = "".join(" " if char in "\r\n\t" else char for char in text)
    kept = joined if joined.isascii() else "".join(filter(_shown, joined))
    kept = "".join(char for char in kept if char >= " " and char != "\x7f")
    return " ".join(kept.split())


def _shown(char: str) -> bool:
    # Cf: marks of direction, joiners, byte order; Cc: controls. Chinese needs none of them.
    return unicodedata.category(char) not in ("Cf", "Cc")
