"""Rows of tables by their cells, where some cells were not found, or are none."""

from dataclasses import replace

import pytest

from ocr.rules import in_order
from ocr.sheet import Block, Line, Sheet
from tests.ocr.test_layout import grid, layout_of


def test_a_table_that_stands_apart_below_its_heading_is_none_of_its_rows() -> None:
    heads = (("项目名称", 0, 400), ("项目编号", 400, 700), ("抵销量（吨）", 700, 1000))
    one = (("甲风电项目", 0, 400), ("CCER-0001", 400, 700), ("6,000", 700, 1000))
    other = (("丙光伏项目", 0, 400), ("CCER-0003", 400, 700), ("9,000", 700, 1000))
    near = layout_of(grid(heads, one))
    assert [row["amount_t"].text for row in near.rows] == ["6,000"]
    far = layout_of(grid(heads, one, *[()] * 4, other))
    assert [row["amount_t"].text for row in far.rows] == ["6,000"]


def test_a_blank_row_is_no_row_and_a_lost_wall_parts_no_row() -> None:
    heads = (("项目名称", 0, 400), ("项目编号", 400, 700), ("抵销量（吨）", 700, 1000))
    one = (("甲风电项目", 0, 400), ("CCER-0001", 400, 700), ("6,000", 700, 1000))
    blank = (("", 0, 400), ("", 400, 700), ("", 700, 1000))
    layout = layout_of(grid(heads, blank, one))
    assert [row["amount_t"].text for row in layout.rows] == ["6,000"]
    # The wall between name and code was not found: both stand in one cell.
    lines = [
        Line("乙水电项目", (10, 224, 120, 248)),
        Line("CCER-0002", (410, 224, 600, 248)),
    ]
    merged = Block(tuple(lines), (0, 220, 700, 280), ruled=True)
    last = Block((Line("172", (710, 224, 780, 248)),), (700, 220, 1000, 280), ruled=True)
    sheet = grid(heads, one)
    layout = layout_of(replace(sheet, blocks=(*sheet.blocks, merged, last)))
    assert [row["code"].text for row in layout.rows] == ["CCER-0001", "CCER-0002"]
    assert [row["name"].text for row in layout.rows] == ["甲风电项目", "乙水电项目"]


def test_a_code_between_a_names_lines_turns_them_round_in_no_cell() -> None:
    heads = (("项目名称", 0, 400), ("项目编号", 400, 700), ("抵销量（吨）", 700, 1000))
    lines = [
        Line("甲乙丙丁戊己庚辛壬癸", (10, 170, 390, 204)),
        Line("风电项目", (5, 198, 98, 232)),
        Line("CCER-0001", (410, 184, 600, 218)),
    ]
    assert in_order(lines)[0].text == "风电项目"
    merged = Block(tuple(in_order(lines)), (0, 160, 700, 250), ruled=True)
    last = Block((Line("6,000", (710, 184, 780, 218)),), (700, 160, 1000, 250), ruled=True)
    sheet = grid(heads)
    (row,) = layout_of(replace(sheet, blocks=(*sheet.blocks, merged, last))).rows
    assert row["name"].text == "甲乙丙丁戊己庚辛壬癸\n风电项目"


def _without_cells(sheet: Sheet, *texts: str) -> Sheet:
    """The same, where the rules of some cells were not found: their lines stand alone."""
    blocks: list[Block] = []
    for block in sheet.blocks:
        lost = block.text in texts
        blocks += [Block((x,), x.box) for x in block.lines] if lost else [block]
    return replace(sheet, blocks=tuple(blocks))


def test_a_wrapped_name_whose_cell_was_not_found_is_whole_and_ends_no_table() -> None:
    heads = (("项目名称", 0, 400), ("项目编号", 400, 700), ("抵销量（吨）", 700, 1000))
    name = "甲乙丙丁风电场一期项目四十九兆瓦\n工程"
    one = ((name, 0, 400), ("CCER-0001", 400, 700), ("6,000", 700, 1000))
    two = (("乙水电项目", 0, 400), ("CCER-0002", 400, 700), ("172", 700, 1000))
    layout = layout_of(_without_cells(grid(heads, one, two, high=75), name))
    assert [row["name"].text for row in layout.rows] == [name, "乙水电项目"]
    assert [row["amount_t"].text for row in layout.rows] == ["6,000", "172"]
    assert not any(hit.doubts for row in layout.rows for hit in row.values())


