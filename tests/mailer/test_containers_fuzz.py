"""Damaged containers and damaged mails: what else the mail brings is read all the same.

Whatever is wrong with one attachment, the mail is no unparsable one: its sender, its subject, its
other files and the damaged file's own bytes are there. ``make soak PART=containers_fuzz`` runs
each for ten minutes; a failure names its seed.
"""

import gzip
import io
import random
import shutil
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mailer.mail import Mail
from mailer.parse import UNPARSABLE, _parse, unar
from mailer.parse.limits import MOST_BYTES
from tests.fuzzed import ten_minutes
from tests.mailer.test_torture import CASES
from tests.mailer.torture import packed
from tests.mailer.torture.build import FORM, OWN, PDF, SUBJECT, form, mail, named
from tests.mailer.torture.structures import tnef
from tests.ocr.test_files_fuzz import damaged

_SLOW = 10
"""Seconds of a core that a mail's child process may take (`mailer.parse.limited`)."""
_PASSWORD = "Ccer2021"


def _tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo(FORM)
        info.size = len(PDF)
        archive.addfile(info, io.BytesIO(PDF))
    return out.getvalue()


CONTAINERS: dict[str, bytes] = {
    "材料.zip": packed.zipped((FORM, PDF), ("b/一.pdf", PDF)),
    "密.zip": packed.locked(FORM, _PASSWORD),
    "旧密.zip": packed.locked(FORM, _PASSWORD, aes=False),
    "材料.7z": packed.seven((FORM, PDF), ("一.pdf", PDF)),
    "密.7z": packed.seven((FORM, PDF), password=_PASSWORD),
    "材料.tar.gz": packed.tarred(FORM),
    "材料.tar": _tar(),
    "一.pdf.gz": gzip.compress(PDF),
    "winmail.dat": tnef("CCER~1.PDF", PDF, FORM),
    "转发.eml": form(),
    "套.zip": packed.zipped(("内.zip", packed.zipped((FORM, PDF))), ("邮件.eml", form())),
}
if shutil.which("unar"):
    CONTAINERS["材料.rar"] = packed.rar(FORM)


def _read(raw: bytes) -> Mail:
    """As `mailer.parse.parse`, without the wall that makes an unparsable mail of any error."""
    started = time.process_time()
    found = _parse(raw, OWN, "zhang@firm.example", frozenset())
    assert UNPARSABLE not in found.problems
    assert sum(len(part.data) for part in found.attachments) <= 2 * MOST_BYTES
    assert time.process_time() - started < _SLOW
    return found


def container(name: str, rng: random.Random) -> None:
    """One damaged container beside a whole file."""
    spoilt = damaged(CONTAINERS[name], rng)
    found = _read(mail(parts=(named(name, spoilt), named(FORM)), said=f"密码：{_PASSWORD}"))
    assert found.subject == SUBJECT
    assert found.attachments[0].data == spoilt
    assert found.attachments[-1].data == PDF
    assert found.attachments[-1].inside == ()


def whole(_: str, rng: random.Random) -> None:
    """One mail of the torture set, damaged anywhere."""
    _read(damaged(rng.choice(CASES).raw, rng))


ROADS: dict[str, Callable[[str, random.Random], None]] = {
    **dict.fromkeys(CONTAINERS, container),
    "mails": whole,
}


def once(road: str, seed: int) -> None:
    """One round; its seed is told where it fails."""
    try:
        ROADS[road](road, random.Random(f"{seed} {road}"))
    except BaseException as error:
        error.add_note(f"seed {seed}, {road}")
        raise


@pytest.mark.parametrize("road", ROADS)
def test_a_damaged_container_harms_nothing_else(road: str) -> None:
    for seed in range(6):
        once(road, seed)


@pytest.mark.parametrize(
    ("road", "seed"),
    [
        ("mails", 4),
        ("mails", 1702),
        ("mails", 284870),
        ("密.7z", 660250843),
        ("密.zip", 2942),
        ("转发.eml", 1232),
    ],
)
def test_what_made_a_whole_mail_unparsable(road: str, seed: int) -> None:
    """Found by long runs: a label with a NUL in it (twice), an assertion of py7zr's, a torn extra
    field, for which pyzipper has a BadZipFile of its own, a forwarded mail without parts that has
    8-bit bytes, or with a line in a header that looks like another one."""
    once(road, seed)


@pytest.mark.parametrize("label", [b"charset*=utf-8''gbk", b'charset="a\0b"', b"charset=none"])
@pytest.mark.parametrize("encoding", [b"base64", b"quoted-printable", b"8bit"])
def test_a_label_that_the_library_cannot_look_up(label: bytes, encoding: bytes) -> None:
    raw = b"\r\n".join(
        (
            b"From: a@example.cn", b"To: b@example.cn", b"Subject: x", b"MIME-Version: 1.0",
            b"Content-Type: text/plain; " + label, b"Content-Transfer-Encoding: " + encoding,
            b"", "申请表".encode("gbk"), b"--none--",
        )
    )  # fmt: skip
    assert _read(raw).subject == "x"


@pytest.mark.parametrize("named", [b"=_I", b"=_other"])
def test_a_boundary_that_is_another_one_costs_no_byte(named: bytes) -> None:
    """8-bit bytes are kept in the mail's text, in its files and where it is forwarded whole."""
    inner = b"\r\n".join(
        (
            b"From: a@example.cn", b"Subject: x", b"MIME-Version: 1.0",
            b'Content-Type: multipart/mixed; boundary="' + named + b'"', b"",
            b"--=_I", b"Content-Type: text/plain; charset=gb18030",
            b"Content-Transfer-Encoding: 8bit", b"", "申请表见附件".encode("gbk"),
            b"--=_I", b"Content-Type: application/pdf", b"Content-Transfer-Encoding: binary",
            b"Content-Disposition: attachment; filename=a.pdf", b"", b"%PDF-1.4 \xff\x80\x00 %%EOF",
            b"--=_I--", b"",
        )
    )  # fmt: skip
    forwarded = b"\r\n".join(
        (
            b"From: b@example.cn", b"Subject: y", b"MIME-Version: 1.0",
            b'Content-Type: multipart/mixed; boundary="=_F"', b"",
            b"--=_F", b"Content-Type: message/rfc822", b"", inner, b"--=_F--", b"",
        )
    )  # fmt: skip
    for raw in (inner, forwarded):
        found = _read(raw)
        assert "申请表见附件" in found.text
        assert found.attachments[-1].data == b"%PDF-1.4 \xff\x80\x00 %%EOF"
    plain = [one.replace(b"\r\n", b"\n").strip() for one in (found.attachments[0].data, inner)]
    assert plain[0] == plain[1]


def test_an_archive_on_which_unar_gets_stuck_is_a_damaged_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stuck = tmp_path / "lsar"
    stuck.write_text("#!/bin/sh\nexec sleep 60\n", encoding="ascii")
    stuck.chmod(0o755)
    (tmp_path / "unar").symlink_to(stuck)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(unar, "SECONDS", 0.5)
    found = _read(mail(parts=(named("材料.rar", packed.rar(FORM)), named(FORM))))
    assert [problem.code for problem in found.problems] == ["archive-damaged"]
    assert found.attachments[-1].data == PDF


@pytest.mark.soak
@pytest.mark.parametrize("road", ROADS)
def test_ten_minutes_of_damaged_containers(road: str) -> None:
    print(f"{road}: {ten_minutes(lambda seed: once(road, seed))} mails")
