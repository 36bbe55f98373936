"""No digest is silently absent."""

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from casework import digests, tray
from cycles.catalogues import language
from procedure.errors import Conflict
from procedure.facts import StaffNotice, WeeklySummary
from procedure.language import speaking, told
from store.core import Tx
from store.rows import HELD, Person
from tests.casework.made import Firm, at
from tests.casework.office import HEBEI, OPERATOR, Office

A = Firm(1)
HAN = re.compile(r"[\u4e00-\u9fff]")


def go(office: Office, moment: str) -> list[str]:
    return digests.make_due(office.desk, office.clock.to(moment))


def test_a_province_without_a_mailbox_is_an_alarm_once_a_day(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    office = Office(tmp_path, province_mailboxes={"13": "hebei@p.example"})
    with office.store.write() as tx:
        tx.people.invite(OPERATOR, "0" * 64, at("2021-12-31 00:00"))
    caplog.set_level(logging.WARNING)
    for moment in ("2021-11-03 17:05", "2021-11-03 17:30", "2021-11-04 17:05"):
        go(office, moment)
    assert office.tray().count("mailbox-missing") == 1
    notices = [n for n in office.facts("notice") if isinstance(n, StaffNotice)]
    told = [n.lines[0] for n in notices if "邮箱" in n.title]
    assert len(told) == 2
    assert "2021-11-03" in told[0]
    assert "山西省" in told[0]
    assert "河北省" not in told[0]
    assert len([r for r in caplog.records if "mailbox-missing" in r.message]) == 2
    with office.store.read() as tx:
        assert tx.notices.pending("telegram") == []
    with office.store.write() as tx:
        tx.people.bind("telegram", "7", "0" * 64, at("2021-11-04 17:06"))
        texts = [row.text for row, _ in tx.notices.pending("telegram")]
    assert any("山西省" in text for text in texts)
    office.close()


def test_a_mailbox_that_is_set_later_settles_it_and_loses_no_record(tmp_path: Path) -> None:
    office = Office(tmp_path, province_mailboxes={})
    office.entities(A)
    office.cancellations((A, 5_000, "2021-11-03 08:00:00"), until="2021-11-03 09:00")
    office.clock.to("2021-11-03 17:01")
    office.cancellations((A, 5_000, "2021-11-03 08:00:00"), until="2021-11-03 17:00")
    go(office, "2021-11-03 17:05")
    assert "mailbox-missing" in office.tray()
    both = {"13": "hebei@p.example", "14": "shanxi@p.example"}
    office.desk = type(office.desk).make(
        office.store, office.clock, served=frozenset({"13", "14"}), province_mailboxes=both
    )
    go(office, "2021-11-03 18:00")
    assert "mailbox-missing" not in office.tray()
    rows = [
        len(digests.facts_of(office.desk, OPERATOR, line.key).rows)
        for line in digests.listed(office.desk, OPERATOR)
        if line.kind == "daily"
    ]
    assert sum(rows) == 1
    office.close()


def recipient(tx: Tx, key: str) -> str:
    """The address of a letter to one."""
    letter = tx.outbox.letter(key)
    assert letter is not None
    (to,) = [one.address for one in letter.recipients]
    return to


def test_a_digest_that_a_server_refused_is_told_once_and_can_be_sent_again(office: Office) -> None:
    made = go(office, "2021-11-05 17:05")
    key = next(one for one in made if one.startswith("weekly"))
    with office.store.write() as tx:
        tx.outbox.dress(key, "<d@x>", b"bytes")
        to = recipient(tx, key)
        tx.outbox.begin_attempt(key, to, office.clock.now())
        tx.outbox.failed(key, to, "550 no such mailbox")
    go(office, "2021-11-05 17:06")
    go(office, "2021-11-05 17:07")
    assert office.tray().count("digest-bounced") == 1
    with office.store.read() as tx:
        (item,) = [one for one in tx.tray.open_items() if one.reason == "digest-bounced"]
    name = office.desk.province_name(key.split("/")[1])
    assert item.text == f"{name} 2021-11-05 的每周汇总未能送达 {to}。"
    (line,) = [one for one in digests.listed(office.desk, OPERATOR) if one.key == key]
    assert line.delivery == "failed"
    assert digests.resend(office.desk, HEBEI, key) == key
    go(office, "2021-11-05 17:08")
    assert "digest-bounced" not in office.tray()
    with office.store.read() as tx:
        (row,) = [r for r in tx.outbox.sendable(office.clock.now()) if r.key == key]
    assert row.rfc_message_id == "<d@x>"


def test_sending_again_goes_to_those_whom_it_did_not_reach(office: Office) -> None:
    key = next(one for one in go(office, "2021-11-05 17:05") if one.startswith("weekly"))
    with office.store.write() as tx:
        tx.outbox.dress(key, "<d@x>", b"bytes")
        to = recipient(tx, key)
        tx.outbox.sent(key, to, "250", office.clock.now())
    digests.resend(office.desk, HEBEI, key)
    assert office.states(key) == {to: "queued"}


CRC, PROVINCE = "crc@x.example", "hebei@p.example"


@pytest.fixture
def daily(tmp_path: Path) -> Iterator[tuple[Office, str]]:
    """A daily record for the province, a copy for CRC: dressed."""
    office = Office(tmp_path, crc_mailbox=CRC, served=frozenset({"13"}))
    office.clock.to("2021-11-03 17:01")
    office.cancellations(until="2021-11-03 17:00")
    key = next(one for one in go(office, "2021-11-03 17:05") if one.startswith("daily"))
    with office.store.write() as tx:
        tx.outbox.dress(key, "<d@x>", b"bytes")
    yield office, key
    office.close()


def attempt(office: Office, key: str, address: str, refused: str = "") -> None:
    with office.store.write() as tx:
        assert tx.outbox.begin_attempt(key, address, office.clock.now())
        if refused:
            tx.outbox.failed(key, address, refused)
        else:
            tx.outbox.sent(key, address, "250", office.clock.now())


def test_one_recipient_of_two_is_refused_and_only_he_is_written_to_again(
    daily: tuple[Office, str],
) -> None:
    office, key = daily
    attempt(office, key, CRC)
    attempt(office, key, PROVINCE, "550 no such mailbox")
    digests.resend(office.desk, HEBEI, key)
    assert office.states(key) == {PROVINCE: "queued", CRC: "sent"}


@pytest.mark.parametrize("state", ["failed", "held"])
def test_what_a_closed_mailbox_refused_goes_to_the_one_that_the_settings_name_by_now(
    daily: tuple[Office, str], state: str
) -> None:
    office, key = daily
    attempt(office, key, CRC)
    if state == "failed":
        attempt(office, key, PROVINCE, "550 no such mailbox")
    else:
        with office.store.write() as tx:
            tx.outbox.hold(key, PROVINCE, HELD)
    desk = replace(office.desk, province_mailboxes={"13": "new@p.example"})
    digests.resend(desk, HEBEI, key)
    assert office.states(key) == {"new@p.example": "queued", CRC: "sent"}
    with office.store.read() as tx:
        (row,) = [r for r in tx.outbox.sendable(office.clock.now()) if r.key == key]
    assert (row.rfc_message_id, row.recipient) == ("<d@x>", "new@p.example")
    attempt(office, key, "new@p.example", "550 nor here")
    digests.resend(replace(desk, province_mailboxes={"13": "third@p.example"}), HEBEI, key)
    assert office.states(key) == {"third@p.example": "queued", CRC: "sent"}


def undelivered(office: Office) -> list[str]:
    with office.store.read() as tx:
        return [one.text for one in tx.tray.open_items() if one.reason == "digest-bounced"]


def test_each_recipient_that_refuses_is_an_alarm_of_its_own(daily: tuple[Office, str]) -> None:
    office, key = daily
    attempt(office, key, PROVINCE, "550 no such mailbox")
    attempt(office, key, CRC)
    assert go(office, "2021-11-03 17:06") == []
    assert [PROVINCE in one for one in undelivered(office)] == [True]
    digests.resend(office.desk, HEBEI, key)
    attempt(office, key, PROVINCE)
    with office.store.write() as tx:
        tx.outbox.failed(key, CRC, "bounced: gone 5.1.1")
    go(office, "2021-11-03 17:07")
    assert [CRC in one for one in undelivered(office)] == [True]
    with office.store.write() as tx:
        tx.outbox.failed(key, PROVINCE, "bounced: gone 5.1.1")
    go(office, "2021-11-03 17:08")
    assert len(undelivered(office)) == 2
    with office.store.write() as tx:
        tx.outbox.again(key, ("failed",))
    attempt(office, key, PROVINCE, "550 no such mailbox")
    go(office, "2021-11-03 17:09")
    assert [PROVINCE in one for one in undelivered(office)] == [True]
    told = [n.lines[0] for n in office.facts("notice") if isinstance(n, StaffNotice)]
    assert [one.count("未能送达") for one in told].count(1) == 4


def test_an_address_that_is_suspended_again_is_another_alarm(daily: tuple[Office, str]) -> None:
    office, key = daily
    for minute in (6, 8):
        with office.store.write() as tx:
            assert tx.outbox.hold(key, CRC, HELD)
        go(office, f"2021-11-03 17:{minute:02}")
        go(office, f"2021-11-03 17:{minute:02}:30")
        assert len(undelivered(office)) == 1
        with office.store.write() as tx:
            tx.outbox.release(key)
        go(office, f"2021-11-03 17:{minute + 1:02}")
        assert undelivered(office) == []
    told = [n.lines[0] for n in office.facts("notice") if isinstance(n, StaffNotice)]
    assert len([one for one in told if "暂停投递" in one]) == 2


@pytest.mark.parametrize(
    ("why", "remedy"),
    [
        (HELD, f"clerk outbox reinstate {PROVINCE}"),
        ("held by the operator", f"clerk outbox release KEY --to {PROVINCE}"),
    ],
)
@pytest.mark.parametrize("refused", ["", "550 no such mailbox"])
def test_sending_again_what_is_held_is_refused_with_the_remedy(
    daily: tuple[Office, str], why: str, remedy: str, refused: str
) -> None:
    office, key = daily
    attempt(office, key, CRC, refused)
    with office.store.write() as tx:
        tx.outbox.hold(key, PROVINCE, why)
    before = office.states(key)
    with pytest.raises(Conflict) as caught:
        digests.resend(office.desk, HEBEI, key)
    assert remedy.replace("KEY", key) in caught.value.user_message
    assert remedy.replace("KEY", key) in str(caught.value)
    assert office.states(key) == before


def test_sending_again_what_is_on_its_way_doubles_nothing(daily: tuple[Office, str]) -> None:
    office, key = daily
    attempt(office, key, CRC)
    with pytest.raises(Conflict, match="on its way still") as caught:
        digests.resend(office.desk, HEBEI, key)
    assert caught.value.code == "under-way"
    assert office.states(key) == {CRC: "sent", PROVINCE: "queued"}


def test_a_digest_to_an_address_that_is_suspended_is_an_alarm_until_it_goes(office: Office) -> None:
    """It must not look sent because another recipient has it."""
    key = next(one for one in go(office, "2021-11-05 17:05") if one.startswith("weekly"))
    with office.store.write() as tx:
        to = recipient(tx, key)
        tx.outbox.hold(key, to, HELD)
    for moment in ("2021-11-05 17:06", "2021-11-05 17:07"):
        go(office, moment)
    assert office.tray().count("digest-bounced") == 1
    told = [n for n in office.facts("notice") if isinstance(n, StaffNotice)]
    assert [n.lines[1] for n in told if "暂停投递" in n.lines[0]] == [
        f"核对邮箱后可恢复投递：clerk outbox reinstate {to}"
    ]
    (line,) = [one for one in digests.listed(office.desk, OPERATOR) if one.key == key]
    assert line.delivery == "held"
    with office.store.write() as tx:
        tx.outbox.release(key)
    go(office, "2021-11-05 17:08")
    assert "digest-bounced" not in office.tray()


def test_an_alarm_is_told_in_its_reader_s_language(tmp_path: Path) -> None:
    office = Office(
        tmp_path, crc_mailbox=CRC, province_mailboxes={"13": PROVINCE}, chat_locale="en"
    )
    made = go(office, "2021-11-05 17:05")
    key = next(one for one in made if one.startswith("weekly") and "/13/" in one)
    with office.store.write() as tx:
        tx.outbox.dress(key, "<d@x>", b"bytes")
    attempt(office, key, next(iter(office.states(key))), "550 no such mailbox")
    go(office, "2021-11-05 20:00")
    items = tray.listed(office.desk, OPERATOR)
    assert {one.reason for one in items} == {"digest-bounced", "digest-held", "mailbox-missing"}
    with speaking(language("en")):
        assert not [text for one in items if HAN.search(text := told(one.text))]
    assert all(HAN.search(told(one.text)) for one in items)
    notices = [n for n in office.facts("notice") if isinstance(n, StaffNotice)]
    assert not [line for one in notices for line in one.lines if HAN.search(line)]
    assert len(notices) > 2
    with office.store.write() as tx:
        tx.outbox.again(key, ("failed",))
    go(office, "2021-11-05 20:01")
    with office.store.read() as tx:
        (note,) = [
            one.closed_note
            for number in range(1, 20)
            if (one := tx.tray.get(number)) and one.closed_how == "sent"
        ]
    with speaking(language("en")):
        assert not HAN.search(told(note))
    office.close()


def test_without_nil_reports_a_day_without_records_is_silent_and_nothing_is_lost(
    tmp_path: Path,
) -> None:
    office = Office(tmp_path, nil_report=False, served=frozenset({"13"}))
    office.entities(A)
    go(office, "2021-12-15 17:05")
    assert "digest-held" in office.tray()
    office.cancellations(until="2021-12-15 17:00")
    assert go(office, "2021-12-15 17:30") == []
    assert "digest-held" not in office.tray()
    office.clock.to("2021-12-16 09:00")
    office.apply(A)
    office.cancellations((A, 5_000, "2021-12-15 16:00:00"), until="2021-12-16 09:00")
    made = go(office, "2021-12-17 18:00")
    found = [digests.facts_of(office.desk, OPERATOR, key) for key in made]
    assert sorted((one.period.kind, len(one.rows)) for one in found) == [
        ("daily", 1),
        ("national", 1),
        ("weekly", 1),
    ]
    assert go(office, "2021-12-17 18:01") == []
    office.close()


def test_a_weekly_digest_without_an_address_is_an_alarm_too(tmp_path: Path) -> None:
    from dataclasses import replace

    office = Office(tmp_path)
    cycle = replace(office.desk.cycles["2019-2020"], ncsc_mailbox="")
    office.desk = replace(office.desk, cycles={"2019-2020": cycle})
    go(office, "2021-11-05 17:05")
    assert "mailbox-missing" in office.tray()
    kinds = {line.kind for line in digests.listed(office.desk, Person("审计", "auditor"))}
    assert "weekly" not in kinds
    assert not [one for one in office.facts("weekly") if isinstance(one, WeeklySummary)]
    office.close()
