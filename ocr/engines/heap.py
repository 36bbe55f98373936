"""Memory that engines free is kept for their next picture; what they say where it is too little.

Each look at a page takes and frees arrays of up to a hundred megabytes. glibc gives such arrays
back to the system at once, and the system clears every page of the next one: a fifth of the time
that a scan took. (mallopt(3); other C libraries have no such switch, and nothing happens there.)
"""

import ctypes
import gc
import mmap
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""Numbers of the parameters in glibc's <malloc.h>."""
_KEPT = 1 << 28
"""Bytes: arrays up to this size come from the heap, and as much of it is kept when it is free. With
half of it nothing was won, with all there is a process took a third more memory."""
_MOST = 800_000_000
"""Bytes that a process may have between two documents: free memory beyond it is scattered. One
process takes two to four hundred megabytes more while it reads."""
_WORTH = 1 << 26
"""Bytes that must have come since the last time: where engines and what else stays take more than
may be there, each document would have the system clear anew all that the next one uses, which took
a tenth of the time of a form that is text, for 25 of 930 megabytes."""
_LACK = re.compile(
    r"bad_?alloc|allocate|memory allocation|(?:out[ _]of|insufficient|not enough)[ _]memory"
    r"|OutOfMemory|can't start new thread|Resource temporarily unavailable",
    re.IGNORECASE,
)
"""How libraries say that they have too little memory (onnxruntime and OpenVINO: bad_alloc; OpenCV:
Insufficient memory; libxml2: Memory allocation failed; Pillow and expat: out of memory); none of
them raises what Python does."""
_ENGINES = frozenset(("onnxruntime", "openvino", "cv2"))
"""Packages whose errors hold no word of a document's: nor do the system's and those of programs in
C++ (RuntimeError). What parsers raise may name anything in a file, as a part allocated.xml."""
_ROOM = 1 << 28
"""Bytes that a process gets for the asking where memory is not short; nothing is written there."""


@contextmanager
def memory_told() -> Iterator[None]:
    """Raises MemoryError where an engine says so in its own words: the document is to be read
    again, and is not unreadable."""
    try:
        yield
    except Exception as error:
        if isinstance(error, MemoryError) or not is_lack(error):
            raise
        raise MemoryError(str(error)) from error


def is_lack(error: BaseException) -> bool:
    """Whether an error, or what it was made of, says in whatever words that there is too little
    memory."""
    said = isinstance(error, MemoryError) or _says_lack(error)
    return said or (error.__cause__ is not None and is_lack(error.__cause__))


def _says_lack(error: BaseException) -> bool:
    if isinstance(error, SyntaxError):
        # Parsers of XML say this first; a file's own words stand behind theirs.
        return bool(_LACK.match(str(error)))
    own = isinstance(error, RuntimeError | OSError)
    own = own or type(error).__module__.split(".")[0] in _ENGINES
    return own and bool(_LACK.search(str(error)))


def is_short() -> bool:
    """Whether this process is given no more memory: what failed by then may have failed of that.
    PDFium says of a page no more than that it cannot be loaded."""
    try:
        mmap.mmap(-1, _ROOM, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()
    except (OSError, MemoryError):
        return True
    return False


@cache
def keep_memory() -> bool:
    """Whether this process keeps it from now on; set once, before the engines are loaded."""
    settings = ((_MMAP_THRESHOLD, _KEPT), (_TRIM_THRESHOLD, _KEPT), (_ARENA_MAX, 1))
    done = [int(_libc().mallopt(name, value)) for name, value in settings] if _libc() else []
    return done == [1] * len(settings)


def give_back(most: int = _MOST) -> bool:
    """Gives all that is free back to the system, where this process has more than ``most`` bytes;
    whether that was so. After each array it would cost what was won: it is for before a look for
    lines."""
    if not _libc() or _resident() <= most:
        return False
    _libc().malloc_trim(0)
    return True


class Spare:
    """Gives free memory back at the end of a document, where more has come since it last did."""

    def __init__(self) -> None:
        self._left = 0

    def give_back(self, most: int = _MOST) -> bool:
        """`give_back` where it is worth it; whether that was so."""
        given = give_back(max(most, self._left + _WORTH if self._left else 0))
        self._left = _resident() if given else self._left
        return given


@cache
def spare_what_stays() -> None:
    """Modules and engines that are there by now stay as long as the process does: they are no
    longer searched for garbage, which took a twentieth of the time of a form that is text."""
    gc.collect()
    gc.freeze()


@cache
def _libc() -> Any:
    """The C library, None where it is not glibc."""
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "mallopt") and hasattr(libc, "malloc_trim") else None


def _resident() -> int:
    """Bytes of this process in memory; 0 where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
