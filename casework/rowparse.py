"""Registry files → typed rows, or every row that is wrong with its line and what to do."""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date, datetime, time
from typing import Any

from casework.columns import COLUMNS, Column, Heading, headings, missing
from casework.sheets import SheetRow, rows
from procedure import names, uscc, values
from procedure.clock import BEIJING
from procedure.errors import BadInput
from procedure.language import THEN, Text, _, joined
from procedure.provinces import Provinces
from procedure.registry import ROWS, Holding, RegistryKind, RegistryRow

HEADING_WITHIN = 10
"""Exports put a title and a date above their headings."""


@dataclass(frozen=True)
class RowProblem:
    """A row that cannot be taken: where, what, what to do (Chinese). Line 0 is the file."""

    line: int
    """Line of the file, counted from 1."""
    column: str
    message: str


@dataclass(frozen=True)
class Parsed:
    """All rows, or all problems: where ``problems`` is not empty nothing may be taken."""

    rows: tuple[RegistryRow, ...]
    problems: tuple[RowProblem, ...]


def parse(kind: RegistryKind, data: bytes, name: str, provinces: Provinces) -> Parsed:
    """The rows of one file; never raises for what is in it."""
    try:
        sheet = list(rows(data, name))
    except BadInput as problem:
        return Parsed((), (RowProblem(0, "", problem.user_message),))
    start, found = _heading(kind, sheet)
    if lacking := missing(kind, found):
        return Parsed((), (_no_heading(name, lacking),))
    parser = _Parser(kind, found, provinces)
    for row in sheet[start + 1 :]:
        if not parser.is_total(row):
            parser.take(row)
    return Parsed(tuple(parser.rows), tuple(parser.problems))


def _heading(kind: RegistryKind, sheet: list[SheetRow]) -> tuple[int, tuple[Heading, ...]]:
    """The row that names the most columns among the first ones."""
    best: tuple[int, tuple[Heading, ...]] = (0, ())
    for index, row in enumerate(sheet[:HEADING_WITHIN]):
        found = headings(kind, row.cells)
        if len(found) > len(best[1]):
            best = (index, found)
    return best


def _no_heading(name: str, lacking: tuple[Column, ...]) -> RowProblem:
    wanted = joined(
        (_("“{label}”（或 {other}）").said(label=c.label, other=c.names[1]) for c in lacking), THEN
    )
    return RowProblem(
        0,
        "",
        _("{name} 缺少必需的列：{wanted}。请补上表头后重新导入。").said(name=name, wanted=wanted),
    )


class _Parser:
    """Takes rows one by one; remembers what came, to name repeated rows."""

    def __init__(
        self, kind: RegistryKind, found: tuple[Heading, ...], provinces: Provinces
    ) -> None:
        self.kind = kind
        self.found = found
        self.required = {c.field for c in COLUMNS[kind] if c.required}
        # What a record has to have and a file need not: a text, empty where nothing is said.
        self.blank = {
            one.name: ""
            for one in fields(ROWS[kind])
            if one.name not in self.required and one.default is one.default_factory is MISSING
        }
        self.provinces = provinces
        self.rows: list[RegistryRow] = []
        self.problems: list[RowProblem] = []
        self.seen: dict[tuple[object, ...], tuple[int, int]] = {}

    def is_total(self, row: SheetRow) -> bool:
        """合计 below the rows, with the cells empty that a row must have."""
        first = next((cell for cell in row.cells if cell), "")
        places = [one.position for one in self.found if one.field in self.required]
        empty = sum(1 for at in places if at >= len(row.cells) or not row.cells[at])
        return bool(_TOTAL.match(first)) and empty >= 2

    def take(self, row: SheetRow) -> None:
        said: dict[str, Any] = dict(self.blank)
        before = len(self.problems)
        for heading in self.found:
            cell = row.cells[heading.position] if heading.position < len(row.cells) else ""
            try:
                self._cell(heading, cell, said)
            except BadInput as problem:
                self.problems.append(RowProblem(row.line, heading.label, problem.user_message))
        if len(self.problems) == before:
            self._add(row.line, ROWS[self.kind](**said))

    def _cell(self, heading: Heading, cell: str, said: dict[str, Any]) -> None:
        if cell:
            convert = CONVERTERS[heading.field]
            if self.kind == "surrenders" and heading.field == "status":
                convert = _surrender_status
            said[heading.field] = convert(_Cell(cell, heading.unit, self.provinces))
        elif heading.field in self.required:
            # A cancellation without its moment is still one; when it was done is a finding.
            if heading.field != "time":
                raise _bad(cell, _("不能为空，请补填"))
            said["time"] = None

    def _add(self, line: int, row: RegistryRow) -> None:
        key = _identity(self.kind, row)
        known = self.seen.get(key)
        if known is None:
            self.seen[key] = (line, len(self.rows))
            self.rows.append(row)
        elif isinstance(row, Holding):
            self._add_up(known[1], row)
        else:
            self.problems.append(RowProblem(line, "", _REPEATED.said(first=known[0])))

    def _add_up(self, index: int, row: Holding) -> None:
        """Several batches of one project on one account are one holding."""
        before = self.rows[index]
        if isinstance(before, Holding):
            self.rows[index] = replace(before, quantity_t=before.quantity_t + row.quantity_t)


_TOTAL = re.compile(r"(?:合计|总计|小计|共计|total)(?![\u4e00-\u9fffA-Za-z]{3})", re.IGNORECASE)
_REPEATED = _("与第 {first} 行重复，请删除重复行；如确为两笔业务，请补充业务编号以便区分。")


