"""What people correct in a form, and what the application says of it then."""

from dataclasses import replace

import pytest

from procedure.case import ApplicationState, derive
from procedure.casestate import ProjectValues
from procedure.events import FieldCorrected
from procedure.readings import DocumentReading, ProjectRow, Reading
from tests.procedure.made import PROJECTS, event, filed, form, native

BOX = (0.1, 0.2, 0.3, 0.4)
PRINTED = Reading(5_000, "5，000", 0.7, page=2, box=BOX, candidates=("5,000", "6,000"))
AS_PRINTED = tuple(ProjectValues(name, code, t) for code, name, t in PROJECTS)


def app(doc: DocumentReading, *fixes: FieldCorrected) -> ApplicationState:
    (found,) = derive([filed(doc=doc), *(event(fix) for fix in fixes)]).applications
    return found


def by_a_person(value: int) -> Reading:
    """A person's value where `PRINTED` stands: the rest stays, as evidence."""
    return replace(PRINTED, value=value, confidence=1.0, accepted=True, evidence=("person",))


def test_a_corrected_value_stands_where_the_printed_one_did() -> None:
    doc = form(rows=(), offset_t=PRINTED, rows_total=None)
    doc = replace(doc, rows_total=PRINTED, projects=(ProjectRow(amount_t=PRINTED),))
    fixed = app(
        doc,
        FieldCorrected(1, "offset_t", 5_000, 4_000),
        FieldCorrected(1, "rows_total", 5_000, 4_000),
        FieldCorrected(1, "amount_t", 5_000, 4_000, row=0),
    ).reading
    assert fixed.fields["offset_t"] == by_a_person(4_000)
    assert fixed.rows_total == by_a_person(4_000)
    assert fixed.projects == (ProjectRow(amount_t=by_a_person(4_000)),)


def test_what_the_paper_does_not_have_is_left_out_or_put_in() -> None:
    fixed = app(
        form(phone=None),
        FieldCorrected(1, "phone", None, None),
        FieldCorrected(1, "date", "2021-11-03", None),
        FieldCorrected(1, "rows_total", None, 5_000),
    )
    assert not {"phone", "date"} & set(fixed.reading.fields)
    total = Reading(5_000, confidence=1.0, accepted=True, evidence=("person",))
    assert fixed.reading.rows_total == total


def test_a_seal_that_a_person_read_is_sure_and_one_denied_is_none() -> None:
    (read,) = app(form(), FieldCorrected(1, "seal", None, "某公司")).reading.seals
    assert (read.text, read.confidence, read.page, read.box) == ("某公司", 1.0, None, None)
    assert app(form(), FieldCorrected(1, "seal", None, None)).reading.seals == ()


@pytest.mark.parametrize(
    ("fixes", "wanted"),
    [
        ((("name", "某项目", 0),), (replace(AS_PRINTED[0], name="某项目"), AS_PRINTED[1])),
        ((("code", "JX-1", 1),), (AS_PRINTED[0], replace(AS_PRINTED[1], code="JX-1"))),
        ((("name", "某项目", 2),), (*AS_PRINTED, ProjectValues("某项目", None, None))),
        ((("code", "JX-1", 2),), (*AS_PRINTED, ProjectValues(None, "JX-1", None))),
        ((("code", "JX-1", 3),), AS_PRINTED),
        ((("code", "JX-1", -1),), AS_PRINTED),
        ((("code", None, 2),), AS_PRINTED),
        ((("page", 3, 0),), AS_PRINTED),
        ((("code", None, 0),), (replace(AS_PRINTED[0], code=None), AS_PRINTED[1])),
        ((("name", None, 0), ("code", None, 0), ("amount_t", None, 0)), AS_PRINTED[1:]),
    ],
)
def test_corrections_of_rows(
    fixes: tuple[tuple[str, str | int | None, int], ...], wanted: tuple[ProjectValues, ...]
) -> None:
    done = (FieldCorrected(1, name, None, new, row=row) for name, new, row in fixes)
    assert app(form(), *done).projects == wanted


def test_what_could_not_be_read_says_nothing() -> None:
    doc = replace(
        form(rows=(), phone=native(None), offset_t=native("若干")),
        projects=(ProjectRow(native(None), native(None), native("若干")),),
    )
    found = app(doc)
    assert (found.text("phone"), found.text("remark"), found.text("contact")) == ("", "", "顾言")
    assert (found.tonnes("offset_t"), found.tonnes("obligation_t")) == (None, 100_000)
    assert found.amount_t is None
    assert found.projects == (ProjectValues(None, None, None),)


def test_an_amount_that_could_not_be_read_counts_for_nothing() -> None:
    unread = filed(2, doc=form(offset_t=native(None)))
    assert derive([filed(), unread]).counting_t() == 5_000
    assert derive([]).entity_name == ""
    assert derive([filed(), filed(2, doc=form(uscc=None))]).uscc == derive([filed()]).uscc != ""
