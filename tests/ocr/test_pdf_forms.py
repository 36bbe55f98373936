"""Values typed into a PDF's fields, and PDFs that only their owner's password protects."""

import io

from reportlab.lib import pdfencrypt
from reportlab.pdfgen.canvas import Canvas

from ocr import pdfforms, pdftext, pictures, read_document
from procedure.acceptance import decide
from tests.ocr.evaluate import template
from tests.ocr.lies import OFFSET, form_pdf


def _field(canvas: Canvas) -> None:
    canvas.acroForm.textfield(
        name="offset", value="6182", x=258, y=OFFSET - 5, width=200, height=16, fontSize=11,
        borderWidth=0, fillColor=None,
    )  # fmt: skip


def filled_pdf() -> bytes:
    """A form whose amount was typed into a field."""
    return form_pdf(_field)


def _values(data: bytes) -> dict[str, object]:
    (document,) = read_document(data, "form.pdf", template())
    return {name: one.value for name, one in decide(document).fields.items() if one.accepted}


def test_what_was_typed_into_a_field_is_read() -> None:
    data = filled_pdf()
    with pdftext.open_text(data) as text:
        before = pdftext.page_sheet(text, 0)
    assert before is not None
    assert "6182" not in [line.text for line in before.lines()]
    assert _values(data)["offset_t"] == 6182


def test_a_file_without_fields_stays_as_it_is() -> None:
    with pictures.open_pdf(form_pdf()) as pdf:
        assert pdfforms.flattened(pdf) is None


def test_an_owner_s_password_keeps_nobody_from_reading() -> None:
    out = io.BytesIO()
    lock = pdfencrypt.StandardEncryption("", ownerPassword="owner", canPrint=0, canCopy=0)
    canvas = Canvas(out, encrypt=lock)
    canvas.drawString(100, 700, "readable")
    canvas.save()
    with pictures.open_pdf(out.getvalue()) as pdf:
        assert len(pdf) == 1
        assert pictures.render(pdf, 0, 50).min() < 128
