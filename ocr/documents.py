"""Pages' layouts → documents: which pages belong together, which hit gives which field."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ocr.continued import Cells, Span, goes_on, rest_of_row
from ocr.hits import Hit, Layout
from ocr.tables import are_headings
from ocr.whole import DOUBT, below_table
from procedure import uscc
from procedure.acceptance import families
from procedure.evidence import AMBIGUOUS
from procedure.fieldrules import HALF_DIFFERS, HALVES
from procedure.readings import (
    DocumentKind,
    DocumentReading,
    ProjectRow,
    Reading,
    RecordRow,
    SealReading,
)
from procedure.values import serial_total

ToReading = Callable[[Hit, Sequence[Hit]], Reading]
_PROJECT, _RECORD = (tuple(one.__dataclass_fields__) for one in (ProjectRow, RecordRow))
_NOTHING = re.compile(r"[/—–-]+|无|.*类")
"""What stands below the last row, or above a group of rows, and is the rest of no name."""
_Row = TypeVar("_Row", ProjectRow, RecordRow)


@dataclass
class PageResult:
    """One page as read: its kind, fields, rows and seals."""

    number: int
    kind: DocumentKind
    title: bool = False
    fields: dict[str, Reading] = field(default_factory=dict)
    projects: tuple[ProjectRow, ...] = ()
    records: tuple[RecordRow, ...] = ()
    total: Reading | None = None
    seals: tuple[SealReading, ...] = ()
    handwritten: bool = False
    texts: int = 0
    columns: Mapping[str, Span] = field(default_factory=dict)
    """Where its table's columns stand."""
    first: Sequence[Cells] = ()
    """Its first rows of cells."""


def page_result(number: int, layout: Layout, to_reading: ToReading) -> PageResult:
    """All hits of a page as readings."""
    fields = {name: to_reading(hits[0], hits[1:]) for name, hits in layout.fields.items() if hits}
    rows = [{name: to_reading(hit, ()) for name, hit in row.items()} for row in layout.rows]
    rows = [
        row for row in rows if any(cell.value is not None or cell.text for cell in row.values())
    ]
    total = to_reading(layout.total, ()) if layout.total else None
    result = PageResult(number, layout.kind, layout.title, fields, total=total)
    if layout.kind == "application":
        result.projects = tuple(
            ProjectRow(row.get("name"), row.get("code"), row.get("amount_t")) for row in rows
        )
    else:
        records = (RecordRow(**{name: row.get(name) for name in _RECORD}) for row in rows)
        result.records = tuple(_spanned(_hyphened(record)) for record in records)
    return result


_LEAST_DIGITS = 6


def _hyphened(row: RecordRow) -> RecordRow:
    """A span of serial numbers whose hyphen both engines lost, where its two halves span just the
    quantity: no other place for the hyphen does."""
    serial, quantity = row.serial, row.quantity_t
    if serial is None or quantity is None or not _both(serial):
        return row
    digits = str(serial.value)
    half = len(digits) // 2
    span = f"{digits[:half]}-{digits[half:]}"
    whole = digits.isdecimal() and len(digits) == 2 * half and half >= _LEAST_DIGITS
    if not whole or quantity.value is None or serial_total(span) != quantity.value:
        return row
    return replace(row, serial=replace(serial, value=span))


def _spanned(row: RecordRow) -> RecordRow:
    """Where the engines differ in one half of a span of serial numbers, the other half and the
    quantity tell it, digit by digit, if both engines read these."""
    serial, quantity = row.serial, row.quantity_t
    if serial is None or quantity is None or serial.against != (HALF_DIFFERS,):
        return row
    if not _is_sure(quantity) or serial_total(str(serial.value)) != quantity.value:
        return row
    return replace(row, serial=replace(serial, against=(), evidence=(*serial.evidence, HALVES)))


def _is_sure(quantity: Reading) -> bool:
    """Read by two families, none of which read another number; its marks may be doubtful."""
    return len(families(quantity.engines)) > 1 and set(quantity.against) <= {AMBIGUOUS}


_DISPUTED: Mapping[DocumentKind, float] = {"application": 0.13, "cancellation": 0.15, "other": 1}
"""Share of disputed readings above which a page counts as handwritten. Of 74 drawn forms by hand
all had more than a form's (five less than 0.2, on one of which both families lost an obligation's
last figure); of 97 printed ones of clean two, of 119 office and 100 phone one each, of 74 hard 13.
Screens are never written by hand, but worn or shaken to the same: where engines differed on 0.15 to
0.25 of their values, 2 of 132 of shaken photos were accepted wrongly (祥翔 as 祥用)."""
_DRAWN = 0.25
"""The same of screens that a computer drew and nothing has touched since: their print is small, and
what it says is proven by the picture itself."""
_FEW = 6
_DISSENT = {"engine-disagrees", HALF_DIFFERS, HALVES}


