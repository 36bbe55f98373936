"""`clerk case`, `clerk tray`, `clerk export`: a case is worked on from the command line."""

import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.casework.made import Firm, form, proof, read, unreadable
from tests.clerk.commanded import CommandedOffice

A = Firm(1)
B = Firm(2, "河北穗禾化工有限公司", email="b@suihe.example")
CHEN = ("--as", "陈示例")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[CommandedOffice]:
    opened = CommandedOffice(tmp_path)
    opened.entities(A, B)
    opened.employ("陈示例", "reviewer", "13", "14")
    yield opened
    opened.close()


@pytest.fixture
def number(office: CommandedOffice) -> str:
    return office.apply(A)


def cancelled(office: CommandedOffice, number: str) -> None:
    """Confirmed, and the registry's record of it imported."""
    office.done("case", "confirm", number, *CHEN)
    office.clock.to("2021-11-08 12:00")
    office.cancellations((A, 5_000, "2021-11-08 10:00:00"))


def seen(office: CommandedOffice, number: str) -> str:
    """The last event that the page of a case names."""
    found = re.search(r"--seen (\d+)", office.done("case", "show", number))
    assert found
    return found[1]


def test_a_case_is_listed_and_shown_whole(office: CommandedOffice, number: str) -> None:
    assert office.done("case", "list") == f"{number}  待省级确认  河北省  {A.name}\n"
    assert "Hebei" in office.done("case", "list", CLERK_OFFICE__CHAT_LOCALE="en")
    (line,) = office.clerk("case", "list", "--json").lines
    assert (line["case_no"], line["stage"]) == (number, "submitted")
    cancelled(office, number)
    head, *rest = office.done("case", "show", number.lower()).splitlines()
    assert head.startswith(f"{number}  已注销待核实  {A.name}（河北省）  --seen ")
    assert rest[0] == "  第 1 份申请 第 1 版 已注销待核实 5000 t"
    assert [one for one in rest if " CCER-0001 5000 t 已完成" in one]
    assert [one for one in rest if one.startswith("  2021-11-03T09:00:01+08:00 ")]
    assert [one for one in rest if " 导入 登记系统注销记录：CCER-0001 5,000 吨" in one]
    assert [one for one in rest if " 邮件 收到申请表" in one]
    assert "陈示例" in rest[-1] or any("陈示例" in one for one in rest)
    view = office.clerk("case", "show", number, "--json").lines[0]
    assert view["applications"][0]["values"]["offset_t"] == 5_000
    assert view["history"][0]["at"].endswith("+08:00")


def test_findings_are_shown_with_their_clause(office: CommandedOffice) -> None:
    number = office.apply(A, obligation_t=read(120_000))
    said = office.done("case", "show", number)
    assert re.search(r"^    error obligation-record（附件\d.*）.*120,000", said, re.MULTILINE)


def test_a_decision_is_made_on_what_was_seen(office: CommandedOffice, number: str) -> None:
    before = seen(office, number)
    office.done("case", "correct", number, "phone", "13900000000", *CHEN)
    asked: tuple[str, ...] = ("case", "confirm", number, *CHEN, "--seen")
    assert "changed" in office.complained(1, *asked, before)
    assert office.stage(number) == "submitted"
    said = office.done(*asked, seen(office, number))
    assert said.startswith(f"已确认 {number} 第 1 份申请，数量 5,000")
    assert "already confirmed by 陈示例" in office.complained(1, *asked, before)
    office.done("case", "revoke", number, *CHEN, "--reason", "数量有误")
    assert office.stage(number) == "submitted"
    asked = ("case", "return", number, *CHEN, "--seen", seen(office, number))
    assert office.refused(*asked) == "a return needs a reason"
    said = office.done(*asked, "--reason", "盖章不清")
    assert said.startswith(f"已退回 {number} 第 1 份申请")
    assert office.stage(number) == "returned"


def test_a_field_is_set_to_what_the_paper_says(office: CommandedOffice, number: str) -> None:
    said = office.done("case", "correct", number, "offset_t", "4,000", *CHEN)
    assert "4,000" in said
    office.done("case", "correct", number, "amount_t", "4000", "--row", "0", *CHEN)
    app = office.state(number).applications[0]
    assert app.values["offset_t"] == 4_000
    assert app.stage == "submitted"


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("correct", "colour", "red"), 2, "no field 'colour': choose one of enterprise_name"),
        (("correct", "province", "火星"), 1, "no province '火星'"),
        (("correct", "offset_t", "viel"), 1, "viel"),
        (("confirm", "--application", "7"), 1, "there is no application 7"),
        (("return", "--application", "7", "--reason", "x"), 1, "there is no application 7"),
        (("withdraw", "--application", "7"), 1, "there is no application 7"),
        (("reassign", "--application", "7"), 1, "there is no application 7"),
        (("revoke", "--reason", "x"), 1, ""),
        (("accept-proof", "1"), 2, ""),
    ],
)
def test_what_cannot_be_done_is_said_and_not_done(
    office: CommandedOffice, number: str, arguments: tuple[str, ...], status: int, said: str
) -> None:
    before = office.events(number)
    command, *rest = arguments
    assert said in office.complained(status, "case", command, number, *rest, *CHEN)
    assert office.events(number) == before


