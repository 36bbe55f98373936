"""The two-person rule: who proposes cannot approve; a reviewer, somebody else, does."""

from pathlib import Path

import pytest

from casework import decisions, views
from procedure.errors import Conflict, NotAllowed, WrongUse
from procedure.events import Confirmed, Evidence, Proposed, Returned
from store.rows import Person
from store.verify import verify
from tests.casework.made import Firm, mail
from tests.casework.office import HANDLER, HEBEI, Office

A = Firm(1)
OTHER = Person("周示例", "handler", ("13",))
SECOND = Person("吴示例", "reviewer", ("13",))


@pytest.fixture
def pair(tmp_path: Path) -> Office:
    return Office(tmp_path, two_person=frozenset({"confirm", "return"}))


def payloads(office: Office, number: str, *kinds: type) -> list[tuple[str, object]]:
    with office.desk.store.read() as tx:
        events = tx.cases.events(number)
    return [(one.actor.name, one.payload) for one in events if isinstance(one.payload, kinds)]


def test_the_handler_proposes_and_a_reviewer_confirms(pair: Office) -> None:
    number = pair.apply(A)
    first = decisions.confirm(pair.desk, HANDLER, number, 1)
    assert first.proposed
    assert "建议" in first.text
    assert pair.stage(number) == "submitted"
    assert pair.letters("confirmation") == []
    done = decisions.confirm(pair.desk, HEBEI, number, 1)
    assert not done.proposed
    assert pair.stage(number) == "confirmed"
    found = payloads(pair, number, Proposed, Confirmed)
    amount = pair.state(number).confirmed_t
    assert found == [
        (HANDLER.name, Proposed(1, 1, "confirm", amount)),
        (HEBEI.name, Confirmed(1, 1, amount, "", HANDLER.name)),
    ]
    assert len(pair.letters("confirmation")) == 1
    history = views.case_view(pair.desk, HEBEI, number).history
    assert HANDLER.name in next(one.text for one in history if one.kind == "confirmed")
    assert verify(pair.desk.store) == []


@pytest.mark.parametrize("outcome", ["confirm", "return"])
def test_who_proposed_cannot_approve_and_another_handler_neither(
    pair: Office, outcome: str
) -> None:
    number = pair.apply(A)

    def act(who: Person) -> decisions.Done:
        if outcome == "confirm":
            return decisions.confirm(pair.desk, who, number, 1)
        return decisions.return_(pair.desk, who, number, 1, "缺章")

    assert act(SECOND).proposed
    for who, code in ((SECOND, "own-proposal"), (OTHER, "no-reviewer")):
        with pytest.raises(NotAllowed) as caught:
            act(who)
        assert caught.value.code == code
        assert pair.stage(number) == "submitted"
    assert not act(HEBEI).proposed
    assert pair.stage(number) == ("confirmed" if outcome == "confirm" else "returned")


def test_a_return_without_a_reason_takes_the_proposed_one(pair: Office) -> None:
    number = pair.apply(A)
    with pytest.raises(WrongUse):
        decisions.return_(pair.desk, HANDLER, number, 1, " ")
    decisions.return_(pair.desk, HANDLER, number, 1, "未加盖公章", ("seal-missing",))
    decisions.return_(pair.desk, HEBEI, number, 1, "")
    made = Returned(1, 1, "未加盖公章", ("seal-missing",), HANDLER.name)
    assert payloads(pair, number, Returned) == [(HEBEI.name, made)]


def test_another_wish_is_a_proposal_of_its_own(pair: Office) -> None:
    number = pair.apply(A)
    decisions.confirm(pair.desk, HANDLER, number, 1)
    assert decisions.return_(pair.desk, HEBEI, number, 1, "缺章").proposed
    # The first wish is gone: approving it would be the reviewer's word alone.
    assert decisions.confirm(pair.desk, SECOND, number, 1).proposed
    assert pair.stage(number) == "submitted"


def test_a_change_of_the_paper_voids_the_proposal(pair: Office) -> None:
    number = pair.apply(A)
    decisions.confirm(pair.desk, HANDLER, number, 1)
    decisions.correct(pair.desk, HEBEI, number, 1, "date", "2021-11-01")
    assert pair.state(number).applications[0].proposed is None
    assert decisions.confirm(pair.desk, HEBEI, number, 1).proposed
    pair.apply(A, 4_000)
    assert pair.state(number).applications[0].proposed is None
    assert decisions.confirm(pair.desk, SECOND, number, 1, version=2).proposed


def test_one_decision_alone_may_need_two(tmp_path: Path) -> None:
    office = Office(tmp_path, two_person=frozenset({"confirm"}))
    number = office.apply(A)
    assert decisions.confirm(office.desk, HANDLER, number, 1).proposed
    assert not decisions.return_(office.desk, HEBEI, number, 1, "缺章").proposed
    assert office.stage(number) == "returned"


def test_a_proposal_is_a_change_for_who_looked_before(pair: Office) -> None:
    number = pair.apply(A)
    seen = pair.state(number).last_seq
    decisions.confirm(pair.desk, HANDLER, number, 1)
    with pytest.raises(Conflict) as caught:
        decisions.confirm(pair.desk, HEBEI, number, 1, seen_seq=seen)
    assert caught.value.code == "changed"
    assert HANDLER.name in caught.value.user_message


def test_the_same_mail_decides_once(pair: Office) -> None:
    number = pair.apply(A)
    by_mail = Evidence("m1")
    said = [
        decisions.confirm(pair.desk, HANDLER, number, 1, evidence=by_mail, seen_seq=1).text
        for _ in range(2)
    ]
    assert said[0] == said[1]
    said = [
        decisions.confirm(pair.desk, HEBEI, number, 1, evidence=Evidence("m2")).text
        for _ in range(2)
    ]
    assert said[0] == said[1]
    assert "已确认" in said[0]
    assert len(payloads(pair, number, Proposed, Confirmed)) == 2


def test_a_door_that_may_not_decide_cannot_correct(tmp_path: Path) -> None:
    office = Office(tmp_path, confirm_channels=frozenset({"cli"}))
    number = office.apply(A)
    before = office.state(number).last_seq
    with pytest.raises(NotAllowed):
        decisions.correct(office.desk, HEBEI, number, 1, "date", "2021-11-01", channel="chat")
    assert office.state(number).last_seq == before
    decisions.correct(office.desk, HEBEI, number, 1, "date", "2021-11-01", channel="cli")


def test_a_rule_for_a_decision_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongUse):
        Office(tmp_path, two_person=frozenset({"revoke"}))


def test_a_form_that_came_by_mail_is_no_decision_of_that_mail(pair: Office) -> None:
    """Evidence names the mail for other events too: only a decision of this person counts."""
    number = pair.apply(A)
    with pair.desk.store.read() as tx:
        message = tx.cases.events(number)[0].evidence.message_id
    done = decisions.confirm(pair.desk, HANDLER, number, 1, evidence=Evidence(message))
    assert done.proposed


def test_a_proposal_outlives_records_that_change_nothing(pair: Office) -> None:
    number = pair.apply(A)
    decisions.confirm(pair.desk, HANDLER, number, 1)
    pair.send(mail(A.email, next(iter(pair.reader.readings))))
    assert pair.state(number).applications[0].proposed is not None