def is_disputed(page: PageResult, is_drawn: Callable[[], bool]) -> bool:
    """Whether the engines differ as widely as on handwriting, or on print worn to the same.

    Where they do, their agreeing on a value says little: they misread alike more often too.
    ``is_drawn`` tells whether a computer drew the page and nothing has touched it since.
    """
    cells: list[Reading | None] = [*page.fields.values()]
    rows: list[ProjectRow | RecordRow] = [*page.projects, *page.records]
    for row in rows:
        cells += (getattr(row, name) for name in row.__dataclass_fields__)
    found = [cell for cell in cells if cell is not None and (cell.text or cell.value is not None)]
    disputed = sum(map(_differs, found))
    if len(found) < _FEW or disputed <= _DISPUTED[page.kind] * len(found):
        return False
    return page.kind != "cancellation" or disputed > _DRAWN * len(found) or not is_drawn()


def _differs(reading: Reading) -> bool:
    """Whether the engines differ on a value as they do on handwriting."""
    code, others = str(reading.value), reading.candidates
    if others and uscc.is_valid(code) and all(uscc.has_letters_for(one, code) for one in others):
        # A type in which one engine takes each 9 for a Q is print.
        return False
    dissent = bool(_DISSENT & {*reading.against, *reading.evidence})
    return dissent or not (_both(reading) or _same_figures(reading))


def _same_figures(reading: Reading) -> bool:
    """An amount of which the first engine read the second one's figures, in other places: print
    whose figures stand apart (2 7 7,4 7 6) is neither written by hand nor worn."""
    amount, read = reading.value, "".join(filter(str.isdigit, reading.text))
    both = "ppocr-v4" in families(reading.engines) and not reading.candidates
    return isinstance(amount, int) and both and read == str(amount)


def _both(reading: Reading) -> bool:
    """Read alike by the two engines that read everything, not only borne out by a third."""
    return {"ppocr-v6", "ppocr-v4"} <= families(reading.engines)


def _with_total(document: DocumentReading) -> DocumentReading:
    """A last row of nothing but the others' sum is their total, whatever stands before it.

    Not the second of two alike, and not where print stands in its cells that nobody could read:
    that may be a row of its own. So may a row be whose name's cell was merged with the one above:
    the offset applied for tells.
    """
    numbers = [row.amount_t.value if row.amount_t else None for row in document.projects]
    amounts = [value for value in numbers if isinstance(value, int)]
    if document.rows_total or len(amounts) < 3 or len(amounts) != len(numbers):
        return document
    *others, last = document.projects
    offset = document.fields["offset_t"].value if "offset_t" in document.fields else None
    merged = offset != amounts[-1] and not all(map(_is_named, others))
    own = _is_named(last) or merged or offset == sum(amounts)
    if own or sum(amounts[:-1]) != amounts[-1]:
        return document
    return replace(document, projects=tuple(others), rows_total=last.amount_t)


def _is_named(row: ProjectRow) -> bool:
    """Whether a name or a code is read in a row, or stands there and nobody could read it."""
    return _is_said(row.name) or _is_said(row.code)


def _is_said(cell: Reading | None) -> bool:
    return cell is not None and bool(cell.text or "unread-ink" in cell.against)


def join_pages(pages: Sequence[PageResult], count: int) -> tuple[DocumentReading, ...]:
    """Documents of a file in order: a page without a title of its own goes on with the last one."""
    documents: list[DocumentReading] = []
    columns: Mapping[str, Span] = {}
    for page in pages:
        rowless = not (page.projects or page.records)
        if documents and rowless and goes_on(columns, page.first):
            documents[-1] = _torn(documents[-1])
        elif documents and rowless:
            documents[-1] = _cut(documents[-1], rest_of_row(columns, page.first))
        columns = {} if page.total else page.columns or columns
        if page.kind == "other":
            if documents and documents[-1].kind != "other":
                seals = (*documents[-1].seals, *page.seals)
                documents[-1] = replace(documents[-1], seals=seals)
            continue
        if documents and _continues(documents[-1], page):
            documents[-1] = _joined(documents[-1], page)
        else:
            documents.append(_document(page, count))
    whole = (_with_total(document) for document in documents)
    return tuple(_without_rests(_without_nameless(document)) for document in whole)


