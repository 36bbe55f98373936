"""Zip archives opened within limits; member names as Chinese Windows writes them."""

import io
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from mailer.mail import MailProblem
from mailer.parse.texts import decode

MOST_MEMBERS = 1000
MOST_BYTES = 256 * 1024 * 1024
"""Unpacked, all members together."""
MOST_RATIO = 200
UNICODE_PATH = 0x7075
"""Info-ZIP extra field: the name in UTF-8."""

BOMB = MailProblem(
    "archive-too-large", "压缩包解压后过大或文件过多，未打开。请直接以附件发送文件。"
)
BROKEN = MailProblem(
    "archive-damaged", "压缩包已损坏，无法打开。请重新压缩，或直接以附件发送文件。"
)
LOCKED = MailProblem("encrypted", "压缩包设有密码，无法打开。请去掉密码后重新发送。")


@dataclass(frozen=True)
class Member:
    """A file of an archive; ``data`` is empty where it is locked."""

    name: str
    data: bytes
    encrypted: bool = False


BROKEN_ZIP = zipfile.BadZipFile


class TooLarge(Exception):
    """The archive passes a limit."""


def members(data: bytes, budget: int = MOST_BYTES) -> Iterator[Member]:
    """The files of a zip. Raises `TooLarge`, `zipfile.BadZipFile`."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = [info for info in archive.infolist() if not info.is_dir()]
        if len(entries) > MOST_MEMBERS:
            raise TooLarge
        for info in entries:
            member = _member(archive, info, budget)
            budget -= len(member.data)
            yield member


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: int) -> Member:
    name = _name(info)
    if info.flag_bits & 0x1:
        return Member(name, b"", encrypted=True)
    # The directory's own figures first, then what really comes out: both may lie.
    if info.file_size > budget or info.file_size > MOST_RATIO * max(info.compress_size, 4096):
        raise TooLarge
    with archive.open(info) as stream:
        data = stream.read(min(info.file_size, budget) + 1)
    if len(data) > budget:
        raise TooLarge
    return Member(name, data)


def _name(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 0x800:
        return info.filename
    if extra := _unicode_path(info.extra):
        return extra
    # zipfile reads names without the UTF-8 flag as cp437; Chinese Windows wrote GBK.
    return decode(info.orig_filename.encode("cp437", "replace"))


def _unicode_path(extra: bytes) -> str:
    while len(extra) >= 4:
        tag, size = struct.unpack("<HH", extra[:4])
        if tag == UNICODE_PATH and size > 5:
            return extra[9 : 4 + size].decode("utf-8", "replace")
        extra = extra[4 + size :]
    return ""
