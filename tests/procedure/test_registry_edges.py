"""Forms of which half is unread, held against the registries' records."""

from dataclasses import replace
from typing import Any

import pytest

from procedure.readings import Reading, Value
from procedure.registry import Account, CancellationRecord, Holding
from procedure.registryview import RegistryTables
from tests.procedure.made import (
    ACCOUNT,
    ENTITY,
    NAME,
    OTHER_NAME,
    USCC,
    at,
    form,
    native,
    poor,
    record,
    registry,
    seen,
)
from tests.procedure.test_checks import OTHER, check, rules

TABLES = registry()
ELSEWHERE = frozenset({"37"})
ODD = "91130199MA0A1B2C3E"
"""Its organisation code does not check out, so one engine alone does not prove it."""


def unsure(value: Value) -> Reading:
    return seen(value, "ppocr-v6", confidence=0.5)


def found(fields: dict[str, Any], tables: RegistryTables | None, **more: Any) -> dict[str, str]:
    """Rule → severity of what the records have against a form that is right but for ``fields``."""
    skipped = {"checks-not-run", "required-field", "rows-total"}
    judged = rules(check(form(native, **fields), tables, **more))
    return {rule: kind for rule, kind in judged.items() if rule not in skipped}


@pytest.mark.parametrize(
    ("fields", "tables", "wanted"),
    [
        ({"uscc": None}, registry(entities=[OTHER]), {"entity-known": "error"}),
        ({"uscc": poor(ODD)}, registry(entities=[OTHER]), {"entity-known": "warning"}),
        ({"enterprise_name": poor("河北另名有限公司")}, TABLES, {"entity-name": "warning"}),
        ({"enterprise_name": "河北另名有限公司", "uscc": ODD},
         registry(entities=[replace(ENTITY, uscc=ODD)]), {"entity-name": "error"}),
        ({"enterprise_name": "河北另名有限公司", "uscc": poor(ODD)},
         registry(entities=[replace(ENTITY, uscc=ODD)]), {"entity-name": "warning"}),
        ({"uscc": ODD}, TABLES, {"uscc-record": "error"}),
        ({"uscc": poor(ODD)}, TABLES, {"uscc-record": "warning"}),
        ({"enterprise_name": None, "uscc": None}, TABLES, {}),
        ({"uscc": None}, registry(entities=[replace(ENTITY, uscc="")]), {}),
        ({"enterprise_name": None}, registry(entities=[replace(ENTITY, name="")]), {}),
    ],
)  # fmt: skip
def test_who_it_is(fields: dict[str, Any], tables: RegistryTables, wanted: dict[str, str]) -> None:
    about = {"entity-known", "entity-name", "uscc-record"}
    judged = found(fields, tables)
    assert {rule: kind for rule, kind in judged.items() if rule in about} == wanted


@pytest.mark.parametrize(
    ("fields", "tables", "wanted"),
    [
        ({"province": None}, TABLES, {"entity-province": "error"}),
        ({"province": poor("河北省")}, TABLES, {"entity-province": "error"}),
        ({"province": "湖南省"}, None, {"entity-province": "error"}),
        ({"province": poor("湖南省")}, None, {"entity-province": "warning"}),
        ({"province": unsure("河北省")}, None, {}),
        ({"province": None}, None, {}),
        ({"province": "某某省"}, None, {}),
        ({"province": unsure("山东省")}, registry(entities=[replace(ENTITY, province="37")]), {}),
    ],
)
def test_whose_form_it_is(
    fields: dict[str, Any], tables: RegistryTables | None, wanted: dict[str, str]
) -> None:
    assert found(fields, tables, served=ELSEWHERE) == wanted


def test_an_entity_of_a_province_that_nobody_knows_is_not_sent_anywhere() -> None:
    tables = registry(entities=[replace(ENTITY, province="99")])
    (one,) = check(form(native, province=None), tables, served=ELSEWHERE)
    assert (
        one.message
        == one.public
        == ("该单位不属于本部门管辖，请向所属省级生态环境主管部门提交申请。")
    )


