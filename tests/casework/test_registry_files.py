"""What the cells of registry files mean, and what is said of those that mean nothing."""

import io
import zipfile
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import cycles
from casework import sheets
from casework.folder import registry_folder
from casework.rowparse import Parsed, parse
from procedure.clock import BEIJING
from procedure.errors import BadInput
from procedure.language import told
from procedure.provinces import Provinces
from procedure.registry import CancellationRecord, Entity, Holding, Project, RegistryKind
from tests.casework.made import Firm

PROVINCES = Provinces.parse(cycles.provinces())
A = Firm(1)
ENTITY = {
    "单位名称": A.name, "统一社会信用代码": A.uscc, "所属省份": "河北省", "应清缴配额": "1000",
    "年度": "2021", "联系邮箱": A.email,
}  # fmt: skip
PROJECT = {
    "项目编号": "CCER-0001", "项目名称": "风电", "是否纳入全国碳市场": "否",
    "起始日期": "2015-01-01", "截止日期": "2015年12月31日",
}  # fmt: skip
RECORD = {
    "账户编号": A.account, "账户名称": A.name, "项目编号": "CCER-0001", "数量": "700",
    "操作类型": "自愿注销", "状态": "已完成", "时间": "2021-11-08 10:00:00",
}  # fmt: skip
SURRENDER = {
    "单位名称": A.name, "数量": "700", "状态": "已登记", "时间": "2021-12-20 10:00:00",
}  # fmt: skip
KINDS: dict[RegistryKind, dict[str, str]] = {
    "entities": ENTITY, "projects": PROJECT, "cancellations": RECORD, "surrenders": SURRENDER,
}  # fmt: skip


def parsed(kind: RegistryKind, *rows: dict[str, str]) -> Parsed:
    """A CSV file of these rows, under the first one's headings."""
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    return parse(kind, "\n".join(lines).encode(), f"{kind}.csv", PROVINCES)


def only(found: Parsed) -> Any:
    assert found.problems == ()
    (row,) = found.rows
    return row


@pytest.mark.parametrize(
    ("kind", "column", "cell", "said"),
    [
        ("entities", "单位名称", "", "不能为空，请补填。"),
        ("entities", "单位名称", "··", "“··”不是有效的名称，请补填。"),
        ("entities", "统一社会信用代码", "9.11301E+17", "末位已失真，请将该列设为文本后重新填写"),
        ("entities", "统一社会信用代码", "91130100X", "不是有效的统一社会信用代码"),
        ("entities", "所属省份", "火星", "不是省份名称，请写成“河北”或“河北省”"),
        ("entities", "应清缴配额", "1000.5", "不是整数吨数，请填写整数"),
        ("entities", "应清缴配额", "-5", "“-5”"),
        ("entities", "年度", "去年", "不是有效的年度，请写成 2021 的格式。"),
        ("entities", "联系邮箱", "a@x.example；b", "“b”不是有效的邮箱地址，多个地址请用分号分开。"),
        ("projects", "是否纳入全国碳市场", "也许", "请填写“是”或“否”。"),
        ("projects", "起始日期", "早春", "不是有效的日期，请写成 2021-11-03 的格式。"),
        ("cancellations", "时间", "昨天", "不是有效的时间，请写成 2021-11-03 15:20:00 的格式。"),
        ("cancellations", "账户编号", "1.5E+16", "末位已失真"),
        ("surrenders", "状态", "办理中", "状态应为“已申请”“省级已确认”“已登记”之一。"),
    ],
)
def test_a_cell_that_means_nothing_is_named_with_its_line_and_column(
    kind: RegistryKind, column: str, cell: str, said: str
) -> None:
    found = parsed(kind, KINDS[kind], {**KINDS[kind], column: cell})
    (problem,) = found.problems
    assert (problem.line, problem.column) == (3, column)
    assert said in told(problem.message)


