"""Archives opened within limits: zip, 7z, tar, gzip here; rar by Debian's `unar` where it is.

Everything is unpacked into memory, member by member, under one budget: no name of an archive ever
becomes a path.
"""

import gzip
import io
import lzma
import struct
import subprocess
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from mailer.mail import MailProblem
from mailer.parse import unar
from mailer.parse.limits import MOST_MEMBERS, MOST_RATIO, Member, TooLarge
from mailer.parse.texts import decode
from procedure.language import _

UNICODE_PATH = 0x7075
"""Info-ZIP extra field: the name in UTF-8."""


BOMB = MailProblem(
    "archive-too-large",
    _("压缩包解压后过大或文件过多，未打开。请直接以附件发送文件。").said(),
)
BROKEN = MailProblem(
    "archive-damaged", _("压缩包已损坏，无法打开。请重新压缩，或直接以附件发送文件。").said()
)
LOCKED = MailProblem(
    "encrypted",
    _("压缩包设有密码，无法打开。请去掉密码后重新发送，或在邮件正文中写明“密码：……”。").said(),
)
NAMED = {
    BOMB: _("压缩包“{name}”解压后过大或文件过多，未打开。请直接以附件发送文件。"),
    BROKEN: _("压缩包“{name}”已损坏，无法打开。请重新压缩，或直接以附件发送文件。"),
    LOCKED: _(
        "压缩包“{name}”设有密码，无法打开。请去掉密码后重新发送，或在邮件正文中写明“密码：……”。"
    ),
}
FAULTS = (
    zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, lzma.LZMAError,
    zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError,
    KeyError, IndexError, TypeError, AttributeError, struct.error, AssertionError,
    ArithmeticError, MemoryError, subprocess.SubprocessError,
)  # fmt: skip
"""What the libraries raise for damaged bytes; the last one where `unar` gets stuck on them."""


def of_archive(problem: MailProblem, name: str) -> MailProblem:
    """The problem with the name of the archive that has it: a mail may bring several."""
    return replace(problem, message=NAMED[problem].said(name=name))


Opener = Callable[[bytes, int, Sequence[str]], Iterator[Member]]


def opener(mime: str) -> Opener | None:
    """What opens archives of this type here; None where nothing does."""
    if mime == "application/vnd.rar" and not unar.installed():
        return None
    return OPENERS.get(mime)


def zipped(data: bytes, budget: int, passwords: Sequence[str] = ()) -> Iterator[Member]:
    """The files of a zip. Raises `TooLarge` and `FAULTS`."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = [info for info in archive.infolist() if not info.is_dir()]
        if len(entries) > MOST_MEMBERS:
            raise TooLarge
        for info in entries:
            # The directory's own figures first, then what really comes out: both may lie.
            if info.file_size > min(budget, MOST_RATIO * max(info.compress_size, 4096)):
                raise TooLarge
            member = _member(archive, info, data, passwords)
            budget -= len(member.data)
            if budget < 0:
                raise TooLarge
            yield member


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, data: bytes, passwords: Sequence[str]
) -> Member:
    if not info.flag_bits & 0x1:
        with archive.open(info) as stream:
            return Member(_name(info), stream.read(info.file_size + 1))
    content = _unlocked(data, info, passwords)
    if content is None:
        return Member(_name(info), b"", encrypted=True)
    return Member(_name(info), content, opened=True)


def _unlocked(data: bytes, info: zipfile.ZipInfo, passwords: Sequence[str]) -> bytes | None:
    """What the first password that fits brings, None where none does: old cipher or AES."""
    # Imported where they are needed: this and py7zr cost each start of the child dearly.
    import pyzipper

    try:
        with pyzipper.AESZipFile(io.BytesIO(data)) as archive:
            return _opened(archive, info, passwords, pyzipper.BadZipFile)
    except pyzipper.BadZipFile as error:
        # Its own class, no kin of the standard library's.
        raise zipfile.BadZipFile(str(error)) from error


def _opened(
    archive: Any, info: zipfile.ZipInfo, passwords: Sequence[str], bad: type[Exception]
) -> bytes | None:
    same = next(one for one in archive.infolist() if one.header_offset == info.header_offset)
    for password in passwords:
        for way in dict.fromkeys((password.encode(), password.encode("gb18030"))):
            try:
                with archive.open(same, pwd=way) as stream:
                    content: bytes = stream.read(info.file_size + 1)
            except (RuntimeError, bad, zlib.error, EOFError):
                continue
            return content
    return None


def _name(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 0x800:
        return str(info.filename)
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


def seven(data: bytes, budget: int, passwords: Sequence[str] = ()) -> Iterator[Member]:
    """The files of a 7z. Raises `TooLarge`, `Locked` and `FAULTS`."""
    from mailer.parse import sevens

    return sevens.members(data, budget, passwords)


def tarred(data: bytes, budget: int, _passwords: Sequence[str] = ()) -> Iterator[Member]:
    """The files of a tar."""
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:", encoding="latin-1") as archive:
        for number, info in enumerate(archive):
            if number > MOST_MEMBERS or info.size > budget:
                raise TooLarge
            stream = archive.extractfile(info) if info.isfile() else None
            if stream is not None:
                found = stream.read(info.size)
                budget -= len(found)
                yield Member(_tar_name(info.name), found)


def _tar_name(name: str) -> str:
    """Names of the old kind come as Latin-1; those of PAX headers are text already."""
    try:
        return decode(name.encode("latin-1"))
    except UnicodeEncodeError:
        return name


def gunzipped(data: bytes, budget: int, _passwords: Sequence[str] = ()) -> Iterator[Member]:
    """What a gzip holds: the files of a tar, or one file without a name."""
    unpacker = zlib.decompressobj(47)
    most = min(budget, MOST_RATIO * max(len(data), 4096))
    found = unpacker.decompress(data, most + 1)
    if len(found) > most:
        raise TooLarge
    if found[257:262] == b"ustar":
        yield from tarred(found, budget)
    else:
        yield Member("", found)


OPENERS: dict[str, Opener] = {
    "application/zip": zipped,
    "application/x-7z-compressed": seven,
    "application/vnd.rar": unar.members,
    "application/gzip": gunzipped,
    "application/x-tar": tarred,
}
