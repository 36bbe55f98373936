"""Drawn documents: the same from the same seed, and they say what their truth says."""

import hashlib
import io
from dataclasses import replace
from datetime import date, datetime
from random import Random

import numpy as np
import pdfplumber
import pypdfium2
import pytest
from docx import Document
from PIL import Image

from clerk.drawing import (
    Application,
    Cancellation,
    Company,
    ProjectLine,
    RecordLine,
    Style,
    corpus,
    draw_application,
    draw_cancellation,
    random_style,
)
from clerk.drawing.content import SealPlan
from clerk.drawing.documents import TIERS, Drawn, Tier
from clerk.drawing.fonts import faces, packaged
from clerk.drawing.invent import company, credit_code, projects
from clerk.drawing.outlines import glyph
from clerk.drawing.pairs import FAULTS
from clerk.drawing.style import Layout
from procedure import uscc, values

OWN = Company(
    "河北恒凌示例热电有限公司", credit_code("13", 7), "河北省", "CN-100-1300001", "陈样本",
    "13800138011",
)  # fmt: skip
APP = Application(
    OWN, 4_812_600, 210_000,
    (ProjectLine("内蒙古瑞驰示例风电场一期49.5MW工程", "CCER-0364", 140_000),
     ProjectLine("湖南高曜示例垃圾填埋气发电项目", "JX-2013-304", 70_000)),
    date(2021, 11, 26), 210_000,
)  # fmt: skip
SAID = Cancellation(
    OWN.name, OWN.account_no,
    (RecordLine("湖南高曜示例垃圾填埋气发电项目", "JX-2013-304", 70_000,
                datetime(2021, 11, 26, 14, 9, 40), "417560001-417630000"),),  # noqa: DTZ001
)  # fmt: skip
SEAL = SealPlan(OWN.name, "1399994000000")
STYLE = Style(packaged(), separator=",")


def picture(drawn: Drawn) -> Image.Image:
    if drawn.name.endswith(".pdf"):
        page = pypdfium2.PdfDocument(drawn.data)[0]
        image: Image.Image = page.render(scale=2).to_pil()
        return image.convert("RGB")
    return Image.open(io.BytesIO(drawn.data)).convert("RGB")


def red_share(image: Image.Image, box: tuple[float, float, float, float]) -> float:
    """Share of red pixels in a box given as fractions."""
    pixels = np.asarray(image).astype(int)
    high, wide = pixels.shape[:2]
    x0, y0, x1, y1 = (max(0, round(edge * size)) for edge, size in zip(box, (wide, high) * 2,
                                                                       strict=True))  # fmt: skip
    part = pixels[y0:y1, x0:x1]
    red = (part[..., 0] > part[..., 1] + 40) & (part[..., 0] > part[..., 2] + 40)
    return float(red.mean())


@pytest.mark.parametrize("tier", TIERS)
def test_the_same_seed_gives_the_same_bytes(tier: Tier) -> None:
    first = draw_application(APP, STYLE, tier, 5, SEAL)
    again = draw_application(APP, STYLE, tier, 5, SEAL)
    assert first.data == again.data
    assert first.truth == again.truth


def test_another_seed_gives_another_picture() -> None:
    drawn = {draw_application(APP, STYLE, "office", seed, SEAL).data for seed in (1, 2)}
    assert len(drawn) == 2


@pytest.mark.parametrize("layout", ["grid", "list", "stacked"])
def test_the_text_layer_holds_every_value_in_its_box(layout: Layout) -> None:
    style = replace(STYLE, layout=layout)
    drawn = draw_application(APP, style, "digital", 3, SEAL)
    with pdfplumber.open(io.BytesIO(drawn.data)) as pdf:
        page = pdf.pages[0]
        for name, value in drawn.truth.fields.items():
            assert value.box is not None
            x0, y0, x1, y1 = value.box
            box = (x0 * page.width - 1, y0 * page.height - 1, x1 * page.width + 1,
                   y1 * page.height + 1)  # fmt: skip
            text = (page.crop(box).extract_text() or "").replace("\n", "").replace(" ", "")
            assert value.printed.replace(" ", "") in text, name


