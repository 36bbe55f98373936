"""Rows of a table whose cells were found by their rules."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from ocr.cellvalues import is_several, several_amounts, several_names, texts_of
from ocr.hits import Hit, Row, hit_of
from ocr.lostrows import fills, goes_on_in_strip, has_amount, is_rest, row_between, row_within
from ocr.rules import in_order, text_rows
from ocr.sheet import Block, Line, Rect, centre, rows_overlap, union
from ocr.tables import (
    AMOUNT,
    NAMES,
    PROJECT_CODES,
    Heads,
    Table,
    above,
    are_headings,
    are_pairs,
    has_label,
    is_foot,
    is_group_sum,
    same_column,
    total_of,
    within_column,
)
from ocr.whole import DOUBT, doubted
from procedure.forms import FormKind, FormTemplate

_GOES_ON = re.compile(
    r"第?\s*\d+\s*[页/].{0,9}|\d{1,3}|(?!.*(?:\d{2}|工程|续建))(?=.*(?:续|接上)).*", re.DOTALL
)
"""What may stand between the parts of a list, the numbers of blank rows too; anything else may be a
row, or say that another list follows."""
_NUMBER = re.compile(r"[（(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[)）.．、]?|\s*[/／—–-]+\s*")
"""What stands before the first column of a row without a project."""
_APART = 1.5
"""Heights of the highest cell, of the gap over which a further row may still follow."""
_GAP = 0.6
"""Of a row's height, how far below the last one it may begin."""


def ruled_table(
    heads: Heads,
    below: list[Block],
    template: FormTemplate,
    kind: FormKind,
    page: Sequence[Block] = (),
) -> Table:
    """The rows below ``heads``; torn where one is lost, or stands in the cells of another.

    ``page``: all that stands on the page, beside the table too.
    """
    table = _Rows(heads, below, template, kind, page).read()
    mixed = table.mixed or any(is_several(row) for row in table.rows)
    return replace(table, mixed=mixed, torn=table.torn or mixed)


