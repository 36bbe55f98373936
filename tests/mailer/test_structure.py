"""Which files a mail brings, whatever its labels say."""

import base64
import binascii
import io
import os
import pickle
import signal
import sys
import zipfile
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from mailer.mail import Mail
from mailer.parse import parse
from mailer.parse.limited import Parser, limited
from procedure.errors import Temporary

PDF = b"%PDF-1.4\n" + b"x" * 300


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.effect_noise((width, height), 80).save(out, kind)
    return out.getvalue()


def part(headers: str, body: bytes) -> bytes:
    return headers.encode().replace(b"\n", b"\r\n") + b"\r\n\r\n" + body


def multipart(*parts: bytes, subject: str = "form") -> bytes:
    head = f"From: a@qq.example\r\nSubject: {subject}\r\n"
    head += 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    return head.encode() + b"".join(b"--b\r\n" + p + b"\r\n" for p in parts) + b"--b--\r\n"


def names(mail: Mail) -> list[str]:
    return [one.name for one in mail.attachments]


B64 = base64.encodebytes(PDF)


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64",
        "Content-Type: application/pdf\nContent-Transfer-Encoding: base-64",
        "Content-Type: text/plain\nContent-Disposition: attachment\n"
        "Content-Transfer-Encoding: BASE64",
        "Content-Disposition: inline\nContent-Type: image/png\nContent-Transfer-Encoding: base64",
        "Content-Type: application/pdf\nContent-Type: text/html\nContent-Transfer-Encoding: base64",
    ],
)
def test_a_pdf_is_a_pdf_whatever_its_label(headers: str) -> None:
    found = parse(multipart(part(headers, B64))).attachments
    assert [(one.type, one.data) for one in found] == [("application/pdf", PDF)]
    assert found[0].name == "附件1.pdf"


def test_base_names_only() -> None:
    head = 'Content-Type: application/pdf; name="..\\..\\etc/passwd.pdf"\n'
    head += "Content-Transfer-Encoding: base64"
    assert names(parse(multipart(part(head, B64)))) == ["passwd.pdf"]


def test_a_forwarded_mail_brings_its_files() -> None:
    inner = multipart(part('Content-Type: application/pdf; name="f.pdf"', PDF))
    inner = inner.replace(b'"b"', b'"inner"').replace(b"--b", b"--inner")
    found = parse(multipart(part("Content-Type: message/rfc822", inner)))
    assert [(one.name, one.inside, one.role) for one in found.attachments] == [
        ("附件1.eml", (), "container"),
        ("f.pdf", ("附件1.eml",), "document"),
    ]


