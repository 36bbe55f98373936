from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from procedure.acceptance import decide
from procedure.case import derive
from procedure.checks import (
    Claim,
    ProofView,
    World,
    check_cancellation,
    claim_of,
    claim_of_reading,
)
from procedure.findings import Finding
from procedure.readings import DocumentReading
from procedure.registryview import RegistryTables
from tests.procedure.made import (
    ACCOUNT,
    CYCLE,
    NAME,
    OTHER_NAME,
    PROVINCES,
    at,
    confirmed,
    filed,
    form,
    native,
    record,
    registry,
    seal,
    seen,
    shot,
)

CLAIM = Claim(
    1, 5_000, ACCOUNT, NAME, (("CCER-0730", 4_000), ("CCER-1194", 1_000)), at("2021-11-05T10:20")
)


def check(
    doc: DocumentReading,
    tables: RegistryTables | None = None,
    claims: tuple[Claim, ...] = (CLAIM,),
    **more: Any,
) -> tuple[Finding, ...]:
    world = World(CYCLE, PROVINCES, tables)
    return check_cancellation(ProofView(decide(doc, tables), claims=claims, **more), world)


def rules(found: tuple[Finding, ...]) -> dict[str, str]:
    return {finding.rule: finding.severity for finding in found}


def test_a_right_screenshot_has_no_finding() -> None:
    assert check(shot(native), registry()) == ()
    assert check(shot(seen), registry()) == ()
    assert rules(check(shot(native), claims=())) == {"checks-not-run": "note"}


@pytest.mark.parametrize(
    ("change", "rule", "severity"),
    [
        ({"rows": (("CCER-0730", 4_001), ("CCER-1194", 1_000))}, "cancel-quantity", "error"),
        ({"rows": (("CCER-0730", 3_999), ("CCER-1194", 1_000))}, "cancel-quantity", "warning"),
        ({"rows": (("CCER-0730", 4_000),)}, "cancel-quantity", "warning"),
        ({"rows": (("CCER-0730", 4_000), ("JX-1", 1_000))}, "cancel-project", "error"),
        ({"account_no": "CN-100-9999999"}, "cancel-account", "error"),
        ({"account_name": OTHER_NAME}, "cancel-account", "error"),
        ({"time": "2021-12-15T17:00:00+08:00"}, "cancel-deadline", "error"),
        ({"time": "2021-11-05T10:19:59+08:00"}, "cancel-before-confirmation", "warning"),
    ],
)
def test_differences(change: dict[str, Any], rule: str, severity: str) -> None:
    found = check(shot(native, **change))
    assert rules(found)[rule] == severity
    assert next(f for f in found if f.rule == rule).clause == "附件3 §2 step 5"


def test_one_second_before_the_deadline_is_in_time() -> None:
    found = check(shot(native, time="2021-12-15T16:59:59+08:00"))
    assert "cancel-deadline" not in rules(found)


def test_a_screenshot_against_the_form_as_read() -> None:
    """As `clerk read form screenshot` does: a quantity that differs from the form is found."""
    rows = (("CCER-0730", 3_999), ("CCER-1194", 1_000))
    for make in (native, seen):
        claim = claim_of_reading(decide(form(make)))
        assert check(shot(make), claims=(claim,)) == check(shot(make), claims=())
        assert "cancel-quantity" in rules(check(shot(make, rows=rows), claims=(claim,)))


def test_a_badly_read_form_raises_no_alarm() -> None:
    def poor(value: Any) -> Any:
        return seen(value, "ppocr-v6", confidence=0.6)

    claim = claim_of_reading(
        decide(form(poor, rows=(("CCER-O730", "某", 9),), account_no="CN-1-77"))
    )
    assert not claim.sure
    assert rules(check(shot(native), claims=(claim,))) == {"checks-not-run": "note"}


def test_other_operations_in_the_list_do_not_count() -> None:
    doc = shot(native)
    other = replace(doc.records[0], operation=native("交易转入"), quantity_t=native(11_891))
    assert check(replace(doc, records=(*doc.records, other)), registry()) == ()


def test_no_cancellation_at_all_and_an_unfinished_one() -> None:
    doc = shot(native)
    none = replace(doc, records=(replace(doc.records[0], operation=native("交易转入")),))
    assert rules(check(none))["cancel-operation"] == "warning"
    waiting = replace(doc, records=(replace(doc.records[0], status=native("待审核")),))
    assert rules(check(waiting))["cancel-operation"] == "error"


def test_the_registrys_own_record_differs() -> None:
    tables = registry(cancellation_rows=[record("CCER-0730", 3_900), record("CCER-1194", 1_000)])
    found = check(shot(native), tables)
    assert rules(found) == {"cancel-quantity": "error"}
    assert "3,900" in found[0].message
    assert "3,900" not in found[0].public


