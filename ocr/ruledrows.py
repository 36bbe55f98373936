"""Rows of a table whose cells were found by their rules."""

import math
import re
from dataclasses import replace

from ocr.cellvalues import CODES, is_mobile, is_several, several_names, texts_of
from ocr.hits import Hit, Row, hit_of
from ocr.rules import in_order, text_rows
from ocr.sheet import Block, Line, Rect, centre, rows_overlap, union
from ocr.tables import AMOUNT, NAMES, Heads, Table, has_label, is_group_sum, total_of
from ocr.whole import DOUBT
from procedure.forms import FormKind, FormTemplate

_CELL = 40
"""Longest text of a cell that may belong to a row; what is longer is a declaration."""
_AMOUNT, _DIGITS = 16, 11
"""Characters and figures that an amount may have: a seal's code has 13, a credit code 18."""
_REMARK = re.compile(r"备注|说明|附注|附件|承诺|声明|注[:：]|意见|签|盖章|日期|页码|经办|填")
_NO_NAME = re.compile(r"页|[合总小共]\s*计")
_LABELLED = re.compile(r"[㐀-鿿]{2}\s*[:：]")
_SUMMED = re.compile(r"\S{0,6}[合总小共]\s*计\S{0,4}")
_NUMBER = re.compile(r"[\d壹贰叁肆伍陆柒捌玖]")
_DATE = re.compile(r"\d{4}\s*[-./年\s]\s*\d{1,2}\b|[年月日]")
_APART = 1.5
"""Heights of the highest cell, of the gap over which a further row may still follow."""
_GAP = 0.6
"""Of a row's height, how far below the last one it may begin."""
_FULL = 2.5
"""Of a line's height: what a full line of a cell may leave of it, margins and a character."""


def ruled_table(heads: Heads, below: list[Block], template: FormTemplate, kind: FormKind) -> Table:
    """The rows below ``heads``; torn where one is lost, or stands in the cells of another."""
    table = _Rows(heads, below, template, kind).read()
    mixed = table.mixed or any(is_several(row) for row in table.rows)
    return replace(table, mixed=mixed, torn=table.torn or mixed)


class _Rows:
    """The rows of one table, band by band from the top."""

    def __init__(
        self, heads: Heads, below: list[Block], template: FormTemplate, kind: FormKind
    ) -> None:
        self._heads, self._below, self._template, self._kind = heads, below, template, kind
        self._bands = _bands(below)
        self._found: list[Row] = []
        self._used = {id(block) for block, _ in heads}
        self._edge = self._foot = max(block.box[3] for block, _ in heads)
        self._high = max(block.height for block, _ in heads)
        self._mixed = False
        self._sums: list[tuple[Line, ...]] = []
        self._last_sum: Hit | None = None

    def read(self) -> Table:
        """All rows, up to what ends the table."""
        for at, blocks in enumerate(self._bands):
            if (table := self._take(at, blocks)) is not None:
                return table
        return self._table(_row_between(self._heads, self._below, self._edge, self._next()))

    def _next(self) -> float:
        return self._edge + self._high

    def _table(self, lost: bool, total: Hit | None = None, rest: bool = False) -> Table:
        """What was read; ``lost`` where a row surely is, ``rest`` where a part of one may be."""
        mixed = lost or self._mixed
        # The sum of the only group is that of all rows.
        total = total or (self._last_sum if len(self._sums) == 1 else None)
        return Table(
            tuple(self._found),
            total,
            frozenset(self._used),
            mixed or rest,
            mixed,
            tuple(self._sums),
        )

    def _take(self, at: int, blocks: list[Block]) -> Table | None:
        """Adds a band of cells to the rows; the table where it ends there."""
        cells = _parted(self._heads, blocks)
        totals = [b for b in (*cells, *blocks) if self._template.is_total(b.text)]
        if (lost := self._ends_above(blocks, bool(totals))) is not None:
            return self._table(lost)
        self._edge = max(self._edge, min(b.box[3] for b in blocks if b.ruled))
        under = [b.box[3] for b in blocks if b.ruled and _under(self._heads, b)]
        self._foot = max([self._edge, *under])
        # Empty cells alone are a blank row, or what a stray rule cut off.
        if not any(b.lines for b in blocks):
            return None
        if totals:
            return self._sum(blocks, cells, totals[0])
        # Labels count wherever they stand: 联系人 may stand in a column of no heading of ours.
        if labels := [b for b in (*cells, *blocks) if self._is_label(b)]:
            return self._table(self._row_above(blocks, labels[0]))
        row = _ruled_row(self._heads, cells)
        if row is None:
            return self._no_row(at, blocks)
        self._add(row, blocks)
        return None

    def _ends_above(self, blocks: list[Block], total: bool) -> bool | None:
        """Whether a row is lost above a band before which the table ends; None where it goes on."""
        top = min(b.box[1] for b in blocks)
        lost = _row_between(self._heads, self._below, self._edge, top)
        # What a false rule cut off may be too low for a cell, and leaves a gap.
        near = top < self._foot + _APART * self._high and _has_amount(self._heads, blocks)
        apart = top > self._foot + _GAP * max(b.height for b in blocks)
        return lost or near if lost or (apart and not (near and total)) else None

    def _is_label(self, block: Block) -> bool:
        return has_label([block.text], self._template, self._kind)

    def _row_above(self, blocks: list[Block], label: Block) -> bool:
        """Whether lines of a row stand above a label in its own band."""
        top = union(line.box for line in label.lines)[1]
        lines = [Block((x,), x.box) for b in blocks for x in b.lines]
        return _row_between(self._heads, lines, -math.inf, top)

    def _sum(self, blocks: list[Block], cells: list[Block], label: Block) -> Table | None:
        """A total ends the table; that of a group does not."""
        self._used |= {id(b) for b in blocks}
        total = total_of(self._heads, cells, self._kind, label)
        if not is_group_sum(cells):
            return self._table(self._row_above(blocks, label), total)
        self._sums.append(tuple(line for b in blocks for line in b.lines))
        self._last_sum = total
        return None

    def _no_row(self, at: int, blocks: list[Block]) -> Table:
        """What is no row ends the table; where it has an amount, or rows follow, one is lost."""
        lost = _has_amount(self._heads, blocks) or self._goes_on(at)
        lost = lost or _row_within(self._heads, blocks)
        return self._table(lost, rest=_is_rest(self._heads, blocks))

    def _goes_on(self, at: int) -> bool:
        """Whether the next band below a strip is a row of the table."""
        foot = max(b.box[3] for b in self._bands[at] if b.ruled)
        for blocks in self._bands[at + 1 : at + 2]:
            cells = _parted(self._heads, blocks)
            ended = any(map(self._is_label, cells))
            near = min(b.box[1] for b in blocks) < foot + _GAP * self._high
            if near and not ended and _has_amount(self._heads, cells):
                return _ruled_row(self._heads, cells) is not None
        return False

    def _add(self, row: Row, blocks: list[Block]) -> None:
        self._used |= {id(b) for b in blocks}
        self._high = max(self._high, *(b.height for b in blocks if b.ruled))
        self._last_sum = None
        self._mixed |= _is_part(self._heads, row)
        if any(hit.lines for hit in row.values()):
            self._found.append(row)


