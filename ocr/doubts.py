"""What speaks against a value that was read: reasons for which a person looks at it."""

import re

from ocr import inks
from ocr.alike import FREE, Values, contradicted, crossed, in_vocabulary
from ocr.beside import SEVERAL, numbered
from ocr.convert import AMOUNTS, NAMES, looks_like_firm, may_be_thousands, suspicious
from ocr.crops import crop
from ocr.engines.port import Picture
from ocr.heard import Heard
from ocr.hits import Hit
from ocr.lexicon import spelt, value_spans
from ocr.shapes import skips
from ocr.sheet import Line, Rect
from ocr.torn import ends_free, may_be_cut
from procedure.readings import Value
from procedure.values import Unit, unit_of

_CELLS = frozenset({"name", "code"})


class Doubts:
    """Of the values of one page."""

    def __init__(self, heard: Heard) -> None:
        self._heard = heard
        self._all = [line.box for line in heard.scan.sheet.lines()]

    def of(self, hit: Hit, value: Value | None, values: Values, text: str) -> list[str]:
        """Reasons against a value; ``text`` is what it was read from."""
        found = []
        if doubt := contradicted(value, in_vocabulary(hit.field, value, values)):
            found.append(doubt)
        if hit.field in AMOUNTS:
            found += self._unit_doubts(hit)
            if suspicious(hit.field, text, hit.unit) or may_be_thousands(text):
                found.append("ambiguous-number")
        if len(hit.lines) > 1 and hit.field in {"account_no", "phone", "code", "project_code"}:
            found.append("wrapped-lines")
        if value is not None and crossed(hit.field, str(value)):
            found.append("letter-among-figures")
        if numbered(hit):
            found.append(SEVERAL)
        if hit.field in NAMES and value is not None and not looks_like_firm(str(value)):
            found.append("not-a-firm")
        if hit.field == "date" and self._may_be_cut(hit):
            found.append("date-cut")
        if hit.field in FREE and value is not None and spelt(str(value)) != value:
            found.append("odd-word")
        if value is not None and _unbalanced(str(value)):
            found.append("unbalanced-brackets")
        if self._is_cut(hit) or (hit.field in FREE and value is not None and self._skipped(hit)):
            found.append("unread-ink")
        return found

    def _skipped(self, hit: Hit) -> bool:
        """Whether a line of the value has room for a character that the engines dropped."""
        texts = [line.text for line in hit.lines]
        own = self._own(hit) if hit.inline else "".join(texts)
        spans = value_spans(texts, own) or [(len(text), len(text)) for text in texts]
        return any(
            skips(crop(self._bare(line), line), line.text, begin)
            for line, (begin, _) in zip(hit.lines, spans, strict=True)
        )

    def _may_be_cut(self, hit: Hit) -> bool:
        """2021.11.5 is whole where paper follows; 月 without its 日 never is."""
        said = self._own(hit)
        if not may_be_cut(said):
            return False
        picture = self._heard.scan.picture
        return "月" in said or not hit.lines or not ends_free(picture, hit.lines[-1])

    def _own(self, hit: Hit) -> str:
        return self._heard.own_text(hit, self._heard.primary(hit)) or ""

    def _bare(self, line: Line) -> Picture:
        """The picture without the seal that lies over a line."""
        scan = self._heard.scan
        return scan.cleaned if self._heard.is_red(line) else scan.picture

    def _unit_doubts(self, hit: Hit) -> list[str]:
        """A 万 that is overlooked is a factor of 10,000: both engines must read the same unit."""
        if hit.label is None or hit.inline:
            return []
        units: set[Unit | None] = set()
        for family in ("ppocr-v6", "ppocr-v4"):
            heard = (self._heard.said.get(line.box, {}) for line in hit.label.lines)
            said = [one.get((family, "raw")) for one in heard]
            units.add(unit_of("".join(one.text for one in said if one)))
        if len(units) > 1:
            return ["unit-unclear"]
        return ["unit-missing"] if units == {None} and unit_of(hit.text) is None else []

    def _is_cut(self, hit: Hit) -> bool:
        """Print beside or around the value that no line covers: part of it may be missing.

        An empty place is looked at too where it is a cell of a table.
        """
        if not hit.lines and hit.field not in _CELLS:
            return False
        heights = sorted(line[3] - line[1] for line in self._all)
        own = [line.box[3] - line.box[1] for line in hit.lines]
        height = max(12.0, min(own) if own else heights[len(heights) // 2])
        read = [_grown(box, 0.1 * height) for box in self._all]
        regions = [_beside(line.box, height) for line in hit.lines]
        if hit.ruled or not hit.lines:
            inset = 0.18 * height
            x0, y0, x1, y1 = hit.box
            regions = [(x0 + inset, y0 + inset, x1 - inset, y1 - inset)]
        return any(inks.unread(self._heard.scan.ink, region, read, height) for region in regions)


def _beside(box: Rect, height: float) -> Rect:
    return (
        box[0] - 0.9 * height,
        box[1] + 0.1 * height,
        box[2] + 0.9 * height,
        box[3] - 0.1 * height,
    )


def _grown(box: Rect, by: float) -> Rect:
    return (box[0] - by, box[1] - by, box[2] + by, box[3] + by)


def _unbalanced(text: str) -> bool:
    opened = len(re.findall(r"[（(]", text))
    return opened != len(re.findall(r"[)）]", text))
