"""Some characters of a font as a small TrueType font, for PDFs that carry their font.

The packaged font has CFF outlines, which reportlab cannot embed. PDFium (there anyway, to render)
tells the outline of each character; cubic curves become pairs of quadratic ones.
"""

import atexit
import ctypes
import struct
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from clerk.drawing.fonts import Face

UNITS = 1000
_MOVE, _CURVE = 2, 1
_SPACE = (" ", "　")
_NOWHERE = 0
"""No character: what a font draws for one that it lacks."""
_COMPATIBLE = ((0x2E80, 0x2FDF), (0xF900, 0xFAFF))
"""Blocks of code points that stand for an ideograph of another block."""

Point = tuple[float, float]
Contour = list[tuple[int, int, bool]]
"""Points x, y, on the curve; closed."""


@dataclass(frozen=True)
class Glyph:
    """One character's outline in font units."""

    advance: int
    contours: tuple[tuple[tuple[int, int, bool], ...], ...]


class _Source:
    """A font opened by PDFium; kept open until the process ends, and closed before PDFium is."""

    def __init__(self, face: Face) -> None:
        data = single(Path(face.path).read_bytes(), face.index)
        self.buffer = (ctypes.c_uint8 * len(data)).from_buffer_copy(data)
        self.document = pypdfium2.PdfDocument.new()
        self.font = pdfium.FPDFText_LoadFont(
            self.document.raw, self.buffer, len(data), pdfium.FPDF_FONT_TRUETYPE, 1
        )
        atexit.register(self.close)

    def close(self) -> None:
        pdfium.FPDFFont_Close(self.font)
        self.document.close()

    def segments(self, char: str) -> list[tuple[int, Point]]:
        """The character's path; a font without it raises no error, it draws its empty box."""
        missing = list(self._path(_NOWHERE))
        paths = (list(self._path(code)) for code in (ord(char), *_twins().get(char, ())))
        return next((path for path in paths if path != missing), missing)

    def _path(self, code: int) -> Iterator[tuple[int, Point]]:
        path = pdfium.FPDFFont_GetGlyphPath(self.font, code, 1.0)
        x, y = ctypes.c_float(), ctypes.c_float()
        for index in range(pdfium.FPDFGlyphPath_CountGlyphSegments(path)):
            segment = pdfium.FPDFGlyphPath_GetGlyphPathSegment(path, index)
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            yield pdfium.FPDFPathSegment_GetType(segment), (x.value * UNITS, y.value * UNITS)


@cache
def _twins() -> dict[str, tuple[int, ...]]:
    """Code points of the same ideograph: PDFium knows a glyph by one of them alone."""
    found: dict[str, tuple[int, ...]] = {}
    for code in chain(*(range(first, last + 1) for first, last in _COMPATIBLE)):
        plain = unicodedata.normalize("NFKC", chr(code))
        found[plain] = (*found.get(plain, ()), code)
    return found


@cache
def _source(face: Face) -> _Source:
    return _Source(face)


@cache
def glyph(face: Face, char: str) -> Glyph:
    """The outline of one character, with lines and quadratic curves only."""
    advance = round(face.width(char, UNITS))
    if char in _SPACE:
        return Glyph(advance, ())
    contours: list[Contour] = []
    last: Point = (0, 0)
    pending: list[Point] = []
    for kind, point in _source(face).segments(char):
        if kind == _MOVE:
            contours.append([_on(point)])
        elif kind == _CURVE:
            pending.append(point)
            if len(pending) < 3:
                continue
            contours[-1].extend(_quadratic(last, *pending))
            pending = []
        else:
            contours[-1].append(_on(point))
        last = point
    return Glyph(advance, tuple(tuple(_open(contour)) for contour in contours))


def _on(point: Point) -> tuple[int, int, bool]:
    return round(point[0]), round(point[1]), True


def _off(point: Point) -> tuple[int, int, bool]:
    return round(point[0]), round(point[1]), False


def _open(contour: Contour) -> Contour:
    """TrueType contours close themselves: without the repeated first point."""
    while len(contour) > 1 and contour[-1] == contour[0]:
        contour = contour[:-1]
    return contour


def _quadratic(p0: Point, p1: Point, p2: Point, p3: Point) -> Iterator[tuple[int, int, bool]]:
    """A cubic curve as two quadratic ones: under a unit of error at the sizes of glyphs."""
    middle = _mix(p0, p1, p2, p3, (1, 3, 3, 1), 8)
    left1, left2 = _mix(p0, p1, p2, p3, (1, 1, 0, 0), 2), _mix(p0, p1, p2, p3, (1, 2, 1, 0), 4)
    right1, right2 = _mix(p0, p1, p2, p3, (0, 1, 2, 1), 4), _mix(p0, p1, p2, p3, (0, 0, 1, 1), 2)
    yield _off(_mix(p0, left1, left2, middle, (-1, 3, 3, -1), 4))
    yield _on(middle)
    yield _off(_mix(middle, right1, right2, p3, (-1, 3, 3, -1), 4))
    yield _on(p3)


