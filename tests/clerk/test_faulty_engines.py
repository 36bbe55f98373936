"""An engine that fails costs one document, which lands with a person; the next one is read."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import cycles
from clerk.readers import ReaderLost, Readers
from procedure.acceptance import decide
from procedure.forms import FormTemplate
from procedure.jsonable import dump
from procedure.readings import DocumentReading
from tests.clerk import faulty

SAMPLES = Path(__file__).parents[1] / "ocr" / "samples"
PICTURE = (SAMPLES / "c0000-screenshot.png").read_bytes()
DOCX = (SAMPLES / "c0001-form.docx").read_bytes()
SHEET = (SAMPLES.parent / "form.xls").read_bytes()
_SECONDS, _HANGS = 240, 6
"""Longest reading, the start of a process included: reading stands back behind all other work."""
FAULTS = {
    "first crash": "unreadable",
    "first empty": "not-a-form",
    "first bad utf-8": "unreadable",
    "second crash": "unreadable",
    "second short": "unreadable",
    "second bad utf-8": "unreadable",
    "orientation crash": "unreadable",
    "orientation empty": "unreadable",
    "orientation bad utf-8": "unreadable",
}
"""Engine and fault, and the problem that the document lands with a person for."""
ENDS = ("first killed", "first exit", "first hang", "second killed", "orientation hang")
LONG = ("second hang", "orientation killed")
"""A process ends alike whichever engine ends it, and each of these costs a new one."""
_SOAK = pytest.mark.soak
TEMPLATE = FormTemplate.parse(cycles.form("2019-2020"))


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    pool = Readers(TEMPLATE, read=faulty.read, seconds=_SECONDS)
    yield pool
    pool.close()


@pytest.mark.parametrize("fault", FAULTS)
def test_the_document_lands_with_a_person_and_the_next_is_read(fault: str) -> None:
    (document,) = faulty.read(PICTURE, f"{fault}.png", TEMPLATE)
    _lands(document, FAULTS[fault])
    (after,) = faulty.read(DOCX, "good.docx", TEMPLATE)
    assert after.kind == "application"
    assert any(seal.text for seal in after.seals)


@pytest.mark.parametrize("fault", [*ENDS, *(pytest.param(one, marks=_SOAK) for one in LONG)])
def test_a_process_that_ends_takes_one_document_with_it(readers: Readers, fault: str) -> None:
    readers.seconds = _HANGS if fault.endswith("hang") else _SECONDS
    with pytest.raises(ReaderLost):
        readers.read(PICTURE, f"{fault}.png")
    readers.seconds = _SECONDS
    (after,) = readers.read(SHEET, "good.xls")
    assert after.kind == "application"


def test_a_second_engine_that_reads_nothing_agrees_with_nothing() -> None:
    (document,) = faulty.read(PICTURE, "second empty.png", TEMPLATE)
    read = decide(document)
    assert read.kind == "cancellation"
    found = [*read.fields.values(), *(row.serial for row in read.records)]
    assert found
    assert all(one is not None and one.engines == ("ppocr-v6",) for one in found)
    assert not any(one.accepted for one in read.fields.values())


def _lands(document: DocumentReading, problem: str) -> None:
    assert document.kind == "other"
    assert document.problem is not None
    assert document.problem.code == problem
    assert json.dumps(dump(document), ensure_ascii=False).encode()
