"""The weekly summary (附件3 §2 step 4) and the daily records (step 6)."""

from collections.abc import Callable, Iterable, Sequence, Set
from itertools import islice
from typing import TypeVar

from letters.blocks import Block, Chart, Heading, Items, Lines, Para, Status, Table
from letters.columns import DAILY, WEEKLY, explained, head
from letters.sheets import XLSX, Cell, Shown, table, workbook
from letters.words import closing, count, heads, moment, stamp, tonnes, under
from procedure.dressed import Attachment
from procedure.facts import (
    MOST_WAITING,
    CycleProgress,
    DailyRecords,
    DailyRow,
    Period,
    WeeklyRow,
    WeeklySummary,
)
from procedure.language import Text, _, term, told

Row = TypeVar("Row")
WEEK = _("第{number}周（{first}至{last}）")
SUMMARY = _("【CCER抵销】周汇总 {province} {span} {number}项{marks}")
SUM = _("合计（每份申请计一次）")
CYCLE, PERIOD, DAY = _("周期"), _("期间"), _("日期")
SPAN = _("{first} 至 {last}")
AS_OF = _("数据截至")
APPLIED_SO_FAR, CONFIRMED_SO_FAR = _("全部申请累计（吨）"), _("全部确认累计（吨）")
UNREAD_SO_FAR = _("待人工识读（份）")
STAGE = _("阶段：{stage}")
WEEKLY_FILE = _("CCER周汇总_{province}_{first}_{last}{suffix}")
WEEKLY_SHEET = _("周汇总")
WEEKLY_STATUS = _("{province} {span} 共 {number} 项{marks}")
NCSC = _("国家气候战略中心：")
REPORTED = _("现将{authority}本期CCER抵销申请信息汇总报上{clause}。")
NO_APPLICATIONS = _("本期无新增或变更的申请信息。")
WEEKLY_LINES = (_("单位"), _("申请抵销（吨）"), _("确认抵销（吨）"), _("阶段"))
SO_FAR = _("累计")
AMOUNTS = _("申请抵销 {applied}，确认 {confirmed}")
STAGES = _("各阶段：{stages}")
COMMA = _("，")
NONE = _("无")
UNREAD = _("待人工识读 {number} 份")


def weekly(facts: WeeklySummary) -> tuple[str, list[Block], tuple[Attachment, ...]]:
    """Subject, blocks and files of a province's weekly summary."""
    period = facts.period
    span = WEEK.format(number=period.number, first=period.first, last=period.last)
    province = term(facts.province)
    marks = marks_of(period, facts.late)
    said = {"province": province, "span": span, "number": len(facts.rows), "marks": marks}
    rows = Shown(facts.rows, _weekly_row)
    asked, given = _counted(facts.rows)
    totals: list[Cell] = [str(SUM), *[None] * 6, asked, None, given, *[None] * 5]
    notes: list[list[Cell]] = [
        [str(CYCLE), term(period.cycle_title)],
        [str(PERIOD), SPAN.format(first=period.first, last=period.last)],
        [str(AS_OF), facts.snapshot_at],
        [str(APPLIED_SO_FAR), facts.total_offset_t],
        [str(CONFIRMED_SO_FAR), facts.total_confirmed_t],
        [str(UNREAD_SO_FAR), facts.unclear],
        *_progress_notes(facts.progress),
    ]
    notes += [[STAGE.format(stage=term(one)), number] for one, number in facts.stages.items()]
    notes += explained(WEEKLY)
    name = WEEKLY_FILE.format(
        province=province, first=period.first, last=period.last, suffix=_suffix(period)
    )
    columns = head(WEEKLY)
    book = workbook(str(WEEKLY_SHEET), columns, rows, totals, notes, facts.snapshot_at)
    files = _files(name, book, table(columns, rows))
    blocks: list[Block] = [
        Status(WEEKLY_STATUS.format(**said)),
        Para(str(NCSC)),
        Para(REPORTED.format(authority=facts.authority, clause=under(period))),
        *([] if facts.rows else [Para(str(NO_APPLICATIONS))]),
        *_listed(WEEKLY_LINES, facts.rows, _weekly_line, {1, 2}),
        Heading(str(SO_FAR)),
        Items(
            (
                AMOUNTS.format(
                    applied=tonnes(facts.total_offset_t), confirmed=tonnes(facts.total_confirmed_t)
                ),
                STAGES.format(stages=_stages(facts)),
                UNREAD.format(number=facts.unclear),
            )
        ),
    ]  # fmt: skip
    drawn, picture = _progress(facts.progress)
    blocks += [*drawn, *_waiting(facts)]
    blocks += [*_hashes(files), *closing(facts.office, facts.snapshot_at)]
    return SUMMARY.format(**said), blocks, (*files, *picture)


def _stages(facts: WeeklySummary) -> str:
    every = (f"{term(stage)} {number}" for stage, number in facts.stages.items())
    return str(COMMA).join(every) or str(NONE)


WHERE = _("{case_no} 第{application}份第{version}版")


