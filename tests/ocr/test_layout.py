"""Places on recognised pages: what may be taken for a value, and what makes a table doubtful."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ocr.convert import convert
from ocr.documents import PageResult, join_pages, page_result
from ocr.hits import Hit, Layout
from ocr.layout import kind_of, read_layout, unlabelled
from ocr.sheet import Block, Line, Sheet
from ocr.whole import rows_doubt
from procedure.readings import Reading
from tests.ocr.evaluate import template

FORM = template()


def _sheet(*texts: tuple[str, float, float], ruled: bool = False) -> Sheet:
    blocks = []
    for text, x, y in texts:
        wide = sum(20 if ord(char) > 255 else 11 for char in text)
        box = (x, y, x + wide, y + 26)
        blocks.append(Block((Line(text, box),), box, ruled))
    return Sheet(tuple(blocks), 1600, 1200, 1)


def layout_of(sheet: Sheet) -> Layout:
    return read_layout(sheet, FORM, kind_of(sheet, FORM))


HEADING = (
    ("项目编号", 300, 300), ("项目名称", 500, 300), ("注销数量（吨）", 800, 300),
    ("操作类型", 1050, 300), ("完成时间", 1250, 300),
)  # fmt: skip
ROW_1 = (
    ("CCER-0001", 300, 350), ("甲风电项目", 490, 350), ("1,200", 830, 350),
    ("自愿注销", 1050, 350), ("2021-11-25 10:00:00", 1200, 350),
)  # fmt: skip
ROW_2 = (
    ("CCER-0002", 300, 400), ("乙水电项目", 490, 400), ("800", 835, 400),
    ("自愿注销", 1050, 400), ("2021-11-25 10:00:00", 1200, 400),
)  # fmt: skip
TOP = (
    ("自愿减排注册登记系统", 50, 40),
    ("账户名称：甲电力有限公司", 300, 150),
    ("账号：386730192506", 300, 200),
)


def test_rows_without_rules() -> None:
    layout = layout_of(_sheet(*TOP, *HEADING, *ROW_1, *ROW_2, ("共2条 10条/页", 1200, 450)))
    assert layout.kind == "cancellation"
    assert [row["quantity_t"].text for row in layout.rows] == ["1,200", "800"]
    assert not any(hit.doubts for row in layout.rows for hit in row.values())
    assert layout.fields["account_no"][0].text == "386730192506"


def test_a_lost_row_makes_all_rows_doubtful() -> None:
    layout = layout_of(_sheet(*TOP, *HEADING, *ROW_1, *ROW_2, ("共3条 10条/页", 1200, 450)))
    assert all(hit.doubts for row in layout.rows for hit in row.values())


def test_a_row_without_its_operation_makes_all_rows_doubtful() -> None:
    torn = tuple(cell for cell in ROW_1 if cell[0] != "自愿注销")
    layout = layout_of(_sheet(*TOP, *HEADING, *torn, *ROW_2))
    assert all(hit.doubts for row in layout.rows for hit in row.values())


def test_a_last_row_of_two_cells_makes_all_rows_doubtful() -> None:
    torn = ("乙水电项目", 490, 400), ("800", 835, 400)
    doubtful = layout_of(_sheet(*TOP, *HEADING, *ROW_1, *torn))
    assert all(hit.doubts for row in doubtful.rows for hit in row.values())
    counted = layout_of(_sheet(*TOP, *HEADING, *ROW_1, ("共1条 10条/页", 1200, 400)))
    assert not any(hit.doubts for row in counted.rows for hit in row.values())


def _cells(*texts: tuple[str, float, float], loose: tuple[str, ...] = ()) -> Sheet:
    """Each text in a ruled cell of its column's width, but for those whose rules were not found."""
    edges = [290, 480, 780, 1040, 1190, 1420]
    blocks = []
    for text, x, y in texts:
        column = max(i for i, edge in enumerate(edges) if edge <= x) if x >= 290 else None
        line = Line(text, (x, y, x + 11 * len(text), y + 26))
        ruled = column is not None and text not in loose
        cell = (edges[column or 0], y - 8, edges[(column or 0) + 1], y + 34) if ruled else line.box
        blocks.append(Block((line,), cell, ruled))
    return Sheet(tuple(blocks), 1600, 1200, 1)


