"""The letters in English: the same facts, the same care."""

import csv
import io
import re
from dataclasses import replace
from typing import Any

import pytest

from casework.telling import STOP
from letters import dress
from procedure.facts import DailyRecords, Decision, StatusAnswer, WeeklySummary
from tests.letters import made

LETTERS = (
    "receipt", "confirmation", "return", "revocation", "reminder", "progress", "correction",
    "lapse", "answer", "weekly", "daily", "national",
)  # fmt: skip
KINDS = made.everything()
GIVEN = (
    made.NAME, made.OFFICE.name, "河北省生态环境厅", "盖章不清", "申请表.pdf", "申请",
    "查询", "张某", "自愿注销", "已完成",
)  # fmt: skip
"""What people and registries wrote."""


@pytest.mark.parametrize("kind", LETTERS)
def test_nothing_is_chinese_but_what_was_given(kind: str) -> None:
    dressed = dress(kind, KINDS[kind], "en")
    left = f"{dressed.subject} {dressed.text}"
    for given in GIVEN:
        left = left.replace(given, "")
    assert re.findall("[一-鿿]+", left) == []
    assert dressed.html.startswith('<!DOCTYPE html><html lang="en">')


@pytest.mark.parametrize("kind", LETTERS)
def test_the_numbers_are_those_of_the_chinese_letter(kind: str) -> None:
    tonnes = re.compile(r"\d{1,3}(?:,\d{3})+")
    facts = KINDS[kind]
    assert set(tonnes.findall(dress(kind, facts, "en").text)) == set(
        tonnes.findall(dress(kind, facts).text)
    )


def test_a_notice_s_own_words_stay() -> None:
    """They were chosen where it was intended."""
    facts = KINDS["notice"]
    assert dress("notice", facts, "en").text == dress("notice", facts).text


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


@pytest.mark.parametrize("kind", ["daily", "weekly"])
def test_a_digest_says_what_each_row_is(kind: str) -> None:
    """A correction, which in chat is a button: "Correct"."""
    words = {
        "新增": "new", "新版本": "new version", "状态更新": "status update",
        "更正": "Correction", "撤回": "withdrawn", "补充": "late",
    }  # fmt: skip
    facts = KINDS[kind]
    assert isinstance(facts, DailyRecords | WeeklySummary)
    rows: Any = tuple(replace(facts.rows[0], change=word) for word in words)
    dressed = dress(kind, replace(facts, rows=rows), "en")
    sheet = next(one.content() for one in dressed.attachments if one.name.endswith(".csv"))
    told = [row["kind"] for row in csv.DictReader(io.StringIO(sheet.decode("utf-8-sig")))]
    assert told == [*words.values()]
