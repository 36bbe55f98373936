"""What is past its time goes whole and leaves no gap in the proof; nothing goes by itself."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from casework import decisions, digests, reminders, retention, views
from casework.alarms import alarm
from casework.exporting import export
from clerk.settings import Retention
from procedure.errors import NotAllowed, WrongUse
from store import tables
from store.erasing import RETURNED
from store.verify import counts, verify
from tests.casework.made import Firm, at, form, mail
from tests.casework.office import HANDLER, HEBEI, OPERATOR, Office
from tests.store.helpers import by_hand

A = Firm(1)
B = Firm(2, "河北穗禾化工有限公司", email="b@suihe.example")


def settle(office: Office) -> None:
    """Every letter is written out and taken by a relay."""
    for letter in office.letters():
        with office.store.write() as tx:
            tx.outbox.dress(letter.key, f"<{letter.key}@office.example>", b"letter")
            for one in letter.recipients:
                tx.outbox.sent(letter.key, one.address, "250 ok", office.clock.now())


def everything(office: Office) -> str:
    """All that the database holds, as text; bytes decoded where they can be."""
    found = []
    with office.store.read() as tx:
        for table in tables.metadata.sorted_tables:
            for row in tx.connection.execute(select(table)):
                found += [one.decode("utf-8", "replace") if isinstance(one, bytes) else one
                          for one in row]  # fmt: skip
    return json.dumps(found, ensure_ascii=False, default=str)


def later(office: Office, years: int, days: int = 0) -> datetime:
    moment = at(f"{2021 + years}-11-03 09:00") + timedelta(days=days)
    return office.clock.to(moment.strftime("%Y-%m-%d %H:%M"))


@pytest.fixture
def ended(office: Office) -> str:
    """A's case, withdrawn and answered; B's goes on."""
    number = office.apply(A)
    office.apply(B)
    decisions.withdraw(office.desk, HEBEI, number, 1, "企业撤回")
    settle(office)
    return number


def test_a_case_goes_whole_ten_years_after_its_end(office: Office, ended: str) -> None:
    for secret in (A.name, A.email, A.uscc, A.account):
        assert secret in everything(office)
    later(office, 10)
    assert retention.due(office.desk, 0) == []
    assert retention.due(office.desk, 10) == []
    later(office, 10, days=1)
    assert retention.due(office.desk, 10) == [ended]
    before = counts(office.store)
    assert retention.apply(office.desk, 10, 0).cases == (ended,)
    rest = everything(office)
    for secret in (A.name, A.email, A.uscc, A.account):
        assert secret not in rest
    for other in (B.name, B.email, B.uscc):
        assert other in rest
    assert verify(office.store) == []
    after = counts(office.store)
    assert after["events"] == before["events"] + 1
    assert after["messages"] == before["messages"]
    assert after["documents"] == before["documents"] - 1
    assert retention.apply(office.desk, 10, 0).cases == ()


def test_what_tells_of_a_returned_letter_goes_with_it(office: Office, ended: str) -> None:
    """It names the address, and is of no case: the tray's item, the chat's notice, the mail."""
    desk = replace(office.desk, operator_mailbox="operator@office.example")
    ours, others = (
        next(one for one in office.letters() if one.to == (firm.email,)) for firm in (A, B)
    )
    with office.store.write() as tx:
        tx.people.invite(OPERATOR, "x", office.clock.now())
        for letter in (ours, others):
            key = f"{RETURNED}{letter.key}:{letter.to[0]}:1"
            say = partial("{} is back".format, letter.to[0])
            assert alarm(desk, tx, key, "letter-returned", say)
    settle(office)
    later(office, 10, days=1)
    assert f"{A.email} is back" in everything(office)
    assert retention.apply(office.desk, 10, 0).cases == (ended,)
    rest = everything(office)
    assert A.email not in rest
    # Tray, notice and letter of the other.
    assert rest.count(f'"{B.email} is back"') >= 2
    assert verify(office.store) == []


def test_who_asks_for_it_hears_why_it_is_not_there(office: Office, ended: str) -> None:
    later(office, 11)
    retention.apply(office.desk, 10, 0)
    for ask in (
        lambda: views.case_view(office.desk, HEBEI, ended),
        lambda: export(office.desk, OPERATOR, ended),
        lambda: decisions.confirm(office.desk, HEBEI, ended, 1),
    ):
        with pytest.raises(WrongUse, match="erased") as told:
            ask()
        assert "保存期限" in told.value.user_message
    first, *_ = views.listed(office.desk, HEBEI)
    assert first.case_no == ended
    assert views.find(office.desk, HEBEI, A.name) == []


def test_the_desk_goes_on_beside_it_and_makes_nothing_anew(office: Office, ended: str) -> None:
    later(office, 11)
    retention.apply(office.desk, 10, 0)
    letters = len(office.letters())
    reminders.make_due(office.desk, office.clock.now())
    digests.make_due(office.desk, office.clock.now())
    made = [one.kind for one in office.letters()[letters:]]
    assert "receipt" not in made
    again = office.apply(A)
    assert again != ended
    assert verify_but_letters(office) == []


def verify_but_letters(office: Office) -> list[str]:
    return [one for one in verify(office.store) if "never written out" not in one]


def test_the_same_mail_again_is_known_still(office: Office, ended: str) -> None:
    later(office, 11)
    retention.apply(office.desk, 10, 0)
    with office.store.read() as tx:
        first = tx.messages.ids()[0]
        envelope = tx.messages.get(first)
    assert envelope is not None
    taken = office.store.take(envelope.envelope, b"mail 1")
    assert taken.message_id == first


@pytest.mark.parametrize("stays", ["letter", "other"])
def test_what_others_need_stays(office: Office, stays: str) -> None:
    files = [office.reader.lay(form(one, 5_000)) for one in (A, B)]
    office.send(mail(A.email, *files))
    number = office.case(A)
    decisions.withdraw(office.desk, HEBEI, number, 1, "企业撤回")
    if stays == "other":
        settle(office)
    later(office, 11)
    gone = retention.apply(office.desk, 10, 0).cases
    if stays == "letter":
        # A letter is still on its way: the case waits for it.
        assert gone == ()
        return
    assert gone == (number,)
    # The mail bears B's form too, which is at work: its bytes stay whole.
    with office.store.read() as tx:
        (message,) = tx.messages.ids()
        assert tx.messages.raw(message) == b"mail 1"
        assert len(tx.documents.ids()) == 2
    assert verify_but_letters(office) == []


def test_an_event_blanked_by_other_hands_is_found(office: Office, ended: str) -> None:
    later(office, 11)
    retention.apply(office.desk, 10, 0)
    other = office.case(B)
    e = tables.event.c
    with by_hand(office.store.url) as raw:
        kept = raw.execute(select(e.seq, e.body).where(e.case_no == other)).all()
    for case_no in (other, ended):
        with by_hand(office.store.url) as raw:
            blank = update(tables.event).where(e.seq.in_([seq for seq, _ in kept]))
            raw.execute(blank.values(body="", case_no=case_no))
        wrong = [one for one in verify(office.store) if "not what its hash says" in one]
        assert len(wrong) == len(kept)
    with by_hand(office.store.url) as raw:
        for seq, body in kept:
            whole = update(tables.event).where(e.seq == seq)
            raw.execute(whole.values(body=body, case_no=other))


def test_looks_are_logged_asked_for_and_kept_half_a_year(office: Office, ended: str) -> None:
    other = office.case(B)
    views.case_view(office.desk, HEBEI, other)
    office.clock.step(seconds=60)
    export(office.desk, OPERATOR, other)
    with pytest.raises(NotAllowed):
        retention.looks(office.desk, HANDLER)
    found = retention.looks(office.desk, OPERATOR, case_no=other.lower())
    assert [(one.person, one.what.split()[0]) for one in found] == [
        ("运维", "export"),
        ("陈示例", "case"),
    ]
    assert [
        one.what.split()[0] for one in retention.looks(office.desk, OPERATOR, who="陈示例")
    ] == ["case"]
    since = found[0].at
    assert len(retention.looks(office.desk, OPERATOR, since=since)) == 1
    assert len(retention.looks(office.desk, OPERATOR, until=since)) == 1
    office.clock.to("2022-05-03 09:00")
    assert retention.apply(office.desk, 0, 6).looks == 0
    office.clock.to("2022-05-03 09:01")
    assert retention.apply(office.desk, 0, 6).looks == 1
    assert retention.apply(office.desk, 0, 0).looks == 0


def test_a_setting_below_the_legal_least_is_refused() -> None:
    assert Retention(case_years=10, access_months=6).case_years == 10
    for wrong in ({"case_years": 9}, {"case_years": -1}, {"access_months": 5}):
        with pytest.raises(ValueError, match="at least"):
            Retention(**wrong)


@pytest.mark.parametrize(
    ("now", "months", "then"),
    [
        ("2031-12-31 08:00", 120, "2021-12-31 08:00"),
        ("2022-08-31 08:00", 6, "2022-02-28 08:00"),
        ("2024-08-31 08:00", 6, "2024-02-29 08:00"),
        ("2022-01-15 08:00", 6, "2021-07-15 08:00"),
    ],
)
def test_so_many_months_earlier(now: str, months: int, then: str) -> None:
    assert retention.earlier(at(now), months) == at(then)