class _Rows:
    """The rows of one table, band by band from the top."""

    def __init__(
        self,
        heads: Heads,
        below: list[Block],
        template: FormTemplate,
        kind: FormKind,
        page: Sequence[Block],
    ) -> None:
        self._heads, self._below, self._template, self._kind = heads, below, template, kind
        self._page = page
        self._bands = _bands(below)
        self._found: list[Row] = []
        self._used = {id(block) for block, _ in heads}
        self._edge = self._foot = self._last = max(block.box[3] for block, _ in heads)
        self._high = max(block.height for block, _ in heads)
        self._mixed = False
        self._sums: list[tuple[Line, ...]] = []
        self._heads_again: list[tuple[Line, ...]] = []
        self._last_sum: Hit | None = None

    def read(self) -> Table:
        """All rows, up to what ends the table."""
        for at, blocks in enumerate(self._bands):
            if (table := self._take(at, blocks)) is not None:
                return table
        bottom = self._edge + self._high
        return self._table(row_between(self._heads, self._below, self._edge, bottom))

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
            (*self._sums, *self._heads_again),
        )

    def _take(self, at: int, blocks: list[Block]) -> Table | None:
        """Adds a band of cells to the rows; the table where it ends there."""
        cells = _parted(self._heads, blocks)
        if self._is_heading_again(cells):
            return self._again(at, blocks)
        totals = [b for b in (*cells, *blocks) if self._template.is_total(b.text)]
        if (lost := self._ends_above(blocks, bool(totals))) is not None:
            return self._table(lost)
        self._edge = max(self._edge, min(b.box[3] for b in blocks if b.ruled))
        under = [b.box[3] for b in blocks if b.ruled and _under(self._heads, b)]
        self._foot = max([self._edge, *under])
        # Empty cells alone are a blank row, or what a stray rule cut off; 以下空白 says as much.
        if not any(b.lines for b in blocks) or self._is_foot(blocks):
            self._used |= {id(b) for b in blocks}
            return None
        if totals:
            return self._sum(blocks, cells, totals[0])
        # Labels count wherever they stand: 联系人 may stand in a column of no heading of ours.
        if labels := [b for b in (*cells, *blocks) if self._is_label(b) or self._is_other(b)]:
            return self._table(self._row_above(blocks, labels[0]))
        if self._is_other_heading(cells) or self._are_pairs(blocks):
            return self._table(self._has_total(at))
        row = _ruled_row(self._heads, cells)
        if row is None:
            return self._no_row(at, blocks)
        self._add(row, blocks)
        return None

    def _is_foot(self, blocks: list[Block]) -> bool:
        """Whether cells say that no rows follow, beside nothing but a row's number."""
        left = self._heads[0][0].box[0]
        own = [b for b in blocks if b.text and centre(b.box)[0] > left]
        before = [b.text for b in self._beside(blocks) if b.text and centre(b.box)[0] <= left]
        placed = all(_under(self._heads, b) for b in own)
        return placed and all(map(_NUMBER.fullmatch, before)) and is_foot(b.text for b in own)

    def _beside(self, blocks: list[Block]) -> list[Block]:
        """All cells of a row from left to right, those under no heading of ours too."""
        row = [b for b in self._page if b.ruled and rows_overlap(b.box, blocks[0].box) > 0.5]
        return sorted(row, key=lambda b: b.box[0])

    def _is_heading_again(self, cells: list[Block]) -> bool:
        """Whether the table's heading is printed again: a list in two parts is one."""
        return all(
            any(
                same_column(cell.box, head.box)
                and (found := self._template.match_column(cell.text, self._kind)) is not None
                and (found.field, found.unit) == (match.field, match.unit)
                for cell in cells
            )
            for head, match in self._heads
        )

    def _is_other_heading(self, cells: list[Block]) -> bool:
        """Whether the heading of another table stands in the columns: 材料名称, 文件编号, 份数."""
        columns = ((c for c in cells if same_column(c.box, head.box)) for head, _ in self._heads)
        return are_headings("".join(cell.text for cell in column) for column in columns)

    def _are_pairs(self, blocks: list[Block]) -> bool:
        """Whether all that stands beside these cells is who signed, and when: a label stands where
        a row has its code."""
        codes = [head.box for head, match in self._heads if match.field in PROJECT_CODES]
        labels = [b.text for b in blocks if any(same_column(b.box, box) for box in codes)]
        texts = [b.text for b in self._beside(blocks)]
        return bool(labels) and are_headings(labels) and are_pairs(texts)

    def _has_total(self, at: int) -> bool:
        """Whether a total stands further down: then what is above it is no end of the table."""
        below = (block for band in self._bands[at + 1 :] for block in band)
        return any(self._template.is_total(block.text) for block in below)

    def _again(self, at: int, blocks: list[Block]) -> Table | None:
        """Passes the heading; what is said between both may be that another list follows."""
        top = min(b.box[1] for b in blocks)
        between = [b for b in self._page if b.text and self._last < centre(b.box)[1] < top]
        said = (*(b.text for b in between), *self._strip_above(at))
        if not all(map(_GOES_ON.fullmatch, said)):
            return self._table(True)
        self._mixed |= row_between(self._heads, self._below, self._edge, top)
        self._edge = self._foot = max(b.box[3] for b in blocks if b.ruled)
        self._used |= {id(b) for b in blocks}
        again = tuple(line for b in blocks for line in b.lines)
        self._heads_again += [*(b.lines for b in between), again]
        return None

    def _strip_above(self, at: int) -> list[str]:
        """What stands in the cells above a band, where it is no row."""
        above = (band for band in reversed(self._bands[:at]) if any(b.lines for b in band))
        band = next(above, [])
        texts = [b.text for b in band if b.text]
        return [] if has_amount(self._heads, band) or is_group_sum(texts) else texts

    def _ends_above(self, blocks: list[Block], total: bool) -> bool | None:
        """Whether a row is lost above a band before which the table ends; None where it goes on."""
        top = min(b.box[1] for b in blocks)
        lost = row_between(self._heads, self._below, self._edge, top)
        # What a false rule cut off may be too low for a cell, and leaves a gap.
        near = top < self._foot + _APART * self._high and has_amount(self._heads, blocks)
        apart = top > self._foot + _GAP * max(b.height for b in blocks)
        if not lost and (not apart or (near and total)):
            return None
        return lost or (near and not any(map(self._is_label, blocks)))

    def _is_label(self, block: Block) -> bool:
        return has_label([block.text], self._template, self._kind)

    def _is_other(self, block: Block) -> bool:
        """Whether a label of none of our fields stands where a code would: 传真 in 王明's row."""
        columns = [head.box for head, match in self._heads if match.field in PROJECT_CODES]
        known = self._template.fields[self._kind].ignores(block.text)
        return known and any(same_column(block.box, column) for column in columns)

    def _row_above(self, blocks: list[Block], label: Block) -> bool:
        """Whether lines of a row stand above a label in its own band."""
        top = union(line.box for line in label.lines)[1]
        lines = [Block((x,), x.box) for b in blocks for x in b.lines]
        return row_between(self._heads, lines, -math.inf, top)

    def _sum(self, blocks: list[Block], cells: list[Block], label: Block) -> Table | None:
        """A total ends the table; that of a group does not."""
        self._used |= {id(b) for b in blocks}
        self._last = max(b.box[3] for b in blocks if b.ruled)
        total = total_of(self._heads, cells, self._kind, label)
        if not is_group_sum(b.text for b in cells):
            return self._table(self._row_above(blocks, label), total)
        self._mixed |= self._row_above(blocks, label)
        self._sums.append(tuple(line for b in blocks for line in b.lines))
        self._last_sum = total
        return None

    def _no_row(self, at: int, blocks: list[Block]) -> Table | None:
        """What is no row ends the table, but above its heading printed again; where it has an
        amount, or rows follow, one is lost."""
        if self._found and goes_on_in_strip(self._heads, self._found[-1], blocks):
            last = self._found[-1]
            self._found[-1] = {n: doubted(x) if n in NAMES else x for n, x in last.items()}
        lost = has_amount(self._heads, blocks) or self._goes_on(at)
        lost = lost or row_within(self._heads, blocks)
        if self._heading_follows(at):
            self._mixed |= lost
            return None
        return self._table(lost, rest=is_rest(self._heads, blocks))

    def _heading_follows(self, at: int) -> bool:
        """Whether the next cells with text below a strip are the table's heading once more."""
        below = (band for band in self._bands[at + 1 :] if any(b.lines for b in band))
        return self._is_heading_again(_parted(self._heads, next(below, [])))

    def _goes_on(self, at: int) -> bool:
        """Whether the next band below a strip is a row of the table."""
        foot = max(b.box[3] for b in self._bands[at] if b.ruled)
        for blocks in self._bands[at + 1 : at + 2]:
            cells = _parted(self._heads, blocks)
            ended = any(map(self._is_label, cells))
            near = min(b.box[1] for b in blocks) < foot + _GAP * self._high
            if near and not ended and has_amount(self._heads, cells):
                return _ruled_row(self._heads, cells) is not None
        return False

    def _add(self, row: Row, blocks: list[Block]) -> None:
        self._used |= {id(b) for b in blocks}
        self._high = max(self._high, *(b.height for b in blocks if b.ruled))
        self._last_sum = None
        self._mixed |= _is_part(self._heads, row)
        if any(hit.lines for hit in row.values()):
            self._last = max(b.box[3] for b in blocks if b.ruled)
            self._found.append(row)


