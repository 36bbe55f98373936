"""Old .xls files, read by a program of its own (`ocr.xlsbook`): a damaged one harms nobody else."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from ocr import limits, xlsbook
from ocr.problems import Unreadable
from procedure.errors import Temporary
from procedure.language import _

_PROGRAM = Path(xlsbook.__file__)
_PATIENCE = 10 * xlsbook.SECONDS
"""Seconds; those of the processor, which the file is to blame for, are the program's own limit."""

_BROKEN = {
    signal.SIGABRT, signal.SIGXCPU, signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE,
    signal.SIGTRAP,
}  # fmt: skip
"""What a file does: refused memory, time without end, a crash of the library's."""


def workbook(data: bytes, most_cells: int) -> list[dict[str, Any]]:
    """Its visible sheets, each with ``height`` (rows), ``merged`` (top, left, bottom and right,
    from 0) and ``rows`` of texts. `Unreadable` (damaged, encrypted, too-large), `Temporary`."""
    answer = _answer(data, most_cells)
    if "problem" in answer:
        detail = _("单元格过多").said() if answer["problem"] == "too-large" else ""
        raise Unreadable(answer["problem"], f"xls: {answer['detail']}", detail)
    sheets: list[dict[str, Any]] = answer["sheets"]
    return sheets


def _answer(data: bytes, most_cells: int) -> dict[str, Any]:
    # Not in its own folder, whose modules have names of others'.
    command = [sys.executable, "-P", str(_PROGRAM), str(limits.MAX_PAGES), str(most_cells)]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Temporary("an .xls waited too long to be read: the machine is too busy") from error
    if -done.returncode in _BROKEN:
        raise Unreadable("damaged", f"xls: the program ended with {done.returncode}")
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()[-300:]
        raise Temporary(f"the program that reads an .xls did not run ({done.returncode}): {said}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found
