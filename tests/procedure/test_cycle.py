from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

import cycles
from procedure.clock import BEIJING
from procedure.cycle import Cycle, CycleOpen
from procedure.errors import BadInput
from procedure.forms import FormTemplate
from procedure.timetable import daily_rounds, due, reminder_moments, weekly_rounds
from procedure.workdays import (
    YearWithoutData,
    between,
    is_working_day,
    last_working_day,
    next_working_day,
)
from tests.procedure.made import CYCLE, PROVINCES, at
from tests.settled import SETTINGS, settled


def test_the_first_cycle_says_what_the_rule_text_says() -> None:
    assert CYCLE.years == (2019, 2020)
    assert (CYCLE.apply_first, CYCLE.apply_last) == (date(2021, 10, 26), date(2021, 12, 10))
    assert CYCLE.cancel_before == datetime(2021, 12, 15, 17, tzinfo=BEIJING)
    assert CYCLE.eligible_before == date(2017, 3, 1)
    assert not CYCLE.cap_per_year
    assert len(CYCLE.exchanges) == 9
    assert CYCLE.clause("offset-cap") == "附件3 §1(1)"
    assert CYCLE.clause("unheard-of") == CYCLE.rule_text


def test_every_packaged_file_parses() -> None:
    for cycle_id in cycles.ids():
        cycle = settled(cycle_id)
        assert cycle.id == cycle_id
        assert cycle.form in cycles.form_ids()
    with pytest.raises(KeyError):
        cycles.load("../secret")


@pytest.mark.parametrize("name", [one for one in cycles.ids() if one != "2019-2020"])
def test_what_no_text_settles_is_refused_key_by_key(name: str) -> None:
    known = SETTINGS[name]
    for missing in known:
        some = {key: value for key, value in known.items() if key != missing}
        with pytest.raises(CycleOpen, match=missing) as refused:
            Cycle.parse({**cycles.load(name), **some})
        assert refused.value.keys == (missing,)
        assert missing in refused.value.user_message


def test_a_cycle_of_ones_own_stands_on_a_packaged_one(tmp_path: Path) -> None:
    (tmp_path / "forms").mkdir()
    (tmp_path / "2023.toml").write_text(
        'extends = "2023"\nform = "own"\napply_first = 2024-07-01\napply_last = 2024-12-10\n'
        'cancel_before = 2024-12-15T17:00:00+08:00\n[clauses]\nwindow = "第三条"\n',
        encoding="utf-8",
    )
    (tmp_path / "forms" / "own.toml").write_text(
        'extends = "2023"\nid = "own"\n[application.fields.offset_t]\nlabels = ["核销量"]\n',
        encoding="utf-8",
    )
    cycle = Cycle.parse(cycles.load("2023", tmp_path))
    assert (cycle.form, cycle.clause("window")) == ("own", "第三条")
    assert cycle.clause("uscc-check") == "GB 32100-2015"
    template = FormTemplate.parse(cycles.form("own", tmp_path))
    found = [template.match_label(one) for one in ("核销量", "申请抵销量", "履约年度")]
    assert [one.field for one in found if one] == ["offset_t", "offset_t", "year"]
    (tmp_path / "loop.toml").write_text('extends = "loop"\n', encoding="utf-8")
    with pytest.raises(KeyError):
        cycles.load("loop", tmp_path)


def test_a_cycle_that_runs_in_the_registries_mails_no_digests() -> None:
    cycle = settled("2021-2022")
    assert weekly_rounds(cycle) == daily_rounds(cycle) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"colour": "red"},
        {"apply_last": None},
        {"cap_percent": "five"},
        {"apply_first": datetime(2021, 10, 26, tzinfo=BEIJING)},
        {"cancel_before": datetime(2021, 12, 15, 17)},  # noqa: DTZ001 - the missing offset is meant
        {"nil_report": 1},
        {"flow": 3},
        {"flow": "post"},
        {"years": ["2021"]},
        {"project_types": "风力发电"},
    ],
)
def test_a_wrong_file_is_refused(change: dict[str, object]) -> None:
    data = {**cycles.load("2019-2020"), **change}
    with pytest.raises(BadInput):
        Cycle.parse({key: value for key, value in data.items() if value is not None})


def test_provinces() -> None:
    assert len(PROVINCES.all) == 32
    hebei = PROVINCES.by_prefix("13")
    assert hebei is not None
    assert (hebei.name, hebei.authority) == ("河北省", "河北省生态环境厅")
    for text, prefix in [
        ("河北", "13"),
        ("内蒙古自治区", "15"),
        ("新疆兵团", "66"),
        ("新 疆", "65"),
    ]:
        found = PROVINCES.find(text)
        assert found is not None
        assert found.prefix == prefix
    inside = PROVINCES.find("新疆生产建设兵团第八师")
    assert inside is not None
    assert inside.prefix == "66"
    assert PROVINCES.find("河") is None
    assert PROVINCES.by_prefix("99") is None


def test_make_up_weekends_are_worked() -> None:
    assert is_working_day(date(2021, 9, 18))  # Saturday
    assert not is_working_day(date(2021, 10, 1))
    assert last_working_day(date(2021, 10, 8)) == date(2021, 10, 8)
    assert last_working_day(date(2021, 2, 12)) == date(2021, 2, 10)  # Spring Festival
    assert next_working_day(date(2021, 12, 10)) == date(2021, 12, 13)
    assert between(date(2021, 12, 10), date(2021, 12, 15)) == 3


def test_a_year_without_data_is_refused_unless_a_setting_names_it() -> None:
    day = date(2090, 5, 2)
    with pytest.raises(YearWithoutData):
        is_working_day(day)
    extra = {date(2090, 5, 1): False, date(2090, 5, 6): True}
    assert is_working_day(day, extra)
    assert not is_working_day(date(2090, 5, 1), extra)
    assert is_working_day(date(2090, 5, 6), extra)  # a Saturday


def test_weekly_on_a_holiday_friday_moves_to_the_last_working_day() -> None:
    rounds = weekly_rounds(CYCLE, extra_days={date(2021, 11, 5): False})
    assert rounds[1].last == date(2021, 11, 4)
    assert rounds[2].first == date(2021, 11, 5)


def test_a_week_without_working_days_joins_the_next() -> None:
    holidays = {date(2021, 11, 1) + timedelta(days=n): False for n in range(5)}
    rounds = weekly_rounds(CYCLE, extra_days=holidays)
    assert (rounds[1].first, rounds[1].last) == (date(2021, 10, 30), date(2021, 11, 12))


def test_close_of_business_and_lead() -> None:
    first = weekly_rounds(CYCLE, time(19, 30), lead=timedelta(minutes=30))[0]
    assert first.due == at("2021-10-29T19:00")


def test_due_holds_what_nobody_ran_in_time() -> None:
    rounds = daily_rounds(CYCLE)
    assert due(rounds, at("2021-10-26T16:59:59")) == ()
    assert len(due(rounds, at("2021-10-28T17:00"))) == 3


def test_reminders_count_working_days() -> None:
    assert reminder_moments(CYCLE, [1, 5]) == (at("2021-12-08T09:00"), at("2021-12-14T09:00"))
