"""Lines that detection drew across two columns, on a drawn strip, with the real engine."""

import cv2
import numpy as np

from ocr import inks
from ocr.engines import shelf
from ocr.geometry import Flat
from ocr.recut import cut_columns
from ocr.scan import Scan
from ocr.sheet import Block, Line, Sheet

HEADS = [(100.0, 20.0, 260.0, 50.0), (420.0, 20.0, 620.0, 50.0)]


def _page(*words: tuple[str, int], text: str) -> Scan:
    """One line of ``words`` (with their left edges) that was recognised whole, as ``text``."""
    picture = np.full((200, 800, 3), 255, np.uint8)
    for word, x in words:
        cv2.putText(picture, word, (x, 120), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0, 0, 0), 2)
    right = max(x + 21 * len(word) for word, x in words)
    box = (words[0][1] - 4.0, 90.0, right, 130.0)
    quad = ((box[0], 90.0), (box[2], 90.0), (box[2], 130.0), (box[0], 130.0))
    line = Line(text, box, 0.9, quad)
    sheet = Sheet((Block((line,), box),), 800, 200, 1)
    nothing = np.zeros((200, 800), np.uint8)
    flat = Flat(np.eye(3), 800, 200)
    return Scan(sheet, picture, picture, flat, picture, nothing, inks.ink_map(picture), 0)


def test_two_cells_are_read_apart() -> None:
    page = _page(("61713", 130), ("100737776", 430), text="61713100737776")
    lines = cut_columns(page, HEADS, shelf()).lines()
    assert [line.text for line in lines] == ["61713", "100737776"]


def test_a_label_with_its_value_is_no_line_of_the_table() -> None:
    page = _page(("Tel:", 130), ("0310-1234567", 430), text="联系电话：0310-1234567")
    assert cut_columns(page, HEADS, shelf()) == page.sheet


def test_no_cut_where_another_gap_is_nearly_as_wide() -> None:
    page = _page(("617", 130), ("22", 290), ("100737776", 430), text="61722100737776")
    assert cut_columns(page, HEADS, shelf()) == page.sheet


def test_no_cut_where_the_page_has_no_paper_between_the_headings() -> None:
    """Two headings one above the other, and a line below the page's own edge."""
    page = _page(("61713", 130), ("100737776", 430), text="61713100737776")
    above = [(100.0, 20.0, 260.0, 50.0), (100.4, 20.0, 260.4, 50.0)]
    assert cut_columns(page, above, shelf()) == page.sheet
