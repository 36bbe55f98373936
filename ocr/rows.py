"""Tables of several rows: CCER projects on a form, operations on a screenshot."""

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ocr.cellvalues import amounts_in, joins_names, several_names, texts_of
from ocr.hits import Hit, Row
from ocr.looserows import loose_table
from ocr.lostheads import with_lost_amounts
from ocr.ruledrows import ruled_table
from ocr.sheet import (
    Block,
    Line,
    Rect,
    Sheet,
    centre,
    columns_overlap,
    overlap,
    rows_overlap,
    union,
)
from ocr.tables import AMOUNT, NAMES, Heads, Table
from ocr.whole import doubted, rows_doubt, with_cut_names
from ocr.wrapped import merge_wrapped
from procedure.forms import FormKind, FormTemplate, LabelMatch

_NUMBER = re.compile(r"[\d,，.\s]+")
_RULE = 4
"""Pixels by which cells may overlap that a rule parts."""
_NEEDED = {"application": 2, "cancellation": 3}


@dataclass(frozen=True)
class _Attempt:
    """A table as one way of looking at the page gives it."""

    table: Table
    doubtful: bool

    @property
    def cells(self) -> int:
        return sum(bool(hit.lines) for row in self.table.rows for hit in row.values())


def find_table(sheet: Sheet, template: FormTemplate, kind: FormKind) -> Table:
    """The rows of the best heading on the page; an empty table where there is none.

    Cells are the surest rows where all rules were found. On worn copies some were not, and rows
    would be lost with them: then the lines of text themselves tell the rows.
    """
    ruled = _attempt(sheet, template, kind)
    if sheet.native:
        # Its cells are those of the file: what lies in them is what may be wrong.
        return _marked(replace(ruled, doubtful=ruled.table.mixed))
    if ruled.table.rows and not ruled.doubtful:
        return ruled.table
    lines = merge_wrapped(_loosened(sheet), template, kind)
    loose = _attempt(lines, template, kind)
    if len(loose.table.rows) < _least(ruled.table, loose.table.total is not None):
        loose = replace(loose, doubtful=True)
    if loose.table.rows and (not loose.doubtful or loose.cells > ruled.cells):
        used = _blocks_of(loose.table, lines, sheet)
        return _marked(replace(loose, table=replace(loose.table, used=used)))
    return _marked(ruled)


def _least(ruled: Table, with_total: bool) -> int:
    """How many rows there are at least, by the cells: one amount in them may be the total."""
    return max(len(ruled.rows) + ruled.torn, amounts_in(ruled.rows) - with_total)


def column_heads(sheet: Sheet, template: FormTemplate, kind: FormKind) -> list[Rect]:
    """Boxes of all headings of the page's table, ours and others, from left to right."""
    lines = merge_wrapped(_loosened(sheet), template, kind)
    heads = _heading(lines, template, kind)
    boxes = [block.box for block, _ in heads] + [b.box for b in _others(lines, heads)]
    return sorted(boxes) if heads else []


def _attempt(sheet: Sheet, template: FormTemplate, kind: FormKind) -> _Attempt:
    heads = _heading(sheet, template, kind)
    if not heads:
        return _Attempt(Table(), False)
    ruled = sum(block.ruled for block, _ in heads) * 2 > len(heads)
    below = _below(sheet, heads, template, ruled)
    if ruled:
        table = ruled_table(heads, below, template, kind, sheet.blocks)
        table = replace(table, torn=table.torn or _begins_in_heading(sheet, heads))
    else:
        table = loose_table(heads, _others(sheet, heads), below, template, kind)
    if not table.rows:
        return _Attempt(Table(), False)
    boxes = [head.box for head, _ in heads]
    table = replace(table, rows=tuple(map(_with_joint_names, table.rows)))
    if not sheet.native:
        cut = with_cut_names(sheet, table.rows, [head for head, _ in heads])
        table = replace(table, rows=cut)
    doubt = rows_doubt(sheet, table.rows, boxes, table.used, kind, table.sums)
    return _Attempt(table, table.torn or doubt)


def _with_joint_names(row: Row) -> Row:
    """A name that says two is a doubt, whoever found its cell."""
    return {
        name: doubted(hit) if name in NAMES and _says_two(hit) else hit for name, hit in row.items()
    }


def _says_two(hit: Hit) -> bool:
    return several_names(texts_of(hit.lines)) or joins_names(hit.text)


def _below(sheet: Sheet, heads: Heads, template: FormTemplate, ruled: bool) -> list[Block]:
    """What stands below a heading, and not beside the table: a cell beside the whole of it
    (抵销所用CCER) begins beside its heading and is no row."""
    edge = max(head.box[3] for head, _ in heads)
    slack = 0.3 * min(head.line_height for head, _ in heads)
    span = union(head.box for head, _ in heads)
    # A cell of two columns of which the left one's heading was not read is of the table too.
    first = centre(heads[0][0].box)[0] if ruled else math.inf
    return [
        b
        for b in sheet.blocks
        if b.box[1] > edge - slack
        and centre(b.box)[0] < span[2] + 4 * slack
        and (
            centre(b.box)[0] > span[0] - 4 * slack
            or (b.ruled and b.box[2] > first)
            or template.is_total(b.text)
        )
    ]


