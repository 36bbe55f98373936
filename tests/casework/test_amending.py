"""What a letter had said and a person corrected: the next revision, or a 更正 letter in reply."""

from datetime import timedelta

from casework import decisions
from mailer.outbox import dress_due
from procedure.facts import Amendment, Decision, Receipt
from store.rows import LetterRow
from tests.casework.made import Firm
from tests.casework.office import HEBEI, Office

A = Firm(1)


def try_to_send(office: Office) -> list[LetterRow]:
    """Dress and begin an attempt of all that is due; the letters that were tried."""
    dress_due(office.store, office.desk.office, "office.example")
    now = office.clock.now()
    with office.store.write() as tx:
        rows = tx.outbox.sendable(now)
        for row in rows:
            assert tx.outbox.begin_attempt(row.key, row.recipient, now)
            tx.outbox.sent(row.key, row.recipient, "250", now)
        return [found for row in rows if (found := tx.outbox.letter(row.key))]


def correct(office: Office, number: str, value: str, field: str = "offset_t") -> None:
    office.clock.step(seconds=60)
    decisions.correct(office.desk, HEBEI, number, 1, field, value)


def test_before_any_attempt_the_receipts_next_revision_says_it(office: Office) -> None:
    number = office.apply(A)
    correct(office, number, "4,000")
    correct(office, number, "4,500")
    (receipt,) = office.letters("receipt")
    facts = office.intent(receipt).facts
    assert isinstance(facts, Receipt)
    assert receipt.revision == 3
    said = {line.label: line.value for line in facts.sections[0].lines}
    assert said["申请抵销量"] == "4,500 吨"
    assert office.letters("correction") == []
    assert [one.key for one in try_to_send(office)] == [receipt.key]


def test_after_an_attempt_one_letter_in_reply_tells_all_corrections(office: Office) -> None:
    number = office.apply(A)
    (receipt,) = try_to_send(office)
    correct(office, number, "4,000")
    correct(office, number, "张更正", "contact")
    correct(office, number, "4,500")
    assert office.letters("receipt")[0].key == receipt.key
    (letter,) = office.letters("correction")
    assert try_to_send(office) == []
    office.clock.step(seconds=600)
    assert [one.key for one in try_to_send(office)] == [letter.key]
    facts, thread = office.intent(letter).facts, office.intent(letter).thread
    assert isinstance(facts, Amendment)
    assert thread.in_reply_to == receipt.rfc_message_id != ""
    told = {line.label: (line.note, line.value) for line in facts.corrections}
    assert told["申请抵销量"] == ("5,000 吨", "4,500 吨")
    assert len(told) == 2
    # What the letter told is not told again.
    correct(office, number, "李更正", "contact")
    again = office.intent(office.letters("correction")[-1])
    assert isinstance(again.facts, Amendment)
    assert [line.note for line in again.facts.corrections] == ["张更正"]
    assert again.thread.in_reply_to == letter.rfc_message_id or again.thread.in_reply_to


def test_a_correction_taken_back_before_it_was_told_is_no_letter(office: Office) -> None:
    number = office.apply(A)
    try_to_send(office)
    correct(office, number, "4,000")
    correct(office, number, "5,000")
    assert office.letters("correction") == []


def test_a_decision_meanwhile_tells_the_corrections_itself(office: Office) -> None:
    number = office.apply(A)
    try_to_send(office)
    correct(office, number, "张更正", "contact")
    assert len(office.letters("correction")) == 1
    decisions.confirm(office.desk, HEBEI, number, 1)
    assert office.letters("correction") == []
    (decision,) = office.facts("confirmation")
    assert isinstance(decision, Decision)
    assert [one.value for one in decision.corrections] == ["张更正"]


def test_after_a_confirmation_the_letter_replies_to_it_and_leaves_it(office: Office) -> None:
    number = office.apply(A)
    decisions.confirm(office.desk, HEBEI, number, 1)
    tried = {one.kind: one for one in try_to_send(office)}
    correct(office, number, "4,000")
    (letter,) = office.letters("correction")
    facts = office.intent(letter).facts
    assert isinstance(facts, Amendment)
    assert facts.confirmed_t == 5_000
    assert office.intent(letter).thread.in_reply_to == tried["confirmation"].rfc_message_id
    assert office.state(number).confirmed_t == 5_000


def test_a_form_moved_to_another_case_is_told_with_its_new_number(office: Office) -> None:
    other = Firm(2, "河北示例二化工有限公司")
    office.entities(A, other)
    number = office.apply(A)
    try_to_send(office)
    office.apply(other)
    office.clock.step(seconds=60)
    done = decisions.correct(office.desk, HEBEI, number, 1, "uscc", other.uscc)
    office.clock.step(seconds=60)
    assert timedelta(0) < office.desk.correction_delay
    letters = [one for one in office.letters("correction") if one.to == (A.email,)]
    facts = [office.intent(one).facts for one in letters]
    assert [one.case_no for one in facts if isinstance(one, Amendment)] == [
        done.case_no if done.case_no != number else number
    ]


def test_of_a_seal_that_nobody_saw_the_letter_does_not_say_that_it_could_not_be_read(
    office: Office,
) -> None:
    number = office.apply(A)
    try_to_send(office)
    correct(office, number, "无", "seal")
    office.clock.step(seconds=600)
    try_to_send(office)
    correct(office, number, A.name, "seal")
    facts = office.intent(office.letters("correction")[-1]).facts
    assert isinstance(facts, Amendment)
    assert [(one.label, one.note) for one in facts.corrections] == [("公章", "未见")]
