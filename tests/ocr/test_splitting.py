"""Cells that hold several texts since a rule between them is worn away."""

import pytest

from ocr.sheet import Block, Rect, Sheet
from ocr.splitting import split_cells
from tests.ocr.evaluate import template
from tests.ocr.scripted import line

CELL = (0.0, 0.0, 1000.0, 40.0)
LEFT, RIGHT = (20.0, 5.0, 400.0, 35.0), (600.0, 5.0, 950.0, 35.0)


def _parts(left: str, right: str, ruled: bool = True) -> list[str]:
    cell = Block((line(left, LEFT), line(right, RIGHT)), CELL, ruled=ruled)
    found = split_cells(Sheet((cell,), 1000, 40, 1), template(), "cancellation")
    return [block.text for block in found.blocks]


@pytest.mark.parametrize(
    ("left", "right", "parts"),
    [
        ("账户持有人 河北衡岚热力有限公司", "账号 10007475502290", 2),
        ("持有人河北衡岚热力有限公司", "账号10007475502290", 2),
        ("账号", "10007475502290", 2),
        # One label twice, or a text without one, is one value that was found in two pieces.
        ("账号 100074", "账号 755022", 1),
        ("408517682-", "408632309", 1),
        ("账户持有人 河北衡岚热力", "有限公司", 1),
        ("账户持有入 河北衡岚热力有限公司", "账号 10007475502290", 1),
    ],
)
def test_labels_with_their_values_side_by_side(left: str, right: str, parts: int) -> None:
    found = _parts(left, right)
    assert len(found) == parts
    assert "".join("".join(found).split()) == "".join((left + right).split())


@pytest.mark.parametrize(
    ("left", "parts"),
    [
        # Boxes reach beyond their text, by up to 0.6 of its height; by more they share a column.
        ((600.0, 5.0, 950.0, 35.0), 2),
        ((385.0, 6.0, 950.0, 36.0), 2),
        ((375.0, 6.0, 950.0, 36.0), 1),
        # Half a line lower it may be the label's second line.
        ((385.0, 20.0, 950.0, 50.0), 1),
        ((395.0, 20.0, 950.0, 50.0), 2),
    ],
)
def test_a_value_whose_box_reaches_into_its_label_s(left: Rect, parts: int) -> None:
    cell = Block((line("账户持有人", LEFT), line("河北衡岚热力有限公司", left)), CELL, ruled=True)
    assert len(split_cells(Sheet((cell,), 1000, 40, 1), template(), "cancellation").blocks) == parts


@pytest.mark.parametrize(
    ("left", "right"),
    [("河北衡岚风电", "项目"), ("账户", "名称"), ("项目", "名称"), ("408517682-", "408632309")],
)
def test_words_whose_boxes_reach_into_each_other_stay_together(left: str, right: str) -> None:
    """But a label and its value: a name may end in a label's word, and labels are of two words."""
    reaching = (385.0, 6.0, 950.0, 36.0)
    cell = Block((line(left, LEFT), line(right, reaching)), CELL, ruled=True)
    found = split_cells(Sheet((cell,), 1000, 40, 1), template(), "cancellation")
    assert found.blocks == (cell,)


def test_lines_that_are_in_no_cell_stay_as_they_are() -> None:
    assert len(_parts("账户持有人 河北衡岚热力有限公司", "账号 10007475502290", ruled=False)) == 1
