"""Seals: found, unrolled, read; several readings made one."""

from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from clerk.drawing.seal import paint_seal
from clerk.drawing.sheet import PlacedSeal
from ocr.engines import shelf
from ocr.rings import find_rings
from ocr.ringtext import Voice, agree
from ocr.seals import find_seals
from procedure import names
from procedure.seals import verdict

NAME = "河北宁远热力有限公司"


def page(*seals: PlacedSeal, grey: bool = False) -> Any:
    """A white A4 page at 200 dpi with a few lines of print and these seals over them."""
    sheet = Image.new("RGB", (1654, 2339), "white")
    for number, seal in enumerate(seals):
        ink = paint_seal(seal, 200, number)
        at = (
            round(seal.x / 25.4 * 200 - ink.width / 2),
            round(seal.y / 25.4 * 200 - ink.height / 2),
        )
        sheet.paste(ink, at, ink)
    pixels = np.asarray(sheet)[:, :, ::-1].copy()
    for y in (1200, 1420, 1660):
        cv2.line(pixels, (200, y), (1450, y), (30, 30, 30), 2)
    cv2.putText(pixels, "2021-11-26", (700, 1600), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (20, 20, 20), 3)
    if grey:
        pixels = cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    return pixels


@pytest.mark.parametrize("grey", [False, True])
def test_a_round_seal_is_found_and_read(grey: bool) -> None:
    (seal,) = find_seals(page(PlacedSeal(110, 195, NAME, "1399990000017"), grey=grey), shelf(), 1)
    assert names.same(seal.text, NAME)
    assert seal.shape == "round"
    assert seal.box == pytest.approx((0.424, 0.586, 0.624, 0.727), abs=0.012)
    assert verdict(seal.text, NAME, seal.confidence, seal.tries) == "own"


def test_another_firm_s_seal_is_told_from_the_own_one() -> None:
    other = "湖北宁远热力有限公司"
    (seal,) = find_seals(page(PlacedSeal(110, 195, other)), shelf(), 1)
    assert verdict(seal.text, NAME, seal.confidence, seal.tries) == "foreign"


def test_a_special_seal_says_its_kind_and_an_oval_one_is_oval() -> None:
    seal = PlacedSeal(110, 195, NAME, kind="合同专用章", angle=8, oval=True)
    (found,) = find_seals(page(seal), shelf(), 1)
    assert found.shape == "oval"
    assert names.seal_owner(found.text) == names.normalise(NAME)
    assert names.special_seal(found.text) == "合同专用章"


def test_several_seals_on_a_page() -> None:
    found = find_seals(
        page(PlacedSeal(60, 195, NAME), PlacedSeal(150, 195, "河北省生态环境厅示例")), shelf(), 1
    )
    assert sorted(seal.text for seal in found) == sorted([NAME, "河北省生态环境厅示例"])


def test_print_and_rules_are_no_seal() -> None:
    assert find_rings(page()) == ()
    assert find_rings(page(grey=True)) == ()


def test_what_most_readings_say() -> None:
    found = agree([Voice("河北宁远热力有限公司", 1), Voice("河北宁远热力有限公司", 1),
                   Voice("河北宁运热力有限公司", 1), Voice("", 9)])  # fmt: skip
    assert found.text == "河北宁远热力有限公司"
    assert found.tries == ("河北宁远热力有限公司", "河北宁运热力有限公司")
    assert 0.9 < found.confidence < 1


def test_characters_are_voted_where_no_two_readings_agree() -> None:
    voices = [
        "河北宁运热力有限公司",
        "河北守远热力有限公司",
        "河大宁远热力有限公司",
        "北宁远热刀有限公司",
    ]
    assert agree([Voice(text, 1.0) for text in voices]).text == NAME


def test_a_reading_that_lost_a_character_gives_way_to_the_fuller_one() -> None:
    voices = [Voice("河北远热力有限公司", 3), Voice(NAME, 1)]
    assert agree(voices).text == NAME


def test_no_voice_no_text() -> None:
    assert agree([Voice("", 1), Voice("公司", 1)]).text == ""