@pytest.mark.parametrize(
    ("kind", "column", "cell", "field", "value"),
    [
        ("entities", "所属省份", "13", "province", "13"),
        ("entities", "所属省份", "兵团", "province", "66"),
        ("entities", "应清缴配额", "1，234 吨", "obligation_t", 1_234),
        ("entities", "年度", "2021年度", "year", 2021),
        (
            "entities",
            "联系邮箱",
            "B@x.example、a@x.example",
            "emails",
            ("b@x.example", "a@x.example"),
        ),
        ("projects", "项目编号", "ccer 0001", "code", "CCER0001"),
        ("projects", "是否纳入全国碳市场", "√", "covered", True),
        ("projects", "是否纳入全国碳市场", "未纳入", "covered", False),
        ("projects", "是否纳入全国碳市场", "", "covered", None),
        ("projects", "截止日期", "2015/12/31", "produced_to", date(2015, 12, 31)),
        ("cancellations", "时间", "2021-11-08", "time", datetime(2021, 11, 8, tzinfo=BEIJING)),
        (
            "cancellations",
            "时间",
            "2021-11-08T02:00:00Z",
            "time",
            datetime(2021, 11, 8, 2, tzinfo=UTC),
        ),
        ("cancellations", "时间", "", "time", None),
        ("surrenders", "状态", "已清缴", "status", "registered"),
        ("surrenders", "状态", "Confirmed", "status", "confirmed"),
        ("surrenders", "状态", "待省级确认", "status", "applied"),
    ],
)
def test_a_cell_is_read_as_people_write_it(
    kind: RegistryKind, column: str, cell: str, field: str, value: object
) -> None:
    assert getattr(only(parsed(kind, {**KINDS[kind], column: cell})), field) == value


def test_a_repeated_row_is_named_with_its_first_line_but_batches_are_one_holding() -> None:
    found = parsed("entities", ENTITY, {**ENTITY, "单位名称": "另一个名称"})
    (problem,) = found.problems
    assert problem.line == 3
    assert told(problem.message).startswith("与第 2 行重复，请删除重复行")
    batch = {"账户编号": A.account, "项目编号": "CCER-0001", "数量": "700"}
    held = parsed("holdings", batch, {**batch, "数量": "300"}, {**batch, "项目编号": "CCER-0002"})
    assert held.problems == ()
    assert held.rows == (
        Holding(A.account, "CCER-0001", 1_000), Holding(A.account, "CCER-0002", 700),
    )  # fmt: skip


def test_the_same_operation_twice_is_no_batch() -> None:
    found = parsed("cancellations", RECORD, RECORD)
    assert [one.line for one in found.problems] == [3]
    found = parsed("cancellations", {**RECORD, "业务编号": "1"}, {**RECORD, "业务编号": "2"})
    assert len(found.rows) == 2


def test_tonnes_in_ten_thousands_are_told_by_the_heading() -> None:
    row = {name: cell for name, cell in ENTITY.items() if name != "应清缴配额"}
    entity = only(parsed("entities", {**row, "应清缴配额（万吨）": "1.5"}))
    assert isinstance(entity, Entity)
    assert entity.obligation_t == 15_000


def test_a_title_above_and_a_total_below_are_no_rows() -> None:
    head, row = ",".join(RECORD), ",".join(RECORD.values())
    text = f"注销记录\n导出时间：2021-11-08\n{head}\n\n{row}\n合计,,,700,,,\n"
    found = parse("cancellations", text.encode(), "c.csv", PROVINCES)
    record = only(found)
    assert isinstance(record, CancellationRecord)
    assert record.quantity_t == 700


def test_columns_that_are_missing_are_named() -> None:
    found = parse("entities", "单位名称,所属省份\nx,河北\n".encode(), "e.csv", PROVINCES)
    (problem,) = found.problems
    said = told(problem.message)
    assert said.startswith("e.csv 缺少必需的列：“统一社会信用代码”（或 uscc）")
    assert "“应清缴碳排放配额”" in said
    assert problem.line == 0


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            b"\xd0\xcf\x11\xe0" + bytes(600),
            "x 是旧版 .xls 文件，请另存为 .xlsx 或 .csv 后重新导入。",
        ),
        (b"a,b\x00c\n", "x 不是 .xlsx，也不是 UTF-8 或 GBK 编码的 .csv，请转换后重新导入。"),
        (b"\xff\xff\xff", "x 不是 .xlsx，也不是 UTF-8 或 GBK 编码的 .csv，请转换后重新导入。"),
        (b'a,b\n1,2\n"3,4\n', "x 第 3 行不是有效的 CSV，请检查引号与分隔符后重新导入。"),
        (b"PK\x03\x04 no archive", "x 无法打开，文件可能已损坏，请重新导出后再导入。"),
    ],
)
def test_a_file_that_is_no_table_says_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        list(sheets.rows(data, "x"))
    assert told(caught.value.user_message) == said
    found = parse("entities", data, "x", PROVINCES)
    assert [told(one.message) for one in found.problems] == [said]


