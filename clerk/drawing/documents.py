"""One document in one tier, with its truth."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from PIL import Image

from clerk.drawing import damage
from clerk.drawing.content import Application, Cancellation, SealPlan
from clerk.drawing.damage import Damaged
from clerk.drawing.forms import form_sheet, values
from clerk.drawing.paint import paint
from clerk.drawing.pdf import image_pdf, text_pdf
from clerk.drawing.screens import printed_screen, record_values, screen_sheet
from clerk.drawing.sheet import Sheet
from clerk.drawing.style import Style
from clerk.drawing.truth import Truth, TruthField
from clerk.drawing.word import form_docx
from procedure.clock import BEIJING

Tier = Literal["digital", "docx", "clean", "office", "phone", "hard"]
TIERS: tuple[Tier, ...] = ("digital", "docx", "clean", "office", "phone", "hard")


@dataclass(frozen=True)
class Drawn:
    """A document's file and its truth; ``name`` has the ending of its type."""

    name: str
    data: bytes
    truth: Truth


@dataclass(frozen=True)
class _File:
    ending: str
    data: bytes
    damaged: Damaged | None
    """None: places are those of the sheet."""


def draw_application(
    app: Application, style: Style, tier: Tier, seed: int, seal: SealPlan | None
) -> Drawn:
    """An application form. ``seal`` None: not sealed. The same arguments give the same bytes."""
    if tier == "hard":
        style = replace(style, seal_over="amount") if seed % 2 else style
    sheet = form_sheet(app, style, seal, seed)
    meant = _application_values(app)
    if tier == "docx":
        return _pageless(app, style, seed, seal, meant)
    file = _file(sheet, tier, seed)
    return Drawn(
        f"form{file.ending}",
        file.data,
        _truth("application", sheet, file, tier, seed, meant, seal, style),
    )


def draw_cancellation(
    said: Cancellation, style: Style, tier: Tier, seed: int, seal: SealPlan | None
) -> Drawn:
    """A registry screenshot: as it is in tier digital, printed and sealed in the others."""
    if style.screen in ("detail", "cards") and len(said.records) > 1:
        style = replace(style, screen="list")
    meant = _cancellation_values(said)
    if tier == "digital":
        sheet = screen_sheet(said, style)
        file, seal = _File(".png", _png(paint(sheet, 96, seed)), None), None
    else:
        sheet = printed_screen(said, style, seal, seed)
        file = _file(sheet, tier, seed)
    truth = _truth("cancellation", sheet, file, tier, seed, meant, seal, style)
    return Drawn(f"screenshot{file.ending}", file.data, truth)


def _file(sheet: Sheet, tier: Tier, seed: int) -> _File:
    return _MAKERS[tier](sheet, seed, np.random.default_rng(seed))


def _digital(sheet: Sheet, seed: int, _: np.random.Generator) -> _File:
    return _File(".pdf", text_pdf(sheet, seed), None)


def _print(sheet: Sheet, seed: int, _: np.random.Generator) -> _File:
    """A docx case's screenshot: a clean picture of the printed page."""
    return _File(".png", _png(paint(sheet, 150, seed)), None)


def _clean(sheet: Sheet, seed: int, rng: np.random.Generator) -> _File:
    page = damage.whole(paint(sheet, 300, seed))
    page = damage.scanned(page, rng, rng.uniform(-0.2, 0.2), 1.2)
    return _File(".pdf", image_pdf([page.picture], 300, 88), page)


def _office(sheet: Sheet, seed: int, rng: np.random.Generator) -> _File:
    page = damage.whole(paint(sheet, 200, seed))
    grey = bool(rng.random() < 0.4)
    page = damage.scanned(page, rng, rng.uniform(-1.2, 1.2), 4.0, grey)
    if rng.random() < 0.5:
        return _File(".pdf", image_pdf([page.picture], 200, 60), page)
    return _File(".jpg", damage.jpeg(page.picture, 60), page)


