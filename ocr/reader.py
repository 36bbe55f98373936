"""The road from a file's bytes to its readings."""

from procedure.forms import FormTemplate
from procedure.readings import DocumentReading

READER_VERSION = "1"
"""Part of the key under which results are kept: raise it whenever readings may differ."""


def read_document(data: bytes, name: str, template: FormTemplate) -> tuple[DocumentReading, ...]:
    """All documents that a file holds, at least one; never raises for bad input.

    What cannot be read is kind ``other`` with a problem in Chinese for its sender. ``accepted`` is
    not decided here (`procedure.acceptance`). Raises `procedure.errors.Temporary` only for a
    broken machine (no primary engine, no memory).
    """
    raise NotImplementedError


def engines_available() -> dict[str, bool]:
    """Which engines this machine has, by family: ppocr-v6, ppocr-v4, tesseract, orientation."""
    raise NotImplementedError
