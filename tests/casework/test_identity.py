"""Whose case it is: one for each entity, and no other's record or proof in it."""

from casework import decisions
from tests.casework.made import Firm, form, proof, read
from tests.casework.office import HEBEI, Office

A = Firm(1)
B = Firm(2, "山西霁岭发电有限公司", "14", "山西省", email="b@jiling.example")


def test_a_form_that_claims_another_firm_s_account_gets_none_of_its_cancellations(
    office: Office,
) -> None:
    office.entities(A, B)
    office.accounts(A, B)
    number = office.apply(A, account_no=read(B.account))
    office.cancellations((B, 900, "2021-11-03 08:00:00"))
    assert office.state(number).cancellations == ()
    assert [len(office.state(one).cancellations) for one in office.cases()] == [0, 1]


def test_nor_where_no_list_was_imported(office: Office) -> None:
    number = office.apply(A, account_no=read(B.account))
    report = office.cancellations((B, 900, "2021-11-03 08:00:00"))
    assert office.state(number).cancellations == ()
    assert len(report.unplaced) == 1
    assert office.tray() == ["registry-row-unplaced"]


def test_a_screenshot_of_one_firm_with_another_s_account_goes_to_a_person(office: Office) -> None:
    office.entities(A, B)
    office.accounts(A, B)
    office.apply(A)
    office.apply(B)
    mixed = proof(Firm(B.number, A.name))
    message = office.post("x@y.example", mixed, kind="cancellation")
    assert office.places(message) == ["tray"]


def test_a_form_without_a_code_and_one_with_it_are_of_one_case(office: Office) -> None:
    first = office.apply(A, uscc=None)
    decisions.confirm(office.desk, HEBEI, first, 1)
    assert office.apply(A, 100) == first
    assert len(office.cases()) == 1
    rules = [one.rule for one in office.state(first).applications[1].findings]
    assert "offset-cap" in rules


def test_the_other_way_round_too(office: Office) -> None:
    first = office.apply(A)
    assert office.apply(A, 4_000, uscc=None) == first
    assert len(office.cases()) == 1


def test_two_firms_of_different_codes_are_two_cases(office: Office) -> None:
    office.apply(A)
    office.apply(Firm(2, A.name))
    assert len(office.cases()) == 2


def test_more_than_fifty_names_alike_hide_none(office: Office) -> None:
    firms = [Firm(n, f"河北示例{n}号热力有限公司") for n in range(1, 61)]
    for firm in firms:
        office.post("x@y.example", form(firm, uscc=None, account_no=None))
    short = Firm(99, "热力有限公司")
    office.apply(short, uscc=None, account_no=None)
    number = office.cases()[-1]
    office.cancellations((short, 10, "2021-11-03 08:00:00"))
    assert len(office.state(number).cancellations) == 1
