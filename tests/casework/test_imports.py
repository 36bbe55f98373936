"""Registry files: all or nothing, and what follows from them for cases."""

import pytest

from casework import decisions
from procedure.facts import Progress
from tests.casework.made import Firm, at, read
from tests.casework.office import HEBEI, Office

A = Firm(1)
B = Firm(2, "山西霁岭发电有限公司", "14", "山西省", email="b@jiling.example")
WHEN = "2021-11-08 10:00:00"


def confirmed(office: Office, tonnes: int = 5_000) -> str:
    office.entities(A, B)
    number = office.apply(A, tonnes)
    decisions.confirm(office.desk, HEBEI, number, 1)
    office.clock.to("2021-11-08 12:00")
    return number


def test_all_eight_steps(office: Office) -> None:
    office.entities(A)
    office.accounts(A)
    number = office.apply(A)
    stages = [office.stage(number)]
    decisions.confirm(office.desk, HEBEI, number, 1)
    stages.append(office.stage(number))
    office.clock.to("2021-11-08 12:00")
    office.cancellations((A, 5_000, WHEN))
    stages.append(office.stage(number))
    office.prove(A)
    stages.append(office.stage(number))
    office.clock.to("2021-12-16 12:00")
    office.credits((A, 5_000))
    stages.append(office.stage(number))
    for status in ("已申请", "省级已确认", "已登记"):
        office.surrenders((A, 5_000, status))
        stages.append(office.stage(number))
    assert stages == [
        "submitted", "confirmed", "cancelled", "verified", "credited",
        "credited", "credited", "surrendered",
    ]  # fmt: skip
    told = [one.stage for one in office.facts("progress") if isinstance(one, Progress)]
    assert told == ["verified", "credited", "surrendered"]


def test_one_bad_row_takes_none_and_every_bad_row_is_named_with_its_line(office: Office) -> None:
    head = "单位名称,统一社会信用代码,所属省份,应清缴配额"
    rows = [
        (A.name, A.uscc, "河北省", 1000),
        (B.name, "91130100", "山西省", 1000),
        ("丙有限公司", Firm(3).uscc, "亚特兰蒂斯", "很多"),
    ]
    report = office.table("entities", head, rows)
    assert not report.ok
    assert [(p.line, p.column) for p in report.problems] == [
        (3, "统一社会信用代码"), (4, "所属省份"), (4, "应清缴配额"),
    ]  # fmt: skip
    with office.store.read() as tx:
        assert tx.registry.entities() == []
        assert tx.registry.imports() == []


def test_the_same_file_twice_changes_nothing(office: Office) -> None:
    number = confirmed(office)
    first = office.cancellations((A, 2_000, WHEN), until="2021-11-08 12:00")
    before = office.events(number)
    again = office.cancellations((A, 2_000, WHEN), until="2021-11-08 12:00")
    assert (first.new, again.new) == (1, 0)
    assert again.import_id == first.import_id
    assert office.events(number) == before


def test_a_cumulative_file_adds_only_what_is_new(office: Office) -> None:
    number = confirmed(office)
    office.cancellations((A, 2_000, WHEN))
    report = office.cancellations((A, 2_000, WHEN), (A, 3_000, "2021-11-08 11:00:00"))
    assert (report.rows, report.new) == (2, 1)
    assert office.stage(number) == "cancelled"
    assert office.state(number).allotted_t == {1: 5_000}


def test_an_operation_from_an_export_with_other_columns_counts_once(office: Office) -> None:
    number = confirmed(office)
    office.cancellations((A, 2_000, "2021-11-08 10:07:31"))
    head = "账户名称,账户编号,项目编号,数量,操作类型,状态,时间,序列号,省份"
    row = (
        A.name,
        A.account,
        "CCER-0001",
        2_000,
        "自愿注销",
        "已完成",
        "2021-11-08 10:07:31",
        "1-2000",
        "河北省",
    )
    wider = office.table("cancellations", head, [row])
    assert (wider.ok, wider.rows) == (True, 1)
    assert office.state(number).allotted_t == {1: 2_000}
    narrow = office.cancellations(
        (A, 2_000, "2021-11-08 10:07:31"), (A, 3_000, "2021-11-08 11:00:00")
    )
    assert narrow.new == 1
    assert office.state(number).allotted_t == {1: 5_000}
    with office.store.read() as tx:
        (_, first), _ = tx.registry.all_cancellations()
    assert (first.project_name, first.serial) == ("项目", "1-2000")


