"""A line that detection drew across two columns of a table without rules is read again in pieces.

Only where paper shows between them: the cut is made in the widest gap without ink between the
middles of the two headings.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ocr.crops import crop
from ocr.engines import Shelf
from ocr.scan import Scan
from ocr.sheet import Line, Rect, Sheet, centre

_LABEL = re.compile(r"[^\d\s][:：]")
"""A label with its value in one line: that is no line of the table."""
_GAP = 0.45
"""Least width of a gap, in heights of the line: between characters there is less."""


def cut_columns(page: Scan, heads: Sequence[Rect], shelf: Shelf) -> Sheet:
    """The page's sheet with lines below ``heads`` (boxes from left to right) cut at columns."""
    edge = max((head[3] for head in heads), default=float("inf"))
    pieces: dict[Line, list[Line]] = {}
    for line in page.sheet.lines():
        in_table = line.box[1] > edge - 3 and not _LABEL.search(line.text)
        cuts = _cuts(line, heads, page) if in_table else []
        if cuts:
            pieces[line] = _pieces(line, cuts, page)
    if not pieces:
        return page.sheet
    parts = [part for parts in pieces.values() for part in parts]
    found = shelf.primary.read_lines([crop(page.picture, part, 0.0) for part in parts])
    read = {
        part: replace(part, text=one.text, confidence=one.confidence, each=one.each)
        for part, one in zip(parts, found, strict=True)
    }
    whole = {line: tuple(read[part] for part in parts) for line, parts in pieces.items()}
    # A piece in which nothing is read means that the cut was none.
    whole = {line: parts for line, parts in whole.items() if all(p.text.strip() for p in parts)}
    blocks = [
        replace(b, lines=tuple(part for line in b.lines for part in whole.get(line, (line,))))
        for b in page.sheet.blocks
    ]
    return replace(page.sheet, blocks=tuple(blocks))


def _cuts(line: Line, heads: Sequence[Rect], page: Scan) -> list[float]:
    """Where the line is to be cut; [] where it stands under one heading, or shows no gap."""
    x0, _, x1, _ = line.box
    under = [centre(head)[0] for head in heads if x0 < centre(head)[0] < x1]
    cuts = []
    for left, right in itertools.pairwise(under):
        cut = _gap(line.box, left, right, page)
        if cut is None:
            return []
        cuts.append(cut)
    return cuts


def _gap(box: Rect, left: float, right: float, page: Scan) -> float | None:
    y0, y1 = int(box[1]), int(box[3]) + 1
    strip = page.ink[max(0, y0) : y1, int(left) : int(right)]
    if not strip.size:
        return None
    dark = np.concatenate([[True], (strip > 0).any(axis=0), [True]])
    edges = np.flatnonzero(dark)
    widths = np.diff(edges) - 1
    best = int(np.argmax(widths))
    second = max(np.delete(widths, best), default=0)
    if widths[best] < max(_GAP * (box[3] - box[1]), 2 * second):
        return None
    return float(int(left) + edges[best] + widths[best] / 2)


def _pieces(line: Line, cuts: Sequence[float], page: Scan) -> list[Line]:
    x0, y0, x1, y1 = line.box
    edges = [x0, *cuts, x1]
    boxes = [(a, y0, b, y1) for a, b in itertools.pairwise(edges)]
    return [replace(line, box=box, quad=page.flat.back(box)) for box in boxes]
