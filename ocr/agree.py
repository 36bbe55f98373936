"""Does a page's text layer say what the page shows? Looked at value by value, by recognising it.

A layer may be wrong-encoded, hidden, covered by other print or left over from a template: what a
person sees counts. Every figure and every character must be read the same: firms may differ by one
(治 and 冶). Engines misread some rare ones, of honest names few: of 320 in four faces that the
machine lacks, 160 of them of rare characters alone, 14 were not read as they stand.
"""

import re
import unicodedata
from collections.abc import Sequence

from ocr import inks
from ocr.crops import crop
from ocr.engines import Shelf
from ocr.engines.port import Picture
from ocr.hits import Hit
from ocr.pageview import PageView
from ocr.setapart import closed_up
from ocr.sheet import Line, Rect, union

DIFFERS = "layer-differs"
_SEALED = 0.03
"""The part of a line's place that is red where a seal lies over it."""
_PAPER = 72.0
"""Points of the page that are looked at around the lines."""


def lines_of(hits: Sequence[Hit]) -> list[Line]:
    """The lines that values stand in, each once."""
    return list({line.box: line for hit in hits for line in hit.lines}.values())


def disagreeing(
    hits: Sequence[Hit],
    page: PageView,
    shelf: Shelf,
    proven: frozenset[Rect] = frozenset(),
) -> frozenset[Rect]:
    """Boxes of the lines whose picture says something else.

    Those ``proven`` otherwise are not recognised again; where all are, nothing is drawn.
    """
    left = [line for line in lines_of(hits) if line.box not in proven]
    if not left:
        return frozenset()
    picture, (x0, y0, _, _) = page.part(_around(left))
    mask = inks.red_mask(picture)
    cleaned = inks.without_red(picture, mask)
    there = {line.box: _placed(line, page.scale, x0, y0) for line in left}
    sealed = {box for box, line in there.items() if inks.share(mask, line.box) > _SEALED}
    # What most likely agrees comes first: a line is done with the first look that does.
    looks = ((picture, cleaned, shelf.primary), (cleaned, picture, shelf.primary),
             (cleaned, cleaned, shelf.second))  # fmt: skip
    for bare, under_seal, engine in looks:
        crops = [crop(under_seal if line.box in sealed else bare, there[line.box]) for line in left]
        read = engine.read_lines(
            [_moved_together(strip, line.text) for strip, line in zip(crops, left, strict=True)]
        )
        left = [
            line for line, one in zip(left, read, strict=True) if not _agrees(line.text, one.text)
        ]
        if not left:
            break
    return frozenset(line.box for line in left)


def _moved_together(strip: Picture, text: str) -> Picture:
    """Full-width figures and points are read where they stand as near as others do."""
    found = closed_up(strip, text)
    return strip if found is None else found


def _around(lines: Sequence[Line]) -> Rect:
    """The part of the page, in points, that shows the lines on paper of its own tone."""
    x0, y0, x1, y1 = union(line.box for line in lines)
    return (x0 - _PAPER, y0 - _PAPER, x1 + _PAPER, y1 + _PAPER)


def _placed(line: Line, scale: float, left: int, top: int) -> Line:
    """The line in a picture of ``scale`` pixels a point that begins ``left`` and ``top`` pixels
    from the page's corner."""
    x0, y0, x1, y1 = (value * scale for value in line.box)
    pad = 0.12 * (y1 - y0)
    x0, y0, x1, y1 = x0 - pad - left, y0 - pad - top, x1 + pad - left, y1 + pad - top
    return Line(line.text, (x0, y0, x1, y1), quad=((x0, y0), (x1, y0), (x1, y1), (x0, y1)))


def _agrees(layer: str, seen: str) -> bool:
    return _folded(layer) == _folded(seen)


def _folded(text: str) -> str:
    plain = "".join(unicodedata.normalize("NFKC", text).upper().split())
    # Some faces have the full-width point in the middle of its square.
    plain = re.sub(r"(?<=\d)[·•](?=\d)", ".", plain)
    # One drawing beside characters that are no figures.
    plain = re.sub(r"(?<![0-9A-Z.])[O0〇](?![0-9A-Z.])", "0", plain)
    return re.sub(r"[\s,'‘’，、:：;()（）\-—–]", "", plain)
