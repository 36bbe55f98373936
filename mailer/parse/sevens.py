"""7z archives, by py7zr: into memory only, within limits."""

import io
import lzma
import zlib
from collections.abc import Iterator, Sequence

import py7zr
from py7zr.exceptions import ArchiveError, PasswordRequired
from py7zr.io import BytesIOFactory

from mailer.parse.limits import MOST_MEMBERS, MOST_RATIO, Locked, Member, TooLarge

DAMAGE = (lzma.LZMAError, ArchiveError, zlib.error, EOFError, AssertionError)
"""A wrong password shows as damage, too."""


def members(data: bytes, budget: int, passwords: Sequence[str] = ()) -> Iterator[Member]:
    """The files. Raises `TooLarge`, `Locked`, and ValueError and others for damaged bytes."""
    for password in (None, *passwords):
        try:
            yield from _opened(data, budget, password)
        except PasswordRequired:
            continue
        except DAMAGE as error:
            if password is None:
                raise ValueError("damaged 7z") from error
            continue
        return
    yield from _names(data)


def _opened(data: bytes, budget: int, password: str | None) -> list[Member]:
    with py7zr.SevenZipFile(io.BytesIO(data), password=password) as archive:
        if archive.needs_password() and password is None:
            raise PasswordRequired("no password")
        files = [one for one in archive.list() if not one.is_directory]
        total = sum(one.uncompressed for one in files)
        if len(files) > MOST_MEMBERS or total > min(budget, MOST_RATIO * max(len(data), 4096)):
            raise TooLarge
        factory = BytesIOFactory(budget)
        archive.extract(targets=[one.filename for one in files], factory=factory)
    opened = password is not None
    return [Member(name, one.read(), opened=opened) for name, one in factory.products.items()]


def _names(data: bytes) -> list[Member]:
    """What is in it, by name alone; `Locked` where the names are locked too."""
    try:
        with py7zr.SevenZipFile(io.BytesIO(data), password="") as archive:
            files = [one.filename for one in archive.list() if not one.is_directory]
    except (PasswordRequired, OSError, ValueError, RuntimeError, TypeError, *DAMAGE) as error:
        raise Locked from error
    return [Member(name, b"", encrypted=True) for name in files[:MOST_MEMBERS]]
