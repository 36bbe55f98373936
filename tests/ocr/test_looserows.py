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


def _form(*texts: Text, heads: Iterable[Text] = HEADS) -> tuple[Row, ...]:
    """Rows that are read of a form's table."""
    sheet = grid()
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