def test_several_cancellations_are_verified_by_several_screenshots(office: Office) -> None:
    number = confirmed(office)
    office.cancellations((A, 2_000, WHEN), (A, 3_000, "2021-11-08 11:00:00"))
    office.prove(A, 2_000)
    assert office.stage(number) == "cancelled"
    office.prove(A, 3_000, time="2021-11-08T11:00:00+08:00")
    assert office.stage(number) == "verified"


def test_a_screenshot_before_the_registry_s_record_verifies_when_it_comes(office: Office) -> None:
    number = confirmed(office)
    office.prove(A)
    assert office.stage(number) == "confirmed"
    office.cancellations((A, 5_000, WHEN))
    assert office.stage(number) == "verified"


def test_two_applications_are_filled_in_the_order_of_their_confirmation(office: Office) -> None:
    number = confirmed(office, 3_000)
    office.apply(A, 2_000)
    decisions.confirm(office.desk, HEBEI, number, 2)
    office.cancellations((A, 4_000, "2021-11-08 12:30:00"))
    assert office.state(number).allotted_t == {1: 3_000, 2: 1_000}
    assert [app.stage for app in office.state(number).applications] == ["cancelled", "cancelled"]


def test_a_status_that_comes_back_is_the_registry_s_latest_word(office: Office) -> None:
    number = confirmed(office)
    for status in ("已完成", "处理中", "已完成"):
        office.cancellations((A, 5_000, WHEN, status))
    assert office.events(number)["cancellation-recorded"] == 3
    assert office.state(number).allotted_t == {1: 5_000}


def test_an_older_file_takes_no_status_back_and_brings_its_own_rows(office: Office) -> None:
    number = confirmed(office)
    office.cancellations((A, 2_000, WHEN), until="2021-11-08 12:00")
    old = office.cancellations(
        (A, 2_000, WHEN, "处理中"), (A, 100, "2021-11-07 09:00:00"), until="2021-11-07 17:00"
    )
    assert old.new == 1
    assert office.state(number).allotted_t == {1: 2_100}
    with office.store.read() as tx:
        rows = tx.registry.cancellations(A.account)
    assert [row.status for row in rows] == ["已完成", "已完成"]


def test_an_import_from_the_future_is_refused(office: Office) -> None:
    report = office.cancellations((A, 1, WHEN), until="2112-11-08 17:00")
    assert not report.ok
    assert "晚于当前时间" in report.problems[0].message
    with office.store.read() as tx:
        assert tx.registry.complete_until("cancellations") is None


def test_a_row_of_nobody_waits_in_the_tray_until_it_is_placed(office: Office) -> None:
    report = office.cancellations((A, 700, WHEN))
    assert len(report.unplaced) == 1
    assert office.tray() == ["registry-row-unplaced"]
    office.entities(A)
    office.cancellations((A, 700, WHEN), (B, 1, WHEN))
    assert office.tray() == ["registry-row-unplaced"]
    office.entities(A, B)
    office.cancellations((A, 700, WHEN), (B, 1, WHEN), until="2021-11-03 08:00")
    assert office.tray() == []
    assert len(office.cases()) == 2


def test_new_lists_are_held_against_what_waits(office: Office) -> None:
    number = office.apply(A, obligation_t=read(120_000))
    office.entities(A)
    rules = [one.rule for one in office.state(number).applications[0].findings]
    assert "obligation-record" in rules
    office.entities(Firm(1, obligation=120_000))
    rules = [one.rule for one in office.state(number).applications[0].findings]
    assert "obligation-record" not in rules


def test_a_case_known_by_name_gets_its_entity_s_code_with_the_list(office: Office) -> None:
    number = office.apply(A, uscc=None)
    office.entities(A)
    with office.store.read() as tx:
        row = tx.cases.row(number)
    assert row is not None
    assert row.entity_key == A.uscc


@pytest.mark.parametrize("time", ["2021-12-15 17:00:00", "2021-12-20 09:00:00"])
def test_what_is_cancelled_at_the_deadline_or_later_does_not_count(
    office: Office, time: str
) -> None:
    number = confirmed(office)
    office.clock.to("2021-12-21 09:00")
    office.cancellations((A, 5_000, time))
    assert office.stage(number) == "confirmed"
    assert [f.rule for f in office.state(number).match_findings] == ["cancel-deadline"]


def test_an_operation_belongs_to_the_cycle_of_its_own_time(office: Office) -> None:
    number = confirmed(office)
    office.clock.moment = at("2022-03-01 09:00")
    office.cancellations((A, 5_000, WHEN))
    assert office.state(number).allotted_t == {1: 5_000}
