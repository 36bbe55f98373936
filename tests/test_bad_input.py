"""What cannot be read, sent as a person sends it: a clear answer, a tray item, the original kept.

Everything from outside: SMTP in, commands beside, what arrives at the sink.
"""

import hashlib
import io
import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import pytest
import pyzipper
from docx import Document
from reportlab.pdfgen.canvas import Canvas

from clerk.demo import data, mails, papers
from clerk.demo.mime import Draft, Enclosure, write
from tests import forked
from tests.house import RunningHouse, until
from tests.sink import Sink

PDF, ZIP, PNG = "application/pdf", "application/zip", "image/png"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT = "您好：现报送我单位使用CCER抵销配额清缴申请表，请查收。"


@dataclass(frozen=True)
class Bad:
    """One file that nobody can read, and words that its sender must find in the answer."""

    key: str
    file: Enclosure
    words: tuple[str, ...]

    @property
    def sender(self) -> str:
        return f"{self.key}@163.example"

    @property
    def raw(self) -> bytes:
        return write(
            Draft(
                "163", self.sender, "陈样本", data.OWN_ADDRESS, "CCER抵销配额清缴申请表", TEXT,
                data.at(8, 50), f"{self.key}.20211126@163.example", (self.file,),
            )
        )  # fmt: skip


def _letter() -> bytes:
    """A Word file that is not a form."""
    document, out = Document(), io.BytesIO()
    document.add_heading("关于召开安全生产工作会议的通知")
    document.add_paragraph("请各部门负责人于周五下午三点到三楼会议室参加会议。")
    document.save(out)
    return out.getvalue()


def _huge_picture(width: int = 30_000, height: int = 20_000) -> bytes:
    """600 megapixels in a small file: rows of zeros pack a thousandfold."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packer, row = zlib.compressobj(9), bytes(width // 8 + 1)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    parts = chunk(b"IHDR", head), chunk(b"IDAT", rows), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _locked_pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt="2021-secret")
    canvas.drawString(100, 700, "CCER")
    canvas.save()
    return out.getvalue()


def _locked_zip() -> bytes:
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(b"2021-secret")
        archive.writestr("form.docx", papers.form(data.world(), 0, "docx").data)
    return out.getvalue()


def bad_ones() -> tuple[Bad, ...]:
    whole = papers.form(data.world(), 1, "digital").data
    return (
        Bad(
            "not-a-form",
            Enclosure("会议通知.docx", WORD, _letter()),
            ("未能识别为申请表", "重新发送"),
        ),
        Bad("empty", Enclosure("申请表（空）.pdf", PDF, b""), ("0 字节", "重新")),
        Bad(
            "cut-off",
            Enclosure("申请表-盖章.pdf", PDF, whole[: len(whole) // 2]),
            ("已损坏", "重新"),
        ),
        Bad("huge", Enclosure("扫描件.png", PNG, _huge_picture()), ("过大", "像素")),
        Bad(
            "locked", Enclosure("申请表（加密）.pdf", PDF, _locked_pdf()), ("设有密码", "重新发送")
        ),
        Bad("locked-zip", Enclosure("申请材料.zip", ZIP, _locked_zip()), ("设有密码", "重新发送")),
    )


@pytest.fixture
def sink() -> Iterator[Sink]:
    opened = Sink()
    opened.start()
    yield opened
    opened.stop()


@pytest.fixture
def house(tmp_path: Path, sink: Sink) -> Iterator[RunningHouse]:
    opened = RunningHouse(tmp_path, sink, "2021-10-27T09:00:00+08:00")
    opened.run("init")
    opened.start()
    yield opened
    opened.stop()


def answers(sink: Sink, to: str) -> list[EmailMessage]:
    return [one for one, recipients in sink.letters() if to in recipients]


def plain(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def original(house: RunningHouse, item: str) -> bytes:
    """The mail behind a tray item, as the command line gives it."""
    done = forked.run(("tray", "show", item, "--raw"), house.environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def attached(raw: bytes) -> bytes:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    (part,) = message.iter_attachments()
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload


def answered(sink: Sink, sender: str) -> bool:
    return len(answers(sink, sender)) == 1


@pytest.mark.timeout(400)
def test_what_cannot_be_read_is_answered_and_kept(house: RunningHouse, sink: Sink) -> None:
    sent = bad_ones()
    assert len(sent[3].file.data) < 200_000
    for one in sent:
        house.send(one.raw, one.sender)
    good = mails.applications(data.world())[0]
    house.send(good.raw, good.sender)
    # The next good mail is handled, whatever came before it.
    until(partial(answered, sink, good.sender), 120)
    for one in sent:
        until(partial(answered, sink, one.sender))
        (letter,) = answers(sink, one.sender)
        text = plain(letter)
        assert one.file.name in text, text
        for word in one.words:
            assert word in text, (one.key, text)
        # Said once (of an archive: of it and of its member), and nothing that is not so.
        assert text.count(one.words[0]) == (2 if one.key == "locked-zip" else 1)
        assert ("0 字节" in text) is (one.key == "empty")
        assert str(letter["In-Reply-To"]) == f"<{one.key}.20211126@163.example>"
    lines = house.run("tray", "list", "--json").splitlines()
    items = {line["from_addr"]: line for line in map(json.loads, lines)}
    for one in sent:
        kept = original(house, items[one.sender]["item"])
        assert kept == one.raw, one.key
        assert attached(kept) == one.file.data
        # What a locked archive holds, nobody knows: its item stands for a file without bytes.
        known = b"" if one.key == "locked-zip" else one.file.data
        assert items[one.sender]["document"] == hashlib.sha256(known).hexdigest()
    proof = json.loads(house.run("verify", "--json"))
    assert proof["problems"] == []
    assert proof["counts"]["messages"] == len(sent) + 1
