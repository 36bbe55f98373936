"""Tables of several rows: CCER projects on a form, operations on a screenshot."""

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ocr.hits import Hit, Row, hit_of
from ocr.sheet import Block, Line, Rect, Sheet, centre, columns_overlap, rows_overlap, union
from ocr.whole import DOUBT, rows_doubt
from procedure.forms import FormKind, FormTemplate, LabelMatch

_ANCHORS = frozenset(
    {"code", "amount_t", "project_code", "quantity_t", "time", "status", "operation"}
)
_NEEDED = {"application": 2, "cancellation": 3}
_AMOUNT = {"application": "amount_t", "cancellation": "quantity_t"}


@dataclass(frozen=True)
class Table:
    """Rows found below a heading. ``used`` are all blocks that belong to the table."""

    rows: tuple[Row, ...] = ()
    total: Hit | None = None
    used: frozenset[int] = frozenset()
    """Ids of blocks."""


Heads = list[tuple[Block, LabelMatch]]


def find_table(sheet: Sheet, template: FormTemplate, kind: FormKind) -> Table:
    """The rows of the best heading on the page; an empty table where there is none."""
    heads = _heading(sheet, template, kind)
    if not heads:
        return Table()
    edge = max(head.box[3] for head, _ in heads)
    slack = 0.3 * min(head.line_height for head, _ in heads)
    # A cell beside the whole table (抵销所用CCER) begins beside its heading: it is no row.
    span = union(head.box for head, _ in heads)
    below = [
        b
        for b in sheet.blocks
        if b.box[1] > edge - slack and span[0] - 4 * slack < centre(b.box)[0] < span[2] + 4 * slack
    ]
    if sum(block.ruled for block, _ in heads) * 2 > len(heads):
        table = _ruled(heads, below, template, kind)
    else:
        table = _unruled(heads, below, template, kind)
    boxes = [head.box for head, _ in heads]
    if sheet.native or not rows_doubt(sheet, table.rows, boxes, table.used, kind):
        return table
    return replace(table, rows=tuple(_doubted(row) for row in table.rows))


def _doubted(row: Row) -> Row:
    return {name: replace(hit, doubts=(*hit.doubts, DOUBT)) for name, hit in row.items()}


def _heading(sheet: Sheet, template: FormTemplate, kind: FormKind) -> Heads:
    found = [(b, m) for b in sheet.blocks if (m := template.match_column(b.text, kind))]
    best: Heads = []
    for block, _ in found:
        row = [(b, m) for b, m in found if rows_overlap(b.box, block.box) > 0.5]
        row = _distinct(row)
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
    if sure < _NEEDED[kind] or _AMOUNT[kind] not in {m.field for _, m in row}:
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


def _ruled(heads: Heads, below: list[Block], template: FormTemplate, kind: FormKind) -> Table:
    rows: list[Row] = []
    used = {id(block) for block, _ in heads}
    edge = max(block.box[3] for block, _ in heads)
    for blocks in _bands(below):
        if min(b.box[1] for b in blocks) > edge + 0.6 * max(b.height for b in blocks):
            break
        edge = max(edge, min(b.box[3] for b in blocks))
        if any(template.is_total(b.text) for b in blocks):
            used |= {id(b) for b in blocks}
            return Table(tuple(rows), _total(heads, blocks, kind), frozenset(used))
        row = _ruled_row(heads, _parted(heads, blocks))
        # Labels count wherever they stand: 联系人 may stand in a column of no heading of ours.
        if row is None or _has_label((b.text for b in blocks), template, kind):
            break
        used |= {id(b) for b in blocks}
        if any(hit.lines for hit in row.values()):
            rows.append(row)
    return Table(tuple(rows), None, frozenset(used))


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
    for head, match in heads:
        cells = [b for b in blocks if b.ruled and _same_column(b.box, head.box)]
        cells = cells or [b for b in blocks if b.lines and _within_column(b.box, head.box)]
        if cells:
            cell = max(cells, key=lambda b: len(b.text))
            hit = hit_of(
                match.field, cell.lines, cell.box, label=head, match=match, ruled=cell.ruled
            )
            row[match.field] = hit
    # A cell that spans several columns is no longer a row of this table.
    return row if len(row) >= max(2, len(heads) - 1) else None


def _parted(heads: Heads, blocks: list[Block]) -> list[Block]:
    """Cells that reach under several headings since a rule was not found, parted under them."""
    parted: list[Block] = []
    for block in blocks:
        above = [h.box for h, _ in heads if block.box[0] < centre(h.box)[0] < block.box[2]]
        homes = [[line for line in block.lines if _within_column(line.box, box)] for box in above]
        whole = sum(map(len, homes)) == len(block.lines) and all(homes)
        if not block.ruled or len(above) < 2 or not whole:
            parted.append(block)
            continue
        parted += [
            Block(tuple(lines), (box[0], block.box[1], box[2], block.box[3]), ruled=True)
            for lines, box in zip(homes, above, strict=True)
        ]
    return parted


