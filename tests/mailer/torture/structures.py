"""How mails are put together, and how they are broken."""
# ruff: noqa: E501 - one mail a line reads best

import base64
import binascii
import struct
from typing import Any

from tests.mailer.torture.build import (
    B64,
    FORM,
    PDF,
    SUBJECT,
    Case,
    file,
    form,
    mail,
    mixed,
    named,
    part,
    text,
    words,
)


def _uu(data: bytes, name: str) -> bytes:
    lines = [binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45)]
    return b"begin 644 " + name.encode() + b"\n" + b"".join(lines) + b"`\nend\n"


def _inner(subject: str = SUBJECT, name: str = FORM) -> bytes:
    return mail(subject=subject, body=mixed(text("见附件"), named(name), boundary=b"=_I"))


def _forwarded(heads: bytes = b"", times: int = 1) -> bytes:
    raw = _inner()
    for level in range(times):
        body = mixed(text("转发"), part(b"Content-Type: message/rfc822", *([heads] if heads else []),
                     body=raw), boundary=b"=_F%d" % level)  # fmt: skip
        raw = mail(subject="转发：材料", body=body)
    return raw


def attribute(level: int, identity: int, kind: int, data: bytes) -> bytes:
    """One attribute of a TNEF stream."""
    head = struct.pack("<BHHI", level, identity, kind, len(data))
    return head + data + struct.pack("<H", sum(data) & 0xFFFF)


def mapi(tag: int, kind: int, data: bytes) -> bytes:
    """One MAPI property of variable size."""
    padded = data + b"\0" * (-len(data) % 4)
    return struct.pack("<HHII", kind, tag, 1, len(data)) + padded


def tnef(name: str, data: bytes, long_name: str | None = None) -> bytes:
    """A winmail.dat with one file; ``name`` in the code page, ``long_name`` in UTF-16."""
    out = struct.pack("<IH", 0x223E9F78, 1)
    out += attribute(1, 0x9007, 6, struct.pack("<II", 936, 0))
    out += attribute(2, 0x9002, 6, b"\1\0" + b"\0" * 12)
    out += attribute(2, 0x8010, 1, name.encode("gbk") + b"\0")
    out += attribute(2, 0x800F, 6, data)
    if long_name:
        coded = (long_name + "\0").encode("utf-16-le")
        out += attribute(2, 0x9005, 6, struct.pack("<I", 1) + mapi(0x3707, 0x1F, coded))
    return out


def _apple() -> bytes:
    fork = file(b'attachment; filename="' + words(f"._{FORM}") + b'"', b"application/applefile",
                b"\x00\x05\x16\x07" + b"\0" * 60)  # fmt: skip
    inner = mixed(fork, named(FORM), boundary=b"=_A").replace(
        b"multipart/mixed", b"multipart/appledouble"
    )
    return mail(body=mixed(text("请查收"), inner))


def _alternative() -> bytes:
    html = part(b"Content-Type: text/html; charset=utf-8", body="<p>附件请查收</p>".encode())
    inner = mixed(text("附件请查收"), html, boundary=b"=_A").replace(b"/mixed", b"/alternative")
    return mail(body=mixed(inner, named(FORM)))


def _base(name: str, raw: bytes, **truth: Any) -> Case:
    return Case(name, raw, **{"whole": (FORM,), **truth})


_GOOD = form()
_ONE = b'attachment; filename="' + words(FORM) + b'"'


