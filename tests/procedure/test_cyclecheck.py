"""A cycle's file is looked through, and its days laid out as the digests are made."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

import cycles
from procedure.cycle import Cycle
from procedure.cyclecheck import CalendarLine, calendar, faults
from tests.procedure.made import at
from tests.settled import settled

FIRST = Cycle.parse(cycles.load("2019-2020"))


@pytest.mark.parametrize("name", cycles.ids())
def test_what_is_packaged_is_sound(name: str) -> None:
    assert faults(settled(name)) == []


MORNING = datetime.fromisoformat("2021-12-10T00:00:00+08:00")
BY_MAIL = "flow by mail needs daily_first, daily_last and daily_after"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"apply_last": date(2021, 10, 25)}, "apply_last is before apply_first"),
        ({"apply_last": date(2021, 10, 26)}, None),
        ({"apply_last": date(2021, 12, 16)}, "cancel_before is before apply_last"),
        ({"apply_last": date(2021, 12, 15)}, None),
        ({"comply_by": FIRST.cancel_before - timedelta(seconds=1)},
         "comply_by is before cancel_before"),
        ({"comply_by": FIRST.cancel_before}, None),
        ({"cap_percent": Decimal(0)}, "cap_percent is no share"),
        ({"cap_percent": Decimal("0.5")}, None),
        ({"cap_percent": Decimal(100)}, None),
        ({"cap_percent": Decimal("100.1")}, "cap_percent is no share"),
        ({"weekly_on": -1}, "weekly_on is no weekday: Monday is 0"),
        ({"weekly_on": 0}, None),
        ({"weekly_on": 6}, None),
        ({"weekly_on": 7}, "weekly_on is no weekday: Monday is 0"),
        ({"years": (2020, 2019)}, "years are not in order"),
        ({"years": (2019, 2019)}, "years are not in order"),
        ({"years": ()}, "years are not in order"),
        ({"eligible_before": None},
         "neither eligible_before nor registered_from: no reduction may be used"),
        ({"eligible_before": None, "registered_from": date(2021, 1, 1)}, None),
        ({"daily_first": None}, BY_MAIL),
        ({"daily_last": None}, BY_MAIL),
        ({"daily_after": None}, BY_MAIL),
        ({"daily_after": None, "flow": "registry"}, None),
        ({"daily_first": date(2021, 10, 27)}, "daily_first is after apply_first"),
        ({"daily_last": date(2021, 12, 14)}, "daily_last is before cancel_before"),
        ({"daily_last": date(2021, 12, 16)}, None),
        ({"ncsc_mailbox": ""}, "flow by mail needs ncsc_mailbox and crc_mailbox"),
        ({"crc_mailbox": "crc"}, "flow by mail needs ncsc_mailbox and crc_mailbox"),
        ({"exchanges": ()}, "exchanges is empty"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_told(change: dict[str, Any], said: str | None) -> None:
    assert faults(replace(FIRST, **change)) == ([said] if said else [])


def test_all_that_is_wrong_with_the_days_is_told_together() -> None:
    one_day: dict[str, Any] = {
        "apply_first": MORNING.date(),
        "apply_last": MORNING.date(),
        "cancel_before": MORNING,
    }
    within = replace(FIRST, **one_day, daily_first=MORNING.date(), daily_last=MORNING.date())
    assert faults(within) == []
    assert faults(replace(within, daily_last=date(2021, 12, 9))) == [
        "daily_last is before daily_first", "daily_last is before cancel_before",
    ]  # fmt: skip


def test_every_deadline_and_digest_is_there_with_its_day() -> None:
    lines = calendar(FIRST)
    assert [one.at for one in lines] == sorted(one.at for one in lines)
    kinds = [one.kind for one in lines]
    assert (kinds.count("weekly"), kinds.count("daily")) == (7 + 1, 51)
    assert (kinds.count("apply"), kinds.count("cancel"), kinds.count("comply")) == (2, 1, 1)
    (cancel,) = [one for one in lines if one.kind == "cancel"]
    assert (cancel.weekday, cancel.working_day, cancel.clause) == ("周三", True, "附件3 §2 step 5")
    saturday = next(one for one in lines if one.at.date() == date(2021, 10, 30))
    assert (saturday.weekday, saturday.working_day) == ("周六", False)


STEP = "附件3 §2 step"
WHOLE = "环办气候函〔2021〕492号 附件3"


@pytest.mark.parametrize(
    "line",
    [
        ("apply", "2021-10-26T00:00", "开始受理申请表", True, f"{STEP} 3"),
        ("daily", "2021-10-26T17:00", "每日注销记录", True, f"{STEP} 6"),
        ("daily", "2021-10-30T17:00", "每日注销记录", False, f"{STEP} 6"),
        ("weekly", "2021-10-29T17:30", "第1次每周汇总（2021-10-26 至 2021-10-29）", True,
         f"{STEP} 4"),
        ("apply", "2021-12-10T00:00", "受理申请表的最后一日", True, f"{STEP} 3"),
        ("weekly", "2021-12-10T17:30", "第7次每周汇总（2021-12-04 至 2021-12-10）", True,
         f"{STEP} 4"),
        ("weekly", "2021-12-13T17:30", "第8次每周汇总，加报一次（2021-12-10 至 2021-12-10）", True,
         f"{STEP} 4"),
        ("cancel", "2021-12-15T17:00", "自愿注销截止（此时刻起为迟）", True, f"{STEP} 5"),
        ("comply", "2021-12-31T17:00", "完成配额清缴截止", True, WHOLE),
    ],
)  # fmt: skip
def test_a_line_says_when_what_and_under_which_clause(line: tuple[Any, ...]) -> None:
    kind, when, what, working, clause = line
    wanted = CalendarLine(kind, at(when), what, working, clause)
    assert wanted in calendar(FIRST)
    assert wanted.at.utcoffset() == timedelta(hours=8)


def test_a_day_that_a_setting_frees_is_free_for_everything_that_falls_on_it() -> None:
    # The Friday's summary goes out the day before; what is bound to the day stays.
    free = {date(2021, 10, 26): False, date(2021, 10, 29): False, date(2021, 12, 15): False}
    lines = [one for one in calendar(FIRST, time(18), free) if one.at.date() in free]
    assert [(one.kind, one.working_day) for one in lines] == [
        ("apply", False), ("daily", False), ("daily", False), ("cancel", False), ("daily", False),
    ]  # fmt: skip
    early = calendar(FIRST, time(18), free, timedelta(minutes=30))
    assert next(one.at for one in early if one.kind == "weekly") == at("2021-10-28T17:30")


def test_the_clauses_of_a_cycle_stand_at_its_deadlines() -> None:
    clauses = {"window": "甲", "cancel-deadline": "乙", "comply": "丙"}
    found = {one.kind: one.clause for one in calendar(replace(FIRST, clauses=clauses))}
    assert found == {"apply": "甲", "cancel": "乙", "comply": "丙", "weekly": WHOLE, "daily": WHOLE}