def _has_label(texts: Iterable[str], template: FormTemplate, kind: FormKind) -> bool:
    """Whether the table ended and pairs of label and value follow in cells of the same width."""
    return any(template.match_label(text, kind, fuzzy=False) for text in texts if text)


def _same_column(cell: Rect, head: Rect) -> bool:
    slack = 0.15 * (head[2] - head[0])
    return abs(cell[0] - head[0]) < slack and abs(cell[2] - head[2]) < slack


def _within_column(cell: Rect, head: Rect) -> bool:
    """A false wall may have cut a cell, or its own rule was not found."""
    slack = 0.05 * (head[2] - head[0])
    return cell[0] > head[0] - slack and cell[2] < head[2] + slack


def _total(heads: Heads, blocks: list[Block], kind: FormKind) -> Hit | None:
    for head, match in heads:
        if match.field != _AMOUNT[kind]:
            continue
        for block in blocks:
            if columns_overlap(block.box, head.box) > 0.6 and re.search(r"\d", block.text):
                return hit_of(
                    "total", block.lines, block.box, label=head, match=match, ruled=block.ruled
                )
    return None


def _unruled(heads: Heads, below: list[Block], template: FormTemplate, kind: FormKind) -> Table:
    lines = [(b, line) for b in below for line in b.lines]
    columns: dict[str, list[Line]] = {match.field: [] for _, match in heads}
    owner: dict[int, Block] = {}
    for block, line in lines:
        name = _column_of(line, heads)
        if name:
            columns[name].append(line)
            owner[id(line)] = block
    anchors = _anchors(columns, heads)
    rows, used, total = [], {id(block) for block, _ in heads}, None
    for index, anchor in enumerate(anchors):
        low = (anchors[index - 1] + anchor) / 2 if index else anchor - _pitch(anchors, index, heads)
        high = (
            (anchor + anchors[index + 1]) / 2
            if index + 1 < len(anchors)
            else anchor + _pitch(anchors, index, heads)
        )
        band = [b for b, line in lines if low < centre(line.box)[1] <= high]
        row = _unruled_row(heads, columns, low, high)
        if _has_label((hit.text for hit in row.values()), template, kind):
            break
        used |= {id(owner[id(line)]) for hit in row.values() for line in hit.lines}
        if any(template.is_total(b.text) for b in band):
            used |= {id(b) for b in band}
            total = row.get(_AMOUNT[kind])
            break
        rows.append(row)
    return Table(tuple(rows), total, frozenset(used))


def _column_of(line: Line, heads: Heads) -> str | None:
    """The nearest heading, by middle or by left edge; None for text that spans beyond one."""
    best, name = float("inf"), None
    for head, match in heads:
        away = min(abs(centre(line.box)[0] - centre(head.box)[0]), abs(line.box[0] - head.box[0]))
        if away < best:
            best, name = away, match.field
    crossed = sum(line.box[0] < centre(h.box)[0] < line.box[2] for h, _ in heads)
    return name if crossed <= 1 else None


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
    return _unbroken(strong, heads)


def _unbroken(middles: list[float], heads: Heads) -> list[float]:
    """Rows follow one another; after a wide gap something else begins."""
    kept: list[float] = []
    last = max(head.box[3] for head, _ in heads)
    height = max(head.line_height for head, _ in heads)
    pitch = 6 * height
    for middle in middles:
        if middle - last > pitch:
            break
        pitch = max(4 * height, 1.8 * (middle - last)) if kept else pitch
        kept.append(middle)
        last = middle
    return kept


def _middle(lines: Iterable[Line]) -> float:
    ys = [centre(line.box)[1] for line in lines]
    return sum(ys) / len(ys)


def _pitch(anchors: list[float], index: int, heads: Heads) -> float:
    gaps = [b - a for a, b in itertools.pairwise(anchors)]
    return min(gaps) / 2 if gaps else 1.6 * max(head.line_height for head, _ in heads)


def _unruled_row(
    heads: Heads, columns: dict[str, list[Line]], low: float, high: float
) -> dict[str, Hit]:
    row: dict[str, Hit] = {}
    for head, match in heads:
        lines = [item for item in columns[match.field] if low < centre(item.box)[1] <= high]
        lines.sort(key=lambda item: (round(centre(item.box)[1] / 6), item.box[0]))
        box = union(line.box for line in lines) if lines else (head.box[0], low, head.box[2], high)
        row[match.field] = hit_of(match.field, tuple(lines), box, label=head, match=match)
    return row
