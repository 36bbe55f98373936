"""A cycle's figures as a table in text, as sheets and as a chart."""

from collections.abc import Sequence
from decimal import Decimal

from letters import chart
from letters.sheets import Cell, Sheet, workbook_of
from procedure.figures import CycleReport, ProvinceFigures

HEAD = (
    "省份", "案件", "申请", "应清缴配额（吨）", "上限（吨）", "申请抵销（吨）", "确认抵销（吨）",
    "上限使用（%）", "已注销（吨）", "已核实（吨）",
)  # fmt: skip
BY_HAND = "人工意见"
NOTES: Sequence[tuple[str, str]] = (
    ("申请", "申请份数，含已退回、已撤回和已逾期的"),
    ("应清缴配额、上限", "有有效申请的单位之和，上限逐单位向下取整"),
    ("申请抵销", "有效申请之和，不含已退回、已撤回和已逾期的"),
    ("上限使用", "确认抵销除以上限"),
    ("已注销", "登记系统中已完成的自愿注销，不论是否对应申请"),
    ("时长", "自收到被确认的那一版至确认，按最近秩法取中位数和 90% 分位"),
)


def total(report: CycleReport) -> ProvinceFigures:
    """All provinces together."""
    every = report.provinces
    stages = {name: count for name, count in report.stages if count}
    return ProvinceFigures(
        "合计", sum(p.cases for p in every), sum(p.applications for p in every), stages,
        sum(p.obligation_t for p in every), sum(p.cap_t for p in every),
        sum(p.applied_t for p in every), sum(p.confirmed_t for p in every),
        sum(p.cancelled_t for p in every), sum(p.verified_t for p in every),
    )  # fmt: skip


def _cells(one: ProvinceFigures) -> list[Cell]:
    use = None if one.cap_use is None else float(one.cap_use)
    return [one.province, one.cases, one.applications, one.obligation_t, one.cap_t, one.applied_t,
            one.confirmed_t, use, one.cancelled_t, one.verified_t]  # fmt: skip


def _hours(report: CycleReport) -> list[tuple[str, Decimal | None]]:
    return [("中位数", report.hours_median), ("90% 分位", report.hours_p90),
            ("最长", report.hours_max)]  # fmt: skip


def _rules(report: CycleReport) -> list[tuple[str, int]]:
    return [(one.rule or BY_HAND, one.returned) for one in report.returned]


def text(report: CycleReport) -> str:
    """For a terminal, columns flush right."""
    rows = [HEAD, *(_shown(one) for one in (*report.provinces, total(report)))]
    widths = [max(_wide(row[n]) for row in rows) for n in range(len(HEAD))]
    lines = [report.cycle_title, *(_line(row, widths) for row in rows), ""]
    lines += ["阶段：" + "，".join(f"{n} {c}" for n, c in report.stages if c)]
    lines += ["退回依据：" + ("，".join(f"{r} {c}" for r, c in _rules(report)) or "无")]
    took = "，".join(f"{n} {h} 小时" for n, h in _hours(report) if h is not None)
    lines += [f"收件至确认（{report.confirmed} 份）：{took or '无'}"]
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
        [one.province, *(one.stages.get(name, 0) for name in stages)]
        for one in (*report.provinces, total(report))
    ]
    hours: list[list[Cell]] = [[n, None if h is None else float(h)] for n, h in _hours(report)]
    notes: list[list[Cell]] = [["周期", report.cycle_title], ["数据截至", report.made_at]]
    sheets = [
        Sheet("各省", HEAD, [_cells(one) for one in report.provinces], _cells(total(report))),
        Sheet("各阶段", ("省份", *stages), by_stage[:-1], by_stage[-1]),
        Sheet("退回依据", ("规则", "次数"), [[r, c] for r, c in _rules(report)]),
        Sheet("收件至确认", ("项目", "小时"), [*hours, ["确认份数", report.confirmed]]),
    ]
    return workbook_of(sheets, [*notes, *([a, b] for a, b in NOTES)], report.made_at)


def picture(report: CycleReport) -> bytes:
    """Bars of confirmed tonnes by province and applications by stage."""
    named = [(one.province, one.confirmed_t) for one in report.provinces]
    confirmed = sorted(named, key=lambda row: -row[1])
    title = f"{report.cycle_title}"
    return chart.stacked(
        chart.bars(f"{title}　确认抵销（吨）", confirmed),
        chart.bars("申请份数，各阶段", [(n, c) for n, c in report.stages if c]),
    )
