"""What the picture itself says of a value: its characters are drawn, and held against it.

Where engines differ, or all may have read a common character for a rarer one, this needs no further
reading (`ocr.typeface`, `ocr.shapes`).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import combinations

from ocr.alike import FREE, Values, agreed
from ocr.convert import CODES, convert
from ocr.crops import crop
from ocr.heard import Heard
from ocr.hits import Hit
from ocr.lexicon import capacity_places, doubtful, in_megawatts, own_places, spelt, value_spans
from ocr.near import Near
from ocr.shapes import NARROW, disputed, is_small, settles, shows
from ocr.sheet import Line, Rect
from ocr.typeface import Places, Typefaces
from ocr.voices import NEAR_BY, RAW, SECOND
from procedure.lookalikes import LOOKALIKES, RARER, lookalike_places
from procedure.readings import Value

_FIGURE = re.compile("[0-9]")
_Which = Callable[[str, tuple[int, int]], list[int]]
"""Which places of a text that stands in a line are looked at."""
_MOST = 4
"""Characters of a line that may differ: of more, one engine misread the line."""


class DrawnProof:
    """A page's lines, drawn as they were read; each line and text once."""

    def __init__(self, heard: Heard, near: Near) -> None:
        self._heard, self._near = heard, near
        self._faces = Typefaces(heard.scan.picture)
        self._drawn: dict[tuple[Rect, str, str, tuple[tuple[int, str], ...], _Which], bool] = {}
        self._meant: dict[tuple[Rect, str], str] = {}
        """What a line that was read as a text turned out to say."""

    def is_turned(self, hit: Hit) -> bool:
        """Whether one of a value's lines turned out to say something else than was read: what has
        its capacity's unit put back is all read but for that, which is drawn."""
        return any(in_megawatts(read) != meant for read, meant in self._turns(hit))

    def is_completed(self, hit: Hit) -> bool:
        """Whether its capacity's unit was put back: nothing else is left over on its line then."""
        return any(in_megawatts(read) == meant for read, meant in self._turns(hit))

    def _turns(self, hit: Hit) -> list[tuple[str, str]]:
        """What the value's lines were read as, and what they turned out to say."""
        own = {line.box for line in hit.lines}
        return [(read, meant) for (box, read), meant in self._meant.items() if box in own]

    def with_rarer(self, hit: Hit, values: Values) -> Values:
        """A name that all read alike; with a rarer character for the one that was read, where a
        face of this machine draws the whole name so, and not as it was read (昊, not 吴). Or with
        its capacity as it is told (20MW for 20M)."""
        text = self._heard.own_text(hit, self._heard.primary(hit))
        if hit.field not in FREE or not text or self._heard.has_red(hit):
            return values
        for meant in _with_rarer(text) if agreed(values) else ():
            if self.draws_whole(hit, text, meant, {}):
                return self._turned(hit, values, text, meant)
        return self._with_capacity(hit, values, text)

    def _with_capacity(self, hit: Hit, values: Values, text: str) -> Values:
        """A name that all read alike but for the unit of its capacity (20M, 20MM), as it is told,
        where figures, points and unit are drawn so, no other character for any of the name's, and
        nothing is left over on the line."""
        meant = in_megawatts(text)
        said = {None if value is None else in_megawatts(str(value)) for value in values.values()}
        if meant == text or len(said) != 1 or None in said:
            return values
        if self.draws_whole(hit, text, text, {}, capacity=True):
            return values
        if self.draws_whole(hit, text, meant, {}, capacity=True):
            return self._turned(hit, values, text, meant)
        return values

    def _turned(self, hit: Hit, values: Values, text: str, meant: str) -> Values:
        """What all read as one text, as what it turned out to say."""
        self._meant[hit.lines[0].box, text] = meant
        return dict.fromkeys(values, convert(hit.field, meant, hit.unit))

    def with_figures(self, hit: Hit, values: Values, looks: Sequence[str]) -> Values:
        """A number as a look from near has it, where a face draws just that and not what was read
        at first: of small print both families take a 9 for an 8 in some types."""
        text = self._heard.own_text(hit, self._heard.primary(hit))
        if hit.field not in CODES or not text or self._heard.has_red(hit):
            return values
        if self.draws_whole(hit, text, text, {}):
            return values
        for other in looks:
            same = _FIGURE.sub("0", other) == _FIGURE.sub("0", text)
            if other != text and same and self.draws_whole(hit, text, other, {}):
                return self._turned(hit, values, text, other)
        return values

    def as_drawn(self, hit: Hit, values: Values) -> Values:
        """A name or number with those characters that a face draws where it does not draw what was
        read: in small print engines take rarer characters for common ones (沛 for 市)."""
        text = self._heard.own_text(hit, self._heard.primary(hit))
        if not text or len(hit.lines) != 1 or not self._near.untouched(hit.lines[0]):
            return values
        # Who reads nothing, or more or less, may see what is no character of the face.
        if len({len(str(value)) for value in values.values()}) != 1 or None in values.values():
            return values
        (line,) = hit.lines
        printed = self._heard.said[line.box][RAW].text
        spans = value_spans([printed], text)
        if not spans:
            return values
        if self.draws_whole(hit, text, text, {}):
            # A name's rivals are looked at where they are known (`draws`).
            return dict.fromkeys(values, values[RAW]) if hit.field in CODES else values
        begin, end = spans[0]
        own = range(begin, end) if hit.field in CODES else own_places(printed, spans[0])
        whole = self._faces.mended(line, printed, own)
        rivals = {at: printed[at] for at in range(begin, end) if whole[at] != printed[at]}
        meant = whole[begin:end]
        if rivals and self.draws_whole(hit, text, meant, rivals):
            return self._turned(hit, values, text, meant)
        return values

    def draws(self, hit: Hit, value: Value, values: Values) -> bool:
        """Whether a face of this machine draws the value as it stands on the picture. Where engines
        differ, in a few characters, these are looked at too."""
        text = self._heard.own_text(hit, self._heard.primary(hit))
        if values.get(RAW) != value or not text or self._heard.has_red(hit):
            return False
        if hit.field in CODES and len(text) != len(str(value)):
            return False
        rivals = self._differing(hit, value, values)
        if rivals is None:
            return False
        meant = self._meant.get((hit.lines[0].box, text), text)
        return self.draws_whole(hit, text, str(value) if hit.field in CODES else meant, rivals)

    def _differing(self, hit: Hit, value: Value, values: Values) -> Places | None:
        """Where the second engine read other characters, more or fewer; None where much differs,
        where it read no value (it may be a word or a mark that it could not make out), and of a
        name that was looked at from near, for which its first reading does not count. Of a number
        all characters are looked at."""
        if NEAR_BY in values and hit.field in CODES:
            return {}
        second = values.get(SECOND)
        others = {voice for voice, v in values.items() if v not in (None, value)}
        if second is None or NEAR_BY in values or not others <= {SECOND}:
            return None
        if not others:
            return {}
        if len(hit.lines) != 1:
            return None
        said = self._heard.said[hit.lines[0].box]
        first, other = said[RAW].text, said[SECOND].text
        places = disputed(first, other)
        return dict(places) if places else _beside(first, other)

    def draws_whole(
        self, hit: Hit, read: str, meant: str, rivals: Places, *, capacity: bool = False
    ) -> bool:
        """Whether each character stands there as drawn if what was read is what is meant; of a name
        its own ones, or those of its ``capacity`` alone. Nothing is left over in any case."""
        if len(hit.lines) != 1 or not self._near.untouched(hit.lines[0]):
            return False
        (line,) = hit.lines
        which = _all_of if hit.field in CODES else capacity_places if capacity else own_places
        key = line.box, read, meant, tuple(rivals.items()), which
        if key not in self._drawn:
            self._drawn[key] = self._proven(line, read, meant, rivals, which)
        return self._drawn[key]

    def _proven(self, line: Line, read: str, meant: str, rivals: Places, which: _Which) -> bool:
        """Those characters that are asked for, and those with rivals."""
        printed = self._heard.said[line.box][RAW].text
        spans = value_spans([printed], read)
        if not spans:
            return False
        ((begin, end),) = spans
        text, span = printed[:begin] + meant + printed[end:], (begin, begin + len(meant))
        own = which(text, span)
        if which is capacity_places:
            others = sorted({*own_places(text, span)}.difference(own))
            return bool(own) and self._faces.proves_capacity(line, text, own, others)
        places = {**dict.fromkeys(own, ""), **rivals}
        return bool(own) and self._faces.proves_whole(line, text, places)

    def outvotes(self, hit: Hit, value: Value, values: Values) -> bool:
        """Whether the picture has the primary engine's characters where the second has others."""
        against = {voice for voice, v in values.items() if v is not None and v != value}
        if values.get(RAW) != value or against != {SECOND}:
            return False
        if self._heard.has_red(hit):
            return False
        for line in hit.lines:
            first, second = (self._heard.said[line.box][voice].text for voice in (RAW, SECOND))
            places = disputed(first, spelt(second))
            if places is None:
                return False
            # Where engines err towards a character, the drawing of another face proves too little:
            # 昊 of WenQuanYi Zen Hei is more like another maker's 吴 than like its 昊, at any size.
            erring = not lookalike_places(first).isdisjoint(at for at, _ in places)
            if not erring and settles(crop(self._heard.scan.picture, line), first, spelt(second)):
                continue
            if not self._line_draws(line, first, dict(places)):
                return False
        return True

    def _line_draws(self, line: Line, text: str, places: Places) -> bool:
        """Whether a face draws these characters so as they stand there."""
        if self._near.untouched(line):
            return self._faces.proves(line, text, places)
        if is_small(crop(self._heard.scan.picture, line), text) and any(
            text[n] in LOOKALIKES for n in places
        ):
            return False
        return self._faces.resembles(line, text, places)

    def bears_out(self, hit: Hit, *, all_of: bool) -> bool:
        """Whether the picture has the characters that may stand for rarer ones, or ``all_of`` them
        but for words of the trade."""
        if self._heard.has_red(hit):
            return False
        texts = [self._heard.said[line.box][RAW].text for line in hit.lines]
        own = self._heard.own_text(hit, self._heard.primary(hit)) if hit.inline else "".join(texts)
        spans = value_spans(texts, own or "")
        if not spans:
            return False
        places = [
            doubtful(text, span, all_of=all_of) for text, span in zip(texts, spans, strict=True)
        ]
        return any(places) and all(
            shows(crop(self._heard.scan.picture, line), text, where)
            or self._line_draws(line, text, dict.fromkeys(where, ""))
            for line, text, where in zip(hit.lines, texts, places, strict=True)
        )


