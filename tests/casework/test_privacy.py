"""Trap 9: an address that is not the case's own learns nothing of it, nor of the registry."""

import json

import pytest

from casework import decisions
from procedure.facts import Receipt, StatusAnswer
from procedure.jsonable import dump
from tests.casework.made import Firm, form, mail, proof, read
from tests.casework.office import HEBEI, OWN, Office

A = Firm(1, obligation=123_456)
B = Firm(2, "河北穗禾化工有限公司", email="b@suihe.example")
STRANGER = "stranger@nowhere.example"


@pytest.fixture
def known(office: Office) -> Office:
    """A's confirmed application of 5,000 t; its list, account and cancellations on record."""
    office.entities(A, B)
    office.accounts(A, B)
    number = office.apply(A, 5_000, obligation_t=read(A.obligation))
    decisions.confirm(office.desk, HEBEI, number, 1)
    office.cancellations((A, 4_321, "2021-11-03 12:00:00"))
    return office


def said(office: Office, message: str) -> str:
    """All that the answer's facts hold, expected and found values too."""
    (letter,) = [one for one in office.letters("receipt") if one.about == message]
    return json.dumps(dump(office.intent(letter).facts), ensure_ascii=False)


def test_a_stranger_s_form_shows_nothing_of_the_entity(known: Office) -> None:
    wrong = form(
        Firm(1, "河北衡岚热力公司"), 9_999, obligation_t=read(200_000), account_no=read(B.account),
        province=read("山西省"),
    )  # fmt: skip
    text = said(known, known.post(STRANGER, wrong))
    assert "offset-cap" in text
    for secret in (A.name, B.name, "123,456", "123456", "5,000", "5000", "第 2 份", "6,172"):
        assert secret not in text


def test_nor_that_it_has_no_account(office: Office) -> None:
    office.entities(A)
    office.accounts(B)
    text = said(office, office.post(STRANGER, form(A, account_no=None)))
    assert "account-owner" in text
    assert "未查到" not in text
    assert "北京绿色交易所" in text


def test_a_stranger_s_screenshot_shows_nothing_of_what_was_confirmed(known: Office) -> None:
    picture = proof(Firm(1, A.name), 777, code="CCER-9999", time="2021-11-02T10:00:00+08:00")
    text = said(known, known.post(STRANGER, picture, kind="cancellation"))
    assert "cancel-" in text
    for secret in ("5,000", "5000", "4,321", "4321", "CCER-0001", "09:00"):
        assert secret not in text


def test_the_entity_itself_is_told_all(known: Office) -> None:
    text = said(known, known.post(A.email, form(A, 9_999)))
    assert "123,456" in text
    assert A.name in text


def test_the_same_document_from_a_stranger_is_a_duplicate_without_details(known: Office) -> None:
    data = next(iter(known.reader.readings))
    known.send(mail(STRANGER, data))
    receipt = known.facts("receipt")[-1]
    assert isinstance(receipt, Receipt)
    (section,) = receipt.sections
    assert (section.place, section.entity_name, section.application) == ("duplicate", "", 0)
    assert section.duplicate_of == "此前"
    known.send(mail(A.email, data, subject="再次提交"))
    receipt = known.facts("receipt")[-1]
    assert isinstance(receipt, Receipt)
    assert receipt.sections[0].duplicate_of == "2021-11-03 09:00"


@pytest.mark.parametrize("address", [OWN, "Clerk@Office.Example", "clerk@example.org"])
def test_our_own_addresses_are_never_answered(office: Office, address: str) -> None:
    """The last one is the office's, which no setting named."""
    office.post(address, form(A))
    assert office.letters() == []
    assert office.stage(office.case(A)) == "submitted"


def test_nor_a_mail_from_us_that_wants_its_answer_elsewhere(office: Office) -> None:
    office.post(OWN, form(A), reply_to="loop@elsewhere.example")
    assert office.letters() == []


def test_a_question_is_answered_with_cases_to_their_own_address_only(known: Office) -> None:
    for sender in (STRANGER, B.email, A.email):
        known.send(mail(sender, kind="question", subject="进展"))
    answers = known.facts("answer")
    assert [len(one.cases) for one in answers if isinstance(one, StatusAnswer)] == [0, 0, 1]


def test_the_answer_goes_where_reply_to_says_and_that_address_counts(known: Office) -> None:
    known.send(mail(A.email, kind="question", reply_to=STRANGER))
    (answer,) = known.facts("answer")
    assert isinstance(answer, StatusAnswer)
    assert answer.cases == ()


def test_the_return_to_a_stranger_holds_no_record(office: Office) -> None:
    office.entities(A)
    office.post(STRANGER, form(A, obligation_t=read(200_000)))
    decisions.return_(office.desk, HEBEI, office.case(A), 1, "请核对配额")
    by_address = {
        one.to: json.dumps(one.facts, ensure_ascii=False) for one in office.letters("return")
    }
    assert "123,456" not in by_address[STRANGER,]
    assert "123,456" in by_address[A.email,]
