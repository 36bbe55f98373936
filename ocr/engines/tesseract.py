"""Tesseract through pytesseract: a further voice on single lines, where the binary is there."""

import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytesseract

from ocr.engines.port import Family, Picture, Recognised

_HEIGHT = 48
_TIMEOUT = 10
# Killed, stuck, not there, or a table that is none.
_FAULTS = (pytesseract.TesseractError, RuntimeError, OSError, LookupError, TypeError, ValueError)
_SPACES = re.compile(r"(?<=[㐀-鿿（）]) +| +(?=[㐀-鿿（）])")
_NOTHING = Recognised("", 0.0)


@cache
def is_there(language: str = "eng") -> bool:
    """Whether the binary and the language's data can be used."""
    if shutil.which("tesseract") is None:
        return False
    try:
        return language in pytesseract.get_languages()
    except (pytesseract.TesseractError, OSError):
        return False


class Tesseract:
    """Lines of one language: ``eng`` for figures and Latin letters, ``chi_sim`` for Chinese."""

    family: Family = "tesseract"

    def __init__(self, language: str = "eng") -> None:
        self.language = language

    def read_lines(self, crops: Sequence[Picture]) -> list[Recognised]:
        """One result for each crop, "" where it reads nothing or takes too long.

        One process for all: loading its data takes longer than a line.
        """
        if not crops:
            return []
        with tempfile.TemporaryDirectory() as folder:
            listed = Path(folder) / "lines.txt"
            names = [Path(folder) / f"{number}.png" for number in range(len(crops))]
            for name, crop in zip(names, crops, strict=True):
                cv2.imwrite(str(name), _framed(crop))
            listed.write_text("\n".join(map(str, names)), encoding="utf-8")
            try:
                found = self._asked(listed, len(crops))
                return [_line(found, page) for page in range(1, len(crops) + 1)]
            except _FAULTS:
                # A voice that fails is a voice less; the others decide.
                return [_NOTHING] * len(crops)

    def _asked(self, listed: Path, count: int) -> dict[str, list[Any]]:
        # The pool uses the cores; its own threads only get into each other's way.
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")
        found: dict[str, list[Any]] = pytesseract.image_to_data(
            str(listed),
            lang=self.language,
            config="--psm 7 --oem 1",
            timeout=_TIMEOUT + count,
            output_type=pytesseract.Output.DICT,
        )
        return found


def _framed(crop: Picture) -> Picture:
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    scale = _HEIGHT / max(1, grey.shape[0])
    sized = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    framed = cv2.copyMakeBorder(sized, 12, 12, 16, 16, cv2.BORDER_CONSTANT, value=255)
    return np.asarray(framed, dtype=np.uint8)


def _line(found: dict[str, list[Any]], page: int) -> Recognised:
    words = [
        (str(word), float(conf))
        for word, conf, on in zip(found["text"], found["conf"], found["page_num"], strict=True)
        if on == page and str(word).strip()
    ]
    if not words:
        return _NOTHING
    text = _SPACES.sub("", " ".join(word for word, _ in words))
    return Recognised(text, min(conf for _, conf in words) / 100)
