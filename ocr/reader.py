"""The road from a file's bytes to its readings."""

import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from ocr import (
    agree,
    drawn,
    files,
    glyphs,
    limits,
    nativeseals,
    office,
    pdfforms,
    pdfsheet,
    pdftext,
    pictures,
    unnamed,
)
from ocr.beside import SEVERAL, is_open, numbered, several
from ocr.cellvalues import several_codes, texts_of
from ocr.continued import columns_of, first_rows
from ocr.convert import AMOUNTS, NAMES, convert, may_be_half, suspicious, two_commas
from ocr.documents import PageResult, is_disputed, join_pages, page_result
from ocr.engines import Shelf, shelf
from ocr.engines.heap import Spare, is_lack, is_short, spare_what_stays
from ocr.engines.port import Picture
from ocr.hits import Hit, Layout
from ocr.layout import kind_of, read_layout
from ocr.matching import with_matches
from ocr.pageview import PageView
from ocr.pdfpages import Pdf
from ocr.problems import Unreadable, problem
from ocr.recut import cut_columns
from ocr.relook import read_again
from ocr.rows import column_heads
from ocr.scan import scan
from ocr.seals import find_seals
from ocr.sheet import Rect, Sheet
from ocr.tables import PROJECT_CODES
from ocr.units import with_units
from ocr.votes import Voter
from ocr.wordshapes import Words, with_words
from procedure.errors import Temporary
from procedure.forms import FormTemplate
from procedure.jsonable import dump
from procedure.readings import DocumentKind, DocumentReading, Reading

NATIVE = "native-text"
_SPARE = Spare()
_log = logging.getLogger(__name__)


def read_document(data: bytes, name: str, template: FormTemplate) -> tuple[DocumentReading, ...]:
    """All documents that a file holds, at least one; never raises for bad input.

    What cannot be read is kind ``other`` with a problem in Chinese for its sender. ``accepted`` is
    not decided here (`procedure.acceptance`). Raises `procedure.errors.Temporary` only for a
    broken machine (no engine, no memory).
    """
    start = time.perf_counter()
    try:
        documents = _read(data, name, template)
    except Unreadable as error:
        _refuse_lack(error)
        documents = (DocumentReading("other", problem=problem_of(error)),)
    except Temporary:
        raise
    except Exception as error:
        _refuse_lack(error)
        # The last wall: whatever a parser of untrusted bytes raises, the document lands with a
        # person and the next one is read.
        _log.exception("reading failed")
        documents = (DocumentReading("other", problem=problem("unreadable")),)
    finally:
        _SPARE.give_back()
        spare_what_stays()
    if not _writable(documents):
        _log.error("an engine gave text that no file can hold")
        documents = (DocumentReading("other", problem=problem("unreadable")),)
    seconds = round(time.perf_counter() - start, 3)
    return tuple(replace(document, seconds=seconds) for document in documents)


def _refuse_lack(error: Exception) -> None:
    """Raises `Temporary` where too little memory is to blame, or may be, and not the file: its
    sender is told of no damage that there is not."""
    told = isinstance(error, Unreadable) and error.code not in ("damaged", "unreadable")
    if not told and (is_lack(error) or is_short()):
        raise Temporary("out of memory while reading", code="no-memory") from error


def _writable(documents: Sequence[DocumentReading]) -> bool:
    """Whether all texts are characters; halves of some, from bytes of no encoding, are none."""
    try:
        json.dumps([dump(one) for one in documents], ensure_ascii=False).encode("utf-8")
    except (UnicodeEncodeError, ValueError):
        return False
    return True


def problem_of(error: Unreadable) -> Any:
    """The problem that a refusal becomes."""
    return replace(problem("damaged"), code=error.code, message=error.user_message)


def _read(data: bytes, name: str, template: FormTemplate) -> tuple[DocumentReading, ...]:
    limits.check_bytes(data)
    mime = files.file_type(data, name)
    if mime == files.ENCRYPTED_OFFICE:
        raise Unreadable("encrypted", "encrypted office file")
    reader = _READERS.get(mime) or (_read_picture if mime in files.PICTURES else None)
    if reader is None:
        raise Unreadable("unsupported", mime, files.NAMES.get(mime, ""))
    pages, count = reader(data, template)
    documents = join_pages(pages, count)
    if not documents:
        return (DocumentReading("other", pages=count, problem=problem("not-a-form")),)
    return tuple(with_matches(document) for document in documents)


def _read_docx(data: bytes, template: FormTemplate) -> tuple[list[PageResult], int]:
    sheet, embedded = office.read_docx(data)
    native = _pageless(sheet, template)
    pages = [native] if native.kind != "other" else []
    for picture in embedded:
        pages += _embedded(picture, template, native)
    return pages, 1


