"""`clerk cycle check`: an id, a file, a file with faults."""

import json
from importlib.resources import files
from pathlib import Path

from click.testing import CliRunner

from clerk.cli import cli


def checked(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli, ["cycle", "check", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_a_packaged_cycle_prints_its_calendar() -> None:
    status, said, _ = checked("2019-2020")
    assert status == 0
    assert "2021-12-15 17:00 周三 工作日  自愿注销截止（此时刻起为迟）  附件3 §2 step 5" in said
    status, said, _ = checked("2019-2020", "--json")
    told = json.loads(said)
    assert (status, told["faults"], len(told["calendar"])) == (0, [], 4 + 8 + 51)


def test_a_file_of_ones_own_is_checked(tmp_path: Path) -> None:
    file = tmp_path / "next.toml"
    text = files("cycles").joinpath("2019-2020.toml").read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    assert checked(str(file))[0] == 0
    file.write_text(text.replace("apply_last = 2021-12-10", "apply_last = 2021-10-01"))
    status, _, complaint = checked(str(file))
    assert status == 1
    assert "apply_last is before apply_first" in complaint
    file.write_text("= no toml")
    assert checked(str(file))[0] == 1
    assert checked(str(tmp_path / "none"))[0] == 1
