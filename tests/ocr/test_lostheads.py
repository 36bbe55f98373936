"""A screen's list under a seal: a heading that cannot be read, pieces of the ring in its cells."""

from dataclasses import replace

import pytest

from ocr.sheet import Block, Line
from tests.ocr.test_layout import HEADING, ROW_1, ROW_2, TOP, _sheet, layout_of

STAMPED = (*(one for one in HEADING if "数量" not in one[0]), ("办理状态", 1420, 300))
DONE = (("已完成", 1430, 350),)


def test_a_heading_of_amounts_under_a_seal_is_told_by_the_numbers_below_it() -> None:
    layout = layout_of(_sheet(*TOP, *STAMPED, *ROW_1, *DONE, *ROW_2, ("已完成", 1430, 400)))
    assert [row["quantity_t"].text for row in layout.rows] == ["1,200", "800"]
    (first, _) = layout.rows
    assert [first[name].text for name in ("project_code", "operation", "status")] == [
        "CCER-0001",
        "自愿注销",
        "已完成",
    ]
    # It names no unit: what stands below it needs a span or a record.
    assert first["quantity_t"].unit is None


@pytest.mark.parametrize(
    "heads",
    [
        # What could be read there is another column's heading, or there are two such places.
        (*STAMPED, ("账户余额", 805, 300)),
        tuple(one for one in STAMPED if "类型" not in one[0]),
        tuple(one for one in HEADING if "数量" not in one[0])[:3],
    ],
)
def test_numbers_below_another_heading_are_no_amounts(
    heads: tuple[tuple[str, float, float], ...],
) -> None:
    second = (("4,321", 1050, 350),) if len(heads) == len(STAMPED) - 1 else ()
    cells = tuple(one for one in ROW_1 if not second or one[0] != "自愿注销")
    layout = layout_of(_sheet(*TOP, *heads, *cells, *DONE, *second))
    assert not any("quantity_t" in row for row in layout.rows)


def test_a_piece_of_a_seal_s_ring_is_no_part_of_a_cell() -> None:
    sheet = _sheet(*TOP, *HEADING, *ROW_1, *ROW_2)
    ring = Line("有限", (1140, 340, 1180, 400), source="clean")
    stamped = replace(sheet, blocks=(*sheet.blocks, Block((ring,), ring.box)))
    assert layout_of(stamped).rows[0]["operation"].text == "自愿注销"
    # Beside a figure or a name it may be a part of these, grown together with the ring.
    for text, x in (("0", 900), ("二期", 600)):
        piece = Line(text, (x, 340, x + 40, 400), source="clean")
        grown = replace(sheet, blocks=(*sheet.blocks, Block((piece,), piece.box)))
        (first, _) = layout_of(grown).rows
        cell = first["quantity_t"] if text == "0" else first["project_name"]
        assert text in cell.text.split("\n")
    small = replace(ring, box=(1140, 352, 1180, 378))
    odd = replace(sheet, blocks=(*sheet.blocks, Block((small,), small.box)))
    assert layout_of(odd).rows[0]["operation"].text == "自愿注销\n有限"