def _embedded(data: bytes, template: FormTemplate, native: PageResult) -> list[PageResult]:
    """A picture inside a text document: a seal, a pasted scan, or decoration."""
    if files.file_type(data) not in files.PICTURES:
        return []
    try:
        image = pictures.decode(data)[0]
    except Unreadable:
        return []
    seals = nativeseals.in_picture(image, shelf(), _named(native))
    if seals and nativeseals.fills(seals):
        native.seals = (*native.seals, *(replace(seal, box=None) for seal in seals))
        return []
    if min(image.shape[:2]) < 400:
        return []
    page = _scanned(image, template, None)
    if page.kind == "other":
        native.seals = (*native.seals, *(replace(seal, box=None) for seal in seals))
        return []
    return [page]


def _read_xlsx(data: bytes, template: FormTemplate) -> tuple[list[PageResult], int]:
    pages = [_pageless(sheet, template) for sheet in office.read_xlsx(data)]
    return [page for page in pages if page.kind != "other"], 1


def _read_xls(data: bytes, template: FormTemplate) -> tuple[list[PageResult], int]:
    pages = [_pageless(sheet, template) for sheet in office.read_xls(data)]
    return [page for page in pages if page.kind != "other"], 1


def _read_picture(data: bytes, template: FormTemplate) -> tuple[list[PageResult], int]:
    images = pictures.decode(data)
    pages = [_scanned(image, template, number) for number, image in enumerate(images, start=1)]
    return pages, len(images)


def _read_pdf(data: bytes, template: FormTemplate) -> tuple[list[PageResult], int]:
    with pictures.open_pdf(data) as pdf:
        flat = pdfforms.flattened(pdf)
        if flat is None:
            return _pdf_pages(pdf, data, template)
    with pictures.open_pdf(flat) as pdf:
        return _pdf_pages(pdf, flat, template)


def _pdf_pages(pdf: Pdf, data: bytes, template: FormTemplate) -> tuple[list[PageResult], int]:
    count = len(pdf)
    with pdftext.open_text(data) as text:
        return [_pdf_page(pdf, text, index, template) for index in range(count)], count


def _pdf_page(pdf: Pdf, text: pdftext.TextPdf, index: int, template: FormTemplate) -> PageResult:
    sheet = pdfsheet.native(pdf, text, index)
    kind = kind_of(sheet, template) if sheet is not None else "other"
    if sheet is not None and kind != "other":
        page = _pdf_text(pdf, index, sheet, _layout(sheet, template, kind))
        return replace(page, first=first_rows(sheet, template))
    picture = pictures.render(pdf, index, pictures.scan_dpi(pdf, index))
    page = _scanned(picture, template, index + 1)
    return page if sheet is None else replace(page, first=first_rows(sheet, template))


def _pdf_text(pdf: Pdf, index: int, sheet: Sheet, layout: Layout) -> PageResult:
    """A page whose text layer is believed where the page shows the same."""
    hits = layout.all_hits()
    engines = shelf()
    places = drawn.seal_places(pdf, index)
    lines = agree.lines_of(hits)
    drawn_so = glyphs.compared(pdf, index, lines, engines.primary, pictures=places or ())
    proven = drawn_so.proven
    if places == () and all(line.box in proven for line in lines):
        return _native(sheet, layout)
    view = PageView(pdf, index)
    differing = drawn_so.refuted | agree.disagreeing(hits, view, engines, proven)
    unproven = [line for line in lines if line.box not in proven]
    differing |= unnamed.drawn_at(pdf, index, unproven)
    page = _native(sheet, layout, differing)
    page.seals = nativeseals.on_page(view, places, engines, sheet.page, _named(page))
    return page


def _named(page: PageResult) -> str:
    """The firm whose paper it says it is."""
    named = page.fields.get("enterprise_name") or page.fields.get("account_name")
    return str(named.value or "") if named else ""


def _native(sheet: Sheet, layout: Layout, differing: frozenset[Rect] = frozenset()) -> PageResult:
    cut = _cut_lines(sheet, layout)

    def to_reading(hit: Hit, rivals: Sequence[Hit]) -> Reading:
        reading = _native_reading(hit, rivals, sheet)
        doubts = {
            SEVERAL: numbered(hit) or several(hit, sheet, layout),
            "left-out": is_open(hit),
            "wrapped-lines": hit.field in PROJECT_CODES and several_codes(texts_of(hit.lines)),
            "cut-by-rule": any(line.box in cut for line in hit.lines),
            agree.DIFFERS: any(line.box in differing for line in hit.lines),
        }
        found = (doubt for doubt, holds in doubts.items() if holds)
        return replace(reading, against=(*reading.against, *found))

    page = page_result(sheet.page or 1, layout, to_reading)
    return replace(page, columns=columns_of(layout.rows, sheet.width))


