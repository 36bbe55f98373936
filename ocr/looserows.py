"""Rows of a table without (usable) rules: lines that stand under headings, row by row."""

import itertools
import math
import statistics
from collections.abc import Iterable, Iterator, Sequence

from ocr.astray import Column, marked, settle
from ocr.hits import Hit, Row, hit_of
from ocr.rules import in_order
from ocr.sheet import Block, Line, centre, rows_overlap, union
from ocr.tables import (
    AMOUNT,
    NAMES,
    PROJECT_CODES,
    Heads,
    Table,
    has_label,
    is_foot,
    is_group_sum,
    turns_pages,
)
from procedure.forms import FormKind, FormTemplate

_ANCHORS = frozenset(
    {"code", "amount_t", "project_code", "quantity_t", "time", "status", "operation"}
)
_LARGER = 1.6
_STACKED = 1.6
"""Of a heading's height: how far apart the middles of a wrapped name's lines are at most."""
_WORDS = {"operation", "status"}
"""Cells of one known word: without a piece of its own it is none. A figure would be another one."""


def loose_table(
    heads: Heads,
    others: list[Block],
    below: list[Block],
    template: FormTemplate,
    kind: FormKind,
) -> Table:
    """Rows under ``heads``; under ``others``, headings that are none of ours, nothing is read."""
    lines = [(b, line) for b in below for line in b.lines if not turns_pages(line)]
    placed = [(block, line) for block, line in lines if not is_foot([line.text])]
    named = [Column(head.box, match.field, []) for head, match in heads]
    named += [Column(block.box, "", []) for block in others]
    owner = {id(line): id(block) for block, line in placed}
    for _, line in placed:
        if column := _column_of(line, named):
            column.lines.append(line)
    unsure = settle(named, lambda text: has_label([text], template, kind))
    columns = {column.field: column.lines for column in named if column.field}
    sums = [(b, line) for b, line in placed if template.is_total(line.text)]
    end = min((centre(line.box)[1] for _, line in sums), default=float("inf"))
    used = {id(block) for block, _ in heads} | {id(block) for block, _ in sums}
    rows: list[Row] = []
    for low, high in _bands(columns, heads, end):
        row = marked(_row(heads, columns, low, high), unsure)
        if has_label(_words(row), template, kind) or _is_other(row, template, kind):
            return Table(tuple(rows), None, frozenset(used))
        used |= {owner[id(line)] for hit in row.values() for line in hit.lines}
        rows.append(row)
    total = _total(heads, columns, sums, kind)
    used |= {owner[id(line)] for line in total.lines} if total else set()
    cells = [row[AMOUNT[kind]] for row in rows if AMOUNT[kind] in row]
    torn = any(sum(any(map(str.isdigit, x.text)) for x in hit.lines) > 1 for hit in cells)
    labels = [line for _, line in placed if has_label([line.text], template, kind)]
    lost = _go_on(columns, heads, [line for _, line in sums], labels)
    return Table(tuple(rows), total, frozenset(used), torn or lost, lost)


def _go_on(
    columns: dict[str, list[Line]], heads: Heads, sums: Sequence[Line], labels: Sequence[Line]
) -> bool:
    """Whether rows follow the sum of a group, at which the reading ends; a contact's is none."""
    groups = [line for line in sums if is_group_sum([line.text])]
    end = min((centre(line.box)[1] for line in groups), default=math.inf)
    behind = [anchor for anchor in _anchors(columns, heads) if anchor > end]
    others = [line.box for line in (*sums, *labels)]
    return any(all(not box[1] < anchor < box[3] for box in others) for anchor in behind)


def _is_other(row: Row, template: FormTemplate, kind: FormKind) -> bool:
    """Whether a label of none of our fields stands where a code would: 传真 in 王明's row."""
    codes = (hit.text for name, hit in row.items() if name in PROJECT_CODES)
    return any(map(template.fields[kind].ignores, codes))


def _words(row: Row) -> list[str]:
    """What may be the label of a contact's row: a name may stand before the label of the phone in
    one column. A line of a wrapped name may be any word, but the last one beside the values."""
    others = [x for name, hit in row.items() if name not in NAMES for x in hit.lines]
    last = [hit.lines[-1] for name, hit in row.items() if name in NAMES and hit.lines]
    level = [x for x in last if any(rows_overlap(x.box, y.box) > 0.7 for y in others)]
    return [*(x.text for x in (*others, *level)), *(hit.text for hit in row.values())]


def _of_a_ring(line: Line, height: float) -> bool:
    """Pieces of a seal's ring that stayed when it was taken off are larger than print, or slant."""
    return line.source == "clean" and line.box[3] - line.box[1] > _LARGER * height


