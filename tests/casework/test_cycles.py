"""Several cycles in one installation: a case and a total for each year, other rules for each."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import cycles
from casework import decisions, tray
from casework.desk import Desk
from procedure.errors import WrongUse
from procedure.facts import Receipt
from procedure.forms import FormTemplate
from procedure.readings import Reading
from tests.casework.made import Firm, form, proof, read
from tests.casework.office import HEBEI, OPERATOR, Office
from tests.settled import settled

A = Firm(1)
NAMES = ("2021-2022", "2023", "2019-2020")
DOUBTFUL = Reading(2022, "2022", confidence=0.5)


def office_of(directory: Path, *names: str, **more: Any) -> Office:
    loaded = {name: settled(name) for name in names}
    forms = {n: FormTemplate.parse(cycles.form(one.form)) for n, one in loaded.items()}
    return Office(directory, active=names, cycles=loaded, templates=forms, **more)


@pytest.fixture
def later(tmp_path: Path) -> Iterator[Office]:
    """The second cycle at work, the first one's and the third one's rules beside it."""
    opened = office_of(tmp_path, *NAMES)
    opened.clock.to("2023-11-01 09:00")
    head = "单位名称,统一社会信用代码,所属省份,应清缴配额,年度,联系邮箱"
    rows = [(A.name, A.uscc, "河北省", t, year, A.email)
            for year, t in ((2021, 100_000), (2022, 60_000))]  # fmt: skip
    opened.table("entities", head, rows)
    yield opened
    opened.close()


def apply(office: Office, obligation: int, offset: int, year: Reading | None) -> None:
    day = f"{office.clock.now():%Y-%m-%d}"
    office.post(A.email, form(A, offset, day=day, obligation_t=read(obligation), year=year))


def test_two_years_are_two_cases_with_a_cap_each(later: Office) -> None:
    apply(later, 100_000, 5_000, read(2021))
    apply(later, 60_000, 3_001, read(2022))
    first, second = later.cases()
    assert (first, second) == ("CCER-2021-13-0001", "CCER-2022-13-0002")
    rules = [
        {f.rule for f in later.state(one).applications[0].findings if f.severity == "error"}
        for one in (first, second)
    ]
    assert "offset-cap" not in rules[0]
    assert "offset-cap" in rules[1]
    assert not {"obligation-record"} & (rules[0] | rules[1])


def test_an_obligation_of_the_other_year_is_a_finding(later: Office) -> None:
    apply(later, 60_000, 3_000, read(2021))
    (number,) = later.cases()
    found = later.state(number).applications[0].findings
    assert "obligation-record" in {one.rule for one in found}


def test_a_year_that_was_not_read_is_told_by_the_obligation_on_record(later: Office) -> None:
    apply(later, 60_000, 3_000, None)
    apply(later, 100_000, 5_000, DOUBTFUL)
    assert later.cases() == ["CCER-2022-13-0001"]
    assert later.tray() == ["year-unknown"]
    (facts,) = [one for one in later.facts("receipt") if isinstance(one, Receipt)
                and one.sections[0].place == "tray"]  # fmt: skip
    assert "年度" in facts.sections[0].problem


def test_a_person_says_the_year_of_what_waits(later: Office) -> None:
    apply(later, 77_000, 3_000, None)
    (item,) = tray.listed(later.desk, OPERATOR)
    with pytest.raises(WrongUse, match="year"):
        tray.assign(later.desk, OPERATOR, item.item, A.name)
    tray.assign(later.desk, OPERATOR, item.item, f"{A.name}/2022")
    assert later.cases() == ["CCER-2022-13-0001"]


def test_a_form_of_another_cycle_goes_to_that_one(later: Office) -> None:
    apply(later, 60_000, 2_000, read(2023))
    assert later.cases() == ["CCER-2023-13-0001"]
    apply(later, 60_000, 2_000, read(2031))
    assert later.tray() == ["year-unknown"]


def test_a_cancellation_belongs_to_the_year_that_waits_for_it(later: Office) -> None:
    apply(later, 100_000, 5_000, read(2021))
    apply(later, 60_000, 3_000, read(2022))
    first, second = later.cases()
    for number in (first, second):
        decisions.confirm(later.desk, HEBEI, number, 1)
    later.cancellations((A, 3_000, "2023-11-08 10:00:00"), until="2023-11-01 09:00")
    assert later.stage(second) == "cancelled"
    assert later.stage(first) == "confirmed"
    # The one that is left takes the rest, and the first row stays where it is.
    later.cancellations(
        (A, 3_000, "2023-11-08 10:00:00"), (A, 4_000, "2023-11-08 11:00:00"),
        until="2023-11-01 09:01",
    )  # fmt: skip
    assert [len(later.state(one).cancellations) for one in (first, second)] == [1, 1]
    later.post(A.email, proof(A, 3_000, time="2023-11-08T10:00:00+08:00"), kind="cancellation")
    assert [len(later.state(one).proofs) for one in (first, second)] == [0, 1]
    assert later.stage(second) == "verified"


def test_an_amount_that_fits_both_years_waits_for_a_person(later: Office) -> None:
    apply(later, 100_000, 3_000, read(2021))
    apply(later, 60_000, 3_000, read(2022))
    for number in later.cases():
        decisions.confirm(later.desk, HEBEI, number, 1)
    report = later.cancellations((A, 3_000, "2023-11-08 10:00:00"), until="2023-11-01 09:00")
    assert len(report.unplaced) == 1
    assert later.tray() == ["registry-row-unplaced"]


def test_two_cycles_may_not_claim_one_year(tmp_path: Path) -> None:
    office = office_of(tmp_path, "2023")
    twice = {"2023": settled("2023"), "again": settled("2023", id="again")}
    forms = dict.fromkeys(twice, office.desk.templates["2023"])
    with pytest.raises(WrongUse, match="2023"):
        Desk.make(office.store, office.clock, active=("2023", "again"), cycles=twice,
                  templates=forms)  # fmt: skip
    office.close()


def test_a_year_in_doubt_is_the_one_whose_obligation_the_form_has(later: Office) -> None:
    apply(later, 60_000, 3_000, DOUBTFUL)
    assert later.cases() == ["CCER-2022-13-0001"]
    stranger = Firm(8, "河北示例八号热力有限公司", email="h@h.example")
    later.post(stranger.email, form(stranger, 100, day="2023-11-01", year=None))
    assert later.tray() == ["year-unknown"], "of a firm of no list nobody knows"
