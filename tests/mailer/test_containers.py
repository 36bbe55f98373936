"""Containers within their limits, locked ones, and those that lie: what is opened, what is told."""

import base64
import binascii
import gzip
import io
import json
import tarfile
from pathlib import Path

import py7zr
import pytest

from mailer.mail import Mail
from mailer.parse import parse
from mailer.parse.bodies import large_attachments
from mailer.parse.coded import uu_split
from mailer.parse.content import type_of
from mailer.parse.limits import MOST_BYTES, MOST_MEMBERS
from mailer.parse.passwords import MOST, passwords
from tests.mailer.torture import packed
from tests.mailer.torture.build import FORM, PDF, mail, mixed, named, part, text


def sent(data: bytes, name: str, said: str = "请查收") -> Mail:
    return parse(mail(parts=(named(name, data), named("另.pdf")), said=said))


def names(found: Mail) -> list[str]:
    return [one.name for one in found.attachments]


def codes(found: Mail) -> list[str]:
    return [one.code for one in found.problems]


def test_a_rar_without_the_program_is_told_and_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = sent(packed.rar(FORM), "材料.rar")
    assert codes(found) == ["unsupported-archive"]
    assert names(found) == ["材料.rar", "另.pdf"]


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where a ``lsar`` says what listing.json does, and ``unar`` opens with the password "right".

    What the real ones never say of an archive that one can make here: nothing free packs RAR.
    """
    opens = 'case "$*" in *"-p right "*) printf opened;; *) exit 2;; esac'
    told = f"cat {tmp_path}/listing.json"
    for name, does in (("lsar", told), ("unar", opens)):
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n", encoding="ascii")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return tmp_path / "listing.json"


def listing(**member: object) -> str:
    row = {"XADFileName": FORM, "XADIndex": 0, "XADFileSize": 6, **member}
    return json.dumps({"lsarContents": [row, {"XADIsDirectory": True, "XADFileName": "d"}]})


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("{", "archive-damaged"),
        (json.dumps({"lsarError": 3}), "archive-damaged"),
        (listing(), "archive-damaged"),
        (listing(XADFileSize=MOST_BYTES + 1), "archive-too-large"),
        (json.dumps({"lsarContents": [{"XADIndex": 0}] * (MOST_MEMBERS + 1)}), "archive-too-large"),
        (listing(XADIsEncrypted=1), "encrypted"),
    ],
    ids=["nonsense", "error", "unreadable", "large", "many", "locked"],
)
def test_what_a_rar_s_listing_says_is_not_believed(programs: Path, said: str, problem: str) -> None:
    programs.write_text(said, encoding="utf-8")
    found = sent(packed.rar(FORM), "材料.rar")
    assert codes(found) == [problem]
    assert found.attachments[0].data == packed.rar(FORM)
    assert found.attachments[-1].data == PDF


def test_a_locked_rar_opens_with_the_second_password_that_the_mail_tells(programs: Path) -> None:
    programs.write_text(listing(XADIsEncrypted=1), encoding="utf-8")
    found = sent(packed.rar(FORM), "材料.rar", "密码：wrong 或 密码：right ")
    assert codes(found) == []
    assert [one.data for one in found.attachments[1:]] == [b"opened", PDF]


def test_a_locked_7z_opens_with_the_second_password_that_the_mail_tells() -> None:
    locked = packed.seven((FORM, PDF), password="Ccer2021")
    found = sent(locked, "密.7z", "旧密码：Ccer2020 ，新密码：Ccer2021 。")
    assert codes(found) == []
    assert [one.data for one in found.attachments[1:]] == [PDF, PDF]
    assert codes(sent(locked, "密.7z", "密码：Ccer2020")) == ["encrypted"]


def test_a_7z_whose_names_are_locked_too_is_told_by_its_own_name() -> None:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", password="Ccer2021", header_encryption=True) as archive:
        archive.writestr(PDF, FORM)
    found = sent(out.getvalue(), "密.7z")
    assert codes(found) == ["encrypted"]
    assert [(one.name, one.encrypted, one.role) for one in found.attachments] == [
        ("密.7z", True, "document"),
        ("另.pdf", False, "document"),
    ]


def tarred(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for info, data in members:
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def entry(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    return info


def test_folders_and_links_of_a_tar_are_no_files() -> None:
    data = tarred(
        (entry("d", 0, tarfile.DIRTYPE), b""),
        (entry("l", 0, tarfile.SYMTYPE), b""),
        (entry(f"d/{FORM}", len(PDF)), PDF),
    )
    found = sent(data, "材料.tar")
    assert names(found) == ["材料.tar", FORM, "另.pdf"]
    assert codes(found) == []


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (entry("a.pdf", MOST_BYTES + 1).tobuf() + b"\0" * 1024, "a.tar"),
        (gzip.compress(b"\0" * (4 << 20)), "a.pdf.gz"),
    ],
    ids=["tar", "gzip"],
)
def test_a_bomb_is_not_opened(data: bytes, name: str) -> None:
    found = sent(data, name)
    assert codes(found) == ["archive-too-large"]
    assert names(found) == [name, "另.pdf"]


def test_archives_within_archives_end_somewhere() -> None:
    data = PDF
    for level in range(12):
        data = packed.zipped((f"{level}.zip" if level else FORM, data))
    found = sent(data, "套.zip")
    assert codes(found) == ["archive-too-large"]
    assert len(found.attachments) == 8 + 2


def test_a_uuencoded_file_without_its_end_is_text() -> None:
    body = b"hello\nbegin 644 f.pdf\n" + binascii.b2a_uu(PDF[:45])
    assert uu_split(body) == (body, [])


@pytest.mark.parametrize(
    ("spoil", "wanted"),
    [
        (lambda line: line, PDF[:90]),
        # A space more at the end, a line between that is none, and one that is empty.
        (lambda line: line.rstrip(b"\n") + b" x\n", PDF[:90]),
        (lambda line: line + b"\xff\xfe nothing\n", PDF[:90]),
        (lambda line: line + b"\n", PDF[:90]),
        (lambda line: line[:9] + b"\xe4" + line[10:], PDF[45:90]),
    ],
    ids=["whole", "padded", "foreign", "empty", "broken"],
)
def test_a_broken_line_of_a_uuencoded_file_costs_no_other(spoil: object, wanted: bytes) -> None:
    assert callable(spoil)
    first, second = binascii.b2a_uu(PDF[:45]), binascii.b2a_uu(PDF[45:90])
    body = b"begin 644 f.pdf\n" + spoil(first) + second + b"`\nend\n"
    assert uu_split(body) == (b"\n", [(b"f.pdf", wanted)])


def test_a_uuencoded_part_that_has_no_end_is_kept_as_it_is() -> None:
    body = b"begin 644 f.pdf\n" + binascii.b2a_uu(PDF[:45])
    head = b'Content-Type: application/octet-stream; name="f.dat"'
    found = parse(mail(parts=(part(head, b"Content-Transfer-Encoding: 8bit", body=body),)))
    assert names(found) == ["f.dat"]
    assert found.attachments[0].data.startswith(b"begin 644")


def test_no_more_passwords_than_are_worth_trying() -> None:
    told = passwords("\n".join(f"密码：word{number}" for number in range(40)))
    assert len(told) == MOST
    assert told[0] == "word0"


def test_a_link_without_a_cloud_or_a_file_s_name_is_no_attachment() -> None:
    anchors = [
        ("申请表.pdf", "mailto:a@firm.example"),
        ("本单位网站", "https://www.firm.example/about"),
        ("申请表.pdf", "https://pan.firm.example/x"),
    ]
    found = large_attachments(anchors, "超大附件如下")
    assert [(one.name, one.url) for one in found] == [("申请表.pdf", "https://pan.firm.example/x")]


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "application/octet-stream"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "image/heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0", "image/heic"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "application/octet-stream"),
    ],
)
def test_pictures_of_telephones_by_their_bytes(data: bytes, mime: str) -> None:
    assert type_of(data, "x.bin") == mime


def test_a_pdf_that_the_page_refers_to_is_no_decoration() -> None:
    page = part(b"Content-Type: text/html; charset=utf-8", body=b'<p>form</p><img src="cid:form">')
    form = part(
        b"Content-Type: application/pdf", b"Content-ID: <form>",
        b"Content-Transfer-Encoding: base64", body=base64.encodebytes(PDF),
    )  # fmt: skip
    found = parse(mail(body=mixed(text("见附件"), page, form)))
    assert [one.role for one in found.attachments] == ["document"]
