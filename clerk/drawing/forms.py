"""Application forms as sheets, in several layouts."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from clerk.drawing.content import Application, SealPlan
from clerk.drawing.sheet import Area, Line, PlacedSeal, Sheet, Text
from clerk.drawing.style import Layout, Style
from clerk.drawing.tables import Cell, Table, wrap

WIDTH, HEIGHT = 210.0, 297.0
_LEFT, _RIGHT = 22.0, 188.0
_FULL = _RIGHT - _LEFT
_SIZE = 4.0
PLEDGE = (
    "　　本单位承诺：所填信息真实、准确、完整，申请用于抵销的CCER来源合法，"
    "抵销比例不超过应清缴碳排放配额的5%，并对所提交材料的真实性承担责任。"
)


def form_sheet(app: Application, style: Style, seal: SealPlan | None, seed: int) -> Sheet:
    """The form on A4; keys of its texts are names of the reading contract."""
    head = _title(style)
    table = Table(style.face, _LEFT, head[-1].y + 16, style.size, style.rule)
    LAYOUTS[style.layout](table, app, style)
    sign = _sign(table, app, style)
    if style.opinion:
        _opinion(table)
    marks = (*head, *(_by_hand(mark, style) for mark in table.marks))
    seals = (_seal(seal, _seal_spot(style, table, sign), seed),) if seal else ()
    return Sheet(WIDTH, HEIGHT, style.face, marks, seals)


def _by_hand(mark: Line | Area | Text, style: Style) -> Line | Area | Text:
    """What the entity fills in is written by hand where the style says so."""
    if style.hand is None or not isinstance(mark, Text) or not mark.key:
        return mark
    ink = (24, 32, 92) if len(mark.text) % 2 else (20, 20, 20)
    # A pen writes larger than type, as far as the cell lets it.
    return replace(mark, hand=style.hand, size=mark.size * 1.12, colour=ink)


def values(app: Application, style: Style) -> dict[str, str]:
    """Every field as this form prints it."""
    company = app.company
    return {
        "enterprise_name": company.name,
        "uscc": style.code_text(company.uscc),
        "province": company.province,
        "obligation_t": style.tonnes(app.obligation_t, after=True),
        "offset_t": style.tonnes(app.offset_t, after=True),
        "account_no": company.account_no,
        "contact": company.contact,
        "phone": company.phone,
        "date": style.day_text(app.date),
    }


def label(style: Style, field: str) -> str:
    """A field's label with its unit where it has one."""
    text = style.label(field)
    units = {"吨": ("（吨）", "（tCO2e）", "(吨)", "（吨）"), "万吨": ("（万吨）",) * 4}
    if field in {"obligation_t", "offset_t", "amount_t"}:
        return text + units[style.unit][style.wording % 4]
    return text


def _title(style: Style) -> list[Text]:
    size = 6.0
    marks = [Text(_LEFT, 22, _SIZE, "附件")] if style.wording % 2 == 0 else []
    y = 32.0
    for line in wrap(style.face, style.title, size, _FULL):
        x = (WIDTH - style.face.width(line, size)) / 2
        marks.append(Text(x, y, size, line, bold=True))
        y += 9
    return marks


def _grid(table: Table, app: Application, style: Style) -> None:
    """Two pairs of label and value a row."""
    said = values(app, style)
    quarter = _FULL / 4
    whole = [Cell(quarter, label(style, "enterprise_name"))]
    table.row([*whole, Cell(_FULL - quarter, said["enterprise_name"], "enterprise_name")])
    for pair in (("uscc", "province"), ("obligation_t", "offset_t")):
        _pair(table, style, said, pair)
    account = _FULL * 0.32
    named = Cell(account, label(style, "account_no"))
    table.row([named, Cell(_FULL - account, said["account_no"], "account_no")])
    _projects(table, app, style, block=True)
    _pair(table, style, said, ("contact", "phone"))


def _pair(table: Table, style: Style, said: Mapping[str, str], fields: tuple[str, str]) -> None:
    cells = []
    for field, share in zip(fields, (1.15, 0.85), strict=True):
        cells.append(Cell(_FULL * 0.22, label(style, field)))
        cells.append(Cell(_FULL * 0.28 * share, said[field], field))
    table.row(cells)


def _list(table: Table, app: Application, style: Style) -> None:
    """One field a row, values at the left."""
    said = values(app, style)
    first = _FULL * 0.31
    for field in ("enterprise_name", "uscc", "province", "obligation_t", "offset_t", "account_no"):
        named = Cell(first, label(style, field))
        table.row([named, Cell(_FULL - first, said[field], field, left=True)])
    _projects(table, app, style, block=style.wording % 2 == 0)
    _pair(table, style, said, ("contact", "phone"))


