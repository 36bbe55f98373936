"""Registry screens as sheets: a list of operations, or one operation's details."""

from clerk.drawing.content import Cancellation, RecordLine, SealPlan
from clerk.drawing.sheet import Area, Colour, Line, PlacedSeal, Sheet, Text, onto
from clerk.drawing.style import SYSTEMS, Style
from clerk.drawing.tables import Cell, Table, wrap

# A screen of 1440 by 650 pixels at 96 dpi.
WIDTH, HEIGHT = 381.0, 172.0
_TOP, _SIDE = 13.0, 44.0
_MENU = ("首页", "账户管理", "持有量查询", "交易转入转出", "自愿注销", "操作记录", "系统设置")
_BARS: tuple[Colour, ...] = ((0, 121, 107), (24, 90, 188), (10, 88, 156))
_DARK: Colour = (38, 50, 66)
_PALE: Colour = (245, 247, 250)
_RULE: Colour = (222, 227, 233)
_GREY: Colour = (96, 108, 122)
_GREEN: Colour = (30, 140, 60)
_COLUMNS = (
    ("project_code", 0.11),
    ("project_name", 0.24),
    ("serial", 0.22),
    ("quantity_t", 0.12),
    ("operation", 0.09),
    ("status", 0.08),
    ("time", 0.14),
)


def screen_sheet(said: Cancellation, style: Style) -> Sheet:
    """The screen as the browser shows it."""
    sheet = _frame(said, style)
    if style.screen in ("detail", "cards") and len(said.records) == 1:
        draw = _detail if style.screen == "detail" else _cards
        return draw(sheet, said, style)
    return _list(sheet, said, style)


def printed_screen(said: Cancellation, style: Style, seal: SealPlan | None, seed: int) -> Sheet:
    """The screen printed on A4 (landscape) and sealed."""
    page = Sheet(297, 210, style.face, (Text(14, 9, 3, "2021-11-26　自愿减排注册登记系统"),))
    page = onto(page, screen_sheet(said, style), 14, 20, 269 / WIDTH)
    if seal is None:
        return page
    x, y = 205 + seed * 11 % 40, 112 + seed * 7 % 18
    turn = seed * 29 % 25 - 12
    stamp = PlacedSeal(x, y, seal.text, seal.code, seal.kind, angle=turn, face=seal.face)
    return Sheet(page.width, page.height, page.face, page.marks, (stamp,))


def _frame(said: Cancellation, style: Style) -> Sheet:
    bar = _BARS[style.hue % len(_BARS)]
    marks: list[Area | Text | Line] = [
        Area(0, 0, WIDTH, HEIGHT, (236, 240, 245)),
        Area(0, 0, WIDTH, _TOP, bar),
        Text(6, 4, 5, SYSTEMS[style.wording % len(SYSTEMS)], colour=(255, 255, 255), bold=True),
        Text(WIDTH - 88, 4.8, 3.2, f"欢迎您，{said.account_name[:12]}", colour=(230, 240, 250)),
        Area(0, _TOP, _SIDE, HEIGHT, _DARK),
    ]
    for number, item in enumerate(_MENU):
        y = _TOP + 5 + number * 10.5
        if item == "自愿注销":
            marks.append(Area(0, y - 3, _SIDE, y + 7.5, bar))
        marks.append(Text(9, y, 3.5, item, colour=(240, 244, 248)))
    marks.append(Text(_SIDE + 6, _TOP + 4, 3, "当前位置：首页 > 自愿注销 > 操作记录", colour=_GREY))
    marks.append(Area(_SIDE + 6, _TOP + 10, WIDTH - 6, HEIGHT - 6, (255, 255, 255)))
    return Sheet(WIDTH, HEIGHT, style.face, tuple(marks))


def _list(sheet: Sheet, said: Cancellation, style: Style) -> Sheet:
    left, width = _SIDE + 12, WIDTH - _SIDE - 24
    marks: list[Area | Text | Line] = []
    for number, (field, value) in enumerate(_account(said)):
        y, prefix = _TOP + 16 + number * 8, f"{style.screen_label(field)}："
        marks.append(Text(left, y, 3.6, prefix, colour=_GREY))
        x = left + style.face.width(prefix, 3.6)
        marks.append(Text(x, y, 3.6, value, field))
    ruled = style.screen != "open"
    table = Table(style.face, left, _TOP + 36, 3.4, 0.2 if ruled else 0.0, _RULE, 9.5)
    heads = [Cell(width * share, _heading(style, field), shade=_PALE) for field, share in _COLUMNS]
    table.row(heads)
    index = 0
    for record in said.records:
        table.row(_row(record, index, width))
        index += record.counted
    foot = Text(left + width - 46, table.y + 4, 3, f"共 {len(said.records)} 条　10条/页　< 1 >")
    return _with(sheet, (*marks, *table.marks, foot))


