"""Screenshots that could hardly be read, amounts of nothing, and what lies exactly on a border."""

from dataclasses import replace
from typing import Any

import pytest

from procedure.acceptance import decide
from procedure.case import derive
from procedure.checks import Claim, claim_of, claim_of_reading
from procedure.checks_cancel import _meant, overlap
from procedure.readings import DocumentReading, Reading, RecordRow
from tests.procedure.made import (
    ACCOUNT,
    NAME,
    OTHER_NAME,
    PROJECTS,
    at,
    confirmed,
    filed,
    form,
    native,
    poor,
    record,
    registry,
    seen,
    shot,
)
from tests.procedure.test_cancellation import CLAIM, check, rules

TWO = tuple((code, t) for code, _, t in PROJECTS)
UNREAD = native(None)


def with_rows(*changes: dict[str, Any], doc: DocumentReading | None = None) -> DocumentReading:
    """The screenshot, its rows changed in order."""
    doc = doc or shot(native)
    rows: list[RecordRow] = list(doc.records)
    for number, change in enumerate(changes):
        rows[number] = replace(rows[number], **change)
    return replace(doc, records=tuple(rows))


def with_field(name: str, reading: Reading) -> DocumentReading:
    doc = shot(native)
    return replace(doc, fields={**doc.fields, name: reading})


def found(doc: DocumentReading, *args: Any, **more: Any) -> dict[str, str]:
    """Rule → severity, but for the note of what was not checked."""
    return {k: v for k, v in rules(check(doc, *args, **more)).items() if k != "checks-not-run"}


@pytest.mark.parametrize(
    ("doc", "rule"),
    [
        (with_field("account_no", poor("CN-100-9999999")), "cancel-account"),
        (with_field("account_name", poor(OTHER_NAME)), "cancel-account"),
        (with_rows({"project_code": poor("JX-1")}), "cancel-project"),
        (with_rows({"quantity_t": poor(4_001)}), "cancel-quantity"),
        (with_rows({"status": poor("已撤销")}), "cancel-operation"),
        (with_rows({"time": poor("2021-12-15T17:00:00+08:00")}), "cancel-deadline"),
    ],
)
def test_what_is_not_accepted_is_a_warning_at_most(doc: DocumentReading, rule: str) -> None:
    assert found(doc)[rule] == "warning"


def test_an_account_without_its_hyphens_is_no_other_account() -> None:
    """A worn form read so by both engines, beside a screenshot that was read right."""
    bare = ACCOUNT.replace("-", "", 1)
    assert found(with_field("account_no", poor(bare))) == {}
    assert found(shot(native), claims=(replace(CLAIM, account_no=bare),)) == {}
    # Another number, and two whole ones that differ in where the hyphen stands.
    for other in (bare + "1", "CN-1002-055383"):
        assert "cancel-account" in found(shot(native), claims=(replace(CLAIM, account_no=other),))


@pytest.mark.parametrize(
    ("sure", "name", "told"),
    [
        # A form by hand whose name lost a character, beside a screenshot that was read right.
        (False, NAME.replace("衡岚", "衡"), False),
        (True, NAME.replace("衡岚", "衡"), True),
        (False, OTHER_NAME, True),
    ],
)
def test_a_name_that_is_not_accepted_and_nearly_the_same(sure: bool, name: str, told: bool) -> None:
    claim = replace(CLAIM, entity_name=name, entity_sure=sure)
    assert ("cancel-account" in found(shot(native), claims=(claim,))) is told


def test_a_form_s_name_that_is_not_accepted_is_claimed_as_that() -> None:
    doc = decide(form(seen, enterprise_name=poor(NAME.replace("衡岚", "衡"))))
    assert not claim_of_reading(doc).entity_sure
    assert claim_of_reading(decide(form(native))).entity_sure


def test_an_account_whose_letters_were_misread_is_no_other_account() -> None:
    assert found(with_field("account_no", poor(ACCOUNT.replace("CN", "CH")))) == {}
    assert "cancel-account" in found(with_field("account_no", poor("CH-100-9999999")))
    for other, told in ((ACCOUNT.replace("CN", "GN"), False), ("GN-100-9999999", True)):
        claim = replace(CLAIM, account_no=other, sure=False)
        assert ("cancel-account" in found(shot(native), claims=(claim,))) is told


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"rows": (("CCER-0730", 4_001), ("CCER-1194", 1_000))}, "cancel-quantity"),
        ({"rows": (("CCER-0730", 4_000), ("JX-1", 1_000))}, "cancel-project"),
        ({"account_no": "CN-100-9999999"}, "cancel-account"),
        ({"account_name": OTHER_NAME}, "cancel-account"),
    ],
)
def test_against_a_form_that_is_not_sure_nothing_is_more_than_a_warning(
    change: dict[str, Any], rule: str
) -> None:
    assert found(shot(native, **change), claims=(replace(CLAIM, sure=False),))[rule] == "warning"


