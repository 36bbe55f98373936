"""Dates of which only pieces were found are read again as one line.

Detection loses single strokes (一, 〇, 1) and what a seal lies over, so that 二〇二一年十月二十九日
comes as 二一年十月 and 九日. The stretch from the label to the end of the row is read once more.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr import inks
from ocr.convert import convert
from ocr.crops import crop
from ocr.engines import Shelf
from ocr.engines.port import Picture
from ocr.sheet import Line, rows_overlap, union

_PIECE = re.compile(r"[\d〇零○O一二三四五六七八九十年月日号.\-/ ]{1,16}")
_HINT = re.compile(r"\d年|年.{0,3}月|[〇零○O一二三]年|月.{1,3}日|20[12]\d[-./]\d")
_WORDS = re.compile(r"\d.*?[^\W\d_a-zA-Z〇零○一二三四五六七八九十年月日号]{4}")
"""Behind a figure: with words there a line is no piece of a date (2021-11-26 自愿减排登记系统)."""
_LONGEST = 26
_NEAR = 3.0
"""Heights of the line between two pieces of one date."""
_REACH = 2.4
"""Heights of the line that may be missing at either end."""
_RED_SHARE = 0.004
_ROOM, _FAINT = 1.1, 0.1
_STROKE, _WIDE, _LOW = 0.3, 0.8, 0.4
"""Of the darkest ink what counts as a stroke; width of a figure, height of a mark by its height."""


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
    """Whether a date like 2021.11.5 shows its one last figure and nothing at all for the width of
    a character behind it.

    The text may end before its line does (11 is read as 1), and beyond the picture's edge is no
    paper: the ink must be one figure with a low mark before it. Strokes tell nothing of that.
    """
    if not _within(picture, line):
        return False
    strip = cv2.cvtColor(crop(picture, line, _ROOM), cv2.COLOR_BGR2GRAY).astype(np.float32)
    ink = np.clip(np.percentile(strip, 90) - strip, 0, None)
    end = strip.shape[1] - round(0.9 * strip.shape[0])
    behind = ink[:, end:]
    if not behind.size or float(behind.max()) >= _FAINT * float(ink.max()):
        return False
    return _one_figure(ink[:, :end] > _STROKE * float(ink.max()))


def _within(picture: Picture, line: Line) -> bool:
    """Whether the picture goes on behind a line for as far as is looked at."""
    quad = np.array(line.quad, dtype=float)
    step = (quad[1] - quad[0]) / (float(np.linalg.norm(quad[1] - quad[0])) or 1.0)
    ends = quad[1:3] + step * _ROOM * float(np.linalg.norm(quad[3] - quad[0]))
    height, width = picture.shape[:2]
    return bool((ends >= 0).all() and (ends <= (width, height)).all())


def _one_figure(ink: NDArray[np.bool_]) -> bool:
    """Whether what ends a line is as wide as one figure, behind a mark that is low: - or a dot."""
    edges = np.flatnonzero(np.diff(ink.any(axis=0).astype(np.int8), prepend=0, append=0))
    if len(edges) < 4:
        return False
    mark, last = (ink[:, a:b] for a, b in (edges[-4:-2], edges[-2:]))
    high = int(last.any(axis=1).sum())
    return last.shape[1] <= _WIDE * high and int(mark.any(axis=1).sum()) <= _LOW * high


def joined_dates(
    lines: Sequence[Line], picture: Picture, cleaned: Picture, red: inks.Mask, shelf: Shelf
) -> list[Line]:
    """``lines`` with the pieces of a torn date replaced by what stands in the whole stretch."""
    kept = list(lines)
    ink: inks.Mask | None = None
    for line in lines:
        if line not in kept or not _torn(line.text):
            continue
        pieces = _pieces(line, kept)
        others = [other for other in kept if other not in pieces]
        whole = _whole(pieces, others)
        clean = inks.share(red, whole.box) > _RED_SHARE
        said = shelf.primary.read_lines([crop(cleaned if clean else picture, whole)])[0]
        if not date_of(said.text):
            continue
        ink = inks.ink_map(cleaned) if ink is None else ink
        if _grew(said.text, pieces, whole, kept, ink):
            whole = replace(whole, text=said.text, confidence=said.confidence, each=said.each)
            kept = [*others, replace(whole, source="clean" if clean else "raw")]
    return kept


def _grew(
    text: str, pieces: Sequence[Line], whole: Line, lines: Sequence[Line], ink: inks.Mask
) -> bool:
    """Whether the whole stretch says a character more for each gap between its pieces that has ink
    in it. Where it does not, the pieces stay: nothing would look into a joined line's gaps."""
    height = whole.box[3] - whole.box[1]
    read = [line.box for line in lines]
    ends = [whole.box[0], *(x for piece in pieces for x in (piece.box[0], piece.box[2]))]
    gaps = zip(ends[::2], ends[1::2], strict=False)
    regions = [(a, whole.box[1], b, whole.box[3]) for a, b in (*gaps, (ends[-1], whole.box[2]))]
    full = sum(
        inks.unread(ink, region, read, height) for region in regions if region[0] < region[2]
    )
    return _size(text) - sum(_size(piece.text) for piece in pieces) >= full


def _size(text: str) -> int:
    return len(re.sub(r"\s", "", text))


def _torn(text: str) -> bool:
    is_piece = len(text) <= _LONGEST and _HINT.search(text) and not _WORDS.search(text)
    return bool(is_piece) and date_of(text) is None


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
