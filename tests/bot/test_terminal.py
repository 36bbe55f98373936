"""The same commands at a terminal."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import terminal
from store.rows import Person
from tests.bot.house import HENGLAN, JINYUE, WANG, ZHAO, House, house


@pytest.fixture
def office(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        made.stock(HENGLAN, JINYUE)
        yield made


def talk(office: House, person: Person, *lines: str) -> str:
    sink = io.StringIO()
    source = io.StringIO("\n".join(lines) + "\n")
    terminal.run(office.desk, person, source, sink, prompt=False)
    return sink.getvalue()


def test_confirm_by_number_of_the_button(office: House) -> None:
    no = office.file(HENGLAN)
    said = talk(office, WANG, "待办", "1", f"确认 {no}", "1", "退出", "待办")
    assert "[1] 确认 5,000 吨" in said
    assert office.stage(no) == "confirmed"
    assert said.endswith("再见。\n")


def test_return_with_a_reason_typed_in_answer(office: House) -> None:
    no = office.file(HENGLAN)
    said = talk(office, WANG, f"退回 {no}", "申请表第2页缺失", "1")
    assert "退回原因：\n申请表第2页缺失" in said
    assert office.stage(no) == "returned"


def test_the_end_of_the_input_ends_it(office: House) -> None:
    assert talk(office, WANG).endswith("再见。\n")


def test_another_provinces_case_is_not_there(office: House) -> None:
    no = office.file(HENGLAN)
    said = talk(office, ZHAO, f"查询 {no}", f"案件 {no}", f"确认 {no} 是", "99")
    assert HENGLAN.name not in said
    assert office.stage(no) == "submitted"
