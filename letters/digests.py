"""The weekly summary (附件3 §2 step 4) and the daily records (step 6)."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from letters.blocks import Block, Chart, Heading, Items, Lines, Para, Status, Table
from letters.columns import DAILY, WEEKLY, explained
from letters.sheets import XLSX, Cell, table, workbook
from letters.words import closing, count, moment, stamp, tonnes, under
from procedure.facts import (
    Attachment,
    CycleProgress,
    DailyRecords,
    DailyRow,
    Period,
    WeeklyRow,
    WeeklySummary,
)

WEEKLY_HEAD, DAILY_HEAD = tuple(WEEKLY), tuple(DAILY)


def weekly(facts: WeeklySummary) -> tuple[str, list[Block], tuple[Attachment, ...]]:
    """Subject, blocks and files of a province's weekly summary."""
    period = facts.period
    span = f"第{period.number}周（{period.first}至{period.last}）"
    marks = marks_of(period, facts.late)
    subject = f"【CCER抵销】周汇总 {facts.province} {span} {len(facts.rows)}项{marks}"
    rows = [_weekly_row(row) for row in facts.rows]
    counted = _counted(facts.rows)
    totals: list[Cell] = ["合计（每份申请计一次）", *[None] * 6,
                          sum(row.offset_t or 0 for row in counted), None,
                          sum(row.confirmed_t or 0 for row in counted), *[None] * 5]  # fmt: skip
    notes: list[list[Cell]] = [
        ["周期", period.cycle_title],
        ["期间", f"{period.first} 至 {period.last}"],
        ["数据截至", facts.snapshot_at],
        ["全部申请累计（吨）", facts.total_offset_t],
        ["全部确认累计（吨）", facts.total_confirmed_t],
        ["待人工识读（份）", facts.unclear],
        *_progress_notes(facts.progress),
    ]
    notes += [[f"阶段：{stage}", number] for stage, number in facts.stages.items()]
    notes += explained(WEEKLY)
    name = f"CCER周汇总_{facts.province}_{period.first}_{period.last}{_suffix(period)}"
    book = workbook("周汇总", WEEKLY_HEAD, rows, totals, notes, facts.snapshot_at)
    files = _files(name, book, table(WEEKLY_HEAD, rows))
    blocks: list[Block] = [
        Status(f"{facts.province} {span} 共 {len(facts.rows)} 项{marks}"),
        Para("国家气候战略中心："),
        Para(f"现将{facts.authority}本期CCER抵销申请信息汇总报上{under(period)}。"),
        Table(
            ("单位", "申请抵销（吨）", "确认抵销（吨）", "阶段"),
            [_weekly_line(row) for row in islice(facts.rows, MOST_ROWS)],
            frozenset({1, 2}),
        ),
        *_further(facts.rows),
        Heading("累计"),
        Items(
            (
                f"申请抵销 {tonnes(facts.total_offset_t)}，确认 {tonnes(facts.total_confirmed_t)}",
                "各阶段：" + ("，".join(f"{k} {v}" for k, v in facts.stages.items()) or "无"),
                f"待人工识读 {facts.unclear} 份",
            )
        ),
    ]  # fmt: skip
    drawn, picture = _progress(facts.progress)
    blocks += [*drawn, *_waiting(facts.waiting, facts.deadline)]
    blocks += [*_hashes(files), *closing(facts.office, facts.snapshot_at)]
    return subject, blocks, (*files, *picture)


def _weekly_line(row: WeeklyRow) -> tuple[Lines, ...]:
    where = f"{row.case_no} 第{row.application}份第{row.version}版"
    asked, given = count(row.offset_t), count(row.confirmed_t)
    return (row.entity_name, where), asked, given, (row.stage_name, row.change)


def _weekly_row(row: object) -> list[Cell]:
    names = ("change", "case_no", "application", "version", "entity_name", "uscc", "obligation_t",
             "offset_t", "cap_t", "confirmed_t", "account_no", "stage_name", "received_at",
             "decided_at", "findings")  # fmt: skip
    return [getattr(row, name) for name in names]


def daily(facts: DailyRecords) -> tuple[str, list[Block], tuple[Attachment, ...]]:
    """Subject, blocks and files of a province's daily records."""
    period = facts.period
    marks = marks_of(period, facts.late)
    what = f"{len(facts.rows)}笔 {facts.total_t:,}吨" if facts.rows else "空报"
    subject = f"【CCER注销记录】{facts.province} {period.last} {what}{marks}"
    names = ("change", "account_name", "account_no", "project_code", "project_name", "quantity_t",
             "operation", "status", "time", "serial", "case_no", "findings")  # fmt: skip
    rows: list[list[Cell]] = [[getattr(row, name) for name in names] for row in facts.rows]
    totals: list[Cell] = ["合计（已完成的自愿注销）", *[None] * 4, facts.total_t, *[None] * 6]
    notes: list[list[Cell]] = [
        ["周期", period.cycle_title],
        ["日期", str(period.last)],
        ["登记数据截至", facts.complete_until],
        ["累计注销（吨）", facts.cumulative_t],
        *_progress_notes(facts.progress),
        *explained(DAILY),
    ]
    name = f"CCER注销记录_{facts.province}_{period.last}{_suffix(period)}"
    book = workbook("注销记录", DAILY_HEAD, rows, totals, notes, facts.snapshot_at)
    files = _files(name, book, table(DAILY_HEAD, rows))
    said = "当日无CCER注销记录。" if not facts.rows else "现将当日CCER注销记录发送贵单位。"
    drawn, picture = _progress(facts.progress)
    blocks: list[Block] = [
        Status(f"{facts.province} {period.last} {what}{marks}"),
        Para(f"{facts.authority}：{said}{under(period)}"),
        Table(
            ("账户与项目", "数量（吨）", "操作"),
            [_daily_line(row) for row in islice(facts.rows, MOST_ROWS)],
            frozenset({1}),
        ),
        *_further(facts.rows),
        Para(f"登记数据截至 {moment(facts.complete_until)}。"),
        Para(f"累计注销 {tonnes(facts.cumulative_t)}。"),
        *drawn,
        *_waiting(facts.waiting, facts.deadline),
        *_hashes(files),
        *closing(facts.office, facts.snapshot_at),
    ]
    return subject, blocks, (*files, *picture)


