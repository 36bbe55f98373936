"""What speaks against a value that was read: reasons for which a person looks at it."""

import math
import re
from statistics import median

from ocr import inks
from ocr.alike import FREE, Values, contradicted, crossed, in_vocabulary
from ocr.beside import SEVERAL, is_open, numbered
from ocr.convert import AMOUNTS, NAMES, looks_like_firm, may_be_thousands, suspicious
from ocr.drawnproof import DrawnProof
from ocr.heard import Heard
from ocr.hits import Hit
from ocr.lexicon import has_odd_unit, spelt, value_spans
from ocr.shapes import skips
from ocr.sheet import Rect
from ocr.torn import ends_free, may_be_cut
from procedure.evidence import UNIT_UNCLEAR
from procedure.readings import Value
from procedure.values import Unit, unit_of

_NEAR, _FAR, _SHORT = 0.9, 2.5, 2
"""How far beside a value is looked for further print, in heights of a line; how far beside one of
two characters or fewer, which may be a number's first ones."""
_ASIDE, _RIM = 1.5, 0.15
_ODD_MARK = re.compile(r"\d[:：;；,，'’·•]\d")
_SEALED, _PIECES = 0.03, 0.01
"""Share of a seal's red beside a value, and the ink left there in squares of its height. On 320
papers of office and hard 12 amounts had so much beside them: 9 were misread, one of them accepted
but for its sum (435,430 of 1,435,430); the other three read otherwise without their seal."""
_CELLS = frozenset({"name", "code"})
_LENGTHS = AMOUNTS | {"account_no", "phone", "code", "project_code", "serial"}
"""Fields of figures of which nobody knows how many there are."""

_PROJECTS = frozenset({"name", "project_name"})
_REST, _CLOSE = 0.6, 0.3
"""Of a line's width, what the rest of a wrapped name is at most; of its height, how near it is."""