def _mix(
    a: Point, b: Point, c: Point, d: Point, weights: tuple[int, int, int, int], over: int
) -> Point:
    points = (a, b, c, d)
    x = sum(w * point[0] for w, point in zip(weights, points, strict=True)) / over
    y = sum(w * point[1] for w, point in zip(weights, points, strict=True)) / over
    return x, y


def single(data: bytes, index: int) -> bytes:
    """One face of a font collection as a font of its own; any other font unchanged.

    PDFium opens the first face only, which in the CJK collections is the Japanese one.
    """
    if not data.startswith(b"ttcf"):
        return data
    (start,) = struct.unpack_from(">I", data, 12 + 4 * index)
    version, count = struct.unpack_from(">4sH", data, start)
    tables = {}
    for number in range(count):
        tag, _, offset, length = struct.unpack_from(">4sIII", data, start + 12 + 16 * number)
        tables[tag] = data[offset : offset + length]
    return _file(tables, version)


def truetype(face: Face, characters: Iterable[str], name: str) -> bytes:
    """A TrueType font (glyf outlines) of these characters, named ``name`` (ASCII)."""
    chars = sorted(set(characters))
    glyphs = [Glyph(UNITS, ()), *(glyph(face, char) for char in chars)]
    outlines = [_glyf(one) for one in glyphs]
    tables = {
        b"cmap": _cmap(chars),
        b"glyf": b"".join(outlines),
        b"head": _head(),
        b"hhea": _hhea(len(glyphs)),
        b"hmtx": b"".join(struct.pack(">Hh", one.advance, _left(one)) for one in glyphs),
        b"loca": _loca(outlines),
        b"maxp": _maxp(glyphs),
        b"name": _name(name),
        b"post": struct.pack(">IIhhIIIII", 0x00030000, 0, -100, 50, 0, 0, 0, 0, 0),
    }
    return _file(tables)


def _file(tables: dict[bytes, bytes], version: bytes = b"\0\1\0\0") -> bytes:
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    header = struct.pack(
        ">4sHHHH", version, count, power * 16, power.bit_length() - 1, (count - power) * 16
    )
    offset, directory, body = 12 + 16 * count, b"", b""
    for tag, data in tables.items():
        directory += struct.pack(">4sIII", tag, _sum(data), offset + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    return header + directory + body


def _sum(data: bytes) -> int:
    padded = data + b"\0" * (-len(data) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF


def _bounds(one: Glyph) -> tuple[int, int, int, int]:
    xs = [x for contour in one.contours for x, _, _ in contour] or [0]
    ys = [y for contour in one.contours for _, y, _ in contour] or [0]
    return min(xs), min(ys), max(xs), max(ys)


def _left(one: Glyph) -> int:
    return _bounds(one)[0]


def _glyf(one: Glyph) -> bytes:
    if not one.contours:
        return b""
    points = [point for contour in one.contours for point in contour]
    ends, at = [], -1
    for contour in one.contours:
        at += len(contour)
        ends.append(at)
    data = struct.pack(">hhhhh", len(one.contours), *_bounds(one))
    data += struct.pack(f">{len(ends)}HH", *ends, 0)
    data += bytes(1 if on else 0 for _, _, on in points)
    for axis in (0, 1):
        values = [0, *(point[axis] for point in points)]
        deltas = [b - a for a, b in pairwise(values)]
        data += struct.pack(f">{len(deltas)}h", *deltas)
    return data + b"\0" * (-len(data) % 4)


def _loca(outlines: list[bytes]) -> bytes:
    offsets = [0]
    for outline in outlines:
        offsets.append(offsets[-1] + len(outline))
    return struct.pack(f">{len(offsets)}I", *offsets)


def _head() -> bytes:
    return struct.pack(
        ">IIIIHHqqhhhhHHhhh",
        *(0x00010000, 0x00010000, 0, 0x5F0F3CF5, 3, UNITS, 0, 0),
        *(-100, -200, UNITS, 900, 0, 6, 2, 1, 0),
    )


def _hhea(count: int) -> bytes:
    return struct.pack(
        ">IhhhHhhhhhhhhhhhH", 0x00010000, 880, -120, 0, UNITS, 0, 0, UNITS, 1, *[0] * 7, count
    )


def _maxp(glyphs: list[Glyph]) -> bytes:
    points = max(sum(len(contour) for contour in one.contours) for one in glyphs)
    contours = max(len(one.contours) for one in glyphs)
    return struct.pack(
        ">IHHHHHHHHHHHHHH", 0x00010000, len(glyphs), points, contours, *[0] * 2, 1, *[0] * 8
    )


def _cmap(chars: list[str]) -> bytes:
    groups = b"".join(
        struct.pack(">III", ord(char), ord(char), index) for index, char in enumerate(chars, 1)
    )
    table = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(chars)) + groups
    return struct.pack(">HHHHI", 0, 1, 3, 10, 12) + table


def _name(name: str) -> bytes:
    text = name.encode("utf-16-be")
    ids = (1, 2, 4, 6)
    records = b"".join(
        struct.pack(">HHHHHH", 3, 1, 0x409, name_id, len(text), 0) for name_id in ids
    )
    return struct.pack(">HHH", 0, len(ids), 6 + 12 * len(ids)) + records + text
