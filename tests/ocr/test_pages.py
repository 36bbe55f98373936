"""Turns, flattening, cells, seals and the overlay."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from clerk.drawing.fonts import packaged
from ocr import crop, engines_available, fonts, read_document, render_overlay
from ocr.geometry import Flat, flatten, page_box, turned
from ocr.overlay import AMBER, GREEN
from ocr.sheet import Line
from procedure.acceptance import decide
from procedure.errors import BadInput
from procedure.readings import DocumentReading, Reading, RecordRow, SealReading
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


def test_overlay_boxes_what_was_accepted() -> None:
    data = (SAMPLES / "c0000-form.pdf").read_bytes()
    readings = [decide(d) for d in read_document(data, "form.pdf", template())]
    png = render_overlay(data, "form.pdf", readings, 1)
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
    assert (pixels == GREEN).all(axis=2).sum() > 500


def test_the_label_of_a_wrapped_name_covers_no_value() -> None:
    above, code, below = (0.3, 0.47, 0.6, 0.495), (0.61, 0.52, 0.7, 0.54), (0.3, 0.565, 0.6, 0.59)
    page = Image.new("RGB", (1000, 1400), "white")
    for x0, y0, x1, y1 in (above, code, below):
        page.paste(
            "black", (round(1000 * x0), round(1400 * y0), round(1000 * x1), round(1400 * y1))
        )
    out = io.BytesIO()
    page.save(out, "PNG")
    boxes = {"name": (0.3, 0.5, 0.6, 0.56), "above": above, "code": code, "below": below}
    fields = {
        name: Reading(1, page=1, box=box, accepted=name != "name") for name, box in boxes.items()
    }
    document = DocumentReading("application", fields=fields)
    shown = Image.open(io.BytesIO(render_overlay(out.getvalue(), "a.png", [document], 1)))
    grey = np.asarray(shown.convert("L"))
    for x0, y0, x1, y1 in (above, code, below):
        part = grey[round(1400 * y0) : round(1400 * y1), round(1000 * x0) : round(1000 * x1)]
        assert (part < 90).mean() > 0.9


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


def _blank(kind: str = "PNG", pages: int = 1) -> bytes:
    out = io.BytesIO()
    one = Image.new("RGB", (400, 500), "white")
    more = {"save_all": True, "append_images": [one] * (pages - 1)} if pages > 1 else {}
    one.save(out, kind, **more)
    return out.getvalue()


@pytest.mark.parametrize(("kind", "name"), [("PNG", "a.png"), ("PDF", "a.pdf")])
@pytest.mark.parametrize("number", [0, 2])
def test_a_page_that_the_file_has_not_is_told(kind: str, name: str, number: int) -> None:
    with pytest.raises(BadInput) as raised:
        render_overlay(_blank(kind), name, (), number)
    assert f"{number}" in str(raised.value.user_message)


def test_of_several_pages_only_the_one_s_readings_are_marked() -> None:
    box = (0.2, 0.2, 0.6, 0.3)
    row = RecordRow(quantity_t=Reading(5, page=2, box=box, accepted=True))
    seal = SealReading(1, (0.5, 0.5, 0.8, 0.8), "round", "", 0.0)
    document = DocumentReading(
        "cancellation", fields={"account_no": Reading("1", page=1)}, records=(row,), seals=(seal,)
    )
    data = _blank("TIFF", 2)

    def marked(number: int, colour: tuple[int, int, int]) -> bool:
        png = render_overlay(data, "a.tif", (document,), number)
        pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))[:500]
        return bool((pixels == colour).all(axis=2).sum() > 100)

    assert [marked(1, GREEN), marked(2, GREEN)] == [False, True]
    assert [marked(1, AMBER), marked(2, AMBER)] == [True, False]


def test_a_page_of_few_or_no_lines_is_at_most_turned() -> None:
    page = np.full((600, 800, 3), 255, np.uint8)
    without = Line("文字", (10, 10, 200, 40))
    assert (flatten([without], page).forward == np.eye(3)).all()
    slope = np.tan(np.radians(4))
    a, b = (100.0, 100.0), (700.0, 100.0 + 600 * slope)
    one = Line("河北", (100, 100, 700, 170), 1.0, (a, b, (b[0], b[1] + 20), (a[0], a[1] + 20)))
    assert flatten([one], page).line(one).box[3] - flatten([one], page).line(one).box[1] == (
        pytest.approx(20, abs=1)
    )


@pytest.mark.parametrize("there", [False, True])
def test_a_font_that_cannot_be_read_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, there: bool
) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font")
    whole = packaged().path
    monkeypatch.setattr(fonts, "find_spec", lambda _name: None)
    monkeypatch.setattr(fonts, "_FONTS", (str(broken), *([str(whole)] if there else [])))
    found = fonts.chinese.__wrapped__(20)
    assert (found is not None) is there