def test_rows_are_read_though_some_rules_were_not_found() -> None:
    loose = ("项目编号", "完成时间", "CCER-0001")
    sheet = _cells(*HEADING, *ROW_1, *ROW_2, ("共2条 10条/页", 1200, 450), loose=loose)
    layout = read_layout(sheet, FORM, "cancellation")
    assert [row["project_code"].text for row in layout.rows] == ["CCER-0001", "CCER-0002"]
    assert [row["time"].text for row in layout.rows] == ["2021-11-25 10:00:00"] * 2
    assert not any(hit.doubts for row in layout.rows for hit in row.values())


def test_a_stray_empty_cell_ends_no_table() -> None:
    sheet = _cells(*HEADING, *ROW_1, *ROW_2)
    stray = Block((), (290, 372, 350, 384), ruled=True)
    layout = read_layout(replace(sheet, blocks=(*sheet.blocks, stray)), FORM, "cancellation")
    assert [row["quantity_t"].text for row in layout.rows] == ["1,200", "800"]


def test_what_stands_under_a_foreign_heading_is_none_of_ours() -> None:
    held = ("持有余额", 950, 300), ("99,999", 945, 350), ("77,777", 945, 400)
    layout = layout_of(_sheet(*TOP, *HEADING, *ROW_1, *ROW_2, *held))
    assert [row["quantity_t"].text for row in layout.rows] == ["1,200", "800"]


def test_what_stands_under_a_foreign_heading_in_two_lines_is_none_of_ours() -> None:
    held = ("期末持有", 940, 284), ("余额（吨）", 940, 314), ("99,999", 945, 350)
    place = ("所属", 660, 284), ("地块", 660, 314), ("东区", 660, 350)
    layout = layout_of(_sheet(*TOP, *HEADING, *ROW_1, *held, *place))
    assert [row["quantity_t"].text for row in layout.rows] == ["1,200"]
    assert [row["project_name"].text for row in layout.rows] == ["甲风电项目"]


PROJECTS = (
    ("CCER抵销配额清缴申请表", 400, 50),
    ("项目名称", 300, 300), ("项目编号", 600, 300), ("抵销量（吨）", 900, 300),
    ("甲风电项目", 300, 350), ("CCER-0001", 600, 350), ("6,000", 910, 350),
    ("乙水电项目", 300, 400), ("CCER-0002", 600, 400), ("172", 910, 400),
)  # fmt: skip


def test_a_total_left_of_all_headings() -> None:
    layout = layout_of(_sheet(*PROJECTS, ("合计", 100, 450), ("6,172", 910, 450)))
    assert [row["amount_t"].text for row in layout.rows] == ["6,000", "172"]
    assert layout.total is not None
    assert layout.total.text == "6,172"


def _table(
    names: Sequence[str], amounts: Sequence[int], offset: int | None = None, ink: bool = False
) -> PageResult:
    """A page of these rows; ``ink``: print that nobody could read where a name is missing."""
    cells = [{"name": name, "amount_t": str(t)} for name, t in zip(names, amounts, strict=True)]
    hits = [{f: Hit(f, text, (), (0, 0, 1, 1)) for f, text in row.items()} for row in cells]
    said = (Hit("offset_t", str(offset), (), (0, 0, 1, 1)),) if offset else ()

    def to_reading(hit: Hit, _: object) -> Reading:
        against = ("unread-ink",) if ink and not hit.text else ()
        return Reading(convert(hit.field, hit.text, "吨"), hit.text, against=against)

    return page_result(1, Layout("application", {"offset_t": said}, tuple(hits)), to_reading)


@pytest.mark.parametrize(
    ("amounts", "ink", "rows"),
    [
        ((6000, 172, 6172), False, 2),
        # Print that nobody could read may be the name of a further project.
        ((6000, 172, 6172), True, 3),
        # One row and its total, or two rows alike of which one name was not read?
        ((5000, 5000), False, 2),
    ],
)
def test_a_nameless_last_row(amounts: tuple[int, ...], ink: bool, rows: int) -> None:
    names = [f"项目{n}" for n in range(1, len(amounts))] + [""]
    (document,) = join_pages([_table(names, amounts, ink=ink)], 1)
    assert len(document.projects) == rows
    assert (document.rows_total is not None) is (rows < len(amounts))