def _weekly_line(row: WeeklyRow) -> tuple[Lines, ...]:
    where = WHERE.format(case_no=row.case_no, application=row.application, version=row.version)
    asked, given = count(row.offset_t), count(row.confirmed_t)
    return (row.entity_name, where), asked, given, (term(row.stage_name), term(row.change))


def _weekly_row(row: WeeklyRow) -> list[Cell]:
    names = ("change", "case_no", "application", "version", "entity_name", "uscc", "obligation_t",
             "offset_t", "cap_t", "confirmed_t", "account_no", "stage_name", "received_at",
             "decided_at", "findings")  # fmt: skip
    return [_cell(name, getattr(row, name)) for name in names]


TERMS = frozenset({"change", "stage_name"})


def _cell(name: str, value: Cell) -> Cell:
    """A cell of ours in the language that is spoken; what others wrote as it is."""
    if not isinstance(value, str):
        return value
    return term(value) if name in TERMS else told(value)


RECORDS = _("{number}笔 {amount}吨")
NIL = _("空报")
DAILY_SUBJECT = _("【CCER注销记录】{province} {day} {what}{marks}")
DAILY_SUM = _("合计（已完成的自愿注销）")
COMPLETE = _("登记数据截至")
CANCELLED_SO_FAR = _("累计注销（吨）")
DAILY_FILE = _("CCER注销记录_{province}_{day}{suffix}")
DAILY_SHEET = _("注销记录")
NO_RECORDS = _("当日无CCER注销记录{clause}。")
SENT = _("现将当日CCER注销记录发送贵单位{clause}。")
TO = _("{authority}：{said}")
DAILY_LINES = (_("账户与项目"), _("数量（吨）"), _("操作"))
UNTIL = _("登记数据截至 {moment}。")
CANCELLED = _("累计注销 {amount}。")


def records(number: int, amount_t: int) -> str:
    """How many rows and tonnes a digest has, or that it is a nil report."""
    return RECORDS.format(number=number, amount=f"{amount_t:,}") if number else str(NIL)


def daily(facts: DailyRecords) -> tuple[str, list[Block], tuple[Attachment, ...]]:
    """Subject, blocks and files of a province's daily records."""
    period = facts.period
    marks = marks_of(period, facts.late)
    province, what = term(facts.province), records(len(facts.rows), facts.total_t)
    subject = DAILY_SUBJECT.format(province=province, day=period.last, what=what, marks=marks)
    rows = Shown(facts.rows, _daily_row)
    totals: list[Cell] = [str(DAILY_SUM), *[None] * 3, facts.total_t, *[None] * 7]
    notes: list[list[Cell]] = [
        [str(CYCLE), term(period.cycle_title)],
        [str(DAY), str(period.last)],
        [str(COMPLETE), facts.complete_until],
        [str(CANCELLED_SO_FAR), facts.cumulative_t],
        *_progress_notes(facts.progress),
        *explained(DAILY),
    ]
    name = DAILY_FILE.format(province=province, day=period.last, suffix=_suffix(period))
    columns = head(DAILY)
    book = workbook(str(DAILY_SHEET), columns, rows, totals, notes, facts.snapshot_at)
    files = _files(name, book, table(columns, rows))
    said = (SENT if facts.rows else NO_RECORDS).format(clause=under(period))
    drawn, picture = _progress(facts.progress)
    blocks: list[Block] = [
        Status(f"{province} {period.last} {what}{marks}"),
        Para(TO.format(authority=facts.authority, said=said)),
        *_listed(DAILY_LINES, facts.rows, _daily_line, {1}),
        Para(UNTIL.format(moment=moment(facts.complete_until))),
        Para(CANCELLED.format(amount=tonnes(facts.cumulative_t))),
        *drawn,
        *_waiting(facts),
        *_hashes(files),
        *closing(facts.office, facts.snapshot_at),
    ]
    return subject, blocks, (*files, *picture)


def _daily_row(row: DailyRow) -> list[Cell]:
    names = ("account_name", "account_no", "project_code", "project_name", "quantity_t",
             "operation", "status", "time", "serial", "case_no", "findings", "change")  # fmt: skip
    return [_cell(name, getattr(row, name)) for name in names]


NEW = _("新增")


def _daily_line(row: DailyRow) -> tuple[Lines, ...]:
    done = f"{row.operation} {row.status}"
    what = (row.account_name, row.account_no, row.project_code)
    # Most records are new; what is told once more, or late, says so.
    mark = "" if row.change == NEW.chinese else term(row.change)
    return what, count(row.quantity_t), (stamp(row.time), done, mark)


MOST_ROWS = 200
"""Rows of one letter: more than a phone shows, and mail clients cut long letters. The sheets have
them all."""


def _listed(
    names: Sequence[Text],
    rows: Sequence[Row],
    line: Callable[[Row], Sequence[Lines]],
    numeric: Set[int],
) -> list[Block]:
    """The first rows as a table; nothing where there are none, for a head alone says nothing."""
    if not rows:
        return []
    shown = [line(row) for row in islice(rows, MOST_ROWS)]
    return [Table(heads(*names), shown, frozenset(numeric)), *_further(rows)]


