"""The Chinese typefaces of this machine: a screen's characters are compared with their drawings.

The packaged one is always there. Whoever installs those that the registry's pages are shown in (in
a folder of fonts of the system or of the user) has more of a screen's names proven.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import ImageFont

from ocr.fonts import packaged

_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
_SUFFIXES = {".ttf", ".ttc", ".otf", ".otc"}
_MOST_FILES, _MOST_FACES, _MOST_IN_FILE = 200, 24, 12
_SAMPLE = "国骨直霁昊"
"""Drawn otherwise by each face."""
_MAINLAND = re.compile(r"\b(?:SC|CN|GB)$")
"""Of a file's faces the first one, and those that say so: others are for other regions."""
_NO_CHARACTER = "\N{NULL}"


@dataclass(frozen=True)
class Face:
    """A font file and the face in it."""

    path: str
    index: int = 0

    def at(self, pixels: float) -> ImageFont.FreeTypeFont:
        """The face at this em size in pixels."""
        return _load(self.path, self.index, pixels)

    def width(self, text: str) -> float:
        """Advance of the text in ems, character by character as screens set it."""
        return sum(_advance(self.path, self.index, char) for char in text)

    def has(self, char: str) -> bool:
        """Whether the face draws this character."""
        return _mask(self.path, self.index, char) != _mask(self.path, self.index, _NO_CHARACTER)


@cache
def faces() -> tuple[Face, ...]:
    """The packaged face, then the system's Chinese ones, each drawing once, at most 24."""
    found: dict[bytes, Face] = {}
    for face in _all():
        sample = _drawing(face)
        if sample and len(found) < _MOST_FACES:
            found.setdefault(sample, face)
    return tuple(found.values())


def _all() -> Iterator[Face]:
    yield from (Face(str(path)) for path in packaged())
    for path in sorted(_files())[:_MOST_FILES]:
        yield from (Face(path, index) for index in range(_MOST_IN_FILE))


def _files() -> Iterator[str]:
    for folder in _FOLDERS:
        for path in Path(folder).expanduser().rglob("*"):
            if path.suffix.lower() in _SUFFIXES:
                yield str(path)


def _drawing(face: Face) -> bytes:
    """How it draws the sample; b"" for none (no such face, no Chinese, a damaged file)."""
    try:
        font = face.at(16)
        if face.index and not _MAINLAND.search(font.getname()[0] or ""):
            return b""
        drawn = [_mask(face.path, face.index, char) for char in (*_SAMPLE, _NO_CHARACTER)]
    except (OSError, ValueError):
        return b""
    return b"".join(drawn[:-1]) if len(set(drawn)) == len(drawn) else b""


@cache
def _load(path: str, index: int, pixels: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, pixels, index=index, layout_engine=ImageFont.Layout.BASIC)


@cache
def _mask(path: str, index: int, char: str) -> bytes:
    return bytes(_load(path, index, 16).getmask(char))


@cache
def _advance(path: str, index: int, char: str) -> float:
    return _load(path, index, 1000).getlength(char) / 1000
