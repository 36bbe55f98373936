"""Tesseract through pytesseract: a further voice on digits and codes, where the binary is there."""

import re
import shutil
from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np
import pytesseract

from ocr.engines.port import Family, Picture, Recognised

_HEIGHT = 48
_TIMEOUT = 10
# Killed, stuck, not there, or a table that is none.
_FAULTS = (pytesseract.TesseractError, RuntimeError, OSError, LookupError, TypeError, ValueError)
_SPACES = re.compile(r"(?<=[㐀-鿿（）]) +| +(?=[㐀-鿿（）])")


@cache
def is_there() -> bool:
    """Whether the binary and its English data can be used."""
    if shutil.which("tesseract") is None:
        return False
    try:
        return "eng" in pytesseract.get_languages()
    except (pytesseract.TesseractError, OSError):
        return False


class Tesseract:
    """One line per crop; digits and Latin letters only."""

    family: Family = "tesseract"

    def read_lines(self, crops: Sequence[Picture]) -> list[Recognised]:
        """One result for each crop, "" where it reads nothing or takes too long."""
        return [_read(crop) for crop in crops]


def _read(crop: Picture) -> Recognised:
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    scale = _HEIGHT / max(1, grey.shape[0])
    sized = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    framed = cv2.copyMakeBorder(sized, 12, 12, 16, 16, cv2.BORDER_CONSTANT, value=255)
    try:
        found = pytesseract.image_to_data(
            np.ascontiguousarray(framed),
            lang="eng",
            config="--psm 7 --oem 1",
            timeout=_TIMEOUT,
            output_type=pytesseract.Output.DICT,
        )
        words = [
            (word, float(sure))
            for word, sure in zip(found["text"], found["conf"], strict=True)
            if word.strip()
        ]
    except _FAULTS:
        # A voice that fails is a voice less; the others decide.
        return Recognised("", 0.0)
    if not words:
        return Recognised("", 0.0)
    text = _SPACES.sub("", " ".join(word for word, _ in words))
    return Recognised(text, min(conf for _, conf in words) / 100)
