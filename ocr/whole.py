"""Is a table read whole? A row that is lost or torn shifts all others: then none is accepted."""

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ocr.hits import Hit, Row
from ocr.rules import text_rows
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
from ocr.tables import NAMES
from procedure.forms import FormKind

DOUBT = "rows-unclear"
_COUNT = re.compile(r"共\s*(\d{1,3})\s*条")
_NOTE = re.compile(
    r"[合总小共]\s*计|备注|^(?:填[报表写]|其[他它]|补充|情况|相关)?说明(?!书)|说明\s*[:：]?\s*$|附注|承诺|声明|注[:：]"
    r"|意见|签\s*(?:[字章名署发批收]|[:：]|$)|盖章|日期|附件|以[上下]|本表|无正文|\d\s*页|\d{4}\s*年"
)
"""What stands below a table and goes on no name."""
_REMARK = re.compile(r"备?注[:：]")
_CLOSE, _THROUGH, _LEVEL = 0.3, 0.25, 0.35
"""Of a line's height: how near the lines of a name stand; how far boxes reach over a rule that runs
beside their text; how far a name stands from the level of its row's values at most."""
_CELL = re.compile(r"\d[\d,.:：\-]{2,}|CCER|自愿|注销|项目$|工程$")


def rows_doubt(
    sheet: Sheet,
    rows: Sequence[Row],
    heads: Sequence[Rect],
    used: frozenset[int],
    kind: FormKind,
    sums: Sequence[Sequence[Line]] = (),
) -> bool:
    """Whether rows or cells may be missing below the heading; ``sums`` stand between the rows."""
    if not rows:
        return False
    return (
        _miscounted(sheet, rows)
        or _torn(rows, kind)
        or _gap(rows, heads, sums)
        or _left_over(sheet, rows, heads, used, _reach(sheet, rows, heads, kind), sums)
    )


def _miscounted(sheet: Sheet, rows: Sequence[Row]) -> bool:
    counts = _counts(sheet)
    return bool(counts) and len(rows) not in counts


def _counts(sheet: Sheet) -> set[int]:
    """The screen says how many rows there are (共 3 条)."""
    text = " ".join(unicodedata.normalize("NFKC", block.text) for block in sheet.blocks)
    return {int(found) for found in _COUNT.findall(text)}


def _reach(sheet: Sheet, rows: Sequence[Row], heads: Sequence[Rect], kind: FormKind) -> float:
    """How far below the last row a further one of a list would stand, if nothing counts them."""
    spans = [union([line.box for line in _lines([row])]) for row in rows if _lines([row])]
    if kind != "cancellation" or _counts(sheet) or not spans:
        return 0.0
    feet = [max(head[3] for head in heads), *(span[3] for span in spans)]
    return max(b - a for a, b in itertools.pairwise(feet))


def _torn(rows: Sequence[Row], kind: FormKind) -> bool:
    """Which rows count is told by their operation; an amount tells that a row is one."""
    key = "operation" if kind == "cancellation" else "amount_t"
    said = [key in row and bool(row[key].lines) for row in rows]
    return any(key in row for row in rows) and not all(said)


def _gap(rows: Sequence[Row], heads: Sequence[Rect], sums: Sequence[Sequence[Line]]) -> bool:
    """Room for a whole row between two, or below the heading: one may not have been found."""
    found = [lines for lines in (*(_lines([row]) for row in rows), *sums) if lines]
    spans = sorted((union(line.box for line in lines) for lines in found), key=lambda box: box[1])
    if not spans:
        return False
    edges = [max(head[3] for head in heads), *(span[3] for span in spans)]
    gaps = [span[1] - edge for span, edge in zip(spans, edges, strict=False)]
    least = min(span[3] - span[1] for span in spans)
    return max(gaps) > max(0.0, min(gaps)) + 1.1 * least


def _left_over(
    sheet: Sheet,
    rows: Sequence[Row],
    heads: Sequence[Rect],
    used: frozenset[int],
    reach: float,
    sums: Sequence[Sequence[Line]],
) -> bool:
    """Text like a cell's that was not used, between the heading and ``reach`` below the rows."""
    x0, y0, x1, y1 = union([*heads, *(line.box for line in _lines(rows))])
    table = (x0, y0, x1, y1 + reach)
    bottom = max(head[3] for head in heads)
    taken = {line.box for line in _lines(rows)} | {line.box for lines in sums for line in lines}
    for block in sheet.blocks:
        if id(block) in used and all(line.box in taken for line in block.lines):
            continue
        for line in block.lines:
            if line.box not in taken and _looks_like_cell(line, table, bottom, heads):
                return True
    return False


