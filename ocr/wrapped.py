"""Labels that run over two lines."""

import re
from dataclasses import replace

from ocr.sheet import Block, Sheet, columns_overlap, union
from procedure.forms import FormKind, FormTemplate
from procedure.values import unit_of


def merge_wrapped(sheet: Sheet, template: FormTemplate, kind: FormKind) -> Sheet:
    """Outside of ruled cells a label in two lines is two blocks: join where that makes a label."""
    blocks = list(sheet.blocks)
    for upper in sheet.blocks:
        if upper.ruled or upper not in blocks:
            continue
        lower = _next_below(upper, blocks)
        if lower and _joined_is_better(upper, lower, template, kind):
            merged = Block((*upper.lines, *lower.lines), union((upper.box, lower.box)))
            blocks = [merged if b is upper else b for b in blocks if b is not lower]
    return replace(sheet, blocks=tuple(blocks))


def _next_below(upper: Block, blocks: list[Block]) -> Block | None:
    height = upper.line_height
    near = [
        b
        for b in blocks
        if not b.ruled
        and b is not upper
        and columns_overlap(b.box, upper.box) > 0.5
        and -0.3 * height < b.box[1] - upper.box[3] < 0.8 * height
    ]
    return min(near, key=lambda b: b.box[1]) if near else None


def _joined_is_better(upper: Block, lower: Block, template: FormTemplate, kind: FormKind) -> bool:
    def score(text: str) -> float:
        both = (template.match_label(text, kind), template.match_column(text, kind))
        return max((m.score for m in both if m), default=0.0)

    both = upper.text + lower.text
    if score(both) < 0.9 or score(lower.text) >= 0.9 or re.search(r"\d{3}", lower.text):
        return False
    # A label cut inside its bracket, or before its last word, is a label already; but its unit
    # stands in the next line.
    opened = upper.text.count("（") + upper.text.count("(")
    cut = opened > upper.text.count("）") + upper.text.count(")")
    return score(upper.text) < 0.9 or cut or (unit_of(both) is not None and not unit_of(upper.text))