class Doubts:
    """Of the values of one page."""

    def __init__(self, heard: Heard, proof: DrawnProof) -> None:
        self._heard, self._proof = heard, proof
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
        if is_open(hit) or (hit.field in _PROJECTS and self._goes_on_below(hit)):
            found.append("left-out")
        if hit.field in NAMES and value is not None and not looks_like_firm(str(value)):
            found.append("not-a-firm")
        if hit.field == "date" and self._may_be_cut(hit):
            found.append("date-cut")
        if hit.field in FREE and value is not None and _is_odd(str(value)):
            found.append("odd-word")
        if value is not None and _unbalanced(str(value)):
            found.append("unbalanced-brackets")
        lost = self._is_cut(hit) or (hit.field in _LENGTHS and self._is_hidden(hit))
        if lost or (hit.field in FREE and value is not None and self._skips(hit, value, values)):
            found.append("unread-ink")
        return found

    def _skips(self, hit: Hit, value: Value, values: Values) -> bool:
        """Whether the engines dropped a character, unless a face draws the name with nothing left
        over: figures are not as wide in all faces."""
        proof = self._proof
        return self._skipped(hit) and not (
            proof.is_completed(hit) or proof.draws(hit, value, values)
        )

    def _skipped(self, hit: Hit) -> bool:
        """Whether a line of the value has room for a character that the engines dropped."""
        texts = [line.text for line in hit.lines]
        own = self._own(hit) if hit.inline else "".join(texts)
        spans = value_spans(texts, own) or [(len(text), len(text)) for text in texts]
        return any(
            skips(self._heard.bare(line), line.text, begin)
            for line, (begin, _) in zip(hit.lines, spans, strict=True)
        )

    def _may_be_cut(self, hit: Hit) -> bool:
        """2021.11.5 is whole where paper follows; 月 without its 日 never is."""
        said = self._own(hit)
        if not may_be_cut(said):
            return False
        picture = self._heard.scan.picture
        return "月" in said or not hit.lines or not ends_free(picture, hit.lines[-1])

    def _goes_on_below(self, hit: Hit) -> bool:
        """Whether a shorter line that is none of the value's stands close below it, as the rest of
        a name does in a cell whose rules were not seen: a row of its own keeps more distance."""
        if hit.ruled or not hit.lines:
            return False
        x0, top, x1, bottom = hit.lines[-1].box
        high = bottom - top
        own = {line.box for line in hit.lines}
        return any(
            box not in own
            and x0 - high < box[0]
            and box[2] < x1 + high
            and box[2] - box[0] < _REST * (x1 - x0)
            and abs(box[1] - bottom) < _CLOSE * high
            for box in self._all
        )

    def _own(self, hit: Hit) -> str:
        return self._heard.own_text(hit, self._heard.primary(hit)) or ""

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
            return [UNIT_UNCLEAR]
        return ["unit-missing"] if units == {None} and unit_of(hit.text) is None else []

    def _is_hidden(self, hit: Hit) -> bool:
        """Ink under a seal beside figures: with the red off, a worn figure is left in pieces, each
        less than a character."""
        scan = self._heard.scan
        for line in hit.lines:
            others = [box for box in self._all if box != line.box]
            for side in _sides(line.box, hit.box if hit.ruled else None):
                left = inks.outside(scan.ink, side, others)
                pieces = float((left > 0).sum()) / _area(line.box)
                if inks.share(scan.red, side) > _SEALED and pieces > _PIECES:
                    return True
        return False

    def _is_cut(self, hit: Hit) -> bool:
        """Print beside or around the value that no line covers: part of it may be missing.

        An empty place is looked at too where it is a cell of a table.
        """
        if not hit.lines and hit.field not in _CELLS:
            return False
        usual = median(line[3] - line[1] for line in self._all)
        own = [line.box[3] - line.box[1] for line in hit.lines]
        height = max(12.0, min(own) if own else usual)
        read = [_grown(box, 0.1 * height) for box in self._all]
        # Of a number whose figures stand apart a box of one is low, and as far from the next.
        reach = max(height, usual) * (_FAR if len(hit.text) <= _SHORT else _NEAR)
        regions = [_beside(line.box, height, reach) for line in hit.lines]
        if hit.ruled or not hit.lines:
            inset = 0.18 * height
            x0, y0, x1, y1 = hit.box
            regions = [(x0 + inset, y0 + inset, x1 - inset, y1 - inset)]
        return any(inks.unread(self._heard.scan.ink, region, read, height) for region in regions)


def _is_odd(name: str) -> bool:
    """Whether a name is spelt otherwise than names are, has a unit that is none, or a mark in a
    number that is none of a number: a specked point of 49.5MW is a colon to both families."""
    return spelt(name) != name or bool(_ODD_MARK.search(name)) or has_odd_unit(name)


def _sides(box: Rect, within: Rect | None) -> list[Rect]:
    """What lies left and right of a line, of its cell where there is one."""
    x0, y0, x1, y1 = box
    height = y1 - y0
    rim = _RIM * height
    low, high = (within[0] + rim, within[2] - rim) if within else (-math.inf, math.inf)
    top, bottom = y0 + 0.1 * height, y1 - 0.1 * height
    left = (max(low, x0 - _ASIDE * height), top, x0 - 0.1 * height, bottom)
    right = (x1 + 0.1 * height, top, min(high, x1 + _ASIDE * height), bottom)
    return [side for side in (left, right) if side[2] - side[0] > _RIM * height]


def _beside(box: Rect, height: float, reach: float) -> Rect:
    return (
        box[0] - reach,
        box[1] + 0.1 * height,
        box[2] + reach,
        box[3] - 0.1 * height,
    )


def _area(box: Rect) -> float:
    return (box[3] - box[1]) ** 2


def _grown(box: Rect, by: float) -> Rect:
    return (box[0] - by, box[1] - by, box[2] + by, box[3] + by)


def _unbalanced(text: str) -> bool:
    opened = len(re.findall(r"[（(]", text))
    return opened != len(re.findall(r"[)）]", text))
