"""Cells that hold several texts side by side since a rule between them was not found.

Either a label and its value, each a text of its own, or labels with their values behind them.
"""

import itertools
import re
from dataclasses import replace

from ocr.rules import in_order
from ocr.sheet import Block, Line, Sheet, overlap, rows_overlap, union
from procedure.forms import FormKind, FormTemplate

_UNIT = re.compile(r"[（(]?(?:[万千]|[万千]?吨[A-Za-z\d]{0,5}|t[A-Za-z\d]{0,5})[)）]?")
"""A label's unit that was found as a piece of its own: no value stands in it."""
_LEVEL, _REACH = 0.7, 0.6
"""The part of the lower one's height that two lines of one row share; how far, in heights, the box
of a label may reach into its value's."""


def split_cells(sheet: Sheet, template: FormTemplate, kind: FormKind) -> Sheet:
    """Parts a cell where one of its columns of text is a label and another stands beside it.

    Only there: figures that were found in two pieces must stay together.
    """
    if sheet.native:
        return sheet
    blocks: list[Block] = []
    for block in sheet.blocks:
        columns = [list(block.lines)]
        if block.ruled:
            columns = _label_and_value(block, template, kind) or _columns(block)
        if len(columns) > 1 and _are_pairs(columns, template, kind):
            blocks += _parts(block, columns, [True] * len(columns))
            continue
        labels = [_is_label(lines, template, kind) for lines in columns]
        if len(columns) < 2 or not any(labels):
            blocks.append(block)
            continue
        blocks += _parts(block, columns, labels)
    return replace(sheet, blocks=tuple(blocks))


def _columns(block: Block) -> list[list[Line]]:
    """Lines grouped by disjoint spans from left to right."""
    columns: list[list[Line]] = []
    for line in sorted(block.lines, key=lambda item: item.box[0]):
        # Boxes reach a little beyond their text.
        margin = 0.3 * (line.box[3] - line.box[1])
        if columns and (
            line.box[0] < max(other.box[2] for other in columns[-1]) - margin
            or _UNIT.fullmatch(line.text.strip())
        ):
            columns[-1].append(line)
        else:
            columns.append([line])
    if len(columns) > 1 and not _side_by_side(columns):
        return [list(block.lines)]
    return [in_order(lines) for lines in columns]


def _label_and_value(
    block: Block, template: FormTemplate, kind: FormKind
) -> list[list[Line]] | None:
    """A label and what stands behind it in its row, where the box of the one reaches far into that
    of the other; None for anything else: of two labels, or what ends in one, nothing is known."""
    if len(block.lines) != 2:
        return None
    left, right = sorted(block.lines, key=lambda line: line.box[0])
    apart = right.box[0] >= left.box[2] - _REACH * (right.box[3] - right.box[1])
    if not apart or rows_overlap(left.box, right.box) < _LEVEL:
        return None
    labels = [_is_label(each, template, kind) for each in ([left], [right], [left, right])]
    return [[left], [right]] if labels == [True, False, False] else None


def _side_by_side(columns: list[list[Line]]) -> bool:
    boxes = [union(line.box for line in lines) for lines in columns]
    return all(overlap(a[1], a[3], b[1], b[3]) > 0 for a, b in itertools.pairwise(boxes))


def _is_label(lines: list[Line], template: FormTemplate, kind: FormKind) -> bool:
    text = "".join(line.text for line in lines)
    found = template.match_column(text, kind, fuzzy=False) or template.match_label(
        text, kind, fuzzy=False
    )
    return found is not None


def _are_pairs(columns: list[list[Line]], template: FormTemplate, kind: FormKind) -> bool:
    """Whether each column is a line of a label that is read just so and of its value, each another
    one's."""
    texts = [lines[0].text for lines in columns if len(lines) == 1]
    found = [template.split_label(text, kind) for text in texts]
    fields = {one[0].field for one in found if one and one[0].score >= 1 and one[1]}
    return len(fields) == len(columns)


def _parts(block: Block, columns: list[list[Line]], labels: list[bool]) -> list[Block]:
    """Labels alone; what stands between two of them together."""
    groups: list[list[Line]] = []
    for index, (lines, label) in enumerate(zip(columns, labels, strict=True)):
        if groups and not label and not labels[index - 1]:
            groups[-1] += lines
        else:
            groups.append(list(lines))
    parts, left = [], block.box[0]
    for index, lines in enumerate(groups):
        right = block.box[2]
        if index + 1 < len(groups):
            right = (
                max(line.box[2] for line in lines) + min(line.box[0] for line in groups[index + 1])
            ) / 2
        parts.append(Block(tuple(lines), (left, block.box[1], right, block.box[3]), ruled=True))
        left = right
    return parts