def _broken() -> list[Case]:
    last = _GOOD.rindex(b"--=_B--")
    return [
        _base("bare LF", _GOOD.replace(b"\r\n", b"\n")),
        _base("bare CR", _GOOD.replace(b"\r\n", b"\r")),
        _base("mixed line ends", _GOOD.replace(b"\r\n", b"\n", 9)),
        _base("CR CR LF", _GOOD.replace(b"\r\n", b"\r\r\n")),
        _base("a BOM before the first header", b"\xef\xbb\xbf" + _GOOD),
        _base("empty lines before the first header", b"\r\n\r\n" + _GOOD),
        _base("an mbox line first", b"From zhang@firm.example Fri Nov 26 09:00:00 2021\r\n" + _GOOD),
        _base("a line without a colon among the headers", _GOOD.replace(b"\r\nTo:", b"\r\nnonsense\r\nTo:")),
        _base("no last boundary", _GOOD[:last]),
        _base("cut inside base64", _GOOD[:last].rstrip() + b"\r\n"),
        _base("words after the last boundary", _GOOD + b"\r\n--\r\nadvertisement\r\n"),
        _base("words before the first boundary", _GOOD.replace(b"\r\n--=_B", b"\r\nThis is MIME.\r\n--=_B", 1)),
        _base("boundary unquoted", _GOOD.replace(b'"=_B"', b"=_B")),
        _base("boundary with blanks at the line's end", _GOOD.replace(b"--=_B\r\n", b"--=_B  \r\n")),
        _base("boundary missing in the header", _GOOD.replace(b'; boundary="=_B"', b"")),
        _base("boundary named wrongly", _GOOD.replace(b'boundary="=_B"', b'boundary="=_X"')),
        _base("boundary of another case", _GOOD.replace(b"boundary=", b"BOUNDARY=")),
        _base("boundary twice", _GOOD.replace(b'boundary="=_B"', b'boundary="=_B"; boundary="zz"')),
        _base("content type twice", _GOOD.replace(b"Content-Type: multipart", b"Content-Type: multipart", 1)
              .replace(b"MIME-Version", b"X-Two: 1\r\nMIME-Version")),
        _base("a comment in the content type", _GOOD.replace(b"multipart/mixed;", b"multipart/mixed (x) ;")),
        _base("no MIME-Version", _GOOD.replace(b"MIME-Version: 1.0\r\n", b"")),
        _base("no From", _GOOD.replace(b"From: zhang@firm.example\r\n", b""), answered=False),
        _base("no Date, no To", _GOOD.replace(b"To: clerk@office.example\r\n", b"")),
        _base("headers in upper case", _GOOD.replace(b"Content-Type:", b"CONTENT-TYPE:")),
        _base("8-bit in a header name", _GOOD.replace(b"MIME-V", b"X-\xd6\xd0: 1\r\nMIME-V")),
        _base("a header line of 20,000 bytes", _GOOD.replace(b"MIME-V", b"X-A: " + b"a" * 20000 + b"\r\nMIME-V")),
    ]  # fmt: skip


def _encodings() -> list[Case]:
    one = base64.b64encode(PDF)
    ways = {
        "base-64": (b"base-64", B64),
        "BASE64 with blanks": (b" BASE64 ", B64),
        "base64 in one line": (b"base64", one),
        "base64 with foreign characters": (b"base64", one[:40] + b"!\n* " + one[40:]),
        "base64 without padding": (b"base64", one.rstrip(b"=")),
        "base64 with words after it": (b"base64", B64 + b"\n\n"),
        "quoted-printable": (b"quoted-printable", PDF.replace(b"=", b"=3D")),
        "8bit": (b"8bit", PDF),
        "binary": (b"binary", PDF),
        "x-unknown": (b"x-unknown", PDF),
        "x-uuencode": (b"x-uuencode", _uu(PDF, "f.pdf")),
        "base64 that is uuencoded": (b"7bit", _uu(PDF, "f.pdf")),
    }
    head = b"Content-Type: application/octet-stream"
    return [
        Case(f"transfer encoding: {name}", mail(parts=(part(
            head, b"Content-Transfer-Encoding: " + way, b"Content-Disposition: " + _ONE, body=body),)),
            whole=(FORM,) if "bit" not in name and name not in ("binary", "x-unknown", "quoted-printable")
            else ())
        for name, (way, body) in ways.items()
    ]  # fmt: skip


