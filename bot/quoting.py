"""What a draft of ours says, read back from its own text: nothing is kept between the steps.

A draft has a heading line, the typed text below it, and a mark on a line of its own. The mark's
brackets are taken out of anything that a person typed, so the last mark is always ours.
"""

import re
from collections.abc import Iterator

from bot import plain
from cycles.catalogues import LOCALES, language
from procedure.language import Text


def typed(text: str, limit: int) -> str:
    """What a person typed, fit to stand in a draft; at most ``limit`` characters are looked at."""
    return plain.clean(text[: limit + 1]).replace("〔", "[").replace("〕", "]").strip()


def last(mark: re.Pattern[str], quoted: str) -> re.Match[str] | None:
    """The last mark of this kind in our message."""
    marks = list(mark.finditer(quoted))
    return marks[-1] if marks else None


def mark(quoted: str) -> str:
    """The last line of our message that is a mark, of whatever kind; "" where there is none."""
    marks = [line for line in quoted.splitlines() if line.startswith("〔") and line.endswith("〕")]
    return marks[-1] if marks else ""


def between(quoted: str, head: Text) -> str:
    """The text between the heading line and the last mark; "" where there is none."""
    # The draft may have been written before its reader changed the language.
    for said in dict.fromkeys((str(head), *_translations(head))):
        # On a line of its own: a name or a value on the paper may end with the heading's words.
        _, found, tail = quoted.partition(f"\n{said}\n")
        if found:
            return tail.rpartition("\n〔")[0].strip()
    return ""


def _translations(text: Text) -> Iterator[str]:
    return (language(one).message(text.chinese) for one in LOCALES)
