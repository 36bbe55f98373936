"""The same commands at a terminal."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import terminal
from bot.messages import File, Reply
from procedure.errors import WrongUse
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


def test_a_prompt_asks_for_each_line_where_somebody_types(office: House) -> None:
    sink = io.StringIO()
    terminal.run(office.desk, WANG, io.StringIO("待办\n退出\n"), sink)
    assert sink.getvalue().count("> ") == 2
    assert "> " not in talk(office, WANG, "待办", "退出")


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
    folder.mkdir(parents=True)
    folder.chmod(0o700)
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


def test_a_folder_that_cannot_be_written_to_is_said_before_the_talk(
    office: House, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    sink = io.StringIO()
    with pytest.raises(WrongUse, match=r"--files .*taken/in: .*choose a folder"):
        terminal.run(office.desk, WANG, io.StringIO("统计\n"), sink, folder=tmp_path / "taken/in")
    assert sink.getvalue() == ""


def test_a_file_that_cannot_be_kept_is_said_and_the_talk_goes_on(tmp_path: Path) -> None:
    reply = Reply("页面", files=(File("章.png", "image/png", b"one"),))
    said = terminal.spoken(reply, tmp_path / "gone")
    assert "章.png 未能保存：" in said
    assert said.startswith("页面\n")


def test_a_folder_is_made_for_its_owner_alone(office: House, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "files"
    terminal.run(office.desk, WANG, io.StringIO(""), io.StringIO(), prompt=False, folder=folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert list(folder.iterdir()) == []
