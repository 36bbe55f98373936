"""What becomes of several opinions on one value: engines that say what they are told."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest

from ocr.engines import Shelf
from ocr.engines.port import Family, Picture, Recognised
from ocr.geometry import Flat
from ocr.hits import Hit
from ocr.scan import Scan
from ocr.sheet import Block, Line, Rect, Sheet
from ocr.votes import Voter
from procedure.fieldrules import NEAR, SEAL_DIFFERS, SHAPE
from procedure.forms import LabelMatch
from procedure.readings import Reading
from tests.ocr.evaluate import template
from tests.ocr.scripted import First, Said, Told, line, shelf
from tests.ocr.test_setapart import _line as set_apart
from tests.ocr.test_shapes import _line as printed

FORM = template()
FIRM, OTHER = "河北衡岚电力有限公司", "河北衡风电力有限公司"
BOX: Rect = (40.0, 40.0, 440.0, 80.0)
SECOND: Rect = (40.0, 100.0, 440.0, 140.0)


def hit(field: str, *lines: Line, inline: bool = False, label: Line | None = None) -> Hit:
    text = "\n".join(one.text for one in lines)
    head = Block((label,), label.box) if label else None
    match = LabelMatch(field, None, 1.0, field) if inline else None
    box = lines[0].box if lines else BOX
    return Hit(field, text, lines, box, label=head, match=match, inline=inline)


def page(
    lines: Sequence[Line], *, red: Sequence[Rect] = (), drawn: bool = False,
    picture: Picture | None = None,
) -> Scan:  # fmt: skip
    """A white page; each line's paper is a little darker than the one's before: 200, 190…

    ``red``: where a seal lies. ``drawn``: with areas of colour, as a screen's copy has.
    """
    if picture is None:
        picture = np.full((400, 600, 3), 255, np.uint8)
        for number, one in enumerate(lines):
            x0, y0, x1, y1 = map(int, one.box)
            picture[y0:y1, x0:x1] = 200 - 10 * number
        if drawn:
            for number, colour in enumerate([(90, 20, 20), (20, 90, 20), (20, 20, 90)]):
                picture[300 + 30 * number : 325 + 30 * number] = colour
    high, wide = picture.shape[:2]
    mask, nothing = np.zeros((high, wide), np.uint8), np.zeros((high, wide), np.uint8)
    for x0, y0, x1, y1 in (tuple(map(int, box)) for box in red):
        mask[y0:y1, x0:x1] = 255
    sheet = Sheet(tuple(Block((one,), one.box) for one in lines), wide, high, 1)
    # A copy: what is read of the cleaned page is another look at the same shade.
    flat = Flat(np.eye(3), wide, high)
    return Scan(sheet, picture, picture.copy(), flat, picture, mask, nothing, 0)


def read(one: Hit, engines: Shelf, scan: Scan | None = None, rivals: Sequence[Hit] = ()) -> Reading:
    label = one.label.lines if one.label else ()
    lines = [*one.lines, *label, *(x for rival in rivals for x in rival.lines)]
    voter = Voter(scan or page(list(dict.fromkeys(lines))), engines, FORM, "application")
    voter.prepare([one, *rivals])
    return voter.reading(one, rivals)


def told(
    *texts: str, confidence: float = 0.99, look: str = "raw"
) -> dict[tuple[int, str], tuple[str, float]]:
    """By the shades of a page's lines in their order."""
    return {(200 - 10 * number, look): (text, confidence) for number, text in enumerate(texts)}


@pytest.mark.parametrize(("other", "differs"), [("5000", False), ("5001", True), ("五千多", False)])
def test_two_places_that_claim_a_field_must_say_the_same(other: str, differs: bool) -> None:
    first, second = line("5000", BOX), line(other, SECOND)
    engines = shelf(First(told("5000", other)), told("5000", other))
    found = read(hit("offset_t", first), engines, rivals=[hit("offset_t", second)])
    assert found.value == 5000
    assert ("two-places-differ" in found.against) is differs


