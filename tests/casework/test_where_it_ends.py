"""Where papers and records end that are not plainly one case's, and who is told nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from casework import (
    decisions,
    digests,
    habits,
    progress,
    reminders,
    retention,
    tray,
    traylook,
    views,
)
from casework.filing import file_mail
from casework.held import registry_values
from casework.lookalikes import lookalike
from casework.progress import Tally
from procedure.errors import BadInput, WrongUse
from procedure.facts import WeeklySummary
from tests.casework.made import Firm, document, form, mail, proof, read
from tests.casework.office import HEBEI, OPERATOR, OWN, Office

A = Firm(1)
B = Firm(2, "河北穗禾化工有限公司", email="b@suihe.example")
ELSEWHERE = Firm(3, "浙江示例有限公司", "33", "浙江省", email="c@zj.example")
WHEN = "2021-11-08 10:00:00"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Office]:
    """On SQLite alone: nothing here is the database's."""
    opened = Office(tmp_path)
    yield opened
    opened.close()


# screenshots


def test_a_screenshot_that_names_nobody_is_of_the_only_case_of_its_sender(desk: Office) -> None:
    desk.entities(A, B)
    number = desk.apply(A)
    bare = replace(proof(A), fields={})
    assert desk.places(desk.post(A.email, bare, kind="cancellation")) == ["cancellation"]
    assert len(desk.state(number).proofs) == 1
    other = replace(proof(A, 4_000), fields={})
    assert desk.places(desk.post("x@y.example", other, kind="cancellation")) == ["tray"]


def test_an_account_read_under_quite_another_name_decides_nothing(desk: Office) -> None:
    desk.entities(A)
    desk.accounts(A)
    desk.apply(A)
    odd = proof(Firm(A.number, "上海某某投资管理中心"))
    assert desk.places(desk.post(A.email, odd, kind="cancellation")) == ["tray"]
    near = proof(Firm(A.number, "河北衡凤热力有限公司"), 4_000)
    assert desk.places(desk.post(A.email, near, kind="cancellation")) == ["cancellation"]


@pytest.mark.parametrize("coded", [True, False])
def test_an_account_of_no_entity_list_is_its_owner_s(desk: Office, coded: bool) -> None:
    number = desk.apply(A, uscc=read(A.uscc) if coded else None, account_no=None)
    rows = [(A.account, A.name, A.uscc if coded else "")]
    assert desk.table("accounts", "账户编号,账户名称,统一社会信用代码", rows).ok
    shown = proof(A)
    shown = replace(shown, fields={"account_no": shown.fields["account_no"]})
    message = desk.post("x@y.example", shown, kind="cancellation")
    assert desk.places(message) == ["cancellation"]
    assert len(desk.state(number).proofs) == 1


# records


def test_a_record_of_a_province_not_served_here_waits_for_a_person(desk: Office) -> None:
    desk.entities(ELSEWHERE)
    desk.clock.to("2021-11-08 12:00")
    report = desk.cancellations((ELSEWHERE, 700, WHEN))
    assert len(report.unplaced) == 1
    assert desk.cases() == []
    assert desk.tray() == ["registry-row-unplaced"]


def test_one_firm_in_two_cases_is_told_to_a_person(desk: Office) -> None:
    """Its cap would be counted twice, as it was renamed between its two forms."""
    renamed = Firm(A.number, "河北新名称热力有限公司")
    first = desk.apply(A)
    desk.post("x@y.example", form(renamed, uscc=None))
    (second,) = (one for one in desk.cases() if one != first)
    desk.entities(renamed)
    assert desk.tray() == ["two-cases"]
    with desk.store.read() as tx:
        (item,) = tx.tray.open_items()
    assert first in item.text
    assert second in item.text


# what staff see


