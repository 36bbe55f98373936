"""A PDF in PDFium whose page stays open while it is looked at, wholly or in part."""

import ctypes
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, TypeVar

import pypdfium2
import pypdfium2.raw as pdfium

_T = TypeVar("_T")


class Pdf(pypdfium2.PdfDocument):  # type: ignore[misc]
    """Keeps the page that was asked for last: one is asked for six times, and opening one takes a
    millisecond. Both are closed together."""

    _kept: tuple[int, Any] | None = None
    _asked: Mapping[Any, Any] = MappingProxyType({})

    def page(self, index: int) -> Any:
        """Page ``index``, from 0; raises `pypdfium2.PdfiumError` where it is damaged."""
        if self._kept is None or self._kept[0] != index:
            if self._kept is not None:
                self._kept[1].close()
            self._kept, self._asked = None, {}
            self._kept = (index, self[index])
        return self._kept[1]

    def once(self, index: int, ask: Callable[["Pdf", int], _T]) -> _T:
        """What ``ask`` says of page ``index``: asked once until another page is opened."""
        if (index, ask) not in self._asked:
            told = ask(self, index)
            self._asked = {**self._asked, (index, ask): told}
        found: _T = self._asked[index, ask]
        return found

    def objects(self, index: int, depth: int) -> tuple[Any, ...]:
        """What page ``index`` draws, and what is drawn in that, as far down as ``depth``."""
        drawn = self.once(index, _drawn_on)
        # To list them costs as much as a glance at the page; few pages have drawings in drawings.
        if depth == 1 or all(one.type != pdfium.FPDF_PAGEOBJ_FORM for one in drawn):
            return drawn
        return tuple(self.page(index).get_objects(max_depth=depth))


def _drawn_on(pdf: Pdf, index: int) -> tuple[Any, ...]:
    return tuple(pdf.page(index).get_objects(max_depth=1))


@contextmanager
def nothing_but(pdf: Pdf, index: int, keeps: Callable[[Any], bool], depth: int) -> Iterator[None]:
    """The page without those of its objects that are not kept, as far down as ``depth``, for a
    while."""
    there = filter(_is_active, pdf.objects(index, depth))
    hidden = [one for one in there if not keeps(one)]
    try:
        for one in hidden:
            pdfium.FPDFPageObj_SetIsActive(one.raw, False)
        yield
    finally:
        for one in hidden:
            pdfium.FPDFPageObj_SetIsActive(one.raw, True)


def _is_active(one: Any) -> bool:
    active = ctypes.c_int()
    pdfium.FPDFPageObj_GetIsActive(one.raw, active)
    return bool(active.value)
