"""What no rule could place, a person places; it then goes the usual way."""

from dataclasses import replace

import pytest

from casework import decisions, tray, traylook
from procedure.errors import Conflict, NotAllowed, WrongUse
from procedure.facts import Receipt
from procedure.readings import DocumentReading, SealReading
from procedure.sender import Authentication
from store.rows import MailFacts, Person
from tests.casework.made import Firm, document, form, mail, proof, read
from tests.casework.office import HEBEI, OPERATOR, SHANXI, Office

A = Firm(1)
WHOLE = Person("全国受理", "reviewer", ("13", "14"))


def only(office: Office) -> str:
    (item,) = tray.listed(office.desk, OPERATOR)
    return item.item


def test_a_province_s_staff_see_nothing_that_may_be_another_s(office: Office) -> None:
    office.prove(A)
    item = only(office)
    for who in (HEBEI, SHANXI):
        assert tray.listed(office.desk, who) == []
        for number in (item, "99"):
            with pytest.raises(WrongUse, match="no tray item"):
                tray.dismiss(office.desk, who, number, "看过")
    with pytest.raises(NotAllowed):
        tray.listed(office.desk, Person("审计", "auditor"))
    assert len(tray.listed(office.desk, WHOLE)) == 1


PROVEN = Authentication(source="login")
B = Firm(2, "山西晋岳发电有限公司", "14", "山西省", email="ccer@jinyue.example")
OTHER = DocumentReading("other")


def sent(office: Office, *read_: DocumentReading, by: Authentication | None = PROVEN) -> str:
    """A mail from the address of `A` that goes into the tray; its message's id."""
    return proved(office, office.post(A.email, *read_), by)


def proved(office: Office, message: str, by: Authentication | None = PROVEN) -> str:
    facts = MailFacts("application", from_addr=A.email, authentication=by)
    with office.store.write() as tx:
        tx.messages.describe(message, facts)
    return message


def seen(office: Office, who: Person) -> list[str]:
    return [one.message_id for one in tray.listed(office.desk, who)]


@pytest.mark.parametrize(
    "read_",
    [OTHER, form(A, enterprise_name=read(None), uscc=None, account_no=None)],
)
def test_what_a_known_address_proved_to_send_is_its_province_s(
    office: Office, read_: DocumentReading
) -> None:
    office.entities(A, B)
    message = sent(office, read_)
    assert seen(office, HEBEI) == seen(office, WHOLE) == [message]
    assert seen(office, SHANXI) == []
    item = only(office)
    for target in ("CCER-2019-14-0001", B.name, "没有的公司"):
        with pytest.raises(WrongUse, match="no case and no registered entity"):
            tray.assign(office.desk, HEBEI, item, target, what="application")
    assert tray.assign(office.desk, HEBEI, item, A.name, what="application").case_no
    assert seen(office, HEBEI) == []


@pytest.mark.parametrize(
    ("by", "firms", "papers"),
    [
        (None, (A, B), (OTHER,)),
        (Authentication(dmarc="fail"), (A, B), (OTHER,)),
        (PROVEN, (B,), (OTHER,)),
        (PROVEN, (A, replace(B, email=A.email)), (OTHER,)),
        (PROVEN, (A, B), (form(B, enterprise_name=read(None), uscc=None, account_no=None),)),
        (PROVEN, (A, B), (OTHER, proof(B))),
        (PROVEN, (A, B), (OTHER, proof(Firm(9, "无人知道的公司")))),
    ],
    ids=["unproven", "disowned", "unknown", "two provinces", "form", "screenshot", "nobody"],
)
def test_whatever_is_open_is_for_those_who_see_all(
    office: Office, by: Authentication | None, firms: tuple[Firm, ...],
    papers: tuple[DocumentReading, ...],
) -> None:  # fmt: skip
    office.entities(*firms)
    message = sent(office, *papers, by=by)
    assert seen(office, HEBEI) == seen(office, SHANXI) == []
    assert message in seen(office, WHOLE)


UNNAMED = form(A, enterprise_name=read(None), uscc=None, account_no=None, province=None)


def test_what_an_earlier_reader_read_still_tells_whose_an_item_is(office: Office) -> None:
    office.entities(A, B)
    message = sent(office, form(B, enterprise_name=read(None), uscc=None, account_no=None))
    desk = replace(office.desk, reader_version="the next one")
    assert tray.listed(desk, HEBEI) == []
    assert [one.message_id for one in tray.listed(desk, WHOLE)] == [message]


def test_what_an_earlier_reader_read_is_filed_as_what_it_is(office: Office) -> None:
    office.entities(A)
    sent(office, form(A, enterprise_name=read(None), uscc=None, account_no=None))
    desk = replace(office.desk, reader_version="the next one")
    item = only(office)
    assert [one.kind for one in traylook.look(desk, WHOLE, item).readings] == ["application"]
    number = tray.assign(desk, WHOLE, item, A.name).case_no
    (app,) = office.state(number).applications
    assert app.values["offset_t"] == 5_000
    assert office.state(number).proofs == ()


def test_a_seal_of_another_province_s_firm_withholds_an_item(office: Office) -> None:
    office.entities(A, B)
    own, misread, foreign = (
        sent(office, replace(UNNAMED, seals=(SealReading(1, None, text=text, tries=tries),)))
        for text, tries in [(A.name, ()), ("河北衡岗", ()), ("", ("山西", B.name))]
    )
    assert seen(office, HEBEI) == [own, misread]
    assert seen(office, WHOLE) == [own, misread, foreign]


