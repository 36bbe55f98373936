"""What the office asks at the command line: figures, registry files, people, looks, letters."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

from casework import decisions, people
from clerk.keeping import Keeping
from procedure.errors import NotAllowed
from tests.casework.made import Firm
from tests.casework.office import HEBEI
from tests.clerk.commanded import CommandedOffice

A = Firm(1)
B = Firm(2, "山西霁岭发电有限公司", "14", "山西省", email="b@jiling.example")
HEAD = "单位名称,统一社会信用代码,所属省份,应清缴配额"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[CommandedOffice]:
    opened = CommandedOffice(tmp_path)
    yield opened
    opened.close()


def ended(office: CommandedOffice) -> str:
    """A case that was withdrawn in 2021; the clock stands ten years and a day after it."""
    office.entities(A)
    number = office.apply(A)
    decisions.withdraw(office.desk, HEBEI, number, 1, "企业撤回")
    office.settle()
    office.clock.to("2031-11-04 09:30")
    return number


# report


def test_the_report_is_a_table_json_sheets_and_a_chart(
    office: CommandedOffice, tmp_path: Path
) -> None:
    office.entities(A, B)
    number = office.apply(A)
    office.apply(B, 4_000)
    office.clock.step(hours=6)
    decisions.confirm(office.desk, HEBEI, number, 1)
    book, chart = tmp_path / "r.xlsx", tmp_path / "r.png"
    said = office.done("report", "--xlsx", str(book), "--chart", str(chart))
    assert "河北省" in said
    assert "中位数 6.0 小时" in said
    assert [one.title for one in openpyxl.load_workbook(book)][:2] == ["各省", "各阶段"]
    with Image.open(chart) as picture:
        assert picture.format == "PNG"
    (told,) = office.clerk("report", "--json", "--cycle", "2019-2020").lines
    assert [one["confirmed_t"] for one in told["provinces"]] == [5_000, 0]
    assert [one["applied_t"] for one in told["provinces"]] == [5_000, 4_000]
    assert "cycle '1999' is not at work here" in office.refused("report", "--cycle", "1999")


# registry import


def test_a_registry_file_is_imported_whole_or_not_at_all(
    office: CommandedOffice, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    row = f"{A.name},{A.uscc},河北省,1000"
    good.write_text(f"{HEAD}\n{row}\n", "utf-8-sig")
    bad.write_text(f"{HEAD}\n{row}\n乙公司,X,火星,1000\n", "utf-8-sig")
    said = office.clerk("registry", "import", "entities", str(bad))
    assert (said.status, said.out) == (1, "")
    code, province = said.err.splitlines()
    assert code.startswith("clerk: bad.csv:3 统一社会信用代码: “X”不是有效的统一社会信用代码")
    assert province.startswith("clerk: bad.csv:3 所属省份: “火星”不是省份名称")
    with office.store.read() as tx:
        assert tx.registry.entities() == []
    said = office.clerk("registry", "import", "entities", str(bad), CLERK_OFFICE__CHAT_LOCALE="en")
    assert "不是" not in said.err
    done = office.done("registry", "import", "entities", str(good))
    assert done == "entities: 1 rows, 0 cases changed\n"


def test_a_record_of_nobody_is_named_and_imported(office: CommandedOffice, tmp_path: Path) -> None:
    office.clock.to("2021-11-08 18:00")
    file = tmp_path / "c.csv"
    head = "账户名称,账户编号,项目编号,数量,操作类型,状态,时间"
    row = f"{A.name},{A.account},CCER-0001,700,自愿注销,已完成,2021-11-08 10:00:00"
    file.write_text(f"{head}\n{row}\n", "gb18030")
    until = ("--until", "2021-11-08T17:00")
    said = office.clerk("registry", "import", "cancellations", str(file), *until)
    assert (said.status, said.out) == (0, "cancellations: 1 rows, 0 cases changed\n")
    (line,) = said.err.splitlines()
    assert line.startswith("clerk: c.csv: ")
    assert A.name in line
    with office.store.read() as tx:
        complete = tx.registry.complete_until("cancellations")
    assert complete is not None
    assert complete.isoformat().startswith("2021-11-08T09:00")
    asked = ("registry", "import", "cancellations", str(file), "--until", "heute")
    assert "'heute' is no moment" in office.refused(*asked)


# access, retention


def test_looks_are_listed_by_person_case_and_time(office: CommandedOffice) -> None:
    office.entities(A, B)
    first, second = office.apply(A), office.apply(B)
    office.clock.to("2021-11-03 10:00")
    office.done("case", "show", first)
    office.clock.to("2021-11-03 11:00")
    office.done("case", "show", second)
    late, early = office.done("access").splitlines()
    assert late.startswith(f"2021-11-03T11:00:00+08:00  operator  {second}  case #")
    assert early.startswith(f"2021-11-03T10:00:00+08:00  operator  {first}  case #")
    assert office.done("access", "--case", first.lower()) == early + "\n"
    assert office.done("access", "--since", "2021-11-03T10:30") == late + "\n"
    assert office.done("access", "--until", "2021-11-03T10:30") == early + "\n"
    assert office.done("access", "--limit", "1") == late + "\n"
    assert office.done("access", "--person", "陈示例") == ""
    (told,) = office.clerk("access", "--json", "--case", second).lines
    assert (told["person"], told["case_no"]) == ("operator", second)
    assert told["at"] == "2021-11-03T11:00:00+08:00"
    assert "'bald' is no moment" in office.refused("access", "--since", "bald")


def test_what_is_kept_no_longer_is_listed_and_goes_when_told(office: CommandedOffice) -> None:
    number = ended(office)
    for_ever = "cases are kept for ever (retention.case_years is 0)\n"
    assert office.done("retention") == for_ever
    assert office.done("retention", "--apply") == f"{for_ever}erased: 0 cases, 0 looks\n"
    ten = {"CLERK_RETENTION__CASE_YEARS": "10", "CLERK_RETENTION__ACCESS_MONTHS": "6"}
    assert office.done("retention", **ten) == f"due: {number}\n"
    assert A.name in office.done("case", "list")
    said = office.done("retention", "--apply", **ten)
    assert said == f"due: {number}\nerased: 1 cases, 0 looks\n"
    assert "was erased when its time of keeping was over" in office.refused("case", "show", number)
    assert "was erased" in office.refused("export", number)
    assert office.done("retention", **ten) == ""


def test_the_timetable_deletes_once_a_day_what_is_kept_no_longer(
    office: CommandedOffice, caplog: pytest.LogCaptureFixture
) -> None:
    number = ended(office)
    caplog.set_level("INFO", "clerk.keeping")

    def looked(keeping: Keeping, moment: str) -> list[str]:
        """What a look at that moment wrote to the log."""
        caplog.clear()
        now = office.clock.to(moment)
        office.show_clock()
        keeping.look(now)
        return [one.getMessage() for one in caplog.records if one.name == "clerk.keeping"]

    with office.house() as house:
        assert looked(Keeping(house), "2031-11-04 09:00") == []
    with office.house(CLERK_RETENTION__CASE_YEARS="10") as house:
        years = Keeping(house)
        assert looked(years, "2031-11-03 08:00") == []
        assert looked(years, "2031-11-03 23:00") == [], "once a day"
        assert looked(years, "2031-11-04 00:01") == ["erased: retention.case_years 10"]
        assert looked(years, "2031-11-05 00:01") == []
    assert "was erased" in office.refused("case", "show", number)


def test_the_timetable_deletes_old_looks(
    office: CommandedOffice, caplog: pytest.LogCaptureFixture
) -> None:
    office.entities(A)
    office.done("case", "show", office.apply(A))
    caplog.set_level("INFO", "clerk.keeping")
    now = office.clock.to("2022-06-01 09:00")
    with office.house(CLERK_RETENTION__ACCESS_MONTHS="6") as house:
        Keeping(house).look(now)
    assert "1 looks were deleted: 6 months" in caplog.text
    assert office.done("access") == ""


# person


def test_people_are_invited_listed_and_sent_away(office: CommandedOffice) -> None:
    code = office.done("person", "invite", "陈示例", "reviewer", "河北、山西").strip()
    assert len(code) == 12
    office.done("person", "invite", "审计", "auditor")
    assert office.done("person", "invitations") == (
        "审计  2021-11-10T09:00:00+08:00  open\n陈示例  2021-11-10T09:00:00+08:00  open\n"
    )
    people.bind(office.desk, "telegram", "42", code, office.clock.now())
    assert office.done("person", "accounts", "陈示例") == "telegram  42\n"
    assert office.done("person", "accounts", "审计") == ""
    office.clock.to("2021-11-10 09:01")
    assert office.done("person", "invitations") == (
        "审计  2021-11-10T09:00:00+08:00  expired\n"
        "陈示例  2021-11-10T09:00:00+08:00  used 2021-11-03T09:00:00+08:00\n"
    )
    assert office.done("person", "revoke", "陈示例") == "revoked: 陈示例\n"
    assert office.done("person", "list") == "审计  auditor  \n陈示例  reviewer  13,14  revoked\n"
    assert office.done("person", "accounts", "陈示例") == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("invite", "某", "boss"), "unknown role 'boss': choose one of "),
        (("invite", "某", "handler"), "handler needs a province"),
        (("invite", "某", "handler", "火星"), "no province is called '火星'"),
        (("revoke", "某"), "no person '某'"),
        (("mail", "某", "m@desk.example"), "no person '某'"),
        (("mail", "审计", "no address"), "'no address' is no mail address of a person"),
        (
            ("mail", "审计", "clerk@office.example"),
            "'clerk@office.example' is no mail address of a",
        ),
        (("mail", "审计", "m@desk.example", "--remove"), "'m@desk.example' is not 审计's"),
    ],
)
def test_wrong_words_about_people_are_refused(
    office: CommandedOffice, arguments: tuple[str, ...], said: str
) -> None:
    office.employ("审计", "auditor")
    assert said in office.refused("person", *arguments)
    assert office.done("person", "list") == "审计  auditor  \n"


def test_a_mail_address_is_registered_and_removed(office: CommandedOffice) -> None:
    office.employ("陈示例", "reviewer", "13")
    asked = ("person", "mail", "陈示例", "Chen@Desk.example")
    assert office.done(*asked) == "registered: Chen@Desk.example (陈示例)\n"
    assert office.done("person", "accounts", "陈示例") == "mail  chen@desk.example\n"
    assert office.done(*asked, "--remove") == "removed: Chen@Desk.example (陈示例)\n"
    assert office.done("person", "accounts", "陈示例") == ""


def test_an_account_that_guessed_is_let_in_again_by_the_operator(office: CommandedOffice) -> None:
    code = office.done("person", "invite", "陈示例", "reviewer", "13").strip()
    for _ in range(people.GUESSES):
        with pytest.raises(NotAllowed):
            people.bind(office.desk, "telegram", "42", "AAAA", office.clock.now())
    with pytest.raises(NotAllowed, match="too many bad invitation codes"):
        people.bind(office.desk, "telegram", "42", code, office.clock.now())
    assert office.done("person", "unlock", "telegram", "42") == "unlocked: telegram 42\n"
    bound = people.bind(office.desk, "telegram", "42", code, office.clock.now())
    assert bound.name == "陈示例"


def test_a_code_of_somebody_sent_away_binds_nobody(office: CommandedOffice) -> None:
    code = office.done("person", "invite", "陈示例", "reviewer", "13").strip()
    office.done("person", "revoke", "陈示例")
    with pytest.raises(NotAllowed, match="bad, used or expired invitation code"):
        people.bind(office.desk, "telegram", "42", code, office.clock.now())
    assert office.done("person", "accounts", "陈示例") == ""


# outbox


def test_a_letter_is_shown_as_bytes_once_there_are_any(office: CommandedOffice) -> None:
    office.entities(A)
    office.apply(A)
    (letter,) = office.letters("receipt")
    said = office.done("outbox", "show", letter.key)
    assert said.startswith(f"{letter.key}\n  about {letter.about}, not dressed yet\n")
    refusal = f"letter {letter.key!r} is not dressed yet"
    assert office.refused("outbox", "show", letter.key, "--raw") == refusal
    assert office.refused("outbox", "release", letter.key) == (
        f"nothing of letter {letter.key!r} is held"
    )
    assert office.refused("outbox", "retry", letter.key) == (
        f"letter {letter.key!r} failed for nobody"
    )
    office.settle()
    with office.store.read() as tx:
        assert office.clerk("outbox", "show", letter.key, "--raw").raw == tx.outbox.raw(letter.key)


def test_a_letter_put_off_says_when_it_is_tried_next(office: CommandedOffice) -> None:
    office.entities(A)
    office.apply(A)
    (letter,) = office.letters("receipt")
    office.settle()
    with office.store.write() as tx:
        tx.outbox.again(letter.key)
        at = office.clock.now().replace(hour=12, minute=30)
        tx.outbox.deferred(letter.key, A.email, "451 4.7.1 greylisted", at)
    said = office.done("outbox", "list", "--state", "deferred", "--to", A.email.upper())
    first, answer = said.splitlines()
    assert first.startswith(f"{letter.key}  {A.email}  deferred  ")
    assert first.endswith("  next 2021-11-03T12:30:01+08:00")
    assert answer == "    451 4.7.1 greylisted"
    assert office.done("outbox", "list", "--to", "somebody@else.example") == ""
