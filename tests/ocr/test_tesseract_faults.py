"""Tesseract fails in every way a program can: a voice less, and the next line is read."""

import stat
from importlib import import_module
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytesseract
import pytest

from ocr.engines import Recognised, tesseract
from procedure.errors import Temporary

FAULTS = {
    "crash": "kill -SEGV $$",
    "killed": "kill -KILL $$",
    "hang": "exec sleep 60",
    "empty": "exit 0",
    "bad utf-8": r'printf "level\ttext\n5\t\377\376\n" > "$2.tsv"',
    "no table": 'echo "{" > "$2.tsv"',
}


def _line() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    paper = np.full((48, 260, 3), 255, np.uint8)
    cv2.putText(paper, "418871", (8, 38), cv2.FONT_HERSHEY_SIMPLEX, 1.3, (0, 0, 0), 3)
    return paper


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failing_tesseract_says_nothing(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "tesseract"
    broken.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && echo "tesseract 5.3.0" && exit 0\n{FAULTS[fault]}\n',
        encoding="utf-8",
    )
    broken.chmod(broken.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(tesseract, "_TIMEOUT", 1)
    with monkeypatch.context() as patch:
        patch.setattr(pytesseract.pytesseract, "tesseract_cmd", str(broken))
        assert tesseract.Tesseract().read_lines([_line()]) == [Recognised("", 0.0)]
    monkeypatch.setattr(tesseract, "_TIMEOUT", 10)
    if tesseract.is_there():
        assert tesseract.Tesseract().read_lines([_line()])[0].text == "418871"


def test_where_no_tesseract_is_there_is_no_such_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert not tesseract.is_there.__wrapped__("eng")


def test_a_tesseract_that_cannot_say_its_languages_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "tesseract"
    broken.write_text("#!/bin/sh\nexit 3\n", encoding="ascii")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", str(broken))
    assert not tesseract.is_there.__wrapped__("eng")


def test_nothing_to_read_and_nothing_that_is_read() -> None:
    assert tesseract.Tesseract().read_lines([]) == []
    found: dict[str, list[Any]] = {
        "text": ["", "12 吨", " "],
        "conf": [-1, 91, 95],
        "page_num": [1, 2, 1],
    }
    assert tesseract._line(found, 1) == Recognised("", 0.0)
    assert tesseract._line(found, 2) == Recognised("12吨", 0.91)


def test_without_the_engines_reading_waits_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    made = import_module("ocr.engines.shelf")
    monkeypatch.setattr(made, "find_spec", lambda _name: None)
    with pytest.raises(Temporary, match="not installed"):
        made.shelf.__wrapped__()