def test_pdfium_and_pdfminer_read_the_same_text_layer() -> None:
    drawn = draw_application(APP, STYLE, "digital", 3, SEAL)
    by_pdfium = pypdfium2.PdfDocument(drawn.data)[0].get_textpage().get_text_range()
    for name in ("enterprise_name", "uscc", "account_no"):
        assert drawn.truth.fields[name].printed in by_pdfium


def test_the_drawn_page_shows_the_text_it_carries() -> None:
    """The embedded outlines are there: value boxes hold dark strokes, margins none."""
    image = np.asarray(picture(draw_application(APP, STYLE, "digital", 3, None)).convert("L"))
    drawn = draw_application(APP, STYLE, "digital", 3, None)
    high, wide = image.shape
    for name, value in drawn.truth.fields.items():
        assert value.box is not None
        x0, y0, x1, y1 = value.box
        part = image[round(y0 * high) : round(y1 * high), round(x0 * wide) : round(x1 * wide)]
        assert 0.05 < float((part < 140).mean()) < 0.6, name
    assert image[:, : round(0.05 * wide)].min() > 250


def test_no_character_is_drawn_as_the_font_s_empty_box() -> None:
    """PDFium knows a glyph of two code points (北, 履) by one of them: drawn pages had boxes."""
    face = next((one for one in faces() if one.index), packaged())
    empty = glyph(face, "\0").contours
    assert all(glyph(face, char).contours != empty for char in "北履厂重点排放单位"), face


@pytest.mark.parametrize("layout", ["grid", "list", "stacked"])
def test_docx_text_holds_every_value(layout: Layout) -> None:
    drawn = draw_application(APP, replace(STYLE, layout=layout), "docx", 3, SEAL)
    document = Document(io.BytesIO(drawn.data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*cells, *(paragraph.text for paragraph in document.paragraphs)])
    for name, value in drawn.truth.fields.items():
        assert value.printed in text, name
        assert value.box is None


@pytest.mark.parametrize("tier", ["digital", "clean", "phone"])
def test_a_seal_is_red_where_the_truth_says(tier: Tier) -> None:
    drawn = draw_application(APP, STYLE, tier, 11, SEAL)
    assert drawn.truth.seal_text == OWN.name
    assert drawn.truth.seal_box is not None
    assert red_share(picture(drawn), drawn.truth.seal_box) > 0.06
    bare = draw_application(APP, STYLE, tier, 11, None)
    assert bare.truth.seal_text is None
    assert red_share(picture(bare), drawn.truth.seal_box) < 0.01


@pytest.mark.parametrize("tier", ["digital", "clean", "office", "phone", "hard"])
def test_boxes_follow_the_damage(tier: Tier) -> None:
    """Every box holds ink, whatever happened to the page."""
    drawn = draw_cancellation(SAID, STYLE, tier, 23, SEAL)
    image = np.asarray(picture(drawn).convert("L")).astype(int)
    high, wide = image.shape
    for name, value in drawn.truth.fields.items():
        assert value.box is not None
        x0, y0, x1, y1 = value.box
        assert 0 <= x0 < x1 <= 1, name
        assert 0 <= y0 < y1 <= 1, name
        part = image[round(y0 * high) : round(y1 * high), round(x0 * wide) : round(x1 * wide)]
        assert part.max() - part.min() > 25, name


def test_what_is_printed_means_the_value() -> None:
    """Every spelling that a style can choose reads back as the value of the truth."""
    rng = Random(1)
    for _ in range(300):
        style, amount = random_style(rng), rng.randrange(1, 40_000_000)
        day = date(2021, rng.randrange(1, 13), rng.randrange(1, 29))
        assert values.tonnes(style.tonnes(amount, after=True), style.unit) == amount
        assert values.day(style.day_text(day)) == day
        assert uscc.normalise(style.code_text(OWN.uscc)) == OWN.uscc