def test_not_yet_in_the_registrys_list() -> None:
    assert rules(check(shot(native), registry(cancellation_rows=[]))) == {
        "cancel-record": "warning"
    }


def test_no_warning_while_the_import_ends_before_the_cancellation() -> None:
    def found(until: str) -> dict[str, str]:
        moment = datetime.fromisoformat(until)
        return rules(
            check(shot(native), registry(cancellation_rows=[], cancellations_until=moment))
        )

    assert found("2021-11-25T15:18:45+08:00") == {"cancel-record": "note"}
    assert found("2021-11-25T15:18:46+08:00") == {"cancel-record": "warning"}
    assert found("1970-01-01T00:00:00+00:00") == {"cancel-record": "note"}


def test_serials_used_twice() -> None:
    doc = shot(native, rows=(("CCER-0730", 4_000), ("CCER-0730", 1_000)))
    first = replace(doc.records[0], serial=native("100000-103999"))
    second = replace(doc.records[1], serial=native("103999-104998"))
    assert "serial-reused" in rules(check(replace(doc, records=(first, second))))
    apart = replace(second, serial=native("104000-104999"))
    assert "serial-reused" not in rules(check(replace(doc, records=(first, apart))))
    used = check(replace(doc, records=(first,)), used_serials=("100000-103999",))
    assert "serial-reused" in rules(used)


def test_serials_of_other_projects_may_look_alike() -> None:
    doc = shot(native)
    rows = tuple(replace(row, serial=native("100000-103999")) for row in doc.records)
    assert "serial-reused" not in rules(check(replace(doc, records=rows)))


@pytest.mark.parametrize(
    ("seals", "rule"),
    [((), "seal-missing"), ((seal(OTHER_NAME),), "seal-name"), ((seal(),), None)],
)
def test_seals(seals: Any, rule: str | None) -> None:
    found = rules(check(replace(shot(native), seals=seals), registry()))
    assert found == ({rule: "error"} if rule else {})


def test_claim_of_an_application() -> None:
    app = derive([filed(), confirmed()]).applications[0]
    assert claim_of(app) == CLAIM
    assert isinstance(claim_of(app).confirmed_at, datetime)


def _with_operation(number: int, said: str, confidence: float) -> DocumentReading:
    """The screenshot of both projects; of one record the operation was read so."""
    doc = shot(seen)
    records = list(doc.records)
    records[number] = replace(
        records[number], operation=seen(said, "ppocr-v6", confidence=confidence)
    )
    return replace(doc, records=tuple(records))


@pytest.mark.parametrize(("said", "warned"), [("自愿注错", False), ("交易转入", True)])
def test_what_is_short_may_stand_in_a_record_that_nobody_could_read(
    said: str, warned: bool
) -> None:
    found = rules(check(_with_operation(1, said, 0.9)))
    assert ("cancel-quantity" in found) is warned


def test_too_much_is_too_much_whatever_else_stands_there() -> None:
    doc = _with_operation(1, "自愿注错", 0.9)
    more = replace(doc.records[0], quantity_t=seen(6_000))
    found = rules(check(replace(doc, records=(more, doc.records[1]))))
    assert "cancel-quantity" in found


def test_a_misread_operation_is_no_missing_cancellation() -> None:
    doc = _with_operation(0, "自愿注错", 0.9)
    alone = replace(doc, records=doc.records[:1])
    assert rules(check(alone))["cancel-operation"] == "note"
    other = _with_operation(0, "交易转入", 0.97)
    assert rules(check(replace(other, records=other.records[:1])))["cancel-operation"] == "warning"


def test_a_list_without_operations_is_counted_as_it_stands() -> None:
    doc = shot(seen, rows=(("CCER-0730", 4_000),))
    blank = replace(doc, records=tuple(replace(one, operation=None) for one in doc.records))
    assert "cancel-quantity" in rules(check(blank))


@pytest.mark.parametrize(("tonnes", "warned"), [(1, True), (1_000, False)])
def test_a_record_that_nobody_could_read_fills_no_more_than_it_says(
    tonnes: int, warned: bool
) -> None:
    doc = _with_operation(1, "自愿注错", 0.9)
    small = replace(doc.records[1], quantity_t=seen(tonnes))
    found = rules(check(replace(doc, records=(doc.records[0], small))))
    assert ("cancel-quantity" in found) is warned


@pytest.mark.parametrize(("confidence", "warned"), [(0.91, True), (0.89, False)])
def test_a_quantity_that_two_engines_read_alike_is_compared_though_they_are_unsure(
    confidence: float, warned: bool
) -> None:
    doc = shot(seen, rows=(("CCER-0730", 12_000),))
    unsure = replace(doc.records[0], quantity_t=seen(12_000, confidence=confidence))
    found = rules(check(replace(doc, records=(unsure,))))
    assert found.get("cancel-quantity") == ("warning" if warned else None)
