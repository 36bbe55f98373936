"""PDFs with fields to fill in and notes laid on the page: what a viewer shows, made part of it."""

import io

import pypdfium2
import pypdfium2.raw as pdfium

from ocr.pdfpages import Pdf
from ocr.problems import Unreadable
from procedure.language import _


def flattened(pdf: Pdf) -> bytes | None:
    """The file with its fields' values and notes as part of its pages; None where it has none.

    Neither a text layer nor a page's print holds what was typed into a field. Raises `Unreadable`
    for a dynamic XFA form, whose pages say nothing but that another viewer is needed.
    """
    try:
        if pdf.get_formtype() == pdfium.FORMTYPE_XFA_FULL:
            raise Unreadable("unsupported", "dynamic XFA form", _("XFA 动态表单").said())
        # Nothing is changed before all pages have been seen.
        noted = [index for index in reversed(range(len(pdf))) if _has_notes(pdf, index)]
        changed = [_flatten(pdf, index) for index in noted]
        return _saved(pdf) if any(changed) else None
    except pypdfium2.PdfiumError:
        # Whoever looks at its pages next says what is wrong with it.
        return None


def _has_notes(pdf: Pdf, index: int) -> bool:
    return bool(pdfium.FPDFPage_GetAnnotCount(pdf.page(index).raw))


def _flatten(pdf: Pdf, index: int) -> bool:
    done = pdfium.FPDFPage_Flatten(pdf.page(index).raw, pdfium.FLAT_NORMALDISPLAY)
    return bool(done == pdfium.FLATTEN_SUCCESS)


def _saved(pdf: Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()