@pytest.mark.parametrize(
    ("names", "offset", "rows"),
    [
        # A row whose name's cell is merged with the one above is no total of those above.
        (("项目1", "项目2", ""), 6000, 3),
        (("项目1", "项目2", ""), 3000, 2),
        (("项目1", "", ""), 6000, 3),
        (("项目1", "", ""), None, 3),
        (("项目1", "", ""), 3000, 2),
    ],
)
def test_the_offset_tells_a_total_from_a_row_of_merged_cells(
    names: tuple[str, ...], offset: int | None, rows: int
) -> None:
    (document,) = join_pages([_table(names, (1000, 2000, 3000), offset)], 1)
    assert len(document.projects) == rows


def test_an_offset_on_the_page_before_tells_a_total_too() -> None:
    title = PageResult(1, "application", fields={"offset_t": Reading(6000)})
    rows = _table(("项目1", "项目2", ""), (1000, 2000, 3000))
    (document,) = join_pages([title, replace(rows, number=2)], 2)
    assert [row.amount_t and row.amount_t.value for row in document.projects] == [1000, 2000, 3000]
    assert document.rows_total is None


def test_labels_in_a_row_above_their_values_are_no_heading() -> None:
    cards = (
        ("项目名称", 430, 300), ("序列号", 1010, 300), ("注销数量（吨）", 1300, 300),
        ("甲风电项目", 430, 334), ("820042522-820379149", 1010, 334), ("336628", 1300, 334),
        ("操作类型", 430, 420), ("状态", 1010, 420), ("注销时间", 1300, 420),
        ("自愿注销", 430, 454), ("完成", 1010, 454), ("2021-12-11 13:32:05", 1300, 454),
    )  # fmt: skip
    layout = layout_of(_sheet(*TOP, *cards))
    assert layout.rows[0]["quantity_t"].text == "336628"
    assert layout.rows[0]["operation"].text == "自愿注销"


def test_a_date_behind_a_worn_label() -> None:
    layout = layout_of(
        _sheet(("CCER抵销配额清缴申请表", 300, 50), ("填报日：2021-11-13", 300, 400))
    )
    assert unlabelled(layout.fields["date"][0].text) == "2021-11-13"


def test_the_menu_is_no_label() -> None:
    menu = (("账户管理", 50, 300), ("自愿注销", 50, 350), ("操作记录", 50, 400))
    layout = layout_of(_sheet(*TOP, *menu, *HEADING, *ROW_1))
    assert [hit.text for hit in layout.fields["account_no"]] == ["386730192506"]
    assert len(layout.rows) == 1


def test_the_title_is_no_label() -> None:
    layout = layout_of(
        _sheet(
            ("重点排放单位使用CCER抵销配额清缴申请表", 300, 50),
            ("企业名称", 100, 150),
            ("甲电力有限公司", 400, 150),
            ("申请抵销量（吨）", 100, 200),
            ("50", 400, 200),
        )
    )
    assert [hit.text for hit in layout.fields["enterprise_name"]] == ["甲电力有限公司"]
    assert layout.fields["offset_t"][0].unit == "吨"


def test_a_label_in_two_lines_keeps_its_unit() -> None:
    layout = layout_of(
        _sheet(
            ("CCER抵销配额清缴申请表", 300, 50),
            ("申请抵销量（万", 100, 200),
            ("吨）", 150, 228),
            ("3.1433", 400, 212),
        )
    )
    hit = layout.fields["offset_t"][0]
    assert convert("offset_t", hit.text, hit.unit) == 31433


def test_a_unit_in_pieces_is_no_value() -> None:
    """The bracket before 万 was lost, and the cell's rule to its value was found."""
    label = [
        Line("应清缴碳排放配额总量", (209, 708, 565, 746)),
        Line("万", (587, 712, 625, 742)),
        Line("吨)", (209, 755, 260, 790)),
    ]
    value = [Line("2002.0246", (655, 732, 820, 767))]
    cells = (
        Block(tuple(label), (198, 701, 642, 801), ruled=True),
        Block(tuple(value), (650, 700, 1644, 801), ruled=True),
    )
    title = Line("CCER抵销配额清缴申请表", (340, 276, 1502, 336))
    sheet = Sheet((Block((title,), title.box), *cells), 1700, 2400, 1)
    hit = layout_of(sheet).fields["obligation_t"][0]
    assert (hit.text, hit.unit) == ("2002.0246", "万吨")


def test_the_next_label_is_no_value() -> None:
    layout = layout_of(
        _sheet(
            ("CCER抵销配额清缴申请表", 300, 50),
            ("联系人", 100, 200),
            ("联系电话", 400, 200),
            ("13800138000", 700, 200),
        )
    )
    assert layout.fields["contact"][0].text == ""
    assert layout.fields["phone"][0].text == "13800138000"


