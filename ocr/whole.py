"""Is a table read whole? A row that is lost or torn shifts all others: then none is accepted."""

import itertools
import re
import unicodedata
from collections.abc import Sequence

from ocr.hits import Row
from ocr.sheet import Line, Rect, Sheet, centre, rows_overlap, union
from procedure.forms import FormKind

DOUBT = "rows-unclear"
_COUNT = re.compile(r"共\s*(\d{1,3})\s*条")
_CELL = re.compile(r"\d[\d,.:：\-]{2,}|CCER|自愿|注销|项目$|工程$")


def rows_doubt(
    sheet: Sheet, rows: Sequence[Row], heads: Sequence[Rect], used: frozenset[int], kind: FormKind
) -> bool:
    """Whether rows or cells may be missing below the heading."""
    if not rows:
        return False
    return (
        _miscounted(sheet, rows)
        or _torn(rows, kind)
        or _gap(rows, heads)
        or _left_over(sheet, rows, heads, used, _reach(sheet, rows, heads, kind))
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


def _gap(rows: Sequence[Row], heads: Sequence[Rect]) -> bool:
    """Room for a whole row between two, or below the heading: one may not have been found."""
    spans = [union([line.box for line in _lines([row])]) for row in rows if _lines([row])]
    if not spans:
        return False
    edges = [max(head[3] for head in heads), *(span[3] for span in spans)]
    gaps = [span[1] - edge for span, edge in zip(spans, edges, strict=False)]
    least = min(span[3] - span[1] for span in spans)
    return max(gaps) > max(0.0, min(gaps)) + 1.1 * least


def _left_over(
    sheet: Sheet, rows: Sequence[Row], heads: Sequence[Rect], used: frozenset[int], reach: float
) -> bool:
    """Text like a cell's that was not used, between the heading and ``reach`` below the rows."""
    x0, y0, x1, y1 = union([*heads, *(line.box for line in _lines(rows))])
    table = (x0, y0, x1, y1 + reach)
    bottom = max(head[3] for head in heads)
    taken = {line.box for line in _lines(rows)}
    for block in sheet.blocks:
        if id(block) in used and all(line.box in taken for line in block.lines):
            continue
        for line in block.lines:
            if line.box not in taken and _looks_like_cell(line, table, bottom, heads):
                return True
    return False


def _lines(rows: Sequence[Row]) -> list[Line]:
    return [line for row in rows for hit in row.values() for line in hit.lines]


def _looks_like_cell(line: Line, table: Rect, bottom: float, heads: Sequence[Rect]) -> bool:
    x, y = centre(line.box)
    inside = table[0] <= x <= table[2] and bottom < y < table[3]
    in_heading = any(rows_overlap(line.box, head) > 0.5 for head in heads)
    return inside and not in_heading and bool(_CELL.search(line.text))