def test_what_the_lists_hold_of_a_case_s_entity(desk: Office) -> None:
    number = desk.apply(A)
    assert registry_values(desk.desk, HEBEI, number) == {}
    desk.entities(A)
    held = registry_values(desk.desk, HEBEI, number)
    assert (held["enterprise_name"], held["obligation_t"]) == (A.name, A.obligation)
    assert "account_no" not in held
    desk.accounts(A)
    assert registry_values(desk.desk, HEBEI, number)["account_no"] == A.account


def test_of_many_that_wait_the_longest_are_named_and_all_are_counted(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "MOST_WAITING", 2)
    numbers = [desk.apply(Firm(n, f"河北示例{n}号热力有限公司")) for n in range(1, 8)]
    states = [(one, desk.state(one)) for one in reversed(numbers)]
    tally = Tally(states)
    assert tally.stages["待省级确认"] == 7
    assert [one[1] for one in tally._longest()] == numbers[:2]
    assert tally._waits == 7


def test_proposals_are_asked_for_whole_or_since_an_event(tmp_path: Path) -> None:
    desk = Office(tmp_path, two_person=frozenset({"confirm"}))
    first, second = desk.apply(A), desk.apply(B)
    decisions.confirm(desk.desk, HEBEI, first, 1)
    seq = desk.state(first).last_seq
    decisions.confirm(desk.desk, HEBEI, second, 1)
    other = replace(HEBEI, name="赵示例")

    def waiting(since: int | None) -> list[str]:
        return [one.case_no for one in views.proposals(desk.desk, other, since)]

    assert waiting(None) == [first, second]
    assert waiting(seq) == [second]
    assert waiting(desk.state(second).last_seq) == []
    desk.close()


def test_a_quiet_time_without_length_is_refused(desk: Office) -> None:
    with pytest.raises(WrongUse) as caught:
        habits.quiet_hours(desk.desk, HEBEI, time(22), time(22))
    assert caught.value.user_message == "免打扰的起止时间不能相同。"
    assert habits.habit(desk.desk, HEBEI.name).quiet_from is None


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("province", "火星", "“火星”不是省份名称。"),
        ("colour", "red", "没有名为 colour 的栏目"),
        ("uscc_row", "x", "没有名为 uscc_row 的栏目"),
    ],
)
def test_a_correction_that_means_nothing_is_refused(
    desk: Office, field: str, value: str, said: str
) -> None:
    number = desk.apply(A)
    with pytest.raises((BadInput, WrongUse)) as caught:
        decisions.correct(desk.desk, HEBEI, number, 1, field, value)
    assert caught.value.user_message.startswith(said)
    assert desk.events(number) == {"application-filed": 1}


def test_the_rows_total_that_was_misread_is_kept_beside_its_correction(desk: Office) -> None:
    total = replace(form(A), rows_total=read(5_600))
    desk.post(A.email, total)
    number = desk.case(A)
    decisions.correct(desk.desk, HEBEI, number, 1, "rows_total", "5,000")
    (one,) = desk.state(number).applications[0].current.corrections
    assert (one.old, one.new) == (5_600, 5_000)


def test_an_alarm_is_looked_at_without_a_document(desk: Office) -> None:
    digests.make_due(desk.desk, desk.clock.to("2021-11-03 18:00"))
    (item,) = tray.listed(desk.desk, OPERATOR)
    seen = traylook.look(desk.desk, OPERATOR, item.item)
    assert (seen.item, seen.name, seen.data, seen.readings) == (item, "", b"", ())
    assert [one.what for one in retention.looks(desk.desk, OPERATOR)] == [f"tray {item.item}"]
    with pytest.raises(WrongUse, match="no open tray item '99'"):
        traylook.look(desk.desk, OPERATOR, "99")


def test_signs_without_a_sound_find_nobody(desk: Office) -> None:
    desk.apply(A)
    assert [one.entity_name for one in views.find(desk.desk, OPERATOR, "恒兰热力")] == [A.name]
    assert views.find(desk.desk, OPERATOR, "★☆※") == []


