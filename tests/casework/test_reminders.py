"""Who is told before the deadline what is still missing, each once."""

from casework import decisions, digests, reminders
from procedure.facts import Lapse, Progress, Reminder, StaffNotice
from tests.casework.made import Firm, read
from tests.casework.office import HEBEI, OPERATOR, Office
from tests.casework.test_amending import try_to_send

A = Firm(1)


def remind(office: Office, moment: str) -> list[str]:
    return reminders.make_due(office.desk, office.clock.to(moment))


def test_a_confirmed_amount_not_wholly_cancelled_is_reminded_of_once(office: Office) -> None:
    number = office.apply(A)
    decisions.confirm(office.desk, HEBEI, number, 1)
    assert remind(office, "2021-12-08 08:59") == []
    office.cancellations((A, 4_000, "2021-12-01 10:00:00"))
    assert len(remind(office, "2021-12-08 09:00")) == 1
    assert remind(office, "2021-12-09 09:00") == []
    (facts,) = office.facts("reminder")
    assert isinstance(facts, Reminder)
    assert (facts.about, facts.outstanding_t, facts.working_days_left) == ("cancel", 1_000, 5)


def test_a_cancellation_without_a_screenshot_is_another_reminder(office: Office) -> None:
    number = office.apply(A)
    decisions.confirm(office.desk, HEBEI, number, 1)
    remind(office, "2021-12-08 09:00")
    office.cancellations((A, 5_000, "2021-12-08 10:00:00"))
    remind(office, "2021-12-09 09:00")
    office.prove(A, time="2021-12-08T10:00:00+08:00")
    remind(office, "2021-12-10 09:00")
    assert [one.about for one in office.facts("reminder") if isinstance(one, Reminder)] == [
        "cancel",
        "proof",
    ]


def test_nobody_is_reminded_after_the_deadline(office: Office) -> None:
    number = office.apply(A)
    decisions.confirm(office.desk, HEBEI, number, 1)
    assert remind(office, "2021-12-15 17:00") == []


def test_a_province_is_told_of_what_waits_once_a_working_day(office: Office) -> None:
    first = office.apply(A)
    second = office.apply(Firm(2, "河北穗禾化工有限公司"), offset_t=read(None))
    for moment in (
        "2021-12-08 08:00", "2021-12-08 09:00", "2021-12-08 15:00", "2021-12-09 10:00",
        "2021-12-11 10:00",
    ):  # fmt: skip
        remind(office, moment)
    found = [one for one in office.facts("notice") if isinstance(one, StaffNotice)]
    assert len(found) == 2
    assert [one.to for one in office.letters("notice")] == [("hebei@p.example",)] * 2
    head, *lines, last = found[0].lines
    assert "待办" in str(last)
    assert "2021-12-15 17:00" in head
    named = [line.split(" 第 1 份申请")[0] for line in lines]
    assert named == [f"{first} {A.name}", f"{second} 河北穗禾化工有限公司"]


def test_a_digest_long_past_its_time_says_so_and_the_operator_is_told(office: Office) -> None:
    digests.make_due(office.desk, office.clock.to("2021-11-06 09:00"))
    lines = [one for one in digests.listed(office.desk, OPERATOR) if one.kind == "weekly"]
    assert all(one.late for one in lines)
    titles = [one.title for one in office.facts("notice") if isinstance(one, StaffNotice)]
    assert titles.count("汇总迟发") == 1  # of two rounds and two provinces


def test_a_withdrawn_application_is_not_reminded_of(office: Office) -> None:
    number = office.apply(A)
    decisions.confirm(office.desk, HEBEI, number, 1)
    decisions.withdraw(office.desk, HEBEI, number, 1)
    assert remind(office, "2021-12-08 09:00") == []


def test_whoever_was_confirmed_and_did_not_cancel_is_told_that_it_lapsed(office: Office) -> None:
    office.entities(A)
    number = office.apply(A)
    decisions.confirm(office.desk, HEBEI, number, 1)
    now = office.clock.to("2021-12-16 09:00")
    assert reminders.lapse_due(office.desk, now) == []
    office.cancellations(until="2021-12-15 18:00")
    assert reminders.lapse_due(office.desk, now) == [number]
    assert reminders.lapse_due(office.desk, now) == []
    (letter,) = office.letters("lapse")
    facts = office.intent(letter).facts
    assert isinstance(facts, Lapse)
    assert (letter.to, facts.amount_t, facts.clause) == ((A.email,), 5_000, "附件3 §2 step 5")


def test_a_record_in_time_that_comes_late_lifts_the_lapse(office: Office) -> None:
    number = office.apply(A)
    decisions.confirm(office.desk, HEBEI, number, 1)
    now = office.clock.to("2021-12-16 09:00")
    office.cancellations(until="2021-12-15 17:00")
    assert reminders.lapse_due(office.desk, now) == [number]
    try_to_send(office)
    office.cancellations((A, 5_000, "2021-12-15 17:00:00"), until="2021-12-16 08:00")
    assert office.state(number).stage == "lapsed", "not before the deadline"
    office.cancellations((A, 4_000, "2021-12-15 13:15:00"), until="2021-12-16 08:30")
    app = office.state(number).applications[0]
    assert (app.stage, app.lapsed, app.allotted_t) == ("cancelled", None, 4_000)
    (letter,) = office.letters("progress")
    facts = office.intent(letter).facts
    assert isinstance(facts, Progress)
    assert (facts.stage_name, letter.to) == ("已注销待核实", (A.email,))
    assert facts.quantity_t == 4_000
    assert "此前的逾期通知作废" in facts.next_steps[0]
    assert reminders.lapse_due(office.desk, now) == []
    # The registry takes its word back: it has lapsed after all, and that is told again.
    office.cancellations((A, 4_000, "2021-12-15 13:15:00", "已撤销"), until="2021-12-16 08:50")
    assert reminders.lapse_due(office.desk, now) == [number]
    assert len(office.letters("lapse")) == 2


def test_a_lapse_that_nobody_heard_of_is_lifted_in_silence(office: Office) -> None:
    number = office.apply(A)
    decisions.confirm(office.desk, HEBEI, number, 1)
    now = office.clock.to("2021-12-16 09:00")
    office.cancellations(until="2021-12-15 17:00")
    assert reminders.lapse_due(office.desk, now) == [number]
    office.cancellations((A, 4_000, "2021-12-15 13:15:00"), until="2021-12-16 08:30")
    assert office.state(number).stage == "cancelled"
    assert office.letters("progress") == []
    assert office.letters("lapse") == [], "withheld"
