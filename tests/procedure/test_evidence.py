"""Which evidence a paper gives of itself, and which the registries' records give."""

from dataclasses import replace
from typing import Any

import pytest

from procedure.acceptance import decide
from procedure.evidence import collect
from procedure.readings import DocumentReading, ProjectRow, Reading
from procedure.registry import Account, CancellationRecord
from tests.procedure.made import (
    ACCOUNT,
    NAME,
    OTHER_NAME,
    PROJECTS,
    USCC,
    at,
    form,
    record,
    registry,
    seal,
    seen,
    shot,
)


def judged(reading: Reading | None) -> tuple[set[str], set[str]]:
    """Evidence for it, and against it."""
    assert reading is not None
    return set(reading.evidence), set(reading.against)


def of(doc: DocumentReading, name: str, tables: Any = None) -> tuple[set[str], set[str]]:
    return judged(collect(doc, tables).fields[name])


def amounts(offset: Any, total: Any, *rows: Any) -> list[tuple[set[str], set[str]]]:
    """What is said of the offset, the printed total and each row, in this order."""
    doc = form(seen, rows=[("C-1", "某项目", t) for t in rows], offset_t=offset)
    read = total if isinstance(total, Reading) or total is None else seen(total)
    doc = collect(replace(doc, rows_total=read), None)
    readings = (doc.fields.get("offset_t"), doc.rows_total, *(row.amount_t for row in doc.projects))
    return [judged(reading) for reading in readings if reading is not None]


SUM: Any = ({"sum"}, set())
TWICE: Any = ({"repeated"}, set())
DIFFERS: Any = (set(), {"sum-differs"})
NOTHING: Any = (set(), set())
UNREAD = seen(None)
EITHER = seen(5_000, against=("ambiguous-number",))
UNSURE: Any = (set(), {"ambiguous-number"})
SETTLED: Any = ({"sum"}, {"ambiguous-number"})


@pytest.mark.parametrize(
    ("read", "wanted"),
    [
        ((5_000, 5_000, 4_000, 1_000), [SUM, SUM, SUM, SUM]),
        ((5_000, None, 4_000, 1_000), [SUM, SUM, SUM]),
        ((5_000, 5_000, 5_000), [TWICE, TWICE, TWICE]),
        ((5_000, 5_000), [TWICE, TWICE]),
        ((5_000, None), [NOTHING]),
        ((5_000, 6_000), [DIFFERS, DIFFERS]),
        ((5_000, 6_000, 4_000, 1_000), [SUM, DIFFERS, SUM, SUM]),
        # One figure read wrong twice is no sum of rows that say otherwise.
        ((6_000, 6_000, 4_000, 1_000), [TWICE, TWICE, DIFFERS, DIFFERS]),
        # A row that could not be read may hold the difference.
        ((5_000, None, 4_000, UNREAD), [NOTHING, NOTHING, NOTHING]),
        ((5_000, 5_000, 4_000, UNREAD), [TWICE, TWICE, NOTHING, NOTHING]),
        ((EITHER, None, 4_000, 1_000), [SETTLED, SUM, SUM]),
        ((EITHER, EITHER), [UNSURE, UNSURE]),
    ],
)
def test_amounts_speak_for_each_other(
    read: tuple[Any, ...], wanted: list[tuple[set[str], set[str]]]
) -> None:
    assert amounts(*read) == wanted


def test_a_figure_misread_alike_in_two_places_is_not_accepted_on_one_engine() -> None:
    def one(value: Any) -> Reading:
        return seen(value, "ppocr-v6", confidence=0.9)

    doc = decide(replace(form(seen, offset_t=one(6_000)), rows_total=one(6_000)))
    assert doc.rows_total is not None
    assert not doc.rows_total.accepted
    assert not doc.fields["offset_t"].accepted


