from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from procedure.acceptance import decide
from procedure.checking import comparable, readable
from procedure.checks import (
    ApplicationView,
    World,
    check_application,
)
from procedure.cycle import Cycle
from procedure.evidence import ABOUT_PAPER
from procedure.findings import Finding
from procedure.readings import DocumentReading, ProjectRow, Reading
from procedure.registry import Account, Entity, Holding, Project
from procedure.registryview import RegistryTables
from tests.procedure.made import (
    ACCOUNT,
    CYCLE,
    ENTITY,
    OTHER_NAME,
    PROVINCES,
    USCC,
    at,
    form,
    native,
    record,
    registry,
    seen,
)
from tests.settled import settled

RECEIVED = at("2021-11-03T09:00")
OTHER = Entity(OTHER_NAME, "91510199MA0A1B2C2L", "51", 70_000)


def check(
    doc: DocumentReading, tables: RegistryTables | None = None, **more: Any
) -> tuple[Finding, ...]:
    world = World(CYCLE, PROVINCES, tables, more.pop("served", None))
    return check_application(ApplicationView(decide(doc, tables), **more), world)


def rules(found: tuple[Finding, ...]) -> dict[str, str]:
    return {finding.rule: finding.severity for finding in found}


def test_a_right_form_has_no_finding_with_the_registry() -> None:
    tables = registry()
    assert check(form(native), tables, received_at=RECEIVED, served=frozenset({"13"})) == ()
    assert check(form(seen), tables, received_at=RECEIVED) == ()


def test_a_right_form_on_paper_alone_has_one_note() -> None:
    assert rules(check(form(native))) == {"checks-not-run": "note"}
    assert rules(check(form(seen))) == {"checks-not-run": "note"}


THREE = ("ppocr-v6", "ppocr-v4", "tesseract")


@pytest.mark.parametrize(
    ("fields", "rule", "severity"),
    [
        ({"offset_t": 5_001}, "offset-cap", "error"),
        ({"uscc": USCC[:-1] + "0"}, "uscc-check", "error"),
        ({"uscc": "9113"}, "uscc-check", "error"),
        ({"date": "2021-12-11"}, "form-date", "warning"),
        ({"date": "2021-10-25"}, "form-date", "warning"),
        ({"offset_t": None}, "required-field", "warning"),
        ({"offset_t": native(0)}, "required-field", "error"),
        ({"offset_t": 4_000}, "rows-total", "error"),
    ],
)
def test_faults_of_the_paper_alone(fields: dict[str, Any], rule: str, severity: str) -> None:
    found = check(form(native, **fields))
    assert rules(found)[rule] == severity
    one = next(finding for finding in found if finding.rule == rule)
    assert one.clause == CYCLE.clause(rule)
    assert one.message.endswith("。")


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"offset_t": 6_000, "rows": (("CCER-1", "某某项目", 6_000),)}, "offset-cap"),
        ({"uscc": "914606997829602914"}, "uscc-check"),
        ({"uscc": seen("914606997829602914", "ppocr-v6")}, "uscc-check"),
        ({"uscc": seen("914606997829602914", *THREE, confidence=0.85)}, "uscc-check"),
        # Two that surely agree do not share a slip, but for a last U read as 0.
        ({"uscc": seen("91441599MA2HQGYHXQ", confidence=0.98)}, "uscc-check"),
        # No slip that engines are known for would make this one right.
        ({"uscc": seen("91130199MA00000013", confidence=0.97)}, "uscc-check"),
        ({"date": "2021-12-11"}, "form-date"),
        ({"offset_t": 4_000}, "rows-total"),
    ],
)
def test_faults_are_found_on_pictures_too(fields: dict[str, Any], rule: str) -> None:
    assert rule in rules(check(form(seen, **fields)))


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        # What one engine half saw is no reason to alarm anybody.
        ({"offset_t": seen(6_000, "ppocr-v6", confidence=0.8)}, "offset-cap"),
        ({"uscc": seen("914606997829602914", "ppocr-v6", confidence=0.9)}, "uscc-check"),
        ({"uscc": seen("914606997829602914", *THREE[:2], confidence=0.85)}, "uscc-check"),
        ({"uscc": seen(USCC[:-1])}, "uscc-check"),
        ({"date": seen("2021-12-11", "ppocr-v6", confidence=0.8)}, "form-date"),
        ({"date": seen("2027-11-11", "ppocr-v6")}, "form-date"),
        # A lost digit of the obligation is no wish for 50%.
        ({"obligation_t": seen(10_000, "ppocr-v6")}, "offset-cap"),
        # Slips that recognisers share: U for 0 at the end, G for 6.
        ({"uscc": seen("91361799549170824" + "0")}, "uscc-check"),
        ({"uscc": seen("91361799549170824" + "0", confidence=0.985)}, "uscc-check"),
        ({"uscc": seen("91441599MA2HQGYHXQ", confidence=0.97)}, "uscc-check"),
        ({"uscc": seen("91441599MA2HQGYHXQ", "ppocr-v6", confidence=0.99)}, "uscc-check"),
        # A person who found none where one was read.
        ({"uscc": Reading("", "", 1.0, evidence=("person",))}, "uscc-check"),
    ],
)
def test_doubtful_readings_raise_no_alarm(fields: dict[str, Any], rule: str) -> None:
    assert rule not in rules(check(form(seen, **fields)))


