"""Rows of tables of which no rule was found, told by where their lines stand."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from ocr.hits import Row
from ocr.sheet import Block, Line
from tests.ocr.test_layout import grid, layout_of

HEADS = (("项目名称", 10, 110), ("项目编号", 410, 110), ("抵销量（吨）", 710, 110))
Text = tuple[str, float, float]


def _free(text: str, x: float, y: float) -> Block:
    line = Line(text, (x, y, x + 20 * len(text), y + 24))
    return Block((line,), line.box)


def _form(*texts: Text, heads: Iterable[Text] = HEADS, native: bool = False) -> tuple[Row, ...]:
    """Rows that are read of a form's table."""
    sheet = replace(grid(), native=native)
    blocks = [_free(*text) for text in (*heads, *texts)]
    return layout_of(replace(sheet, blocks=(*sheet.blocks, *blocks))).rows


@pytest.mark.parametrize(
    ("left", "right"), [(150.0, 150.0), (153.3, 152.7), (153.5, 151.5), (151.0, 158.0)]
)
def test_pieces_of_one_line_stand_from_left_to_right(left: float, right: float) -> None:
    """Half a pixel or more above one another, as on a picture that is tilted."""
    one = ("新疆天山", 10, left), ("水电站项目", 110, right), ("CCER-0001", 410, 150)
    other = ("乙水电项目", 10, 190), ("CCER-0002", 410, 190), ("72", 710, 190)
    rows = _form(*one, ("6,000", 710, 150), *other)
    assert [row["name"].text for row in rows] == ["新疆天山\n水电站项目", "乙水电项目"]


def test_pieces_of_a_value_beside_its_label_stand_from_left_to_right() -> None:
    blocks = [_free("联系人", 100, 200), _free("李", 230, 197.1), _free("明", 260, 196.4)]
    phone = [_free("联系电话", 420, 200), _free("13800138000", 560, 200)]
    layout = layout_of(replace(grid(), blocks=(*grid().blocks, *blocks, *phone)))
    assert layout.fields["contact"][0].text == "李\n明"


_NEXT = ("乙水电站", 10, 190), ("0365", 640, 190), ("72", 900, 190)
_LEFT = (("项目名称", 10, 110), ("项目编号", 640, 110), ("抵销量（吨）", 900, 110))


def _doubted(rows: Iterable[Row]) -> list[tuple[str, ...]]:
    return [tuple(name for name, hit in row.items() if hit.doubts) for row in rows]


def test_a_names_piece_that_is_nearer_to_the_next_heading_is_the_names() -> None:
    """In doubt all the same: a seal's word may stand so too."""
    one = ("壬癸湖农村户用沼气", 200, 150), ("利用项目", 430, 151), ("0364", 640, 150)
    rows = _form(*one, ("6,000", 900, 150), *_NEXT, heads=_LEFT)
    assert [row["name"].text for row in rows] == ["壬癸湖农村户用沼气\n利用项目", "乙水电站"]
    assert [row["code"].text for row in rows] == ["0364", "0365"]
    assert _doubted(rows) == [("name",), ()]


def test_a_names_two_pieces_beyond_a_blank_each_are_the_names() -> None:
    one = ("壬癸湖农村", 210, 150), ("户用沼气", 350, 151), ("利用项目", 450, 152)
    rows = _form(*one, ("0364", 640, 150), ("6,000", 900, 150), *_NEXT, heads=_LEFT)
    assert rows[0]["name"].text == "壬癸湖农村\n户用沼气\n利用项目"
    assert _doubted(rows) == [("name",), ()]


def test_a_names_first_piece_that_is_nearer_to_the_heading_before_is_the_names() -> None:
    heads = (("项目编号", 10, 110), ("项目名称", 350, 110), ("抵销量（吨）", 900, 110))
    one = ("0364", 10, 150), ("甲乙", 150, 150), ("河二级水电站", 220, 151)
    two = ("0365", 10, 190), ("丙丁戊己山光伏电站", 170, 190), ("72", 900, 190)
    rows = _form(*one, ("6,000", 900, 150), *two, heads=heads)
    assert [row["name"].text for row in rows] == ["甲乙\n河二级水电站", "丙丁戊己山光伏电站"]
    assert [row["code"].text for row in rows] == ["0364", "0365"]
    assert _doubted(rows) == [("name",), ()]


def test_a_piece_nearer_to_the_next_value_leaves_both_in_doubt() -> None:
    one = ("壬癸湖农村户用", 280, 150), ("利用项目", 480, 151), ("0364", 600, 150)
    rows = _form(*one, ("6,000", 900, 150), *_NEXT, heads=_LEFT)
    assert _doubted(rows) == [("name", "code"), ()]


def test_figures_of_a_name_in_the_next_column_leave_both_in_doubt() -> None:
    one = ("甲乙丙丁戊己庚辛风电场", 240, 150), ("49.5", 500, 150), ("0364", 640, 150)
    rows = _form(*one, ("6,000", 900, 150), *_NEXT, heads=_LEFT)
    assert _doubted(rows) == [("name", "code"), ()]