@pytest.mark.parametrize(
    ("obligation", "offset", "rows", "implausible"),
    [
        (100_000, 50_000, (), ()),
        (100_000, 40_000, (), ()),
        (100_000, 50_001, (), ("obligation_t", "offset_t")),
        (9_000, 5_000, PROJECTS, ("obligation_t",)),
        (None, 5_000, (), ()),
        (100, None, (), ()),
    ],
)
def test_more_than_half_the_obligation_is_hardly_meant(
    obligation: int | None, offset: int | None, rows: Any, implausible: tuple[str, ...]
) -> None:
    doc = collect(form(seen, rows=rows, obligation_t=obligation, offset_t=offset), None)
    found = [name for name, reading in doc.fields.items() if "implausible" in reading.against]
    assert sorted(found) == sorted(implausible)


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        (USCC, ({"check-character", "organisation-check"}, set())),
        ("91130199MA0A1B2C3E", ({"check-character"}, set())),
        (USCC[:-1] + "0", (set(), {"check-fails"})),
        (UNREAD, NOTHING),
    ],
)
def test_the_check_characters_of_a_code(code: Any, wanted: Any) -> None:
    assert of(form(seen, uscc=code), "uscc") == wanted


@pytest.mark.parametrize(
    ("province", "name", "there"),
    [
        ("河北省", NAME, True),
        ("河南省", NAME, False),
        ("河北省", "某某热力有限公司", False),
        ("内蒙古自治区", "内蒙古某热力有限公司", True),
        ("内蒙古自治区", "内江某热力有限公司", False),
        ("黑龙江省", "黑龙江某热力有限公司", True),
        ("黑龙江省", "黑龙某热力有限公司", False),
        ("", NAME, False),
    ],
)
def test_a_name_that_begins_with_the_province(province: str, name: str, there: bool) -> None:
    evidence, _ = of(form(seen, province=province, enterprise_name=name), "province")
    assert ("place" in evidence) is there


@pytest.mark.parametrize(
    ("ring", "there"),
    [
        (seal(), True),
        (seal(NAME + "公章"), True),
        (seal(OTHER_NAME), False),
        (seal(tries=(NAME, NAME)), True),
        (seal(tries=(NAME, OTHER_NAME)), True),
        # Its text may have been taken from the paper: one lonely reading was the same.
        (seal(tries=(OTHER_NAME, NAME)), False),
        (seal(tries=(OTHER_NAME,)), True),
    ],
)
def test_a_ring_speaks_for_the_name_where_it_says_it_itself(ring: Any, there: bool) -> None:
    for doc, name in ((form(seen), "enterprise_name"), (shot(seen), "account_name")):
        evidence, _ = of(replace(doc, seals=(seal(""), ring)), name)
        assert ("seal" in evidence) is there


@pytest.mark.parametrize(
    ("serial", "quantity", "wanted"),
    [
        (seen("100000-103999"), 4_000, ({"serial-span"}, set())),
        (seen("100000-104000"), 4_000, (set(), {"serial-span-differs"})),
        (seen("某号"), 4_000, NOTHING),
        (seen("100000-103999"), None, NOTHING),
        (UNREAD, 4_000, NOTHING),
    ],
)
def test_a_block_of_serials_and_its_quantity(serial: Reading, quantity: Any, wanted: Any) -> None:
    doc = shot(seen)
    one = replace(doc.records[0], serial=serial, quantity_t=seen(quantity))
    (found,) = collect(replace(doc, records=(one,)), None).records
    assert judged(found.serial) == judged(found.quantity_t) == wanted


def test_a_record_confirms_the_cells_of_its_row() -> None:
    tables = registry(cancellation_rows=[replace(record("CCER-0730", 4_000), project_name="甲")])
    # The last one has nothing in common with any record.
    rows = (("CCER-0730", 4_000), ("CCER-0730", 4_001), ("CCER-1194", 4_000), ("JX-9", 77))
    doc = shot(seen, rows=rows)
    named = tuple(replace(one, project_name=seen("甲")) for one in doc.records[:-1])
    first, *others = collect(replace(doc, records=(*named, doc.records[-1])), tables).records
    told = {name for name in vars(first) if (cell := getattr(first, name)) and cell.evidence}
    assert told == {"project_code", "project_name", "quantity_t", "time"}
    for other in others:
        assert not any(cell.evidence for cell in vars(other).values() if cell)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"project_name": seen("乙")}, "project_name"),
        ({"time": seen("2021-11-25T15:18:47+08:00")}, "time"),
    ],
)
def test_a_cell_that_the_record_has_otherwise_is_not_confirmed(
    change: dict[str, Reading], name: str
) -> None:
    tables = registry(cancellation_rows=[replace(record("CCER-0730", 4_000), project_name="甲")])
    doc = shot(seen)
    one = replace(doc.records[0], **change)
    (found,) = collect(replace(doc, records=(one,)), tables).records
    assert judged(getattr(found, name)) == NOTHING
    assert judged(found.quantity_t) == ({"registry"}, set())