@pytest.mark.parametrize("command", ["confirm", "return", "withdraw", "reassign"])
def test_nobody_acts_in_an_unknown_or_a_revoked_name(
    office: CommandedOffice, number: str, command: str
) -> None:
    known = "no person '陈示例': see 'clerk person list'"
    assert office.refused("case", command, number, "--as", "某人") == known.replace(
        "陈示例", "某人"
    )
    office.done("person", "revoke", "陈示例")
    assert office.refused("case", command, number, *CHEN) == known
    assert office.stage(number) == "submitted"


def test_a_case_that_is_not_there_is_not_named(office: CommandedOffice, number: str) -> None:
    assert "CCER-2019-13-9999" in office.complained(1, "case", "show", "CCER-2019-13-9999")
    missing = office.complained(1, "case", "confirm", "CCER-2019-13-9999", *CHEN)
    assert "CCER-2019-13-9999" in missing


def test_an_application_is_taken_back(office: CommandedOffice, number: str) -> None:
    said = office.done("case", "withdraw", number, *CHEN, "--reason", "企业来电撤回")
    assert number in said
    assert office.stage(number) == "withdrawn"
    withdrawn = office.state(number).applications[0].withdrawn
    assert withdrawn is not None
    assert withdrawn.reason == "企业来电撤回"


def test_a_version_is_made_an_application_of_its_own_and_back(
    office: CommandedOffice, number: str
) -> None:
    office.apply(A, 2_000)
    assert [one.version for one in office.state(number).applications] == [2]
    office.done("case", "reassign", number, *CHEN)
    assert [one.version for one in office.state(number).applications] == [1, 1]
    office.done("case", "reassign", number, "--application", "2", "--to", "1", *CHEN)
    state = office.state(number)
    assert state.applications[0].amount_t == 2_000
    assert state.applications[0].version == 2


def test_a_screenshot_counts_by_a_person_s_word(office: CommandedOffice, number: str) -> None:
    cancelled(office, number)
    office.post(A.email, replace(proof(A), seals=()), kind="cancellation")
    assert office.stage(number) == "cancelled"
    said = office.refused("case", "accept-proof", number, "1", "--row", "none", *CHEN)
    assert said == "choose the registry records that the screenshot shows"
    office.done("case", "accept-proof", number, "1", "--note", "原件有章", *CHEN)
    assert office.stage(number) == "verified"
    assert "人工核对注销截图（第 1 份，1 笔记录）" in office.done("case", "show", number)


def test_the_tray_is_worked_off(office: CommandedOffice, number: str) -> None:
    assert office.done("tray", "list") == ""
    office.post("somebody@else.example", unreadable(), subject="一份文件")
    office.post("somebody@else.example", unreadable(), subject="又一份")
    first, second = (line.split()[0] for line in office.done("tray", "list").splitlines())
    assert [one["item"] for one in office.clerk("tray", "list", "--json").lines] == [first, second]
    shown = office.done("tray", "show", first)
    assert "somebody@else.example  一份文件" in shown
    assert re.search(r"^document [0-9a-f]{64}$", shown, re.MULTILINE)
    assert office.clerk("tray", "show", first, "--raw").raw == b"mail 2"
    assert office.refused("tray", "show", "99") == "no tray item '99': see 'clerk tray list'"
    assert "no case and no registered entity '无名'" in office.refused(
        "tray", "assign", first, "无名", *CHEN
    )
    said = office.done("tray", "assign", first, number, "--what", "cancellation", *CHEN)
    assert said == f"已将第 {first} 项作为注销截图归入 {number}。\n"
    assert office.complained(1, "tray", "assign", first, number, *CHEN) == (
        "already closed by 陈示例"
    )
    assert office.refused("tray", "dismiss", second, "--note", " ", *CHEN) == (
        "a dismissal needs a reason"
    )
    assert office.done("tray", "dismiss", second, "--note", "广告", *CHEN) == f"closed: {second}\n"
    assert office.done("tray", "list") == ""


def test_an_alarm_holds_no_document_to_be_filed(office: CommandedOffice, number: str) -> None:
    office.clock.to("2021-11-03 18:00")
    office.done("digest", "send", "daily", "13")
    (item,) = (line.split()[0] for line in office.done("tray", "list").splitlines())
    shown = office.done("tray", "show", item)
    assert "2021-11-03 的注销记录尚未导入" in shown
    assert "document" not in shown
    assert office.refused("tray", "assign", item, number, *CHEN) == "the item has no document"


def test_a_case_is_exported_beside_what_it_has_no_letters_of_yet(
    office: CommandedOffice, number: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / f"{number}.zip"
    said = office.done("export", number.lower())
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        events = archive.read("events.jsonl").decode().splitlines()
    assert said == f"{file.name}: {len(names)} files, {file.stat().st_size} bytes\n"
    assert not [one for one in names if one.startswith("letters/")], "none is written out yet"
    assert len(events) == sum(office.events(number).values())
    assert json.loads(json.loads(events[0])["body"])["case_no"] == number
    said = office.refused("export", number)
    assert said == f"{file.name} is there already: name another file with --out"
    nowhere = tmp_path / "nowhere" / "a.zip"
    said = office.refused("export", number, "--out", str(nowhere))
    assert said == f"{nowhere} cannot be written: No such file or directory"
    assert list(tmp_path.glob("*.partial")) == []


def test_a_form_of_a_firm_that_no_list_has_is_a_case_by_name(office: CommandedOffice) -> None:
    office.post("new@firm.example", form(Firm(9, "河北新示例有限公司")))
    assert "河北新示例有限公司" in office.done("case", "list")
