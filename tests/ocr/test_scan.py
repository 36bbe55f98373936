"""A page turned upright, made smaller, cut at its walls: with engines that see what is drawn."""

from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from ocr.engines.neural import DETECTION_LIMIT
from ocr.engines.port import Picture
from ocr.geometry import Flat
from ocr.scan import _cut_at_walls, scan
from ocr.sheet import Block, Line
from ocr.torn import ends_free, joined_dates
from ocr.underseal import under_seals
from tests.ocr.scripted import First, Said, line, shelf

READ: Said = {(0, "raw"): ("文字", 0.9)}


class Bars(First):
    """Sees dark bars; which way is up it knows by their darker left ends."""

    def places(self, image: Picture, longest: int = DETECTION_LIMIT) -> list[Line]:
        """The box of each bar."""
        marks = (image.min(axis=2) < 200).astype(np.uint8)
        _, _, stats, _ = cv2.connectedComponentsWithStats(marks, connectivity=8)
        return [line("", (x, y, x + w, y + h), 0.0) for x, y, w, h, _ in stats[1:].tolist()]

    def upside_down(self, crops: Sequence[Picture]) -> int:
        """How many more have their darker end right."""
        found = [_left(crop) > _right(crop) for crop in crops]
        return sum(1 if one else -1 for one in found)


