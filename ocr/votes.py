"""Second opinions: the same crops read by engines of other families, and what they agree on."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ocr import inks
from ocr.alike import (
    FREE,
    Values,
    Voice,
    agreed,
    alike,
    contradicted,
    crossed,
    in_vocabulary,
    odd,
    open_fours,
    reads_figures,
)
from ocr.beside import SEVERAL, numbered
from ocr.convert import AMOUNTS, CODES, NAMES, convert, looks_like_firm, suspicious
from ocr.crops import crop
from ocr.engines import Recogniser, Shelf
from ocr.engines.port import Recognised
from ocr.hits import Hit
from ocr.lexicon import doubtful, figures, own_places, spelt, value_spans
from ocr.near import Near
from ocr.scan import Scan
from ocr.setapart import closed_up, same_text
from ocr.shapes import disputed, is_small, settles, shows, skips
from ocr.sheet import Line, Rect
from ocr.torn import ends_free, may_be_cut
from ocr.trim import trim
from ocr.twins import mended, with_twin
from ocr.typeface import Places, Typefaces
from ocr.voices import NOTHING, Spoken, Voices, best, confidence, order, spoken
from procedure.acceptance import DRAWN, NEAR, PREFIXES, RULES, SHAPE, Rule
from procedure.forms import FormKind, FormTemplate
from procedure.lookalikes import LOOKALIKES, RARER, holds_lookalike
from procedure.readings import Reading, Value
from procedure.values import Unit, unit_of

_CELLS = frozenset({"name", "code"})
_RED_SHARE = 0.004
_CHINESE = re.compile("[㐀-鿿，]")
_RAW, _NEAR, _SECOND = ("ppocr-v6", "raw"), ("ppocr-v6", "near"), ("ppocr-v4", "raw")
_SURE = {"ppocr-v6": 0.9, "ppocr-v4": 0.8}
"""Least confidence for each own character of a name that is doubtful as a whole.