def test_invented_codes_are_valid_and_over_no_real_area() -> None:
    rng = Random(2)
    for _ in range(200):
        one = company(rng)
        assert uscc.is_valid(one.uscc)
        assert uscc.org_code_valid(one.uscc)
        assert one.uscc[4:8] == "9999"
        assert sum(line.amount_t for line in projects(rng, 5_000, 3)) == 5_000


def test_a_corpus_is_stable_and_plants_its_faults() -> None:
    def digest(count: int) -> list[str]:
        pairs = corpus(9, count, tiers=("digital", "docx"), fonts=(packaged(),))
        return [hashlib.sha256(pair.form.data).hexdigest() for pair in pairs]

    assert digest(6) == digest(8)[:6]
    pairs = list(corpus(4, 40, tiers=("docx",), fault_share=1.0, fonts=(packaged(),)))
    assert {pair.fault for pair in pairs} == set(FAULTS)
    for pair in pairs:
        assert (*pair.form.truth.planted, *pair.screenshot.truth.planted) == (pair.fault,)
        _check_fault(pair.fault, pair.form, pair.screenshot)


def _check_fault(fault: str, form: Drawn, shot: Drawn) -> None:
    fields = {name: value.value for name, value in form.truth.fields.items()}
    obligation, offset = int(fields["obligation_t"]), int(fields["offset_t"])
    rows = sum(int(value) for name, value in fields.items() if name.endswith("amount_t"))
    done = sum(int(value.value) for name, value in shot.truth.fields.items() if "quantity" in name)
    day = date.fromisoformat(str(fields["date"]))
    found = {
        "offset-cap": offset * 20 > obligation,
        "uscc-check": not uscc.is_valid(str(fields["uscc"])),
        "seal-name": form.truth.seal_text not in (None, fields["enterprise_name"]),
        "seal-missing": form.truth.seal_text is None,
        "form-date": not date(2021, 10, 26) <= day <= date(2021, 12, 10),
        "rows-total": rows != offset,
        "cancel-quantity": done != rows,
    }
    assert {name for name, there in found.items() if there} == {fault} - {"seal-kind"}


def words(drawn: Drawn) -> dict[str, object]:
    return {name: one["value"] for name, one in drawn.truth.to_json()["fields"].items()}


def test_a_form_filled_in_by_hand_says_the_same_in_other_letters() -> None:
    printed = draw_application(APP, STYLE, "digital", 5, SEAL)
    written = draw_application(APP, replace(STYLE, hand=packaged()), "office", 5, None)
    assert words(written) == words(printed)
    pixels = np.asarray(picture(written).convert("L"))
    high, wide = pixels.shape
    for name, one in written.truth.fields.items():
        assert one.box is not None, name
        x0, y0, x1, y1 = (
            round(edge * size) for edge, size in zip(one.box, (wide, high) * 2, strict=True)
        )
        assert pixels[y0:y1, x0:x1].min() < 120, f"{name} is not written where its box is"


def test_a_seal_in_slender_type_stands_in_its_box() -> None:
    bold = draw_application(APP, STYLE, "digital", 5, SEAL)
    slender = draw_application(APP, STYLE, "digital", 5, replace(SEAL, face=packaged()))
    assert slender.data != bold.data
    box = slender.truth.seal_box
    assert box is not None
    assert 0.02 < red_share(picture(slender), box) < 0.5


def test_a_screen_printed_without_a_seal_has_none() -> None:
    bare = draw_cancellation(SAID, STYLE, "docx", 5, None)
    sealed = draw_cancellation(SAID, STYLE, "docx", 5, SEAL)
    seal = sealed.truth.to_json()["seal"]
    assert (seal["present"], seal["text"]) == (True, OWN.name)
    assert bare.truth.to_json()["seal"] == {
        "present": False, "text": None, "code": None, "kind": None, "box": None,
    }  # fmt: skip
    box = sealed.truth.seal_box
    assert box is not None
    assert red_share(picture(sealed), box) > 0.02 > red_share(picture(bare), box)
