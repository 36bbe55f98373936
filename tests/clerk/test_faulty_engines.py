"""An engine that fails costs one document, which lands with a person; the next one is read."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import cycles
from clerk.jobs import Readers
from procedure.forms import FormTemplate
from procedure.jsonable import dump
from tests.clerk import faulty

SAMPLES = Path(__file__).parents[1] / "ocr" / "samples"
PICTURE = (SAMPLES / "c0000-screenshot.png").read_bytes()
DOCX = (SAMPLES / "c0001-form.docx").read_bytes()
_SECONDS = 15
FAULTS = {
    "crash": "unreadable",
    "killed": "timeout",
    "exit": "timeout",
    "empty": "not-a-form",
    "bad utf-8": "unreadable",
    "hang": "timeout",
}


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    template = FormTemplate.parse(cycles.form("2019-2020"))
    pool = Readers(template, read=faulty.read, seconds=_SECONDS)
    yield pool
    pool.close()


@pytest.mark.parametrize("fault", FAULTS)
def test_the_document_lands_with_a_person_and_the_next_is_read(
    readers: Readers, fault: str
) -> None:
    (document,) = readers.read(PICTURE, f"{fault}.png")
    assert document.kind == "other"
    assert document.problem is not None
    assert document.problem.code == FAULTS[fault]
    assert json.dumps(dump(document), ensure_ascii=False).encode()
    (after,) = readers.read(DOCX, "good.docx")
    assert after.kind == "application"
