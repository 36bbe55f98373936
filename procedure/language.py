"""Texts for people: Chinese as they stand in the code, or said in another language.

A text is made once, where a module is read, and said when it is needed: in the language that
`speaking` set for what is being done (a person's answer, a letter), Chinese elsewhere. Catalogues
of other languages are data (`cycles.catalogues`); the Chinese text is their key.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Protocol

from procedure.clock import beijing


class Language(Protocol):
    """One language: its catalogue, and how it writes numbers and moments."""

    @property
    def tag(self) -> str:
        """The locale: zh_CN, en."""
        ...

    def message(self, chinese: str, count: int | None = None) -> str:
        """The text in this language, in the form for ``count`` things; Chinese where it lacks."""
        ...

    def number(self, value: int) -> str:
        """A whole number with its thousands marked."""
        ...

    def moment(self, at: datetime) -> str:
        """To the minute, in Beijing time."""
        ...

    def day(self, at: date) -> str:
        """A day of the calendar."""
        ...


class Chinese:
    """The language of the code itself."""

    tag = "zh_CN"

    def message(self, chinese: str, count: int | None = None) -> str:
        """The text as it stands."""
        return chinese

    def number(self, value: int) -> str:
        """6,182."""
        return f"{value:,}"

    def moment(self, at: datetime) -> str:
        """2021-11-03 09:12."""
        return f"{beijing(at):%Y-%m-%d %H:%M}"

    def day(self, at: date) -> str:
        """2021-11-03."""
        return f"{at:%Y-%m-%d}"


CHINESE = Chinese()
_spoken: ContextVar[Language] = ContextVar("spoken", default=CHINESE)


def spoken() -> Language:
    """The language that is spoken now."""
    return _spoken.get()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Everything said within is said in this language."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


class Text:
    """One text of the code; ``str`` and `format` say it in the language that is spoken."""

    __slots__ = ("chinese", "counted")

    def __init__(self, chinese: str, *, counted: bool = False) -> None:
        self.chinese = chinese
        self.counted = counted
        """Whether it has a form for one thing and another for several."""

    def __str__(self) -> str:
        return spoken().message(self.chinese)

    def __repr__(self) -> str:
        return f"Text({self.chinese!r})"

    def format(self, **values: object) -> str:
        """The text with its fields filled in once: braces in a value are harmless."""
        count = values.get("count") if self.counted else None
        template = spoken().message(self.chinese, count if isinstance(count, int) else None)
        return template.format(**values)


def _(chinese: str) -> Text:
    """A text for the catalogues."""
    return Text(chinese)


def n_(chinese: str) -> Text:
    """A text for the catalogues whose words depend on its field ``count``."""
    return Text(chinese, counted=True)


def term(chinese: str) -> str:
    """A fixed term (a stage, a field, a province) in the language that is spoken."""
    return spoken().message(chinese) if chinese else ""
