"""Fonts to draw with: the packaged one always, those of the system where they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

BASELINE = 0.88
"""Height of the em box above the baseline, of the em; right for CJK fonts."""
_SYSTEM = Path("/usr/share/fonts")
_SYSTEM_NAMES = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJK-Bold.ttc",
    "NotoSerifCJK-Regular.ttc",
    "wqy-zenhei.ttc",
    "wqy-microhei.ttc",
    "ukai.ttc",
    "uming.ttc",
    "simsun.ttc",
    "simhei.ttf",
    "simkai.ttf",
)
# The Simplified Chinese face of the collections; the others have one face or put it first.
_FACES = {
    "NotoSansCJK-Regular.ttc": 2,
    "NotoSansCJK-Bold.ttc": 2,
    "NotoSerifCJK-Regular.ttc": 2,
}


@dataclass(frozen=True)
class Face:
    """A font file and the face in it."""

    path: str
    index: int = 0

    @property
    def name(self) -> str:
        return Path(self.path).stem

    def at(self, pixels: float) -> FreeTypeFont:
        """The font at this em size in pixels."""
        return _load(self.path, self.index, round(pixels, 2))

    def width(self, text: str, size: float) -> float:
        """Advance of the text at this em size, without kerning; same unit as ``size``."""
        return sum(_advance(self.path, self.index, char) for char in text) * size


def packaged() -> Face:
    """The font that comes with the product (Noto Sans CJK, OFL)."""
    folder = Path(str(files("cvttf_NotoSansCJK_Regular")))
    return Face(str(next(folder.glob("*.otf"))))


@cache
def faces(system: bool = True) -> tuple[Face, ...]:
    """The packaged font, then the CJK fonts of this system, in a fixed order."""
    return (packaged(), *(_installed() if system else ()))


def _installed() -> Iterator[Face]:
    if not _SYSTEM.is_dir():
        return
    for name in _SYSTEM_NAMES:
        for path in sorted(_SYSTEM.rglob(name)):
            yield Face(str(path), _FACES.get(name, 0))


@cache
def _load(path: str, index: int, pixels: float) -> FreeTypeFont:
    # The basic layout does not depend on which shaping library Pillow was built with.
    return ImageFont.truetype(path, pixels, index=index, layout_engine=ImageFont.Layout.BASIC)


@cache
def _advance(path: str, index: int, char: str) -> float:
    return _load(path, index, 1000).getlength(char) / 1000
