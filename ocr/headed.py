"""A label above its value may head a column of rows: the first row's amount is not the whole."""

from collections.abc import Sequence

from ocr.convert import AMOUNTS, convert
from ocr.hits import Hit
from ocr.sheet import Block, columns_overlap, rows_overlap
from ocr.tables import NAMES, has_label
from ocr.whole import doubted
from procedure.forms import FormKind, FormTemplate


def unless_of_rows(
    hit: Hit, value: Block, blocks: Sequence[Block], template: FormTemplate, kind: FormKind
) -> Hit:
    """``hit`` with a doubt where its ``value``, below the label, may be one row's of several: the
    table was not read as one of projects, having no column of codes."""
    if hit.field not in AMOUNTS or hit.label is None:
        return hit
    several = _goes_on(hit, value, blocks, template, kind)
    return doubted(hit) if several or _beside_names(hit.label, blocks, template, kind) else hit


def _goes_on(
    hit: Hit, value: Block, blocks: Sequence[Block], template: FormTemplate, kind: FormKind
) -> bool:
    """Whether further amounts stand below the value, above the next label of its column."""
    below = sorted(
        (
            b
            for b in blocks
            if b.text
            and b is not value
            and b.ruled == value.ruled
            and b.box[1] >= value.box[3] - 0.3 * value.line_height
            and columns_overlap(b.box, value.box) > 0.7
        ),
        key=lambda b: b.box[1],
    )
    for block in below:
        if has_label([block.text], template, kind):
            return False
        if convert(hit.field, block.text, hit.unit) is not None:
            return True
    return False


def _beside_names(
    label: Block, blocks: Sequence[Block], template: FormTemplate, kind: FormKind
) -> bool:
    """Whether the label stands in one row with the heading of projects' names, on a form: one row
    may be all that there is on a page. A screenshot of one operation is laid out like that."""
    row = [b for b in blocks if b.text and rows_overlap(b.box, label.box) > 0.5]
    found = (template.match_column(b.text, kind) for b in row)
    return kind == "application" and any(one is not None and one.field in NAMES for one in found)
