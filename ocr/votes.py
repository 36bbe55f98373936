"""Second opinions: what engines of several families read of a value, and what they agree on."""

from collections.abc import Sequence
from dataclasses import replace

from ocr.alike import FREE, Values, agreed, alike, hyphened_as, odd, open_fours, reads_figures
from ocr.convert import AMOUNTS, CODES, convert, suspicious
from ocr.doubts import Doubts
from ocr.drawnproof import DrawnProof
from ocr.engines import Shelf
from ocr.further import Further
from ocr.heard import Heard
from ocr.hits import Hit
from ocr.lexicon import figures, own_places, value_spans
from ocr.near import Near
from ocr.scan import Scan
from ocr.steady import Steady
from ocr.twins import mended, with_twin
from ocr.voices import NEAR_BY, RAW, SECOND, WORD, Spoken, Voices, best, confidence, spoken
from procedure.fieldrules import (
    DRAWN,
    FIGURE_UNSURE,
    NEAR,
    PREFIXES,
    RULES,
    SHAPE,
    UNSURE,
    Rule,
)
from procedure.forms import FormKind, FormTemplate
from procedure.lookalikes import holds_lookalike
from procedure.readings import Reading, Value

_SURE = {"ppocr-v6": 0.9, "ppocr-v4": 0.8}
"""Least confidence for each own character of a name that is doubtful as a whole.

2,152 lines of names with rarer characters that look like common ones, in 13 faces at 13 to 15
pixels: of 993 that were doubtful the first engine had misread 359, both alike 63. 172 were read
alike from near, 19 of them wrong; of these none had more than 0.82 and 0.8, or 0.96 and 0.74.
"""

_LEAST_SURE = {"ppocr-v6": 0.8, "ppocr-v4": 0.5}
"""Least confidence for each own character of what stands nowhere else on its page. Of 1,318 right
names and numbers that both engines read on screens, scans and photos 16 had less of the first one,
14 more of the second. Of five that both misread, and that had been accepted, two (08:06 of 03:06,
at 0.62, and 祥用 of 祥翔, at 0.76)."""
_BOTH_UNSURE = 0.00012
"""The most that both engines' doubts (one less how sure) of one and the same figure may make,
multiplied. A speck of the print's own grey that closes a 3 is an 8 to both, at 0.96 and 0.86, and a
1 with one at its foot a 4, at 0.975 and 0.944; Tesseract read it so too. Of 6,400 numbers of 11 to
21 pixels that a speck lay on both engines read 47 alike and wrong: five of these would have been
accepted, with this none. Of some 390 right numbers of scans and photos it takes five."""


