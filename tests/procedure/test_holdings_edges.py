"""What an account holds, under rows and accounts that were read badly."""

from dataclasses import replace
from typing import Any

import pytest

from procedure.readings import DocumentReading, Reading
from procedure.registry import Holding
from tests.procedure.made import (
    ACCOUNT,
    at,
    form,
    native,
    poor,
    record,
    registry,
)
from tests.procedure.test_checks import check, rules
from tests.procedure.test_registry_edges import unsure

LOW = registry(
    holding_rows=[Holding(ACCOUNT, "CCER-0730", 4_000), Holding(ACCOUNT, "CCER-1194", 1)]
)


def judged(doc: DocumentReading, rule: str, tables: Any = LOW, **more: Any) -> str | None:
    """How bad it is, None where nothing is said of it."""
    return rules(check(doc, tables, **more)).get(rule)


def rows(*changes: dict[str, Reading]) -> DocumentReading:
    """The form whose rows are changed in order."""
    doc = form(native)
    made = [replace(row, **one) for row, one in zip(doc.projects, changes, strict=True)]
    return replace(doc, projects=tuple(made))


def less(doc: DocumentReading) -> DocumentReading:
    """Which asks for no more than is held in all."""
    return replace(doc, fields=form(native, offset_t=4_001).fields)


@pytest.mark.parametrize(
    ("doc", "wanted"),
    [
        (form(native), "error"),
        (form(native, account_no=poor(ACCOUNT)), "warning"),
        # No sum of rows speaks for it.
        (rows({}, {"amount_t": poor(1_001)}), "warning"),
        # It rests on the rows where there are some, else on the sum that is asked for.
        (form(native, offset_t=poor(5_001)), "error"),
        (form(native, rows=()), "error"),
        (form(native, rows=(), offset_t=poor(5_000)), "warning"),
        # Of a row whose code or amount cannot be told nothing is said.
        (rows({}, {"amount_t": unsure(1_000)}), "warning"),
        (less(rows({}, {"amount_t": unsure(1_000)})), None),
        (less(rows({}, {"code": unsure("CCER-1194")})), None),
    ],
)
def test_how_sure_it_is_that_an_account_holds_too_little(
    doc: DocumentReading, wanted: str | None
) -> None:
    # Nothing vouches for an account where no list of them is there.
    assert judged(doc, "holdings", replace(LOW, accounts=None)) == wanted


def test_a_project_of_which_nothing_is_held_lacks_its_first_tonne() -> None:
    none = registry(holding_rows=[Holding(ACCOUNT, "CCER-0730", 9_000)])
    doc = form(native, rows=(("CCER-0730", "甲", 4_999), ("CCER-1194", "乙", 1)))
    (said,) = (one.message for one in check(doc, none) if one.rule == "holdings")
    assert "项目 CCER-1194 需 1 吨，现有 0 吨" in said


def test_all_that_was_cancelled_of_a_project_since_the_receipt_counts_as_held() -> None:
    done = [
        record("CCER-1194", 500, "2021-11-26T10:00"),
        record("CCER-1194", 499, "2021-11-26T11:00"),
    ]
    tables = replace(LOW, cancellation_rows=done)
    assert judged(form(native), "holdings", tables, received_at=at("2021-11-26T09:00")) is None