@pytest.mark.parametrize(
    ("field", "text", "doubt"),
    [
        ("account_name", FIRM, ""),
        ("account_name", "河北衡岚电力", "not-a-firm"),
        ("account_name", "河北衡岚电力（集团有限公司", "unbalanced-brackets"),
        ("serial", "408517682-4086323Q9", "letter-among-figures"),
        ("serial", "O85176-086323", "letter-among-figures"),
        ("serial", "408517682-408632309", ""),
        ("account_no", "CN-100-1886978", ""),
        ("account_no", "CN-1O0-1886978", "letter-among-figures"),
        ("account_no", "CN-1OO-1886978", "letter-among-figures"),
        ("date", "2021年12月", "date-cut"),
        ("date", "2021年12月5日", ""),
        ("name", "江西祥衡风电场一期49:5MW工程", "odd-word"),
        ("project_name", "江西祥衡风电场一期49，5MW工程", "odd-word"),
        ("name", "江西祥衡风电场一期49.5MW工程", ""),
        # A W that both engines lose of small print.
        ("project_name", "江西祥衡风电场一期49.5Mh工程", "odd-word"),
        ("project_name", "江西祥衡光伏发电二期201K工程", "odd-word"),
        ("project_name", "江西祥衡光伏发电二期48MWp工程", ""),
    ],
)
def test_what_is_odd_about_a_value_that_all_read_alike(field: str, text: str, doubt: str) -> None:
    found = read(hit(field, line(text, BOX)), shelf(First(told(text)), told(text)))
    assert [one for one in found.against if one != "unread-ink"] == ([doubt] if doubt else [])


def test_a_number_in_two_lines_may_be_two() -> None:
    texts = "3867301", "92506"
    one = hit("account_no", line(texts[0], BOX), line(texts[1], SECOND))
    assert "wrapped-lines" in read(one, shelf(First(told(*texts)), told(*texts))).against


@pytest.mark.parametrize(
    ("texts", "doubted"),
    [
        (("安徽岚衡碳汇造林项目", "1569916"), True),
        (("安徽岚衡碳汇造林项目", "800"), True),
        (("安徽岚衡碳汇造林项目1569916",), True),
        (("安徽岚衡碳汇造林项目 1 569 916吨。",), True),
        (("1569916安徽岚衡碳汇造林项目",), True),
        (("安徽岚衡碳汇造林项目2012",), False),
        (("安徽岚衡风电场一期", "49.5MW工程"), False),
        (("安徽岚衡2×660MW机组余热项目",), False),
        (("安徽岚衡碳汇", "造林项目"), False),
    ],
)
def test_the_next_row_s_number_is_no_part_of_a_name(texts: tuple[str, ...], doubted: bool) -> None:
    boxes = BOX, SECOND
    one = hit("project_name", *(line(text, box) for text, box in zip(texts, boxes, strict=False)))
    assert ("several-values" in read(one, shelf(First(told(*texts)), told(*texts))).against) is (
        doubted
    )


@pytest.mark.parametrize(
    ("label", "again", "doubts"),
    [
        (None, None, set()),
        ("申请抵销量（吨）", "申请抵销量（吨）", set()),
        ("申请抵销量", "申请抵销量", {"unit-missing"}),
        ("申请抵销量（吨）", "申请抵销量（万吨）", {"unit-unclear"}),
    ],
)
def test_both_engines_must_read_the_same_unit(
    label: str | None, again: str | None, doubts: set[str]
) -> None:
    head = line(label, SECOND) if label else None
    one = hit("offset_t", line("5000", BOX), label=head)
    engines = shelf(First(told("5000", label or "")), told("5000", again or ""))
    found = read(one, engines)
    assert found.value == 5000
    assert {each for each in found.against if each.startswith("unit-")} == doubts


class TestNear:
    """A doubtful value that is plain from near."""

    def _read(
        self, field: str, first: str, again: str, near: str, second: str,
        red: Sequence[Rect] = (),
    ) -> Reading:  # fmt: skip
        """What the first engine made of the page, then of the line, and both of it enlarged."""
        one = line(first, BOX, 0.8)
        # Of the page without its seal, a little darker here, nobody is sure either.
        clean = {(195, "raw"): (first, 0.8)}
        said = told(again) | told(near, look="near") | clean
        engines = shelf(First(said), told(second) | told(near, look="near") | clean)
        scan = page([one], red=red, drawn=True)
        cleaned = np.where(scan.picture == 200, 195, scan.picture).astype(np.uint8)
        return read(hit(field, one), engines, replace(scan, cleaned=cleaned))

    def test_a_name_that_all_read_alike(self) -> None:
        found = self._read("account_name", FIRM, FIRM, FIRM, FIRM)
        assert (found.value, NEAR in found.evidence) == (FIRM, True)

    def test_not_under_a_seal(self) -> None:
        found = self._read("account_name", FIRM, FIRM, FIRM, FIRM, red=[BOX])
        assert NEAR not in found.evidence

    def test_not_where_the_first_engine_read_another_name_at_first(self) -> None:
        found = self._read("account_name", OTHER, FIRM, FIRM, FIRM)
        assert NEAR not in found.evidence

    def test_not_where_it_read_another_name_once_more(self) -> None:
        found = self._read("account_name", FIRM, OTHER, FIRM, FIRM)
        assert NEAR not in found.evidence

    @pytest.mark.parametrize(("first", "proven"), [("97 9772", True), ("97 9773", False)])
    def test_a_gap_that_was_none_in_the_same_figures(self, first: str, proven: bool) -> None:
        found = self._read("quantity_t", first, "979772", "979772", "979772")
        assert (found.value, NEAR in found.evidence) == (979772, proven)

    @pytest.mark.parametrize(
        ("second", "near", "proven"),
        [
            ("CN-100-3626911", "CN100-3626911", True),
            ("CN-100-3626911", "CN1003626911", True),
            ("CN-100-3626911", "CN100-3626917", False),
            ("CN-100-3626911", "CN10-03626911", False),
            # Only what both read at first has its hyphens back.
            ("CN100-3626911", "CN100-3626911", False),
        ],
    )
    def test_hyphens_that_engines_lose_from_near(
        self, second: str, near: str, proven: bool
    ) -> None:
        found = self._read("account_no", "CN-100-3626911", near, near, second)
        assert (found.value == "CN-100-3626911" and NEAR in found.evidence) is proven