def _is_part(heads: Heads, row: Row) -> bool:
    """Whether an amount has no name or code, and no cell for one either: it stands beside that of
    the row above, of whose amount a false rule may have cut it off."""
    named = [match.field for _, match in heads if match.field in (*NAMES, *PROJECT_CODES)]
    said = any(name in row and row[name].lines for name in named)
    valued = any(name in row and row[name].lines for name in AMOUNT.values())
    return valued and not said and not all(name in row for name in named)


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
        cells = [b for b in blocks if b.ruled and same_column(b.box, head.box)]
        loose = [b for b in blocks if b.lines and within_column(b.box, head.box)]
        cells = cells or (_as_one(loose, head.box) if one_row else loose)
        if cells:
            cell = max(cells, key=lambda b: len(b.text))
            hit = hit_of(
                match.field, cell.lines, cell.box, label=head, match=match, ruled=cell.ruled
            )
            # Of several texts one alone may be a part of the value.
            unsure = sum(bool(one.lines) for one in cells) > 1 or _spans_rows(cell, heads, blocks)
            texts = texts_of(cell.lines)
            unsure |= match.field in NAMES and several_names(texts)
            unsure |= match.field in AMOUNT.values() and several_amounts(texts)
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
    return any(same_column(block.box, head.box) for head, _ in heads)


def _as_one(found: list[Block], column: Rect) -> list[Block]:
    """What stands under a heading where no cell was found is one value if it is wrapped: each line
    but the last fills the column. Else it may be two rows' values, or a stamp's word and a name."""
    texts = text_rows([line for block in found for line in block.lines])
    if any(block.ruled for block in found) or not all(fills(text, column) for text in texts[:-1]):
        return found
    lines = tuple(line for text in texts for line in text)
    return [Block(lines, union(block.box for block in found))] if lines else []


def _parted(heads: Heads, blocks: list[Block]) -> list[Block]:
    """Cells that reach under several headings since a rule was not found, parted under them.

    Each part is ordered by itself: a code between two lines of a name makes one row of all three.
    """
    parted: list[Block] = []
    for block in blocks:
        columns = above(heads, block)
        homes = [[x for x in block.lines if within_column(x.box, box)] for box in columns]
        whole = sum(map(len, homes)) == len(block.lines) and all(homes)
        if not block.ruled or len(columns) < 2 or not whole:
            parted.append(block)
            continue
        parted += [
            Block(tuple(in_order(lines)), (box[0], block.box[1], box[2], block.box[3]), ruled=True)
            for lines, box in zip(homes, columns, strict=True)
        ]
    return parted