def test_a_record_without_a_time_confirms_none() -> None:
    tables = registry(cancellation_rows=[replace(record("CCER-0730", 4_000), time=None)])
    first = collect(shot(seen), tables).records[0]
    assert (judged(first.time), judged(first.project_code)) == (NOTHING, ({"registry"}, set()))


OTHER_TIME = "2021-11-20T10:00:00"


@pytest.mark.parametrize(
    ("others", "cells", "told"),
    [
        # The account cancelled less of the same project another day: 4,000 may be a lost figure.
        ([record("CCER-0730", 14_000, OTHER_TIME)], {}, True),
        ([record("CCER-0730", 14_000, OTHER_TIME)], {"time": None}, False),
        (
            [record("CCER-0730", 14_000, OTHER_TIME)],
            {"time": seen("2021-11-20T10:00:00+08:00")},
            False,
        ),
        ([record("CCER-0730", 14_000)], {}, False),
        ([replace(record("CCER-0730", 14_000), time=None)], {}, False),
        (
            [replace(record("CCER-0730", 14_000), serial="1-14000")],
            {"serial": seen("1-4000")},
            True,
        ),
        (
            [replace(record("CCER-0730", 14_000), serial="1-4000")],
            {"serial": seen("1-4000")},
            False,
        ),
        # As much of another project, whose number differs in a figure.
        ([record("CCER-0739", 4_000)], {}, False),
        (
            [replace(record("CCER-0739", 4_000), project_name="乙")],
            {"project_name": seen("甲")},
            True,
        ),
        (
            [replace(record("CCER-0739", 4_000), project_name="甲")],
            {"project_name": seen("甲")},
            False,
        ),
        # Another project in another quantity is no rival; nor is another operation just like it.
        ([record("CCER-0739", 4_001)], {}, True),
        ([record("CCER-0730", 4_000, OTHER_TIME)], {}, True),
    ],
)
def test_where_records_are_alike_the_row_s_other_cells_must_tell(
    others: list[CancellationRecord], cells: dict[str, Reading | None], told: bool
) -> None:
    own = replace(record("CCER-0730", 4_000), project_name="甲", serial="1-4000")
    doc = shot(seen)
    row = replace(doc.records[0], **cells)
    tables = registry(cancellation_rows=[*others, own])
    (found,) = collect(replace(doc, records=(row,)), tables).records
    for cell in (found.quantity_t, found.project_code):
        assert cell is not None
        assert ("registry" in cell.evidence) is told


@pytest.mark.parametrize(
    ("change", "confirms"),
    [
        ({}, True),
        # Of another day: what was cancelled today is not imported yet.
        ({"time": at("2021-11-01T15:18:46")}, False),
        ({"time": at("2021-11-25T00:00:00")}, True),
        ({"time": None}, True),
        ({"operation": "交易转入"}, False),
        ({"operation": "注销"}, True),
        ({"serial": "1 至 4000"}, True),
        ({"serial": "1 至 4001"}, False),
    ],
)
def test_a_record_of_another_day_kind_or_serial_confirms_nothing(
    change: dict[str, Any], confirms: bool
) -> None:
    doc = shot(seen)
    row = replace(doc.records[0], serial=seen("1-4000"))
    tables = registry(cancellation_rows=[replace(record("CCER-0730", 4_000), **change)])
    (found,) = collect(replace(doc, records=(row,)), tables).records
    assert found.quantity_t is not None
    assert ("registry" in found.quantity_t.evidence) is confirms


