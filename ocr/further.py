"""What Tesseract reads of a page's lines, asked as seldom as can be: to load its data takes it as
long as a dozen lines."""

import re
from collections.abc import Callable, Sequence

from ocr.crops import crop
from ocr.engines import Recogniser, Shelf
from ocr.hits import Hit
from ocr.scan import Scan
from ocr.sheet import Line, Rect
from ocr.voices import Spoken, spoken

_CHINESE = re.compile("[㐀-鿿，]")


class Further:
    """A third engine, of which each line is asked once; with the first, all others that are likely
    to be asked of it.

    ``likely``: whether a hit is such a one; not to be bound to who holds this, or the page's
    pictures would stay after it was read.
    """

    def __init__(self, scan: Scan, shelf: Shelf, likely: Callable[[Hit], bool]) -> None:
        self._scan, self._shelf, self._likely = scan, shelf, likely
        self._hits: list[Hit] = []
        self._said: dict[tuple[bool, str, Rect], Spoken] = {}

    def expect(self, hits: Sequence[Hit]) -> None:
        """Hits of which it may be asked later on."""
        self._hits += hits

    def told(self, hit: Hit, source: str) -> tuple[Spoken, ...] | None:
        """What it reads of a hit's lines, on the page as it is (``raw``) or without its seal
        (``clean``); None where it is not there, or there is no line."""
        chinese = _is_chinese(hit)
        engine = self._shelf.words if chinese else self._shelf.digits
        if engine is None or not hit.lines:
            return None
        if any((chinese, source, line.box) not in self._said for line in hit.lines):
            others = [one for one in self._hits if _is_chinese(one) == chinese]
            self._ask(engine, chinese, source, [hit, *filter(self._likely, others)])
        return tuple(self._said[chinese, source, line.box] for line in hit.lines)

    def _ask(self, engine: Recogniser, chinese: bool, source: str, hits: Sequence[Hit]) -> None:
        picture = self._scan.picture if source == "raw" else self._scan.cleaned
        lines: dict[Rect, Line] = {line.box: line for hit in hits for line in hit.lines}
        wanted = [box for box in lines if (chinese, source, box) not in self._said]
        crops = [crop(picture, lines[box]) for box in wanted]
        for box, one in zip(wanted, engine.read_lines(crops), strict=True):
            self._said[chinese, source, box] = spoken(one)


def _is_chinese(hit: Hit) -> bool:
    return hit.inline or any(_CHINESE.search(line.text) for line in hit.lines)