def _is_part(heads: Heads, row: Row) -> bool:
    """Whether an amount has no name or code, and no cell for one either: it stands beside that of
    the row above, of whose amount a false rule may have cut it off."""
    named = [match.field for _, match in heads if match.field in (*NAMES, *CODES)]
    said = any(name in row and row[name].lines for name in named)
    valued = any(name in row and row[name].lines for name in AMOUNT.values())
    return valued and not said and not all(name in row for name in named)


def _is_rest(heads: Heads, blocks: list[Block]) -> bool:
    """Whether what is no row of the table may be a part of one: an amount, numbers, or the rest of
    a name that a false rule cut off."""
    names = [head.box for head, match in heads if match.field in NAMES]
    return _has_amount(heads, blocks) or any(
        re.search(r"\d{3}", block.text)
        or (not _REMARK.match(block.text) and any(_same_column(block.box, box) for box in names))
        for block in blocks
        if block.text and len(block.text) < _CELL
    )


def _has_amount(heads: Heads, blocks: list[Block]) -> bool:
    """Whether a cell in the amounts' column has one, of however few figures: a second one for a
    name and a code. What has a remark's or total's label before it, or numbers a page, is none."""
    columns = [head.box for head, match in heads if match.field in AMOUNT.values()]
    cells = [b for b in blocks if b.ruled and any(_same_column(b.box, box) for box in columns)]
    noted = [b.box[2] for b in blocks if _REMARK.match(b.text) or _SUMMED.fullmatch(b.text)]
    return any(
        _may_be_amount(cell.text)
        and not _NO_NAME.search(cell.text)
        and not any(right < centre(cell.box)[0] for right in noted)
        for cell in cells
    )


def _row_between(heads: Heads, below: list[Block], top: float, bottom: float) -> bool:
    """Whether lines of a row stand there whose cells were not found: an amount, and something under
    another heading beside it. A date, a page's number alone or a seal's digits are none."""
    loose = [b for b in below if not b.ruled and top < centre(b.box)[1] < bottom]
    amounts, others = [], []
    for head, match in heads:
        column = [b for b in loose if _within_column(b.box, head.box)]
        if match.field in AMOUNT.values():
            amounts += [b for b in column if _may_be_amount(b.text)]
            across = (b for b in loose if b.box[0] < head.box[0] and b.box[2] > head.box[0])
            if any(re.search(r"[A-Z]{2}.*\d", b.text) for b in across):
                return True
        else:
            others += [b for b in column if not _NO_NAME.search(b.text)]
    return any(rows_overlap(one.box, other.box) > 0.3 for one in amounts for other in others)


def _row_within(heads: Heads, blocks: list[Block]) -> bool:
    """The same for the lines of a cell that reaches under several headings: no rule was found
    between the last row and the declaration or remark below it."""
    lines = [line for b in blocks if len(_above(heads, b)) > 1 for line in b.lines]
    return _row_between(heads, [Block((x,), x.box) for x in lines], -math.inf, math.inf)