def test_an_operation_of_another_kind_is_no_rival() -> None:
    bought = replace(record("CCER-0730", 14_000), operation="交易转入")
    tables = registry(cancellation_rows=[record("CCER-0730", 4_000), bought])
    first = collect(shot(seen), tables).records[0]
    assert judged(first.quantity_t) == ({"registry"}, set())


def test_a_record_that_another_cell_speaks_against_confirms_nothing_among_rivals() -> None:
    tables = registry(
        cancellation_rows=[record("CCER-0730", 4_000), record("CCER-0730", 14_000, OTHER_TIME)]
    )
    doc = shot(seen, time="2021-11-24T09:00:00+08:00")
    assert judged(collect(doc, tables).records[0].quantity_t) == NOTHING


def test_records_confirm_a_form() -> None:
    doc = collect(form(seen), registry())
    for name in ("uscc", "enterprise_name", "obligation_t", "account_no"):
        assert "registry" in doc.fields[name].evidence, name
    for row in doc.projects:
        assert judged(row.name) == judged(row.code) == ({"registry"}, set())
        assert judged(row.amount_t) == SUM
    assert "registry" not in doc.fields["offset_t"].evidence


@pytest.mark.parametrize(
    ("fields", "tables", "name"),
    [
        ({"uscc": "91510199MA0A1B2C2L"}, registry(), "uscc"),
        ({"enterprise_name": OTHER_NAME}, registry(), "enterprise_name"),
        ({"enterprise_name": OTHER_NAME}, registry(), "account_no"),
        ({"account_no": "CN-100-9999999"}, registry(), "account_no"),
        ({}, registry(accounts=[Account(ACCOUNT, OTHER_NAME)]), "account_no"),
        ({}, registry(entities=[]), "obligation_t"),
    ],
)
def test_records_of_others_confirm_nothing(fields: Any, tables: Any, name: str) -> None:
    assert "registry" not in of(form(seen, **fields), name, tables)[0]


def test_an_obligation_that_the_record_has_otherwise() -> None:
    for fields in ({}, {"uscc": None}, {"enterprise_name": None}):
        said = of(form(seen, obligation_t=100_001, **fields), "obligation_t", registry())
        assert said == (set(), {"registry-differs"})
    assert of(form(seen, obligation_t=UNREAD), "obligation_t", registry()) == NOTHING


@pytest.mark.parametrize("name", ["甘肃远岫风电项目", None])
def test_a_project_is_known_by_number_and_name_together(name: str | None) -> None:
    doc = form(seen)
    read = seen(name) if name else None
    first = ProjectRow(read, doc.projects[0].code, doc.projects[0].amount_t)
    row = collect(replace(doc, projects=(first,)), registry()).projects[0]
    assert judged(row.code) == NOTHING


def test_the_account_of_a_screenshot_is_known_by_number_and_holder() -> None:
    doc = collect(shot(seen), registry())
    assert judged(doc.fields["account_no"]) == ({"registry"}, set())
    assert judged(doc.fields["account_name"]) == ({"registry", "seal"}, set())
    other = collect(shot(seen), registry(accounts=[Account(ACCOUNT, OTHER_NAME)]))
    assert judged(other.fields["account_no"]) == NOTHING
    assert judged(other.fields["account_name"]) == ({"seal"}, set())


def test_a_record_vouches_for_the_name_of_its_project() -> None:
    (code, name, t), *_ = PROJECTS
    known = replace(record(code, t), project_name=name)
    doc = shot(seen, rows=((code, t),))
    doc = replace(doc, records=(replace(doc.records[0], project_name=seen(name)),))
    (row,) = collect(doc, registry(cancellation_rows=[known])).records
    assert "registry" in judged(row.project_name)[0]
    other = replace(known, project_name="另一项目")
    (row,) = collect(doc, registry(cancellation_rows=[other])).records
    assert "registry" not in judged(row.project_name)[0]