def _begins_in_heading(sheet: Sheet, heads: Heads) -> bool:
    """Whether the rule between a heading and the first row was not found below it: its cell has the
    row's value, and the row's other cells stand beside it, where none is looked for."""
    edge = max(head.box[3] for head, _ in heads)
    valued = any(
        _NUMBER.fullmatch(line.text)
        for head, match in heads
        for line in head.lines[1:]
        if match.field in AMOUNT.values()
    )
    return valued or any(
        block.text
        and head.box[3] <= block.box[1] + _RULE
        and centre(block.box)[1] < edge
        and columns_overlap(block.box, head.box) > 0.6
        for block in sheet.blocks
        for head, _ in heads
    )


def _marked(attempt: _Attempt) -> Table:
    if not attempt.doubtful:
        return attempt.table
    rows = ({name: doubted(hit) for name, hit in row.items()} for row in attempt.table.rows)
    return replace(attempt.table, rows=tuple(rows))


def _others(sheet: Sheet, heads: Heads) -> list[Block]:
    """Headings of the same row that are none of ours: their columns are not read as our own."""
    own = {id(block) for block, _ in heads}
    if not heads:
        return []
    row = union(block.box for block, _ in heads)
    height = max(block.line_height for block, _ in heads)
    low = [
        block
        for block in sheet.blocks
        if block.text and id(block) not in own and block.height < 2.5 * height
    ]
    return [
        block
        for block in (*low, *_stacked(low, row, height))
        if overlap(block.box[1], block.box[3], row[1], row[3]) > 0.7 * block.height
        or abs(centre(block.box)[1] - centre(row)[1]) < 0.3 * min(height, block.line_height)
    ]


def _stacked(blocks: Sequence[Block], row: Rect, height: float) -> list[Block]:
    """Headings in two lines: neither line stands in the row of those in one."""
    near = [b for b in blocks if abs(centre(b.box)[1] - centre(row)[1]) < 1.5 * height]
    return [
        Block((*upper.lines, *lower.lines), union((upper.box, lower.box)))
        for upper, lower in itertools.permutations(near, 2)
        if columns_overlap(upper.box, lower.box) > 0.5
        and -0.4 * height < lower.box[1] - upper.box[3] < 0.6 * height
    ]


def _loosened(sheet: Sheet) -> Sheet:
    """Every line as a block of its own, as if the page had no rules."""
    kept: list[Line] = []
    for line in sorted(sheet.lines(), key=lambda item: -item.confidence):
        if not any(_same_place(line, other) for other in kept):
            kept.append(line)
    kept.sort(key=lambda item: (item.box[1], item.box[0]))
    return replace(sheet, blocks=tuple(Block((line,), line.box) for line in kept))


def _same_place(one: Line, other: Line) -> bool:
    width = min(one.box[2] - one.box[0], other.box[2] - other.box[0])
    across = overlap(one.box[0], one.box[2], other.box[0], other.box[2]) > 0.6 * width
    return across and rows_overlap(one.box, other.box) > 0.6


def _blocks_of(table: Table, lines: Sheet, sheet: Sheet) -> frozenset[int]:
    """Which blocks of the page itself belong to a table that was read line by line."""
    own = {line.box for b in lines.blocks if id(b) in table.used for line in b.lines}
    return frozenset(id(b) for b in sheet.blocks if b.lines and {x.box for x in b.lines} <= own)


def _heading(sheet: Sheet, template: FormTemplate, kind: FormKind) -> Heads:
    found = [(b, m) for b in sheet.blocks if (m := template.match_column(b.text, kind))]
    best: Heads = []
    for block, _ in found:
        row = [(b, m) for b, m in found if rows_overlap(b.box, block.box) > 0.5]
        row = with_lost_amounts(_distinct(row), sheet, kind)
        if _is_heading(row, sheet, template, kind) and len(row) > len(best):
            best = row
    return best


def _distinct(row: Heads) -> Heads:
    by_field: dict[str, tuple[Block, LabelMatch]] = {}
    for block, match in row:
        if match.field not in by_field or match.score > by_field[match.field][1].score:
            by_field[match.field] = (block, match)
    return sorted(by_field.values(), key=lambda pair: pair[0].box[0])


def _is_heading(row: Heads, sheet: Sheet, template: FormTemplate, kind: FormKind) -> bool:
    sure = sum(match.score >= 0.9 for _, match in row)
    if sure < _NEEDED[kind] or AMOUNT[kind] not in {m.field for _, m in row}:
        return False
    span = union(block.box for block, _ in row)
    middle = centre(row[0][0].box)
    # Labels beside their values come in turns with them: that is no heading.
    between = [
        b
        for b in sheet.blocks
        if b.text
        and span[0] <= centre(b.box)[0] <= span[2]
        and rows_overlap(b.box, row[0][0].box) > 0.5
        and abs(centre(b.box)[1] - middle[1]) < b.height
    ]
    return len(row) >= 0.6 * len(between)
