"""Each reading of a document is judged by its own field's rule, at its limits, and afresh."""

from dataclasses import replace

import pytest

from procedure.acceptance import accepts, decide
from procedure.readings import ProjectRow, Reading, RecordRow
from tests.procedure.made import NAME, form, seen, shot

ONE = ("ppocr-v6",)
THREE = ("ppocr-v6", "ppocr-v4", "tesseract")
STALE = ("sum", "registry")


@pytest.mark.parametrize(
    ("field", "reading", "wanted"),
    [
        # The least confidence is enough, a little less is not.
        ("offset_t", seen(5, confidence=0.95), True),
        ("offset_t", seen(5, *THREE, confidence=0.9), True),
        ("offset_t", seen(5, *THREE, confidence=0.89), False),
        ("offset_t", seen(5, *ONE, evidence=("sum",), confidence=0.6), True),
        ("offset_t", seen(5, *ONE, evidence=("sum",), confidence=0.59), False),
        ("offset_t", seen(5, *ONE, evidence=("repeated",), confidence=0.92), True),
        ("offset_t", seen(5, *ONE, evidence=("repeated",), confidence=0.91), False),
        # Nothing is no value, whoever says so.
        ("phone", Reading("", evidence=("native-text",)), False),
        ("phone", seen("", confidence=1.0), False),
        # A field without a rule of its own: only the registry is independent of the picture.
        ("date", seen("2021-11-03", against=("seal-differs",)), False),
        ("date", seen("2021-11-03", against=("seal-differs",), evidence=("sum",)), False),
        ("date", seen("2021-11-03", against=("seal-differs",), evidence=("registry",)), True),
    ],
)
def test_limits(field: str, reading: Reading, wanted: bool) -> None:
    assert accepts(field, reading) is wanted


def test_a_handwritten_paper_is_judged_as_one() -> None:
    plain = form(seen, contact=seen("顾言", confidence=0.99))
    assert decide(plain).fields["contact"].accepted
    assert not decide(replace(plain, handwritten=True)).fields["contact"].accepted


def test_rows_are_judged_by_the_rules_of_their_columns() -> None:
    good = ProjectRow(
        seen("东县风电项目", confidence=0.99), seen("JX-1234", confidence=0.99), seen(5)
    )
    bad = ProjectRow(
        seen("项目数量", confidence=0.99), seen("JX1234567890", confidence=0.99), seen(5)
    )
    for row, wanted in ((good, (True, True)), (bad, (False, False))):
        (judged,) = decide(replace(form(seen), projects=(row,))).projects
        assert judged.name is not None
        assert judged.code is not None
        assert (judged.name.accepted, judged.code.accepted) == wanted
        assert row.name is not None
        assert row.code is not None
        assert (judged.name.value, judged.code.value) == (row.name.value, row.code.value)


def test_a_total_that_the_rows_make_needs_one_engine_only() -> None:
    total = seen(5_000, *ONE, confidence=0.7)
    judged = decide(replace(form(seen), rows_total=total)).rows_total
    assert judged is not None
    assert judged.accepted
    assert "sum" in judged.evidence


def test_what_was_found_before_is_forgotten_everywhere() -> None:
    """Of an earlier state of the registry and of the rows, which may have changed since."""

    def stale(value: int | str) -> Reading:
        return seen(value, *ONE, evidence=STALE, against=("sum-differs",))

    paper = replace(
        form(seen, offset_t=stale(4_999), enterprise_name=stale(NAME)),
        projects=(ProjectRow(stale("东县风电项目"), stale("JX-1234"), stale(7)),),
        rows_total=stale(9_000),
    )
    found = decide(replace(paper, seals=()))
    (row,) = found.projects
    readings = [found.fields["enterprise_name"], found.rows_total, row.name, row.code, row.amount_t]
    for one in readings:
        assert one is not None
        assert not set(STALE) & set(one.evidence), one
        assert not one.accepted
    for named in (row.name, row.code, found.fields["enterprise_name"]):
        assert named is not None
        assert named.against == ()
    screen = replace(shot(seen), records=(RecordRow(serial=stale("1-9"), status=stale("已完成")),))
    (record,) = decide(screen).records
    for cell in (record.serial, record.status):
        assert cell is not None
        assert not set(STALE) & set(cell.evidence)
