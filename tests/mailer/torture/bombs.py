"""Mails made to hurt: bounded, and the next one unharmed."""
# ruff: noqa: E501 - one mail a line reads best

import io
import zipfile

from tests.mailer.torture.build import FORM, PDF, Case, file, mail, mixed, named, part, text, words
from tests.mailer.torture.packed import seven, zipped


def _levels(count: int) -> bytes:
    raw = part(b"Content-Type: application/pdf", body=PDF)
    for level in range(count):
        boundary = b"b%d" % level
        raw = mixed(raw, boundary=boundary)
    return b"From: a@firm.example\r\n" + raw


def _forwards(count: int) -> bytes:
    raw = b"Subject: x\r\n\r\nend"
    for _ in range(count):
        raw = b"Content-Type: message/rfc822\r\n\r\n" + raw
    return b"From: a@firm.example\r\n" + raw


def _nested_zips(levels: int) -> bytes:
    data = zipped(("a.pdf", b"\0" * (1 << 20)))
    for _ in range(levels):
        data = zipped(*((f"{number}.zip", data) for number in range(10)))
    return data


def _many(count: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(count):
            archive.writestr(f"{number}.pdf", b"")
    return out.getvalue()


def _zipped(data: bytes, name: str = "材料.zip") -> bytes:
    return mail(parts=(file(b'attachment; filename="' + words(name) + b'"', data=data),))


_SMALL = [part(b"Content-Type: application/pdf", body=b"%PDF-1.4")] * 10_000


def cases() -> list[Case]:
    """Built when they are wanted: some take a while."""
    big = zipped(("a.pdf", b"\0" * (300 << 20)))
    rows = {
        "10,000 parts": mail(body=mixed(*_SMALL)),
        "10,000 empty parts": mail(body=mixed(*[b"\r\n"] * 10_000)),
        "1,000 levels": _levels(1000),
        "1,000 forwards": _forwards(1000),
        "100 levels of forwards with files": _forwards(100),
        "a zip of 300 MB zeros": _zipped(big),
        "zips in zips": _zipped(_nested_zips(4)),
        "20,000 members": _zipped(_many(20_000)),
        "a 7z of 100 MB zeros": _zipped(seven(("a.pdf", b"\0" * (100 << 20))), "a.7z"),
        "20,000 encoded-words": mail(subject=b" ".join([words("申")] * 20_000), parts=(named(FORM),)),
        "20,000 words that never end": mail(subject=b"=?utf-8?B?" * 20_000, parts=(named(FORM),)),
        "5,000 parameters": mail(parts=(file(b"attachment;" + b"".join(
            b" filename*%d*=%%41;" % number for number in range(5000))),)),
        "a megabyte of quotes": mail(parts=(file(b"attachment; filename=" + b'"\\' * 500_000),)),
        "a megabyte of brackets in From": mail(sender=b"<" * 500_000 + b"(" * 500_000),
        "10,000 addresses": mail(sender=b", ".join(b"a%d@firm.example" % n for n in range(10_000))),
        "100,000 headers": mail(*[b"X-A: b"] * 100_000),
        "one header of 5 MB": mail(b"X-A: " + b"a" * 5_000_000),
        "5 MB of html tags": mail(body=part(b"Content-Type: text/html", body=b"<a href=x><div>" * 350_000)),
        "5 MB of open brackets": mail(body=part(b"Content-Type: text/html", body=b"<" * 5_000_000)),
        "5 MB of half comments": mail(body=part(b"Content-Type: text/html", body=b"<!-" * 1_700_000)),
        "a begin for every line": mail(body=text("begin 644 a.pdf\n" * 200_000)),
        "a password in every line": mail(body=mixed(text("密码：abc\n" * 100_000))),
        "5 MB of one word": mail(body=text("申请" * 800_000)),
        "boundaries only": mail(body=b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n" * 400_000),
        "25 MB of base64": mail(parts=(named(FORM, PDF + b"\0" * (25 << 20)),)),
    }  # fmt: skip
    return [Case(f"bomb: {name}", raw, subject=None, files=None) for name, raw in rows.items()]
