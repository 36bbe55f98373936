"""Commands on files: `mail`, `read`, `form`, `backup`, `restore`, `cycle check`; the line."""

import json
import re
from collections.abc import Iterator
from email.message import EmailMessage
from importlib.resources import files
from pathlib import Path

import docx
import pytest

from tests.casework.made import Firm
from tests.clerk.commanded import CommandedOffice, later_cycle, run

SAMPLES = Path(__file__).parents[1] / "ocr" / "samples"
A = Firm(1)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[CommandedOffice]:
    opened = CommandedOffice(tmp_path)
    yield opened
    opened.close()


def letter(attached: bytes, name: str, **heads: str) -> bytes:
    made = EmailMessage()
    made["From"], made["To"] = "office@henglan.example", "clerk@office.example"
    made["Subject"], made["Message-ID"] = "抵销申请表", "<1@henglan.example>"
    for key, value in heads.items():
        made[key.replace("_", "-")] = value
    made.set_content("附申请表。")
    made.add_attachment(attached, maintype="application", subtype="pdf", filename=name)
    return made.as_bytes()


# mail


def test_mails_are_told_without_a_store(tmp_path: Path) -> None:
    form = (SAMPLES / "c0000-form.pdf").read_bytes()
    good, quiet = tmp_path / "good.eml", tmp_path / "quiet.eml"
    good.write_bytes(letter(form, "申请表.pdf"))
    quiet.write_bytes(letter(form, "申请表.pdf", Auto_Submitted="auto-replied"))
    said = run({}, "mail", str(good), "--own", "Clerk@Office.example")
    assert (said.status, said.err) == (0, "")
    head, sender, subject, attached = said.out.splitlines()
    assert head == f"{good}: application"
    assert "office@henglan.example" in sender
    assert subject == "  抵销申请表"
    assert attached == f"  - 申请表.pdf (application/pdf, {len(form)} B)"
    said = run({}, "mail", "--json", str(good), str(quiet), "--envelope-from", " <> ")
    assert [one["file"] for one in said.lines] == [str(good), str(quiet)]
    assert said.lines[1]["kind"] == "auto_reply"
    assert all(len(one["sha256"]) == 64 for one in said.lines)


def test_a_mail_that_cannot_be_opened_does_not_stop_the_next(tmp_path: Path) -> None:
    good = tmp_path / "good.eml"
    good.write_bytes(letter(b"%PDF-1.4 x", "a.pdf"))
    said = run({}, "mail", str(tmp_path / "none.eml"), str(good))
    assert said.status == 1
    assert said.err == f"clerk: {tmp_path}/none.eml: cannot be opened: No such file or directory\n"
    assert said.out.startswith(f"{good}: ")


def test_what_is_wrong_with_a_mail_is_said(tmp_path: Path) -> None:
    bad = tmp_path / "bad.eml"
    bad.write_bytes(letter(b"PK\x03\x04" + bytes(40), "a.zip").replace(b"/pdf", b"/zip"))
    said = run({}, "mail", str(bad))
    assert said.status == 1
    assert said.err.startswith(f"clerk: {bad}: ")


# read


def test_what_cannot_be_read_is_said_and_the_rest_read(tmp_path: Path) -> None:
    missing, form = tmp_path / "none.pdf", SAMPLES / "c0001-form.docx"
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 and nothing more")
    said = run({}, "read", str(missing), str(broken), str(form))
    assert said.status == 1
    first, second = said.err.splitlines()
    assert first.startswith(f"clerk: {missing}: ")
    assert second.startswith(f"clerk: {broken}: ")
    assert f"{form}（第 1 页起）：申请表" in said.out
    assert f"{broken}（第 1 页起）：其他文件" in said.out


def test_a_form_is_told_whole_in_words(tmp_path: Path) -> None:
    said = run({}, "read", str(SAMPLES / "c0001-form.docx"), str(SAMPLES / "c0000-form.pdf"))
    docx, pdf = said.out.split(f"{SAMPLES / 'c0000-form.pdf'}")
    assert "enterprise_name" not in said.out
    assert "obligation_t" not in said.out
    assert "✓ 重点排放单位名称：" in docx
    assert re.search(r"✓ 申请抵销量：[\d,]+ 吨\n", docx)
    assert re.search(r"✓ 项目 1：.+，[\d,]+ 吨\n", docx)
    assert re.search(r"  ✓ 印章：.+（与申请单位一致）\n", docx)
    assert re.search(r"  ✓ 印章（第 1 页）：.+（与申请单位一致）\n", pdf)


def test_a_screenshot_s_records_are_told(tmp_path: Path) -> None:
    said = run({}, "read", str(SAMPLES / "c0000-screenshot.png"))
    assert re.search(r"注销记录 1：.+ 吨，自愿注销，.+，2021-\d\d-\d\d \d\d:\d\d:\d\d", said.out)
    assert "  ？ 印章：未见\n  须更正  seal-missing（附件3 §2 第3步）" in said.out


