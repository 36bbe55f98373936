"""A cycle's figures as a table in text, as sheets and as a chart."""

from collections.abc import Sequence
from decimal import Decimal

from letters import chart
from letters.sheets import Cell, Sheet, workbook_of
from letters.words import heads
from procedure.figures import CycleReport, ProvinceFigures
from procedure.language import Text, _, term

HEAD = (
    _("省份"), _("案件"), _("申请"), _("应清缴配额（吨）"), _("上限（吨）"), _("申请抵销（吨）"),
    _("确认抵销（吨）"), _("上限使用（%）"), _("已注销（吨）"), _("已核实（吨）"),
)  # fmt: skip
BY_HAND = _("人工意见")
NOTES: Sequence[tuple[Text, Text]] = (
    (_("申请"), _("申请份数，含已退回、已撤回和已逾期的")),
    (_("应清缴配额、上限"), _("有有效申请的单位之和，上限逐单位向下取整")),
    (_("申请抵销"), _("有效申请之和，不含已退回、已撤回和已逾期的")),
    (_("上限使用"), _("确认抵销除以上限")),
    (_("已注销"), _("登记系统中已完成的自愿注销，不论是否对应申请")),
    (_("时长"), _("自收到被确认的那一版至确认，按最近秩法取中位数和 90% 分位")),
)


TOTAL = _("合计")
HOURS = (_("中位数"), _("90% 分位"), _("最长"))
STAGES = _("阶段：{stages}")
RETURNS = _("退回依据：{rules}")
TOOK = _("收件至确认（{number} 份）：{took}")
HOUR = _("{name} {hours} 小时")
COMMA, NONE = _("，"), _("无")
CYCLE, AS_OF = _("周期"), _("数据截至")
BY_PROVINCE, BY_STAGE, BY_RULE, TIME = _("各省"), _("各阶段"), _("退回依据"), _("收件至确认")
PROVINCE, RULE, TIMES, ITEM, UNIT = _("省份"), _("规则"), _("次数"), _("项目"), _("小时")
CONFIRMED = _("确认份数")
CONFIRMED_T = _("{title}　确认抵销（吨）")
APPLICATIONS = _("申请份数，各阶段")


def total(report: CycleReport) -> ProvinceFigures:
    """All provinces together."""
    every = report.provinces
    stages = {name: count for name, count in report.stages if count}
    return ProvinceFigures(
        str(TOTAL), sum(p.cases for p in every), sum(p.applications for p in every), stages,
        sum(p.obligation_t for p in every), sum(p.cap_t for p in every),
        sum(p.applied_t for p in every), sum(p.confirmed_t for p in every),
        sum(p.cancelled_t for p in every), sum(p.verified_t for p in every),
    )  # fmt: skip


def _cells(one: ProvinceFigures) -> list[Cell]:
    use = None if one.cap_use is None else float(one.cap_use)
    return [term(one.province), one.cases, one.applications, one.obligation_t, one.cap_t,
            one.applied_t, one.confirmed_t, use, one.cancelled_t, one.verified_t]  # fmt: skip


def _hours(report: CycleReport) -> list[tuple[str, Decimal | None]]:
    found = (report.hours_median, report.hours_p90, report.hours_max)
    return list(zip(map(str, HOURS), found, strict=True))


def _rules(report: CycleReport) -> list[tuple[str, int]]:
    return [(one.rule or str(BY_HAND), one.returned) for one in report.returned]


def text(report: CycleReport) -> str:
    """For a terminal, columns flush right."""
    rows = [heads(*HEAD), *(_shown(one) for one in (*report.provinces, total(report)))]
    widths = [max(_wide(row[n]) for row in rows) for n in range(len(HEAD))]
    lines = [term(report.cycle_title), *(_line(row, widths) for row in rows), ""]
    stages = (f"{term(name)} {number}" for name, number in report.stages if number)
    rules = (f"{rule} {number}" for rule, number in _rules(report))
    took = (HOUR.format(name=n, hours=h) for n, h in _hours(report) if h is not None)
    lines += [
        STAGES.format(stages=str(COMMA).join(stages) or NONE),
        RETURNS.format(rules=str(COMMA).join(rules) or NONE),
        TOOK.format(number=report.confirmed, took=str(COMMA).join(took) or NONE),
    ]
    return "\n".join(lines) + "\n"


def _shown(one: ProvinceFigures) -> tuple[str, ...]:
    return tuple(_number(cell) for cell in _cells(one))


def _number(cell: Cell) -> str:
    return f"{cell:,}" if isinstance(cell, int | float) else str(cell or "")


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    """The first column flush left, the others flush right."""
    room = [width - _wide(cell) for cell, width in zip(row, widths, strict=True)]
    numbers = (" " * pad + cell for pad, cell in zip(room[1:], row[1:], strict=True))
    return "  ".join([row[0] + " " * room[0], *numbers])


def _wide(cell: str) -> int:
    return sum(2 if ord(char) > 0x2E80 else 1 for char in cell)


def book(report: CycleReport) -> bytes:
    """An xlsx: provinces, stages of each, returns by rule, time, explanations."""
    stages = [name for name, _ in report.stages]
    by_stage: list[list[Cell]] = [
        [term(one.province), *(one.stages.get(name, 0) for name in stages)]
        for one in (*report.provinces, total(report))
    ]
    hours: list[list[Cell]] = [[n, None if h is None else float(h)] for n, h in _hours(report)]
    notes: list[list[Cell]] = [
        [str(CYCLE), term(report.cycle_title)],
        [str(AS_OF), report.made_at],
    ]
    sheets = [
        Sheet(
            str(BY_PROVINCE),
            heads(*HEAD),
            [_cells(one) for one in report.provinces],
            _cells(total(report)),
        ),
        Sheet(str(BY_STAGE), (str(PROVINCE), *map(term, stages)), by_stage[:-1], by_stage[-1]),
        Sheet(str(BY_RULE), heads(RULE, TIMES), [[r, c] for r, c in _rules(report)]),
        Sheet(str(TIME), heads(ITEM, UNIT), [*hours, [str(CONFIRMED), report.confirmed]]),
    ]
    return workbook_of(sheets, [*notes, *([str(a), str(b)] for a, b in NOTES)], report.made_at)


def picture(report: CycleReport) -> bytes:
    """Bars of confirmed tonnes by province and applications by stage."""
    named = [(term(one.province), one.confirmed_t) for one in report.provinces]
    confirmed = sorted(named, key=lambda row: -row[1])
    return chart.stacked(
        chart.bars(CONFIRMED_T.format(title=term(report.cycle_title)), confirmed),
        chart.bars(str(APPLICATIONS), [(term(n), c) for n, c in report.stages if c]),
    )
