"""A PDF in PDFium whose page stays open while it is looked at, wholly or in part."""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium


class Pdf(pypdfium2.PdfDocument):  # type: ignore[misc]
    """Keeps the page that was asked for last: one is asked for six times, and opening one takes a
    millisecond. Both are closed together."""

    _kept: tuple[int, Any] | None = None

    def page(self, index: int) -> Any:
        """Page ``index``, from 0; raises `pypdfium2.PdfiumError` where it is damaged."""
        if self._kept is None or self._kept[0] != index:
            if self._kept is not None:
                self._kept[1].close()
            self._kept = None
            self._kept = (index, self[index])
        return self._kept[1]


@contextmanager
def nothing_but(page: Any, keeps: Callable[[Any], bool], depth: int) -> Iterator[None]:
    """The page without those of its objects that are not kept, as far down as ``depth``, for a
    while."""
    there = filter(_is_active, page.get_objects(max_depth=depth))
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
