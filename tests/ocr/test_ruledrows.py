"""Rows of tables by their cells, where some cells were not found, or are none."""

from dataclasses import replace

import pytest

from ocr.hits import Row
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
    assert len(layout.rows) == 2
    for row, name in zip(layout.rows, ("甲风电项目", "乙水电项目"), strict=True):
        assert "name" not in row or row["name"].doubts or row["name"].text == name


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


_HEADS = (("项目名称", 0, 400), ("项目编号", 400, 700), ("抵销量（吨）", 700, 1000))
_LEFT = (0, 400, 700)


def _lines(text: str, x: float, y: float) -> tuple[Line, ...]:
    """Each line of a text, 28 below the one before."""
    return tuple(
        Line(part, (x, y + 28 * k, x + 20 * len(part), y + 28 * k + 24))
        for k, part in enumerate(text.split("\n") if text else [])
    )


def _cell(text: str, left: float, top: float, right: float, bottom: float) -> Block:
    """A cell with its text in the middle of its height."""
    high = 28 * (text.count("\n") + 1)
    lines = _lines(text, left + 10, (top + bottom - high) / 2 + 2)
    return Block(lines, (left, top, right, bottom), ruled=True)


def _row(top: float, bottom: float, *texts: str) -> list[Block]:
    edges = ((0, 400), (400, 700), (700, 1000))
    return [
        _cell(text, left, top, right, bottom)
        for text, (left, right) in zip(texts, edges, strict=True)
    ]


def _free(text: str, x: float, y: float) -> Block:
    (line,) = _lines(text, x, y)
    return Block((line,), line.box)


def _read(*blocks: Block, heads: tuple[tuple[str, int, int], ...] = _HEADS) -> list[Row]:
    sheet = grid(heads) if heads else grid()
    return list(layout_of(replace(sheet, blocks=(*sheet.blocks, *blocks))).rows)


def _all_doubted(rows: list[Row]) -> bool:
    hits = [hit for row in rows for hit in row.values()]
    return bool(hits) and all("rows-unclear" in hit.doubts for hit in hits)


@pytest.mark.parametrize("amount", ["7", "72", "172"])
@pytest.mark.parametrize("last", [True, False])
def test_a_second_amount_beside_a_names_cell_is_not_lost(amount: str, last: bool) -> None:
    more = [] if last else _row(280, 340, "乙水电项目", "CCER-0002", "500")
    rows = _read(
        _cell("甲风电项目", 0, 160, 400, 280),
        _cell("CCER-0001", 400, 160, 700, 280),
        _cell("6,000", 700, 160, 1000, 220),
        _cell(amount, 700, 220, 1000, 280),
        *more,
    )
    assert _all_doubted(rows)


@pytest.mark.parametrize(("label", "text"), [("备注", "2"), ("", "第 2 页"), ("", "共2页")])
def test_a_remark_or_a_page_in_the_amounts_column_is_no_amount(label: str, text: str) -> None:
    foot = [_cell(label, 0, 220, 700, 280), _cell(text, 700, 220, 1000, 280)]
    (row,) = _read(*_row(160, 220, "甲风电项目", "CCER-0001", "6,000"), *foot)
    assert not any(hit.doubts for hit in row.values())


@pytest.mark.parametrize("names", ["甲乙水电站\n乙丙光伏电站", "甲乙余热发电\n乙丙风电场一期"])
@pytest.mark.parametrize("amounts", ["6,000\n72", "6,000"])
def test_two_rows_in_one_cell_of_every_column_are_no_one_row(names: str, amounts: str) -> None:
    rows = _read(*_row(160, 280, names, "CCER-0001\nCCER-0002", amounts))
    apart = [row["name"].text for row in rows] == names.split("\n")
    assert _all_doubted(rows) or (apart and amounts != "6,000")


@pytest.mark.parametrize(
    "amount", ["1,324,86\n1", "1, 3 2 4, 8\n6 1", "1,324,\n861吨", "6000\n（吨）"]
)
def test_an_amount_that_is_wrapped_in_its_cell_is_one(amount: str) -> None:
    (row,) = _read(*_row(160, 240, "甲风电项目", "CCER-0001", amount))
    assert not any(hit.doubts for hit in row.values())


@pytest.mark.parametrize(
    ("name", "code"), [("甲风电项目\n备注", "CCER-0001\n无"), ("甲风电项目\n合 计", "CCER-0001")]
)
def test_what_stands_below_a_table_is_no_part_of_its_last_name(name: str, code: str) -> None:
    rows = _read(*_row(160, 280, name, code, "6,000"))
    assert all(row["name"].text == "甲风电项目" or row["name"].doubts for row in rows)


