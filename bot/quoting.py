"""What a draft of ours says, read back from its own text: nothing is kept between the steps.

A draft has a heading line, the typed text below it, and a mark on a line of its own. The mark's
brackets are taken out of anything that a person typed, so the last mark is always ours.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from bot import plain
from cycles.catalogues import LOCALES, language
from procedure.language import Text

_FIELDS = {
    "case_no": r"CCER-\d{4}-\d{2}-\d{4,9}", "application": r"\d{1,3}", "version": r"\d{1,3}",
    "seq": r"\d{1,12}", "field": r"\d{1,6}", "item": r"\d{1,12}",
}  # fmt: skip
"""What stands in a mark's place for a field."""


def typed(text: str, limit: int) -> str:
    """What a person typed, fit to stand in a draft; at most ``limit`` characters are looked at."""
    return plain.clean(text[: limit + 1]).replace("〔", "[").replace("〕", "]").strip()


def last(kind: Text, quoted: str) -> Mapping[str, str] | None:
    """The fields of the last mark of this kind in our message, in whatever language it stands."""
    marks = [one for said in _translations(kind) for one in _shape(said).finditer(quoted)]
    return max(marks, key=re.Match.start).groupdict() if marks else None


@cache
def _shape(said: str) -> re.Pattern[str]:
    """On a line of its own: names are always shown on one line behind other words, so a name on a
    form that imitates a mark is none."""
    fields = re.sub(
        r"\\{(\w+)\\}", lambda one: rf"(?P<{one[1]}>{_FIELDS[one[1]]})", re.escape(said)
    )
    return re.compile(rf"^{fields}$", re.MULTILINE)


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
