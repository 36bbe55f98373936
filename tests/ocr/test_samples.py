"""The samples that lie beside their truth: nothing wrong may be accepted."""

from pathlib import Path

import pypdfium2
import pytest

from ocr import read_document
from procedure.acceptance import decide
from tests.ocr.evaluate import Score, evaluate, template

SAMPLES = Path(__file__).parent / "samples"
QUICK = "c0000|c0001-form|c0007-form|c0006-form|c0002-form|c0003-screen|c0004-form|c0005-form"


@pytest.fixture(scope="module")
def scores() -> dict[str, Score]:
    return evaluate(SAMPLES, QUICK)


def test_nothing_wrong_is_accepted(scores: dict[str, Score]) -> None:
    wrong = [fault for score in scores.values() for fault in score.faults if "WRONG-" in fault]
    assert not [fault for fault in wrong if not fault.startswith("SEAL")]


@pytest.mark.parametrize("tier", ["digital", "docx"])
def test_native_text_goes_straight_through(scores: dict[str, Score], tier: str) -> None:
    counts = scores[tier].counts
    assert counts["right-accepted"] >= 0.99 * sum(counts.values()), scores[tier].faults


@pytest.mark.parametrize(("tier", "least"), [("clean", 0.85), ("office", 0.9), ("phone", 0.8)])
def test_most_of_a_scan_is_accepted(scores: dict[str, Score], tier: str, least: float) -> None:
    counts = scores[tier].counts
    assert counts["right-accepted"] >= least * sum(counts.values()), scores[tier].faults


def test_what_stands_firm_on_a_form_by_hand_is_accepted(scores: dict[str, Score]) -> None:
    counts = scores["hard"].counts
    assert counts["right-accepted"] >= 0.4 * sum(counts.values()), scores["hard"].faults


def test_a_form_by_hand_is_looked_at_once_more() -> None:
    path = SAMPLES / "c0005-form.pdf"
    (document,) = read_document(path.read_bytes(), path.name, template())
    assert document.handwritten
    steady = {name for name, one in document.fields.items() if "steady" in one.evidence}
    assert {"uscc", "offset_t"} <= steady
    assert not {"enterprise_name", "contact", "province"} & steady


def test_seals_are_found_and_are_the_entity_s_own(scores: dict[str, Score]) -> None:
    for tier, score in scores.items():
        assert score.seals["SEAL-WRONG"] == 0, (tier, score.faults)
        assert score.seals["matches False"] == 0, (tier, score.faults)


def test_a_form_and_a_screenshot_in_one_file_are_two_documents() -> None:
    both = pypdfium2.PdfDocument.new()
    for name in ("c0000-form.pdf", "c0002-screenshot.pdf"):
        both.import_pages(pypdfium2.PdfDocument(SAMPLES / name))
    path = Path(str(SAMPLES / "c0000-form.pdf"))
    documents = [decide(d) for d in read_document(_bytes(both), path.name, template())]
    assert [(d.kind, d.first_page, d.pages) for d in documents] == [
        ("application", 1, 2),
        ("cancellation", 2, 2),
    ]
    assert documents[0].fields["offset_t"].value == 6182
    assert documents[1].records[0].quantity_t is not None
    assert documents[1].records[0].quantity_t.page == 2


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_nothing_wrong_is_accepted_on_all_samples() -> None:
    for tier, score in evaluate(SAMPLES).items():
        assert score.counts["WRONG-ACCEPTED"] == 0, (tier, score.faults)


def _bytes(pdf: pypdfium2.PdfDocument) -> bytes:
    import io

    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()
