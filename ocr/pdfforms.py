"""PDFs with fields to fill in and notes laid on the page: what a viewer shows, made part of it."""

import io
from contextlib import closing
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from ocr.problems import Unreadable
from procedure.language import _


def flattened(data: bytes) -> bytes:
    """The file with its fields' values and notes as part of its pages; as it is where it has none.

    Neither a text layer nor a page's print holds what was typed into a field. Raises `Unreadable`
    for a dynamic XFA form, whose pages say nothing but that another viewer is needed.
    """
    try:
        with closing(pypdfium2.PdfDocument(data)) as pdf:
            if pdf.get_formtype() == pdfium.FORMTYPE_XFA_FULL:
                raise Unreadable("unsupported", "dynamic XFA form", _("XFA 动态表单").said())
            changed = [_flatten(pdf, index) for index in range(len(pdf))]
            return _saved(pdf) if any(changed) else data
    except pypdfium2.PdfiumError:
        # Whoever opens it next says what is wrong with it.
        return data


def _flatten(pdf: Any, index: int) -> bool:
    with closing(pdf[index]) as page:
        if not pdfium.FPDFPage_GetAnnotCount(page.raw):
            return False
        done = pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY)
        return bool(done == pdfium.FLATTEN_SUCCESS)


def _saved(pdf: Any) -> bytes:
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()