@pytest.mark.parametrize(("handwritten", "accepted"), [(True, True), (True, False), (False, False)])
def test_a_date_by_hand_is_warned_of_once_it_is_accepted(handwritten: bool, accepted: bool) -> None:
    """Both engines lose a stroke alike: 11月 becomes 1月."""
    date = native("2021-01-12") if accepted else seen("2021-01-12", "ppocr-v6")
    doc = replace(form(seen, date=date), handwritten=handwritten)
    assert ("form-date" in rules(check(doc))) is (accepted or not handwritten)


@pytest.mark.parametrize("handwritten", [True, False])
@pytest.mark.parametrize(
    ("value", "others", "told"),
    [
        ("2021-09-06", ("2021-09-02", "2021-09-29"), True),
        ("2021-12-17", ("2021-12-11",), True),
        ("2021-09-06", (), False),
        ("2021-09-06", ("2021-12-17",), False),
        ("2021-09-06", ("2021-11-06",), False),
        # 11月 and 12月 that lost a stroke.
        ("2021-01-06", ("2021-01-08",), False),
        ("2021-02-06", ("2021-09-06",), False),
        ("2021-09-06", ("2021年9月",), False),
        ("2027-09-06", ("2027-09-02",), False),
    ],
)
def test_a_date_whose_day_is_unclear_is_outside_whichever_it_is(
    value: str, others: tuple[str, ...], told: bool, handwritten: bool
) -> None:
    date = replace(
        seen(value, "ppocr-v6", confidence=0.98, against=("engine-disagrees",)), candidates=others
    )
    doc = replace(form(seen, date=date), handwritten=handwritten)
    assert ("form-date" in rules(check(doc))) is told
    unsure = replace(date, confidence=0.95)
    assert "form-date" not in rules(check(form(seen, date=unsure)))


@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize("steady", [True, False])
def test_amounts_by_hand_are_compared_where_they_stand_firm(at: int, steady: bool) -> None:
    """A 3 that a speck closes is an 8 to both engines: no difference to tell anybody of."""
    firm: list[tuple[str, ...]] = [("steady",)] * 3
    firm[at] = ("steady",) if steady else ()
    first, second, offset = (
        seen(t, evidence=e) for t, e in zip((4_000, 1_000, 4_900), firm, strict=True)
    )
    rows = (ProjectRow(amount_t=first), ProjectRow(amount_t=second))
    doc = replace(form(seen, offset_t=offset), projects=rows)
    assert rules(check(doc))["rows-total"] == "warning"
    by_hand = rules(check(replace(doc, handwritten=True)))["rows-total"]
    assert by_hand == ("warning" if steady else "note")


@pytest.mark.parametrize("twice", [True, False])
def test_amounts_by_hand_are_compared_where_they_stand_twice(twice: bool) -> None:
    rows = (ProjectRow(amount_t=seen(6_000)),) if twice else ()
    doc = form(seen, rows=(), offset_t=seen(6_000), obligation_t=native(100_000))
    found = rules(check(replace(doc, handwritten=True, projects=rows)))
    assert found["offset-cap"] == ("warning" if twice else "note")


@pytest.mark.parametrize(
    ("tonnes", "doubt", "compared"),
    [
        (10_000, "unit-unclear", True),
        (9_999, "unit-unclear", False),
        (10_000, "rows-unclear", False),
    ],
)
def test_an_unread_unit_is_no_doubt_of_what_is_far_too_much_for_myriads(
    tonnes: int, doubt: str, compared: bool
) -> None:
    amount = seen(tonnes, confidence=0.91, against=(doubt,))
    assert comparable(amount) is compared


