"""Engines that fail in every way an engine can, for worker processes to run."""

import os
import signal
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import ocr.reader
from ocr import read_document
from ocr.engines import Recognised, Shelf, shelf
from ocr.engines.neural import DETECTION_LIMIT, Orientation, PpOcrV4, PpOcrV6
from ocr.engines.port import Picture
from ocr.sheet import Line
from procedure.forms import FormTemplate
from procedure.readings import DocumentReading


def _fails(fault: str) -> None:
    match fault:
        case "crash":
            raise RuntimeError("engine crashed")
        case "hang":
            time.sleep(3600)
        case "killed":
            # As the kernel does to a process that takes too much memory.
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            os._exit(139)


class First(PpOcrV6):
    """The primary engine with a fault."""

    def __init__(self, fault: str) -> None:
        self.fault = fault

    def places(self, image: Picture, longest: int = DETECTION_LIMIT) -> list[Line]:
        """Where lines stand, if it gets that far."""
        _fails(self.fault)
        return super().places(image, longest) if self.fault == "bad utf-8" else []

    def read_lines(self, crops: Sequence[Picture]) -> list[Recognised]:
        """Spoilt or nothing."""
        return _said(super().read_lines(crops), self.fault)


class Second(PpOcrV4):
    """The second engine with a fault, behind a primary one that works."""

    def __init__(self, fault: str) -> None:
        self.fault = fault

    def read_lines(self, crops: Sequence[Picture]) -> list[Recognised]:
        """Spoilt, nothing or too little, if it gets that far."""
        _fails(self.fault)
        return _said(super().read_lines(crops), self.fault)


class Turn(Orientation):
    """The model that tells how a page is turned, with a fault."""

    def __init__(self, fault: str) -> None:
        self.fault = fault

    @property
    def _engine(self) -> Any:
        return self._told

    def _told(self, image: Picture) -> tuple[str, float]:
        _fails(self.fault)
        return {"empty": "", "bad utf-8": "9\udcff"}[self.fault], float(np.mean(image))


def _said(found: list[Recognised], fault: str) -> list[Recognised]:
    match fault:
        case "bad utf-8":
            return [Recognised(_spoilt(one.text), one.confidence) for one in found]
        case "short":
            return found[:-1]
    return [Recognised("", 0.0) for _ in found]


def _spoilt(text: str) -> str:
    """As bytes of another encoding come through: every eighth character is half of one."""
    return "".join(c + ("\udcff" if n % 8 == 3 else "") for n, c in enumerate(text))


def _shelf(engine: str, fault: str) -> Shelf:
    """This process's engines, one of them faulty; without Tesseract, a voice more."""
    sound = replace(shelf(), digits=None, words=None)
    match engine:
        case "second":
            return replace(sound, second=Second(fault))
        case "orientation":
            return replace(sound, orientation=Turn(fault))
    return replace(sound, primary=First(fault))


def read(data: bytes, name: str, template: FormTemplate) -> tuple[DocumentReading, ...]:
    """`ocr.read_document`, with the fault that the document's name asks for (second hang.png)."""
    engine, _, fault = name.rpartition(".")[0].partition(" ")
    if not fault:
        return read_document(data, name, template)
    broken = _shelf(engine, fault)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ocr.reader, "shelf", lambda: broken)
        return read_document(data, name, template)
