"""Shaken photos: how they are smeared is found out and taken back; others are left alone."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from clerk.drawing.damage import shaken, whole
from ocr.engines import Recognised, shelf
from ocr.engines.port import Picture
from ocr.fonts import chinese
from ocr.hits import Layout
from ocr.places import places
from ocr.reader import _voted
from ocr.scan import scan
from ocr.shaken import PLAIN, Smear, sharpened, smear_of
from ocr.sheet import Line
from ocr.votes import Voter
from tests.ocr.scripted import First, Told, line
from tests.ocr.scripted import shelf as scripted
from tests.ocr.test_voting import BOX, FORM, hit, page

TEXTS = ("账户编号 967949133018", "减排量序列号 490207943-490303942", "自愿注销数量 317156")
LENGTH, DEGREES, BLUR = 10.0, 30.0, 1.2


def _page() -> Image.Image:
    image = Image.new("RGB", (900, 420), "#f8f6f0")
    font = chinese(26)
    assert font is not None
    for row, text in enumerate(TEXTS * 2):
        ImageDraw.Draw(image).text((60, 40 + 60 * row), text, font=font, fill="#303030")
    return image


def _bgr(image: Image.Image) -> Picture:
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])


def _shaken(length: float = LENGTH) -> Picture:
    return _bgr(shaken(whole(_page()), length, DEGREES, BLUR).picture)


def _away(one: Picture, other: Picture) -> float:
    return float(np.abs(one.astype(float) - other)[40:-40, 40:-40].mean())


@pytest.mark.parametrize("degrees", [0, 30, 90, 150])
@pytest.mark.parametrize("length", [6.0, 11.0])
def test_a_smear_that_is_known_is_taken_back(length: float, degrees: float) -> None:
    plain = _bgr(_page())
    smeared = _bgr(shaken(whole(_page()), length, degrees, BLUR).picture)
    still = _away(sharpened(smeared, Smear(length, degrees, BLUR)), plain)
    across = _away(sharpened(smeared, Smear(length, degrees + 90, BLUR)), plain)
    assert still < 0.95 * _away(smeared, plain) < across


def test_bare_paper_stays_as_it_is() -> None:
    paper = np.full((120, 160, 3), 231, np.uint8)
    assert np.abs(sharpened(paper, Smear(9, 40, 1.5)).astype(int) - 231).max() <= 1


def test_how_a_photo_was_smeared_is_told_by_what_the_engine_reads_best() -> None:
    picture, first = _shaken(), shelf().primary
    found = smear_of(picture, first.fill(picture, places(picture, shelf()).lines), first)
    assert found is not None
    assert abs(found.length - LENGTH) < 4
    assert abs((found.degrees - DEGREES + 90) % 180 - 90) < 25


@pytest.mark.parametrize("tilt", [-14, 18])
def test_on_a_tilted_page_the_smear_is_that_of_the_photo(tilt: float) -> None:
    page, (high, wide) = _bgr(_page()), _bgr(_page()).shape[:2]
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), tilt, 0.8)
    paper = cv2.warpAffine(page, turn, (wide, high), borderMode=cv2.BORDER_REPLICATE)
    image = Image.fromarray(np.ascontiguousarray(paper[:, :, ::-1]))
    picture, first = _bgr(shaken(whole(image), LENGTH, DEGREES, BLUR).picture), shelf().primary
    found = smear_of(picture, first.fill(picture, places(picture, shelf()).lines), first)
    assert found is not None
    assert abs((found.degrees - DEGREES + 90) % 180 - 90) < 25


def test_what_nobody_could_read_is_read() -> None:
    found = scan(_shaken(), shelf(), 1)
    assert found.shaken
    said = {cell.text for cell in found.sheet.lines()}
    together = "".join(said).replace(" ", "")
    assert "967949133018" in together
    assert "490207943-490303942" in together
    assert "317156" in together


def test_a_steady_page_is_left_as_it_is() -> None:
    found = scan(_bgr(_page()), shelf(), 1)
    assert not found.shaken
    assert (found.picture == _bgr(_page())).all()


@pytest.mark.parametrize("was_shaken", [False, True])
def test_what_was_sharpened_counts_as_worn(was_shaken: bool) -> None:
    """Sharpening draws strokes that are not there: that two engines agree there says less."""
    one = line("CCER-1194", BOX)
    hits = {"account_no": (hit("account_no", one),)}
    said = {(200, "raw"): ("CCER-1194", 0.99)}
    sheet = replace(page([one]), shaken=was_shaken)
    voter = Voter(sheet, scripted(First(said), said), FORM, "application")
    found = _voted(1, Layout("application", hits), voter)
    assert found.handwritten is was_shaken


class Counting(Told):
    """An engine as told, which counts how often it is asked."""

    asked = 0

    def read_lines(self, crops: Sequence[Picture]) -> list[Recognised]:
        """As before."""
        self.asked += 1
        return super().read_lines(crops)


def _lines(confidence: float, count: int = 6) -> list[Line]:
    return [
        line("自愿注销数量", (60, 40 + 60 * n, 300, 70 + 60 * n), confidence) for n in range(count)
    ]


@pytest.mark.parametrize(
    "lines", [[], _lines(PLAIN), _lines(0.5, 2), [line("注销", (60, 40, 99, 70), 0.5)] * 6]
)
def test_nothing_is_tried_on_a_plain_page_or_on_too_few_lines(lines: list[Line]) -> None:
    engine = Counting("ppocr-v6", {(0, "raw"): ("自愿注销数量", 0.5)})
    assert smear_of(_shaken(), lines, engine) is None
    assert engine.asked == 0


def test_a_page_that_no_guess_makes_plainer_is_left_as_it_is() -> None:
    engine = Counting("ppocr-v6", {(0, "raw"): ("自愿注销数量", 0.7)})
    assert smear_of(_shaken(), _lines(0.7), engine) is None
    assert 8 < engine.asked < 40