def _stacked(table: Table, app: Application, style: Style) -> None:
    """Labels above their values."""
    said = values(app, style)
    rows = (
        (("enterprise_name", 0.62), ("uscc", 0.38)),
        (("province", 0.2), ("obligation_t", 0.42), ("offset_t", 0.38)),
        (("account_no", 0.5), ("contact", 0.2), ("phone", 0.3)),
    )
    for row in rows:
        table.row([Cell(_FULL * share, label(style, field)) for field, share in row], 8.5)
        table.row([Cell(_FULL * share, said[field], field) for field, share in row])
    _projects(table, app, style, block=False)


def _lines(table: Table, app: Application, style: Style) -> None:
    """Label and value in a line, without rules; only the projects stand in a table."""
    said = values(app, style)
    rows = (
        ("enterprise_name",), ("uscc",), ("province", "account_no"),
        ("obligation_t",), ("offset_t",), ("contact", "phone"),
    )  # fmt: skip
    for row in rows:
        x = _LEFT
        for field in row:
            prefix = f"{label(style, field)}："
            table.marks.append(Text(x, table.y + 3, style.size, prefix))
            x += style.face.width(prefix, style.size)
            table.marks.append(Text(x, table.y + 3, style.size, said[field], field))
            x += style.face.width(said[field], style.size) + 3 * style.size
        table.y += 9.5
    table.y += 2
    _projects(table, app, style, block=False)


LAYOUTS: Mapping[Layout, Callable[[Table, Application, Style], None]] = {
    "grid": _grid,
    "list": _list,
    "stacked": _stacked,
    "lines": _lines,
}


def _projects(table: Table, app: Application, style: Style, block: bool) -> None:
    side = _FULL * 0.12 if block else 0.0
    x, top = _LEFT + side, table.y
    shares = [one * (_FULL - side) for one in (0.1, 0.42, 0.24, 0.24)]
    heads = ("序号", label(style, "name"), label(style, "code"), label(style, "amount_t"))
    table.row([Cell(width, head) for width, head in zip(shares, heads, strict=True)], x=x)
    for index, line in enumerate(app.projects):
        cells = (
            Cell(shares[0], str(index + 1)),
            Cell(shares[1], line.name, f"projects[{index}].name"),
            Cell(shares[2], line.code, f"projects[{index}].code"),
            Cell(shares[3], style.tonnes(line.amount_t), f"projects[{index}].amount_t"),
        )
        table.row(cells, x=x)
    if app.total_t is not None:
        total = Cell(sum(shares[:3]), style.label("total"))
        table.row([total, Cell(shares[3], style.tonnes(app.total_t), "rows_total")], x=x)
    if block:
        table.cell(Cell(side, style.label("block")), _LEFT, top, table.y - top)


def _sign(table: Table, app: Application, style: Style) -> tuple[float, float]:
    """The pledge, the place to sign and the date; returns where the date stands."""
    top, height = table.y, 62.0
    table.row([Cell(_FULL, "")], height)
    for number, line in enumerate(wrap(style.face, PLEDGE, _SIZE, _FULL - 5)):
        table.marks.append(Text(_LEFT + 2.5, top + 6 + 6 * number, _SIZE, line))
    table.marks.append(Text(102, top + 31, _SIZE, style.label("sign")))
    prefix = f"{style.label('date')}："
    table.marks.append(Text(102, top + 42, _SIZE, prefix))
    x = 102 + style.face.width(prefix, _SIZE)
    table.marks.append(Text(x, top + 42, _SIZE, style.day_text(app.date), "date"))
    return x, top + 42


def _opinion(table: Table) -> None:
    table.row([Cell(_FULL * 0.2, "省级生态环境主管部门意见"), Cell(_FULL * 0.8, "")], 26)
    table.marks.append(Text(140, table.y - 8, _SIZE, "（盖章）　　年　月　日"))


def _seal_spot(style: Style, table: Table, sign: tuple[float, float]) -> tuple[float, float]:
    """Where the middle of the seal goes: over the date, beside the signature, or over digits."""
    if style.seal_over == "amount":
        spots = [mark for mark in table.marks if isinstance(mark, Text) and mark.key == "offset_t"]
        return spots[0].x + 6, spots[0].y + 4
    if style.seal_over == "sign":
        return 158, sign[1] - 12
    return sign[0] + 16, sign[1] - 6


def _seal(plan: SealPlan, spot: tuple[float, float], seed: int) -> PlacedSeal:
    angle = (seed * 37 % 31) - 15
    x, y = spot[0] + seed * 13 % 7 - 3, spot[1] + seed * 17 % 5 - 2
    return PlacedSeal(
        x, y, plan.text, plan.code, plan.kind, 42, angle, oval=plan.oval, face=plan.face
    )
