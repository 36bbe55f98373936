"""What a PDF page draws in lines: the straight sides of its paths, by PDFium."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from ocr.pdfpages import Pdf

_MOST_SEGMENTS = 20_000
_STRAIGHT = 5
"""Segments of a rule: a line has two, a rectangle five at most."""
Point = tuple[float, float]
Side = tuple[Point, Point]


@dataclass(frozen=True)
class Path:
    """One path of a page: its straight sides in the page's own units, upwards."""

    sides: tuple[Side, ...] = ()
    is_rule: bool = False
    """Nothing but a line or a rectangle."""


def page_paths(pdf: Pdf, index: int) -> tuple[Path, ...] | None:
    """The paths of page ``index`` (from 0), not those of drawings in drawings; None where there are
    too many to look at. Raises `pypdfium2.PdfiumError` where the page is damaged."""
    return pdf.once(index, _page_paths)


def _page_paths(pdf: Pdf, index: int) -> tuple[Path, ...] | None:
    paths = [one.raw for one in pdf.objects(index, 1) if one.type == pdfium.FPDF_PAGEOBJ_PATH]
    if sum(map(pdfium.FPDFPath_CountSegments, paths)) > _MOST_SEGMENTS:
        return None
    return tuple(map(_path, paths))


def _path(raw: Any) -> Path:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(raw, matrix)
    segments = list(_segments(raw, matrix))
    straight = all(kind != pdfium.FPDF_SEGMENT_BEZIERTO for kind, _, _ in segments)
    return Path(tuple(_sides(segments)), straight and len(segments) <= _STRAIGHT)


def _segments(raw: Any, matrix: Any) -> Iterator[tuple[int, Point, bool]]:
    """Of each segment its kind, its end, and whether it closes what it is part of."""
    a, b, c, d, e, f = (getattr(matrix, name) for name in "abcdef")
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(pdfium.FPDFPath_CountSegments(raw)):
        one = pdfium.FPDFPath_GetPathSegment(raw, number)
        pdfium.FPDFPathSegment_GetPoint(one, x, y)
        end = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        yield pdfium.FPDFPathSegment_GetType(one), end, bool(pdfium.FPDFPathSegment_GetClose(one))


def _sides(segments: list[tuple[int, Point, bool]]) -> Iterator[Side]:
    start = last = (0.0, 0.0)
    for kind, end, closes in segments:
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = end
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield last, end
        if closes:
            yield end, start
        last = end