def _further(rows: Sequence[object]) -> list[Block]:
    if len(rows) <= MOST_ROWS:
        return []
    return [Para(FURTHER.format(first=MOST_ROWS, others=f"{len(rows) - MOST_ROWS:,}"))]


FURTHER = _("以上为前 {first} 项，另有 {others} 项，全部内容见附件。")
FIGURES = (_("申请抵销"), _("已确认"), _("已注销"), _("已核实"))
LEFT = _("剩余 {days} 天")
TIME = _("周期时间")
PICTURED = _("周期进度图")
PROGRESS = _("周期进度（竖线为已过时间）")
FIGURE = _("周期进度：{name}（吨）")
DAYS_LEFT = _("距注销截止（天）")


def _figures(progress: CycleProgress) -> tuple[tuple[str, int], ...]:
    amounts = (progress.applied_t, progress.confirmed_t, progress.cancelled_t, progress.verified_t)
    return tuple(zip(map(str, FIGURES), amounts, strict=True))


def _progress(progress: CycleProgress | None) -> tuple[list[Block], tuple[Attachment, ...]]:
    """Applied, confirmed, cancelled, verified against the time that has passed, and its picture."""
    if progress is None:
        return [], ()
    # Loaded by those who draw: it brings the picture library with it.
    from letters import chart

    figures = _figures(progress)
    whole = max(1, *(amount for _, amount in figures))
    gone = (progress.days - progress.days_left) / max(1, progress.days)
    left = LEFT.format(days=progress.days_left)
    bars = [(name, tonnes(amount), amount / whole) for name, amount in figures]
    drawn = chart.progress([(name, t / whole) for name, t in figures], gone, left)
    shown = Chart((*bars, (str(TIME), left, gone)), PICTURE, str(PICTURED))
    picture = Attachment("progress.png", "image/png", drawn, inline_id=PICTURE)
    return [Heading(str(PROGRESS)), shown], (picture,)


PICTURE = "progress@clerk"
"""Content-ID: RFC 2392 §2 wants it to look like an address."""


def _progress_notes(progress: CycleProgress | None) -> list[list[Cell]]:
    if progress is None:
        return []
    rows: list[list[Cell]] = [[FIGURE.format(name=name), t] for name, t in _figures(progress)]
    return [*rows, [str(DAYS_LEFT), progress.days_left]]


def _waiting(facts: WeeklySummary | DailyRecords) -> list[Block]:
    """Cases that wait for this province, oldest first, with the deadline."""
    lines, deadline = facts.waiting, facts.deadline
    if not lines:
        return []
    count = len(lines) + facts.waiting_more
    until = WAIT_UNTIL.format(moment=moment(deadline)) if deadline else ""
    shown = [told(one) for one in lines[:MOST_WAITING]]
    if count > MOST_WAITING:
        shown.append(WAIT_MORE.format(number=count - MOST_WAITING))
    return [Heading(WAIT.format(number=count, until=until)), Items(shown)]


WAIT = _("待本省处理 {number} 份（最早的在前）{until}")
WAIT_UNTIL = _("，注销截止 {moment}")
WAIT_MORE = _("另有 {number} 份，请在系统中查看。")
SUPPLEMENT, LATE = _(" 补充{number}"), _(" 迟发")
SUFFIX = _("_补充{number}")
HASH = _("附件 {name} SHA-256：{hash}")
OUT = frozenset({"returned", "withdrawn", "lapsed"})
"""Stages whose amounts count for nothing."""


def _counted(rows: Iterable[WeeklyRow]) -> tuple[int, int]:
    """Tonnes asked for and confirmed by an application's last row each.

    Several changes of one are still one amount.
    """
    last: dict[tuple[str, int], tuple[int, int]] = {}
    for row in rows:
        counts = row.stage not in OUT
        amounts = (row.offset_t or 0, row.confirmed_t or 0) if counts else (0, 0)
        last[row.case_no, row.application] = amounts
    return sum(asked for asked, _ in last.values()), sum(given for _, given in last.values())


def marks_of(period: Period, late: bool) -> str:
    """What a subject says of a digest that is no regular one in time."""
    supplement = SUPPLEMENT.format(number=period.supplement) if period.supplement else ""
    return supplement + (str(LATE) if late else "")


def _suffix(period: Period) -> str:
    return SUFFIX.format(number=period.supplement) if period.supplement else ""


def _files(name: str, book: bytes, rows: bytes) -> tuple[Attachment, ...]:
    return (
        Attachment(f"{name}.xlsx", XLSX, book),
        Attachment(f"{name}.csv", "text/csv", rows),
    )


def _hashes(files: Sequence[Attachment]) -> list[Block]:
    """So that what arrives can be compared with what was sent."""
    return [Para(HASH.format(name=file.name, hash=file.sha256), quiet=True) for file in files]
