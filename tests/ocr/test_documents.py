"""What a page's rows say together."""

import pytest

from ocr.documents import PageResult, _hyphened, _spanned, is_disputed, join_pages
from procedure.acceptance import decide
from procedure.readings import (
    DocumentKind,
    DocumentReading,
    ProjectRow,
    Reading,
    RecordRow,
    SealReading,
)

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


@pytest.mark.parametrize(
    ("kind", "drawn", "disputed", "wanted"),
    [
        ("application", False, 1, False),
        ("application", False, 2, True),
        ("application", True, 2, True),
        ("cancellation", False, 1, False),
        ("cancellation", False, 2, True),
        ("cancellation", True, 2, False),
        ("cancellation", True, 3, True),
        ("other", False, 10, False),
    ],
)
@pytest.mark.parametrize("engines", [BOTH[:1], (*BOTH[:1], "tesseract"), BOTH])
def test_a_page_is_as_good_as_handwritten_where_engines_differ_widely(
    kind: DocumentKind, drawn: bool, disputed: int, wanted: bool, engines: tuple[str, ...]
) -> None:
    against = ("engine-disagrees",) if engines == BOTH else ()
    odd = Reading("x", "x", engines=engines, against=against)
    alike = Reading("x", "x", engines=BOTH)
    fields = {f"f{n}": odd if n < disputed else alike for n in range(10)}
    # What stands nowhere counts for neither.
    fields["empty"] = Reading(None)
    assert is_disputed(PageResult(1, kind, fields=fields), lambda: drawn) is wanted
    few = dict(list(fields.items())[:5])
    assert not is_disputed(PageResult(1, kind, fields=few), lambda: drawn)


@pytest.mark.parametrize(
    ("text", "engines", "candidates", "wanted"),
    [
        ("2 7 7,4 7 6", ("ppocr-v4", "tesseract"), (), False),
        ("27.7476", ("ppocr-v4",), (), False),
        # The first engine read another figure, one less, or nothing but the third read it.
        ("2 1 7,4 7 6", ("ppocr-v4", "tesseract"), (), True),
        ("2 7 7,4 7", ("ppocr-v4",), (), True),
        ("2 7 7,4 7 6", ("tesseract",), (), True),
        ("2 7 7,4 7 6", ("ppocr-v4",), ("277478",), True),
    ],
)
def test_figures_that_stand_apart_are_not_written_by_hand(
    text: str, engines: tuple[str, ...], candidates: tuple[str, ...], wanted: bool
) -> None:
    apart = Reading(277476, text, engines=engines, candidates=candidates)
    fields = {f"f{n}": apart if n < 4 else Reading("x", "x", engines=BOTH) for n in range(10)}
    assert is_disputed(PageResult(1, "application", fields=fields), bool) is wanted


@pytest.mark.parametrize(
    ("other", "wanted"), [("Q1549QQ9MA8348198X", False), ("71549999MA8348198X", True)]
)
def test_a_type_whose_nines_one_engine_takes_for_letters_is_print(other: str, wanted: bool) -> None:
    code = Reading(
        "91549999MA8348198X", "x", engines=("ppocr-v6", "tesseract"),
        against=("engine-disagrees",), candidates=(other,),
    )  # fmt: skip
    odd, alike = (Reading("x", "x", engines=one) for one in (BOTH[:1], BOTH))
    fields = {f"f{n}": odd if n < 1 else alike for n in range(9)} | {"uscc": code}
    assert is_disputed(PageResult(1, "application", fields=fields), bool) is wanted


@pytest.mark.parametrize(("name", "doubted"), [(None, True), ("甲风电项目", False)])
def test_an_amount_beside_neither_name_nor_code_is_in_doubt(
    name: str | None, doubted: bool
) -> None:
    cell = Reading(name, text=name or "", evidence=("native-text",))
    row = ProjectRow(cell, None, Reading(8000, evidence=("native-text",)))
    (document,) = join_pages([PageResult(1, "application", projects=(row,))], 1)
    (read,) = decide(document).projects
    assert read.amount_t is not None
    assert read.amount_t.accepted is not doubted


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


def _sealed(text: str) -> SealReading:
    return SealReading(2, (0.1, 0.1, 0.2, 0.2), "round", text, 0.9)


def test_a_page_of_nothing_but_a_seal_belongs_to_the_document_before_it() -> None:
    form = PageResult(1, "application", True, {"offset_t": Reading(5000)})
    seal = PageResult(2, "other", seals=(_sealed("甲电力有限公司"),))
    (document,) = join_pages([form, seal], 2)
    assert [one.text for one in document.seals] == ["甲电力有限公司"]
    # Before any document it belongs to none.
    (document,) = join_pages([seal, form], 2)
    assert document.seals == ()


def _pages(first: Reading, second: Reading | None) -> DocumentReading:
    more = {} if second is None else {"offset_t": second}
    pages = [
        PageResult(1, "application", True, {"offset_t": first, "contact": Reading("李明")}),
        PageResult(2, "application", False, more | {"phone": Reading("13800138000")}),
    ]
    (document,) = join_pages(pages, 2)
    assert document.fields["contact"].value == "李明"
    assert document.fields["phone"].value == "13800138000"
    return document


@pytest.mark.parametrize(
    ("first", "second", "value", "doubted"),
    [
        (Reading(5000), None, 5000, False),
        (Reading(5000), Reading(5000), 5000, False),
        (Reading(5000), Reading(5001), 5000, True),
        (Reading(5000), Reading(None, "五千"), 5000, False),
        (Reading(None, "五千"), Reading(5001), 5001, False),
    ],
)
def test_what_two_pages_of_a_document_say_of_one_field(
    first: Reading, second: Reading | None, value: int, doubted: bool
) -> None:
    found = _pages(first, second).fields["offset_t"]
    assert (found.value, "two-places-differ" in found.against) == (value, doubted)


@pytest.mark.parametrize(
    ("second", "title", "documents"),
    [("甲电力有限公司", False, 1), ("乙电力有限公司", False, 2), ("甲电力有限公司", True, 2)],
)
def test_a_page_with_another_name_or_a_title_begins_a_document(
    second: str, title: bool, documents: int
) -> None:
    pages = [
        PageResult(number, "application", titled, {"enterprise_name": Reading(name)})
        for number, titled, name in ((1, True, "甲电力有限公司"), (2, title, second))
    ]
    assert len(join_pages(pages, 2)) == documents


def _row(name: str, quantity: int | None) -> RecordRow:
    def sure(value: str | int | None) -> Reading:
        return Reading(value, text=str(value or ""), confidence=1, evidence=("native-text",))

    return RecordRow(project_name=sure(name), quantity_t=sure(quantity), operation=sure("自愿注销"))


def test_a_record_without_a_quantity_may_be_the_rest_of_the_one_above() -> None:
    rows = (_row("甲风电项目", 72), _row("乙丙县风电场", 500), _row("二期项目", None))
    page = PageResult(1, "cancellation", records=rows)
    (document,) = join_pages([page], 1)
    names = [row.project_name for row in decide(document).records]
    assert [bool(name and name.accepted) for name in names] == [True, False, False]