@pytest.mark.parametrize("own", [True, False])
def test_a_names_piece_under_a_foreign_heading_leaves_the_name_in_doubt(own: bool) -> None:
    heads = (*_LEFT, ("项目类型", 420, 110))
    kind = [("风电", 420, 190), *([("沼气", 500, 150)] if own else [])]
    one = ("壬癸湖农村户用", 200, 150), ("利用一期", 370, 151), ("0364", 640, 150)
    rows = _form(*one, ("6,000", 900, 150), *_NEXT, *kind, heads=heads)
    assert _doubted(rows) == [("name",), ()]


def test_values_beside_a_name_are_no_pieces_of_it() -> None:
    """A type that stands where types do, a number in two pieces, a number alone, a unit."""
    heads = (*_LEFT, ("项目类型", 420, 110))
    kinds = ("风电", 420, 150), ("沼气 利用", 420, 190)
    names = ("甲乙丙丁戊己庚辛壬癸湖农村户用沼气利用", 30, 150), ("丙水电站", 30, 190)
    codes = ("CCER-", 640, 150), ("0364", 750, 151), ("0365", 640, 190)
    amounts = ("6,000", 900, 150), ("吨", 1010, 150), ("72", 900, 190)
    rows = _form(*kinds, *names, *codes, *amounts, heads=heads)
    assert [row["name"].text for row in rows] == [names[0][0], names[1][0]]
    assert not any(_doubted(rows))


def test_numbers_of_rows_are_no_pieces_of_names() -> None:
    heads = (("序号", 10, 110), *((text, x + 120, y) for text, x, y in HEADS))
    rows: list[Text] = []
    for at, number in enumerate(("9", "10", "111")):
        y = 150.0 + 40 * at
        rows += [(number, 50 - 20 * len(number), y), ("甲水电站", 130, y)]
        rows += [(f"036{at}", 530, y), ("72", 830, y)]
    found = _form(*rows, heads=heads)
    assert [row["name"].text for row in found] == ["甲水电站"] * 3
    assert not any(_doubted(found))


def _stacked(count: int, y: float) -> list[Text]:
    return [("甲乙丙丁戊己"[at:] + "庚辛", 10.0, y + 28 * at) for at in range(count)]


@pytest.mark.parametrize("top", [0, 2, 4])
def test_a_row_below_a_tall_name_is_read(top: int) -> None:
    """A name of five lines, its row's values beside one of these (``top``)."""
    rows: list[Text] = [("甲水电站", 10, 150), ("0364", 410, 150), ("6,000", 710, 150)]
    rows += [("乙水电站", 10, 190), ("0365", 410, 190), ("500", 710, 190)]
    y = 230 + 28 * top
    rows += [*_stacked(5, 230), ("0366", 410, y), ("72", 710, y)]
    rows += [("丙水电站", 10, 382), ("0367", 410, 382), ("81", 710, 382)]
    found = _form(*rows)
    assert [row["amount_t"].text for row in found] == ["6,000", "500", "72", "81"]
    assert all(row["name"].doubts or row["name"].text in _whole(rows) for row in found)


def _whole(rows: Iterable[Text]) -> set[str]:
    names = [text for text, x, _ in rows if x == 10]
    return {*names, "\n".join(text for text, _, _ in _stacked(5, 0))}


def test_below_a_remark_under_the_rows_something_else_begins() -> None:
    """Its lines stand one below the other, with a gap before and another one behind."""
    rows: list[Text] = [("甲水电站", 10, 150), ("0364", 410, 150), ("6,000", 710, 150)]
    rows += [("乙水电站", 10, 190), ("0365", 410, 190), ("500", 710, 190)]
    other = ("丁某某", 10, 410), ("2021", 410, 410), ("81", 710, 410)
    found = _form(*rows, *_stacked(5, 240), *other)
    assert [row["amount_t"].text for row in found] == ["6,000", "500"]


def test_a_contacts_row_below_a_tall_name_is_no_row() -> None:
    """Its label stands in one band with the last lines of the name."""
    rows: list[Text] = [*_stacked(3, 150), ("0364", 410, 150), ("6,000", 710, 150)]
    contact = ("联系人", 10, 242), ("王明", 410, 242), ("13912345678", 710, 242)
    found = _form(*rows, *contact)
    assert [row["amount_t"].text for row in found] == ["6,000"]


@pytest.mark.parametrize("native", [False, True])
def test_rows_behind_the_sum_of_a_group_leave_the_others_in_doubt(native: bool) -> None:
    """They end where it stands; where nothing follows, or a 合计 alone, nothing is missing."""
    one = ("甲水电站", 10, 150), ("0364", 410, 150), ("6,000", 710, 150)
    two = ("乙水电站", 10, 190), ("0365", 410, 190), ("72", 710, 190)
    group = ("小计", 10, 230), ("6,072", 710, 230)
    further = ("丙水电站", 10, 270), ("0366", 410, 270), ("500", 710, 270)
    total = ("合计", 10, 310), ("6,572", 710, 310)
    every = ("name", "code", "amount_t")
    contact = ("联系人", 10, 270), ("王明", 110, 270), ("传真", 410, 270), ("87654321", 710, 270)

    def doubted(*texts: Text) -> list[tuple[str, ...]]:
        return _doubted(_form(*one, *two, *group, *texts, native=native))

    assert doubted(*further, *total) == [every, every]
    assert doubted() == doubted(*total) == doubted(*contact) == [(), ()]