def _total(
    heads: Heads, columns: dict[str, list[Line]], sums: list[tuple[Block, Line]], kind: FormKind
) -> Hit | None:
    """What stands beside 合计, or the only 小计, under the amounts' heading."""
    named = [line.box for _, line in sums if len(sums) == 1 or not is_group_sum([line.text])]
    for head, match in heads:
        lines = [
            x for x in columns[match.field] if any(rows_overlap(x.box, b) > 0.5 for b in named)
        ]
        if match.field == AMOUNT[kind] and lines:
            box = union(line.box for line in lines)
            return hit_of("total", tuple(lines), box, label=head, match=match)
    return None


def _bands(
    columns: dict[str, list[Line]], heads: Heads, end: float
) -> Iterator[tuple[float, float]]:
    """Upper and lower edge of each row, from the top."""
    # The sum stands in the row of its label, a pixel above it or below.
    slack = 0.5 * min(head.line_height for head, _ in heads)
    anchors = [anchor for anchor in _anchors(columns, heads) if anchor < end - slack]
    half = _half_pitch(anchors, heads)
    for index, anchor in enumerate(anchors):
        low = (anchors[index - 1] + anchor) / 2 if index else anchor - half
        last = index + 1 == len(anchors)
        high = min(anchor + half, (anchor + end) / 2) if last else (anchor + anchors[index + 1]) / 2
        yield low, high


def _column_of(line: Line, columns: Sequence[Column]) -> Column | None:
    """The nearest heading's, by middle or by left edge; None for text that spans beyond one."""

    def away(column: Column) -> float:
        by_middle = abs(centre(line.box)[0] - centre(column.box)[0])
        return min(by_middle, abs(line.box[0] - column.box[0]))

    crossed = sum(line.box[0] < centre(column.box)[0] < line.box[2] for column in columns)
    return min(columns, key=away) if crossed <= 1 else None


def _anchors(columns: dict[str, list[Line]], heads: Heads) -> list[float]:
    """Middles of rows: cells of these columns have one line, so theirs are the rows' middles."""
    found = [line for name, lines in columns.items() if name in _ANCHORS for line in lines]
    clusters: list[list[Line]] = []
    for line in sorted(found, key=lambda item: centre(item.box)[1]):
        height = line.box[3] - line.box[1]
        if clusters and centre(line.box)[1] - _middle(clusters[-1]) < 0.7 * height:
            clusters[-1].append(line)
        else:
            clusters.append([line])
    strong = [_middle(c) for c in clusters if len(c) >= 2]
    names = [centre(line.box)[1] for name in NAMES for line in columns.get(name, ())]
    return _unbroken(strong, sorted(names), heads)


def _unbroken(middles: list[float], names: list[float], heads: Heads) -> list[float]:
    """Rows follow one another; after a wide gap something else begins, but where the lines of a
    name fill it."""
    kept: list[float] = []
    last = max(head.box[3] for head, _ in heads)
    height = max(head.line_height for head, _ in heads)
    pitch = 6 * height
    for middle in middles:
        if middle - last <= pitch:
            pitch = max(4 * height, 1.8 * (middle - last)) if kept else pitch
        elif not _is_filled(
            [last, *(y for y in names if last < y < middle), middle], height, pitch
        ):
            break
        kept.append(middle)
        last = middle
    return kept


def _is_filled(stops: list[float], height: float, pitch: float) -> bool:
    """Whether lines of names stand one below the other all the way between two rows, with the one
    gap that is between rows."""
    steps = sorted(b - a for a, b in itertools.pairwise(stops))
    return steps[-1] <= pitch and all(step < _STACKED * height for step in steps[:-1])


def _middle(lines: Iterable[Line]) -> float:
    ys = [centre(line.box)[1] for line in lines]
    return sum(ys) / len(ys)


def _half_pitch(anchors: list[float], heads: Heads) -> float:
    gaps = [b - a for a, b in itertools.pairwise(anchors)]
    return min(gaps) / 2 if gaps else 1.6 * max(head.line_height for head, _ in heads)


def _row(heads: Heads, columns: dict[str, list[Line]], low: float, high: float) -> dict[str, Hit]:
    row: dict[str, Hit] = {}
    inside = [x for lines in columns.values() for x in lines if low < centre(x.box)[1] <= high]
    height = statistics.median(line.box[3] - line.box[1] for line in inside) if inside else 0.0
    for head, match in heads:
        lines = [x for x in columns[match.field] if x in inside]
        if match.field in _WORDS:
            lines = [x for x in lines if not _of_a_ring(x, height)]
        box = union(line.box for line in lines) if lines else (head.box[0], low, head.box[2], high)
        hit = hit_of(match.field, tuple(in_order(lines)), box, label=head, match=match)
        row[match.field] = hit
    return row
