"""Registry files by mail: imported from configured senders who prove themselves, else the tray."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from casework.bymail import stated
from letters import dress
from procedure.clock import beijing
from procedure.facts import DailyRecords, DailyRow, Period, StaffNotice
from procedure.jsonable import load
from store.rows import ImportRow, LetterRow
from tests.casework.made import Firm, form
from tests.clerk.mailroom import Mailroom, mailroom, written
from tests.clerk.test_vouching import entities

A = Firm(email="office@henglan.example")
NCSC, CRC = "registry@ncsc.example", "ccer@crc.example"
OPERATOR = "op@desk.example"
TRUE = {"Authentication_Results": "mx.own.example; dmarc=pass header.from=ncsc.example"}
ALIGNED = {"Authentication_Results": "mx.own.example; dkim=pass header.d=ncsc.example"}
HEAD = ["账户名称", "账户编号", "项目编号", "项目名称", "数量", "操作类型", "状态", "时间"]
SUBJECT = "2021-11-05 CCER注销记录"
TEXT = "现将当日注销记录发送贵单位。数据截至 2021-11-05 17:00。"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Mailroom]:
    clock = tmp_path / "clock"
    clock.write_text("2021-11-05T17:30:00+08:00")
    settings: dict[str, dict[str, Any]] = {
        "evidence": {"servers": ["mx.own.example"]},
        "registry": {"senders": {NCSC: ["cancellations"], CRC: ["credits", "surrenders"]}},
        "clock": {"file": clock},
        "office": {"address": "ccer@clerk.example", "operator_mailbox": OPERATOR},
    }
    with mailroom(tmp_path, **settings) as opened:
        entities(opened)
        yield opened


def sheet(*rows: list[Any], head: list[str] = HEAD) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (head, *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cancelled(tonnes: object = 5000, time: str = "2021-11-05 10:00:00") -> list[Any]:
    return [A.name, A.account, "CCER-0001", "项目", tonnes, "自愿注销", "已完成", time]


def day(data: bytes, sender: str = NCSC, text: str = TEXT, **headers: str) -> bytes:
    files = {"CCER注销记录_河北省_2021-11-05.xlsx": data}
    return written(sender, SUBJECT, text, files, **headers)


def imports(room: Mailroom, kind: str = "cancellations") -> list[ImportRow]:
    with room.house.store.read() as tx:
        return [one for one in tx.registry.imports() if one.kind == kind]


def places(room: Mailroom, message_id: str) -> list[str]:
    with room.house.store.read() as tx:
        return [one.place for one in tx.messages.placements(message_id)]


def _lines(letter: LetterRow) -> tuple[str, ...]:
    facts = load(StaffNotice, letter.facts)
    return facts.lines


def reports(room: Mailroom, message_id: str, to: str = NCSC) -> list[str]:
    letters = room.letters(f"registry:{message_id}")
    return ["\n".join(_lines(one)) for one in letters if one.to == (to,)]


@pytest.mark.parametrize("proof", [TRUE, ALIGNED])
def test_the_day_s_file_is_imported_and_reported(room: Mailroom, proof: dict[str, str]) -> None:
    room.send(room.form(form(A), A.email), A.email)
    message = room.send(day(sheet(cancelled()), **proof), NCSC)
    (made,) = imports(room)
    assert (made.rows, made.actor) == (1, f"mail:{NCSC}")
    assert f"{beijing(made.complete_until):%Y-%m-%d %H:%M}" == "2021-11-05 17:00"
    (said,) = reports(room, message)
    assert "已导入注销记录 1 条，新增或变更 1 条；数据截至 2021-11-05 17:00" in said
    assert places(room, message) == ["registry"]
    assert room.tray() == []
    (letter,) = room.letters(f"registry:{message}")
    assert letter.in_reply_to


def test_the_same_file_again_changes_nothing(room: Mailroom) -> None:
    data = sheet(cancelled())
    room.send(day(data, **TRUE), NCSC)
    again = room.send(day(data, text=f"补发：{TEXT}", **TRUE), NCSC)
    assert len(imports(room)) == 1
    assert "新增或变更 0 条" in reports(room, again)[0]
    # Without its moment an old file takes no newer state back.
    room.send(day(sheet(cancelled(), cancelled(100)), text=TEXT, **TRUE), NCSC)
    late = room.send(day(data, text="再次发送。", **TRUE), NCSC)
    assert len(imports(room)) == 2
    assert places(room, late) == ["registry"]


def test_a_bad_row_refuses_the_whole_file(room: Mailroom) -> None:
    message = room.send(day(sheet(cancelled(), cancelled("很多")), **TRUE), NCSC)
    assert imports(room) == []
    (said,) = reports(room, message)
    assert "第 3 行 数量" in said
    assert reports(room, message, OPERATOR) == [said]
    (item,) = room.tray()
    assert (item.reason, item.message_id) == ("registry-by-mail", message)
    assert places(room, message) == ["tray"]


@pytest.mark.parametrize(
    ("sender", "headers", "why"),
    [
        (NCSC, {}, "未能证实"),
        (NCSC, {"Authentication_Results": "mx.own.example; dmarc=fail"}, "未能证实"),
        (NCSC, {"Authentication_Results": "mx.evil.example; dmarc=pass"}, "未能证实"),
        (NCSC, {"Authentication_Results": "mx.own.example; dkim=pass header.d=b.example"},
         "未能证实"),
        ("registry@ncsc.example.evil.example", TRUE, "不在登记数据发件人之列"),
        ("registry@nc5c.example", TRUE, "疑似冒用"),
        (A.email, TRUE, "不在登记数据发件人之列"),
    ],
)  # fmt: skip
def test_nobody_else_imports_anything(
    room: Mailroom, sender: str, headers: dict[str, str], why: str
) -> None:
    message = room.send(day(sheet(cancelled()), sender, **headers), sender)
    assert imports(room) == []
    (item,) = room.tray()
    assert why in item.text
    assert places(room, message) == ["tray"]
    assert room.letters(f"registry:{message}") == []


def test_of_several_kinds_the_columns_and_names_decide(room: Mailroom) -> None:
    head = ["单位名称", "账户编号", "统一社会信用代码", "数量", "时间"]
    row: list[object] = [A.name, A.account, A.uscc, 5000, "2021-11-05 09:00:00"]
    true = {"Authentication_Results": "mx.own.example; dmarc=pass"}
    files = {"抵销CCER生成清单.xlsx": sheet(row, head=head), "说明.pdf": b"%PDF-1.4 x"}
    message = room.send(written(CRC, "抵销CCER清单", "见附件", files, **true), CRC)
    assert [one.rows for one in imports(room, "credits")] == [1]
    assert places(room, message) == ["registry", "set-aside"]
    assert "未写明数据截至时间" in reports(room, message, CRC)[0]
    odd = {"名单.xlsx": sheet(["甲"], head=["姓名"])}
    message = room.send(written(CRC, "登记数据", "见附件", odd, **true), CRC)
    assert "不能确定" in reports(room, message, CRC)[0]
    assert places(room, message) == ["tray"]


def test_a_machine_s_mail_is_imported_and_not_answered(room: Mailroom) -> None:
    raw = day(sheet(cancelled()), Auto_Submitted="auto-generated", **TRUE)
    message = room.send(raw, NCSC)
    assert len(imports(room)) == 1
    assert room.letters(f"registry:{message}") == []


def test_a_day_without_records_is_told_from_a_day_without_file(room: Mailroom) -> None:
    message = room.send(day(sheet(), **TRUE), NCSC)
    (made,) = imports(room)
    assert made.rows == 0
    assert "已导入注销记录 0 条" in reports(room, message)[0]


def test_the_file_that_our_own_desk_mails_is_taken_by_a_province_s(room: Mailroom) -> None:
    """NCSC's installation writes it, a province's reads it: xlsx and csv are one table."""
    facts = daily_facts(room)
    dressed = dress("daily", facts)
    files = {one.name: one.content() for one in dressed.attachments if not one.inline_id}
    assert sorted(name.rpartition(".")[2] for name in files) == ["csv", "xlsx"]
    message = room.send(written(NCSC, dressed.subject, dressed.text, files, **TRUE), NCSC)
    (made,) = imports(room)
    assert (made.rows, beijing(made.complete_until).hour) == (1, 17)
    assert sorted(places(room, message)) == ["registry", "set-aside"]


def daily_facts(room: Mailroom) -> DailyRecords:
    at = datetime(2021, 11, 5, 9, 0, tzinfo=UTC)
    row = DailyRow(
        event_seq=1, change="新增", account_name=A.name, account_no=A.account,
        project_code="CCER-0001", project_name="项目", quantity_t=5000, operation="自愿注销",
        status="已完成", time=at, serial="", case_no="CCER-2019-13-0001", province="河北省",
        findings="",
    )  # fmt: skip
    first = date(2021, 11, 5)
    period = Period("2019-2020", "全国碳市场第一个履约周期", "daily", first, first, 11)
    return DailyRecords(
        office=room.house.office, period=period,
        province="河北省", authority="河北省生态环境厅", rows=(row,), total_t=5000,
        cumulative_t=5000, complete_until=at, snapshot_at=at,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("数据截至 2021-11-05 17:00。", "2021-11-05 17:00"),
        ("登记数据截至 2021年11月5日（星期五）17:05。", "2021-11-05 17:05"),
        ("截止时间：2021/11/05 17:00:30", "2021-11-05 17:00"),
        ("数据截至 2021-11-05", None),
        ("数据截至今日 17:00", None),
        ("数据截至 2021-13-05 17:00", None),
        ("", None),
    ],
)
def test_the_moment_that_a_mail_states(text: str, expected: str | None) -> None:
    found = stated(text)
    assert (f"{beijing(found):%Y-%m-%d %H:%M}" if found else None) == expected


def test_a_repeated_row_and_missing_columns_are_told_by_mail(room: Mailroom) -> None:
    twice = room.send(day(sheet(cancelled(), cancelled()), **TRUE), NCSC)
    (said,) = reports(room, twice)
    assert "第 3 行 与第 2 行重复" in said
    bare = room.send(day(sheet(["x"], head=["备注"]), **TRUE), NCSC)
    (said,) = reports(room, bare)
    assert "缺少必需的列" in said
    assert imports(room) == []
