"""Turns, flattening, cells, seals and the overlay."""

import io
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image

from ocr import crop, engines_available, read_document, render_overlay
from ocr.geometry import Flat, flatten, page_box, turned
from ocr.overlay import GREEN
from ocr.rules import find_cells
from ocr.sheet import Line
from procedure.acceptance import decide
from procedure.errors import BadInput
from procedure.readings import Reading
from tests.ocr.evaluate import template
from tests.ocr.test_samples import SAMPLES


def test_boxes_are_given_on_the_page_as_it_came() -> None:
    flat = Flat(np.eye(3), 200, 100)
    box = (20.0, 10.0, 60.0, 30.0)
    assert page_box(flat, box, 0, 200, 100) == (0.1, 0.1, 0.3, 0.3)
    assert page_box(flat, box, 180, 200, 100) == (0.7, 0.7, 0.9, 0.9)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_mark_is_found_again_whatever_the_turn(degrees: int) -> None:
    page = np.full((300, 200, 3), 255, np.uint8)
    page[30:60, 20:40] = 0
    upright = turned(page, degrees)
    ys, xs = np.nonzero(upright[:, :, 0] == 0)
    box = (float(xs.min()), float(ys.min()), float(xs.max() + 1), float(ys.max() + 1))
    height, width = upright.shape[:2]
    found = page_box(Flat(np.eye(3), width, height), box, degrees, width, height)
    assert found == pytest.approx((0.1, 0.1, 0.2, 0.2), abs=0.001)


def test_skew_is_taken_off() -> None:
    page = np.full((600, 800, 3), 255, np.uint8)
    slope = np.tan(np.radians(3))
    lines = []
    for y in range(60, 560, 60):
        a, b = (100.0, float(y)), (700.0, y + 600 * slope)
        quad = (a, b, (b[0], b[1] + 20), (a[0], a[1] + 20))
        lines.append(Line("河北测试钢铁有限公司", (100, y, 700, b[1] + 20), 1.0, quad))
    flat = flatten(lines, page)
    first = flat.line(lines[0]).box
    assert first[3] - first[1] == pytest.approx(20, abs=1.5)


def test_cells_of_a_ruled_table() -> None:
    page = np.full((400, 600, 3), 255, np.uint8)
    for x in (50, 250, 550):
        cv2.line(page, (x, 50), (x, 350), (120, 120, 120), 2)
    for y in (50, 125, 200, 275, 350):
        cv2.line(page, (50, y), (550, y), (120, 120, 120), 2)
    lines = [Line("测试", (70, y, 130, y + 26)) for y in (75, 150, 225, 300)]
    assert len(find_cells(page, lines)) == 8


def test_overlay_boxes_what_was_accepted() -> None:
    data = (SAMPLES / "c0000-form.pdf").read_bytes()
    readings = [decide(d) for d in read_document(data, "form.pdf", template())]
    png = render_overlay(data, "form.pdf", readings, 1)
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
    assert (pixels == GREEN).all(axis=2).sum() > 500


def test_a_crop_shows_the_field_and_a_little_around_it() -> None:
    data = (SAMPLES / "c0000-form.pdf").read_bytes()
    (document, *_) = read_document(data, "form.pdf", template())
    reading = document.fields["offset_t"]
    part = Image.open(io.BytesIO(crop(data, "form.pdf", reading)))
    assert 90 <= part.height <= 300
    assert part.width > 1.5 * part.height
    assert np.asarray(part.convert("L")).min() < 120
    with pytest.raises(BadInput):
        crop(data, "form.pdf", replace(reading, box=None))


def test_around_a_seal_is_no_more_of_the_page_than_around_a_line() -> None:
    """A contact's name may stand near it, and is not what was asked for."""
    page = io.BytesIO()
    Image.new("RGB", (1000, 1400), "white").save(page, "PNG")
    seal = Reading(value=None, page=1, box=(0.4, 0.4, 0.6, 0.54))
    part = Image.open(io.BytesIO(crop(page.getvalue(), "page.png", seal)))
    assert 1.0 < part.width / part.height < 1.35


def test_no_overlay_without_pages() -> None:
    data = (SAMPLES / "c0001-form.docx").read_bytes()
    with pytest.raises(BadInput):
        render_overlay(data, "form.docx", (), 1)


def test_engines_are_named() -> None:
    have = engines_available()
    assert set(have) == {"ppocr-v6", "ppocr-v4", "tesseract", "orientation"}
    assert have["ppocr-v6"]