def _may_be_amount(text: str) -> bool:
    few = len(text) <= _AMOUNT and len(re.findall(r"\d", text)) <= _DIGITS
    other = _DATE.search(text) or _LABELLED.search(text) or is_mobile(text)
    return few and bool(_NUMBER.search(text)) and not other


def _bands(blocks: list[Block]) -> list[list[Block]]:
    """Rows of cells from the top, by their upper edges; loose lines join the row they stand in."""
    bands: list[list[Block]] = []
    for block in sorted((b for b in blocks if b.ruled), key=lambda b: b.box[1]):
        if bands and block.box[1] < bands[-1][0].box[1] + 0.5 * _least(bands[-1], block):
            bands[-1].append(block)
        else:
            bands.append([block])
    for block in (b for b in blocks if not b.ruled):
        middle = centre(block.box)[1]
        home = next((band for band in bands if _spans(band, middle)), None)
        if home is not None:
            home.append(block)
    return bands


def _spans(band: list[Block], y: float) -> bool:
    cells = [block for block in band if block.ruled]
    return min(c.box[1] for c in cells) < y < min(c.box[3] for c in cells)


def _least(band: list[Block], block: Block) -> float:
    return min(block.height, *(other.height for other in band))


def _ruled_row(heads: Heads, blocks: list[Block]) -> Row | None:
    row: dict[str, Hit] = {}
    one_row = not any(block.ruled and text_rows(block.lines)[1:] for block in blocks)
    for head, match in heads:
        cells = [b for b in blocks if b.ruled and _same_column(b.box, head.box)]
        loose = [b for b in blocks if b.lines and _within_column(b.box, head.box)]
        cells = cells or (_as_one(loose, head.box) if one_row else loose)
        if cells:
            cell = max(cells, key=lambda b: len(b.text))
            hit = hit_of(
                match.field, cell.lines, cell.box, label=head, match=match, ruled=cell.ruled
            )
            # Of several texts one alone may be a part of the value.
            unsure = sum(bool(one.lines) for one in cells) > 1 or _spans_rows(cell, heads, blocks)
            unsure |= match.field in NAMES and several_names(texts_of(cell.lines))
            row[match.field] = replace(hit, doubts=(DOUBT,)) if unsure else hit
    # A cell that spans several columns is no longer a row of this table.
    return row if len(row) >= max(2, len(heads) - 1) else None


def _spans_rows(cell: Block, heads: Heads, blocks: list[Block]) -> bool:
    """Whether a cell with several lines reaches far below the others of its row: the rule between
    two rows' names was not found."""
    others = [b.box[3] for b in blocks if b is not cell and b.ruled and _under(heads, b)]
    if not (cell.ruled and others and text_rows(cell.lines)[1:]):
        return False
    return cell.box[3] > min(others) + 1.2 * cell.line_height


def _under(heads: Heads, block: Block) -> bool:
    return any(_same_column(block.box, head.box) for head, _ in heads)


def _as_one(found: list[Block], column: Rect) -> list[Block]:
    """What stands under a heading where no cell was found is one value if it is wrapped: each line
    but the last fills the column. Else it may be two rows' values, or a stamp's word and a name."""
    texts = text_rows([line for block in found for line in block.lines])
    full = column[2] - column[0] - _FULL * max((b.line_height for b in found), default=0.0)
    spans = [union(line.box for line in text) for text in texts]
    if any(block.ruled for block in found) or any(x[2] - x[0] < full for x in spans[:-1]):
        return found
    lines = tuple(line for text in texts for line in text)
    return [Block(lines, union(block.box for block in found))] if lines else []


def _parted(heads: Heads, blocks: list[Block]) -> list[Block]:
    """Cells that reach under several headings since a rule was not found, parted under them.

    Each part is ordered by itself: a code between two lines of a name makes one row of all three.
    """
    parted: list[Block] = []
    for block in blocks:
        above = _above(heads, block)
        homes = [[line for line in block.lines if _within_column(line.box, box)] for box in above]
        whole = sum(map(len, homes)) == len(block.lines) and all(homes)
        if not block.ruled or len(above) < 2 or not whole:
            parted.append(block)
            continue
        parted += [
            Block(tuple(in_order(lines)), (box[0], block.box[1], box[2], block.box[3]), ruled=True)
            for lines, box in zip(homes, above, strict=True)
        ]
    return parted


def _above(heads: Heads, block: Block) -> list[Rect]:
    return [head.box for head, _ in heads if block.box[0] < centre(head.box)[0] < block.box[2]]


def _same_column(cell: Rect, head: Rect) -> bool:
    slack = 0.15 * (head[2] - head[0])
    return abs(cell[0] - head[0]) < slack and abs(cell[2] - head[2]) < slack


def _within_column(cell: Rect, head: Rect) -> bool:
    """A false wall may have cut a cell, or its own rule was not found."""
    slack = 0.05 * (head[2] - head[0])
    return cell[0] > head[0] - slack and cell[2] < head[2] + slack
