"""Tesseract fails in every way a program can: a voice less, and the next line is read."""

import stat
from pathlib import Path

import cv2
import numpy as np
import pytesseract
import pytest

from ocr.engines import Recognised, tesseract

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
