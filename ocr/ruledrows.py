"""Rows of a table whose cells were found by their rules."""

import math
import re
import unicodedata
from dataclasses import replace

from ocr.hits import Hit, Row, hit_of
from ocr.rules import in_order, text_rows
from ocr.sheet import Block, Rect, centre, rows_overlap, union
from ocr.tables import AMOUNT, NAMES, Heads, Table, has_label, total_of
from ocr.whole import DOUBT
from procedure.forms import FormKind, FormTemplate

_CELL = 40
"""Longest text of a cell that may belong to a row; what is longer is a declaration."""
_AMOUNT, _DIGITS = 16, 11
"""Characters and figures that an amount may have: a seal's code has 13, a credit code 18."""
_WHOLE_NAME = re.compile(r"(?![（(]|[一二三四五六七八九十]期|配套|扩建).{3,}(?:项目|工程)")
_REMARK = re.compile(r"备注|说明|附注|附件|承诺|声明|注[:：]|意见|签|盖章|日期|页码|经办|填")
_FOOT = re.compile(r"备注|说明|附注|附件|[合总小共]\s*计")
_NO_NAME = re.compile(r"页|[合总小共]\s*计")
_NUMBER = re.compile(r"[\d壹贰叁肆伍陆柒捌玖]")
_WHOLE_AMOUNT = re.compile(r"(?:\d{1,3}(?:[,.]\d{3})+|\d+(?:\.\d+)?)(?:万?吨.*)?")
"""A number of which a part stands in the next line (1,324,86 and 1) is none."""
_CODES = ("code", "project_code")
_WHOLE_CODE = re.compile(r"[A-Z]{2,}.*\d")
_DATE = re.compile(r"\d{4}\s*[-./年\s]\s*\d{1,2}\b|[年月日]")
_APART = 1.5
"""Heights of the highest cell, of the gap over which a further row may still follow."""
_FULL = 2.5
"""Of a line's height: what a full line of a cell may leave of it, margins and a character."""


def ruled_table(heads: Heads, below: list[Block], template: FormTemplate, kind: FormKind) -> Table:
    """The rows below ``heads``; torn where one is lost, or stands in the cells of another."""
    table = _cells_of_rows(heads, below, template, kind)
    return replace(table, torn=table.torn or any(_is_several(row) for row in table.rows))


def _cells_of_rows(
    heads: Heads, below: list[Block], template: FormTemplate, kind: FormKind
) -> Table:
    rows: list[Row] = []
    used = {id(block) for block, _ in heads}
    edge = foot = max(block.box[3] for block, _ in heads)
    high = max(block.height for block, _ in heads)
    for blocks in _bands(below):
        top = min(b.box[1] for b in blocks)
        lost = _row_between(heads, below, edge, top)
        total = any(template.is_total(b.text) for b in blocks)
        # What a false rule cut off may be too low for a cell, and leaves a gap.
        near = top < foot + _APART * high and _has_amount(heads, blocks)
        if lost or (top > foot + 0.6 * max(b.height for b in blocks) and not (near and total)):
            lost = lost or near
            return Table(tuple(rows), None, frozenset(used), lost)
        edge = max(edge, min(b.box[3] for b in blocks if b.ruled))
        foot = max([edge, *(b.box[3] for b in blocks if b.ruled and _under(heads, b))])
        # Empty cells alone are a blank row, or what a stray rule cut off.
        if not any(b.lines for b in blocks):
            continue
        if total:
            used |= {id(b) for b in blocks}
            return Table(tuple(rows), total_of(heads, blocks, kind), frozenset(used))
        # Labels count wherever they stand: 联系人 may stand in a column of no heading of ours.
        if has_label((b.text for b in blocks), template, kind):
            return Table(tuple(rows), None, frozenset(used))
        row = _ruled_row(heads, _parted(heads, blocks))
        if row is None:
            lost = _is_rest(heads, blocks) or _row_within(heads, blocks)
            return Table(tuple(rows), None, frozenset(used), lost)
        used |= {id(b) for b in blocks}
        high = max(high, *(b.height for b in blocks if b.ruled))
        if any(hit.lines for hit in row.values()):
            rows.append(row)
    lost = _row_between(heads, below, edge, edge + high)
    return Table(tuple(rows), None, frozenset(used), lost)


def _is_several(row: Row) -> bool:
    """Whether a row's cells hold the values of two rows between which no rule was found.

    A cell that reaches below the others of its row says nothing: these have their rows.
    """
    feet = [hit.box[3] for hit in row.values() if hit.ruled]
    return any(
        _has_values(hit) and hit.box[3] < min(feet) + 0.5 * _high(hit)
        for hit in row.values()
        if hit.ruled and hit.lines
    )


def _has_values(hit: Hit) -> bool:
    """Whether lines of an amount's or a code's cell are values each, or one of a name's is what
    stands below a table."""
    texts = ["".join(line.text for line in text) for text in text_rows(hit.lines)]
    plain = [unicodedata.normalize("NFKC", text).strip() for text in texts]
    if hit.field in AMOUNT.values():
        return _amounts(plain) > 1
    if hit.field in NAMES:
        return len(plain) > 1 and any(_FOOT.fullmatch(text) for text in plain)
    numbered = [text for text in plain if re.search(r"\d", text)]
    return hit.field in _CODES and any(_WHOLE_CODE.match(text) for text in numbered[1:])


def _amounts(lines: list[str]) -> int:
    """How many amounts the lines of a cell are: what is none goes on in the next line."""
    count, said = 0, ""
    for line in lines:
        said += re.sub(r"\s", "", line)
        if _WHOLE_AMOUNT.fullmatch(said):
            count, said = count + 1, ""
    return count


def _high(hit: Hit) -> float:
    return Block(hit.lines, hit.box).line_height


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
    name and a code. What has a remark's label before it, or numbers a page, is none."""
    columns = [head.box for head, match in heads if match.field in AMOUNT.values()]
    cells = [b for b in blocks if b.ruled and any(_same_column(b.box, box) for box in columns)]
    noted = [b.box[2] for b in blocks if _REMARK.match(b.text)]
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
    return few and bool(_NUMBER.search(text)) and not _DATE.search(text)


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
            unsure |= match.field in NAMES and _are_names(cell)
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


def _are_names(cell: Block) -> bool:
    """Whether two lines of a cell are whole names, of two rows between which no rule was found."""
    texts = ["".join(line.text for line in text) for text in text_rows(cell.lines)]
    return sum(bool(_WHOLE_NAME.fullmatch(text)) for text in texts) > 1


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