def _without_nameless(document: DocumentReading) -> DocumentReading:
    """An amount beside neither name nor code may be a total's, or a part of another row's; a row
    with a label instead of a code (签字时间) may be none."""
    rows = (row if _has_owner(row) else _doubted(row, {"amount_t"}) for row in document.projects)
    rows = (_doubted(row, _PROJECT) if _is_labelled(row) else row for row in rows)
    return replace(document, projects=tuple(rows))


def _is_labelled(row: ProjectRow) -> bool:
    return row.code is not None and are_headings([row.code.text])


def _has_owner(row: ProjectRow) -> bool:
    return any(cell is not None and cell.value is not None for cell in (row.name, row.code))


def _without_rests(document: DocumentReading) -> DocumentReading:
    """A row without an amount may be the rest of the one above, which the end of a page parted, or
    whoever filled in a sheet: half a name looks whole."""
    projects = _with_parted(document.projects, _PROJECT, "amount_t")
    records = _with_parted(document.records, _RECORD, "quantity_t")
    return replace(document, projects=projects, records=records)


def _with_parted(rows: Sequence[_Row], names: Sequence[str], amount: str) -> tuple[_Row, ...]:
    found = list(rows)
    for at in range(1, len(found)):
        said = {name for name in names if _is_said(getattr(found[at], name))}
        if said and amount not in said and not _is_foot(found[at], names):
            found[at - 1 : at + 1] = [_doubted(row, said) for row in found[at - 1 : at + 1]]
    return tuple(found)


def _is_foot(row: _Row, names: Sequence[str]) -> bool:
    """Whether what stands below the last row (以下空白), or above a group's, goes on no name."""
    texts = [cell.text for name in names if (cell := getattr(row, name)) and cell.text]
    return any(below_table(text) or _NOTHING.fullmatch(text) for text in texts)


def _doubted(row: _Row, names: Iterable[str]) -> _Row:
    return replace(row, **{name: _unclear(getattr(row, name)) for name in names})


def _unclear(cell: Reading | None) -> Reading | None:
    if cell is None or DOUBT in cell.against:
        return cell
    return replace(cell, against=(*cell.against, DOUBT))


def _torn(document: DocumentReading) -> DocumentReading:
    """Rows of the table stand on a page that lacks its heading: they would be lost."""
    projects = (_doubted(row, _PROJECT) for row in document.projects)
    records = (_doubted(row, _RECORD) for row in document.records)
    return replace(document, projects=tuple(projects), records=tuple(records))


def _cut(document: DocumentReading, names: frozenset[str]) -> DocumentReading:
    """The rest of its last row stands, in these columns, on a page without the table's heading."""
    projects = [_doubted(row, names.intersection(_PROJECT)) for row in document.projects[-1:]]
    records = [_doubted(row, names.intersection(_RECORD)) for row in document.records[-1:]]
    return replace(
        document,
        projects=(*document.projects[:-1], *projects),
        records=(*document.records[:-1], *records),
    )


def _continues(document: DocumentReading, page: PageResult) -> bool:
    if document.kind != page.kind or page.title:
        return False
    key = "enterprise_name" if page.kind == "application" else "account_name"
    again = page.fields.get(key)
    known = document.fields.get(key)
    return again is None or known is None or again.value == known.value


def _document(page: PageResult, count: int) -> DocumentReading:
    return DocumentReading(
        page.kind,
        first_page=page.number,
        pages=count,
        fields=page.fields,
        projects=page.projects,
        records=page.records,
        seals=page.seals,
        rows_total=page.total,
        handwritten=page.handwritten,
    )


def _joined(document: DocumentReading, page: PageResult) -> DocumentReading:
    fields = dict(document.fields)
    for name, reading in page.fields.items():
        known = fields.get(name)
        if known is None or known.value is None:
            fields[name] = reading
        elif reading.value is not None and reading.value != known.value:
            fields[name] = replace(known, against=(*known.against, "two-places-differ"))
    return replace(
        document,
        fields=fields,
        projects=(*document.projects, *page.projects),
        records=(*document.records, *page.records),
        seals=(*document.seals, *page.seals),
        rows_total=document.rows_total or page.total,
        handwritten=document.handwritten or page.handwritten,
    )
