"""What only the rules can count: digests that are due or late, readings that were wrong."""

from casework import decisions, digests
from casework.figures import Owed, corrected_after_acceptance, owed
from tests.casework.made import Firm, read
from tests.casework.office import HEBEI, Office

A = Firm(1)


def test_what_is_due_is_owed_and_what_waits_for_an_import_is_late(office: Office) -> None:
    moment = office.clock.to("2021-11-03 16:59")
    assert owed(office.desk, moment) == Owed(0, 0)
    moment = office.clock.to("2021-11-03 17:05")
    # The daily records of two provinces and the national file.
    assert owed(office.desk, moment) == Owed(due=3, late=0)
    assert digests.make_due(office.desk, moment) == []
    assert owed(office.desk, moment) == Owed(due=3, late=0)
    moment = office.clock.to("2021-11-03 17:31")
    assert digests.make_due(office.desk, moment) == []
    assert owed(office.desk, moment) == Owed(due=1, late=1), "one day is held"
    office.cancellations((A, 700, "2021-11-03 10:00:00"), until="2021-11-03 17:00")
    assert len(digests.make_due(office.desk, moment)) == 3
    assert owed(office.desk, moment) == Owed(0, 0)


def test_accepted_readings_that_a_person_found_wrong_are_counted_once_each(office: Office) -> None:
    number = office.apply(A, phone=read(None))

    def corrected(field: str, value: str, row: int | None = None) -> int:
        decisions.correct(office.desk, HEBEI, number, 1, field, value, row)
        return corrected_after_acceptance(office.store)

    assert corrected_after_acceptance(office.store) == 0
    assert corrected("phone", "13900000000") == 0, "nothing had been accepted there"
    assert corrected("offset_t", "4000") == 1
    assert corrected("offset_t", "4500") == 1, "the same cell again"
    assert corrected("amount_t", "4500", 0) == 2, "a cell of a row"
    assert corrected("amount_t", "10", 1) == 2, "a row that the reader had not seen"
    assert corrected("seal", "河北衡岚热力有限公司合同专用章") == 2, "no field of the form"
    decisions.confirm(office.desk, HEBEI, office.apply(Firm(2, "河北穗禾化工有限公司")), 1)
    assert corrected_after_acceptance(office.store) == 2


def test_a_newer_version_s_readings_are_its_own(office: Office) -> None:
    number = office.apply(A)
    decisions.correct(office.desk, HEBEI, number, 1, "offset_t", "4000")
    assert office.apply(A, 4_800) == number
    decisions.correct(office.desk, HEBEI, number, 1, "offset_t", "4900")
    assert corrected_after_acceptance(office.store) == 2
