"""The fields of an application as they are picked, typed and shown."""

from dataclasses import dataclass

from bot import plain, texts
from bot.words import FIELD_WORDS, fold
from casework.views import ApplicationCard
from procedure.fieldnames import field_name
from procedure.language import CHINESE, speaking, term
from procedure.readings import APPLICATION_FIELDS, DocumentReading, Reading, Value

PRIVATE = frozenset({"contact", "phone"})
"""Persons' data: never in a chat."""
FIELDS = (*(one for one in APPLICATION_FIELDS if one not in PRIVATE), "seal", "rows_total")
ROW_FIELDS = ("name", "code", "amount_t")
_ROWS_FROM = 100
"""Buttons count single fields from 0 and those of rows from here."""


@dataclass(frozen=True)
class Field:
    """One field of an application, in a row of its projects or by itself."""

    index: int
    name: str
    label: str
    row: int | None = None


def fields(card: ApplicationCard) -> list[Field]:
    """Every field that can be corrected in chat, rows last."""
    single = [Field(n, name, term(field_name(name))) for n, name in enumerate(FIELDS)]
    return single + [
        Field(_ROWS_FROM + row * len(ROW_FIELDS) + n, name, _row_label(row, name), row)
        for row in range(len(card.projects))
        for n, name in enumerate(ROW_FIELDS)
    ]


def _row_label(row: int, name: str) -> str:
    return texts.ROW_FIELD.format(row=row + 1, field=term(field_name(name)))


def at(index: int, card: ApplicationCard) -> Field | None:
    """The field with this index; None for one that the application does not have."""
    return next((one for one in fields(card) if one.index == index), None)


def named(text: str, card: ApplicationCard) -> tuple[Field, str] | None:
    """The field that a text begins with, by label or name, and the value behind it.

    The label may be typed as the paper has it, in Chinese, whatever language is spoken.
    """
    plain_text = text.strip()
    with speaking(CHINESE):
        papers = fields(card)
    names = sorted(
        (
            (word, one)
            for one, on_paper in zip(fields(card), papers, strict=True)
            for word in (one.label, on_paper.label, *_short(one))
        ),
        key=lambda found: -len(found[0]),
    )
    for word, field in names:
        head, tail = plain_text[: len(word)], plain_text[len(word) :]
        if fold(head).lower() == word.lower():
            return field, tail.strip(" \t\n\u3000:：=为是改成")
    return None


def _short(field: Field) -> list[str]:
    """What else a field by itself is called: its name, and what people say for short."""
    if field.row is not None:
        return []
    return [field.name, *(word for word, name in FIELD_WORDS.items() if name == field.name)]


def value(card: ApplicationCard, field: Field) -> Value | None:
    """What stands there now, corrections applied."""
    if field.row is not None:
        return card.projects[field.row].get(field.name)
    return card.values.get(field.name)


def shown(card: ApplicationCard, field: Field) -> str:
    """What stands there now, for a person; seals and the total from the paper."""
    if field.row is None and field.name in {"seal", "rows_total"} and card.versions:
        read = max(card.versions, key=lambda one: one.version).reading
        if field.name == "seal":
            return plain.listing(plain.name(one.text) for one in read.seals) or str(texts.NO_VALUE)
        return said(field.name, read.rows_total.value if read.rows_total else None)
    return said(field.name, value(card, field))


def said(name: str, one: Value | None) -> str:
    """A value for a person: tonnes as 6,182 吨."""
    if one is None or one == "":
        return str(texts.NO_VALUE)
    tonnes = isinstance(one, int) and (name.endswith("_t") or name == "rows_total")
    return plain.tonnes(one) if tonnes else plain.name(str(one), 200)


def reading(paper: DocumentReading, field: Field) -> Reading | None:
    """What was read there and where, None where nothing was."""
    if field.row is not None:
        if field.row >= len(paper.projects):
            return None
        found: Reading | None = getattr(paper.projects[field.row], field.name)
        return found
    if field.name == "rows_total":
        return paper.rows_total
    if field.name == "seal":
        seal = next(iter(paper.seals), None)
        return Reading(value=seal.text or None, page=seal.page, box=seal.box) if seal else None
    return paper.fields.get(field.name)
