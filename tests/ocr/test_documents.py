"""What a page's rows say together."""

import pytest

from ocr.documents import _hyphened, _spanned
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


SPAN = "293476299-293753992"


@pytest.mark.parametrize(
    ("quantity", "doubts", "against", "wanted"),
    [
        (277694, (), ("half-differs",), True),
        # 2776+94: the figures are as sure, its marks are not.
        (277694, ("ambiguous-number",), ("half-differs",), True),
        # Another quantity, one that engines differ on, a doubt of another kind, and both halves.
        (277695, (), ("half-differs",), False),
        (277694, ("engine-disagrees",), ("half-differs",), False),
        (277694, (), ("half-differs", "unread-ink"), False),
        (277694, (), ("engine-disagrees",), False),
        (None, (), ("half-differs",), False),
    ],
)
def test_a_quantity_tells_the_half_of_a_span_that_engines_differ_on(
    quantity: int | None, doubts: tuple[str, ...], against: tuple[str, ...], wanted: bool
) -> None:
    assert _accepted(quantity, BOTH, doubts, against) is wanted


def test_a_quantity_that_one_engine_read_proves_no_half() -> None:
    """It may have misread the same figures in both."""
    assert not _accepted(277694, BOTH[:1], (), ("half-differs",))


def _accepted(
    quantity: int | None,
    engines: tuple[str, ...],
    doubts: tuple[str, ...],
    against: tuple[str, ...],
) -> bool:
    row = _spanned(
        RecordRow(
            serial=Reading(SPAN, confidence=0.97, engines=BOTH[:1], against=against),
            quantity_t=Reading(quantity, confidence=0.97, engines=engines, against=doubts),
            operation=Reading("自愿注销", confidence=0.97, engines=BOTH),
        )
    )
    (read,) = decide(DocumentReading("cancellation", records=(row,))).records
    assert read.serial is not None
    return read.serial.accepted