@pytest.mark.parametrize("limit", ["MAX_ROWS", "MAX_UNPACKED"])
def test_a_workbook_that_is_too_large_says_so(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, limit, 2)
    (problem,) = parse("entities", book([[1], [2], [3], [4]]), "大表.xlsx", PROVINCES).problems
    assert told(problem.message) == "大表.xlsx 过大，请拆分为多个文件后重新导入。"


def book(rows: list[list[object]], *, hidden_first: bool = False) -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    if hidden_first:
        sheet.append(["辅助"])
        sheet.sheet_state = "hidden"
        sheet = made.create_sheet("数据")
    for row in rows:
        sheet.append(row)
    made.save(out)
    return out.getvalue()


def cells(data: bytes) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.line, row.cells) for row in sheets.rows(data, "x")]


def test_a_workbook_s_cells_are_what_a_person_sees() -> None:
    row: list[object] = [
        None, True, False, 7, 7.0, 7.25, 911301000000001, 1234567890123456, datetime(2021, 11, 3),  # noqa: DTZ001  as Excel keeps them
        datetime(2021, 11, 3, 15, 20, 30), time(9, 30), " 河北 ",  # noqa: DTZ001
    ]  # fmt: skip
    assert cells(book([[None], row])) == [
        (
            2,
            (
                "", "是", "否", "7", "7", "7.25", "911301000000001", "1.23456789012346E+15",
                "2021-11-03", "2021-11-03 15:20:30+08:00", "09:30:00", "河北",
            ),
        )
    ]  # fmt: skip


def test_the_first_sheet_that_people_see_is_read() -> None:
    data = book([["数据"]], hidden_first=True)
    assert cells(data) == [(1, ("数据",))]
    assert cells(without_visible_sheets(data)) == [(1, ("辅助",))]


def without_visible_sheets(data: bytes) -> bytes:
    """The same workbook as some programs write it: every sheet hidden."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/workbook.xml":
                content = content.replace(b'state="visible"', b'state="hidden"')
            new.writestr(part, content)
    return out.getvalue()


def test_lines_are_counted_over_blank_rows_and_breaks_in_cells() -> None:
    text = 'a;b\n;\n"two\nlines";c\nlast;d\n'
    assert cells(text.encode("utf-8-sig")) == [
        (1, ("a", "b")), (3, ("two\nlines", "c")), (5, ("last", "d")),
    ]  # fmt: skip
    assert cells("省份\t河北".encode("gb18030")) == [(1, ("省份", "河北"))]


# a folder of files


def test_a_folder_of_registry_files_is_read_by_their_names(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is not there: name a folder of registry files"):
        registry_folder(tmp_path / "none", PROVINCES)
    with pytest.raises(BadInput, match=r"holds none of entities, .* \(\.xlsx or \.csv\)"):
        registry_folder(tmp_path, PROVINCES)
    lines = [",".join(PROJECT), ",".join(PROJECT.values())]
    (tmp_path / "projects.csv").write_text("\n".join(lines), "utf-8")
    tables = registry_folder(tmp_path, PROVINCES)
    assert tables.entities is None
    assert tables.projects is not None
    (project,) = tables.projects
    assert isinstance(project, Project)
    assert (project.code, project.produced_from) == ("CCER-0001", date(2015, 1, 1))
    (tmp_path / "projects.xlsx").write_bytes(book([[*PROJECT], [*PROJECT.values()]]))
    with pytest.raises(BadInput, match=r"projects is there as \.xlsx and \.csv: keep one of them"):
        registry_folder(tmp_path, PROVINCES)
    (tmp_path / "projects.csv").unlink()
    assert registry_folder(tmp_path, PROVINCES).projects == tables.projects


def test_what_a_file_need_not_say_may_be_missing_or_empty() -> None:
    for row in (RECORD, {**RECORD, "项目名称": ""}):
        record = only(parsed("cancellations", row))
        assert isinstance(record, CancellationRecord)
        assert (record.project_name, record.serial) == ("", "")
    credit = {"单位名称": A.name, "数量": "700", "时间": "2021-12-16 10:00:00"}
    assert only(parsed("credits", credit)).account_no == ""
