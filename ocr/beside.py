"""More than one value for a label: years side by side, of which none is the total of both, or the
number of the next row behind a name, whose own label nobody could read."""

import re
import unicodedata
from collections.abc import Sequence

from ocr.alike import FREE
from ocr.convert import AMOUNTS, convert
from ocr.hits import Hit, Layout
from ocr.sheet import Block, Sheet, rows_overlap

SEVERAL = "several-values"
_POINTS = ("…", "⋯", "...", "．．．")
_NUMBER = r"(?:\d[\s,，.]?){5,}(?:万?吨|T)?[\s.。]*"
_ALONE = re.compile(r"[\d\s.,:()/-]*\d[\d\s.,:()/-]*(?:万?吨|T)?[.。]?")
_JOINED = re.compile(f"{_NUMBER}.*|.*?{_NUMBER}")
"""A name that begins or ends with a number longer than a year; 49.5MW and 2×660 have their noun."""


def numbered(hit: Hit) -> bool:
    """Whether a number that is no part of it stands before, in or behind a name: a line of its own,
    or, since lines may be taken for one, a long one at either end of a line."""
    if hit.field not in FREE | {"contact"}:
        return False
    lines = unicodedata.normalize("NFKC", hit.text).upper().split("\n")
    alone = len(lines) > 1 and any(_ALONE.fullmatch(line) for line in lines)
    return alone or any(_JOINED.fullmatch(line) for line in lines)


def is_open(hit: Hit) -> bool:
    """Whether a name ends in points: whoever shows it has left something out."""
    return hit.field in FREE and hit.text.rstrip().endswith(_POINTS)


def several(hit: Hit, sheet: Sheet, layout: Layout) -> bool:
    """Whether other amounts stand in the same row behind the one that was taken.

    Which of them is meant, only a person can tell. Rows of a table of projects have a heading for
    each of their amounts, and a further label ends what belongs to the first.
    """
    if hit.field not in AMOUNTS or hit.label is None or hit.inline or not hit.ruled:
        return False
    if any(hit is cell for row in layout.rows for cell in row.values()) or hit is layout.total:
        return False
    value = convert(hit.field, hit.text, hit.unit)
    for block in _behind(hit, sheet.blocks):
        other = convert(hit.field, block.text, hit.unit)
        if other is None and block.text:
            return False
        if other is not None and other != value:
            return True
    return False


def _behind(hit: Hit, blocks: Sequence[Block]) -> list[Block]:
    """Cells of the same row to the right, the nearest first; none where the label stands above."""
    label = hit.label
    if label is None or rows_overlap(label.box, hit.box) < 0.5:
        return []
    found = [
        b
        for b in blocks
        if b.ruled and b.box[0] >= hit.box[2] - 1 and rows_overlap(b.box, hit.box) > 0.5
    ]
    return sorted(found, key=lambda b: b.box[0])
