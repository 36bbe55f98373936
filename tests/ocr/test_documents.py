"""What a page's rows say together."""

import pytest

from ocr.documents import _hyphened
from procedure.acceptance import decide
from procedure.readings import DocumentReading, Reading, RecordRow

BOTH = ("ppocr-v6", "ppocr-v4")


@pytest.mark.parametrize(
    ("serial", "engines", "quantity", "wanted"),
    [
        ("713548063713727836", BOTH, 179774, "713548063-713727836"),
        # Another quantity, an odd count, one engine alone, a hyphen that is there, no quantity.
        ("713548063713727836", BOTH, 179775, "713548063713727836"),
        ("71354806371372783", BOTH, 179774, "71354806371372783"),
        ("713548063713727836", BOTH[:1], 179774, "713548063713727836"),
        ("713548063-713727836", BOTH, 179774, "713548063-713727836"),
        ("713548063713727836", BOTH, None, "713548063713727836"),
        # Short numbers meet by chance: 1000 to 1004 are five.
        ("10001004", BOTH, 5, "10001004"),
    ],
)
def test_a_lost_hyphen_is_put_where_the_halves_span_the_quantity(
    serial: str, engines: tuple[str, ...], quantity: int | None, wanted: str
) -> None:
    row = _hyphened(
        RecordRow(
            serial=Reading(serial, confidence=0.97, engines=engines),
            quantity_t=Reading(quantity, confidence=0.97, engines=BOTH),
            operation=Reading("自愿注销", confidence=0.97, engines=BOTH),
        )
    )
    assert row.serial is not None
    assert row.serial.value == wanted
    (read,) = decide(DocumentReading("cancellation", records=(row,))).records
    assert read.serial is not None
    assert read.serial.accepted is ("-" in wanted)