@pytest.mark.parametrize(
    ("text", "tonnes", "more", "compared"),
    [
        ("187,8393", 1_878_393, (), True),
        ("36128751吨", 36_128_751, (), True),
        # A point may be one of 万吨: 123.4 of them, and 2.724 whose 万 was lost.
        ("123.400", 123_400, ("unit-unclear",), False),
        ("187,8393", 1_878_393, ("unit-unclear",), False),
        ("12.724", 12_724, (), False),
        ("2，724．", 2_724, (), False),
        ("2306,6638万吨", 23_066_638, (), False),
    ],
)
def test_a_comma_in_the_wrong_place_is_no_doubt_of_an_amount_but_a_point_is(
    text: str, tonnes: int, more: tuple[str, ...], compared: bool
) -> None:
    against = ("ambiguous-number", *more)
    amount = replace(seen(tonnes, confidence=0.93, against=against), text=text)
    assert comparable(amount) is compared


@pytest.mark.parametrize(
    ("confidence", "evidence", "compared"),
    [(0.9, (), True), (0.89, (), False), (0.8, ("repeated",), True), (0.79, ("repeated",), False)],
)
def test_what_stands_in_two_places_is_compared_though_less_sure(
    confidence: float, evidence: tuple[str, ...], compared: bool
) -> None:
    amount = seen(5_001, confidence=confidence, evidence=evidence)
    assert comparable(amount) is compared


@pytest.mark.parametrize(
    ("offset", "handwritten", "told"),
    [
        (seen(5_001, confidence=0.9), False, "warning"),
        (seen(5_001, confidence=0.89), False, None),
        (seen(5_001, "ppocr-v6", confidence=0.95), False, None),
        (seen(5_001, confidence=0.9, against=("unread-ink",)), False, None),
        (seen(5_001, confidence=0.9, against=("sum-differs",)), False, "warning"),
        (seen(5_001, confidence=0.989), True, "note"),
        (seen(5_001, confidence=0.99), True, "warning"),
        (seen(5_001, "ppocr-v6", confidence=0.99), True, "note"),
        (seen(5_001, confidence=0.97, evidence=("steady",)), True, "warning"),
    ],
)
def test_what_two_agree_on_is_compared_though_they_are_unsure(
    offset: Reading, handwritten: bool, told: str | None
) -> None:
    doc = replace(form(seen, rows=(), offset_t=offset), handwritten=handwritten)
    doc = replace(doc, fields={**doc.fields, "obligation_t": native(100_000)})
    assert rules(check(doc)).get("offset-cap") == told


def test_an_unaccepted_value_gives_a_warning_at_most() -> None:
    doc = form(seen, rows=(), offset_t=seen(5_200, "ppocr-v6"))
    assert rules(check(doc))["offset-cap"] == "warning"


def test_organisation_code_is_a_warning() -> None:
    assert rules(check(form(native, uscc="91130199MA0A1B2C3E"))) == {
        "uscc-check": "warning",
        "checks-not-run": "note",
    }


def test_window_is_judged_by_receipt_in_beijing() -> None:
    doc = form(native, date="2021-12-10")
    assert "window" not in rules(check(doc, received_at=at("2021-12-10T23:59:59")))
    assert rules(check(doc, received_at=at("2021-12-11T00:00")))["window"] == "error"
    assert rules(check(doc, received_at=at("2021-10-25T23:59")))["window"] == "error"


def test_a_form_dated_after_its_receipt() -> None:
    assert "form-date" in rules(check(form(native), received_at=at("2021-11-02T09:00")))


@pytest.mark.parametrize(
    ("offset", "total", "told"),
    [
        (Reading(None, against=("ambiguous-number",)), seen(5_001), "warning"),
        (None, native(5_001), "warning"),
        (Reading(None), seen(5_000), None),
        (Reading(None), seen(5_001, "ppocr-v6", confidence=0.5), None),
        (Reading(None), None, None),
        # What the form itself says counts.
        (native(5_000), native(5_001), None),
        (native(5_001), native(5_000), "error"),
    ],
)
def test_where_nobody_read_the_offset_the_total_of_its_projects_tells(
    offset: Reading | None, total: Reading | None, told: str | None
) -> None:
    doc = replace(form(native, offset_t=offset), rows_total=total)
    assert rules(check(doc)).get("offset-cap") == told