def _cut_lines(sheet: Sheet, layout: Layout) -> set[Rect]:
    """Boxes of lines that go on over a rule: not where a whole label stands before it, which a cell
    without padding has at its very edge."""
    apart = (hit for hit in layout.all_hits() if not hit.inline)
    labels = (hit.label for hit in apart if hit.match and hit.match.score == 1)
    whole = {line.box for label in labels if label for line in label.lines}
    return {one for left, right in sheet.cut if left not in whole for one in (left, right)}


def _layout(sheet: Sheet, template: FormTemplate, kind: DocumentKind) -> Layout:
    return with_units(read_layout(sheet, template, kind), sheet)


def _pageless(sheet: Sheet, template: FormTemplate) -> PageResult:
    return _native(sheet, _layout(sheet, template, kind_of(sheet, template)))


def _native_reading(hit: Hit, rivals: Sequence[Hit], sheet: Sheet) -> Reading:
    value = convert(hit.field, hit.text, hit.unit)
    against = list(hit.doubts)
    odd = suspicious(hit.field, hit.text, hit.unit) or two_commas(hit.text)
    if hit.field in AMOUNTS and odd:
        against.append("ambiguous-number")
    for rival in rivals:
        other = convert(rival.field, rival.text, rival.unit)
        if other is not None and other != value:
            against.append("two-places-differ")
    if hit.field in NAMES and value is not None and may_be_half(str(value)):
        against.append("not-a-firm")
    box = None
    if sheet.page is not None:
        x0, y0, x1, y1 = hit.value_box
        w, h = sheet.width, sheet.height
        box = (round(x0 / w, 4), round(y0 / h, 4), round(x1 / w, 4), round(y1 / h, 4))
    return Reading(
        value,
        text=hit.text.replace("\n", ""),
        confidence=1.0 if value is not None else 0.0,
        page=sheet.page,
        box=box,
        evidence=(NATIVE,),
        against=tuple(dict.fromkeys(against)),
    )


def _scanned(image: Picture, template: FormTemplate, number: int | None) -> PageResult:
    engines: Shelf = shelf()
    page = scan(image, engines, number)
    page = replace(page, sheet=with_words(page, Words(template), engines))
    kind = kind_of(page.sheet, template)
    if kind == "other":
        seals = find_seals(page.page, engines, number)
        rows = first_rows(page.sheet, template, page.page)
        return PageResult(number or 1, kind, seals=_placed(seals, page), first=rows)
    heads = column_heads(page.sheet, template, kind)
    page = replace(page, sheet=cut_columns(page, heads, engines))
    layout = _layout(page.sheet, template, kind)
    again = read_again(page, layout, engines)
    if again is not page.sheet:
        page = replace(page, sheet=again)
        layout = _layout(page.sheet, template, kind)
    voter = Voter(page, engines, template, kind)
    voter.prepare(layout.all_hits())
    result = _voted(number or 1, layout, voter)
    result.seals = _placed(find_seals(page.page, engines, number), page)
    columns = columns_of(layout.rows, page.sheet.width)
    first = () if layout.rows else first_rows(page.sheet, template, page.page)
    return replace(result, columns=columns, first=first)


def _voted(number: int, layout: Layout, voter: Voter) -> PageResult:
    """What engines agree on, looked at once more where they are not sure enough, and on a page by
    hand, or worn to the same."""
    read = cache(voter.reading)
    result = page_result(number, layout, read)
    by_hand = voter.is_shaken or is_disputed(result, voter.is_drawn)
    once_more = voter.steadied if by_hand else voter.firmed
    result = page_result(number, layout, lambda hit, more: once_more(hit, read(hit, more)))
    result.handwritten = by_hand
    return result


def _placed(seals: Sequence[Any], page: Any) -> tuple[Any, ...]:
    """Seal boxes from the flat page to the page as its reader sees it."""
    flat = page.flat
    found = []
    for seal in seals:
        x0, y0, x1, y1 = seal.box
        box = page.box((x0 * flat.width, y0 * flat.height, x1 * flat.width, y1 * flat.height))
        found.append(replace(seal, box=box if seal.page is not None else None))
    return tuple(found)


_READERS: dict[str, Callable[[bytes, FormTemplate], tuple[list[PageResult], int]]] = {
    files.PDF: _read_pdf,
    files.DOCX: _read_docx,
    files.XLSX: _read_xlsx,
    files.XLS: _read_xls,
}
