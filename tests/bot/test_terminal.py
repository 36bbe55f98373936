"""The same commands at a terminal."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import terminal
from bot.messages import File, Reply
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


def test_files_are_written_where_wanted_under_names_of_their_own(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "files"
    name = "../../申请\n" + "长" * 300 + ".png"
    reply = Reply("页面", files=(File(name, "image/png", b"one"), File(name, "image/png", b"two")))
    said = terminal.spoken(reply, folder)
    written = sorted(folder.iterdir())
    assert {one.read_bytes() for one in written} == {b"one", b"two"}
    assert all(str(one) in said and one.suffix == ".png" for one in written)
    assert {one.stat().st_mode & 0o777 for one in (folder, *written)} == {0o700, 0o600}
    assert len(said.splitlines()) == 3


def test_a_chart_asked_for_lies_in_the_folder(office: House, tmp_path: Path) -> None:
    office.file(HENGLAN)
    sink = io.StringIO()
    lines = io.StringIO("统计\n")
    terminal.run(office.desk, WANG, lines, sink, prompt=False, folder=tmp_path / "files")
    (first, *_) = sorted((tmp_path / "files").iterdir())
    assert str(first) in sink.getvalue()
