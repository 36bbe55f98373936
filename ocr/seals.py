"""Seals: their ring text unrolled and read; what stands across below the star names their kind."""

import re

from ocr.engines import Shelf
from ocr.engines.port import Picture, Recognised
from ocr.rings import Ring, find_rings
from ocr.ringtext import RingText, Voice, agree
from ocr.strips import across, strips
from procedure import names
from procedure.readings import SealReading

_ENOUGH = 0.97
"""Voices of one round that agree so far need no further round."""
_MOST_TRIES = 16
_WHOLE = 2.2
"""How much more a reading counts for each end at which nothing of a firm's name is missing."""
_CHINESE = re.compile(r"[^㐀-鿿（）()]")


def find_seals(page: Picture, shelf: Shelf, number: int | None) -> tuple[SealReading, ...]:
    """All seals of a flat page; boxes are fractions of that page."""
    return tuple(_reading(page, ring, shelf, number) for ring in find_rings(page))


def _reading(page: Picture, ring: Ring, shelf: Shelf, number: int | None) -> SealReading:
    height, width = page.shape[:2]
    x0, y0, x1, y1 = ring.box
    box = tuple(
        round(min(1.0, max(0.0, v)), 4) for v in (x0 / width, y0 / height, x1 / width, y1 / height)
    )
    found = _ring_text(page, ring, shelf)
    return SealReading(
        number,
        box,
        "oval" if ring.is_oval else "round",
        found.text + _kind_text(page, ring, shelf) if found.text else "",
        round(found.confidence, 4),
        tries=found.tries[:_MOST_TRIES],
    )


def _ring_text(page: Picture, ring: Ring, shelf: Shelf) -> RingText:
    """Both engines read every strip; they stop where all of a round agree."""
    voices: list[Voice] = []
    found = RingText()
    for batch in strips(page, ring):
        for engine in (shelf.primary, shelf.second):
            voices += [_voice(one) for one in engine.read_lines(batch)]
        found = agree(voices)
        same = sum(voice.text == found.text for voice in voices)
        if found.confidence >= _ENOUGH and same >= 0.6 * len(voices) and len(found.text) >= 8:
            break
    return found


def _voice(read: Recognised) -> Voice:
    plain = _CHINESE.sub("", read.text).translate(str.maketrans("()", "（）"))
    # Broken pieces at both ends of the strip: a bracket that nothing opens or closes.
    text = re.sub(r"^）+|（+$", "", plain)
    whole = names.begins_with_place(text) + names.ends_as_firm(text)
    return Voice(text, read.confidence**2 * _WHOLE**whole)


def _kind_text(page: Picture, ring: Ring, shelf: Shelf) -> str:
    """合同专用章 and its like stand across, below the star; an official seal has nothing there."""
    part = across(page, ring)
    if part is None:
        return ""
    found = shelf.primary.read_lines([part])[0]
    plain = _CHINESE.sub("", found.text)
    return plain if found.confidence > 0.8 and plain.endswith("章") else ""