def test_readings_as_json(tmp_path: Path) -> None:
    said = run({}, "read", "--json", str(SAMPLES / "c0001-form.docx"))
    assert (said.status, said.err) == (0, "")
    (one,) = said.lines
    assert (one["kind"], one["problem"]) == ("application", None)
    amount = one["fields"]["offset_t"]
    assert isinstance(amount["value"], int)
    assert amount["accepted"]
    assert amount.keys() == {"value", "text", "confidence", "accepted", "page", "box"}
    assert sum(row["amount_t"]["value"] for row in one["projects"]) == amount["value"]


def test_an_overlay_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere" / "a.png"
    said = run({}, "read", str(SAMPLES / "c0000-form.pdf"), "--overlay", str(nowhere))
    assert said.status == 1
    assert f"clerk: {nowhere}: cannot be written: No such file or directory" in said.err


# form


def test_a_blank_form_is_written_for_a_cycle_or_a_year(
    office: CommandedOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name = office.done("form").strip()
    assert name.endswith("使用CCER抵销配额清缴申请表.docx")
    assert "统一社会信用代码" in "".join(
        cell.text
        for table in docx.Document(name).tables
        for row in table.rows
        for cell in row.cells
    )
    later = later_cycle(tmp_path / "cycles")
    asked = ("form", "--cycle", "2021-2022", "--out", str(tmp_path / "f.docx"))
    said = office.refused(*asked, **later)
    assert said.endswith(
        "cycle 2021-2022 has a form for each year: say which with --year: 2021, 2022"
    )
    assert office.refused(*asked, "--year", "2019", **later) == said
    assert office.done(*asked, "--year", "2022", **later) == f"{tmp_path}/f.docx\n"
    assert "cycle '1999' is not known" in office.refused("form", "--cycle", "1999")


# backup, restore


def test_backups_are_named_by_time_and_the_oldest_goes(
    office: CommandedOffice, tmp_path: Path
) -> None:
    assert office.refused("backup") == "name a file, or set backup.directory"
    own = tmp_path / "data" / "clerk.db"
    assert office.refused("backup", str(own)) == (
        f"{own} is the database itself: name another file"
    )
    kept = {"CLERK_BACKUP__DIRECTORY": str(tmp_path / "kept"), "CLERK_BACKUP__KEEP": "1"}
    first = tmp_path / "kept" / "clerk-20211103-010000.db"
    said = office.done("backup", **kept)
    assert said == f"{first}: {first.stat().st_size} bytes, verified\n"
    assert f"{first} is there already: wait a second" in office.refused("backup", **kept)
    office.clock.step(hours=1)
    *_, gone = office.done("backup", **kept).splitlines()
    assert gone == f"removed: {first}"
    assert [one.name for one in first.parent.iterdir()] == ["clerk-20211103-020000.db"]


def test_a_backup_restored_elsewhere_holds_the_same(
    office: CommandedOffice, tmp_path: Path
) -> None:
    office.entities(A)
    number = office.apply(A)
    file, other = tmp_path / "copy.db", {"CLERK_DATA__DIRECTORY": str(tmp_path / "other")}
    office.done("backup", str(file))
    said = office.done("restore", str(file), **other)
    assert "messages 1" in said
    assert number in office.done("case", "list", **other)
    counts = office.clerk("verify", "--json", **other).lines[0]
    assert (counts["counts"]["messages"], counts["counts"]["cases"]) == (1, 1)


# cycle check


def cycle_file(folder: Path, name: str, old: str = "", new: str = "") -> str:
    text = files("cycles").joinpath(name).read_text(encoding="utf-8")
    assert old in text
    file = folder / name
    file.write_text(text.replace(old, new), encoding="utf-8")
    return str(file)


def test_a_cycle_that_is_open_is_told_as_json_too() -> None:
    said = run({}, "cycle", "check", "2024", "--json")
    assert said.status == 1
    (told,) = said.lines
    assert (told["cycle"], told["complete"], told["calendar"]) == ("2024", False, [])
    assert "apply_first" in told["open"]


def test_what_is_wrong_with_a_cycle_s_file_is_said(tmp_path: Path) -> None:
    known = "there are 2019-2020, 2021-2022, "
    assert known in run({}, "cycle", "check", "1999").err
    lacks = cycle_file(tmp_path, "2019-2020.toml", 'form = "', 'form = "no-')
    said = run({}, "cycle", "check", lacks)
    assert said.status == 1
    assert "is not there" in said.err
    broken = tmp_path / "mine.toml"
    broken.write_bytes(b"\xff\xfe = 1")
    assert f"{broken} is no TOML" in run({}, "cycle", "check", str(broken)).err
    broken.write_text('extends = "nowhere"\n')
    assert (
        f"{broken} extends 'nowhere', which is not there"
        in run({}, "cycle", "check", str(broken)).err
    )


def test_a_cycle_s_file_says_its_own_name_and_has_a_fitting_form(
    office: CommandedOffice, tmp_path: Path
) -> None:
    later = later_cycle(tmp_path / "cycles")
    file = tmp_path / "cycles" / "2021-2022.toml"
    assert office.done("cycle", "check", str(file)) != ""
    file.write_text(file.read_text() + 'form = "2019-2020"\n')
    said = office.clerk("cycle", "check", str(file))
    assert said.status == 1
    assert "form '2019-2020' has no field 'year', which a cap per year needs" in said.err
    (tmp_path / "cycles" / "mine.toml").write_text('extends = "2019-2020"\n')
    told = office.refused("case", "list", **{**later, "CLERK_CYCLE__ACTIVE": "mine"})
    assert told == "cycle mine: its file says id = '2019-2020': write id = 'mine'"


# the line itself


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("nonsense",), 2, "clerk: No such command 'nonsense'."),
        (("case", "show"), 2, "clerk: Missing argument 'NUMBER'."),
        (("case", "list", "--config", "/nowhere/clerk.toml"), 2, "cannot be read: No such file"),
        (("init", "--mailboxes", "hb"), 2, "'hb' is no PROVINCE=ADDRESS, such as 13=hebei@"),
        (
            ("init", "--address", "a@b.example", "--config", "/proc/none/clerk.toml"),
            2,
            "/proc/none cannot be written: ",
        ),
        ((), 2, "Usage: clerk [OPTIONS] COMMAND"),
    ],
)
def test_wrong_use_is_one_line_and_2(arguments: tuple[str, ...], status: int, said: str) -> None:
    told = run({}, *arguments)
    assert (told.status, told.out) == (status, "")
    assert said in told.err