def with_cut_names(sheet: Sheet, rows: Sequence[Row], heads: Sequence[Block]) -> tuple[Row, ...]:
    """``rows`` with a doubt at names of which a line may stand in no cell, or in another row's."""
    alone = {hit.lines[0].box for hit in _names(rows) if not text_rows(hit.lines)[1:]}
    # The one line of a row is of no other, wherever a rule runs through it.
    lines = [line for line in sheet.lines() if line.box not in alone]
    own = {line.box for line in _lines(rows)} | {x.box for head in heads for x in head.lines}
    free = [line for line in lines if line.box not in own and not below_table(line.text)]
    cut = {id(hit) for row in rows for hit in _names([row]) if _is_cut(hit, row, lines, free)}
    cut |= _misplaced(rows)
    return tuple(
        {name: doubted(hit) if id(hit) in cut else hit for name, hit in row.items()} for row in rows
    )


def below_table(text: str) -> bool:
    """Whether a text is what stands below a table, and goes on no name."""
    return bool(_NOTE.search(text))


def doubted(hit: Hit) -> Hit:
    """With the doubt, once."""
    return hit if DOUBT in hit.doubts else replace(hit, doubts=(*hit.doubts, DOUBT))


def _misplaced(rows: Sequence[Row]) -> set[int]:
    """Names without cells that may have another row's lines, or lack one of theirs.

    Where rows differ in height, no line between them tells where one ends. A name that has its own
    lines and no other has its row's values beside its middle, or beside its first line in all rows.
    """
    names = [(hit, _away(hit, row)) for row in rows for hit in _names([row]) if not hit.ruled]
    if all(abs(whole) < _LEVEL for _, (whole, _) in names):
        return set()
    if all(abs(first) < _LEVEL for _, (_, first) in names):
        return set()
    return {id(h) for h, (whole, _) in names if abs(whole) >= _LEVEL or text_rows(h.lines)[1:]}


def _away(hit: Hit, row: Row) -> tuple[float, float]:
    """How far a name and its first line stand below its row's other values, in a line's height."""
    values = [other.lines[0].box for other in row.values() if len(other.lines) == 1]
    values = [box for box in values if box != hit.lines[0].box]
    high = Block(hit.lines, hit.box).line_height
    if not values:
        return 0.0, 0.0
    middle = sum(centre(box)[1] for box in values) / len(values)
    first = centre(text_rows(hit.lines)[0][0].box)[1]
    return (centre(hit.value_box)[1] - middle) / high, (first - middle) / high


def _names(rows: Sequence[Row]) -> list[Hit]:
    return [row[name] for row in rows for name in NAMES if name in row and row[name].lines]


def _is_cut(hit: Hit, row: Row, lines: Sequence[Line], free: Sequence[Line]) -> bool:
    if not hit.ruled:
        noted = any(_REMARK.match(line.text) for line in hit.lines)
        return noted or any(_touches(line.box, hit) for line in free)
    others = [other.box for other in row.values() if other is not hit and other.ruled]
    # A line of another row's cell may stand beside a value that two rows have in common.
    return any(
        _crosses(line.box, hit.box) or _beside(line.box, hit.box, others, all) for line in lines
    ) or any(_beside(line.box, hit.box, others, any) for line in free)


def _beside(
    box: Rect, cell: Rect, others: Sequence[Rect], which: Callable[[Iterable[bool]], bool]
) -> bool:
    """Whether a line above or below a name's cell stands beside the row's other values, ``which``
    of them: a false rule cut the name."""
    y = centre(box)[1]
    within = bool(others) and which(other[1] < y < other[3] for other in others)
    return within and not cell[1] < y < cell[3] and _in_column(box, cell)


def _touches(box: Rect, hit: Hit) -> bool:
    """Whether a line that is nobody's stands directly above or below a name that has no cell."""
    name = union(line.box for line in hit.lines)
    slack = _CLOSE * (box[3] - box[1])
    near = abs(name[1] - box[3]) < slack or abs(box[1] - name[3]) < slack
    return near and columns_overlap(box, name) > 0.5


def _crosses(box: Rect, cell: Rect) -> bool:
    """Whether a rule at a cell's top or bottom runs through a line of its column."""
    inset = _THROUGH * (box[3] - box[1])
    through = any(box[1] + inset < edge < box[3] - inset for edge in (cell[1], cell[3]))
    return through and _in_column(box, cell)


def _in_column(box: Rect, cell: Rect) -> bool:
    return overlap(box[0], box[2], cell[0], cell[2]) > 0.8 * (box[2] - box[0])


def _lines(rows: Sequence[Row]) -> list[Line]:
    return [line for row in rows for hit in row.values() for line in hit.lines]


def _looks_like_cell(line: Line, table: Rect, bottom: float, heads: Sequence[Rect]) -> bool:
    x, y = centre(line.box)
    inside = table[0] <= x <= table[2] and bottom < y < table[3]
    in_heading = any(rows_overlap(line.box, head) > 0.5 for head in heads)
    return inside and not in_heading and bool(_CELL.search(line.text))
