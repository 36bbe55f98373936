"""What each voice read of a page's lines: each line is read at most once per voice.

A voice is a family of engines and how it saw the page: as it is (``raw``) or without its seal.
"""

from collections.abc import Mapping, Sequence

from ocr import inks
from ocr.alike import Voice
from ocr.convert import AMOUNTS, CODES
from ocr.crops import crop
from ocr.engines import Shelf
from ocr.engines.port import Picture, Recognised
from ocr.hits import Hit
from ocr.scan import Scan
from ocr.setapart import closed_up, same_text
from ocr.sheet import Line, Rect
from ocr.trim import trim
from ocr.voices import NOTHING, RAW, SECOND, WORD, Spoken, Voices, order, spoken
from ocr.wordshapes import PLAIN, SOURCE, Words
from procedure.fieldrules import RULES, VOCABULARY, Rule
from procedure.forms import FormKind, FormTemplate

_RED_SHARE = 0.004
_WORDS = frozenset().union(*VOCABULARY.values())


class Heard:
    """A page's lines and what was read of them."""

    def __init__(self, scan: Scan, shelf: Shelf, template: FormTemplate, kind: FormKind) -> None:
        self.scan, self.shelf = scan, shelf
        self._template, self._kind = template, kind
        self.said: dict[Rect, dict[Voice, Spoken]] = {}

    def prepare(self, hits: Sequence[Hit]) -> None:
        """Second opinions on all lines of all hits, in as few calls as possible."""
        lines = {line.box: line for hit in hits for line in hit.lines}
        for hit in hits:
            if hit.field in AMOUNTS and hit.label and not hit.inline:
                lines.update({line.box: line for line in hit.label.lines})
        found = list(lines.values())
        red = [line for line in found if self.is_red(line)]
        raw = [crop(self.scan.picture, line) for line in found]
        clean = [crop(self.scan.cleaned, line) for line in red]
        second, first = self.shelf.second, self.shelf.primary
        for line in found:
            self.said.setdefault(line.box, {})
        self._hear(found, SECOND, second.read_lines(raw))
        self._hear(red, ("ppocr-v4", "clean"), second.read_lines(clean))
        self._hear(red, ("ppocr-v6", "clean"), first.read_lines(clean))
        hidden = [line for line in found if line.source in ("clean", SOURCE)]
        covered = first.read_lines([crop(self.scan.picture, line) for line in hidden])
        self._hear(hidden, RAW, covered)
        for line in found:
            own = Spoken(line.text, line.confidence, line.each)
            if line.source == SOURCE:
                self.said[line.box] = _with_word(self.said[line.box], own)
            else:
                self.said[line.box]["ppocr-v6", line.source] = own
        if self.scan.shaken:
            self._see([hit for hit in hits if hit.field in VOCABULARY])
        self._close_up([hit for hit in hits if hit.field in AMOUNTS])

    def _close_up(self, hits: Sequence[Hit]) -> None:
        """Figures set far apart are read again moved together, where that leaves them the same."""
        again: dict[Rect, Picture] = {}
        for hit in hits:
            # Which of several lines a value's text behind a label is in, nobody knows.
            lines = hit.lines if not hit.inline or len(hit.lines) == 1 else ()
            for line in (one for one in lines if not self.is_red(one)):
                strip = again.get(line.box, crop(self.scan.picture, line))
                value = hit.text if hit.inline else None
                if (closed := closed_up(strip, line.text, value)) is not None:
                    again[line.box] = closed
        for engine, voice in ((self.shelf.primary, RAW), (self.shelf.second, SECOND)):
            for box, one in zip(again, engine.read_lines(list(again.values())), strict=True):
                said = self.said[box]
                if voice in said and same_text(said[voice].text, one.text):
                    said[voice] = spoken(one)

    def _see(self, hits: Sequence[Hit]) -> None:
        """Words of a list that an engine read on a shaken page, where the page shows them too."""
        words = Words(self._template)
        for line in (one for hit in hits for one in hit.lines if one.source != SOURCE):
            said = self.said[line.box]
            shown = words.told(self.bare(line))
            if shown and shown.word in {one.text for one in said.values()}:
                said[WORD] = Spoken(shown.word, shown.likeness)

    def _hear(self, lines: Sequence[Line], voice: Voice, said: Sequence[Recognised]) -> None:
        for line, one in zip(lines, said, strict=True):
            self.said[line.box][voice] = spoken(one)

    def is_red(self, line: Line) -> bool:
        """Whether a seal's red lies over a line."""
        return inks.share(self.scan.red, line.box) > _RED_SHARE

    def has_red(self, hit: Hit) -> bool:
        """Whether a seal's red lies over any of a value's lines."""
        return any(map(self.is_red, hit.lines))

    def bare(self, line: Line) -> Picture:
        """A line's strip, without the seal that lies over it."""
        return crop(self.scan.cleaned if self.is_red(line) else self.scan.picture, line)

    def voices(self, hit: Hit) -> Voices:
        """Each voice's reading of all the hit's lines; a clean voice falls back on its raw one."""
        names = {voice for line in hit.lines for voice in self.said.get(line.box, {})}
        found: Voices = {}
        for family, source in sorted(names, key=order):
            said = [self.said[line.box] for line in hit.lines]
            found[family, source] = tuple(
                one.get((family, source)) or one.get((family, "raw")) or NOTHING for one in said
            )
        return found

    def primary(self, hit: Hit) -> tuple[Spoken, ...]:
        """What the first engine read of the page as it is."""
        return self.voices(hit).get(RAW, ())

    def is_doubtful(self, hit: Hit) -> bool:
        """Whether it is a number that the two engines read otherwise, or one of them unsurely."""
        voices = self.voices(hit)
        said = [voices[name] for name in (RAW, SECOND) if name in voices]
        sure = min((one.confidence for spoken in said for one in spoken), default=1.0)
        read = {tuple(one.text for one in spoken) for spoken in said}
        return hit.field in CODES and (len(read) > 1 or sure < RULES.get(hit.field, Rule()).two)

    def own_text(self, hit: Hit, said: Sequence[Spoken]) -> str | None:
        """The value's part of what a voice read; None where its label cannot be parted from it."""
        red = hit.field == "date" and self.has_red(hit)
        if not hit.inline:
            return trim(hit.field, "\n".join(one.text for one in said), red=red, unit=hit.unit)
        joined = "".join(one.text for one in said)
        pairs = self._template.split_pairs(joined, self._kind)
        if not pairs:
            split = self._template.split_label(joined, self._kind)
            pairs = (split,) if split else ()
        own = [value for match, value in pairs if match.field == hit.field]
        return trim(hit.field, own[0], red=red, unit=hit.unit) if own else None


def _with_word(said: Mapping[Voice, Spoken], word: Spoken) -> dict[Voice, Spoken]:
    """The word that a line shows beside the engines that read a word of some list; the engines
    alone where one read something else plainly, or both the same: what they read is no slip."""
    others = [one for one in said.values() if one.text not in _WORDS]
    texts = [one.text for one in others]
    if len(set(texts)) < len(texts) or any(one.confidence >= PLAIN for one in others):
        return dict(said)
    return {voice: one for voice, one in said.items() if one.text in _WORDS} | {WORD: word}