2,152 lines of names with rarer characters that look like common ones, in 13 faces at 13 to 15
pixels: of 993 that were doubtful the first engine had misread 359, both alike 63. 172 were read
alike from near, 19 of them wrong; of these none had more than 0.82 and 0.8, or 0.96 and 0.74.
"""


class Voter:
    """Reads each line of the hits at most once per voice; then turns hits into readings."""

    def __init__(self, scan: Scan, shelf: Shelf, template: FormTemplate, kind: FormKind) -> None:
        self._scan, self._shelf = scan, shelf
        self._template, self._kind = template, kind
        self._said: dict[tuple[float, ...], dict[Voice, Spoken]] = {}
        self._near = Near(scan.picture, shelf)
        self._faces = Typefaces(scan.picture)
        self._drawn: dict[tuple[Rect, str, str], bool] = {}
        self._meant: dict[tuple[Rect, str], str] = {}
        """What a line that was read as a text turned out to say."""
        self._all = [line.box for line in scan.sheet.lines()]

    def prepare(self, hits: Sequence[Hit]) -> None:
        """Second opinions on all lines of all hits, in as few calls as possible."""
        lines = {line.box: line for hit in hits for line in hit.lines}
        for hit in hits:
            if hit.field in AMOUNTS and hit.label and not hit.inline:
                lines.update({line.box: line for line in hit.label.lines})
        found = list(lines.values())
        red = [line for line in found if self._is_red(line)]
        raw = [crop(self._scan.picture, line) for line in found]
        clean = [crop(self._scan.cleaned, line) for line in red]
        second, first = self._shelf.second, self._shelf.primary
        for line in found:
            self._said.setdefault(line.box, {})
        self._hear(found, ("ppocr-v4", "raw"), second.read_lines(raw))
        self._hear(red, ("ppocr-v4", "clean"), second.read_lines(clean))
        self._hear(red, ("ppocr-v6", "clean"), first.read_lines(clean))
        hidden = [line for line in found if line.source == "clean"]
        covered = first.read_lines([crop(self._scan.picture, line) for line in hidden])
        self._hear(hidden, ("ppocr-v6", "raw"), covered)
        for line in found:
            own = Spoken(line.text, line.confidence)
            self._said[line.box]["ppocr-v6", line.source] = own
        self._close_up([hit for hit in hits if hit.field in AMOUNTS and not hit.inline])

    def _close_up(self, hits: Sequence[Hit]) -> None:
        """Figures set far apart are read again moved together, where that leaves them the same."""
        lines = [line for hit in hits for line in hit.lines if not self._is_red(line)]
        tried = ((line, closed_up(crop(self._scan.picture, line), line.text)) for line in lines)
        again = {line: strip for line, strip in tried if strip is not None}
        for engine, voice in ((self._shelf.primary, _RAW), (self._shelf.second, _SECOND)):
            for line, one in zip(again, engine.read_lines(list(again.values())), strict=True):
                said = self._said[line.box]
                if voice in said and same_text(said[voice].text, one.text):
                    said[voice] = spoken(one)

    def _hear(self, lines: Sequence[Line], voice: Voice, said: Sequence[Recognised]) -> None:
        for line, one in zip(lines, said, strict=True):
            self._said[line.box][voice] = spoken(one)

    def _is_red(self, line: Line) -> bool:
        return inks.share(self._scan.red, line.box) > _RED_SHARE

    def reading(self, hit: Hit, rivals: Sequence[Hit] = ()) -> Reading:
        """One hit as a reading; ``rivals`` are further places that claim the same field."""
        voices = self._voices(hit)
        values = {voice: self._value(hit, said) for voice, said in voices.items()}
        values = alike(hit.field, self._with_open_fours(hit, values, voices))
        values, more = self._from_near(hit, self._as_drawn(hit, values), voices)
        voices |= more
        if hit.field in CODES and (not agreed(values) or odd(hit.field, values)):
            values = alike(hit.field, values | self._third(hit))
        value = best(hit.field, values, voices)
        others = {str(v) for v in values.values() if v is not None and v != value}
        values, evidence = self._settled(hit, value, values, voices)
        text = self._own_text(hit, voices.get(_NEAR) or self._primary(hit)) or ""
        against = list(hit.doubts) + self._doubts(hit, value, values, text)
        for rival in rivals:
            other = self._value(rival, self._voices(rival).get(("ppocr-v6", "raw"), ()))
            if other is not None and other != value:
                against.append("two-places-differ")
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

    def _voices(self, hit: Hit) -> Voices:
        """Each voice's reading of all the hit's lines; a clean voice falls back on its raw one."""
        names = {voice for line in hit.lines for voice in self._said.get(line.box, {})}
        found: Voices = {}
        for family, source in sorted(names, key=order):
            said = [self._said[line.box] for line in hit.lines]
            found[family, source] = tuple(
                one.get((family, source)) or one.get((family, "raw")) or NOTHING for one in said
            )
        return found

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

    def _as_drawn(self, hit: Hit, values: Values) -> Values:
        """A name that all read alike; with a rarer character for the one that was read where a face
        of this machine draws the whole name so, and not as it was read (昊, not 吴)."""
        text = self._own_text(hit, self._primary(hit))
        if hit.field not in FREE or not text or not agreed(values):
            return values
        if any(self._is_red(line) for line in hit.lines):
            return values
        for at in (at for at, char in enumerate(text) if char in RARER):
            meant = f"{text[:at]}{RARER[text[at]]}{text[at + 1 :]}"
            if self._draws_whole(hit, text, meant, {}):
                self._meant[hit.lines[0].box, text] = meant
                return dict.fromkeys(values, convert(hit.field, meant, hit.unit))
        return values

    def _from_near(self, hit: Hit, values: Values, voices: Voices) -> tuple[Values, Voices]:
        """A doubtful value that is plain from near: the voices that read it, and the further ones
        among these; ``values`` as they are, and none, where it is not.

        The first engine must read it in all looks, the second one from near at least: it errs
        towards common characters (霁 as 雾). Of names each of their own characters must be sure.
        """
        if hit.field not in FREE | CODES or not self._is_doubtful(hit, values, voices):
            return values, {}
        if any(self._is_red(line) for line in hit.lines):
            return values, {}
        looked = self._near.looks(hit.lines)
        more = {voice: tuple(map(spoken, said)) for voice, said in looked.items()}
        read = {voice: self._value(hit, said) for voice, said in more.items()}
        found = alike(hit.field, values | read)
        value = found.get(_NEAR)
        if value is None or any(found[voice] != value for voice in more):
            return values, {}
        if found.get(_RAW) != value and not self._differ_in_marks(hit, voices, more):
            return values, {}
        if hit.field in FREE and not self._own_are_sure(hit, more):
            return values, {}
        return {voice: v for voice, v in found.items() if v == value}, more

    def _is_doubtful(self, hit: Hit, values: Values, voices: Voices) -> bool:
        value = best(hit.field, values, voices)
        families = {family for (family, _), v in values.items() if v == value}
        if value is None or len(families) < 2 or not agreed(values):
            return True
        text = self._own_text(hit, self._primary(hit)) or ""
        unsure = confidence(value, values, voices) < RULES.get(hit.field, Rule()).two
        return unsure or suspicious(hit.field, text, hit.unit)

    def _differ_in_marks(self, hit: Hit, voices: Voices, more: Voices) -> bool:
        """Whether what the first engine read at first has the same figures (97 9772)."""
        if hit.field in FREE:
            return False
        first, near = (
            self._own_text(hit, said) or "" for said in (voices.get(_RAW, ()), more[_NEAR])
        )
        return figures(first.replace(" ", "")) == figures(near.replace(" ", ""))

    def _own_are_sure(self, hit: Hit, more: Voices) -> bool:
        """Whether the engines are sure of each of a name's own characters."""
        return all(self._weakest(hit, said) >= _SURE[family] for (family, _), said in more.items())

    def _weakest(self, hit: Hit, said: Sequence[Spoken]) -> float:
        """Least confidence of a name's own characters, 0 where it cannot be told."""
        texts = [one.text for one in said]
        own = self._own_text(hit, said) if hit.inline else "".join(texts)
        sure = [
            one.each[at] if one.each else 0.0
            for one, span in zip(said, value_spans(texts, own or ""), strict=False)
            for at in own_places(one.text, span)
        ]
        return min(sure, default=0.0)

    def _value(self, hit: Hit, said: Sequence[Spoken]) -> Value | None:
        text = self._own_text(hit, said)
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
        drawn = (one for one in mended(value, known) if self._draws_whole(hit, text, one, {}))
        return next(drawn, value)

    def _own_text(self, hit: Hit, said: Sequence[Spoken]) -> str | None:
        red = hit.field == "date" and any(self._is_red(line) for line in hit.lines)
        if not hit.inline:
            return trim(hit.field, "\n".join(one.text for one in said), red=red)
        joined = "".join(one.text for one in said)
        pairs = self._template.split_pairs(joined, self._kind)
        if not pairs:
            split = self._template.split_label(joined, self._kind)
            pairs = (split,) if split else ()
        own = [value for match, value in pairs if match.field == hit.field]
        return trim(hit.field, own[0], red=red) if own else None

    def _third(self, hit: Hit) -> Values:
        """What Tesseract reads, with and without the seal; {} where it is not there."""
        chinese = hit.inline or any(_CHINESE.search(line.text) for line in hit.lines)
        engine = self._shelf.words if chinese else self._shelf.digits
        sources = ["raw", "clean"] if any(self._is_red(line) for line in hit.lines) else ["raw"]
        if engine is None or not hit.lines:
            return {}
        return {
            ("tesseract", source): self._value(hit, self._told(hit, engine, source))
            for source in sources
        }

    def _told(self, hit: Hit, engine: Recogniser, source: str) -> tuple[Spoken, ...]:
        picture = self._scan.picture if source == "raw" else self._scan.cleaned
        said = engine.read_lines([crop(picture, line) for line in hit.lines])
        return tuple(map(spoken, said))

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
        least = min(rule.near, rule.two) if _NEAR in values else rule.two
        rarer = rule.lookalikes and holds_lookalike(str(value))
        turned = any(box == line.box for line in hit.lines for box, _ in self._meant)
        enough = both and not dissent and sure >= least and not rarer and not turned
        if value is None or not hit.lines or enough:
            return values, ()
        if hit.field in FREE | CODES and self._is_drawn(hit, value, values):
            return {v: x for v, x in values.items() if v not in dissent}, (DRAWN,)
        if dissent:
            if hit.field not in FREE or sure < rule.two or not self._shaped(hit, value, values):
                return values, ()
            if rarer and not self._borne_out(hit, all_of=False):
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
        return values, (SHAPE,) if self._borne_out(hit, all_of=unsure) else ()

    def _is_drawn(self, hit: Hit, value: Value, values: Values) -> bool:
        """Whether a face of this machine draws the value as it stands on the picture. Where engines
        differ, in single Chinese characters alone, these are looked at too."""
        text = self._own_text(hit, self._primary(hit))
        if values.get(_RAW) != value or not text or any(self._is_red(line) for line in hit.lines):
            return False
        if hit.field in CODES and len(text) != len(str(value)):
            return False
        rivals = self._differing(hit, value, values)
        if rivals is None or (rivals and hit.field in CODES):
            return False
        meant = self._meant.get((hit.lines[0].box, text), text)
        return self._draws_whole(hit, text, str(value) if hit.field in CODES else meant, rivals)

    def _differing(self, hit: Hit, value: Value, values: Values) -> Places | None:
        """Where the second engine read other characters; None where more than that differs, where
        it read no value (it may be a word or a mark that it could not make out), and of a value
        that was looked at from near, for which its first reading does not count."""
        second = values.get(_SECOND)
        others = {voice for voice, v in values.items() if v not in (None, value)}
        if second is None or _NEAR in values or not others <= {_SECOND}:
            return None
        if not others:
            return {}
        if len(hit.lines) != 1:
            return None
        said = self._said[hit.lines[0].box]
        places = disputed(said[_RAW].text, said[_SECOND].text)
        return dict(places) if places else None

    def _draws_whole(self, hit: Hit, read: str, meant: str, rivals: Places) -> bool:
        """Whether each character stands there as drawn if what was read is what is meant."""
        if len(hit.lines) != 1 or not self._near.untouched(hit.lines[0]):
            return False
        (line,) = hit.lines
        key = line.box, read, meant
        if key not in self._drawn:
            self._drawn[key] = self._proven(line, read, meant, rivals, all_of=hit.field in CODES)
        return self._drawn[key]

    def _proven(self, line: Line, read: str, meant: str, rivals: Places, *, all_of: bool) -> bool:
        """``all_of`` its characters, or but words of the trade and marks; those with rivals too."""
        printed = self._said[line.box][_RAW].text
        spans = value_spans([printed], read)
        if not spans:
            return False
        ((begin, end),) = spans
        text, span = printed[:begin] + meant + printed[end:], (begin, begin + len(meant))
        own = [*range(*span)] if all_of else own_places(text, span)
        places = {**dict.fromkeys(own, ""), **rivals}
        return bool(own) and self._faces.proves_whole(line, text, places)

    def _shaped(self, hit: Hit, value: Value, values: Values) -> bool:
        """Whether the picture has the primary engine's characters where the second has others."""
        against = {voice for voice, v in values.items() if v is not None and v != value}
        if values.get(_RAW) != value or against != {_SECOND}:
            return False
        if any(self._is_red(line) for line in hit.lines):
            return False
        for line in hit.lines:
            first, second = (self._said[line.box][voice].text for voice in (_RAW, _SECOND))
            if settles(crop(self._scan.picture, line), first, spelt(second)):
                continue
            places = disputed(first, spelt(second))
            if places is None or not self._draws(line, first, dict(places)):
                return False
        return True

    def _draws(self, line: Line, text: str, places: Places) -> bool:
        """Whether a face draws these characters so as they stand there."""
        if self._near.untouched(line):
            return self._faces.proves(line, text, places)
        if is_small(crop(self._scan.picture, line), text) and any(
            text[n] in LOOKALIKES for n in places
        ):
            return False
        return self._faces.resembles(line, text, places)

    def _borne_out(self, hit: Hit, *, all_of: bool) -> bool:
        """Whether the picture has the characters that may stand for rarer ones, or ``all_of`` them
        but for words of the trade."""
        if any(self._is_red(line) for line in hit.lines):
            return False
        texts = [self._said[line.box]["ppocr-v6", "raw"].text for line in hit.lines]
        own = self._own_text(hit, self._primary(hit)) if hit.inline else "".join(texts)
        spans = value_spans(texts, own or "")
        if not spans:
            return False
        places = [
            doubtful(text, span, all_of=all_of) for text, span in zip(texts, spans, strict=True)
        ]
        return any(places) and all(
            shows(crop(self._scan.picture, line), text, where)
            or self._draws(line, text, dict.fromkeys(where, ""))
            for line, text, where in zip(hit.lines, texts, places, strict=True)
        )

    def _doubts(self, hit: Hit, value: Value | None, values: Values, text: str) -> list[str]:
        found = []
        if doubt := contradicted(value, in_vocabulary(hit.field, value, values)):
            found.append(doubt)
        if hit.field in AMOUNTS:
            found += self._unit_doubts(hit)
            if suspicious(hit.field, text, hit.unit):
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
        own = (self._own_text(hit, self._primary(hit)) or "") if hit.inline else "".join(texts)
        spans = value_spans(texts, own) or [(len(text), len(text)) for text in texts]
        return any(
            skips(
                crop(self._scan.cleaned if self._is_red(line) else self._scan.picture, line),
                line.text,
                begin,
            )
            for line, (begin, _) in zip(hit.lines, spans, strict=True)
        )

    def _may_be_cut(self, hit: Hit) -> bool:
        """2021.11.5 is whole where paper follows; 月 without its 日 never is."""
        said = self._own_text(hit, self._primary(hit)) or ""
        if not may_be_cut(said):
            return False
        return "月" in said or not hit.lines or not ends_free(self._scan.picture, hit.lines[-1])

    def _primary(self, hit: Hit) -> tuple[Spoken, ...]:
        return self._voices(hit).get(("ppocr-v6", "raw"), ())

    def _unit_doubts(self, hit: Hit) -> list[str]:
        """A 万 that is overlooked is a factor of 10,000: both engines must read the same unit."""
        if hit.label is None or hit.inline:
            return []
        units: set[Unit | None] = set()
        for family in ("ppocr-v6", "ppocr-v4"):
            said = [self._said.get(line.box, {}).get((family, "raw")) for line in hit.label.lines]
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
        return any(inks.unread(self._scan.ink, region, read, height) for region in regions)


def _beside(box: Rect, height: float) -> Rect:
    return (
        box[0] - 0.9 * height,
        box[1] + 0.1 * height,
        box[2] + 0.9 * height,
        box[3] - 0.1 * height,
    )


def _grown(box: Rect, by: float) -> Rect:
    return (box[0] - by, box[1] - by, box[2] + by, box[3] + by)


def _shown(hit: Hit, voices: Voices) -> str:
    if hit.inline:
        return hit.text
    return "".join(one.text for one in voices.get(("ppocr-v6", "raw"), ()))


def _unbalanced(text: str) -> bool:
    opened = len(re.findall(r"[（(]", text))
    return opened != len(re.findall(r"[)）]", text))