class Voter:
    """Turns hits into readings; each line is read at most once per voice."""

    def __init__(self, scan: Scan, shelf: Shelf, template: FormTemplate, kind: FormKind) -> None:
        self._scan = scan
        self._heard = Heard(scan, shelf, template, kind)
        self._near = Near(scan.picture, shelf)
        self._proof = DrawnProof(self._heard, self._near)
        self._doubts = Doubts(self._heard, self._proof)
        self._steady = Steady(self._heard, shelf)
        self._further = Further(scan, shelf, self._heard.is_doubtful)

    def prepare(self, hits: Sequence[Hit]) -> None:
        """Second opinions on all lines of all hits, in as few calls as possible."""
        self._heard.prepare(hits)
        self._further.expect(hits)

    @property
    def is_shaken(self) -> bool:
        """Whether the page is a shaken photo that was sharpened."""
        return self._scan.shaken

    def is_drawn(self) -> bool:
        """Whether a computer drew the page and nothing has touched it since."""
        return self._near.is_drawn

    def reading(self, hit: Hit, rivals: Sequence[Hit] = ()) -> Reading:
        """One hit as a reading; ``rivals`` are further places that claim the same field."""
        voices = self._heard.voices(hit)
        values = {voice: self._value(hit, said) for voice, said in voices.items()}
        values = alike(hit.field, self._with_open_fours(hit, values, voices))
        values, more = self._from_near(hit, self._proof.with_rarer(hit, values), voices)
        voices |= more
        if hit.field in CODES and (not agreed(values) or odd(hit.field, values)):
            values = alike(hit.field, values | self._third(hit))
        value = best(hit.field, values, voices)
        others = {str(v) for v in values.values() if v is not None and v != value}
        values, evidence = self._settled(hit, value, values, voices)
        text = self._heard.own_text(hit, voices.get(NEAR_BY) or self._heard.primary(hit)) or ""
        against = list(hit.doubts) + self._doubts.of(hit, value, values, text)
        for rival in rivals:
            other = self._value(rival, self._heard.voices(rival).get(RAW, ()))
            if other is not None and other != value:
                against.append("two-places-differ")
        if not (evidence or more):
            against += self._unsure(hit, value, values, voices)
        engines = tuple(dict.fromkeys(f for (f, _), v in values.items() if v == value))
        return Reading(
            value,
            text=_shown(hit, voices),
            confidence=round(confidence(value, values, voices), 4),
            page=self._scan.sheet.page,
            box=self._scan.box(hit.value_box) if self._scan.sheet.page else None,
            engines=engines if value is not None else (),
            evidence=(NEAR, *evidence) if more else evidence,
            against=tuple(dict.fromkeys(against)),
            candidates=tuple(sorted(others)),
        )

    def steadied(self, hit: Hit, reading: Reading) -> Reading:
        """A reading of `reading`, with what further drawings of its lines say for it."""
        return self._steady.marked(hit, reading, self._value)

    def firmed(self, hit: Hit, reading: Reading) -> Reading:
        """The same of a printed page: what both engines read, but are not sure enough of."""
        rule = RULES.get(hit.field, Rule())
        unsure = rule.steady <= reading.confidence < rule.two
        return self.steadied(hit, reading) if unsure and not reading.against else reading

    def _with_open_fours(self, hit: Hit, values: Values, voices: Voices) -> Values:
        """What has a + (6+88) is the number that another voice read a 4 in: none has a +."""
        if hit.field not in CODES:
            return values
        read = {
            voice: self._value(hit, [replace(one, text=open_fours(one.text)) for one in said])
            for voice, said in voices.items()
        }
        known = set(values.values()) - {None}
        return {voice: read[voice] if read[voice] in known else v for voice, v in values.items()}

    def _from_near(self, hit: Hit, values: Values, voices: Voices) -> tuple[Values, Voices]:
        """A doubtful value that is plain from near: the voices that read it, and the further ones
        among these; ``values``, but for figures that a face draws otherwise, and none, where it is
        not."""
        if hit.field not in FREE | CODES or not self._is_doubtful(hit, values, voices):
            return values, {}
        if self._heard.has_red(hit):
            return values, {}
        drawn = self._proof.as_drawn(hit, values)
        if drawn is not values:
            return drawn, {}
        looked = self._near.looks(hit.lines)
        more = {voice: tuple(map(spoken, said)) for voice, said in looked.items()}
        if found := self._plain(hit, values, voices, more):
            return found, more
        texts = (self._heard.own_text(hit, said) for said in more.values())
        return self._proof.with_figures(hit, values, [text for text in texts if text]), {}

    def _plain(self, hit: Hit, values: Values, voices: Voices, more: Voices) -> Values:
        """The voices that read a value which is plain in all looks from near; {} where it is not.

        The first engine must read it in all looks, the second one from near at least: it errs
        towards common characters (霁 as 雾). Of names each of their own characters must be sure.
        """
        read = {voice: self._value(hit, said) for voice, said in more.items()}
        if hit.field in PREFIXES and values.get(RAW) == values.get(SECOND):
            read = hyphened_as(values.get(RAW), read)
        found = alike(hit.field, values | read)
        value = found.get(NEAR_BY)
        if value is None or any(found[voice] != value for voice in more):
            return {}
        if found.get(RAW) != value and not self._differ_in_marks(hit, voices, more):
            return {}
        if hit.field in FREE and not self._own_are_sure(hit, more):
            return {}
        return {voice: v for voice, v in found.items() if v == value}

    def _unsure(
        self, hit: Hit, value: Value | None, values: Values, voices: Voices
    ) -> tuple[str, ...]:
        """The doubt of a single character of a value, if there is one: either engine is unsure of
        it in all that it read the value in, with its seal and without, or of a number both doubt
        the same figure. A mean over a line hides that. Amounts have sums, credit codes and spans
        their own checks.
        """
        if hit.field not in FREE | CODES - AMOUNTS - {"uscc", "serial"}:
            return ()
        each: dict[str, list[list[float]]] = {family: [] for family in _LEAST_SURE}
        for family, source in (one for one, v in values.items() if v == value and one in voices):
            said = voices[family, source]
            each.setdefault(family, []).append(self._own_sureness(hit, said))
        for family, least in _LEAST_SURE.items():
            if each[family] and max(min(one, default=1.0) for one in each[family]) < least:
                return (UNSURE,)
        both = hit.field in CODES and _are_both_unsure(*(each[one] for one in _LEAST_SURE))
        return (FIGURE_UNSURE,) if both else ()

    def _is_doubtful(self, hit: Hit, values: Values, voices: Voices) -> bool:
        value = best(hit.field, values, voices)
        families = {family for (family, _), v in values.items() if v == value}
        if value is None or len(families) < 2 or not agreed(values):
            return True
        text = self._heard.own_text(hit, self._heard.primary(hit)) or ""
        unsure = confidence(value, values, voices) < RULES.get(hit.field, Rule()).two
        unsure = unsure or bool(self._unsure(hit, value, values, voices))
        return unsure or suspicious(hit.field, text, hit.unit)

    def _differ_in_marks(self, hit: Hit, voices: Voices, more: Voices) -> bool:
        """Whether what the first engine read at first has the same figures (97 9772)."""
        if hit.field in FREE:
            return False
        first, near = (
            self._heard.own_text(hit, said) or "" for said in (voices.get(RAW, ()), more[NEAR_BY])
        )
        return figures(first.replace(" ", "")) == figures(near.replace(" ", ""))

    def _own_are_sure(self, hit: Hit, more: Voices) -> bool:
        """Whether the engines are sure of each of a name's own characters."""
        return all(self._weakest(hit, said) >= _SURE[family] for (family, _), said in more.items())

    def _weakest(self, hit: Hit, said: Sequence[Spoken]) -> float:
        """Least confidence of a name's own characters, 0 where it cannot be told."""
        return min(self._own_sureness(hit, said), default=0.0)

    def _own_sureness(self, hit: Hit, said: Sequence[Spoken]) -> list[float]:
        """How sure a voice is of each of a value's own characters, of numbers their figures; []
        where it does not tell."""
        texts = [one.text for one in said]
        own = self._heard.own_text(hit, said) if hit.inline else "".join(texts)
        return [
            one.each[at]
            for one, span in zip(said, value_spans(texts, own or ""), strict=False)
            if len(one.each) == len(one.text)
            for at in own_places(one.text, span)
            if hit.field in FREE or one.text[at].isdecimal()
        ]

    def _value(self, hit: Hit, said: Sequence[Spoken]) -> Value | None:
        text = self._heard.own_text(hit, said)
        value = None if text is None else convert(hit.field, text, hit.unit)
        if text is None or not mended(str(value), PREFIXES.get(hit.field, ())):
            return value
        return self._with_twin(hit, str(value), text)

    def _with_twin(self, hit: Hit, value: str, text: str) -> str:
        """OCER whose O is drawn just as its C, or as a C in the face that it is in, is CCER."""
        picture, known = self._scan.picture, PREFIXES[hit.field]
        if len(hit.lines) != 1 or not self._near.untouched(hit.lines[0]):
            return value
        found = value if hit.inline else with_twin(picture, hit.lines[0], value, known)
        if found != value:
            return found
        drawn = (one for one in mended(value, known) if self._proof.draws_whole(hit, text, one, {}))
        return next(drawn, value)

    def _third(self, hit: Hit) -> Values:
        """What Tesseract reads, with and without the seal; {} where it is not there."""
        sources = ["raw", "clean"] if self._heard.has_red(hit) else ["raw"]
        said = {source: self._further.told(hit, source) for source in sources}
        return {
            ("tesseract", source): self._value(hit, one)
            for source, one in said.items()
            if one is not None
        }

    def _settled(
        self, hit: Hit, value: Value | None, values: Values, voices: Voices
    ) -> tuple[Values, tuple[str, ...]]:
        """``values`` where something further speaks for a value that is not sure enough; evidence.

        Of figures, Tesseract that reads the same is a third voice; where it does not, it proves
        nothing. Of names (it errs towards common characters as the others do) the picture is held
        against the characters, and outvotes the second engine; where a name's figures may be what
        made the engines unsure, Tesseract must read these too.
        """
        sure = confidence(value, values, voices)
        dissent = {voice: v for voice, v in values.items() if v is not None and v != value}
        both = len({family for (family, _), v in values.items() if v == value}) > 1
        rule = RULES.get(hit.field, Rule())
        least = min(rule.near, rule.two) if NEAR_BY in values else rule.two
        rarer = rule.lookalikes and holds_lookalike(str(value))
        enough = (
            both
            and not dissent
            and sure >= least
            and not rarer
            and not self._proof.is_turned(hit)
            and not self._unsure(hit, value, values, voices)
        )
        if value is None or not hit.lines or enough:
            return values, ()
        if hit.field in FREE | CODES and self._proof.draws(hit, value, values):
            return {v: x for v, x in values.items() if v not in dissent}, (DRAWN,)
        if dissent:
            if hit.field not in FREE or sure < rule.two:
                return values, ()
            if not self._proof.outvotes(hit, value, values):
                return values, ()
            if rarer and not self._proof.bears_out(hit, all_of=False):
                return values, ()
            return {v: x for v, x in values.items() if v not in dissent}, (SHAPE,)
        if hit.field in CODES:
            third = self._third(hit) if both else {}
            return values | {voice: v for voice, v in third.items() if v == value}, ()
        if hit.field not in FREE | {"contact"} or not both:
            return values, ()
        unsure = sure < least
        if unsure and figures(str(value)) and not reads_figures(value, self._third(hit)):
            return values, ()
        return values, (SHAPE,) if self._proof.bears_out(hit, all_of=unsure) else ()


def _shown(hit: Hit, voices: Voices) -> str:
    if hit.inline:
        return hit.text
    return "".join(one.text for one in voices.get(RAW) or voices.get(WORD, ()))


def _are_both_unsure(first: Sequence[Sequence[float]], second: Sequence[Sequence[float]]) -> bool:
    """Whether two engines, each by how sure it is of each figure in all that it read a number in,
    doubt the same figure, in those two readings in which they do so least. Readings that cannot be
    laid side by side (11月3日 and 11月03日) are taken for unsure of the same one."""
    doubts = (_doubt(one, other) for one in first for other in second)
    return min(doubts, default=0.0) > _BOTH_UNSURE


def _doubt(one: Sequence[float], other: Sequence[float]) -> float:
    if not one or not other:
        return 0.0
    if len(one) != len(other):
        return (1 - min(one)) * (1 - min(other))
    return max((1 - a) * (1 - b) for a, b in zip(one, other, strict=True))