def test_a_document_that_is_another_province_s_case_s_is_not_shown(office: Office) -> None:
    office.entities(A, B)
    data = office.reader.lay(OTHER)
    office.send(mail(B.email, data))
    message = proved(office, office.send(mail(A.email, data)))
    assert seen(office, HEBEI) == [message]
    first, second = (one.item for one in tray.listed(office.desk, WHOLE))
    tray.assign(office.desk, WHOLE, first, B.name, what="application")
    with pytest.raises(WrongUse, match="no tray item"):
        tray.assign(office.desk, HEBEI, second, A.name, what="application")


def test_a_file_is_called_as_its_own_mail_calls_it(office: Office) -> None:
    office.entities(A, B)
    data = office.reader.lay(OTHER)
    for firm in (B, A):
        named = document(data, name=f"{firm.name}.docx")
        message = office.send(replace(mail(firm.email), documents=(named,)))
    proved(office, message)
    (item,) = tray.listed(office.desk, HEBEI)
    assert traylook.look(office.desk, HEBEI, item.item).name == f"{A.name}.docx"


def test_nothing_is_filed_under_a_case_that_another_province_has(office: Office) -> None:
    office.entities(replace(A, province_name="山西省"), B)
    number = office.apply(A)
    office.entities(A, B)
    sent(office, OTHER)
    item = only(office)
    with pytest.raises(WrongUse, match="no case and no registered entity"):
        tray.assign(office.desk, HEBEI, item, A.name, what="application")
    assert tray.assign(office.desk, WHOLE, item, A.name, what="application").case_no == number


def test_a_screenshot_is_filed_under_the_case(office: Office) -> None:
    number = office.apply(A)
    decisions.confirm(office.desk, HEBEI, number, 1)
    office.cancellations((A, 5_000, "2021-11-08 10:00:00"))
    message = office.prove(Firm(9, "账户名称读错的公司"))
    done = tray.assign(office.desk, WHOLE, only(office), number, [proof(A)])
    assert office.places(message) == ["cancellation"]
    assert done.stage == "verified"
    assert office.tray() == []
    last = office.facts("receipt")[-1]
    assert isinstance(last, Receipt)
    assert last.sections[0].case_no == number


def test_a_form_that_named_nobody_becomes_the_entity_s_application(office: Office) -> None:
    office.entities(A)
    message = office.post(A.email, form(A, enterprise_name=read(None), uscc=None))
    tray.assign(office.desk, WHOLE, only(office), A.uscc)
    number = office.case(A)
    assert office.places(message) == ["application"]
    assert office.stage(number) == "unclear"
    decisions.correct(office.desk, HEBEI, number, 1, "enterprise_name", A.name)
    assert office.stage(number) == "submitted"


def test_what_nobody_recognised_can_be_either(office: Office) -> None:
    office.entities(A)
    office.post(A.email, DocumentReading("other"))
    tray.assign(office.desk, WHOLE, only(office), A.name, what="application")
    app = office.state(office.case(A)).applications[0]
    assert app.unclear == ("enterprise_name", "obligation_t", "offset_t")


def test_both_documents_of_one_file_are_filed(office: Office) -> None:
    """Neither is lost behind the other."""
    office.entities(A)
    forms = (form(A, tonnes, enterprise_name=read(None), uscc=None) for tonnes in (1_000, 2_000))
    data = office.reader.lay(*forms)
    message = office.send(mail(A.email, data))
    tray.assign(office.desk, WHOLE, only(office), A.uscc)
    assert office.places(message) == ["application", "application"]
    assert [one.version for one in office.state(office.case(A)).applications[0].versions] == [1, 2]


def test_the_second_of_two_is_told_who_was_first(office: Office) -> None:
    office.prove(A)
    item = only(office)
    tray.dismiss(office.desk, OPERATOR, item, "与本系统无关")
    with pytest.raises(Conflict) as caught:
        tray.dismiss(office.desk, WHOLE, item, "看过")
    assert "运维" in caught.value.user_message


def test_a_document_filed_meanwhile_is_not_filed_twice(office: Office) -> None:
    office.entities(A)
    data = office.reader.lay(form(A, enterprise_name=read(None), uscc=None))
    office.send(mail(A.email, data))
    office.send(mail(A.email, data))
    first, second = (one.item for one in tray.listed(office.desk, OPERATOR))
    tray.assign(office.desk, WHOLE, first, A.uscc)
    with pytest.raises(Conflict):
        tray.assign(office.desk, WHOLE, second, A.uscc)
    assert office.events(office.case(A)) == {"application-filed": 1}
    tray.dismiss(office.desk, WHOLE, second, "重复")


def test_a_withdrawn_form_sent_again_can_be_taken_again(office: Office) -> None:
    data = office.reader.lay(form(A))
    office.send(mail(A.email, data))
    number = office.case(A)
    decisions.withdraw(office.desk, HEBEI, number, 1)
    office.send(mail(A.email, data))
    tray.assign(office.desk, WHOLE, only(office), number)
    assert [app.stage for app in office.state(number).applications] == ["withdrawn", "submitted"]


def test_wrong_uses_are_told(office: Office) -> None:
    office.prove(A)
    for act in (
        lambda: tray.assign(office.desk, WHOLE, "99", "CCER-2019-13-0001"),
        lambda: tray.assign(office.desk, WHOLE, only(office), "CCER-2019-13-0001"),
        lambda: tray.dismiss(office.desk, WHOLE, only(office), " "),
    ):
        with pytest.raises(WrongUse):
            act()
    assert len(office.tray()) == 1
