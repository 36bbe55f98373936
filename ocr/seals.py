"""Seals: their ring text unrolled and read; what stands across below the star names their kind."""

from difflib import SequenceMatcher

from ocr.engines import Shelf
from ocr.engines.port import Picture, Recognised
from ocr.glances import seen
from ocr.overprint import shows_all
from ocr.rings import Ring, find_rings
from ocr.ringshapes import told
from ocr.ringtext import RingText, Voice, agree
from ocr.ringvoices import ReadOnce, chinese_of, is_whole, read_strips
from ocr.strips import Stamp, cut_out
from procedure import names
from procedure.readings import SealReading

_OFTEN, _ONE_ROUND = 0.6, 4
_MOST_SEALS = 6
"""A page with more rings than this is a pattern, no paper with seals."""
_PLAIN = 0.9
_MOST_TRIES = 16
_DARK, _LEAST_KIND_INK = 150, 0.04
"""In the middle below the star of an official seal less is dark than any words would be."""
_WORDS_INK = 0.08
_LIKE_KIND = 0.55
_LOOKS = 5
"""Strips of a ring without print that are looked at at least. Of 46 with a rare character that
no short look told 16 were right with five strips and 17 with seven; of 237 foreign ones 163."""
_ALIKE, _CLEAR = 0.75, 0.85


def find_seals(
    page: Picture,
    shelf: Shelf,
    number: int | None,
    named: str = "",
    *,
    alone: Picture | None = None,
) -> tuple[SealReading, ...]:
    """All seals of a flat page; boxes are fractions of that page.

    ``named``: the firm that the paper names, if that is known. It only shortens the work: where
    both engines read just this name, no further look is taken. Nothing is read from it.
    ``alone``: the page's pictures without its print. A seal that the page shows with little but
    black print over it is read from them, and by fewer looks.
    """
    rings = find_rings(page)[:_MOST_SEALS]
    read = []
    for ring in rings:
        bare = alone if alone is not None and shows_all(page, alone, ring) else None
        picture = page if bare is None else bare
        read.append((ring, _reading(picture, ring, shelf, number, named, bare is not None)))
    # A pale circle that says nothing may be a rubbed seal or a chance pattern of print.
    return tuple(seal for ring, seal in read if seal.text or ring.red or ring.support >= _PLAIN)


def _reading(
    page: Picture, ring: Ring, shelf: Shelf, number: int | None, named: str, bare: bool
) -> SealReading:
    height, width = page.shape[:2]
    x0, y0, x1, y1 = ring.box
    box = tuple(
        round(min(1.0, max(0.0, v)), 4) for v in (x0 / width, y0 / height, x1 / width, y1 / height)
    )
    stamp = cut_out(page, ring)
    found = _ring_text(stamp, shelf, named, bare)
    kind = _kind_of(stamp, shelf) if found.text else ""
    return SealReading(
        number,
        box,
        "oval" if ring.is_oval else "round",
        found.text + (kind or ""),
        round(found.confidence, 4),
        tries=found.tries[:_MOST_TRIES],
        kind_unread=kind is None,
    )


def _ring_text(stamp: Stamp, shelf: Shelf, named: str, bare: bool) -> RingText:
    """Both engines read every strip; they stop where the two are sure of the same whole name, or
    see the name that the paper names."""
    rounds = stamp.rounds()
    strips = next(rounds)
    first, second = ReadOnce(shelf.primary), ReadOnce(shelf.second)
    if named and (one := seen(strips, first, second, named)):
        return RingText(one.text, one.confidence, (one.text,))
    voices = read_strips(first, strips) + read_strips(second, strips)
    looked = list(strips)
    while not (_settled(voices) or (bare and len(looked) >= _LOOKS)):
        if not (strips := next(rounds, [])):
            break
        voices += read_strips(first, strips) + read_strips(second, strips)
        looked += strips
    return told(agree(voices), voices, looked)


def _settled(voices: list[Voice]) -> bool:
    """Both families say the same whole name: surely, or more often than all else together."""
    best = max(voices, key=lambda one: one.weight)
    same = [one for one in voices if one.text == best.text]
    sure = {one.family for one in same if one.sure}
    often = len(same) > _OFTEN * len(voices) and len(voices) > _ONE_ROUND
    return is_whole(best.text) == 2 and len(sure if not often else {v.family for v in same}) > 1


def _kind_of(stamp: Stamp, shelf: Shelf) -> str | None:
    """合同专用章 and its like stand across, below the star; an official seal has nothing there.

    "" for an official seal; None where as much stands there as words are, which nobody can read.
    """
    parts = stamp.across()
    inks = [float((_middle_of(one)[:, :, 0] < _DARK).mean()) for one in parts]
    # Where nothing is left when print is healed over, print alone stands there.
    if min(inks, default=0.0) < _LEAST_KIND_INK:
        return ""
    for part in parts:
        read = [engine.read_lines([part])[0] for engine in (shelf.primary, shelf.second)]
        said = [_kind(one) for one in read]
        if any(said):
            return max(said, key=len)
        if kind := _kind_of_both(*(chinese_of(one.text) for one in read)):
            return kind
    return None if min(inks) > _WORDS_INK else ""


def _middle_of(part: Picture) -> Picture:
    """What is across below the star without its sides, where a long name's ends reach in."""
    side = part.shape[1] // 4
    return part[:, side : part.shape[1] - side]


def _kind_of_both(first: str, second: str) -> str:
    """The kind that both engines read something of, each at least two characters in their places
    (合同存考章 and 在同年传章): what print over it left; 专用章 where it may be several."""
    found = [kind for kind in names.SPECIAL_SEALS if _in_place(first, kind) > 2]
    found = [kind for kind in found if _in_place(second, kind) > 1]
    return found[0] if len(found) == 1 else "专用章" if found else ""


def _in_place(read: str, kind: str) -> int:
    """Characters of a kind that were read in their places, 章 among them; 0 without it."""
    same = [a == b for a, b in zip(read, kind, strict=False)]
    return sum(same) if len(read) == len(kind) and same[-1] else 0


def _kind(read: Recognised) -> str:
    """A kind that is known, as far as it can be told: where two are as like, 专用章 alone."""
    plain = chinese_of(read.text)
    if read.confidence < _LIKE_KIND or len(plain) < 3:
        return ""
    ranked = sorted(names.SPECIAL_SEALS, key=lambda one: -_alike(one, plain))
    first, second = _alike(ranked[0], plain), _alike(ranked[1], plain)
    if first < _ALIKE:
        return plain if plain.endswith("章") and read.confidence > _CLEAR else ""
    return ranked[0] if first > second else "专用章"


def _alike(a: str, b: str) -> float:
    return SequenceMatcher(None, a, b, autojunk=False).ratio()
