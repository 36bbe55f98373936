"""`clerk digest`: what is due is made by hand, looked at before and after, and sent again."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

from tests.casework.made import Firm
from tests.clerk.commanded import CommandedOffice, later_cycle
from tests.programs import needed

A = Firm(1)
B = Firm(2, "河北穗禾化工有限公司", email="b@suihe.example")
NO_BROWSER = {"PATH": ""}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[CommandedOffice]:
    """One application of Wednesday; at Friday's five o'clock the first summary is due."""
    opened = CommandedOffice(tmp_path)
    opened.entities(A, B)
    opened.apply(A)
    yield opened
    opened.close()


def cancelled(office: CommandedOffice) -> None:
    """A cancellation of Wednesday, imported an hour after the daily records were due."""
    office.clock.to("2021-11-03 18:00")
    office.cancellations((A, 5_000, "2021-11-03 16:00:00"), until="2021-11-03 17:00")


def files(folder: Path, said: str) -> tuple[str, dict[str, bytes]]:
    """The subject that a preview printed, and the files that it named and wrote."""
    subject, *paths = said.splitlines()
    found = {Path(path.strip()).name: Path(path.strip()).read_bytes() for path in paths}
    assert sorted(found) == sorted(one.name for one in folder.iterdir())
    return subject, found


def words(book: bytes) -> str:
    """All cells of all sheets."""
    sheets = openpyxl.load_workbook(io.BytesIO(book)).worksheets
    return " ".join(str(cell) for one in sheets for row in one.values for cell in row)


def test_the_list_says_whose_how_much_and_how_it_stands(office: CommandedOffice) -> None:
    assert office.done("digest", "list") == ""
    cancelled(office)
    daily = office.done("digest", "send", "daily", "河北").strip()
    national = office.done("digest", "send", "national").strip()
    office.clock.to("2021-11-05 17:05")
    weekly = office.done("digest", "send", "weekly", "13").strip()
    assert office.done("digest", "send", "weekly", "河北省") == "nothing to report\n"
    office.apply(B)
    more = office.done("digest", "send", "weekly", "13").strip()
    week = "2021-10-30/2021-11-05  weekly  河北省  1 rows  waiting"
    assert office.done("digest", "list").splitlines() == [
        f"{more}  {week}  supplement 1",
        f"{weekly}  {week}",
        f"{national}  2021-11-03  national  全国  1 rows  waiting  late",
        f"{daily}  2021-11-03  daily  河北省  1 rows  waiting  late",
    ]
    assert "Hebei" in office.done("digest", "list", CLERK_OFFICE__CHAT_LOCALE="en")
    told = office.clerk("digest", "list", "--json", CLERK_OFFICE__CHAT_LOCALE="en").lines
    (letter,) = office.letters("daily")
    assert letter.to == ("hebei@p.example",)
    assert [one["key"] for one in told] == [more, weekly, national, daily]
    assert told[3] == {
        "key": daily, "kind": "daily", "cycle": "2019-2020", "period": "2021-11-03",
        "province": "13", "supplement": 0, "rows": 1, "late": True,
        "made_at": "2021-11-03T18:00:00+08:00", "delivery": "waiting",
        "recipients": [*letter.to, *letter.cc],
    }  # fmt: skip


def test_a_day_without_its_import_is_not_made_by_hand_either(office: CommandedOffice) -> None:
    office.clock.to("2021-11-03 17:05")
    assert office.done("digest", "send", "daily", "13") == "nothing to report\n"
    assert office.tray() == []
    office.clock.to("2021-11-03 18:00")
    assert office.done("digest", "send", "daily", "13") == "nothing to report\n"
    assert office.tray() == ["digest-held"]
    assert office.letters("daily") == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("send", "weekly"), "name the province of the weekly digest by its prefix or name"),
        (("preview", "daily"), "name the province of the daily digest by its prefix or name"),
        (("send", "national", "13"), "the national digest has no province: leave it out"),
        (("send", "weekly", "火星"), "no province is called '火星': write its prefix (13)"),
        (("send", "weekly", "44"), "no weekly digest of 44 is due here now"),
        (("send", "monthly", "13"), "'monthly' is not one of 'weekly', 'daily', 'national'"),
        (("resend", "none"), "no digest 'none'"),
        (("preview", "weekly", "13", "--as-of", "gestern"), "'gestern' is no moment: write 2021-"),
        (
            ("preview", "weekly", "13", "--as-of", "2021-11-03T09:00"),
            "no weekly digest of 13 was made by 2021-11-03T09:00:00+08:00",
        ),
    ],
)
def test_what_there_is_not_is_said(
    office: CommandedOffice, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    if arguments[0] == "preview":
        arguments = (*arguments, "--out", str(tmp_path / "preview"))
    assert said in office.refused("digest", *arguments)
    assert not (tmp_path / "preview").exists()
    assert office.letters("weekly") == []


def test_a_preview_stores_nothing_and_says_what_the_digest_will(
    office: CommandedOffice, tmp_path: Path
) -> None:
    asked = ("digest", "preview", "weekly", "河北", "--out", str(tmp_path / "ahead"))
    subject, ahead = files(tmp_path / "ahead", office.done(*asked, **NO_BROWSER))
    assert office.letters("weekly") == []
    (book,) = (name for name in ahead if name.endswith(".xlsx"))
    assert A.name in words(ahead[book])
    assert A.name in ahead["letter.txt"].decode()
    page = ahead["letter.html"].decode()
    assert A.name in page
    assert "cid:" not in page
    assert "letter.png" not in ahead
    office.clock.to("2021-11-05 17:00")
    office.done("digest", "send", "weekly", "13")
    office.settle()
    then = ("digest", "preview", "weekly", "13", "--as-of", "2021-11-05T17:00")
    said = office.done(*then, "--out", str(tmp_path / "sent"), **NO_BROWSER)
    again, sent = files(tmp_path / "sent", said)
    assert again == subject
    assert A.name in words(sent[book])


def test_what_was_sent_is_shown_from_its_own_bytes(office: CommandedOffice, tmp_path: Path) -> None:
    office.clock.to("2021-11-05 17:00")
    key = office.done("digest", "send", "weekly", "13").strip()
    asked = ("digest", "preview", "weekly", "13", "--as-of", "2021-11-05T18:00")
    said = office.done(*asked, "--out", str(tmp_path / "waits"), **NO_BROWSER)
    subject, waits = files(tmp_path / "waits", said)
    assert "letter.eml" not in waits, "it waits to be dressed"
    office.settle()
    said = office.done(*asked, "--out", str(tmp_path / "sent"), **NO_BROWSER)
    again, sent = files(tmp_path / "sent", said)
    with office.store.read() as tx:
        assert sent.pop("letter.eml") == tx.outbox.raw(key)
    assert again == subject
    assert sent.keys() == waits.keys()
    for name, data in sent.items():
        assert data.split() == waits[name].split(), name


def test_a_digest_is_sent_again_only_where_that_can_help(office: CommandedOffice) -> None:
    cancelled(office)
    key = office.done("digest", "send", "daily", "13").strip()
    assert f"letter {key} is on its way still" in office.complained(1, "digest", "resend", key)
    office.settle()
    everybody = [one.address for one in office.letters("daily")[0].recipients]
    assert office.done("digest", "resend", key) == "  ".join((key, *everybody)) + "\n"
    assert office.states(key) == dict.fromkeys(everybody, "queued")
    office.done("outbox", "hold", key, "--to", "hebei@p.example")
    said = office.complained(1, "digest", "resend", key)
    assert "is held for hebei@p.example, nothing was sent" in said
    assert f"clerk outbox release {key} --to hebei@p.example" in said


def test_a_digest_of_a_cycle_that_is_over_goes_again_to_where_it_went(
    office: CommandedOffice, tmp_path: Path
) -> None:
    cancelled(office)
    key = office.done("digest", "send", "daily", "13").strip()
    office.settle()
    with office.store.write() as tx:
        tx.outbox.failed(key, "hebei@p.example", "550 5.1.1 no such user")
    moved = {"CLERK_OFFICE__MAILBOXES": '{ "13" = "new@p.example" }'}
    over = later_cycle(tmp_path / "cycles")
    assert office.done("digest", "resend", key, **over, **moved) == f"{key}  hebei@p.example\n"
    with office.store.write() as tx:
        tx.outbox.failed(key, "hebei@p.example", "550 5.1.1 no such user")
    assert office.done("digest", "resend", key, **moved) == f"{key}  new@p.example\n"


def test_a_browser_that_fails_costs_the_picture_alone(
    office: CommandedOffice, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    program = tmp_path / "bin" / "chromium"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    asked = ("digest", "preview", "weekly", "13", "--out", str(tmp_path / "out"))
    said = office.done(*asked, PATH=str(program.parent))
    _, found = files(tmp_path / "out", said)
    assert {"letter.html", "letter.txt"} < found.keys()
    assert "letter.png" not in found
    assert "no picture of letter.html: CalledProcessError" in caplog.text


def test_the_picture_is_the_page_without_the_empty_space_below(
    office: CommandedOffice, tmp_path: Path
) -> None:
    needed(shutil.which("chromium"), "chromium")
    asked = ("digest", "preview", "weekly", "13", "--out", str(tmp_path / "out"))
    said = office.done(*asked)
    _, found = files(tmp_path / "out", said)
    with Image.open(io.BytesIO(found["letter.png"])) as picture:
        assert picture.width == 900
        assert 200 < picture.height < 6_000
        assert len(picture.convert("L").getcolors(256) or ()) > 20, "letters are drawn"
