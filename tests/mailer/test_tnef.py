"""winmail.dat as Outlook's relatives write it: other attributes, other kinds of properties."""

import struct

import pytest

from mailer.parse import parse
from mailer.parse.tnef import Broken, unpacked
from tests.mailer.torture.build import FORM, PDF, file, mail
from tests.mailer.torture.structures import attribute, mapi, tnef

HEAD = struct.pack("<IH", 0x223E9F78, 1)
RENDER = attribute(2, 0x9002, 6, b"\1\0" + b"\0" * 12)
TITLE = attribute(2, 0x8010, 1, b"CCER~1.PDF\0")
DATA = attribute(2, 0x800F, 6, PDF)
NAME = mapi(0x3707, 0x1F, (FORM + "\0").encode("utf-16-le"))
GUID = b"G" * 16


def listed(*properties: bytes) -> bytes:
    """MAPI properties as one value."""
    return struct.pack("<I", len(properties)) + b"".join(properties)


def stream(*properties: bytes, before: bytes = b"") -> bytes:
    """A winmail.dat with one file that has these properties."""
    return HEAD + before + RENDER + TITLE + DATA + attribute(2, 0x9005, 6, listed(*properties))


def fixed(kind: int, size: int, tag: int = 0x3705) -> bytes:
    return struct.pack("<HH", kind, tag) + b"\7" * size


def named(rest: bytes) -> bytes:
    """A named property: its identity, what names it, and a long of its own."""
    return struct.pack("<HH", 0x03, 0x8001) + GUID + rest + b"\7\7\7\7"


@pytest.mark.parametrize(
    "before",
    [
        b"",
        fixed(0x03, 4),
        fixed(0x0B, 4),
        fixed(0x40, 8),
        fixed(0x48, 16),
        # Of variable size, padded to four bytes.
        mapi(0x3702, 0x102, b"12345"),
        mapi(0x3703, 0x1E, b".pdf\0"),
        # An object that is no mail.
        mapi(0x3701, 0x0D, GUID + b"no stream"),
        # Named by a number, and by a name.
        named(struct.pack("<II", 0, 0x8530)),
        named(struct.pack("<II", 1, 6) + "abc".encode("utf-16-le") + b"\0\0"),
    ],
)
def test_the_long_name_is_found_behind_other_properties(before: bytes) -> None:
    properties = (before, NAME) if before else (NAME,)
    (found,), _ = unpacked(stream(*properties))
    assert (found.called, found.data) == (FORM, PDF)


def test_a_long_name_in_the_code_page() -> None:
    (found,), _ = unpacked(stream(mapi(0x3707, 0x1E, (FORM + "\0").encode("gbk"))))
    assert found.called == FORM


def test_the_short_name_where_there_is_no_long_one() -> None:
    (found,), _ = unpacked(stream(mapi(0x3704, 0x1F, "短.pdf\0".encode("utf-16-le"))))
    assert found.called == "短.pdf"


@pytest.mark.parametrize(
    "unknown",
    [
        # Several values in one, a kind that nobody knows, and an end too early.
        mapi(0x3707, 0x101F, b"x"),
        mapi(0x3707, 0x0E, b"x"),
        struct.pack("<HH", 0x1F, 0x3707) + b"\1\0",
    ],
)
def test_what_is_not_understood_hides_no_file(unknown: bytes) -> None:
    (found,), _ = unpacked(stream(unknown))
    assert (found.called, found.data) == ("CCER~1.PDF", PDF)


def test_the_words_of_the_mail_stand_in_a_property_or_in_an_attribute_of_their_own() -> None:
    plain = attribute(1, 0x800C, 2, "请查收\0".encode("gbk"))
    kept = listed(mapi(0x1000, 0x1F, "正文\0".encode("utf-16-le")))
    assert unpacked(stream(NAME, before=plain))[1] == "请查收"
    assert unpacked(stream(NAME, before=attribute(1, 0x9003, 6, kept)))[1] == "正文"
    raw = mail(parts=(file(b"", b"application/ms-tnef", stream(NAME, before=plain)),), said="")
    assert parse(raw).text == "请查收"


def test_an_attribute_that_is_none_of_a_file_s_changes_nothing() -> None:
    date = attribute(2, 0x8013, 3, b"\0" * 14)
    (found,), _ = unpacked(stream(NAME) + date)
    assert (found.called, found.data) == (FORM, PDF)


def test_a_mail_within_a_mail_brings_its_files() -> None:
    inner = mapi(0x3701, 0x0D, GUID + tnef("a.pdf", PDF, FORM))
    raw = mail(parts=(file(b'attachment; filename="w.dat"', data=stream(inner)),))
    found = parse(raw).attachments
    assert [one.name for one in found] == ["w.dat", "winmail.dat", FORM]
    assert found[-1].inside == ("w.dat", "winmail.dat")
    assert found[-1].data == PDF


@pytest.mark.parametrize("cut", [b"no stream", HEAD + b"\2", stream(NAME)[:-20]])
def test_a_stream_that_is_none_or_is_cut_is_told(cut: bytes) -> None:
    with pytest.raises(Broken):
        unpacked(cut)