def test_codes_in_one_cell_cost_no_row_whose_other_cells_stand_apart() -> None:
    rows = _read(
        *(_row(160, 200, "甲风电项目", "", "6,000")[i] for i in (0, 2)),
        _cell("CCER-0001\nCCER-0002", 400, 160, 700, 240),
        *(_row(200, 240, "乙水电项目", "", "500")[i] for i in (0, 2)),
    )
    assert [row["amount_t"].text for row in rows] == ["6,000", "500"]
    assert not any(row[key].doubts for row in rows for key in ("name", "amount_t"))


@pytest.mark.parametrize("column", [1, 2])
def test_a_first_row_in_a_headings_cell_is_not_lost(column: int) -> None:
    """The rule between the heading and the first row was not found in one column."""
    heads = (("项目名称", 0, 400), ("项目备案编号", 400, 700), ("抵销数量（吨）", 700, 1000))
    blocks = [b for b in grid(heads).blocks if b.box[0] != heads[column][1] or not b.ruled]
    first = zip(("甲电站", "8530", "83"), heads, strict=True)
    for at, (text, (head, left, right)) in enumerate(first):
        if at == column:
            lines = (*_lines(head, left + 10, 110), *_lines(text, left + 10, 180))
            blocks.append(Block(lines, (left, 100, right, 220), ruled=True))
        else:
            blocks.append(_cell(text, left, 160, right, 220))
    rows = _read(*blocks, *_row(220, 280, "乙水电项目", "CCER-0002", "500"), heads=())
    assert [row["amount_t"].text for row in rows] == ["83", "500"] or _all_doubted(rows)


@pytest.mark.parametrize("count", [1, 2])
def test_a_names_line_in_no_cell_leaves_no_name(count: int) -> None:
    """A false rule runs through the name alone; the line above or below it is in no cell."""
    beside = _row(160, 250, "", "CCER-0001", "6,000")[1:]
    cut = (
        [_free("宁夏吴忠红寺堡", 10, 165), _cell("龙源北山沼气利用\n工程", 0, 178, 400, 250)],
        [_cell("甲乙丙丁林业", 0, 160, 400, 200), _free("碳汇造林项目", 10, 192)],
    )[count - 1]
    (row,) = _read(*cut, *beside)
    assert row["name"].doubts
    assert not row["amount_t"].doubts


def test_a_rule_through_a_names_line_doubts_the_names_on_both_sides() -> None:
    rows = _read(
        _cell("新疆金风新能源\n二期光伏电站", 0, 160, 400, 240),
        *_row(160, 240, "", "CCER-0001", "6,000")[1:],
        _free("宁夏吴忠红寺堡", 10, 231),
        _cell("京能风电项目", 0, 240, 400, 300),
        *_row(240, 300, "", "CCER-0002", "500")[1:],
    )
    assert [bool(row["name"].doubts) for row in rows] == [True, True]
    assert not any(row["amount_t"].doubts for row in rows)


def test_a_row_below_a_strip_that_a_false_rule_cut_off_is_not_lost() -> None:
    one = _row(160, 206, "甲风电项目", "CCER-0001", "6,000")
    two = _row(232, 262, "乙水电项目", "CCER-0002", "20")
    total = [_cell("合计", 0, 262, 700, 310), _cell("6,020", 700, 262, 1000, 310)]
    rows = _read(*one, *two, *total)
    assert [row["amount_t"].text for row in rows] == ["6,000", "20"] or _all_doubted(rows)


@pytest.mark.parametrize("foot", ["本单位承诺：所填信息真实、准确、完整，来源合法。", "备注"])
def test_a_last_row_in_one_cell_with_what_stands_below_it_is_not_lost(foot: str) -> None:
    lines = [*_lines("乙水电项目", 10, 230), *_lines("CCER-0002", 410, 230)]
    lines += [*_lines("20", 710, 230), *_lines(foot, 10, 280)]
    last = Block(tuple(lines), (0, 220, 1000, 400), ruled=True)
    rows = _read(*_row(160, 220, "甲风电项目", "CCER-0001", "6,000"), last)
    assert [row["amount_t"].text for row in rows] == ["6,000", "20"] or _all_doubted(rows)


_TALL = "大唐山东烟台电力\n开发有限公司莱州\n风电项目一期工程\n及配套工程"