def _identity(kind: RegistryKind, row: RegistryRow) -> tuple[object, ...]:
    named = {
        "entities": ("uscc", "year"),
        "accounts": ("account_no",),
        "holdings": ("account_no", "project_code"),
        "projects": ("code",),
    }.get(kind)
    if named is None:
        return tuple(vars(row).items())
    return tuple(getattr(row, field) for field in named)


@dataclass(frozen=True)
class _Cell:
    text: str
    unit: str
    provinces: Provinces


_WRONG = _("“{found}”{what}。")
_LACKING = _("{what}。")


def _bad(found: str, message: Text) -> BadInput:
    what = message.said()
    said = _WRONG.said(found=found[:40], what=what) if found else _LACKING.said(what=what)
    return BadInput(f"{found!r}: {what}", user_message=said)


_CUT = re.compile(r"^\d(?:\.\d+)?E\+\d+$", re.IGNORECASE)


def _code(cell: _Cell) -> str:
    if _CUT.match(cell.text):
        raise _bad(cell.text, _("被表格软件按数字保存，末位已失真，请将该列设为文本后重新填写"))
    return cell.text


def _account(cell: _Cell) -> str:
    return values.account(_code(cell))


def _uscc(cell: _Cell) -> str:
    code = uscc.normalise(_code(cell))
    if not uscc.is_valid(code):
        raise _bad(cell.text, _("不是有效的统一社会信用代码（18 位，含校验位），请核对"))
    return code


def _project_code(cell: _Cell) -> str:
    return _code(cell).upper().replace(" ", "")


def _text(cell: _Cell) -> str:
    return cell.text


def _name(cell: _Cell) -> str:
    if not names.normalise(cell.text):
        raise _bad(cell.text, _("不是有效的名称，请补填"))
    return cell.text


def _tonnes(cell: _Cell) -> int:
    try:
        amount = values.tonnes(cell.text, "万吨" if cell.unit == "万吨" else "吨")
    except BadInput as problem:
        raise _bad(cell.text, _("不是整数吨数，请填写整数（可带千分位逗号）")) from problem
    if amount < 0:
        raise _bad(cell.text, _("不能为负数，请核对"))
    return amount


def _day(cell: _Cell) -> date:
    try:
        return values.day(cell.text)
    except BadInput as problem:
        raise _bad(cell.text, _("不是有效的日期，请写成 2021-11-03 的格式")) from problem


def _moment(cell: _Cell) -> datetime:
    """A moment; a mere date counts from its midnight."""
    try:
        return values.moment(cell.text)
    except BadInput:
        return _midnight(cell)


def _midnight(cell: _Cell) -> datetime:
    try:
        return datetime.combine(values.day(cell.text), time(), tzinfo=BEIJING)
    except BadInput as problem:
        raise _bad(cell.text, _("不是有效的时间，请写成 2021-11-03 15:20:00 的格式")) from problem


def _year(cell: _Cell) -> int:
    digits = re.fullmatch(r"(20\d\d)\s*年?度?", cell.text)
    if digits is None:
        raise _bad(cell.text, _("不是有效的年度，请写成 2021 的格式"))
    return int(digits[1])


_EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")


def _emails(cell: _Cell) -> tuple[str, ...]:
    parts = [part for part in re.split(r"[\s,;，；、|/]+", cell.text) if part]
    for part in parts:
        if not _EMAIL.fullmatch(part):
            raise _bad(part, _("不是有效的邮箱地址，多个地址请用分号分开"))
    return tuple(part.lower() for part in parts)


def _province(cell: _Cell) -> str:
    found = cell.provinces.by_prefix(cell.text) or cell.provinces.find(cell.text)
    if found is None:
        raise _bad(cell.text, _("不是省份名称，请写成“河北”或“河北省”（兵团写“兵团”）"))
    return found.prefix


_YES = frozenset({"是", "y", "yes", "true", "1", "√", "✓", "已纳入", "纳入"})
_NO = frozenset({"否", "n", "no", "false", "0", "×", "未纳入", "不纳入"})


def _covered(cell: _Cell) -> bool | None:
    word = cell.text.strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise _bad(cell.text, _("请填写“是”或“否”"))


_STATUSES = {
    "applied": ("applied", "已申请", "申请", "待省级确认", "已提交"),
    "confirmed": ("confirmed", "省级已确认", "已确认", "省级确认", "已省级确认"),
    "registered": ("registered", "已登记", "登记完成", "已登记抵销", "已完成", "已清缴"),
}


def _surrender_status(cell: _Cell) -> str:
    word = cell.text.strip().lower()
    for status, words in _STATUSES.items():
        if word in words:
            return status
    raise _bad(cell.text, _("状态应为“已申请”“省级已确认”“已登记”之一"))


CONVERTERS: Mapping[str, Callable[[_Cell], object]] = {
    "name": _name,
    "entity_name": _name,
    "owner_name": _name,
    "account_name": _name,
    "uscc": _uscc,
    "owner_uscc": _uscc,
    "province": _province,
    "obligation_t": _tonnes,
    "quantity_t": _tonnes,
    "year": _year,
    "emails": _emails,
    "account_no": _account,
    "status": _text,
    "project_code": _project_code,
    "code": _project_code,
    "project_name": _text,
    "covered": _covered,
    "produced_from": _day,
    "produced_to": _day,
    "registered_on": _day,
    "project_type": _text,
    "operation": _text,
    "time": _moment,
    "serial": _text,
    "reference": _code,
}