def test_help_lists_every_command() -> None:
    said = run({}, "--help")
    assert said.status == 0
    for name in ("access", "backup", "digest", "verify"):
        assert f"\n  {name} " in said.out


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"CLERK_CYCLE__DIRECTORY": "/nowhere"}, "cycle.directory /nowhere is no folder"),
        ({"CLERK_CYCLE__ACTIVE": "1999"}, "cycle '1999' is not known: choose one of 2019-2020"),
        ({"CLERK_OFFICE__PROVINCES": "99"}, "unknown province or role: 99"),
        ({"CLERK_OFFICE__ROLES": "boss"}, "unknown province or role: boss"),
        ({"CLERK_OFFICE__DECIDE_BY": "fax"}, "unknown decision or door: fax"),
        ({"CLERK_OFFICE__MAILBOXES": "{ 13 = "}, "is neither a list nor a table"),
        (
            {"CLERK_OFFICE__NAME": "x", "CLERK_OFFICE__NAME__SHORT": "y"},
            "name must be a table, as CLERK_OFFICE__NAME__SHORT says",
        ),
        (
            {"CLERK_IMAP__ACCOUNTS": '[{ user = "a@b.example", profile = "hotmail" }]'},
            "there is no profile 'hotmail': generic, ",
        ),
        ({"CLERK_RETENTION__CASE_YEARS": "3"}, "3 is too short: at least 10, or 0 for ever"),
        ({"CLERK_DATA__DIRECTORY": "/nowhere"}, "data directory /nowhere is not there: run 'clerk"),
    ],
)
def test_settings_that_cannot_be_are_refused(
    office: CommandedOffice, settings: dict[str, str], said: str
) -> None:
    assert said in office.refused("case", "list", **settings)


def test_a_clock_begins_at_a_moment_and_runs_on(office: CommandedOffice, tmp_path: Path) -> None:
    office.environment.pop("CLERK_CLOCK__FILE")
    said = office.refused("case", "list", CLERK_CLOCK__START="morgen")
    assert said.startswith("clock.start 'morgen' is no moment: ")
    anchor = tmp_path / "data" / "clock.json"
    for start in ("2021-11-03T09:00", "2021-11-03T09:00", "2022-01-04T09:00"):
        before = anchor.read_bytes() if anchor.exists() else b""
        assert office.done("case", "list", CLERK_CLOCK__START=start) == ""
        kept = json.loads(anchor.read_bytes())
        assert kept["start"] == f"{start}:00+08:00"
        # The same start runs on over restarts, another one begins anew.
        assert (anchor.read_bytes() == before) == (
            json.loads(before or b"{}").get("start") == kept["start"]
        )


def test_a_clock_file_without_a_moment_is_refused(office: CommandedOffice, tmp_path: Path) -> None:
    file = tmp_path / "other-clock"
    file.write_text("noon")
    said = office.refused("report", CLERK_CLOCK__FILE=str(file))
    assert f"clock.file {file} holds no moment: write one like 2021-11-05T09:00:00+08:00" in said


def test_a_settings_file_that_is_no_table_of_settings_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "clerk.toml"

    def said(text: str, **environment: str) -> str:
        file.write_text(text, encoding="utf-8")
        told = run(environment, "case", "list", "--config", str(file))
        assert (told.status, told.out) == (2, "")
        return told.err

    assert f"settings file {file} is no TOML" in said("= 1")
    assert "settings: office must be a table, as CLERK_OFFICE__NAME says" in said(
        'office = "x"\n', CLERK_OFFICE__NAME="y"
    )
    assert "office.colour_file: Extra inputs" in said('[office]\ncolour_file = "/x"\n')
    assert "both office.name and office.name_file are set" in said(
        '[office]\nname = "a"\nname_file = "/x"\n'
    )
