"""What staff are told in chat of others' doing: once each, only theirs, in their language."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from bot import notices
from casework import decisions, digests, habits, people, reminders, tasks
from procedure.errors import WrongUse
from procedure.facts import StaffNotice, StaffTask
from store import tables
from store.people import MAIL
from store.rows import NoticeRow, Person
from tests.casework.made import Firm
from tests.casework.office import HANDLER, HEBEI, OPERATOR, SHANXI, Office

NCSC = Person("何川", "ncsc")
AUDITOR = Person("孙静", "auditor")
A, C = Firm(1), Firm(3, "河北岚山热力有限公司")
B = Firm(2, "山西晋岳发电有限公司", "14", "山西省", 200_000, "ccer@jinyue.example")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    made.entities(A, B, C)
    for number, person in enumerate((HEBEI, HANDLER, SHANXI, NCSC, AUDITOR, OPERATOR)):
        code = people.invite(made.desk, OPERATOR, person.name, person.role, person.provinces)
        people.bind(made.desk, "telegram", str(number), code, made.clock.now())
    yield made
    made.close()


def told(office: Office, beginning: str) -> dict[str, list[str]]:
    """Person → texts of the notices whose keys begin so, said or not."""
    found: dict[str, list[str]] = {}
    with office.store.read() as tx:
        rows: list[tuple[NoticeRow, str]] = tx.notices.pending("telegram", 1000)
    for row, _ in rows:
        if row.key.startswith(beginning):
            found.setdefault(row.person, []).append(row.text)
    return found


def test_who_else_decides_hears_what_a_colleague_decided(office: Office) -> None:
    number = office.apply(A)
    habits.speak(office.desk, HEBEI, "en")
    decisions.confirm(office.desk, HANDLER, number, 1)
    heard = told(office, "decided:")
    assert set(heard) == {HEBEI.name}
    assert (
        f"{number} {A.name}: {HANDLER.name} confirmed application 1 (5,000 t)"
        in heard[HEBEI.name][0]
    )
    decisions.revoke(office.desk, HEBEI, number, 1, "核对有误")
    decisions.return_(office.desk, HEBEI, number, 1, "缺公章")
    texts = told(office, "decided:")[HANDLER.name]
    assert [one.splitlines()[0] for one in texts] == [
        f"{number} {A.name}：{HEBEI.name} 已撤销第 1 份申请的决定：核对有误",
        f"{number} {A.name}：{HEBEI.name} 已退回第 1 份申请：缺公章",
    ]
    # Who comes later hears nothing of what is over.
    code = people.invite(office.desk, OPERATOR, "新人", "handler", ("13",))
    people.bind(office.desk, "telegram", "99", code, office.clock.now())
    assert "新人" not in told(office, "decided:")


def test_near_the_deadline_each_hears_once_a_working_day_what_is_left(office: Office) -> None:
    waits, done = office.apply(A), office.apply(C)
    decisions.confirm(office.desk, HANDLER, done, 1)
    office.clock.to("2021-12-01 09:30")
    reminders.make_due(office.desk, office.clock.now())
    assert told(office, "deadline:") == {}
    for moment in ("2021-12-10 08:59", "2021-12-10 09:01", "2021-12-10 15:00", "2021-12-11 09:30"):
        reminders.make_due(office.desk, office.clock.to(moment))
    heard = told(office, "deadline:")
    # Nothing waits in Shanxi; who decides nothing is not reminded.
    assert {name: len(texts) for name, texts in heard.items()} == {HEBEI.name: 1, HANDLER.name: 1}
    assert "还有 3 个工作日" in heard[HEBEI.name][0]
    assert "待确认或待人工识读的案件 1 个" in heard[HEBEI.name][0]
    assert "已确认而未注销的案件 1 个" in heard[HEBEI.name][0]
    reminders.make_due(office.desk, office.clock.to("2021-12-13 09:01"))
    assert len(told(office, "deadline:")[HANDLER.name]) == 2
    assert waits


def test_who_may_send_a_digest_hears_that_one_is_late(office: Office) -> None:
    digests.make_due(office.desk, office.clock.to("2021-11-05 20:00"))
    heard = told(office, "late:weekly")
    assert set(heard) == {HEBEI.name, SHANXI.name, NCSC.name, OPERATOR.name}
    assert all(len(texts) == 1 and "每周汇总未能按时生成" in texts[0] for texts in heard.values())
    digests.make_due(office.desk, office.clock.to("2021-11-05 20:05"))
    assert told(office, "late:weekly") == heard


def test_who_may_send_it_hears_that_a_digest_came_back(office: Office) -> None:
    digests.make_due(office.desk, office.clock.to("2021-11-05 17:31"))
    with office.store.write() as tx:
        letter = next(one for one in tx.outbox.all() if one.about.startswith("weekly/13/"))
        (address,) = letter.to
        tx.outbox.begin_attempt(letter.key, address, office.clock.now())
        tx.outbox.failed(letter.key, address, "550 no such user")
    for _ in range(2):
        digests.make_due(office.desk, office.clock.now())
    heard = told(office, "bounced:")
    assert set(heard) == {HEBEI.name, NCSC.name, OPERATOR.name}
    assert all(len(texts) == 1 and address in texts[0] for texts in heard.values())
    # Sent again it comes back again: that is told too.
    digests.resend(office.desk, HEBEI, letter.key)
    with office.store.write() as tx:
        tx.outbox.begin_attempt(letter.key, address, office.clock.now())
        tx.outbox.failed(letter.key, address, "550 no such user")
    digests.make_due(office.desk, office.clock.now())
    assert {len(texts) for texts in told(office, "bounced:").values()} == {2}


def test_by_mail_a_decision_waits_for_another_letter_but_not_for_ever(office: Office) -> None:
    person = Person("李信", "handler", ("13",))
    people.invite(office.desk, OPERATOR, person.name, person.role, person.provinces)
    people.register_mail(office.desk, OPERATOR, person.name, "li@hebei.example")
    number = office.apply(A)
    decisions.confirm(office.desk, HANDLER, number, 1)
    assert tasks.send_due(office.desk) == []
    office.clock.step(minutes=241)
    (key,) = tasks.send_due(office.desk)
    with office.store.read() as tx:
        intent = tx.outbox.intent(key)
    assert intent is not None
    assert isinstance(intent.facts, StaffNotice)
    assert number in intent.facts.lines[0]
    assert tasks.send_due(office.desk) == []


def by_mail(office: Office, name: str, province: str, address: str) -> Person:
    person = Person(name, "handler", (province,))
    people.invite(office.desk, OPERATOR, person.name, person.role, person.provinces)
    people.register_mail(office.desk, OPERATOR, person.name, address)
    return person


def lines_of(office: Office, key: str) -> tuple[str, ...]:
    with office.store.read() as tx:
        intent = tx.outbox.intent(key)
    assert intent is not None
    assert isinstance(intent.facts, StaffNotice)
    return intent.facts.lines


def test_what_one_waits_with_keeps_nobody_else_s_letter_back(office: Office) -> None:
    waits = by_mail(office, "李信", "13", "li@hebei.example")
    other = by_mail(office, "赵信", "14", "zhao@shanxi.example")
    with office.store.write() as tx:
        for number in range(1000):
            tx.notices.intend(f"decided:{number}:{waits.name}", waits.name, "x")
    office.clock.step(minutes=1)
    with office.store.write() as tx:
        tx.notices.intend(f"late:x:{other.name}", other.name, "汇总迟发")
    (key,) = tasks.send_due(office.desk)
    assert lines_of(office, key) == ("汇总迟发",)


def test_of_a_case_that_is_no_longer_theirs_nothing_is_said(office: Office) -> None:
    person = by_mail(office, "李信", "13", "li@hebei.example")
    number = office.apply(A)
    decisions.confirm(office.desk, HANDLER, number, 1)
    with office.store.write() as tx:
        # Moved to another province while the notices waited.
        them = tables.person.c.name.in_([person.name, HEBEI.name])
        tx.connection.execute(update(tables.person).where(them).values(provinces=["14"]))
    office.clock.step(minutes=300)
    assert tasks.send_due(office.desk) == []
    assert HEBEI.name in told(office, "decided:")
    said = [one for one in notices.due(office.desk, "telegram") if number in one.reply.text]
    assert said == []
    assert HEBEI.name not in told(office, "decided:")


def test_a_mailed_reminder_bears_its_figures(office: Office) -> None:
    by_mail(office, "李信", "13", "li@hebei.example")
    office.apply(A)
    tasks.send_due(office.desk)
    office.clock.to("2021-12-10 09:01")
    reminders.make_due(office.desk, office.clock.now())
    (key,) = tasks.send_due(office.desk)
    (line,) = lines_of(office, key)
    assert "还有 3 个工作日" in line
    assert "待确认或待人工识读的案件 1 个" in line


def test_what_does_not_fit_into_a_letter_is_asked_in_the_next(office: Office) -> None:
    """Also where the notice of a new version stands in for the one that it waits."""
    person = by_mail(office, "李信", "13", "li@hebei.example")
    firms = [Firm(n, f"河北第{n}热力有限公司", email=f"{n}@hebei.example") for n in range(10, 41)]
    office.entities(*firms)
    numbers = [office.apply(firm) for firm in firms]
    notices.plan(office.desk, MAIL, {})
    office.clock.step(minutes=1)
    # The last of all by their age: 31 cases wait, 30 fit.
    assert office.apply(firms[0], 4_000) == numbers[0]
    asked = [_asked(office) for _ in range(3)]
    assert [len(one) for one in asked] == [30, 1, 0]
    assert asked[1] == [numbers[0]]
    assert sorted(asked[0] + asked[1]) == sorted(numbers)
    with office.store.read() as tx:
        mail = [row for row, _ in tx.notices.pending(MAIL, 1000) if row.person == person.name]
    assert mail == []


def _asked(office: Office) -> list[str]:
    """The cases that the next letter asks about; its lines are of these."""
    office.clock.step(minutes=11)
    found = []
    for key in tasks.send_due(office.desk):
        with office.store.read() as tx:
            intent = tx.outbox.intent(key)
        assert intent is not None
        assert isinstance(intent.facts, StaffTask)
        found += [item.case_no for item in intent.facts.items]
        assert all(line.split()[0] in found for line in intent.facts.lines)
    return found


def test_a_province_is_called_by_its_name_or_its_prefix(office: Office) -> None:
    people.invite(office.desk, OPERATOR, "新人", "reviewer", ("河北", "山西省", "66"))
    (new,) = [one for one in people.listed(office.desk, OPERATOR) if one.name == "新人"]
    assert new.provinces == ("13", "14", "66")
    with pytest.raises(WrongUse, match="write its prefix"):
        people.invite(office.desk, OPERATOR, "新人", "reviewer", ("何北",))