def _left(crop: Picture) -> float:
    return float(crop[:, : crop.shape[1] // 2].mean())


def _right(crop: Picture) -> float:
    return float(crop[:, crop.shape[1] // 2 :].mean())


def _bars(count: int = 9) -> Picture:
    page = np.full((480, 320, 3), 255, np.uint8)
    for number in range(count):
        top = 30 + 48 * number
        page[top : top + 14, 40:240] = 120
        page[top : top + 14, 40:90] = 10
    return page


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_page_stands_upright_whatever_the_model_of_turns_says(degrees: int) -> None:
    turned = np.ascontiguousarray(np.rot90(_bars(), k=-degrees // 90))
    found = scan(turned, shelf(Bars(READ, height=14)), 1)
    assert found.degrees == degrees
    assert (found.picture == _bars()).all()
    assert len(found.sheet.blocks) == 9
    # On the page as it came the first bar stands where it was put.
    first = min(found.sheet.blocks, key=lambda block: block.box[1]).box
    x0, y0, x1, y1 = found.box(first)
    height, width = turned.shape[:2]
    part = turned[round(y0 * height) : round(y1 * height), round(x0 * width) : round(x1 * width)]
    assert part.size
    assert float(part.mean()) < 130


class Looking(Bars):
    """Remembers how large the pictures were in which lines were looked for."""

    def __init__(self) -> None:
        super().__init__(READ, height=14)
        self.looked: list[tuple[int, ...]] = []

    def places(self, image: Picture, longest: int = DETECTION_LIMIT) -> list[Line]:
        """As before."""
        self.looked.append(image.shape[:2])
        return super().places(image, longest)


def test_a_small_page_in_a_large_picture_is_looked_at_from_near_once_it_stands_upright() -> None:
    table = np.full((2000, 1800, 3), 255, np.uint8)
    table[700:1180, 800:1120] = _bars()
    engine = Looking()
    found = scan(np.ascontiguousarray(np.rot90(table)), shelf(engine), 1)
    assert len(found.sheet.blocks) == 9
    near = [size for size in engine.looked if max(size) < 1000]
    assert len(near) == 1
    assert engine.looked[-1] == near[0]


def test_a_page_that_stands_on_its_head_is_turned_with_the_lines_that_were_seen() -> None:
    upright, over = Looking(), Looking()
    first = scan(_bars(), shelf(upright), 1)
    second = scan(np.ascontiguousarray(np.rot90(_bars(), 2)), shelf(over), 1)
    assert (first.degrees, second.degrees) == (0, 180)
    assert over.looked == upright.looked
    assert second.sheet == first.sheet


def test_a_page_of_few_bars_is_not_turned() -> None:
    on_its_side = np.ascontiguousarray(np.rot90(_bars(3)))
    assert scan(on_its_side, shelf(Bars(READ, height=14)), 1).degrees == 0


def test_a_page_too_large_is_reduced_and_an_empty_one_has_no_blocks() -> None:
    found = scan(np.full((400, 7200, 3), 255, np.uint8), shelf(Bars(READ)), 1)
    assert found.picture.shape == (200, 3600, 3)
    assert found.sheet.blocks == ()


CELLS = [(0.0, 0.0, 200.0, 60.0), (200.0, 0.0, 400.0, 60.0)]
FLAT = Flat(np.eye(3), 400, 60)


def _cut(*lines: Line, said: Said) -> list[tuple[str, float, float]]:
    picture = np.full((60, 400, 3), 255, np.uint8)
    picture[15:45, 20:200], picture[15:45, 200:380] = 100, 150
    blocks = [Block((), cell, ruled=True) for cell in CELLS]
    found = _cut_at_walls(list(lines), blocks, FLAT, picture, shelf(First(said)))
    return [(one.text, one.box[0], one.box[2]) for one in found]


def test_a_line_across_two_cells_is_read_cell_by_cell() -> None:
    across = line("甲乙", (20, 15, 380, 45))
    said: Said = {(100, "raw"): ("甲", 0.9), (150, "raw"): ("乙", 0.9)}
    assert _cut(across, said=said) == [("甲", 20, 200), ("乙", 200, 380)]
    # A piece in which nothing is read is none.
    assert _cut(across, said={(100, "raw"): ("甲", 0.9)}) == [("甲", 20, 200)]
    own = line("丙", (20, 15, 180, 45))
    assert _cut(own, said=said) == [("丙", 20, 180)]


def test_a_seal_at_the_edge_of_a_picture_of_few_pixels_hides_no_line() -> None:
    picture = np.full((15, 300, 3), 255, np.uint8)
    mask = np.zeros((15, 300), np.uint8)
    mask[:, 100:140] = 255
    kept = [line("文字", (20, 2, 90, 12))]
    # So low a page has no room for a line to be looked for under the seal.
    assert under_seals(picture, picture, mask, kept, shelf(First({}))) == kept


def _torn(*texts: str, whole: str) -> list[str]:
    """Pieces of one row, and what is read of their whole stretch."""
    picture = np.full((100, 900, 3), 255, np.uint8)
    lines = [line(text, (40 + 120 * at, 30, 130 + 120 * at, 60)) for at, text in enumerate(texts)]
    for one in lines:
        x0, y0, x1, y1 = map(int, one.box)
        cv2.rectangle(picture, (x0 + 4, y0 + 4), (x1 - 4, y1 - 4), (0, 0, 0), -1)
    nothing = np.zeros(picture.shape[:2], np.uint8)
    engines = shelf(First({(shade, "raw"): (whole, 0.9) for shade in range(256)}))
    return [one.text for one in joined_dates(lines, picture, picture, nothing, engines)]


@pytest.mark.parametrize(
    ("pieces", "whole", "wanted"),
    [
        (("2021年", "12月", "5日"), "2021年12月5日", ["2021年12月5日"]),
        # Read from its middle, since a piece before it gives no hint of a date.
        (("二〇", "二一年", "十月九日"), "二〇二一年十月九日", ["二〇二一年十月九日"]),
        # What is read of the whole is no date, or less than the pieces say.
        (("2021年", "12月"), "2021年12月", ["2021年", "12月"]),
        (("2021年", "12月", "05日"), "2021年2月5日", ["2021年", "12月", "05日"]),
        # A line that says something else besides is no piece.
        (("2021-11-26 自愿减排注册登记系统",), "2021-11-26", ["2021-11-26 自愿减排注册登记系统"]),
    ],
)
def test_pieces_of_a_date_are_read_as_one_line(
    pieces: tuple[str, ...], whole: str, wanted: list[str]
) -> None:
    assert _torn(*pieces, whole=whole) == wanted


@pytest.mark.parametrize(
    ("strokes", "free"),
    [
        # A dot and a figure; a figure without a mark before it; a wide blot; ink behind it.
        (((100, 52, 104, 56), (116, 32, 126, 56)), True),
        (((116, 32, 126, 56),), False),
        (((100, 52, 104, 56), (112, 32, 136, 56)), False),
        (((100, 52, 104, 56), (116, 32, 126, 56), (150, 32, 160, 56)), False),
    ],
)
def test_a_date_ends_where_paper_follows_its_one_last_figure(
    strokes: tuple[tuple[int, int, int, int], ...], free: bool
) -> None:
    picture = np.full((100, 300, 3), 255, np.uint8)
    for x0, y0, x1, y1 in strokes:
        picture[y0:y1, x0:x1] = 0
    assert ends_free(picture, line("2021.11.5", (20, 30, 130, 60))) is free


def test_a_date_at_the_picture_s_edge_may_go_on_beyond_it() -> None:
    picture = np.full((100, 140, 3), 255, np.uint8)
    assert not ends_free(picture, line("2021.11.5", (20, 30, 130, 60)))
