"""Provinces, kinds of pages, judgements kept by name, errors, clocks: small parts."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

import cycles
from procedure.clock import beijing, utc
from procedure.cycle import Cycle, CycleOpen
from procedure.errors import BadInput, ClerkError, Temporary, WrongUse
from procedure.fieldnames import field_name
from procedure.judged import accepted_names, with_accepted
from procedure.kinds import has_title, shows_operations
from procedure.language import AND, joined
from procedure.late import late
from procedure.provinces import Provinces
from procedure.readings import ProjectRow
from procedure.registry import Account, Holding
from procedure.registryview import RegistryTables, owns
from tests.procedure.made import (
    ACCOUNT,
    ENTITY,
    NAME,
    PROVINCES,
    USCC,
    at,
    form,
    native,
    registry,
)


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("13", "13"),
        ("河北", "13"),
        ("河北省", "13"),
        ("河北省生态环境厅", "13"),
        ("１３", "13"),
        ("河北省石家庄市", "13"),
        ("新疆生产建设兵团第八师", "66"),
        ("新疆维吾尔自治区某市", "65"),
        ("河北石家庄", None),
        ("某省", None),
        ("", None),
    ],
)
def test_a_province_is_found(text: str, prefix: str | None) -> None:
    found = PROVINCES.find(text)
    assert (found and found.prefix) == prefix


def test_a_file_of_provinces_that_is_wrong_says_where() -> None:
    row = {"prefix": "13", "short": "河北", "name": "河北省", "authority": "厅"}
    (one,) = Provinces.parse({"province": [{**row, "aliases": ["冀"]}]}).all
    assert (one.aliases, Provinces.parse({"province": [row]}).all[0].aliases) == (("冀",), ())
    for data, said in (
        ({}, "provinces: 'province'"),
        ({"province": [row, row]}, "provinces: a prefix occurs twice"),
    ):
        with pytest.raises(BadInput) as caught:
            Provinces.parse(data)
        assert str(caught.value) == said
    with pytest.raises(BadInput, match=r"^provinces: .*colour"):
        Provinces.parse({"province": [{**row, "colour": 1}]})


TITLE = "自愿减排注册登记系统"


@pytest.mark.parametrize(
    ("lines", "patterns", "names", "wanted"),
    [
        (["国家自愿减排", "注册登记系统 首页"], [TITLE], [], True),
        (["国家自愿减排", "注册登记系统"], ["^自愿"], [], False),
        (["自愿减球注册登记系统"], [], [TITLE], True),
        (["自 愿 减球 注册登记系统"], [], [TITLE], True),
        (["自愿减球注册登己系统"], [], [TITLE], True),
        (["自愿减球注册登己系说"], [], [TITLE], False),
        (["首页", "自愿减球注册登记系统"], [], ["某某某某某某某某", TITLE], True),
        # Three characters more are forgiven, four are not, and short titles never.
        ([TITLE + "一二三"], [], [TITLE], True),
        ([TITLE + "一二三四"], [], [TITLE], False),
        (["一二三四五六七"], [], ["一二三四五六七"], False),
        (["一二三四五六七八"], [], ["一二三四五六七八"], True),
        ([], [], [TITLE], False),
    ],
)
def test_a_title(lines: list[str], patterns: list[str], names: list[str], wanted: bool) -> None:
    assert has_title(iter(lines), patterns, names) is wanted


@pytest.mark.parametrize(
    ("fields", "lines", "wanted"),
    [
        ({"operation"}, [], True),
        ({"quantity_t"}, [], True),
        ({"time", "status"}, [], True),
        ({"time", "account_no"}, [], False),
        ({"time"}, ["2021-12-11 15:08"], False),
        (set(), ["2021-12-11 15:08", "2021/12/11 1509"], True),
        (set(), ["2021-12-11 15:08 2021.12.11 15：09"], True),
        (set(), ["2021-12-11", "2021-12-12"], False),
    ],
)
def test_a_screen_that_shows_operations(fields: set[str], lines: list[str], wanted: bool) -> None:
    assert shows_operations(fields, lines) is wanted


def test_what_is_accepted_is_kept_by_name_and_given_back() -> None:
    doc = replace(form(), rows_total=native(5_000))
    person = replace(native("顾言"), evidence=("person",))
    doc = replace(
        doc,
        fields={"uscc": doc.fields["uscc"], "contact": person},
        projects=(doc.projects[0], ProjectRow(code=native("JX-1"))),
    )
    names = {"uscc", "rows_total", "projects/0/amount_t", "projects/1/code"}
    kept = with_accepted(doc, frozenset(names))
    assert accepted_names(kept) == (
        "contact", "projects/0/amount_t", "projects/1/code", "rows_total", "uscc",
    )  # fmt: skip
    assert accepted_names(with_accepted(kept, frozenset())) == ("contact",)
    plain = with_accepted(replace(doc, rows_total=None), frozenset(names))
    assert (plain.rows_total, plain.projects[1].name) == (None, None)
    values = [row.code and row.code.value for row in kept.projects]
    assert values == ["CCER-0730", "JX-1"]


def test_errors_say_what_they_are() -> None:
    plain, told = ClerkError("x"), Temporary("y", code="z", user_message="请稍后。")
    assert (plain.code, plain.retry, str(plain)) == ("error", False, "x")
    assert plain.user_message == "系统未能完成处理，工作人员将人工查看。"
    assert (told.code, told.retry, told.user_message) == ("z", True, "请稍后。")
    assert Temporary("y").code == "temporary"


def test_a_moment_without_an_offset_is_no_moment() -> None:
    noon = datetime(2021, 12, 15, 12, tzinfo=UTC)
    assert beijing(noon).isoformat() == "2021-12-15T20:00:00+08:00"
    assert utc(beijing(noon)).isoformat() == "2021-12-15T12:00:00+00:00"
    for read in (beijing, utc):
        with pytest.raises(
            ValueError, match=r"^naive datetime: every moment must carry its offset$"
        ):
            read(noon.replace(tzinfo=None))


def test_utc_is_utc_wherever_the_machine_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "Asia/Shanghai")
        time.tzset()
        told = utc(at("2021-12-15T20:00")).isoformat()
    time.tzset()
    assert told == "2021-12-15T12:00:00+00:00"


def test_a_cycle_that_leaves_keys_open_names_them() -> None:
    data = {**cycles.load("2019-2020"), "to_set": ["cap_percent", "form", "title"]}
    del data["cap_percent"], data["form"]
    with pytest.raises(CycleOpen) as caught:
        Cycle.parse(data)
    assert caught.value.keys == ("cap_percent", "form")
    assert str(caught.value) == (
        "cycle 2019-2020: cap_percent, form: no text known to us settles this; set it in "
        '2019-2020.toml in cycle.directory (begin with extends = "2019-2020")'
    )
    assert caught.value.user_message == (
        "周期 2019-2020 尚缺 cap_percent, form，须由运维人员设置后方可启用。"
    )
    assert isinstance(caught.value, WrongUse)
    with pytest.raises(CycleOpen, match=r"^cycle : form: "):
        Cycle.parse({"to_set": ["form"]})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"b": 1, "a": 2}, "cycle: unknown keys a, b"),
        ({"cap_percent": "x"}, "cycle: cap_percent is not a number"),
        ({"cap_per_year": 1}, "cycle: cap_per_year is not bool"),
        ({"weekly_on": True}, "cycle: weekly_on is not int"),
        ({"daily_first": "x"}, "cycle: daily_first is not NoneType or date"),
        ({"years": [2019, True]}, "cycle: years has True, which is not int"),
        ({"exchanges": ["x", 3]}, "cycle: exchanges has 3, which is not text"),
        ({"flow": "post"}, "cycle: flow is 'post', not mail or registry"),
        ({"flow": 3}, "cycle: flow is not text"),
        ({"clauses": []}, "cycle: clauses is not table"),
        ({"years": 2019}, "cycle: years is not list"),
        (
            {"cancel_before": at("2021-12-15T17:00").replace(tzinfo=None)},
            "cycle: cancel_before needs its offset (+08:00)",
        ),
    ],
)
def test_a_cycles_file_that_is_wrong_says_where(change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        Cycle.parse({**cycles.load("2019-2020"), **change})
    assert str(caught.value) == said


def test_a_cycles_file_without_a_key_names_it() -> None:
    data = {k: v for k, v in cycles.load("2019-2020").items() if k != "title"}
    with pytest.raises(BadInput, match=r"^cycle: missing keys title$"):
        Cycle.parse(data)


def test_a_field_has_a_name_and_a_late_one_a_module() -> None:
    assert (field_name("uscc"), field_name("other")) == ("统一社会信用代码", "other")
    get = late("room", {"joined": "procedure.language"})
    assert get("joined") is joined
    with pytest.raises(AttributeError, match=r"^module 'room' has no attribute 'AND'$"):
        get("AND")
    assert AND.chinese == "、"


def test_tables_answer_for_what_they_hold_alone() -> None:
    tables, nothing = registry(), RegistryTables()
    kinds: tuple[Any, ...] = ("entities", "accounts", "holdings", "projects", "cancellations")
    for kind in kinds:
        assert (tables.has(kind), nothing.has(kind)) == (True, False)
        row: dict[str, Any] = {_ROWS.get(kind, kind): []}
        only = RegistryTables(**row)
        assert [one for one in kinds if only.has(one)] == [kind]
    assert not tables.has("credits")
    until = datetime(2021, 12, 1, tzinfo=UTC)
    told = replace(tables, cancellations_until=until)
    assert (told.complete_until("cancellations"), told.complete_until("holdings")) == (until, None)
    for empty in (nothing, registry(entities=[replace(ENTITY, name="", uscc="")])):
        assert empty.entity_by_uscc("") is empty.entity_by_name("") is None
    assert (nothing.accounts_of(ENTITY), nothing.holdings(ACCOUNT)) == ((), ())
    assert nothing.account(ACCOUNT) is None
    assert nothing.project("CCER-0730") is None
    assert nothing.cancellations(ACCOUNT) == ()


_ROWS = {"holdings": "holding_rows", "cancellations": "cancellation_rows"}


def test_tables_give_the_row_that_was_asked_for() -> None:
    other = replace(ENTITY, name="河北另名有限公司", uscc="91510199MA0A1B2C2L", account_no="")
    mine, theirs = Account(ACCOUNT, NAME, USCC), Account("CN-9", other.name)
    tables = registry(
        entities=[other, ENTITY],
        accounts=[theirs, mine],
        holding_rows=[Holding("CN-9", "A", 1), Holding(ACCOUNT, "B", 2)],
    )
    assert tables.entity_by_uscc(USCC) is tables.entity_by_name(f" {NAME}") is ENTITY
    assert tables.account(ACCOUNT) is mine
    assert (tables.accounts_of(ENTITY), tables.accounts_of(other)) == ((mine,), (theirs,))
    assert [row.project_code for row in tables.holdings(ACCOUNT)] == ["B"]
    project = tables.project("CCER-1194")
    assert project is not None
    assert project.code == "CCER-1194"
    assert tables.cancellations("CN-9") == ()


@pytest.mark.parametrize(
    ("entity", "account", "wanted"),
    [
        ({}, {}, True),
        ({"name": "另名", "uscc": ""}, {}, True),
        ({"account_no": "", "name": "另名"}, {}, True),
        ({"account_no": ""}, {"owner_uscc": "X"}, False),
        ({"account_no": ""}, {"owner_uscc": ""}, True),
        ({"account_no": "", "uscc": ""}, {"owner_uscc": "X"}, True),
        ({"account_no": "", "name": "另名"}, {"owner_uscc": ""}, False),
        ({"account_no": "", "name": ""}, {"owner_uscc": "", "owner_name": ""}, False),
    ],
)
def test_whose_account_it_is(entity: dict[str, Any], account: dict[str, str], wanted: bool) -> None:
    mine = replace(ENTITY, **entity)
    assert owns(mine, replace(Account(ACCOUNT, NAME, USCC), **account)) is wanted
