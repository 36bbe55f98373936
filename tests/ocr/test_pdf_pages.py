"""The page of a PDF stays open while it is looked at, and is drawn as it was before."""

import io
from contextlib import suppress

import numpy as np
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ocr import pdftext, pictures
from ocr.drawn import _is_text
from ocr.pageview import PageView
from ocr.pdfpages import nothing_but
from tests.ocr.lies import form_pdf


def _pages(count: int) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(200, 100))
    for number in range(count):
        canvas.drawString(20, 60, f"page {number}")
        canvas.line(10, 50, 190, 50)
        canvas.drawImage(ImageReader(Image.new("RGB", (40, 40), "red")), 20, 10, 30, 30)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_a_page_is_opened_once_and_another_one_instead_of_it() -> None:
    with pictures.open_pdf(_pages(2)) as pdf:
        first = pdf.page(0)
        assert pdf.page(0) is first
        second = pdf.page(1)
        assert second is not first
        assert not first.raw
        again = pdf.page(0)
        assert again.get_textpage().get_text_range().strip() == "page 0"
    assert not again.raw


def test_a_page_shows_all_again_after_a_look_at_a_part_of_it() -> None:
    with pictures.open_pdf(_pages(1)) as pdf:
        before = pictures.render(pdf, 0, 72)
        alone = PageView(pdf, 0, 72).without_print((0.0, 0.0, 200.0, 100.0))
        assert np.array_equal(pictures.render(pdf, 0, 72), before)
        with suppress(ZeroDivisionError), nothing_but(pdf, 0, lambda _: False, 1):
            assert pictures.render(pdf, 0, 72).min() == 255
            raise ZeroDivisionError
        assert np.array_equal(pictures.render(pdf, 0, 72), before)
    red = (before[:, :, 2] > 200) & (before[:, :, 0] < 50)
    assert red.sum() > 800
    assert np.array_equal(alone[red], before[red])
    assert (alone[~red] > 250).mean() > 0.98
    assert (before[~red] < 100).sum() > 200


def test_text_alone_is_without_lines_and_pictures() -> None:
    with pictures.open_pdf(_pages(1)) as pdf:
        with nothing_but(pdf, 0, _is_text, 8):
            text = pictures.render(pdf, 0, 72)
        whole = pictures.render(pdf, 0, 72)
    assert (text[60:, :] == 255).all()
    assert (text[50] == 255).all()
    assert (text != 255).any()
    assert (whole[60:, :] != 255).any()


def test_characters_are_told_as_the_library_tells_them() -> None:
    data = form_pdf()
    with pdftext.open_text(data) as usual, pdftext.open_text(data) as spared:
        page, other = usual.opened.pages[0], spared.opened.pages[0]
        pdftext.spare_characters(other)
        assert len(other.chars) == len(page.chars) > 60
        for char, same in zip(page.chars, other.chars, strict=True):
            assert {key: char[key] for key in same} == same
        assert [one.bbox for one in page.find_tables()] == [one.bbox for one in other.find_tables()]
