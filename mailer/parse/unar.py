"""RAR through Debian's `lsar` and `unar`: a free program, and no library of ours.

Members come through a pipe, one by one, so that no name becomes a path and nothing is written.
"""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from typing import Any

from mailer.parse.limits import MOST_MEMBERS, MOST_RATIO, Member, TooLarge

SECONDS = 8


def installed() -> bool:
    """Whether both programs are here."""
    return bool(shutil.which("unar") and shutil.which("lsar"))


def members(data: bytes, budget: int, passwords: Sequence[str] = ()) -> Iterator[Member]:
    """The files of an archive. Raises `TooLarge`, and ValueError for what cannot be read."""
    with tempfile.NamedTemporaryFile(suffix=".rar") as file:
        file.write(data)
        file.flush()
        rows = _listed(file.name)
        if len(rows) > MOST_MEMBERS:
            raise TooLarge
        for row in rows:
            size = int(row.get("XADFileSize", 0))
            if size > min(budget, MOST_RATIO * max(len(data), 4096)):
                raise TooLarge
            member = _member(file.name, row, size, passwords)
            budget -= len(member.data)
            yield member


def _listed(path: str) -> list[dict[str, Any]]:
    command = ["lsar", "-j", "-nr", path]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False
    )
    try:
        found = json.loads(done.stdout.decode("utf-8", "replace"))
    except json.JSONDecodeError as error:
        raise ValueError("lsar says nothing") from error
    if found.get("lsarError"):
        raise ValueError(f"lsar: {found['lsarError']}")
    return [row for row in found.get("lsarContents", ()) if not row.get("XADIsDirectory")]


def _member(path: str, row: dict[str, Any], size: int, passwords: Sequence[str]) -> Member:
    name = str(row.get("XADFileName", ""))
    locked = bool(row.get("XADIsEncrypted"))
    for password in passwords if locked else ("",):
        data = _read(path, int(row["XADIndex"]), size, password)
        if len(data) == size:
            return Member(name, data, opened=locked)
    if locked:
        return Member(name, b"", encrypted=True)
    raise ValueError("a member cannot be read")


def _read(path: str, index: int, size: int, password: str) -> bytes:
    command = ["unar", "-q", "-nr", "-k", "skip", "-o", "-"]
    if password:
        command += ["-p", password]
    reading = subprocess.Popen(
        [*command, "-i", path, str(index)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    with reading:
        # No more than was told: the archive may lie about its sizes.
        data = reading.stdout.read(size + 1) if reading.stdout else b""
        reading.terminate() if len(data) > size else None
        try:
            return data if reading.wait(SECONDS) == 0 else b""
        finally:
            reading.kill()
