"""Seals: found, unrolled, read; several readings made one."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from clerk.drawing.fonts import packaged
from clerk.drawing.seal import paint_seal
from clerk.drawing.sheet import PlacedSeal
from ocr.engines import Recognised, Shelf, shelf
from ocr.engines.port import Family, Picture
from ocr.matching import with_matches
from ocr.rings import find_rings
from ocr.ringtext import Voice, agree, mended
from ocr.ringvoices import voice_of
from ocr.seals import _kind, _kind_of, _kind_of_both, find_seals
from ocr.strips import Stamp, cut_out
from procedure import names
from procedure.readings import DocumentReading, Reading, SealReading
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
    other = "湖北宁远水泥有限公司"
    (seal,) = find_seals(page(PlacedSeal(110, 195, other)), shelf(), 1)
    assert verdict(seal.text, NAME, seal.confidence, seal.tries) == "foreign"


@pytest.mark.parametrize("print_over_it", ["2021 11", "8888888"])
def test_print_over_a_special_seal_s_kind_hides_it_from_nobody(print_over_it: str) -> None:
    sheet = page(PlacedSeal(110, 195, NAME, kind="财务专用章"))
    over = np.full_like(sheet, 255)
    place, ink = (755, 1621), (60, 60, 60)
    cv2.putText(over, print_over_it, place, cv2.FONT_HERSHEY_SIMPLEX, 1.4, ink, 5)
    (found,) = find_seals(cv2.multiply(sheet, over, scale=1 / 255), shelf(), 1)
    assert found.text == f"{NAME}财务专用章"


@pytest.mark.parametrize("figures", ["2021 11", "8888888", "20211126"])
@pytest.mark.parametrize("kind", ["", "财务专用章"])
def test_on_grey_copies_too_print_hides_no_kind_and_is_none(figures: str, kind: str) -> None:
    sheet = page(PlacedSeal(110, 195, NAME, kind=kind), grey=True)
    over = np.full_like(sheet, 255)
    cv2.putText(over, figures, (755, 1621), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (25, 25, 25), 5)
    (found,) = find_seals(cv2.multiply(sheet, over, scale=1 / 255), shelf(), 1)
    told = found.kind_unread or "专用章" in found.text
    assert told if kind else not told


@pytest.mark.parametrize("ink", [(35, 45, 60), (40, 50, 80)])
def test_warm_print_below_an_official_seal_s_star_is_no_kind(ink: tuple[int, int, int]) -> None:
    sheet = page(PlacedSeal(110, 195, NAME))
    font = ImageFont.truetype(str(packaged().path), 44)
    over = Image.new("RGB", sheet.shape[1::-1], "white")
    ImageDraw.Draw(over).text((778, 1580), "法人签章", font=font, fill=ink[::-1])
    printed = np.asarray(over)[:, :, ::-1]
    inked = np.asarray(cv2.multiply(sheet, printed, scale=1 / 255), np.uint8)
    (found,) = find_seals(inked, shelf(), 1)
    assert found.text == NAME


def test_a_special_seal_says_its_kind_and_an_oval_one_is_oval() -> None:
    seal = PlacedSeal(110, 195, NAME, kind="合同专用章", angle=8, oval=True)
    (found,) = find_seals(page(seal), shelf(), 1)
    assert found.shape == "oval"
    assert names.seal_owner(found.text) == names.normalise(NAME)
    assert names.special_seal(found.text) == "合同专用章"


@pytest.mark.parametrize("angle", [-14, 6])
def test_a_turned_oval_is_found_on_a_grey_copy(angle: int) -> None:
    (ring,) = find_rings(page(PlacedSeal(110, 195, NAME, angle=angle, oval=True), grey=True))
    assert ring.is_oval
    assert not ring.red
    assert min(ring.a, ring.b) / max(ring.a, ring.b) == pytest.approx(0.69, abs=0.02)
    assert (ring.x, ring.y) == pytest.approx((110 / 25.4 * 200, 195 / 25.4 * 200), abs=4)


def test_a_turned_seal_s_kind_is_read_and_its_name_begins_right() -> None:
    name = "河北宁远市和峰自备电厂运营有限公司"
    seal = PlacedSeal(110, 195, name, "1399990000017", "财务专用章", angle=17)
    (found,) = find_seals(page(seal), shelf(), 1)
    assert names.seal_owner(found.text) == name
    assert names.special_seal(found.text) == "财务专用章"


def test_a_faded_seal_in_a_fold_under_print_is_read() -> None:
    pixels = page(PlacedSeal(110, 195, NAME, "1399990000017")).astype(float)
    pixels[1500:] *= 0.85
    faded = np.clip(255 - (255 - pixels) * 0.5, 0, 255).astype(np.uint8)
    noisy = np.clip(faded + np.random.default_rng(1).normal(0, 6, faded.shape), 0, 255)
    kept, data = cv2.imencode(".jpg", noisy.astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 45])
    assert kept
    shown = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert shown is not None
    (found,) = find_seals(np.asarray(shown, np.uint8), shelf(), 1)
    assert names.same(found.text, NAME)


def test_what_stands_behind_a_name_on_the_strip_is_cut_off() -> None:
    assert voice_of(Recognised(NAME + "章所", 0.9), "ppocr-v6").text == NAME
    assert voice_of(Recognised("河北宁远水泥中心章", 0.9), "ppocr-v6").text == "河北宁远水泥中心"
    assert voice_of(Recognised(NAME + "（用章", 0.9), "ppocr-v6").text == NAME


@pytest.mark.parametrize(
    "more",
    [
        "唐山分公司",
        "工会",
        "党委",
        "党支部",
        "董事会",
        "财务部",
        "办公室",
        "工会章",
        "专用章",
        "法人章",
    ],
)
def test_what_makes_a_seal_another_s_is_not_cut_off(more: str) -> None:
    assert voice_of(Recognised(NAME + more, 0.9), "ppocr-v6").text == NAME + more


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("河北宁远热力股汾有限公司", "河北宁远热力股份有限公司"),
        ("河北宁远热力有限责公司", "河北宁远热力有限责任公司"),
        ("河北宁远控股有限公司", "河北宁远控股有限公司"),
        ("河北宁远热力有限责任司", "河北宁远热力有限责任公司"),
        ("河北宁远热力（集出）有限公司", "河北宁远热力（集团）有限公司"),
        ("河北宁远热力有阳公司", "河北宁远热力有限公司"),
        # The first character of a form may as well be the last of the name.
        ("河北宁远热力份有限公司", "河北宁远热力份有限公司"),
        ("河北宁远热力公司", "河北宁远热力公司"),
        ("河北宁远电厂", "河北宁远电厂"),
        (NAME, NAME),
        ("河北宁远热力集团有限公司", "河北宁远热力集团有限公司"),
    ],
)
def test_a_firm_s_form_is_mended_where_one_character_is_wrong(read: str, meant: str) -> None:
    assert mended(read) == meant


def test_a_kind_that_could_be_two_is_told_as_neither() -> None:
    assert _kind(Recognised("合同专用章", 0.9)) == "合同专用章"
    assert _kind(Recognised("合局专用章", 0.9)) == "合同专用章"
    assert _kind(Recognised("冬务专用章", 0.9)) == "专用章"
    assert _kind(Recognised("年十一月", 0.9)) == ""


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


def _document(seal: SealReading) -> DocumentReading:
    return DocumentReading("application", fields={"enterprise_name": Reading(NAME)}, seals=(seal,))


def test_an_own_seal_says_the_name_that_an_engine_read_in_it() -> None:
    tries = ("河北宁运热力有限公司", NAME)
    seal = SealReading(1, None, "round", f"{tries[0]}合同专用章", 0.9, tries=tries)
    (found,) = with_matches(_document(seal)).seals
    assert found.matches_name is True
    assert found.text == f"{NAME}合同专用章"
    assert found.tries == tries


@pytest.mark.parametrize("tries", [("河北宁运热力有限公司",), ("湖北宁运水泥有限公司", "x")])
def test_no_seal_says_a_name_that_nobody_read_in_it(tries: tuple[str, ...]) -> None:
    seal = SealReading(1, None, "round", tries[0], 0.9, tries=tries)
    (found,) = with_matches(_document(seal)).seals
    assert found.matches_name is not True
    assert found.text == tries[0]


class _Says:
    """An engine that reads the same in every strip, and counts what it was shown."""

    def __init__(
        self, family: Family, text: str, each: Sequence[float] = (), confidence: float = 0.99
    ) -> None:
        self.family, self.asked = family, 0
        self._read = Recognised(text, confidence, tuple(each))

    def read_lines(self, crops: Sequence[Picture]) -> list[Recognised]:
        self.asked += len(crops)
        return [self._read for _ in crops]


def _look(said: str, other: str, named: str) -> tuple[int, str]:
    """How many strips two engines were shown that say this in one ring, and whose seal it is."""
    first, second = _Says("ppocr-v6", said), _Says("ppocr-v4", other)
    picture = page(PlacedSeal(110, 195, NAME, "1399990000017"))
    engines = Shelf(primary=first, second=second)  # type: ignore[arg-type]  # No page is read.
    (seal,) = find_seals(picture, engines, 1, named)
    return first.asked + second.asked, verdict(seal.text, named, seal.confidence, seal.tries)


def test_one_look_of_both_is_enough_where_it_shows_the_name_on_the_paper() -> None:
    assert _look(NAME, NAME, NAME) == (2, "own")
    assert _look(NAME, NAME, "河北宁远热电有限公司")[0] > 2


@pytest.mark.parametrize(("least", "looks"), [(0.91, 1), (0.89, 2)])
def test_one_engine_that_is_sure_of_each_character_is_enough(least: float, looks: int) -> None:
    each = [0.99] * (len(NAME) - 1) + [least]
    first, second = _Says("ppocr-v6", NAME, each), _Says("ppocr-v4", NAME)
    engines = Shelf(primary=first, second=second)  # type: ignore[arg-type]  # No page is read.
    (seal,) = find_seals(page(PlacedSeal(110, 195, NAME, "1399990000017")), engines, 1, NAME)
    assert (seal.text, first.asked + second.asked) == (NAME, looks)


@pytest.mark.parametrize(("least", "looks"), [(0.51, 2), (0.49, None)])
def test_of_what_both_engines_read_the_first_one_is_not_wholly_unsure(
    least: float, looks: int | None
) -> None:
    each = [0.99] * (len(NAME) - 1) + [least]
    first, second = _Says("ppocr-v6", NAME, each, 0.9), _Says("ppocr-v4", NAME)
    engines = Shelf(primary=first, second=second)  # type: ignore[arg-type]  # No page is read.
    find_seals(page(PlacedSeal(110, 195, NAME, "1399990000017")), engines, 1, NAME)
    asked = first.asked + second.asked
    assert asked == looks if looks else asked > 5


@pytest.mark.parametrize(("bare", "looks"), [(True, 7), (False, 9)])
def test_a_ring_without_print_on_it_is_looked_at_less(bare: bool, looks: int) -> None:
    picture = page(PlacedSeal(110, 195, NAME, "1399990000017"))
    first, second = _Says("ppocr-v6", "甲乙丙丁"), _Says("ppocr-v4", "戊己庚辛")
    engines = Shelf(primary=first, second=second)  # type: ignore[arg-type]  # No page is read.
    find_seals(picture, engines, 1, NAME, alone=picture if bare else None)
    assert first.asked == looks


def test_of_a_name_that_is_read_for_rarer_ones_no_misreading_is_told() -> None:
    name = "河北银岚热力有限公司"
    looks, _ = _look(name, name.replace("岚", "丁"), name)
    assert looks > 5


def test_a_long_name_s_ends_are_no_kind_of_seal() -> None:
    """They reach into the sides of what is below the star; a kind stands in its middle."""
    asked = []
    said = []
    for kind in ("", "合同专用章"):
        picture = page(
            PlacedSeal(110, 195, "内蒙古自治区示例生物质热电股份有限公司", "", kind=kind)
        )
        (ring,) = find_rings(picture)
        first, second = _Says("ppocr-v6", "x"), _Says("ppocr-v4", "x")
        engines = Shelf(primary=first, second=second)  # type: ignore[arg-type]  # No page.
        said.append(_kind_of(cut_out(picture, ring), engines))
        asked.append(first.asked)
    assert asked == [0, 2]
    # What stands there and is not read may be any seal's.
    assert said == ["", None]


def test_one_engine_s_word_for_the_name_on_the_paper_is_not_enough() -> None:
    looks, _ = _look("河南昇盛水泥有限公司", "河南舞盛水泥有限公司", "河南昇盛水泥有限公司")
    assert looks > 5


@pytest.mark.parametrize("other", ["丁", "舞", "连"])
def test_what_the_second_engine_misread_is_told_by_its_shape(other: str) -> None:
    assert _look(NAME, NAME.replace("宁", other), NAME) == (4, "own")
    # Of two characters it is not the ring's print alone that it misread.
    assert _look(NAME, NAME.replace("宁远", other * 2), NAME)[0] > 5


@pytest.mark.parametrize(
    ("least", "other", "looks"),
    [(0.71, "丁", 2), (0.69, "丁", 4), (0.71, "宇", None)],
)
def test_what_the_second_engine_misread_is_told_by_one_look_where_the_first_is_sure(
    least: float, other: str, looks: int | None
) -> None:
    each = [0.99] * (len(NAME) - 1) + [least]
    first = _Says("ppocr-v6", NAME, each)
    second = _Says("ppocr-v4", NAME.replace("宁", other))
    drawn = NAME.replace("宁", other) if looks is None else NAME
    engines = Shelf(primary=first, second=second)  # type: ignore[arg-type]  # No page is read.
    find_seals(page(PlacedSeal(110, 195, drawn, "1399990000017")), engines, 1, NAME)
    asked = first.asked + second.asked
    assert asked == looks if looks else asked > 5


LONG = "河北宁远市示例生物质热电股份有限公司"


class _SaysOfWide(_Says):
    """Reads strips that are not squeezed alone."""

    def read_lines(self, crops: Sequence[Picture]) -> list[Recognised]:
        """Nothing of those that are as wide as engines read quickest."""
        read = super().read_lines(crops)
        wide = [one.shape[1] / one.shape[0] > 1.1 * 320 / 48 for one in crops]
        return [one if so else Recognised("", 0.0) for one, so in zip(read, wide, strict=True)]


def test_a_ring_that_is_not_read_squeezed_is_read_as_it_is() -> None:
    first, second = _SaysOfWide("ppocr-v6", LONG), _SaysOfWide("ppocr-v4", LONG)
    engines = Shelf(primary=first, second=second)  # type: ignore[arg-type]  # No page is read.
    (seal,) = find_seals(page(PlacedSeal(110, 195, LONG, "1399990000017")), engines, 1, LONG)
    assert (seal.text, first.asked, second.asked) == (LONG, 3, 1)


@pytest.mark.parametrize(("second_is_sure", "enough"), [(True, True), (False, False)])
def test_of_a_name_that_is_read_for_rarer_ones_both_engines_must_be_sure(
    second_is_sure: bool, enough: bool
) -> None:
    name = "河北银岚热力有限公司"
    first = _Says("ppocr-v6", name, [0.99] * len(name))
    second = _Says("ppocr-v4", name, confidence=0.99 if second_is_sure else 0.95)
    engines = Shelf(primary=first, second=second)  # type: ignore[arg-type]  # No page is read.
    find_seals(page(PlacedSeal(110, 195, NAME, "1399990000017")), engines, 1, name)
    asked = first.asked + second.asked
    assert asked == 2 if enough else asked > 6


class _SaysInTurn(_Says):
    """Reads one thing after the other; the last one ever after."""

    def __init__(self, family: Family, *texts: str) -> None:
        super().__init__(family, texts[-1], [0.8] * len(texts[-1]))
        self._first = [Recognised(text, 0.99, tuple([0.8] * len(text))) for text in texts]

    def read_lines(self, crops: Sequence[Picture]) -> list[Recognised]:
        """One reading for each strip that is shown."""
        read = self._first[self.asked : self.asked + len(crops)]
        return [*read, *super().read_lines(crops)[len(read) :]]


@pytest.mark.parametrize(
    ("first_read", "enough"),
    [("河北宁运热力", True), ("河北宁运热力有限公司", True), ("河北安运热力有限公司", False)],
)
def test_another_name_that_an_engine_is_sure_of_ends_the_looks(
    first_read: str, enough: bool
) -> None:
    first, second = _SaysInTurn("ppocr-v6", first_read, NAME), _Says("ppocr-v4", NAME)
    engines = Shelf(primary=first, second=second)  # type: ignore[arg-type]  # No page is read.
    find_seals(page(PlacedSeal(110, 195, NAME, "1399990000017")), engines, 1, NAME)
    asked = first.asked + second.asked
    # What is shorter lost characters, as engines do, and says nothing against the name; one other
    # character may be a rarer one that was misread on the squeezed strip.
    assert asked == 3 if enough else asked > 4


def test_a_seal_s_ink_shows_through_print() -> None:
    """Figures printed over a ring darken it and the paper alike; their colours' ratio stays."""
    picture = page(PlacedSeal(110, 195, NAME))
    (ring,) = find_rings(picture)
    bare = cut_out(picture, ring)
    figures = np.zeros(bare.part.shape[:2], np.uint8)
    cv2.putText(figures, "2021-11-26", (10, 200), cv2.FONT_HERSHEY_SIMPLEX, 2.0, 255, 12)
    printed = np.where(figures[..., None] > 0, bare.part * 0.25, bare.part).astype(np.uint8)
    tinted = Stamp(printed, bare.ring).tinted[:, :, 0]
    inked = (bare.healed[:, :, 0] < 90) & (figures > 0)
    blank = (bare.healed[:, :, 0] > 220) & (figures > 0)
    assert inked.sum() > 200
    assert tinted[inked].mean() < tinted[blank].mean() - 80


@pytest.mark.parametrize(
    ("text", "confidence", "kind"),
    [
        ("合同专用章", 0.9, "合同专用章"),
        # Too unsure, too short, and no kind that anybody knows.
        ("合同专用章", 0.4, ""),
        ("章章", 0.9, ""),
        ("河北省石家庄市", 0.9, ""),
    ],
)
def test_the_kind_of_a_seal_that_cannot_be_told_is_none(
    text: str, confidence: float, kind: str
) -> None:
    assert _kind(Recognised(text, confidence)) == kind


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        # A date printed over it.
        ("合同存考章", "在同年传章", "合同专用章"),
        # The same of several kinds, of too little, of one engine alone, of what is printed there.
        ("某务专用章", "其务专某章", "专用章"),
        ("合同存考章", "在园年传章", ""),
        ("合同存考章", "", ""),
        ("单位名盖章", "单位名盖章", ""),
        ("合同存考", "合同存考", ""),
    ],
)
def test_a_kind_of_which_both_engines_read_a_part(first: str, second: str, kind: str) -> None:
    assert _kind_of_both(first, second) == kind
