"""An operation is one, though a column is in one export of it and not in the other."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from procedure.clock import BEIJING
from procedure.registry import CancellationRecord, Credit, Surrender
from procedure.sameness import Operation, completed, recognised, same_operation

AT = datetime(2021, 11, 25, 10, 5, 7, tzinfo=BEIJING)
DAY = AT.replace(hour=0, minute=0, second=0)
HOUR = AT.replace(minute=0, second=0)
FULL = CancellationRecord(
    "CN-100-1", "甲公司", "CCER-1", "甲项目", 500, "自愿注销", "已完成", AT, "1-500", "13", "A7"
)
BARE = replace(FULL, account_name="", project_name="", serial="", province="", reference="")
CREDIT = Credit("甲公司", "CN-100-1", 500, AT, "91130000MA00000001", "C1")
SURRENDER = Surrender("甲公司", 500, "applied", AT, "91130000MA00000001", "S1")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FULL, FULL),
        (FULL, BARE),
        (BARE, FULL),
        (BARE, BARE),
        (FULL, replace(BARE, status="处理中")),
        (FULL, replace(BARE, serial="1-500")),
        (CREDIT, Credit("甲公司", "", 500, AT)),
        (SURRENDER, Surrender("甲公司", 500, "registered", AT)),
        (replace(FULL, time=AT.replace(second=0)), replace(BARE, time=AT.replace(second=0))),
        (replace(FULL, time=AT.replace(minute=0)), replace(BARE, time=AT.replace(minute=0))),
        # Without minutes the same number tells.
        (replace(FULL, time=DAY), replace(BARE, time=DAY, reference="A7")),
        (replace(FULL, time=DAY), replace(BARE, time=DAY, serial="1-500")),
        (replace(FULL, time=None), replace(BARE, time=None, serial="1-500")),
    ],
)
def test_one_operation(one: Operation, other: Operation) -> None:
    assert same_operation(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FULL, replace(BARE, account_no="CN-100-2")),
        (FULL, replace(BARE, project_code="CCER-2")),
        (FULL, replace(BARE, quantity_t=501)),
        (FULL, replace(BARE, operation="交易转入")),
        (FULL, replace(BARE, time=AT + timedelta(seconds=1))),
        (FULL, replace(FULL, serial="501-1000")),
        (FULL, replace(FULL, reference="A8")),
        (FULL, replace(FULL, project_name="乙项目")),
        (FULL, replace(FULL, account_name="乙公司")),
        (FULL, replace(FULL, province="14")),
        (replace(FULL, time=DAY), replace(BARE, time=DAY)),
        (replace(FULL, time=HOUR), replace(BARE, time=HOUR)),
        (replace(FULL, time=None), replace(BARE, time=None)),
        (CREDIT, replace(CREDIT, entity_name="乙公司")),
        (CREDIT, replace(CREDIT, account_no="CN-100-2")),
        (SURRENDER, replace(SURRENDER, quantity_t=1)),
        (SURRENDER, CREDIT),
        (replace(CREDIT, time=DAY), Credit("甲公司", "", 500, DAY)),
        (replace(FULL, time=DAY, reference=""), replace(BARE, time=DAY, reference="A7")),
    ],
)
def test_two_operations(one: Operation, other: Operation) -> None:
    assert not same_operation(one, other)


def test_cells_that_an_export_lacks_are_taken_from_the_other() -> None:
    later = replace(BARE, status="失败", serial="1-500")
    assert completed(later, FULL) == replace(FULL, status="失败")
    assert completed(FULL, BARE) == FULL
    assert completed(replace(CREDIT, account_no=""), CREDIT) == CREDIT
    assert completed(BARE, replace(FULL, quantity_t=1)) == BARE


def test_a_known_operation_keeps_its_id_and_its_cells() -> None:
    found = recognised([("new", replace(BARE, status="失败"))], {"old": FULL})
    assert found == [("old", replace(FULL, status="失败"))]
    # Whichever columns came first.
    assert recognised([("new", FULL)], {"old": BARE}) == [("old", FULL)]
    # Known by its own id it is completed too.
    assert recognised([("old", BARE)], {"old": FULL}) == [("old", FULL)]
    assert recognised([("new", FULL)], {}) == [("new", FULL)]


def test_without_a_time_of_day_the_same_cells_are_the_same_row_as_ever() -> None:
    """A file of dates that comes again: all cells but the status make the id."""
    known = replace(BARE, time=DAY)
    later = replace(known, status="失败")
    assert recognised([("old", later)], {"old": known}) == [("old", later)]
    # Of other columns it is another row: nothing tells.
    wider = replace(later, project_name="甲项目")
    assert recognised([("new", wider)], {"old": known}) == [("new", wider)]
    credit = Credit("甲公司", "CN-100-1", 500, DAY)
    assert recognised([("new", replace(credit, account_no=""))], {"old": credit})[0][0] == "new"


def test_an_id_that_is_another_s_by_now_is_not_taken() -> None:
    other = replace(BARE, quantity_t=1)
    ((row_id, row),) = recognised([("old", other)], {"old": FULL})
    assert row == other
    assert row_id != "old"
    assert len(row_id) == 24
    # The same number of another kind of operation tells nothing.
    surrender = replace(SURRENDER, reference="A7")
    assert recognised([("new", surrender)], {"old": FULL}) == [("new", surrender)]


def test_each_known_operation_is_recognised_once() -> None:
    twin = replace(BARE, reference="")
    found = recognised([("a", twin), ("b", twin), ("c", twin)], {"x": BARE, "y": BARE})
    assert [row_id for row_id, _ in found] == ["x", "y", "c"]


def test_what_stands_in_the_file_itself_is_nobody_else() -> None:
    """Two rows of one file are two operations, though one lacks what the other has."""
    found = recognised([("old", FULL), ("new", BARE)], {"old": FULL})
    assert found == [("old", FULL), ("new", BARE)]
    found = recognised([("new", BARE), ("old", FULL)], {"old": FULL})
    assert found == [("new", BARE), ("old", FULL)]


def test_of_several_the_one_that_fits() -> None:
    other = replace(FULL, reference="A8", serial="501-1000")
    given = replace(BARE, serial="501-1000")
    assert recognised([("new", given)], {"a": FULL, "b": other}) == [("b", other)]


def test_a_corrected_row_is_known_by_its_number_and_takes_no_cell_of_the_old_one() -> None:
    corrected = replace(BARE, reference="A7", quantity_t=400)
    assert recognised([("new", corrected)], {"old": FULL}) == [("old", corrected)]
    # The same serial numbers under another number are another's.
    other = replace(FULL, reference="A8")
    assert recognised([("new", other)], {"old": FULL}) == [("new", other)]


def test_lines_of_one_number_stay_what_they_are() -> None:
    """One application number, two projects: the same file again adds nothing."""
    lines = [FULL, replace(FULL, project_code="CCER-2", quantity_t=300, serial="")]
    known: dict[str, Operation] = {"1": lines[0], "2": lines[1]}
    assert recognised([("1", lines[0]), ("2", lines[1])], known) == list(known.items())
    # In another order, and the ids with it.
    turned = recognised([("1", lines[1]), ("2", lines[0])], known)
    assert sorted(turned) == sorted(known.items(), key=lambda pair: pair[0])
    # With one of them corrected the other one is still itself, and the corrected one the one left.
    less = replace(lines[1], quantity_t=200)
    assert recognised([("1", lines[0]), ("2", less)], known) == [("1", lines[0]), ("2", less)]
    # With both corrected nothing tells which is which.
    both = [("1", replace(lines[0], quantity_t=1)), ("2", less)]
    assert {row_id for row_id, _ in recognised(both, known)}.isdisjoint(known)


def test_a_bare_row_is_not_what_became_of_an_earlier_one_like_it() -> None:
    """Cumulative files of one second: the first operation had its serial numbers later, and then
    a second one came without. Each is one, in whichever order its columns come."""
    first = replace(BARE, serial="1-500")
    second = replace(BARE, serial="501-1000")
    known: dict[str, Operation] = {}
    for rows in ([BARE], [first], [first, BARE], [first, second], [BARE, first], [second, BARE]):
        # Ids as the store gives them: of a row's own cells.
        found = recognised([(f"id of {getattr(row, 'serial', '')}", row) for row in rows], known)
        assert len({row_id for row_id, _ in found}) == len(rows)
        known |= dict(found)
    assert sorted(getattr(row, "serial", "") for row in known.values()) == ["1-500", "501-1000"]