def _daily_line(row: DailyRow) -> tuple[Lines, ...]:
    done = f"{row.operation} {row.status}"
    what = (row.account_name, row.account_no, row.project_code)
    # Most records are new; what is told once more, or late, says so.
    mark = "" if row.change == "新增" else row.change
    return what, count(row.quantity_t), (stamp(row.time), done, mark)


MOST_ROWS = 200
"""Rows of one letter: more than a phone shows, and mail clients cut long letters. The sheets have
them all."""


def _further(rows: Sequence[object]) -> list[Block]:
    if len(rows) <= MOST_ROWS:
        return []
    return [Para(f"以上为前 {MOST_ROWS} 项，另有 {len(rows) - MOST_ROWS:,} 项，全部内容见附件。")]


def _figures(progress: CycleProgress) -> tuple[tuple[str, int], ...]:
    return (
        ("申请抵销", progress.applied_t),
        ("已确认", progress.confirmed_t),
        ("已注销", progress.cancelled_t),
        ("已核实", progress.verified_t),
    )


def _progress(progress: CycleProgress | None) -> tuple[list[Block], tuple[Attachment, ...]]:
    """Applied, confirmed, cancelled, verified against the time that has passed, and its picture."""
    if progress is None:
        return [], ()
    # Loaded by those who draw: it brings the picture library with it.
    from letters import chart

    figures = _figures(progress)
    whole = max(1, *(amount for _, amount in figures))
    gone = (progress.days - progress.days_left) / max(1, progress.days)
    left = f"剩余 {progress.days_left} 天"
    bars = [(name, tonnes(amount), amount / whole) for name, amount in figures]
    drawn = chart.progress([(name, t / whole) for name, t in figures], gone, left)
    shown = Chart((*bars, ("周期时间", left, gone)), PICTURE, "周期进度图")
    picture = Attachment("progress.png", "image/png", drawn, inline_id=PICTURE)
    return [Heading("周期进度（竖线为已过时间）"), shown], (picture,)


PICTURE = "progress@clerk"
"""Content-ID: RFC 2392 §2 wants it to look like an address."""


def _progress_notes(progress: CycleProgress | None) -> list[list[Cell]]:
    if progress is None:
        return []
    rows: list[list[Cell]] = [[f"周期进度：{name}（吨）", t] for name, t in _figures(progress)]
    return [*rows, ["距注销截止（天）", progress.days_left]]


MOST_WAITING = 50
"""Lines of one letter; the rest are counted."""


def _waiting(lines: Sequence[str], deadline: datetime | None) -> list[Block]:
    """Cases that wait for this province, oldest first, with the deadline."""
    if not lines:
        return []
    until = f"，注销截止 {moment(deadline)}" if deadline else ""
    shown = [*lines[:MOST_WAITING]]
    if len(lines) > MOST_WAITING:
        shown.append(f"另有 {len(lines) - MOST_WAITING} 份，请在系统中查看。")
    return [Heading(f"待本省处理 {len(lines)} 份（最早的在前）{until}"), Items(shown)]


OUT = frozenset({"returned", "withdrawn", "lapsed"})
"""Stages whose amounts count for nothing."""


def _counted(rows: Sequence[WeeklyRow]) -> list[WeeklyRow]:
    """An application's last row each: several changes of one are still one amount."""
    last = {(row.case_no, row.application): row for row in rows}
    return [row for row in last.values() if row.stage not in OUT]


def marks_of(period: Period, late: bool) -> str:
    """What a subject says of a digest that is no regular one in time."""
    supplement = f" 补充{period.supplement}" if period.supplement else ""
    return supplement + (" 迟发" if late else "")


def _suffix(period: Period) -> str:
    return f"_补充{period.supplement}" if period.supplement else ""


def _files(name: str, book: bytes, rows: bytes) -> tuple[Attachment, ...]:
    return (
        Attachment(f"{name}.xlsx", XLSX, book),
        Attachment(f"{name}.csv", "text/csv", rows),
    )


def _hashes(files: Sequence[Attachment]) -> list[Block]:
    """So that what arrives can be compared with what was sent."""
    return [
        Para(f"附件 {file.name} SHA-256：{hashlib.sha256(file.data).hexdigest()}", quiet=True)
        for file in files
    ]