@pytest.mark.parametrize(
    ("name", "codes", "amounts"),
    [
        # A stamp's word, and two rows whose rules were lost in other columns too.
        ("已核\n甲风电项目", "CCER-0001", "6,000"),
        (
            "甲乙丙丁风电场一期项目四十九兆瓦\n戊己庚辛水电站二期项目三十兆瓦",
            "CCER-0001\nCCER-0002",
            "6,000\n172",
        ),
    ],
)
def test_lines_of_a_lost_cell_that_are_not_wrapped_are_no_one_name(
    name: str, codes: str, amounts: str
) -> None:
    heads = (("项目名称", 0, 400), ("项目编号", 400, 700), ("抵销量（吨）", 700, 1000))
    one = ((name, 0, 400), (codes, 400, 700), (amounts, 700, 1000))
    layout = layout_of(_without_cells(grid(heads, one, high=100), name))
    found = [row["name"] for row in layout.rows]
    assert found
    assert all(hit.text == "甲风电项目" or "rows-unclear" in hit.doubts for hit in found)


@pytest.mark.parametrize(
    ("name", "rest"), [("甲风电场一期", "项目工程"), ("甲风电项目", "（二期）")]
)
def test_the_rest_of_a_name_that_a_false_rule_cut_off_tears_the_table(name: str, rest: str) -> None:
    heads = (("项目名称", 0, 400), ("项目编号", 400, 700), ("抵销量（吨）", 700, 1000))
    one = ((name, 0, 400), ("CCER-0001", 400, 700), ("6,000", 700, 1000))
    layout = layout_of(grid(heads, one, ((rest, 0, 400),)))
    assert all(hit.doubts for row in layout.rows for hit in row.values() if hit.lines)
    assert layout.rows


def test_the_rest_of_a_row_that_a_false_rule_cut_off_is_no_row_that_counts() -> None:
    """The rule runs through the wrapped name and code; the amount's cell is whole."""
    heads = (("项目名称", 0, 400), ("项目编号", 400, 700), ("抵销量（吨）", 700, 1000))
    halves = (
        (("甲风电场一期", 0, 400), ("CCER-", 400, 700)),
        (("工程", 0, 400), ("0001", 400, 700)),
    )
    sheet = grid(heads, *halves)
    line = Line("6,000", (710, 208, 765, 232))
    layout = layout_of(
        replace(sheet, blocks=(*sheet.blocks, Block((line,), (700, 160, 1000, 280), True)))
    )
    assert layout.rows
    assert all("rows-unclear" in hit.doubts for row in layout.rows for hit in row.values())


@pytest.mark.parametrize("lost", [("乙水电项目", "", "12"), ("乙水电项目", "CCER-0002", "172")])
@pytest.mark.parametrize("last", [True, False])
def test_no_row_is_lost_without_a_word(lost: tuple[str, str, str], last: bool) -> None:
    heads = (("项目名称", 0, 400), ("项目编号", 400, 700), ("抵销量（吨）", 700, 1000))
    edges = ((0, 400), (400, 700), (700, 1000))
    rows = [("甲风电项目", "CCER-0001", "6,000"), lost, ("丙光伏项目", "CCER-0003", "9,000")]
    cells = [
        tuple((text, *edge) for text, edge in zip(row, edges, strict=True))
        for row in (rows[:2] if last else rows)
    ]
    layout = layout_of(_without_cells(grid(heads, *cells), *(text for text in lost if text)))
    amounts = [row["amount_t"].text for row in layout.rows]
    doubts = all("rows-unclear" in row["amount_t"].doubts for row in layout.rows)
    assert amounts == [row[2] for row in rows][: len(cells)] or (amounts and doubts)