def test_values() -> None:
    assert convert("offset_t", "1,420,0\n42", "吨") == 1420042
    assert convert("offset_t", "6,172\n5,000", "吨") is None
    assert convert("offset_t", "2,724.8764", "万吨") == 27248764
    assert convert("date", "2021年 月 日") is None
    assert convert("province", "内蒙古") == "内蒙古自治区"
    assert convert("province", "火星") is None
    assert convert("uscc", "91460699782960291") is None


def test_account_columns_of_a_list_are_the_document_s_too() -> None:
    heads = (("账户名称", 20, 300), *HEADING)
    rows = (("甲电力有限公司", 20, 350), *ROW_1, ("甲电力有限公司", 20, 400), *ROW_2)
    layout = layout_of(_sheet(("自愿减排注册登记系统", 50, 40), *heads, *rows))
    assert [hit.text for hit in layout.fields["account_name"]] == ["甲电力有限公司"] * 2
    assert [row["quantity_t"].text for row in layout.rows] == ["1,200", "800"]
    assert not any("account_name" in row for row in layout.rows)


def grid(*rows: tuple[tuple[str, int, int], ...], high: int = 60) -> Sheet:
    """A title, and ruled cells: text with the cell's left and right edge; "" for an empty one."""
    title = Line("CCER抵销配额清缴申请表", (340, 40, 900, 80))
    blocks = [Block((title,), title.box)]
    for number, row in enumerate(rows):
        top = 100 + high * number
        for text, left, right in row:
            lines = [
                Line(
                    part,
                    (left + 10, top + 4 + 28 * at, left + 10 + 22 * len(part), top + 28 + 28 * at),
                )
                for at, part in enumerate(text.split("\n") if text else ())
            ]
            blocks.append(Block(tuple(lines), (left, top, right, top + high), ruled=True))
    return Sheet(tuple(blocks), 1600, 1200, 1)


def test_a_cell_s_further_part_may_be_the_department_s() -> None:
    cell = "申请日期：2021年11月3日\n省级生态环境主管部门意见\n申请日期：2021年12月1日"
    layout = layout_of(
        grid((("企业名称", 0, 300), ("甲电力有限公司", 300, 900)), ((cell, 0, 900),), high=100)
    )
    assert [hit.text for hit in layout.fields["date"]] == ["2021年11月3日"]


def test_a_false_wall_between_a_label_and_its_value_is_looked_over() -> None:
    row = (("企业名称", 0, 300), ("", 300, 330), ("甲电力有限公司", 330, 900))
    (hit,) = layout_of(grid(row)).fields["enterprise_name"]
    assert hit.text == "甲电力有限公司"


def test_a_label_that_sticks_out_of_its_cell_has_its_value_beside_its_text() -> None:
    # The last stroke of its bracket passed for a wall: the cell ends within the text.
    row = (("本次申请抵销数量", 0, 150), ("6,182吨", 215, 900))
    (hit,) = layout_of(grid(row)).fields["offset_t"]
    assert hit.text == "6,182吨"


def test_pieces_of_a_value_end_at_the_next_label() -> None:
    layout = layout_of(
        _sheet(
            ("CCER抵销配额清缴申请表", 300, 50),
            ("联系人", 100, 200), ("李", 230, 200), ("明", 270, 200),
            ("联系电话", 320, 200), ("13800138000", 460, 200),
        )
    )  # fmt: skip
    assert convert("contact", layout.fields["contact"][0].text) == "李明"
    assert layout.fields["phone"][0].text == "13800138000"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("企业名称甲电力有限公司", "甲电力有限公司"),
        ("企业名称见营业执照", ""),
        ("企业名称：甲厂", "甲厂"),
    ],
)
def test_a_label_that_lost_its_colon_needs_a_value_of_its_kind(line: str, name: str) -> None:
    layout = layout_of(
        _sheet(("CCER抵销配额清缴申请表", 300, 50), (line, 100, 200), ("联系人：李明", 100, 260))
    )
    assert [hit.text for hit in layout.fields.get("enterprise_name", ())] == (
        [name] if name else []
    )