@pytest.mark.parametrize(
    ("holder", "claimed", "wanted"),
    [
        (poor(NAME.replace("岚", "岳")), NAME, {}),
        (native(NAME.replace("岚", "岳")), NAME, {"cancel-account": "error"}),
        (poor(OTHER_NAME), NAME, {"cancel-account": "warning"}),
        # Six characters of ten in common are too few for a misreading.
        (poor("甲乙丙丁戊己子丑寅卯"), "甲乙丙丁戊己庚辛壬癸", {"cancel-account": "warning"}),
        (poor("甲乙丙丁戊己庚丑寅卯"), "甲乙丙丁戊己庚辛壬癸", {}),
    ],
)
def test_a_misread_holder_is_no_other_holder(
    holder: Reading, claimed: str, wanted: dict[str, str]
) -> None:
    doc = replace(with_field("account_name", holder), seals=())
    judged = found(doc, claims=(replace(CLAIM, entity_name=claimed),))
    assert {k: v for k, v in judged.items() if k != "seal-missing"} == wanted


def claims(*projects: tuple[str, int | None], amount: int | None = 5_000) -> tuple[Claim, ...]:
    return (replace(CLAIM, amount_t=amount, projects=projects),)


@pytest.mark.parametrize(
    ("rows", "wanted", "expected"),
    [
        # An amount of nothing counts for nothing, wherever it stands.
        ((*TWO, ("CCER-0730", 0)), (CLAIM,), {}),
        ((*TWO, ("JX-1", 0)), claims(*TWO, ("JX-1", 0)), {}),
        ((*TWO, ("JX-1", 0)), (*claims(), Claim(2, 0)), {}),
        # Where one form does not say how much of which project, only the sums are compared.
        ((("CCER-0730", 5_000),), (*claims(("CCER-0730", 4_000), amount=4_000), Claim(2, 1_000)),
         {}),
        ((("CCER-0730", 3_000), ("CCER-1194", 2_000)), claims(("", 4_000), ("CCER-1194", 1_000)),
         {}),
        (TWO, claims(("CCER-0730", None), ("CCER-1194", 1_000)), {}),
        (TWO, claims(amount=4_999), {"cancel-quantity": "error"}),
        (TWO, claims(amount=5_001), {"cancel-quantity": "warning"}),
        (TWO, claims(amount=None), {}),
    ],
)  # fmt: skip
def test_quantities(
    rows: tuple[tuple[str, int], ...], wanted: tuple[Claim, ...], expected: dict[str, str]
) -> None:
    assert found(shot(native, rows=rows), claims=wanted) == expected


def test_a_row_that_could_not_be_read_does_not_hide_the_next() -> None:
    late = native("2021-12-15T17:00:00+08:00")
    assert "cancel-deadline" in found(with_rows({"time": None}, {"time": late}))
    assert "cancel-deadline" in found(with_rows({"time": UNREAD}, {"time": late}))
    used = {"serial": native("100000-103999")}
    for nothing in (None, UNREAD, seen("100000-103999", "ppocr-v6", confidence=0.5)):
        doc = with_rows({"serial": nothing}, used)
        assert found(doc, used_serials=("100000-103999",)) == {"serial-reused": "error"}
        assert found(with_rows({"serial": nothing}), used_serials=("100000-103999", "")) == {}


def test_each_row_is_looked_up_in_the_records_whatever_the_others_are() -> None:
    other = registry(cancellation_rows=[record("CCER-0730", 4_000), record("CCER-1194", 900)])
    nothing: tuple[dict[str, Any], ...]
    nothing = ({"quantity_t": UNREAD}, {"quantity_t": native("若干")}, {"project_code": UNREAD}, {})
    for unread in nothing:
        doc = with_rows(unread)
        assert found(doc, registry(), claims=()) == {}
        assert found(doc, other, claims=()) == {"cancel-quantity": "error"}
    assert found(shot(native), registry(cancellation_rows=None)) == {}
    nobody = shot(native)
    nobody = replace(nobody, fields={"account_name": nobody.fields["account_name"]})
    assert found(nobody, registry(cancellation_rows=[])) == {}


@pytest.mark.parametrize("field", ["quantity_t", "project_code"])
def test_a_difference_to_the_records_needs_quantity_and_project(field: str) -> None:
    tables = registry(cancellation_rows=[record("CCER-0730", 3_900), record("CCER-1194", 1_000)])
    value = getattr(shot(native).records[0], field).value
    assert found(with_rows({field: poor(value)}), tables) == {"cancel-quantity": "warning"}