@pytest.mark.parametrize("codes", [("CCER-0002", "CCER-0003"), ("", "")])
def test_a_row_of_which_no_cell_was_found_is_not_lost(codes: tuple[str, str]) -> None:
    heads = (("项目名称", 0, 400), ("项目编号", 400, 700), ("抵销量（吨）", 700, 1000))
    one = (("甲风电项目", 0, 400), ("CCER-0001", 400, 700), ("6,000", 700, 1000))
    two = (("乙水电项目", 0, 400), (codes[0], 400, 700), ("172", 700, 1000))
    three = (("丙光伏项目", 0, 400), (codes[1], 400, 700), ("9,000", 700, 1000))
    layout = layout_of(_without_cells(grid(heads, one, two, three), *(cell[0] for cell in two)))
    told = [row["amount_t"].text for row in layout.rows] == ["6,000", "172", "9,000"]
    doubts = [hit.doubts for row in layout.rows for hit in row.values()]
    assert told or (doubts and all(doubts))


ROWS_OF_A_FORM = (
    (("项目名称", 0, 400), ("项目编号", 400, 700), ("抵销量（吨）", 700, 1000)),
    (("甲风电项目", 0, 400), ("CCER-0001", 400, 700), ("6,000", 700, 1000)),
    (("乙水电项目", 0, 400), ("CCER-0002", 400, 700), ("172", 700, 1000)),
)


@pytest.mark.parametrize(
    ("last", "loose"),
    [
        ((("备注", 0, 400), ("无", 400, 1000)), ()),
        ((), ("2021年11月26日", 720, 290)),
        ((), ("1399990000017", 720, 290)),
        ((), ("2", 840, 300)),
        ((), ("合计 6,172", 300, 290)),
    ],
)
def test_what_stands_below_a_table_is_none_of_its_rows(
    last: tuple[tuple[str, int, int], ...], loose: tuple[str, int, int] | tuple[()]
) -> None:
    sheet = grid(*ROWS_OF_A_FORM, *((last,) if last else ()))
    if loose:
        text, x, y = loose
        line = Line(text, (x, y, x + 12 * len(text), y + 24))
        sheet = replace(sheet, blocks=(*sheet.blocks, Block((line,), line.box)))
    layout = layout_of(sheet)
    assert [row["amount_t"].text for row in layout.rows][:2] == ["6,000", "172"]
    assert not any(hit.doubts for row in layout.rows[:2] for hit in row.values())


@pytest.mark.parametrize("merged", [0, 1])
def test_names_of_two_rows_in_one_cell_are_none(merged: int) -> None:
    """The rule between two rows was found below their amounts and codes, or nowhere."""
    sheet = grid(*ROWS_OF_A_FORM)
    pairs = [b for b in sheet.blocks if b.box[1] >= 160 and (merged or b.box[0] == 0)]
    blocks = [b for b in sheet.blocks if b not in pairs]
    for left in {b.box[0] for b in pairs}:
        one, two = (b for b in pairs if b.box[0] == left)
        blocks.append(Block((*one.lines, *two.lines), (*one.box[:2], *two.box[2:]), ruled=True))
    layout = layout_of(replace(sheet, blocks=tuple(blocks)))
    assert layout.rows
    for row in layout.rows:
        assert "name" not in row or "rows-unclear" in row["name"].doubts


@pytest.mark.parametrize("high", [60, 140])
@pytest.mark.parametrize("foot", ["", "合计", "联系人", "声明"])
@pytest.mark.parametrize("amount", ["172", "172（吨）", "约172", "壹佰柒拾贰吨"])
def test_a_last_row_without_cells_is_not_lost(high: int, foot: str, amount: str) -> None:
    """However high what follows is, and whatever it is; however the amount is written."""
    last = (("乙电站", 0, 400), (amount, 700, 1000))
    sheet = _without_cells(grid(*ROWS_OF_A_FORM[:2], last), "乙电站", amount)
    blocks = [*sheet.blocks]
    if foot:
        line = Line(foot, (10, 290, 10 + 22 * len(foot), 314))
        blocks.append(Block((line,), (0, 280, 700, 280 + high), ruled=True))
        total = Line("6,172", (710, 290, 765, 314))
        blocks.append(Block((total,), (700, 280, 1000, 280 + high), ruled=True))
    layout = layout_of(replace(sheet, blocks=tuple(blocks)))
    amounts = [row["amount_t"].text for row in layout.rows]
    doubts = [hit.doubts for row in layout.rows for hit in row.values()]
    assert amounts[:2] == ["6,000", amount] or (doubts and all(doubts))
