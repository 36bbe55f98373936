"""The letters to entities in English: the same facts, the same care."""

import re
from dataclasses import replace

import pytest

from casework.telling import STOP
from letters import dress
from procedure.facts import Decision, StatusAnswer
from tests.letters import made

ENTITY = (
    "receipt", "confirmation", "return", "revocation", "reminder", "progress", "correction",
    "lapse", "answer",
)  # fmt: skip
KINDS = made.everything()
GIVEN = (made.NAME, made.OFFICE.name, "附件3", "盖章不清", "申请表.pdf", "申请", "查询", "张某")
"""What people wrote, and the clauses."""


@pytest.mark.parametrize("kind", ENTITY)
def test_nothing_is_chinese_but_what_was_given(kind: str) -> None:
    dressed = dress(kind, KINDS[kind], "en")
    left = f"{dressed.subject} {dressed.text}"
    for given in GIVEN:
        left = left.replace(given, "")
    assert re.findall("[一-鿿]+", left) == []
    assert dressed.html.startswith('<!DOCTYPE html><html lang="en">')


@pytest.mark.parametrize("kind", ENTITY)
def test_the_numbers_are_those_of_the_chinese_letter(kind: str) -> None:
    tonnes = re.compile(r"\d{1,3}(?:,\d{3})+")
    facts = KINDS[kind]
    assert set(tonnes.findall(dress(kind, facts, "en").text)) == set(
        tonnes.findall(dress(kind, facts).text)
    )


@pytest.mark.parametrize("kind", ["weekly", "daily", "notice"])
def test_what_goes_to_offices_and_staff_is_chinese(kind: str) -> None:
    facts = KINDS[kind]
    assert dress(kind, facts, "en").text == dress(kind, facts).text


def test_a_stranger_gets_no_case_in_english_either() -> None:
    answer = KINDS["answer"]
    assert isinstance(answer, StatusAnswer)
    text = dress("answer", replace(answer, cases=()), "en").text
    assert "only to its own address" in text
    assert made.CASE not in text


def test_a_revoked_confirmation_says_stop() -> None:
    revoked = KINDS["revocation"]
    assert isinstance(revoked, Decision)
    facts = replace(revoked, next_steps=(STOP.said(),))
    assert "Do not cancel any CCER" in dress("revocation", facts, "en").text
