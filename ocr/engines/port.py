"""The port: an engine finds and recognises lines of a page; a recogniser reads line crops."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from ocr.sheet import Line

Picture = NDArray[np.uint8]
"""Height x width x 3, blue-green-red."""
Family = Literal["ppocr-v6", "ppocr-v4", "tesseract"]
"""Engines of one family share mistakes: they count as one voice."""


@dataclass(frozen=True)
class Recognised:
    """One crop as one engine reads it; ``confidence`` is its own opinion, 0…1, over all of it, and
    ``each`` the same of every character of ``text``; () where the engine does not tell."""

    text: str
    confidence: float
    each: tuple[float, ...] = ()


class Recogniser(Protocol):
    """Reads crops that hold one line each."""

    family: Family

    def read_lines(self, crops: Sequence[Picture]) -> list[Recognised]:
        """One result for each crop, "" where it reads nothing."""
        ...


class Engine(Recogniser, Protocol):
    """Finds the lines of a page and reads them."""

    def recognise(self, image: Picture) -> list[Line]:
        """All lines with box and corners in the picture's pixels; [] where there are none."""
        ...
