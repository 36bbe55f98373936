"""A cycle's file is looked through, and its days laid out as the digests are made."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

import cycles
from procedure.cycle import Cycle
from procedure.cyclecheck import calendar, faults
from tests.settled import settled

FIRST = Cycle.parse(cycles.load("2019-2020"))


@pytest.mark.parametrize("name", cycles.ids())
def test_what_is_packaged_is_sound(name: str) -> None:
    assert faults(settled(name)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"apply_last": date(2021, 10, 1)}, "apply_last"),
        ({"apply_last": date(2021, 12, 20)}, "cancel_before"),
        ({"daily_last": date(2021, 12, 1)}, "daily_last"),
        ({"daily_first": date(2021, 11, 1)}, "daily_first"),
        ({"weekly_on": 7}, "weekly_on"),
        ({"years": (2020, 2019)}, "years"),
        ({"ncsc_mailbox": ""}, "ncsc_mailbox"),
        ({"exchanges": ()}, "exchanges"),
        ({"comply_by": FIRST.cancel_before - timedelta(days=1)}, "comply_by"),
    ],
)
def test_what_contradicts_itself_is_told(change: dict[str, object], said: str) -> None:
    found = faults(replace(FIRST, **change))  # type: ignore[arg-type]
    assert [one for one in found if said in one]


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