@pytest.mark.parametrize(
    ("fields", "tables", "rule"),
    [
        ({}, registry(entities=[OTHER]), "entity-known"),
        ({"enterprise_name": "河北衡岚热力有限责任公司"}, registry(), "entity-name"),
        ({"uscc": "91130199MA0A1B2C3E"}, registry(), "uscc-record"),
        ({"province": "山东省"}, registry(), "entity-province"),
        ({"obligation_t": 100_001}, registry(), "obligation-record"),
        ({}, registry(entities=[replace(ENTITY, obligation_t=99_999)]), "offset-cap"),
        ({}, registry(accounts=[]), "account-owner"),
        ({}, registry(accounts=[Account(ACCOUNT, OTHER_NAME, OTHER.uscc)],
                      entities=[replace(ENTITY, account_no="")]), "account-owner"),
        ({}, registry(holding_rows=[Holding(ACCOUNT, "CCER-0730", 9_000)]), "holdings"),
        ({}, registry(projects=[Project("CCER-0730", "甲", True), Project("CCER-1194", "乙")]),
         "project-covered"),
        ({}, registry(projects=[
            Project("CCER-0730", "甲", None, date(2017, 3, 1), date(2018, 1, 1)),
            Project("CCER-1194", "乙")]), "project-period"),
    ],
)  # fmt: skip
def test_faults_against_the_records(
    fields: dict[str, Any], tables: RegistryTables, rule: str
) -> None:
    found = check(form(native, **fields), tables)
    assert rules(found)[rule] == "error"
    public = next(f for f in found if f.rule == rule)
    shown = public.public or public.message
    for secret in ("99,999", OTHER_NAME, "9,000"):
        assert secret not in shown


def test_other_provinces_entity() -> None:
    found = check(form(native), registry(), served=frozenset({"37"}))
    assert rules(found) == {"entity-province": "error"}
    assert "河北省生态环境厅" in found[0].message
    assert "河北" not in found[0].public


def test_a_missing_account_explains_step_1_with_the_nine_exchanges() -> None:
    found = check(form(native, account_no=None), registry(accounts=[]))
    one = next(finding for finding in found if finding.rule == "account-owner")
    assert one.clause == "附件3 §2 step 1"
    assert all(exchange in one.message for exchange in CYCLE.exchanges)


def test_a_form_that_only_leaves_the_account_out_is_fine_where_there_is_one() -> None:
    assert check(form(native, account_no=None), registry()) == ()


def test_partly_eligible_and_unknown_projects_are_warnings() -> None:
    partly = Project(
        "CCER-0730", "甲", produced_from=date(2016, 1, 1), produced_to=date(2017, 12, 31)
    )
    found = check(form(native), registry(projects=[partly]))
    assert rules(found) == {"project-period": "warning", "project-known": "warning"}


def test_the_last_day_of_february_2017_is_eligible() -> None:
    rows = [
        Project(code, "甲", produced_to=date(2017, 2, 28)) for code in ("CCER-0730", "CCER-1194")
    ]
    assert check(form(native), registry(projects=rows)) == ()


def test_what_was_cancelled_since_counts_as_held() -> None:
    tables = registry(holding_rows=[], cancellation_rows=[
        record("CCER-0730", 4_000), record("CCER-1194", 1_000)
    ])  # fmt: skip
    assert check(form(native), tables, received_at=RECEIVED) == ()
    assert "holdings" in rules(check(form(native), tables, received_at=at("2021-11-26T09:00")))


def test_missing_kinds_are_named_in_the_note() -> None:
    found = check(form(native), RegistryTables(entities=[ENTITY]))
    assert [finding.rule for finding in found] == ["checks-not-run"]
    assert "账户核对" in found[0].message
    assert "应清缴" not in found[0].message


@pytest.mark.parametrize(
    ("cycle", "project", "received", "wanted"),
    [
        ("2024", {"registered_on": date(2024, 3, 1)}, "2025-10-01", {}),
        ("2024", {"registered_on": date(2024, 1, 22)}, "2025-10-01", {}),
        ("2024", {"registered_on": date(2024, 1, 21)}, "2025-10-01", {"project-period": "error"}),
        ("2024", {"registered_on": date(2023, 3, 1)}, "2025-10-01", {"project-period": "error"}),
        ("2024", {}, "2025-10-01", {"project-period": "warning"}),
        ("2024", {"produced_to": date(2016, 1, 1)}, "2025-10-01", {"project-period": "warning"}),
        ("2023", {"produced_to": date(2016, 1, 1)}, "2024-10-01", {}),
        ("2023", {"produced_to": date(2016, 1, 1)}, "2025-01-01", {"project-period": "error"}),
        ("2023", {"produced_to": date(2016, 1, 1)}, "2024-12-31", {}),
        ("2023", {"registered_on": date(2024, 3, 1)}, "2025-01-01", {}),
        ("2023", {"registered_on": date(2024, 1, 22)}, "2025-01-01", {}),
    ],
)
def test_later_cycles_have_rules_of_their_own(
    cycle: str, project: dict[str, Any], received: str, wanted: dict[str, str]
) -> None:
    assert eligibility(settled(cycle), Project("CCER-0364", "甲", **project), received) == wanted


