"""Texts for people: Chinese as they stand in the code, or said in another language.

A text is made once, where a module is read, and said when it is needed: in the language that
`speaking` set for what is being done (a person's answer, a letter), Chinese elsewhere. Catalogues
of other languages are data (`cycles.catalogues`); the Chinese text is their key.

What is written down before anybody knows who will read it (a finding, a receipt's facts) is `Said`:
a string in Chinese that remembers its text and values, so `told` gives it in the reader's language.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Annotated, Any, Protocol

from pydantic import PlainSerializer, PlainValidator, SerializationInfo

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

    def full_day(self, at: date) -> str:
        """A day of the calendar with its weekday, as a letter says it."""
        ...

    def full_moment(self, at: datetime) -> str:
        """The same to the minute, in Beijing time."""
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

    def full_day(self, at: date) -> str:
        """2021年12月10日（星期五）."""
        return f"{at.year}年{at.month}月{at.day}日（星期{_WEEKDAYS[at.weekday()]}）"

    def full_moment(self, at: datetime) -> str:
        """2021年12月15日（星期三）17:00."""
        return f"{self.full_day(beijing(at).date())}{beijing(at):%H:%M}"


_WEEKDAYS = "一二三四五六日"
CHINESE = Chinese()
_spoken: ContextVar[Language] = ContextVar("spoken", default=CHINESE)


def spoken() -> Language:
    """The language that is spoken now."""
    return _spoken.get()


def speak(language: Language) -> None:
    """Everything said from now on is said in this language, but within `speaking`."""
    _spoken.set(language)


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

    def said(self, **values: object) -> "Said":
        """The text in Chinese, to be told later in whatever language."""
        words = Said(self.chinese.format(**values) if values else self.chinese)
        words.text, words.values = self, values
        return words


class Said(str):
    """Words in Chinese that remember which text they are, and what its fields were filled with.

    They equal the same Chinese words without a memory, so nothing counts as changed for its want.
    """

    text: Text
    values: Mapping[str, object]
    parts: tuple[str, ...] | None = None
    """Of a list: what the text stands between."""

    def again(self) -> str:
        """In the language that is spoken."""
        if self.parts is not None:
            return str(self.text).join(map(told, self.parts))
        if not self.values:
            # Words without fields are no template: a brace in them is a brace.
            return str(self.text)
        return self.text.format(**{name: _told(value) for name, value in self.values.items()})

    def record(self) -> dict[str, Any]:
        """For a JSON that `remembered` reads."""
        found: dict[str, Any] = {"text": self.text.chinese}
        if self.parts is not None:
            return {**found, "parts": [_recorded(one) for one in self.parts]}
        if self.values:
            found["values"] = {name: _recorded(value) for name, value in self.values.items()}
        return {**found, "counted": True} if self.text.counted else found


def told(words: str) -> str:
    """Words that remember in the language that is spoken; others, such as names, as they are."""
    return words.again() if isinstance(words, Said) else words


def termed(chinese: str) -> Said:
    """A fixed term as a value of other words: told with them."""
    return Text(chinese).said()


def joined(parts: Iterable[str], between: Text) -> Said:
    """Several words as one, with a text between them ("、")."""
    kept = tuple(parts)
    words = Said(between.chinese.join(kept))
    words.text, words.values, words.parts = between, {}, kept
    return words


def _told(value: object) -> object:
    return told(value) if isinstance(value, str) else value


def _recorded(value: object) -> Any:
    if isinstance(value, Said):
        return value.record()
    return value if isinstance(value, int) else str(value)


def remembered(data: Any) -> str:
    """What `Said.record` gave; a plain string is itself. Raises ValueError for anything else."""
    if isinstance(data, str):
        return data
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        raise ValueError("neither words nor the record of words")  # noqa: TRY004 - pydantic's
    text = Text(data["text"], counted=bool(data.get("counted")))
    if "parts" in data:
        return joined([remembered(one) for one in data["parts"]], text)
    values = data.get("values", {})
    return text.said(
        **{name: one if isinstance(one, int) else remembered(one) for name, one in values.items()}
    )


def packed(words: str) -> str:
    """As one string, for a column: JSON of the memory, or the words where they have none."""
    if not isinstance(words, Said):
        if not words.startswith(_PACKED):
            return words
        # They look like a memory: kept as a list of one, they come back as they are.
        words = joined([words], AND)
    return json.dumps(words.record(), ensure_ascii=False)


def unpacked(kept: str) -> str:
    """What `packed` gave; what only looks like it, as it is."""
    if not kept.startswith(_PACKED):
        return kept
    try:
        return remembered(json.loads(kept))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return kept


_PACKED = '{"text": '


def _serialized(words: str, info: SerializationInfo) -> Any:
    """Plain words for others; with their memory where they are kept (`jsonable.dump`)."""
    kept = bool(info.context and info.context.get("memory"))
    return words.record() if kept and isinstance(words, Said) else str(words)


Words = Annotated[str, PlainSerializer(_serialized), PlainValidator(remembered)]
"""A dataclass's field that holds words for people."""


def _(chinese: str) -> Text:
    """A text for the catalogues."""
    return Text(chinese)


def n_(chinese: str) -> Text:
    """A text for the catalogues whose words depend on its field ``count``."""
    return Text(chinese, counted=True)


AND = _("、")
THEN = _("；")


def term(chinese: str) -> str:
    """A fixed term (a stage, a field, a province) in the language that is spoken."""
    return spoken().message(chinese) if chinese else ""