NAME = "账户名称：山西霁峰煤电（集团）有限公司"
RIVAL = NAME.replace("霁", "雷")


def _drawn(text: str, high: int = 30) -> tuple[Scan, Line]:
    """A page that is one line in print, for the eye of `ocr.shapes`."""
    picture = printed(text, high)
    one = line(text, (0.0, 0.0, float(picture.shape[1]), float(picture.shape[0])))
    return page([one], picture=picture), one


def _compared(
    text: str, second: str, *, high: int = 30, field: str = "account_name", sure: float = 0.99,
    words: str | None = None, red: bool = False,
) -> Reading:  # fmt: skip
    scan, one = _drawn(text, high)
    one = replace(one, confidence=sure)
    if red:
        scan = replace(scan, red=np.full_like(scan.red, 255))
    engines = shelf(
        First({(0, "raw"): (text, sure)}, height=high),
        {(0, "raw"): (second, sure)},
        words=None if words is None else {(0, "raw"): (words, sure)},
        height=high,
    )
    return read(hit(field, one), engines, scan)


def test_the_picture_outvotes_a_second_engine_that_read_another_character() -> None:
    found = _compared(NAME[5:], RIVAL[5:], high=24)
    assert found.value == NAME[5:]
    assert SHAPE in found.evidence
    assert "engine-disagrees" not in found.against


def test_the_picture_does_not_bear_out_what_the_first_engine_misread() -> None:
    scan, one = _drawn(RIVAL[5:], 24)
    wrong = replace(one, text=NAME[5:])
    engines = shelf(
        First({(0, "raw"): (NAME[5:], 0.99)}, height=24), {(0, "raw"): (RIVAL[5:], 0.99)}, height=24
    )
    found = read(hit("account_name", wrong), engines, scan)
    assert SHAPE not in found.evidence
    assert "engine-disagrees" in found.against


def test_where_a_common_character_may_stand_for_a_rarer_one_small_print_outvotes_nobody() -> None:
    """吴 of 14 pixels may be a 昊, whatever the second engine made of the character beside it."""
    first, second = "山西吴霁煤电有限公司", "山西吴雷煤电有限公司"
    as_printed = _compared(first, second, high=20)
    assert SHAPE not in as_printed.evidence
    scan, one = _drawn("山西昊霁煤电有限公司", 20)
    said: Said = {(0, "raw"): (first, 0.99)}
    engines = shelf(First(said, height=20), {(0, "raw"): (second, 0.99)}, height=20)
    found = read(hit("account_name", replace(one, text=first)), engines, scan)
    assert SHAPE not in found.evidence
    assert "engine-disagrees" in found.against


@pytest.mark.parametrize(
    ("voice", "wanted"), [("天津20MW光伏发电项目", True), ("天津28MW光伏发电项目", False)]
)
def test_figures_that_nobody_is_sure_of_are_read_by_a_third(voice: str, wanted: bool) -> None:
    text = "天津20MW光伏发电项目"
    found = _compared(text, text, field="project_name", sure=0.9, words=voice)
    assert (SHAPE in found.evidence) is wanted


def test_under_a_seal_no_picture_bears_out_a_name() -> None:
    text = "天津霁峰水电站"
    assert SHAPE in _compared(text, text, field="project_name", sure=0.9).evidence
    assert SHAPE not in _compared(text, text, field="project_name", sure=0.9, red=True).evidence


