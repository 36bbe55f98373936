"""Text under seals: what the cleaned picture shows in pieces is one line."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from ocr import inks
from ocr.engines import shelf
from ocr.sheet import Line
from ocr.underseal import _each_once, red_regions

HOME = Line("某县名关风电项目", (100, 20, 500, 60))
LEFT, RIGHT = Line("某县洺关", (120, 20, 290, 60)), Line("风电项目", (310, 20, 480, 60))
OTHER = Line("河北", (100, 90, 200, 130))


@pytest.mark.parametrize(
    ("again", "wanted"),
    [
        ("某县洺关风电项目", ["某县洺关风电项目", "河北"]),
        # The whole line says less than its pieces.
        ("某县风电", ["某县洺关", "风电项目", "河北"]),
        (None, ["某县洺关", "风电项目", "河北"]),
    ],
)
def test_pieces_of_one_line_are_no_two_lines(again: str | None, wanted: list[str]) -> None:
    read = {HOME.box: replace(HOME, text=again)} if again else {}
    found = _each_once({LEFT: HOME, RIGHT: HOME, OTHER: None}, read)
    assert [line.text for line in found] == wanted


def test_a_seal_within_a_red_frame_is_seen_beside_it() -> None:
    mask = np.zeros((1000, 800), np.uint8)
    cv2.rectangle(mask, (100, 100), (600, 600), 255, 4)
    cv2.circle(mask, (350, 350), 90, 255, 6)
    mask[900, 700] = 255
    frame, seal = red_regions(mask)
    assert frame[:2] < seal[:2]
    assert frame[2] - frame[0] > 500
    assert 180 < seal[2] - seal[0] < 210
    assert red_regions(np.zeros_like(mask)) == []


def test_ink_on_shaded_paper_is_seen_whatever_the_light() -> None:
    paper = np.tile(np.linspace(120, 240, 903).astype(np.uint8), (702, 1))
    stroke = np.zeros_like(paper)
    for x in range(60, 880, 90):
        cv2.putText(stroke, "8", (x, 350), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 1, 3)
    page = np.where(stroke > 0, paper // 3, paper).astype(np.uint8)
    ink = inks.ink_map(np.dstack([page] * 3))
    assert ((ink > 0) == (stroke > 0)).all()


def test_lines_found_on_a_smaller_picture_stand_where_they_stand() -> None:
    page = np.full((300, 1600, 3), 255, np.uint8)
    for x in (80, 900):
        cv2.putText(page, "CCER 123456", (x, 150), cv2.FONT_HERSHEY_SIMPLEX, 2.0, (0, 0, 0), 4)
    whole, small = (shelf().primary.places(page, longest) for longest in (1600, 800))
    assert len(whole) == len(small) == 2
    for one, other in zip(whole, small, strict=True):
        assert other.box == pytest.approx(one.box, abs=12)
        assert other.quad[2] == (other.box[2], other.box[3])
