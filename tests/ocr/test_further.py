"""Tesseract is asked once for a page's doubtful numbers; a page's pictures go when it is read."""

import gc
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from ocr import read_document
from ocr.engines import Recognised, Shelf
from ocr.engines.port import Picture
from ocr.hits import Hit
from ocr.scan import Scan, scan
from ocr.votes import Voter
from tests.ocr.evaluate import template
from tests.ocr.scripted import First, Said, Told, line, shelf
from tests.ocr.test_voting import BOX, FORM, SECOND, hit, page, told

SAMPLES = Path(__file__).with_name("samples")
BOXES = (BOX, SECOND, (40.0, 160.0, 440.0, 200.0), (40.0, 220.0, 440.0, 260.0))


class Counted(Told):
    """Tesseract, and how many lines it was asked at each call."""

    def __init__(self, said: Said) -> None:
        super().__init__("tesseract", said)
        self.calls: list[int] = []

    def read_lines(self, crops: Sequence[Picture]) -> list[Recognised]:
        """Counted, then as told."""
        self.calls.append(len(crops))
        return super().read_lines(crops)


def _asked(
    first: Sequence[str], second: Sequence[str], fields: Sequence[str], confidence: float = 0.99
) -> Counted:
    """Of a page of lines that two engines read so."""
    lines = [line(text, box, confidence) for text, box in zip(first, BOXES, strict=False)]
    hits = [hit(field, one) for field, one in zip(fields, lines, strict=True)]
    third = Counted(told(*first))
    desk = _with(shelf(First(told(*first)), told(*second)), third)
    voter = Voter(page(lines), desk, FORM, "application")
    voter.prepare(hits)
    _all_read(voter, hits)
    return third


def _with(desk: Shelf, third: Counted) -> Shelf:
    desk.digits = desk.words = third
    return desk


def _all_read(voter: Voter, hits: Sequence[Hit]) -> None:
    read = [voter.reading(one) for one in (*hits, *hits)]
    assert all(one.value is not None for one in read)


AMOUNTS = ("obligation_t", "offset_t", "amount_t", "quantity_t")


def test_what_both_engines_read_alike_is_no_question_for_a_third() -> None:
    texts = ("4000", "5000", "6000", "7000")
    assert _asked(texts, texts, AMOUNTS).calls == []


def test_all_doubtful_numbers_are_asked_of_it_at_once_and_never_again() -> None:
    first = ("4000", "5000", "6000", "7000")
    assert _asked(first, ("4001", "5000", "6001", "7001"), AMOUNTS).calls == [3]


def test_what_both_read_alike_and_one_unsurely_is_asked_with_the_others() -> None:
    first = ("4000", "5000", "6000", "7000")
    assert _asked(first, ("4000", "5001", "6000", "7000"), AMOUNTS, confidence=0.9).calls == [4]


def test_names_are_not_asked_of_it_with_the_numbers() -> None:
    first, second = ("4000", "江西祥衡风电场"), ("4001", "江西样衡风电场")
    assert sum(_asked(first, second, ("obligation_t", "name")).calls) == 1


@contextmanager
def _without_search_for_garbage() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@pytest.mark.parametrize("name", ["c0003-form.jpg", "c0000-screenshot.png"])
def test_a_page_s_pictures_go_when_it_is_read(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures take a tenth of what a process may have: none waits until garbage is searched."""
    pages: list[weakref.ref[Picture]] = []

    def seen(image: Picture, desk: Shelf, number: int | None) -> Scan:
        found = scan(image, desk, number)
        pages.append(weakref.ref(found.page))
        return found

    # Its first document has a process search for garbage once.
    read_document((SAMPLES / name).read_bytes(), name, template())
    monkeypatch.setattr("ocr.reader.scan", seen)
    with _without_search_for_garbage():
        read_document((SAMPLES / name).read_bytes(), name, template())
        assert [page() for page in pages] == [None]
