"""The Chinese font that pictures are labelled with and characters are compared with."""

from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PIL import ImageFont

_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
)


@cache
def chinese(size: int) -> ImageFont.FreeTypeFont | None:
    """The packaged font at ``size`` pixels, else Debian's; None without either."""
    for path in (*packaged(), *map(Path, _FONTS)):
        try:
            return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)
        except OSError:
            continue
    return None


def packaged() -> Iterator[Path]:
    """The files of the packaged font."""
    spec = find_spec("cvttf_NotoSansCJK_Regular")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        yield from sorted(Path(place).rglob("*.tt[fc]"))
        yield from sorted(Path(place).rglob("*.ot[fc]"))