def _with_rarer(text: str) -> Iterator[str]:
    """The text with rarer characters for one or two of those that engines read for them."""
    places = [at for at, char in enumerate(text) if char in RARER]
    for count in (1, 2):
        for rarer in combinations(places[:_MOST], count):
            yield "".join(RARER[char] if at in rarer else char for at, char in enumerate(text))


def _all_of(_: str, span: tuple[int, int]) -> list[int]:
    return [*range(*span)]


def _beside(first: str, second: str) -> Places | None:
    """The characters of the first text that are others, or more, than the second's, and those
    between which the second has further ones; None where too many differ, or marks do.

    Each of them must be drawn where it stands, and whatever a line holds beside its characters
    would be left over (`Setting.covers`): so nothing between two of them was lost either.
    """
    first, second = first.translate(NARROW), second.translate(NARROW)
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    parts = [one for one in matcher.get_opcodes() if one[0] != "equal"]
    differ = "".join(max(first[a:b], second[c:d], key=len) for _, a, b, c, d in parts)
    said = "".join(first[a:b] + second[c:d] for _, a, b, c, d in parts)
    if len(differ) > _MOST or not said.isalnum():
        return None
    around = {at for _, a, b, _, _ in parts for at in range(max(0, a - 1), min(len(first), b + 1))}
    return {at: "" for at in sorted(around) if first[at].isalnum()}
