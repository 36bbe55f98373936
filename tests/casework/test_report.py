"""The figures of a cycle, counted by hand beside it; as text, sheets and chart."""

import io
from decimal import Decimal

import openpyxl
from PIL import Image

from casework import decisions, reminders
from casework.report import BY_HAND, report
from letters import report as shown
from procedure.figures import CycleReport
from tests.casework.made import Firm
from tests.casework.office import HEBEI, OPERATOR, SHANXI, Office

A, B = Firm(1), Firm(2, "河北示例二化工有限公司", obligation=50_007, email="b@b.example")
C = Firm(3, "山西示例三热电有限公司", "14", "山西省", 80_000, "c@c.example")


def figures(office: Office) -> CycleReport:
    """Three applications: one confirmed and part cancelled, one returned, one that waits."""
    office.entities(A, B, C)
    office.accounts(A, B, C)
    first, second = office.apply(A, 5_000), office.apply(B, 2_000)
    office.apply(C, 4_000)
    office.clock.step(hours=6)
    decisions.confirm(office.desk, HEBEI, first, 1)
    decisions.return_(office.desk, HEBEI, second, 1, "盖章不清", ("seal-missing", "rows-total"))
    office.apply(B, 2_400)
    decisions.return_(office.desk, HEBEI, second, 1, "请再核对")
    office.cancellations((A, 3_000, "2021-11-03 16:00:00"))
    return report(office.desk, OPERATOR, "2019-2020", office.clock.now())


def test_the_figures_are_those_of_the_cases(office: Office) -> None:
    found = figures(office)
    hebei, shanxi = found.provinces
    assert (hebei.province, hebei.cases, hebei.applications) == ("河北省", 2, 2)
    # What was returned has no amount, and its entity no cap in use.
    assert (hebei.obligation_t, hebei.cap_t, hebei.applied_t) == (100_000, 5_000, 5_000)
    assert (hebei.confirmed_t, hebei.cancelled_t, hebei.verified_t) == (5_000, 3_000, 0)
    assert (hebei.cap_use, shanxi.cap_use) == (Decimal("100.0"), Decimal("0.0"))
    assert (shanxi.applied_t, shanxi.cap_t) == (4_000, 4_000)
    assert {(one.rule, one.returned) for one in found.returned} == {
        ("seal-missing", 1), ("rows-total", 1), (BY_HAND, 1),
    }  # fmt: skip
    assert dict(found.stages)["已退回"] == 1
    assert found.confirmed == 1
    assert found.hours_median == found.hours_max == Decimal("6.0")


def test_nine_in_ten_of_two_are_both(office: Office) -> None:
    for number, hours in ((1, 6), (2, 42)):
        case_no = office.apply(Firm(number, f"河北示例{number}号热力有限公司"))
        office.clock.step(hours=hours)
        decisions.confirm(office.desk, HEBEI, case_no, 1)
    found = report(office.desk, OPERATOR, "2019-2020", office.clock.now())
    assert found.hours_median == Decimal("6.0")
    assert found.hours_p90 == found.hours_max == Decimal("42.0")


def test_a_province_sees_its_own(office: Office) -> None:
    figures(office)
    found = report(office.desk, SHANXI, "2019-2020", office.clock.now())
    assert [one.province for one in found.provinces] == ["山西省"]
    assert found.returned == ()
    assert found.hours_median is None


def test_a_cycle_without_cases_says_so(office: Office) -> None:
    said = shown.text(report(office.desk, SHANXI, "2019-2020", office.clock.now()))
    assert "\n阶段：无\n退回依据：无\n收件至确认（0 份）：无\n" in said


def test_text_sheets_and_chart_say_the_same(office: Office) -> None:
    found = figures(office)
    said = shown.text(found)
    assert "河北省" in said
    assert "中位数 6.0 小时" in said
    book = openpyxl.load_workbook(io.BytesIO(shown.book(found)))
    assert book.sheetnames == ["各省", "各阶段", "退回依据", "收件至确认", "说明"]
    rows = list(book["各省"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == ["河北省", "山西省", "合计"]
    assert rows[-1][6] == sum(int(str(row[6])) for row in rows[:-1]) == 5_000
    assert shown.book(found) == shown.book(found)
    image = Image.open(io.BytesIO(shown.picture(found)))
    assert image.width == 900
    assert len(image.convert("RGB").getcolors(2**20) or ()) > 3


def test_what_lapsed_uses_no_cap(office: Office) -> None:
    office.entities(A)
    number = office.apply(A, 2_500)
    decisions.confirm(office.desk, HEBEI, number, 1)
    now = office.clock.to("2021-12-16 09:00")
    (before,) = report(office.desk, OPERATOR, "2019-2020", now).provinces
    office.cancellations(until="2021-12-15 18:00")
    assert reminders.lapse_due(office.desk, now) == [number]
    (found,) = report(office.desk, OPERATOR, "2019-2020", now).provinces
    assert (before.confirmed_t, found.applied_t, found.confirmed_t) == (2_500, 0, 0)
