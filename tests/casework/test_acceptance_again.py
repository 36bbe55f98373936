"""What is accepted is judged again when records come or a person corrects."""

from dataclasses import replace

from casework import decisions
from procedure.readings import Reading
from tests.casework.made import Firm, form, read
from tests.casework.office import HEBEI, Office

A = Firm(1)


def seen(value: int, *engines: str) -> Reading:
    """An amount that was recognised, not read as text."""
    return Reading(value, str(value), confidence=0.97, engines=engines)


def one(office: Office, number: str, name: str) -> bool:
    return office.state(number).applications[0].reading.fields[name].accepted


def test_a_record_that_comes_later_and_agrees_accepts(office: Office) -> None:
    number = office.apply(A, obligation_t=seen(A.obligation, "ppocr-v6"))
    assert office.stage(number) == "unclear"
    office.entities(A)
    assert office.stage(number) == "submitted"
    assert one(office, number, "obligation_t")


def test_a_record_that_comes_later_and_differs_takes_acceptance_back(office: Office) -> None:
    number = office.apply(A, obligation_t=seen(A.obligation, "ppocr-v6", "tesseract"))
    assert office.stage(number) == "submitted"
    office.entities(replace(A, obligation=A.obligation + 10))
    assert office.stage(number) == "unclear"
    assert not one(office, number, "obligation_t")


def test_a_person_s_word_stands_whatever_the_records_say(office: Office) -> None:
    number = office.apply(A, obligation_t=seen(90_000, "ppocr-v6"))
    decisions.correct(office.desk, HEBEI, number, 1, "obligation_t", "100,000")
    assert office.stage(number) == "submitted"
    office.entities(replace(A, obligation=200_000))
    assert one(office, number, "obligation_t")
    rules = [f.rule for f in office.state(number).applications[0].findings]
    assert "obligation-record" in rules


def test_a_form_from_an_address_that_is_not_the_entity_s_is_marked(office: Office) -> None:
    office.entities(A)
    office.post("x@y.example", form(A))
    number = office.case(A)
    found = office.state(number).applications[0].findings
    assert [f.severity for f in found if f.rule == "sender-unknown"] == ["warning"]
    office.apply(A, 4_000)
    found = office.state(number).applications[0].findings
    assert "sender-unknown" not in [f.rule for f in found]


def test_nothing_changes_where_nothing_is_new(office: Office) -> None:
    office.entities(A)
    number = office.apply(A, account_no=read("CN-100-000001"))
    office.entities(A, Firm(2, "河北穗禾化工有限公司"))
    assert office.events(number) == {"application-filed": 1}
