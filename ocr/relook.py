"""Lines whose label nobody could make out are read again where a page lacks a field.

Detection draws its boxes tight; of small print the first character then reads as another (长厂名称
for 账户名称), and the value behind it belongs to no field. With a little paper round it the same
engine mostly reads the label. Only lines that no field has yet are read again.
"""

from collections.abc import Mapping
from dataclasses import replace

from ocr.crops import crop
from ocr.engines import Shelf
from ocr.hits import Layout
from ocr.scan import Scan
from ocr.sheet import Line, Sheet
from procedure.readings import DocumentKind

_WANTED: Mapping[DocumentKind, frozenset[str]] = {
    "application": frozenset({"enterprise_name", "account_no", "offset_t", "date"}),
    "cancellation": frozenset({"account_name", "account_no"}),
}
_SURE = 0.995
"""Confidence from which a line reads as it reads."""


def read_again(page: Scan, layout: Layout, shelf: Shelf) -> Sheet:
    """The page's sheet; where the layout lacks a field of its kind, with what its unsure lines read
    when looked at again, if that is surer."""
    if _WANTED.get(layout.kind, frozenset()) <= layout.fields.keys():
        return page.sheet
    used = {line.box for hit in layout.all_hits() for line in hit.lines}
    unsure = [
        line for line in page.sheet.lines() if line.confidence < _SURE and line.box not in used
    ]
    found = shelf.primary.read_lines([crop(page.picture, line) for line in unsure])
    surer = {
        # As it stands, whatever seal was taken off before: `votes` reads it without, then.
        line: replace(line, text=one.text, confidence=one.confidence, each=one.each, source="raw")
        for line, one in zip(unsure, found, strict=True)
        if one.text.strip() and one.confidence > line.confidence
    }
    return _with(page.sheet, surer)


def _with(sheet: Sheet, lines: Mapping[Line, Line]) -> Sheet:
    if not lines:
        return sheet
    blocks = (
        replace(block, lines=tuple(lines.get(line, line) for line in block.lines))
        for block in sheet.blocks
    )
    return replace(sheet, blocks=tuple(blocks))