def gbk_zip(name: str, data: bytes) -> bytes:
    """A zip as Chinese Windows writes it: GBK bytes as the name, no UTF-8 flag."""
    marker = "N" * len(name.encode("gb18030"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(marker, data)
    return out.getvalue().replace(marker.encode(), name.encode("gb18030"))


def attached(data: bytes, name: str) -> bytes:
    head = f"Content-Type: application/octet-stream; name={name}\nContent-Transfer-Encoding: base64"
    return multipart(part(head, base64.encodebytes(data)))


def test_a_zip_with_gbk_names_is_opened() -> None:
    mail = parse(attached(gbk_zip("申请表.pdf", PDF), "all.zip"))
    assert [(one.name, one.role, one.inside) for one in mail.attachments] == [
        ("all.zip", "container", ()),
        ("申请表.pdf", "document", ("all.zip",)),
    ]
    assert mail.attachments[1].data == PDF


def test_a_path_in_a_zip_is_cut() -> None:
    mail = parse(attached(gbk_zip("../../x/表.pdf", PDF), "all.zip"))
    assert names(mail) == ["all.zip", "表.pdf"]


def test_a_zip_bomb_is_not_opened() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.pdf", b"\0" * (50 << 20))
    mail = parse(attached(out.getvalue(), "bomb.zip"))
    assert [problem.code for problem in mail.problems] == ["archive-too-large"]
    assert names(mail) == ["bomb.zip"]


def test_a_damaged_zip_is_kept_and_told() -> None:
    mail = parse(attached(gbk_zip("a.pdf", PDF)[:-30], "cut.zip"))
    assert [problem.code for problem in mail.problems] == ["archive-damaged"]
    assert names(mail) == ["cut.zip"]


def test_uuencoded_files_are_taken_out_of_the_text() -> None:
    lines = [binascii.b2a_uu(PDF[i : i + 45]) for i in range(0, len(PDF), 45)]
    raw = (
        b"From: a@b.example\r\n\r\nhello\r\nbegin 644 f.pdf\r\n"
        + b"".join(lines)
        + b"end\r\nbye\r\n"
    )
    mail = parse(raw)
    assert [(one.name, one.data) for one in mail.attachments] == [("f.pdf", PDF)]
    assert "hello" in mail.text
    assert "begin" not in mail.text


def _inline(data: bytes) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@b.example", "x"
    message.set_content("text")
    message.add_alternative('<p>text</p><img src="cid:logo">', subtype="html")
    _, page = message.iter_parts()
    assert isinstance(page, EmailMessage)
    page.add_related(data, "image", "png", cid="<logo>")
    return message.as_bytes()


def test_a_small_inline_picture_is_decoration() -> None:
    assert [one.role for one in parse(_inline(picture(120, 60))).attachments] == ["decoration"]


def test_a_large_inline_picture_may_be_the_document() -> None:
    assert [one.role for one in parse(_inline(picture(900, 700))).attachments] == ["document"]


def test_large_attachments_by_link_are_told() -> None:
    html = '<p>超大附件</p><a href="https://wx.mail.qq.com/ftn/download?x=1">申请表.pdf</a>'
    raw = f"From: a@qq.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}".encode()
    mail = parse(raw)
    assert [(link.name, link.url[:26]) for link in mail.links] == [
        ("申请表.pdf", "https://wx.mail.qq.com/ftn")
    ]
    assert [problem.code for problem in mail.problems] == ["attachment-link"]


def test_raw_gbk_body_without_a_label() -> None:
    raw = b"From: a@b.example\r\n\r\n" + "请问进度如何".encode("gb18030")
    assert parse(raw).text == "请问进度如何"


def test_ten_thousand_parts_are_bounded() -> None:
    mail = parse(multipart(*[part("Content-Type: application/pdf", PDF)] * 10_000))
    assert len(mail.attachments) <= 1000
    assert [problem.code for problem in mail.problems] == ["too-complex"]


def test_a_thousand_levels_are_bounded() -> None:
    raw = PDF
    for level in range(1000):
        head = f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n'.encode()
        raw = head + raw + f"\r\n--b{level}--\r\n".encode()
    mail = limited(b"From: a@b.example\r\n" + raw)
    assert {problem.code for problem in mail.problems} <= {"too-complex", "unparsable"}
    assert mail.problems


def test_a_busy_machine_makes_no_mail_unparsable() -> None:
    # A limit on the wall's time took good mails for hostile ones while others used the machine.
    with pytest.raises(Temporary):
        limited(b"From: a@b.example\r\n\r\nx", patience=0.001)
    many = multipart(*[part("Content-Type: application/pdf", PDF)] * 10_000)
    assert [problem.code for problem in limited(many, seconds=0).problems] == ["unparsable"]


def test_a_parsing_process_that_was_killed_is_made_anew() -> None:
    parser = Parser()
    asked = pickle.dumps(((10, 512, frozenset(), None, frozenset()), b"From: a@b.example\r\n\r\nx"))
    first = parser.answer(asked, 60)
    assert parser.pid
    os.kill(parser.pid, signal.SIGKILL)
    assert parser.answer(asked, 60) == first
    parser.close()


def test_an_answer_that_was_given_up_is_never_the_next_mail_s() -> None:
    slow = multipart(*[part("Content-Type: application/pdf", PDF)] * 10_000)

    def interrupted(*_: object) -> None:
        raise MemoryError

    before = signal.signal(signal.SIGALRM, interrupted)
    try:
        limited(b"From: a@b.example\r\n\r\nwarm")
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with pytest.raises(MemoryError):
            limited(slow)
    finally:
        signal.signal(signal.SIGALRM, before)
    for text in ("second", "third"):
        assert limited(b"From: a@b.example\r\n\r\n" + text.encode()).text.strip() == text


def test_the_same_mail_by_two_ways_has_one_fingerprint() -> None:
    raw = b"From: a@b.example\r\nMessage-ID: <1@x>\r\nSubject: s\r\n\r\nbody\r\n"
    other = b"Received: from somewhere\r\nX-Spam: no\r\n" + raw
    assert parse(raw).fingerprint == parse(other).fingerprint
    assert parse(raw).fingerprint != parse(raw.replace(b"body", b"bodx")).fingerprint


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=600))
def test_no_mail_raises(raw: bytes) -> None:
    parse(raw)
    parse(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + raw + b"\r\n--b--")


def test_a_parsing_process_that_cannot_start_is_no_fault_of_the_mail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parser = Parser()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "executable", "/bin/true")
        with pytest.raises(Temporary, match="lost twice"):
            parser.answer(b"", 60)
    asked = pickle.dumps(((10, 512, frozenset(), None, frozenset()), b"From: a@b.example\r\n\r\nx"))
    assert parser.answer(asked, 60)
    parser.close()
