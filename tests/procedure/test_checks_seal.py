"""Seals on a form: there, the official one, the firm's own, or one that cannot be told."""

from dataclasses import replace
from typing import Any

import pytest

from tests.procedure.made import ENTITY, NAME, OTHER_NAME, form, native, registry, seal, seen
from tests.procedure.test_checks import OTHER, check, rules

UNREAD_KIND = replace(seal(NAME), matches_name=None, kind_unread=True)


@pytest.mark.parametrize(
    ("seals", "rule"),
    [
        ((), "seal-missing"),
        ((seal(OTHER_NAME),), "seal-name"),
        ((seal(NAME + "合同专用章"),), "seal-kind"),
        ((seal(NAME + "工会"),), "seal-kind"),
        ((seal(OTHER_NAME), seal(NAME)), None),
        ((seal(NAME + "财务专用章"), seal(NAME)), None),
        ((seal("", matches_name=True),), None),
    ],
)
def test_seals(seals: Any, rule: str | None) -> None:
    found = rules(check(replace(form(native), seals=seals)))
    found.pop("checks-not-run")
    assert found == ({rule: "error"} if rule else {})


@pytest.mark.parametrize(
    ("seals", "expected"),
    [
        ((seal(""),), {"seal-unread": "note"}),
        ((seal("河北街凤热刀有限公司", 0.6),), {"seal-unread": "note"}),
        ((seal(OTHER_NAME, 0.4),), {"seal-name": "warning"}),
        ((seal(OTHER_NAME), seal("")), {"seal-unread": "note"}),
        ((seal(NAME.replace("岚", "岳"), 0.99),), {"seal-unread": "note"}),
        # Words below the star that nobody could read.
        ((UNREAD_KIND,), {"seal-kind": "warning"}),
        ((replace(UNREAD_KIND, text="", matches_name=None),), {"seal-kind": "warning"}),
        ((replace(UNREAD_KIND, text=OTHER_NAME),), {"seal-name": "error"}),
        ((UNREAD_KIND, seal(NAME)), {}),
        # Beside it a special seal's is no error: it may be the official one.
        ((seal(NAME + "合同专用章"), UNREAD_KIND), {"seal-kind": "warning"}),
        ((seal(""), replace(UNREAD_KIND, text="")), {"seal-kind": "warning"}),
        ((seal(NAME.replace("河北", "湖北"), 0.99),), {"seal-name": "warning"}),
    ],
)
def test_a_seal_that_cannot_be_told_is_never_silently_fine(
    seals: Any, expected: dict[str, str]
) -> None:
    found = rules(check(replace(form(native), seals=seals)))
    found.pop("checks-not-run")
    assert found == expected


def test_a_ring_that_reads_as_another_registered_firm_is_its_seal() -> None:
    name = NAME.replace("岚", "岳")
    doc = replace(form(native), seals=(seal(name, 0.99),))
    other = replace(ENTITY, name=name, uscc=OTHER.uscc)
    assert rules(check(doc, registry(entities=[ENTITY, other])))["seal-name"] == "error"
    assert "seal-name" not in rules(check(doc, registry()))


def test_a_badly_read_name_raises_no_seal_alarm() -> None:
    doc = form(native, enterprise_name=seen("河北街凤熟刀", "ppocr-v6", confidence=0.6))
    assert "seal-name" not in rules(check(doc))


@pytest.mark.parametrize(
    ("ring", "confidence", "against", "found"),
    [
        (OTHER_NAME, 0.99, ("unread-ink",), "warning"),
        (OTHER_NAME, 0.99, ("unread-ink", "unsure-character"), "warning"),
        (OTHER_NAME, 0.99, ("unsure-character",), "warning"),
        (OTHER_NAME, 0.9, ("unread-ink",), None),
        (OTHER_NAME, 0.99, ("unread-ink", "engine-disagrees"), None),
        (OTHER_NAME, 0.99, ("engine-disagrees",), None),
        (NAME.replace("河北", "湖北"), 0.99, ("unread-ink",), None),
        (NAME.replace("河北", "湖北"), 0.99, ("unsure-character",), None),
        (NAME, 0.99, ("unread-ink",), None),
    ],
)
def test_another_firms_seal_beside_a_name_with_unread_or_unsure_ink_is_told(
    ring: str, confidence: float, against: tuple[str, ...], found: str | None
) -> None:
    """A stroke that nobody read beside the name makes no other firm of it."""
    name = seen(NAME, confidence=confidence, against=against)
    doc = replace(form(native, enterprise_name=name), seals=(seal(ring, 1.0),))
    assert rules(check(doc)).get("seal-name") == found
    alone = replace(
        form(native, enterprise_name=replace(name, engines=("ppocr-v6",))), seals=doc.seals
    )
    assert "seal-name" not in rules(check(alone))
    # The registry's name is not another one's: then the paper's may be misread.
    own = replace(ENTITY, name=ring)
    assert "seal-name" not in rules(check(doc, registry(entities=[own])))


def test_a_firm_that_is_itself_named_after_a_department_seals_with_that_name() -> None:
    name = NAME + "供热部"
    doc = replace(form(native, enterprise_name=name), seals=(seal(name),))
    assert rules(check(doc)) == {"checks-not-run": "note"}


@pytest.mark.parametrize(
    ("fields", "one", "wanted"),
    [
        # The ring is held against the name on record too, and the likelier verdict counts.
        ({"enterprise_name": OTHER_NAME}, seal(NAME), None),
        ({"enterprise_name": OTHER_NAME}, seal(NAME.replace("岚", "岳"), 0.99), "note"),
        ({"enterprise_name": seen(NAME, "ppocr-v6", confidence=0.5)}, seal(NAME), None),
        ({"enterprise_name": seen(OTHER_NAME, "ppocr-v6", confidence=0.5), "uscc": None},
         seal(NAME), "note"),
        # One of its readings is the name.
        ({}, seal("河北街凤热刀有限公司", 0.6, tries=(NAME, NAME)), None),
    ],
)  # fmt: skip
def test_a_seal_beside_a_name_that_is_not_sure(
    fields: dict[str, Any], one: Any, wanted: str | None
) -> None:
    found = rules(check(replace(form(native, **fields), seals=(one,)), registry()))
    seals = {rule: kind for rule, kind in found.items() if rule.startswith("seal-")}
    assert seals == ({"seal-unread": wanted} if wanted else {})