@pytest.mark.parametrize(
    ("clean", "raw"), [(FIRM, OTHER), (OTHER, FIRM)], ids=["read clean", "read raw"]
)
def test_what_is_read_with_the_seal_alone_or_without_it_alone_is_a_doubt_of_the_picture(
    clean: str, raw: str
) -> None:
    """The second engine reads one of the two looks otherwise: nothing is settled by the shapes."""
    one = line(FIRM, BOX)
    scan = page([one], red=[BOX])
    # The cleaned page has a shade of its own here.
    cleaned = scan.picture.copy()
    cv2.rectangle(cleaned, (40, 40), (440, 80), (150, 150, 150), -1)
    engines = shelf(
        First({(200, "raw"): (FIRM, 0.99), (150, "raw"): (FIRM, 0.99)}),
        {(200, "raw"): (raw, 0.99), (150, "raw"): (clean, 0.99)},
    )
    found = read(hit("account_name", one), engines, replace(scan, cleaned=cleaned))
    assert found.value == FIRM
    assert SEAL_DIFFERS in found.against
    assert SHAPE not in found.evidence


def test_a_value_that_stands_twice_in_its_line_has_no_place_to_look_at() -> None:
    """天津霁峰 of 单位名称：天津霁峰 联系人：天津霁峰: which of the two is it?"""
    once, twice = (f"单位名称：天津霁峰水电站　联系人：{who}" for who in ("李明", "天津霁峰水电站"))
    for text, wanted in ((once, True), (twice, False)):
        scan, one = _drawn(text)
        one = replace(one, confidence=0.9)
        said: Said = {(0, "raw"): (text, 0.9)}
        engines = shelf(First(said, height=30), said, height=30)
        found = read(hit("enterprise_name", one, inline=True), engines, scan)
        assert found.value == "天津霁峰水电站"
        assert (SHAPE in found.evidence) is wanted


class _Apart(Told):
    """Reads a strip as wide as the line otherwise than one whose figures were moved together."""

    def __init__(self, family: Family, apart: str, together: str, wide: int) -> None:
        super().__init__(family, {})
        self._texts, self._wide = (apart, together), wide

    def read_lines(self, crops: Sequence[Picture]) -> list[Recognised]:
        """Surely where they stand together."""
        moved = [strip.shape[1] < 0.9 * self._wide for strip in crops]
        return [Recognised(self._texts[one], 0.99 if one else 0.7) for one in moved]


class _First(_Apart, First):
    """The same as the first engine."""

    def __init__(self, apart: str, together: str, wide: int) -> None:
        _Apart.__init__(self, "ppocr-v6", apart, together, wide)


LABEL = "抵销量："


@pytest.mark.parametrize("label", ["", LABEL])
@pytest.mark.parametrize(
    ("together", "holds"),
    [("396,558", True), ("396558", True), ("396,550", False), ("-396,558", False)],
)
@pytest.mark.parametrize("sealed", [False, True])
def test_figures_that_were_moved_together_count_only_as_what_was_read_before(
    label: str, together: str, holds: bool, sealed: bool
) -> None:
    strip = set_apart("396,558")
    picture = np.full((400, 600 + 48 * len(label), 3), 255, np.uint8)
    x0, x1 = 40 + 48 * len(label), 40 + 48 * len(label) + strip.shape[1]
    picture[40:112, x0:x1] = strip
    if label:
        picture[40:112, 20:x0] = set_apart(label)[:, : x0 - 20]
    apart = f"{label}3 9 6，5 5 8"
    box = (20.0 if label else float(x0), 42.0, float(x1), 110.0)
    one = line(apart, box, confidence=0.7)
    wide = round(box[2] - box[0])
    engines = replace(
        shelf(First({})),
        primary=_First(apart, label + together, wide),
        second=_Apart("ppocr-v4", apart, label + together, wide),
    )
    found = hit("offset_t", one, inline=bool(label))
    found = replace(found, text="3 9 6，5 5 8", match=LabelMatch("offset_t", None, 1.0, "抵销量"))
    red = [box] if sealed else []
    reading = read(found, engines, page([one], picture=picture, red=red))
    assert (reading.confidence > 0.9) is (holds and not sealed)
    assert reading.value in (396558, None) or not holds


@pytest.mark.parametrize(
    ("text", "doubted"),
    [
        ("2.724万吨", True),  # A worn 2,724万吨: a thousand times as much.
        ("12.4833万吨", False),
        ("2.72万吨", False),
        ("1,234.567万吨", False),
    ],
)
def test_a_point_that_may_be_a_comma_of_thousands_is_a_doubt(text: str, doubted: bool) -> None:
    one = line(text, BOX)
    engines = shelf(First(told(text)), told(text))
    assert ("ambiguous-number" in read(hit("offset_t", one), engines).against) is doubted
