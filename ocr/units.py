"""Amounts whose unit may stand elsewhere: 单位：万吨 above a table, or in a cell behind them."""

import re
import unicodedata
from dataclasses import replace

from ocr.convert import AMOUNTS
from ocr.hits import Hit, Layout
from ocr.sheet import Sheet
from procedure.evidence import UNIT_UNCLEAR
from procedure.values import unit_of

_LARGE = re.compile(
    "[万千亿](?:吨|T(?![A-Z]))|百万吨|(?<![A-Z])[KM]T(?![A-Z])|千克|公斤|(?<![A-Z])KG(?![A-Z])"
)
_OWN = re.compile("吨|(?<![A-Z])T(?![A-Z])")
_SHORT = 30


def with_units(layout: Layout, sheet: Sheet) -> Layout:
    """The layout with a doubt on every amount without a unit of its own where such a note stands.

    A person reads the note; which amounts it is meant for differs from form to form.
    """
    noted = _noted(layout, sheet)
    return replace(
        layout,
        fields={
            name: tuple(_one(hit, noted) for hit in hits) for name, hits in layout.fields.items()
        },
        rows=tuple({name: _one(hit, noted) for name, hit in row.items()} for row in layout.rows),
        total=_one(layout.total, noted) if layout.total else None,
    )


def _noted(layout: Layout, sheet: Sheet) -> bool:
    hits = layout.all_hits()
    own = {line.box for hit in hits for line in hit.lines}
    own |= {line.box for hit in hits if hit.label for line in hit.label.lines}
    return any(
        _LARGE.search(_folded(line.text))
        for line in sheet.lines()
        if len(line.text) <= _SHORT and line.box not in own
    )


def _one(hit: Hit, noted: bool) -> Hit:
    label = _folded(hit.label.text) if hit.label else ""
    odd = bool(_LARGE.search(label)) and unit_of(label) is None
    bare = hit.unit is None and not _OWN.search(_folded(hit.text))
    if hit.field in AMOUNTS and (odd or (noted and bare)):
        return replace(hit, doubts=(*hit.doubts, UNIT_UNCLEAR))
    return hit


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).upper().split())
