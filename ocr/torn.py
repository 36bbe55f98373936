"""Dates of which only pieces were found are read again as one line.

Detection loses single strokes (一, 〇, 1) and what a seal lies over, so that 二〇二一年十月二十九日
comes as 二一年十月 and 九日. The stretch from the label to the end of the row is read once more.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from ocr import inks
from ocr.convert import convert
from ocr.crops import crop
from ocr.engines import Shelf
from ocr.engines.port import Picture
from ocr.sheet import Line, rows_overlap, union

_PIECE = re.compile(r"[\d〇零○O一二三四五六七八九十年月日号.\-/ ]{1,16}")
_HINT = re.compile(r"\d年|年.{0,3}月|[〇零○O一二三]年|月.{1,3}日|20[12]\d[-./]\d")
_LONGEST = 26
_NEAR = 3.0
"""Heights of the line between two pieces of one date."""
_REACH = 2.4
"""Heights of the line that may be missing at either end."""
_RED_SHARE = 0.004
_ROOM, _FAINT = 1.1, 0.2


def date_of(text: str) -> str | None:
    """The date that a line says behind its label, None for none, or for one that may be cut."""
    plain = re.sub(r"^[^\d:：〇一二]{0,10}[:：]?\s*(?=[\d二])", "", text)
    if may_be_cut(plain):
        return None
    value = convert("date", plain)
    return str(value) if value else None


def may_be_cut(date: str) -> bool:
    """2021年12月1 may be what is left of 17日, and 2021-12-1 of 2021-12-17: both read it alike."""
    date = date.strip(" .。")
    return bool(re.search(r"月[^日号]*$", date)) or bool(re.search(r"[-./年月]\d$", date))


def ends_free(picture: Picture, line: Line) -> bool:
    """Whether nothing at all is printed behind a line for the width of a character."""
    strip = cv2.cvtColor(crop(picture, line, _ROOM), cv2.COLOR_BGR2GRAY).astype(np.float32)
    ink = np.clip(np.percentile(strip, 90) - strip, 0, None)
    behind = ink[:, strip.shape[1] - round(0.9 * strip.shape[0]) :]
    return bool(behind.size) and float(behind.max()) < _FAINT * float(ink.max())


def joined_dates(
    lines: Sequence[Line], picture: Picture, cleaned: Picture, red: inks.Mask, shelf: Shelf
) -> list[Line]:
    """``lines`` with the pieces of a torn date replaced by what stands in the whole stretch."""
    kept = list(lines)
    for line in lines:
        if line not in kept or not _torn(line.text):
            continue
        pieces = _pieces(line, kept)
        others = [other for other in kept if other not in pieces]
        whole = _whole(pieces, others)
        clean = inks.share(red, whole.box) > _RED_SHARE
        said = shelf.primary.read_lines([crop(cleaned if clean else picture, whole)])[0]
        if date_of(said.text):
            whole = replace(whole, text=said.text, confidence=said.confidence)
            kept = [*others, replace(whole, source="clean" if clean else "raw")]
    return kept


def _torn(text: str) -> bool:
    return len(text) <= _LONGEST and bool(_HINT.search(text)) and date_of(text) is None


def _pieces(line: Line, lines: Sequence[Line]) -> list[Line]:
    """The pieces of a date in the row of ``line``, from left to right."""
    height = line.box[3] - line.box[1]
    row = [
        other
        for other in lines
        if other is line
        or (rows_overlap(other.box, line.box) > 0.6 and _PIECE.fullmatch(other.text.strip()))
    ]
    row.sort(key=lambda item: item.box[0])
    at = row.index(line)
    low = high = at
    while high + 1 < len(row) and row[high + 1].box[0] - row[high].box[2] < _NEAR * height:
        high += 1
    while low > 0 and row[low].box[0] - row[low - 1].box[2] < _NEAR * height:
        low -= 1
    return row[low : high + 1]


def _whole(pieces: Sequence[Line], others: Sequence[Line]) -> Line:
    """A line over all pieces and what may be missing beside them, as far as others leave room."""
    first, last = pieces[0], pieces[-1]
    box = union(piece.box for piece in pieces)
    height = box[3] - box[1]
    row = [other.box for other in others if rows_overlap(other.box, box) > 0.4]
    low = max([b[2] for b in row if b[2] <= box[0] + 0.3 * height], default=box[0] - 9 * height)
    high = min([b[0] for b in row if b[0] >= box[2] - 0.3 * height], default=box[2] + 9 * height)
    left = np.array(first.quad, dtype=float)
    right = np.array(last.quad, dtype=float)
    along = (right[1] + right[2] - left[0] - left[3]) / 2
    along = along / (float(np.linalg.norm(along)) or 1.0)
    before = max(0.0, min(_REACH * height, box[0] - low - 0.1 * height))
    after = max(0.0, min(_REACH * height, high - box[2] - 0.1 * height))
    start, end = before * along, after * along
    corners = (left[0] - start, right[1] + end, right[2] + end, left[3] - start)
    quad = tuple((float(x), float(y)) for x, y in corners)
    return replace(first, box=union((x, y, x, y) for x, y in quad), quad=quad)