def _without_rules(*rows: tuple[str, str, str], gap: int = 6) -> list[Block]:
    """Rows of a table of which no rule was found, values beside the middle of their names."""
    blocks = [_free(text, x, 110) for text, x, _ in _HEADS]
    y = 150
    for texts in rows:
        high = 28 * (texts[0].count("\n") + 1)
        for text, left in zip(texts, _LEFT, strict=True):
            top = y + (high - 28 * (text.count("\n") + 1)) / 2
            blocks += [Block((line,), line.box) for line in _lines(text, left + 10, top)]
        y += high + gap
    return blocks


def test_names_of_rows_without_rules_keep_their_own_lines() -> None:
    """Between two values stand more lines of the higher row's name than of the lower one's."""
    two = ("华祥水电站", "CCER-0002", "500")
    rows = _read(*_without_rules((_TALL, "CCER-0001", "6,000"), two), heads=())
    assert [row["amount_t"].text for row in rows] == ["6,000", "500"]
    assert all(row["name"].doubts or row["name"].text in (_TALL, two[0]) for row in rows)
    even = ("云南龙源\n余热发电", "CCER-0001", "6,000"), ("华祥县\n水电站", "CCER-0002", "500")
    rows = _read(*_without_rules(*even), heads=())
    assert [row["name"].text for row in rows] == [name for name, *_ in even]
    assert not any(hit.doubts for row in rows for hit in row.values())


def test_the_first_line_of_a_first_name_without_rules_is_not_left_out() -> None:
    high = ("青海德令哈京能\n户用沼气项目\n（第三批）", "CCER-0001", "6,000")
    low = [("乙水电站二期\n工程", "CCER-0002", "500"), ("丙水电站", "CCER-0003", "700")]
    rows = _read(*_without_rules(high, *low), heads=())
    assert rows
    assert rows[0]["name"].doubts or rows[0]["name"].text == high[0]


@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_a_total_without_rules_is_no_row(shift: int) -> None:
    rows = [("甲水电站", "CCER-0001", "6,000"), ("乙水电站", "CCER-0002", "500")]
    blocks = _without_rules(*rows)
    sums = [_free("合计", 420, 230), _free("6,500", 710, 230 + shift)]
    found = _read(*blocks, *sums, heads=())
    assert [row["amount_t"].text for row in found] == ["6,000", "500"]


def test_a_contacts_row_without_rules_is_no_row() -> None:
    rows = [("甲水电站", "CCER-0001", "6,000"), ("乙水电站", "CCER-0002", "500")]
    contact = [_free("王明", 350, 230), _free("联系电话", 440, 230), _free("13912345678", 710, 230)]
    found = _read(*_without_rules(*rows), *contact, heads=())
    assert [row["amount_t"].text for row in found] == ["6,000", "500"]


def test_a_heading_that_is_printed_again_is_no_room_for_a_row() -> None:
    heads = (("项目名称", 0, 400), ("项目编号", 400, 700), ("抵销量（吨）", 700, 1000))
    one = (("甲风电项目", 0, 400), ("CCER-0001", 400, 700), ("6,000", 700, 1000))
    two = (("乙水电项目", 0, 400), ("CCER-0002", 400, 700), ("172", 700, 1000))
    for between in ((heads,), ((("续表", 0, 1000),), heads)):
        rows = layout_of(grid(heads, one, *between, two, high=36)).rows
        assert [row["amount_t"].text for row in rows] == ["6,000", "172"]
        assert not any(hit.doubts for row in rows for hit in row.values())


def test_a_strip_above_the_heading_printed_again_loses_no_rows() -> None:
    heads = (("项目名称", 0, 400), ("项目编号", 400, 700), ("抵销量（吨）", 700, 1000))
    one = (("甲风电项目", 0, 400), ("CCER-0001", 400, 700), ("6,000", 700, 1000))
    two = (("乙水电项目", 0, 400), ("CCER-0002", 400, 700), ("172", 700, 1000))
    rows = layout_of(grid(heads, one, (("二、林业碳汇类", 0, 1000),), heads, two)).rows
    assert all(hit.doubts for row in rows for hit in row.values())


@pytest.mark.parametrize("name", ["填埋气发电项目", "签约风电项目", "说明书印刷节能项目"])
def test_a_name_that_begins_as_a_note_does_is_none(name: str) -> None:
    heads = (("项目名称", 0, 400), ("项目编号", 400, 700), ("抵销量（吨）", 700, 1000))
    one = (("甲风电项目", 0, 400), ("CCER-0001", 400, 700), ("6,000", 700, 1000))
    sheet = grid(heads, one, ((name, 0, 700), ("172", 700, 1000)))
    rows = layout_of(replace(sheet, native=True)).rows
    assert all(hit.doubts for row in rows for hit in row.values())