@pytest.mark.parametrize("time", [None, UNREAD])
def test_without_a_time_of_its_own_it_was_cancelled_before_the_screenshot_came(time: Any) -> None:
    doc = with_rows({"time": time}, {"time": time})
    tables = registry(cancellation_rows=[], cancellations_until=at("2021-11-26T09:00"))
    for received, wanted in (("2021-11-26T08:59", "warning"), ("2021-11-26T09:01", "note")):
        assert found(doc, tables, received_at=at(received)) == {"cancel-record": wanted}


def test_at_the_moment_of_the_confirmation_is_not_before_it() -> None:
    assert found(shot(native, time="2021-11-05T10:20:00+08:00")) == {}


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        ("", "", False),
        ("某号", "某号", True),
        ("某号", "1100-1200", False),
        ("1100-1200", "1200-1300", True),
        ("1200-1300", "1100-1200", True),
        ("1100-1200", "1201-1300", False),
        ("1201-1300", "1100-1200", False),
        ("1100-1400", "1200-1300", True),
        ("1200-1300", "1100-1400", True),
    ],
)
def test_blocks_of_serials(a: str, b: str, wanted: bool) -> None:
    assert overlap(a, b) is wanted


def test_a_claim_holds_what_the_form_asks_and_was_read_well() -> None:
    whole = Claim(1, 5_000, ACCOUNT, NAME, TWO)
    doc = decide(form(native))
    assert claim_of_reading(doc) == whole
    assert claim_of_reading(doc, 3) == replace(whole, number=3)
    unsure = decide(form(native, rows=(), offset_t=poor(6_000)))
    assert claim_of_reading(unsure) == replace(whole, amount_t=6_000, projects=(), sure=False)
    half = seen(4_000, "ppocr-v6", confidence=0.6)
    unread = decide(form(native, rows=(("CCER-0730", "某项目", half),), offset_t=half))
    nothing = (("CCER-0730", None),)
    assert claim_of_reading(unread) == replace(whole, amount_t=None, projects=nothing, sure=False)


def test_a_claim_of_an_application_rests_on_what_was_confirmed() -> None:
    doc = decide(form(native, offset_t=poor(6_000)))
    waiting, done = derive([filed(), filed(2, doc=doc), confirmed(2, amount=4_000)]).applications
    assert (claim_of(waiting).number, claim_of(waiting).confirmed_at) == (1, None)
    assert claim_of(done) == Claim(2, 4_000, ACCOUNT, NAME, TWO, at("2021-11-05T10:20"))


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        # The number is that of the form: an engine took a C for an O.
        (poor("OCER-0730"), set()),
        (native("CCER-0730"), set()),
        *(
            (code, {"cancel-project", "cancel-record"})
            for code in (
                native("OCER-0730"),
                poor("OCER-0731"),
                poor("CCER-07300"),
                poor("JX"),
                # Another series, no letters, other signs: another project.
                poor("JX-0730"),
                poor("0730"),
                poor("OCER-07-30"),
                poor("ABCD-0730"),
            )
        ),
    ],
)
def test_a_misread_code_is_no_other_project(code: Reading, wanted: set[str]) -> None:
    doc = with_rows({"project_code": code})
    judged = found(doc, registry())
    assert {"cancel-project", "cancel-record"} & judged.keys() == wanted


def test_amounts_that_changed_places_are_seen_under_misread_codes_too() -> None:
    swapped = [
        {"project_code": poor(f"O{code[1:]}"), "quantity_t": native(t)}
        for (code, _), (_, t) in zip(TWO, reversed(TWO), strict=True)
    ]
    judged = found(with_rows(*swapped))
    assert judged["cancel-quantity"] == "warning"
    sure = [
        {**one, "project_code": native(code)} for one, (code, _) in zip(swapped, TWO, strict=True)
    ]
    assert found(with_rows(*sure))["cancel-quantity"] == "error"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (poor("2013291"), True),
        (poor("2013-291"), True),
        (poor("2013292"), False),
        (replace(poor("2013291"), accepted=True), False),
        (poor("JX2013291"), False),
    ],
)
def test_figures_that_no_series_has_lack_their_letters(said: Reading, meant: bool) -> None:
    assert _meant(said, {"JX-2013-291"}) is meant


@pytest.mark.parametrize(("other", "meant"), [("JX-2013-304", True), ("JX-2012-304", False)])
def test_all_that_follows_the_letters_is_the_number(other: str, meant: bool) -> None:
    assert _meant(poor("IX-2013-304"), {other}) is meant
