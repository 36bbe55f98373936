"""A heading of amounts that a seal or wear made unreadable, told by the numbers below it.

Staff stamp screenshots where the amount stands, and so over its heading too. Without that heading
no table would be found at all, though all its rows were read.
"""

import re
import unicodedata
from collections.abc import Sequence

from ocr.sheet import Block, Line, Rect, Sheet, columns_overlap, rows_overlap, union
from ocr.tables import AMOUNT, Heads
from procedure.forms import FormKind, LabelMatch

_SURE = 0.9
_LEAST = 4
"""Headings that must have been read: a list of operations is one without its amounts, too."""
_NUMBER = re.compile(r"[\d,.' ]{3,}")


def with_lost_amounts(heads: Heads, sheet: Sheet, kind: FormKind) -> Heads:
    """``heads`` of one row with a heading of no text where the amounts of a list must stand.

    That is where numbers, and nothing that was read as a heading, stand between two headings;
    ``heads`` as they are where that is no place or several. Such a heading names no unit, so an
    amount below it is accepted only where a serial's span or the registry says it too.
    """
    sure = sum(match.score >= _SURE for _, match in heads)
    known = {match.field for _, match in heads}
    if kind != "cancellation" or AMOUNT[kind] in known or sure < _LEAST:
        return heads
    row = union(block.box for block, _ in heads)
    top = [block.box for block in sheet.blocks if rows_overlap(block.box, row) > 0.5]
    columns = _columns(_numbers(sheet, row), [*top, *(block.box for block, _ in heads)])
    if len(columns) != 1:
        return heads
    x0, _, x1, _ = columns[0]
    lost = Block((), (x0, row[1], x1, row[3]))
    match = LabelMatch(AMOUNT[kind], None, 0.0, "")
    return sorted([*heads, (lost, match)], key=lambda pair: pair[0].box[0])


def _numbers(sheet: Sheet, row: Rect) -> list[Line]:
    """Lines of figures below a row, between its ends."""
    return [
        line
        for line in sheet.lines()
        if line.box[1] > row[3] - 3
        and row[0] < line.box[0]
        and line.box[2] < row[2]
        and _NUMBER.fullmatch(unicodedata.normalize("NFKC", line.text))
    ]


def _columns(numbers: Sequence[Line], above: Sequence[Rect]) -> list[Rect]:
    """Columns of numbers that stand below nothing."""
    columns: list[Rect] = []
    for line in numbers:
        if any(columns_overlap(line.box, box) > 0 for box in above):
            continue
        near = [one for one in columns if columns_overlap(one, line.box) > 0]
        columns = [one for one in columns if one not in near]
        columns.append(union([line.box, *near]))
    return columns