def _phone(sheet: Sheet, seed: int, rng: np.random.Generator) -> _File:
    """From near or far, by a hand more or less steady."""
    dpi = int(rng.integers(190, 281))
    page = damage.whole(paint(sheet, dpi, seed, paper=(250, 249, 245)))
    page = damage.photographed(page, rng, moire=bool(rng.random() < 0.2))
    length, blur = rng.uniform(0, 10) * dpi / 280, rng.uniform(0.4, 1.5) * dpi / 280
    page = damage.shaken(page, length, rng.uniform(0, 180), blur)
    if rng.random() < 0.25:
        page = damage.quarter_turned(page, int(rng.choice([1, 3])))
    return _File(".jpg", damage.jpeg(page.picture, int(rng.integers(40, 80))), page)


def _hard(sheet: Sheet, seed: int, rng: np.random.Generator) -> _File:
    page = damage.worn(damage.whole(paint(sheet, 150, seed)), rng)
    page = damage.scanned(page, rng, rng.uniform(-2.5, 2.5), 7.0, bool(rng.random() < 0.4))
    page = damage.quarter_turned(page, int(rng.integers(4)))
    return _File(".jpg", damage.jpeg(page.picture, 45), page)


_MAKERS: Mapping[Tier, Callable[[Sheet, int, np.random.Generator], _File]] = {
    "digital": _digital,
    "docx": _print,
    "clean": _clean,
    "office": _office,
    "phone": _phone,
    "hard": _hard,
}


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _pageless(
    app: Application,
    style: Style,
    seed: int,
    seal: SealPlan | None,
    meant: Mapping[str, str | int],
) -> Drawn:
    said = values(app, style)
    for index, line in enumerate(app.projects):
        said[f"projects[{index}].name"] = line.name
        said[f"projects[{index}].code"] = line.code
        said[f"projects[{index}].amount_t"] = style.tonnes(line.amount_t)
    fields = {key: TruthField(said[key], meant[key]) for key in said}
    truth = Truth(
        "application",
        "docx",
        seed,
        fields,
        seal.text if seal else None,
        (seal.code or None) if seal else None,
        seal_kind=seal.kind if seal else "",
        traits=_traits(style),
    )
    return Drawn("form.docx", form_docx(app, style, seal, seed), truth)


def _truth(
    kind: str,
    sheet: Sheet,
    file: _File,
    tier: Tier,
    seed: int,
    meant: Mapping[str, str | int],
    seal: SealPlan | None,
    style: Style,
) -> Truth:
    move = file.damaged.box if file.damaged else lambda box: box
    printed = sheet.printed()
    fields = {
        key: TruthField(printed[key], meant[key], move(box))
        for key, box in sheet.boxes().items()
        if key in meant
    }
    seal_box = sheet.seal_box()
    return Truth(
        kind,
        tier,
        seed,
        fields,
        seal.text if seal else None,
        (seal.code or None) if seal else None,
        move(seal_box) if seal_box else None,
        seal_kind=seal.kind if seal else "",
        traits=_traits(style),
    )


def _traits(style: Style) -> dict[str, str]:
    return {
        "unit": style.unit,
        "layout": style.layout,
        "screen": style.screen,
        "font": style.face.name,
        "hand": style.hand.name if style.hand else "",
    }


def _application_values(app: Application) -> dict[str, str | int]:
    company = app.company
    meant: dict[str, str | int] = {
        "enterprise_name": company.name,
        "uscc": company.uscc,
        "province": company.province,
        "obligation_t": app.obligation_t,
        "offset_t": app.offset_t,
        "account_no": company.account_no,
        "contact": company.contact,
        "phone": company.phone,
        "date": app.date.isoformat(),
    }
    for index, line in enumerate(app.projects):
        meant[f"projects[{index}].name"] = line.name
        meant[f"projects[{index}].code"] = line.code
        meant[f"projects[{index}].amount_t"] = line.amount_t
    return meant


def _cancellation_values(said: Cancellation) -> dict[str, str | int]:
    meant: dict[str, str | int] = {
        "account_name": said.account_name,
        "account_no": said.account_no,
    }
    for index, record in enumerate(one for one in said.records if one.counted):
        cells: dict[str, str | int] = dict(record_values(record))
        cells["quantity_t"] = record.quantity_t
        cells["time"] = record.time.replace(tzinfo=BEIJING).isoformat()
        meant.update({f"records[{index}].{name}": value for name, value in cells.items()})
    return meant