def test_a_version_made_an_application_of_its_own_is_told_in_the_week(desk: Office) -> None:
    number = desk.apply(A, 3_000)
    desk.apply(A, 2_000)
    decisions.reassign(desk.desk, HEBEI, number, 1, None)
    week = digests.preview(desk.desk, OPERATOR, "weekly", "13", desk.clock.now())
    assert isinstance(week, WeeklySummary)
    assert [(row.application, row.offset_t) for row in week.rows][-1] == (2, 2_000)


def test_a_message_that_is_not_there_is_not_filed(desk: Office) -> None:
    with pytest.raises(WrongUse, match="no message 'none'"):
        file_mail(desk.desk, "none", mail(A.email), desk.reader)


def test_a_file_that_is_kept_already_is_read_from_there(desk: Office) -> None:
    """A mail that is worked on again brings its large files by their hash alone."""
    data = desk.reader.lay(form(A))
    with desk.store.write() as tx:
        sha256 = tx.documents.keep(data, "application/pdf")
    kept = replace(document(data), data=None)
    assert kept.sha256 == sha256
    message = desk.send(replace(mail(A.email), documents=(kept,)))
    assert desk.places(message) == ["application"]


# who is told nothing


def test_without_its_desk_nobody_is_reminded_and_nothing_lapses(tmp_path: Path) -> None:
    desk = Office(tmp_path, roles=frozenset({"ncsc"}), province_mailboxes={})
    desk.apply(A)
    assert reminders.make_due(desk.desk, desk.clock.to("2021-12-08 09:00")) == []
    assert reminders.lapse_due(desk.desk, desk.clock.to("2021-12-16 09:00")) == []
    desk.close()


def test_a_province_without_a_mailbox_is_not_written_to(tmp_path: Path) -> None:
    desk = Office(tmp_path, province_mailboxes={"14": "shanxi@p.example"})
    desk.apply(A)
    assert reminders.make_due(desk.desk, desk.clock.to("2021-12-08 09:00")) == []
    assert desk.letters("notice") == []
    desk.close()


def test_a_form_from_one_of_our_own_addresses_is_answered_to_nobody(desk: Office) -> None:
    """As when staff send in a paper form: no letter of ours comes back to us."""
    desk.post(OWN, form(A))
    number = desk.case(A)
    decisions.confirm(desk.desk, HEBEI, number, 1)
    reminders.make_due(desk.desk, desk.clock.to("2021-12-08 08:00"))
    assert desk.letters("reminder") == []
    desk.cancellations((A, 5_000, "2021-12-08 07:00:00"))
    desk.post(OWN, proof(A, time="2021-12-08T07:00:00+08:00"), kind="cancellation")
    assert desk.stage(number) == "verified"
    assert [one.kind for one in desk.letters() if OWN in one.to] == []
    assert desk.letters("progress") == []


def test_a_desk_that_is_not_here_has_no_digest(tmp_path: Path) -> None:
    desk = Office(tmp_path, roles=frozenset({"province"}))
    for kind, province in (("daily", "13"), ("national", "")):
        with pytest.raises(WrongUse) as caught:
            digests.preview(desk.desk, OPERATOR, kind, province, desk.clock.now())  # type: ignore[arg-type]
        assert caught.value.user_message == "本系统目前没有该省应发送的该类汇总。"
    desk.close()


# domains


@pytest.mark.parametrize(
    ("domain", "found"),
    [
        ("henglan.example", ""),
        ("mail.henglan.example", ""),
        ("hengIan.example", "henglan.example"),
        ("henlgan.example", "henglan.example"),
        ("henglann.example", "henglan.example"),
        ("hengla.example", "henglan.example"),
        ("henglom.example", ""),
        ("hengla-n.example", "henglan.example"),
        ("henglan.test", "henglan.example"),
        ("hengl\u0430n.example".encode("idna").decode(), "henglan.example"),
        ("xn--\u00ff.example", ""),
        ("quite-another.example", ""),
        ("", ""),
    ],
)
def test_a_domain_made_to_be_taken_for_a_known_one(domain: str, found: str) -> None:
    assert lookalike(domain, ["henglan.example", ""]) == found
