"""The national file of the day's cancellation records (附件3 §2 step 6), for CRC's machines.

Layout: docs/registry-file.md. Its headings are those that `clerk registry import cancellations`
knows, so that another installation takes it as it is.
"""

from collections.abc import Iterable
from datetime import datetime

from letters.blocks import Block, Heading, Para, Status, Table
from letters.digests import marks_of, records
from letters.sheets import defused, streamed
from letters.words import closing, count, heads, moment, under
from procedure.clock import beijing
from procedure.dressed import Attachment
from procedure.facts import (
    DailyRow,
    NationalRecords,
)
from procedure.language import _, term
from procedure.packed import PackedBytes

COLUMNS = (
    "sequence", "change", "record", "province", "account_no", "account_name", "project_code",
    "project_name", "quantity_t", "operation", "status", "time", "serial", "case_no",
)  # fmt: skip
WHOLE = _("全国 {day} {what}{marks}")
SUBJECT = _("【CCER注销记录】全国 {day} {what}{marks}")
CRC = _("全国碳排放权注册登记机构：{said}")
PROVINCES = (_("省份"), _("笔数"), _("已完成自愿注销（吨）"))
UNTIL = _("登记数据截至 {moment}。累计注销 {amount} 吨。")
FILE = _("机读文件")
FORMAT = _("文件 {name}，格式 {layout}，{rows} 行，SHA-256：{hash}")
NO_RECORDS = _("当日无CCER注销记录{clause}，附件为仅含表头的空文件。")
SENT = _("现将当日各省CCER注销记录以机读文件发送贵单位{clause}。")
CHANGES = {"新增": "new", "更正": "correction", "补充": "late"}
"""What a row is, in the words of `change`."""
LAYOUT = "ccer-cancellations-1"


def national(facts: NationalRecords) -> tuple[str, list[Block], tuple[Attachment, ...]]:
    """Subject, blocks and the file."""
    period = facts.period
    marks = marks_of(period, facts.late)
    what = records(len(facts.rows), facts.total_t)
    told_of = SENT if facts.rows else NO_RECORDS
    said = {"day": period.last, "what": what, "marks": marks}
    file = Attachment(_name(facts), "text/csv", _table(facts.rows))
    blocks: list[Block] = [
        Status(WHOLE.format(**said)),
        Para(CRC.format(said=told_of.format(clause=under(period)))),
        Table(
            heads(*PROVINCES),
            [(term(one.name), count(one.records), count(one.total_t)) for one in facts.provinces],
            frozenset({1, 2}),
        ),
        Para(UNTIL.format(moment=moment(facts.complete_until), amount=f"{facts.cumulative_t:,}")),
        Heading(str(FILE)),
        Para(FORMAT.format(name=file.name, layout=LAYOUT, rows=len(facts.rows), hash=file.sha256)),
        *closing(facts.office, facts.snapshot_at),
    ]
    return SUBJECT.format(**said), blocks, (file,)


def _name(facts: NationalRecords) -> str:
    number = facts.period.supplement
    suffix = f"_S{number}" if number else ""
    return f"CCER_CANCELLATIONS_{facts.period.cycle}_{facts.period.last:%Y%m%d}{suffix}.csv"


def _table(rows: Iterable[DailyRow]) -> PackedBytes:
    """RFC 4180, UTF-8 without a mark. It may hold a whole country's records."""
    return PackedBytes.of(streamed(COLUMNS, map(_cells, rows), "utf-8"))


def _cells(row: DailyRow) -> list[str]:
    texts = (
        row.record,
        row.province,
        row.account_no,
        row.account_name,
        row.project_code,
        row.project_name,
    )
    return [
        str(row.event_seq),
        CHANGES[row.change],
        *(defused(text) for text in texts),
        str(row.quantity_t),
        defused(row.operation),
        defused(row.status),
        _time(row.time),
        defused(row.serial),
        row.case_no,
    ]


def _time(at: datetime | None) -> str:
    return beijing(at).isoformat() if at else ""