def test_figures_one_below_the_other_in_a_cell_stay_together() -> None:
    """No rule was lost: a second line that begins further right is no column."""
    lines = (
        Line("申请抵销量", (10, 104, 130, 128)),
        Line("（吨）", (160, 134, 220, 158)),
    )
    label = Block(lines, (0, 100, 300, 160), ruled=True)
    value = Block((Line("6,172", (310, 118, 400, 142)),), (300, 100, 900, 160), ruled=True)
    sheet = grid()
    (hit,) = layout_of(replace(sheet, blocks=(*sheet.blocks, label, value))).fields["offset_t"]
    assert (hit.text, hit.unit) == ("6,172", "吨")


def test_a_cell_of_two_labels_and_a_value_in_pieces_is_parted_at_its_labels() -> None:
    texts = (("联系人", 10), ("李", 120), ("明", 160), ("联系电话", 260), ("13800138000", 400))
    lines = tuple(Line(text, (x, 104, x + 24 * len(text), 128)) for text, x in texts)
    cell = Block(lines, (0, 100, 900, 160), ruled=True)
    sheet = grid()
    layout = layout_of(replace(sheet, blocks=(*sheet.blocks, cell)))
    assert convert("contact", layout.fields["contact"][0].text) == "李明"
    assert layout.fields["phone"][0].text == "13800138000"


def test_below_a_wide_gap_something_else_begins() -> None:
    far = (
        ("丙光伏项目", 490, 900),
        ("CCER-0003", 300, 900),
        ("700", 835, 900),
        ("自愿注销", 1050, 900),
    )
    layout = layout_of(_sheet(*TOP, *HEADING, *ROW_1, *ROW_2, *far))
    assert [row["quantity_t"].text for row in layout.rows][:2] == ["1,200", "800"]
    assert len(layout.rows) == 2


def test_without_rows_nothing_is_missing() -> None:
    assert not rows_doubt(_sheet(*HEADING), (), (), frozenset(), "cancellation")
    bare = {"code": Hit("code", "", (), (0, 0, 1, 1))}
    heads = [(300.0, 300.0, 400.0, 326.0)]
    assert not rows_doubt(_sheet(*HEADING), (bare,), heads, frozenset(), "cancellation")


def test_a_pair_of_label_and_value_below_a_table_ends_it() -> None:
    layout = layout_of(_sheet(*PROJECTS, ("联系电话", 600, 450), ("13800138000", 910, 450)))
    assert [row["amount_t"].text for row in layout.rows] == ["6,000", "172"]
    assert [hit.text for hit in layout.fields["phone"]] == ["13800138000"]


def test_what_stands_far_behind_a_value_is_no_piece_of_it() -> None:
    layout = layout_of(
        _sheet(
            ("CCER抵销配额清缴申请表", 300, 50),
            ("联系人", 100, 200), ("李", 230, 200), ("明", 270, 200), ("见附件", 700, 200),
        )
    )  # fmt: skip
    assert convert("contact", layout.fields["contact"][0].text) == "李明"


def test_a_row_whose_only_word_stands_under_another_s_heading_is_no_row() -> None:
    heads = (("项目名称", 0, 400), ("项目编号", 400, 700), ("抵销量（吨）", 700, 1000))
    one = (("甲风电项目", 0, 400), ("CCER-0001", 400, 700), ("6,000", 700, 1000))
    blank = (("", 0, 400), ("", 400, 700), ("", 700, 1000))
    sheet = grid(
        (*heads, ("备注", 1000, 1300)), (*blank, ("无", 1000, 1300)), (*one, ("", 1000, 1300))
    )
    assert [row["amount_t"].text for row in layout_of(sheet).rows] == ["6,000"]


def test_a_label_in_two_lines_side_by_side_is_one_cell() -> None:
    lines = (
        Line("重点排放单位", (10, 104, 150, 128)),
        Line("名称", (160, 134, 220, 158)),
    )
    label = Block(lines, (0, 100, 300, 160), ruled=True)
    value = Block((Line("甲电力有限公司", (310, 118, 480, 142)),), (300, 100, 900, 160), ruled=True)
    sheet = grid()
    (hit,) = layout_of(replace(sheet, blocks=(*sheet.blocks, label, value))).fields[
        "enterprise_name"
    ]
    assert hit.text == "甲电力有限公司"


def test_of_two_columns_of_one_name_the_first_is_read() -> None:
    again = ("抵销量（吨）", 1100, 300), ("9,999", 1110, 350), ("8,888", 1110, 400)
    layout = layout_of(_sheet(*PROJECTS, *again))
    assert [row["amount_t"].text for row in layout.rows] == ["6,000", "172"]