def _whole() -> list[Case]:
    nameless = file(b"attachment", b"application/octet-stream")
    return [
        _base("the file is the whole mail", mail(b"Content-Disposition: " + _ONE,
              b"Content-Transfer-Encoding: base64", body=b"Content-Type: application/pdf\r\n\r\n" + B64)),
        _base("inline", mail(parts=(file(b"inline; filename=\"" + words(FORM) + b'"', b"application/pdf"),))),
        _base("text/plain that is a PDF", mail(parts=(file(_ONE, b"text/plain"),))),
        _base("image/png that is a PDF", mail(parts=(file(_ONE, b"image/png"),))),
        _base("no type at all", mail(parts=(part(b"Content-Transfer-Encoding: base64",
              b"Content-Disposition: " + _ONE),))),
        _base("message/rfc822 that is a PDF in base64", mail(parts=(file(_ONE, b"message/rfc822"),))),
        _base("multipart/mixed that is a PDF", mail(parts=(file(_ONE, b"multipart/mixed"),))),
        Case("nameless octet-stream", mail(parts=(nameless,)), files=("附件1.pdf",), whole=("附件1.pdf",)),
        _base("alternative inside mixed", _alternative(), text="附件请查收"),
        _base("appledouble", _apple(), files=(FORM,)),
        Case("two forms of one name", mail(parts=(named(FORM), named(FORM))), files=(FORM, FORM)),
        _base("forwarded as an attachment", _forwarded(), files=("附件1.eml", FORM), subject="转发：材料"),
        _base("forwarded in base64", mail(subject="转发：材料", parts=(
            file(b'attachment; filename="old.eml"', b"message/rfc822", _inner()),)),
            files=("old.eml", FORM), subject="转发：材料"),
        _base("forwarded as octet-stream .eml", mail(subject="转发：材料", parts=(
            file(b'attachment; filename="old.eml"', data=_inner()),)),
            files=("old.eml", FORM), subject="转发：材料"),
        _base("forwarded three times", _forwarded(times=3), subject="转发：材料",
              files=("附件1.eml", "附件2.eml", "附件3.eml", FORM)),
        _base("forwarded inline", mail(subject="转发：" + SUBJECT, parts=(named(FORM),), said=(
            "请办理\n\n---------- 转发邮件 ----------\n发件人: 李某\n主题: 申请表\n")),
            subject="转发：" + SUBJECT, text="请办理"),
        _base("digest", mail(body=mixed(b"\r\n" + _inner()).replace(b"/mixed", b"/digest")),
              files=("附件1.eml", FORM)),
        _base("winmail.dat", mail(parts=(file(b'attachment; filename="winmail.dat"',
              b"application/ms-tnef", tnef(FORM, PDF)),)), files=("winmail.dat", FORM)),
        _base("winmail.dat with a long name", mail(parts=(file(b'attachment; filename="winmail.dat"',
              b"application/ms-tnef", tnef("CCER~1.PDF", PDF, FORM)),)), files=("winmail.dat", FORM)),
        _base("winmail.dat as octet-stream", mail(parts=(file(b'attachment; filename="ATT001.dat"',
              data=tnef(FORM, PDF)),)), files=("ATT001.dat", FORM)),
        Case("winmail.dat cut", mail(parts=(file(b'attachment; filename="winmail.dat"',
              b"application/ms-tnef", tnef(FORM, PDF)[:120]),)), files=("winmail.dat",),
              problems=("archive-damaged",)),
        _base("uuencode in the text", mail(body=b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
              + "请查收\r\n".encode() + _uu(PDF, FORM)), text="请查收"),
        _base("uuencode with CRLF, without MIME", b"From: zhang@firm.example\r\nSubject: "
              + words(SUBJECT) + b"\r\n\r\n" + _uu(PDF, FORM).replace(b"\n", b"\r\n")),
        _base("signed", mail(body=mixed(mixed(text("请查收"), named(FORM), boundary=b"=_S"), file(
            b'attachment; filename="smime.p7s"', b"application/pkcs7-signature", b"0\x82"),
            ).replace(b"multipart/mixed", b"multipart/signed", 1)), files=(FORM, "smime.p7s")),
        Case("a calendar", mail(subject="会议", body=mixed(text("请参加"), part(
            b"Content-Type: text/calendar; charset=utf-8; method=REQUEST", body=b"BEGIN:VCALENDAR"))),
            kind="other", subject="会议", files=None),
        Case("empty attachment", mail(parts=(file(_ONE, data=b""),))),
        Case("large attachment by link", mail(body=part(b"Content-Type: text/html; charset=utf-8", body=(
            '<p>超大附件</p><a href="https://wx.mail.qq.com/ftn/download?k=1">申请表.pdf</a>').encode())),
            files=(), problems=("attachment-link",)),
    ]  # fmt: skip


CASES = [*_broken(), *_encodings(), *_whole()]
