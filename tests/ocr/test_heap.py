"""What engines free is not given back to the system between two pages."""

import io
import platform
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from xml.etree.ElementTree import ParseError

import cv2
import docx
import numpy as np
import pytest
from onnxruntime.capi.onnxruntime_pybind11_state import RuntimeException

from ocr import read_document
from ocr.engines import heap, neural
from ocr.problems import Unreadable
from tests.ocr.evaluate import template

GLIBC = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has mallopt")
_PROGRAM = """
import resource, sys

from ocr.engines.heap import keep_memory

size = int(sys.argv[1])

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(3):
        b"x" * size
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

before = faults()
assert keep_memory()
faults()
print(before, faults())
"""


@GLIBC
def test_the_next_array_takes_the_pages_of_the_last_one() -> None:
    told = subprocess.run(
        [sys.executable, "-c", _PROGRAM, "96000000"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    before, kept = map(int, told.stdout.split())
    # 96 MB are 23,000 pages of 4 KiB, and each of the three arrays took all of them anew.
    assert before > 3 * 20_000
    assert kept < 1_000


_SCATTERED = """
import sys

from ocr.engines import heap

assert heap.keep_memory()
size = int(sys.argv[1])
held = [b"x" * 1_000_000 for _ in range(size)]
del held[::2]
before = heap._resident()
assert not heap.give_back(before)
assert heap.give_back(before - 1)
print(before, heap._resident())
"""


@GLIBC
def test_what_is_scattered_is_given_back_where_it_is_much() -> None:
    before, after = _told(_SCATTERED, "200")
    assert before - after > 90_000_000


_ONLY_WHAT_CAME = """
import sys

from ocr.engines import heap

assert heap.keep_memory()
size = int(sys.argv[1])
spare = heap.Spare()

def scattered():
    held = [b"x" * 1_000_000 for _ in range(size)]
    return held[::2]

first = scattered()
given = [spare.give_back(1), spare.give_back(1)]
second = scattered()
before = heap._resident()
given += [spare.give_back(1), spare.give_back(1)]
assert given == [True, False, True, False], given
print(before, heap._resident())
"""


@GLIBC
def test_between_documents_only_what_came_since_is_given_back() -> None:
    before, after = _told(_ONLY_WHAT_CAME, "200")
    assert before - after > 60_000_000


_BEFORE_A_LOOK = """
import sys

import numpy as np

from ocr.engines import heap, neural

assert heap.keep_memory()
engine = neural.PpOcrV6()
paper = np.full((64, 64, 3), 255, np.uint8)
engine.places(paper)
size = int(sys.argv[1])
held = [b"x" * 1_000_000 for _ in range(size)]
del held[::2]
before = heap._resident()
neural._MOST_WITH = before
engine.places(paper)
print(before, heap._resident())
"""


@GLIBC
def test_what_is_scattered_is_given_back_before_lines_are_looked_for() -> None:
    before, after = _told(_BEFORE_A_LOOK, "200")
    assert before - after > 60_000_000


@pytest.mark.parametrize(
    ("shape", "longest", "pixels"),
    [
        ((3508, 2480, 3), 1600, 1600 * 1131),
        # A square one takes more than a page of the same length.
        ((2348, 2348, 3), 1600, 1600 * 1600),
        ((2348, 2348, 3), 960, 960 * 960),
        ((300, 200, 3), 1600, 300 * 200),
        ((3508, 2480, 3), 4000, 1600 * 1131),
    ],
)
def test_a_look_is_as_large_as_what_it_sees(
    shape: tuple[int, int, int], longest: int, pixels: int
) -> None:
    assert neural._seen(np.zeros(shape, np.uint8), longest) == pixels


def _told(program: str, size: str) -> tuple[int, int]:
    command = [sys.executable, "-c", program, size]
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    first, second = map(int, told.stdout.split())
    return first, second


@pytest.mark.parametrize(
    "said",
    [
        "std::bad_alloc",
        "Failed to allocate memory for requested buffer of size 96",
        "OpenCV(4.10.0) error: (-4:Insufficient memory) Failed in function 'OutOfMemoryError'",
        "Memory allocation failed : growing buffer",
        "out of memory: line 1, column 0",
        "could not create a primitive: out_of_memory",
        "[Errno 12] Cannot allocate memory",
        "can't start new thread",
    ],
)
def test_what_libraries_say_of_too_little_memory_is_known(said: str) -> None:
    assert heap.is_lack(RuntimeError(said))
    other = ValueError("page 1")
    other.__cause__ = RuntimeError(said)
    assert heap.is_lack(other)


@pytest.mark.parametrize("said", ["Failed to allocate 96 bytes", "(-4:Insufficient memory) a"])
@pytest.mark.parametrize("kind", [cv2.error, RuntimeException, OSError])
def test_engines_and_the_system_are_believed(kind: type[Exception], said: str) -> None:
    assert heap.is_lack(kind(said))


def test_parsers_of_xml_say_it_first() -> None:
    assert heap.is_lack(ParseError("out of memory: line 1, column 0"))
    assert not heap.is_lack(ParseError("tag mismatch: b line 1 and allocate"))


@pytest.mark.parametrize("kind", [KeyError, ValueError, zipfile.BadZipFile, zlib.error, Unreadable])
def test_words_of_a_file_are_no_lack_of_memory(kind: Callable[..., Exception]) -> None:
    assert not heap.is_lack(kind("damaged", "no item named 'word/allocated.xml'"))


def test_a_damaged_file_is_damaged_whatever_its_parts_are_called() -> None:
    out, damaged = io.BytesIO(), io.BytesIO()
    docx.Document().save(out)
    with zipfile.ZipFile(out) as whole, zipfile.ZipFile(damaged, "w") as parts:
        for name in whole.namelist():
            told = whole.read(name).replace(b"word/document.xml", b"word/allocated.xml")
            parts.writestr(name, told if name == "_rels/.rels" else whole.read(name))
    (reading,) = read_document(damaged.getvalue(), "a.docx", template())
    assert reading.problem is not None
    assert reading.problem.code == "damaged"


def test_other_faults_are_no_lack_of_memory() -> None:
    assert not heap.is_lack(RuntimeError("Failed to load page."))
    assert not heap.is_short()


_WITHOUT_ROOM = """
import resource, sys
from pathlib import Path

from ocr import read_document
from procedure.errors import Temporary
from tests.ocr.evaluate import template

damaged = b"%PDF-1.4 nothing"
(reading,) = read_document(damaged, "a.pdf", template())
assert reading.problem.code == "damaged"
taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (taken + int(sys.argv[1]), -1))
try:
    read_document(damaged, "a.pdf", template())
except Temporary as error:
    print(1, int(error.code == "no-memory"))
"""


@GLIBC
def test_no_file_is_called_damaged_where_memory_is_short() -> None:
    assert _told(_WITHOUT_ROOM, "64000000") == (1, 1)
