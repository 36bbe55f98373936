"""Engines that fail in every way an engine can, for worker processes to run."""

import os
import signal
import time
from typing import Any

import ocr.reader
from ocr import read_document
from ocr.engines import Recognised, Shelf
from ocr.engines.neural import PpOcrV6
from ocr.sheet import Line
from procedure.forms import FormTemplate
from procedure.readings import DocumentReading


class Faulty(PpOcrV6):
    """The primary engine with a fault; ``kind`` is the name of the document it reads."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def places(self, image: Any) -> list[Line]:
        match self.kind:
            case "crash":
                raise RuntimeError("engine crashed")
            case "hang":
                time.sleep(3600)
            case "killed":
                # As the kernel does to a process that takes too much memory.
                os.kill(os.getpid(), signal.SIGKILL)
            case "exit":
                os._exit(139)
            case "bad utf-8":
                return super().places(image)
        return []

    def read_lines(self, crops: Any) -> list[Recognised]:
        if self.kind == "bad utf-8":
            found = super().read_lines(crops)
            return [Recognised(_spoilt(one.text), one.confidence) for one in found]
        return [Recognised("", 0.0) for _ in crops]


def _spoilt(text: str) -> str:
    """As bytes of another encoding come through: every eighth character is half of one."""
    return "".join(c + ("\udcff" if n % 8 == 3 else "") for n, c in enumerate(text))


def read(data: bytes, name: str, template: FormTemplate) -> tuple[DocumentReading, ...]:
    """`ocr.read_document`, with the faulty engine that the document's name asks for."""
    kind = name.rpartition(".")[0]
    if kind == "good":
        return read_document(data, name, template)
    whole = ocr.reader.shelf
    broken = Shelf(primary=Faulty(kind))
    ocr.reader.shelf = lambda: broken  # type: ignore[assignment]
    try:
        return read_document(data, name, template)
    finally:
        ocr.reader.shelf = whole
