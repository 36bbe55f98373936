"""The Chinese typefaces of this machine: print is compared with their drawings.

The packaged one is always there. Whoever installs those that the registry's pages are shown in (in
a folder of fonts of the system or of the user) has more of a screen's names proven.
"""

import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from PIL import ImageFont

from ocr.fonts import packaged

log = logging.getLogger(__name__)

_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
_SUFFIXES = {".ttf", ".ttc", ".otf", ".otc"}
_MOST_FILES, _MOST_FACES, _MOST_IN_FILE = 1_000, 24, 12
_OPEN = 16
"""Sizes that are kept open: each takes two megabytes."""
LARGE = 128
"""Pixels of the em that outlines and widths are taken at."""
_SAMPLE = "国骨直霁昊"
"""Drawn otherwise by each face."""
_MAINLAND = re.compile(r"\b(?:SC|CN|GB)$")
"""Of a file's faces the first one, and those that say so: others are for other regions."""
_NO_CHARACTERS = ("\N{NULL}", "\uffff")
"""Some faces draw the first of these, and none the second."""


@dataclass(frozen=True)
class Face:
    """A font file and the face in it. `OSError` where the file has gone."""

    path: str
    index: int = 0

    def at(self, pixels: float) -> ImageFont.FreeTypeFont:
        """The face at this em size in pixels."""
        return _sized(self.path, self.index, pixels)

    def large(self) -> ImageFont.FreeTypeFont:
        """The face at `LARGE`."""
        return _large(self.path, self.index)

    def width(self, text: str) -> float:
        """Advance of the text in ems, character by character as screens set it."""
        return sum(_advance(self.path, self.index, char) for char in text)

    def begins(self, char: str) -> float:
        """How far behind the place where it is set a character's ink begins, in ems."""
        return _box(self.path, self.index, char)[0] / LARGE

    def middle(self, char: str) -> float:
        """The middle of the height of a character's ink, in ems."""
        _, top, _, foot = _box(self.path, self.index, char)
        return (top + foot) / 2 / LARGE

    def has(self, char: str) -> bool:
        """Whether the face draws this character."""
        return _has(self.path, self.index, char)


@cache
def faces() -> tuple[Face, ...]:
    """The packaged face, then the system's Chinese ones, each drawing once, at most 24."""
    found: dict[bytes, Face] = {}
    for face in _all():
        sample = _drawing(face)
        if sample and len(found) < _MOST_FACES:
            found.setdefault(sample, face)
    return tuple(found.values())


def typefaces_available() -> int:
    """How many Chinese faces pictures can be compared with: 1 where the machine has none of its own
    beside the packaged one."""
    return len(faces())


def _all() -> Iterator[Face]:
    yield from (Face(str(path)) for path in packaged())
    files = sorted(_files())
    if len(files) > _MOST_FILES:
        log.warning("of %d font files the first %d are looked at", len(files), _MOST_FILES)
    for path in files[:_MOST_FILES]:
        yield from (Face(path, index) for index in range(_MOST_IN_FILE))


def _files() -> Iterator[str]:
    for folder in _FOLDERS:
        # A path that stays as it is where nobody has a home.
        for path in Path(os.path.expanduser(folder)).rglob("*"):  # noqa: PTH111
            # `os.path` tells of a folder that is closed to us that there is no file.
            if path.suffix.lower() in _SUFFIXES and os.path.isfile(path):  # noqa: PTH113
                yield str(path)


def _drawing(face: Face) -> bytes:
    """How it draws the sample; b"" for none (no such face, no Chinese, a damaged file)."""
    try:
        font = ImageFont.truetype(face.path, 16, index=face.index)
        if face.index and not _MAINLAND.search(font.getname()[0] or ""):
            return b""
        drawn = [bytes(font.getmask(char)) for char in (*_SAMPLE, _NO_CHARACTERS[0])]
        face.large().getmask(_SAMPLE)
    except (OSError, ValueError):
        return b""
    return b"".join(drawn[:-1]) if len(set(drawn)) == len(drawn) else b""


@lru_cache(maxsize=_OPEN)
def _sized(path: str, index: int, pixels: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, pixels, index=index, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=_MOST_FACES)
def _large(path: str, index: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, LARGE, index=index, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=50_000)
def _advance(path: str, index: int, char: str) -> float:
    return _large(path, index).getlength(char) / LARGE


@lru_cache(maxsize=50_000)
def _has(path: str, index: int, char: str) -> bool:
    font, box = _large(path, index), _box(path, index, char)
    # Most are told by their size, which is quicker than to draw them.
    alike = [other for other in _NO_CHARACTERS if _box(path, index, other) == box]
    return not any(bytes(font.getmask(char)) == bytes(font.getmask(other)) for other in alike)


@lru_cache(maxsize=4 * _MOST_FACES)
def _box(path: str, index: int, char: str) -> tuple[float, float, float, float]:
    return _large(path, index).getbbox(char)
