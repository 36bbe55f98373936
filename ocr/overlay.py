"""A picture for people: the page with each field boxed."""

from collections.abc import Sequence

from procedure.readings import DocumentReading


def render_overlay(data: bytes, name: str, readings: Sequence[DocumentReading], page: int) -> bytes:
    """PNG of page ``page`` (from 1) with boxes: green accepted, amber not, red in conflict.

    Raises `procedure.errors.BadInput` where the file has no such page image (.docx, damaged).
    """
    raise NotImplementedError