@pytest.mark.parametrize(
    ("fields", "tables", "wanted"),
    [
        ({"obligation_t": native("若干")}, TABLES, {}),
        ({"obligation_t": unsure(100_001)}, TABLES, {}),
        ({"obligation_t": seen(100_001)}, TABLES, {"obligation-record": "warning"}),
        ({"obligation_t": None, "offset_t": 6_000}, TABLES, {"offset-cap": "error"}),
        ({"obligation_t": unsure(90_000), "offset_t": 6_000}, TABLES, {"offset-cap": "error"}),
        ({"obligation_t": unsure(90_000), "offset_t": 6_000}, None, {}),
        ({"obligation_t": None, "offset_t": 6_000}, None, {}),
        ({"offset_t": native("若干")}, None, {}),
        ({"offset_t": native("若干")}, TABLES, {}),
        # A fifth of the obligation may still be a wish; more than that is misread.
        ({"offset_t": poor(20_000)}, None, {"offset-cap": "warning"}),
        ({"offset_t": poor(20_001)}, None, {}),
        ({"offset_t": native(20_001)}, None, {"offset-cap": "error"}),
    ],
)
def test_obligation_and_cap(
    fields: dict[str, Any], tables: RegistryTables | None, wanted: dict[str, str]
) -> None:
    tables = replace(tables, holding_rows=None) if tables else None
    assert found({"rows": (), **fields}, tables) == wanted


def owned(name: str, uscc: str = "", account: str = "") -> RegistryTables:
    """The account belongs to this owner, and the entity's record knows ``account``."""
    return registry(
        accounts=[Account(ACCOUNT, name, uscc)], entities=[replace(ENTITY, account_no=account)]
    )


@pytest.mark.parametrize(
    ("fields", "tables", "wanted"),
    [
        ({}, owned("河北旧名有限公司", USCC), {}),
        ({}, owned("河北旧名有限公司", account=ACCOUNT), {}),
        ({}, owned(NAME), {}),
        ({}, owned(OTHER_NAME), {"account-owner": "error"}),
        ({}, owned(NAME, OTHER.uscc), {"account-owner": "error"}),
        ({"account_no": poor(ACCOUNT)}, owned(OTHER_NAME), {"account-owner": "warning"}),
        ({"account_no": poor("CN-1-7")}, TABLES, {"account-owner": "warning"}),
        ({"account_no": unsure("CN-1-7")}, TABLES, {}),
    ],
)
def test_whose_account_it_is(
    fields: dict[str, Any], tables: RegistryTables, wanted: dict[str, str]
) -> None:
    assert found(fields, tables) == wanted


def test_the_owner_should_be_the_entity_on_record_whatever_the_form_calls_it() -> None:
    judged = check(form(native, enterprise_name="河北另名有限公司"), owned(OTHER_NAME))
    (one,) = (finding for finding in judged if finding.rule == "account-owner")
    assert (one.expected, one.found) == (NAME, OTHER_NAME)


RECEIVED = "2021-11-26T09:00"
DONE = record("CCER-0730", 4_000, RECEIVED)


@pytest.mark.parametrize(
    ("done", "wanted"),
    [
        (DONE, {}),
        (replace(DONE, time=at("2021-11-26T08:59")), {"holdings": "error"}),
        (replace(DONE, time=None), {"holdings": "error"}),
        (replace(DONE, operation="交易转出"), {"holdings": "error"}),
        (replace(DONE, status="处理中"), {"holdings": "error"}),
        (replace(DONE, quantity_t=3_999), {"holdings": "error"}),
    ],
)
def test_only_a_finished_cancellation_since_the_receipt_counts_as_held(
    done: CancellationRecord, wanted: dict[str, str]
) -> None:
    held = [Holding(ACCOUNT, "CCER-1194", 600), Holding(ACCOUNT, "CCER-1194", 400)]
    tables = registry(holding_rows=held, cancellation_rows=[done])
    assert found({}, tables, received_at=at(RECEIVED)) == wanted
