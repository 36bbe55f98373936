"""What stands between the rows of a table, or below them, and may be a row that was lost."""

import math
import re
from collections.abc import Sequence

from ocr.cellvalues import is_mobile
from ocr.hits import Row
from ocr.rules import text_rows
from ocr.sheet import Block, Line, Rect, centre, rows_overlap, union
from ocr.tables import AMOUNT, NAMES, Heads, above, same_column, within_column

_CELL = 40
"""Longest text of a cell that may belong to a row; what is longer is a declaration."""
_NAMES = 120
"""The same of a cell of the names' column, which may hold those of several rows."""
_AMOUNT, _DIGITS = 16, 11
"""Characters and figures that an amount may have: a seal's code has 13, a credit code 18."""
_REMARK = re.compile(
    r"备注|说明(?!书)|附注|附件|承诺|声明|注[:：]|意见|签(?!约)|盖章|日期|页码|经办|填(?!埋)"
)
_NO_NAME = re.compile(r"页|[合总小共]\s*计")
_OTHER = re.compile(r"[㐀-鿿]{2}\s*[:：]|[%％]")
"""Behind a label in the same line, or a share."""
_FULL = 2.5
"""Of a line's height: what a full line of a cell may leave of it, margins and a character."""
_STOP = re.compile(r"[，。；：:]")
_SUMMED = re.compile(r"[^\d\n]{0,12}[合总小共]\s*计[^\d\n]{0,10}")
_MEASURE = re.compile(
    r"[^\d\n]{2,16}(?:量|比例|上限|余额)\s*(?:[（(][^（）()]{1,8}[）)])?\s*[:：]?"
)
"""Says what an amount beside it is (剩余应清缴配额量（吨）)."""
_NUMBER = re.compile(r"[\d壹贰叁肆伍陆柒捌玖]")
_DATE = re.compile(r"\d{4}\s*[-./年\s]\s*\d{1,2}\b|[年月日]")


def is_rest(heads: Heads, blocks: list[Block]) -> bool:
    """Whether what is no row of the table may be a part of one: an amount, numbers, or the rest of
    a name that a false rule cut off."""
    names = [head.box for head, match in heads if match.field in NAMES]
    return has_amount(heads, blocks) or any(
        (len(block.text) < _CELL and re.search(r"\d{3}", block.text))
        or (not _REMARK.match(block.text) and any(same_column(block.box, box) for box in names))
        for block in blocks
        if block.text and len(block.text) < _NAMES
    )


def has_amount(heads: Heads, blocks: list[Block]) -> bool:
    """Whether a cell in the amounts' column has one, of however few figures: a second one for a
    name and a code. What has a remark's or total's label before it, or numbers a page, is none."""
    columns = [head.box for head, match in heads if match.field in AMOUNT.values()]
    cells = [b for b in blocks if b.ruled and any(same_column(b.box, box) for box in columns)]
    noted = [b.box[2] for b in blocks if _is_note(b.text)]
    return any(
        _may_be_amount(cell.text)
        and not _NO_NAME.search(cell.text)
        and not any(right < centre(cell.box)[0] for right in noted)
        for cell in cells
    )


def _is_note(text: str) -> bool:
    """Whether a text says of what stands beside it that it is no project's amount."""
    return bool(_REMARK.match(text) or _SUMMED.fullmatch(text) or _MEASURE.fullmatch(text))


def row_between(heads: Heads, below: list[Block], top: float, bottom: float) -> bool:
    """Whether lines of a row stand there whose cells were not found: an amount, and something under
    another heading beside it, or in a cell that reaches down from above. A date, a page's number
    alone or a seal's digits are none."""
    loose = [b for b in below if not b.ruled and top < centre(b.box)[1] < bottom]
    tall = [b for b in below if b.ruled and b.box[1] < top < b.box[3]]
    inner = [Block((x,), x.box) for b in tall for x in b.lines if top < centre(x.box)[1] < bottom]
    amounts, others = [], []
    for head, match in heads:
        column = [b for b in loose if within_column(b.box, head.box)]
        if match.field in AMOUNT.values():
            amounts += [b for b in column if _may_be_amount(b.text)]
            across = (b for b in loose if b.box[0] < head.box[0] and b.box[2] > head.box[0])
            if any(re.search(r"[A-Z]{2}.?\d{2}", b.text) for b in across):
                return True
        else:
            column += [b for b in inner if within_column(b.box, head.box)]
            others += [b for b in column if not _NO_NAME.search(b.text)]
    return any(rows_overlap(one.box, other.box) > 0.3 for one in amounts for other in others)


def row_within(heads: Heads, blocks: list[Block]) -> bool:
    """The same for the lines of a cell that reaches under several headings: no rule was found
    between the last row and the declaration or remark below it."""
    lines = [line for b in blocks if len(above(heads, b)) > 1 for line in b.lines]
    return row_between(heads, [Block((x,), x.box) for x in lines], -math.inf, math.inf)


def _may_be_amount(text: str) -> bool:
    few = len(text) <= _AMOUNT and len(re.findall(r"\d", text)) <= _DIGITS
    other = _DATE.search(text) or _OTHER.search(text) or is_mobile(text)
    return few and bool(_NUMBER.search(text)) and not other


def goes_on_in_strip(heads: Heads, row: Row, blocks: list[Block]) -> bool:
    """Whether a cell that reaches under several headings may hold the rest of the name above it,
    whose last line is full: a false rule cut it off, and no walls were found in what is left."""
    strips = [b for b in blocks if b.ruled and b.lines and len(above(heads, b)) > 1]
    return any(
        match.field in row
        and ends_full(row[match.field].lines, head.box)
        and all(within_column(line.box, head.box) for line in strip.lines)
        and not (_REMARK.search(strip.text) or _STOP.search(strip.text))
        for head, match in heads
        if match.field in NAMES
        for strip in strips
    )


def ends_full(lines: Sequence[Line], column: Rect) -> bool:
    """Whether the last of these lines fills its column, so that it may go on in a next one."""
    return bool(lines) and fills(text_rows(lines)[-1], column)


def fills(line: Sequence[Line], column: Rect) -> bool:
    """Whether the pieces of one line fill a column."""
    box = union(piece.box for piece in line)
    return box[2] - box[0] >= column[2] - column[0] - _FULL * (box[3] - box[1])
