"""Plain text that no chat can misread: tonnes, moments, names without tricks, cuts to size."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from bot import texts
from procedure.clauses import cited
from procedure.language import spoken, told
from store.rows import Person

NAME_LIMIT = 120
# Direction marks and overrides, zero-width and byte-order marks: a name must not reorder a number
# that stands beside it.
_TRICKS = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def clean(text: str) -> str:
    """The text without control and direction characters; line breaks stay."""
    text = _TRICKS.sub("", text.replace("\r\n", "\n"))
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})


def name(text: str, limit: int = NAME_LIMIT) -> str:
    """A name on one line, cut with … where it is too long for a list."""
    line = " ".join(clean(text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def tonnes(value: object) -> str:
    """6,182 吨; a dash for a value that is not (yet) a whole number."""
    if not isinstance(value, int):
        return "—"
    return texts.TONNES.format(amount=spoken().number(value))


def moment(value: datetime | None) -> str:
    """2021-11-03 09:12 in Beijing time; a dash for none."""
    return spoken().moment(value) if value else "—"


def clause(named: str) -> str:
    """附件3 §2 第4步; nothing for none."""
    return told(cited(named))


def listing(items: Iterable[str]) -> str:
    """Several things in one line."""
    return str(texts.BETWEEN).join(items)


def role(person: Person) -> str:
    """What the person's role is called."""
    return str(texts.ROLE_NAMES.get(person.role, person.role))


def chunks(text: str, limit: int = 4096) -> list[str]:
    """The text in pieces of at most ``limit`` UTF-16 units (how Telegram counts), cut at line ends.

    A single line that is longer is cut within, but never inside a character.
    """
    pieces: list[str] = []
    current = ""
    for line in _short_lines(text, limit):
        if current and units(current) + units(line) > limit:
            pieces.append(current)
            current = ""
        current += line
    pieces.append(current)
    return [piece.strip("\n") for piece in pieces if piece.strip()]


def units(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text) + sum(1 for c in text if ord(c) > 0xFFFF)


def _short_lines(text: str, limit: int) -> list[str]:
    lines: list[str] = []
    for line in text.splitlines(keepends=True):
        while units(line) > limit:
            cut = _fitting(line, limit)
            lines.append(line[:cut])
            line = line[cut:]
        lines.append(line)
    return lines


def _fitting(line: str, limit: int) -> int:
    """How many characters of the line fit into ``limit`` units."""
    used = 0
    for index, char in enumerate(line):
        used += 2 if ord(char) > 0xFFFF else 1
        if used > limit:
            return index
    return len(line)