def _row(record: RecordLine, index: int, width: float) -> list[Cell]:
    said = record_values(record)
    cells = []
    for field, share in _COLUMNS:
        key = f"records[{index}].{field}" if record.counted else ""
        colour = _GREEN if field == "status" else (44, 52, 62)
        cells.append(Cell(width * share, said[field], key, colour=colour))
    return cells


def _detail(sheet: Sheet, said: Cancellation, style: Style) -> Sheet:
    left, width = _SIDE + 12, WIDTH - _SIDE - 24
    title = Text(left, _TOP + 15, 4.4, "注销详情", bold=True)
    table = Table(style.face, left, _TOP + 25, 3.6, 0.2, _RULE, 10.5)
    record = record_values(said.records[0])
    pairs = [*_account(said), *((f"records[0].{field}", record[field]) for field, _ in _COLUMNS)]
    for first in range(0, len(pairs), 2):
        cells = []
        for key, value in pairs[first : first + 2]:
            named = _heading(style, key.rpartition(".")[2])
            cells.append(Cell(width * 0.16, named, shade=_PALE, colour=_GREY))
            cells.append(Cell(width * 0.34, value, key, left=True))
        table.row(cells)
    return _with(sheet, (title, *table.marks))


def _cards(sheet: Sheet, said: Cancellation, style: Style) -> Sheet:
    """Labels above their values, without rules."""
    left, width = _SIDE + 12, WIDTH - _SIDE - 24
    marks: list[Area | Text | Line] = [Text(left, _TOP + 15, 4.4, "注销详情", bold=True)]
    record = record_values(said.records[0])
    pairs = [*_account(said), *((f"records[0].{field}", record[field]) for field, _ in _COLUMNS)]
    for number, (key, value) in enumerate(pairs):
        x, y = left + width / 3 * (number % 3), _TOP + 28 + 19 * (number // 3)
        named = _heading(style, key.rpartition(".")[2])
        marks.append(Text(x, y, 3.2, named, colour=_GREY))
        for step, line in enumerate(wrap(style.face, value, 3.7, width / 3 - 6)):
            marks.append(Text(x, y + 5.6 + 5 * step, 3.7, line, key))
    return _with(sheet, tuple(marks))


def record_values(record: RecordLine) -> dict[str, str]:
    """A record's cells as the screen prints them."""
    return {
        "project_code": record.project_code,
        "project_name": record.project_name,
        "serial": record.serial,
        "quantity_t": str(record.quantity_t),
        "operation": record.operation,
        "status": record.status,
        "time": f"{record.time:%Y-%m-%d %H:%M:%S}",
    }


def _account(said: Cancellation) -> tuple[tuple[str, str], ...]:
    return (("account_name", said.account_name), ("account_no", said.account_no))


def _heading(style: Style, field: str) -> str:
    return style.screen_label(field) + ("（吨）" if field == "quantity_t" else "")


def _with(sheet: Sheet, marks: tuple[Line | Area | Text, ...]) -> Sheet:
    return Sheet(sheet.width, sheet.height, sheet.face, (*sheet.marks, *marks))


def account_screen(name: str, account_no: str, style: Style) -> Sheet:
    """The account's own page: 账户信息, without any operation."""
    sheet = _frame(Cancellation(name, account_no, ()), style)
    left, width = _SIDE + 12, WIDTH - _SIDE - 24
    table = Table(style.face, left, _TOP + 25, 3.6, 0.2, _RULE, 10.5)
    rows = (
        ("账户名称", name, "账户编号", account_no),
        ("账户类型", "一般持有账户", "账户状态", "正常"),
        ("开户机构", "示例交易所", "开户日期", "2021-03-18"),
    )
    for row in rows:
        cells = [
            Cell(width * (0.16 if place % 2 == 0 else 0.34), text, left=place % 2 == 1)
            for place, text in enumerate(row)
        ]
        table.row(cells)
    title = Text(left, _TOP + 15, 4.4, "账户信息", bold=True)
    return _with(sheet, (title, *table.marks))
