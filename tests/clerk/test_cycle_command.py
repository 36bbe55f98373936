"""`clerk cycle check`: an id, a file, a file with faults."""

import json
import os
from importlib.resources import files
from pathlib import Path

from tests import forked


def checked(*arguments: str) -> tuple[int, str, str]:
    done = forked.run(("cycle", "check", *arguments), dict(os.environ))
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_a_packaged_cycle_prints_its_calendar() -> None:
    status, said, _ = checked("2019-2020")
    assert status == 0
    assert "2021-12-15 17:00 周三 工作日  自愿注销截止（此时刻起为迟）  附件3 §2 第5步" in said
    status, said, _ = checked("2019-2020", "--json")
    told = json.loads(said)
    assert (status, told["faults"], len(told["calendar"])) == (0, [], 4 + 8 + 51)


def test_a_packaged_cycle_that_leaves_keys_to_the_operator_ends_with_1() -> None:
    status, said, complaint = checked("2024")
    assert status == 1
    assert "须由运维人员补充后方可启用：apply_first、apply_last、cancel_before" in said
    assert "set it in 2024.toml in cycle.directory" in complaint


def test_a_file_of_ones_own_is_checked(tmp_path: Path) -> None:
    file = tmp_path / "2019-2020.toml"
    text = files("cycles").joinpath("2019-2020.toml").read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    assert checked(str(file))[0] == 0
    file.write_text(text.replace("apply_last = 2021-12-10", "apply_last = 2021-10-01"))
    status, _, complaint = checked(str(file))
    assert status == 1
    assert "apply_last is before apply_first" in complaint
    short = [one for one in text.split("[clauses]")[0].splitlines() if not one.startswith("title")]
    file.write_text("\n".join(short), encoding="utf-8")
    status, _, complaint = checked(str(file))
    assert (status, complaint) == (1, "clerk: cycle: missing keys title\n")
    file.write_text("\n".join(["title = '下一周期'", *short]), encoding="utf-8")
    assert checked(str(file))[0] == 0, "without clauses the rule text is cited"
    file.rename(tmp_path / "other.toml")
    status, _, complaint = checked(str(tmp_path / "other.toml"))
    assert status == 1
    assert "is called other.toml" in complaint
    file.write_text("= no toml")
    assert checked(str(file))[0] == 1
    assert checked(str(tmp_path / "none"))[0] == 2