def test_a_cycle_that_says_nothing_of_time_asks_nothing_of_it() -> None:
    free = replace(settled("2023"), eligible_before=None, registered_from=None)
    project = Project("CCER-0364", "甲")
    old, late = date(2023, 3, 1), date(2020, 1, 1)
    for one in (project, replace(project, registered_on=old), replace(project, produced_to=late)):
        assert eligibility(free, one, DAY) == {}


@pytest.mark.parametrize("code", [None, native(None), native("JX-404")])
def test_a_project_that_cannot_be_looked_up_does_not_hide_the_next(code: Any) -> None:
    doc = form(native)
    doc = replace(doc, projects=(replace(doc.projects[0], code=code), doc.projects[1]))
    tables = registry(projects=[Project("CCER-1194", "乙", True)], holding_rows=None)
    found = rules(check(doc, tables))
    assert found.pop("checks-not-run") == "note"
    unknown = {"project-known": "warning"} if code and code.value else {}
    assert found == {"project-covered": "error", **unknown}


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        ((6_000, 9_000), {}),
        ((5_999, 9_000), {"holdings": "error"}),
        ((4_000, 900), {"holdings": "error"}),
    ],
)
def test_two_rows_of_one_project_need_both_their_amounts(
    held: tuple[int, int], wanted: dict[str, str]
) -> None:
    rows = (("CCER-0730", "甲", 3_000), ("CCER-0730", "甲", 3_000), ("CCER-1194", "乙", 900))
    doc = form(native, rows=rows, offset_t=6_900, obligation_t=200_000)
    entity = replace(ENTITY, obligation_t=200_000)
    holdings = [Holding(ACCOUNT, row[0], t) for row, t in zip(rows[1:], held, strict=True)]
    tables = registry(entities=[entity], holding_rows=holdings, cancellation_rows=[])
    assert rules(check(doc, tables)) == wanted


def test_only_the_types_that_a_cycle_names_may_be_used() -> None:
    cycle = settled("2024", project_types=["造林碳汇", "并网光热发电"])
    when = date(2024, 3, 1)
    found = [
        eligibility(cycle, Project("CCER-0364", "甲", registered_on=when, project_type=kind), DAY)
        for kind in ("造林碳汇", "风电", "")
    ]
    assert found == [{}, {"project-type": "error"}, {"project-type": "warning"}]


DAY = "2025-10-01"


def eligibility(cycle: Cycle, project: Project, received: str) -> dict[str, str]:
    """What is found about a form's one project."""
    doc = form(native)
    codes = [str(row.code.value) for row in doc.projects if row.code]
    tables = RegistryTables(projects=tuple(replace(project, code=code) for code in codes))
    view = ApplicationView(decide(doc, tables), at(f"{received}T10:00"))
    found = check_application(view, World(cycle, PROVINCES, tables))
    return {one.rule: one.severity for one in found if one.rule.startswith("project-")}


@pytest.mark.parametrize(
    ("reading", "wanted"),
    [
        (seen("甲", "ppocr-v6", confidence=0.96), True),
        (seen("甲", "ppocr-v6", confidence=0.959), False),
        (replace(seen("甲", confidence=0.96), against=("check-fails",)), True),
        (replace(seen("甲", confidence=0.959), against=("check-fails",)), False),
        (replace(seen("甲", "ppocr-v6", "ppocr-v6/red"), against=("check-fails",)), False),
        (replace(seen("甲"), against=tuple(sorted(ABOUT_PAPER - {"implausible"}))), True),
        (replace(seen("甲"), against=("implausible",)), False),
        (replace(seen("甲"), against=("check-fails", "seal-differs")), False),
        (replace(seen("甲", *THREE), against=("seal-differs",)), True),
        (seen("甲", confidence=0.99, against=("seal-differs",)), True),
        (seen("甲", confidence=0.98, against=("seal-differs",)), False),
        (seen("甲", "ppocr-v6", confidence=0.99, against=("seal-differs",)), False),
        (replace(seen("甲", *THREE, confidence=0.959), against=("seal-differs",)), False),
        (replace(seen("甲", *THREE[:2]), against=("seal-differs",)), False),
        (replace(seen("甲", *THREE), against=("engine-disagrees", "seal-differs")), False),
        (replace(native("甲"), evidence=()), False),
        (replace(native("甲"), accepted=True), True),
        (replace(native(None), accepted=True), False),
        (None, False),
    ],
)
def test_what_is_read_well_enough_for_a_look(reading: Reading | None, wanted: bool) -> None:
    assert readable(reading) is wanted
