"""The demo's documents: what each entity sends in, drawn from the demo's world."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from PIL import Image

from clerk.demo.data import DAY, DemoWorld
from clerk.drawing import damage
from clerk.drawing.content import (
    Application,
    Cancellation,
    Company,
    ProjectLine,
    RecordLine,
    SealPlan,
)
from clerk.drawing.documents import Drawn, Tier, draw_application, draw_cancellation
from clerk.drawing.fonts import packaged
from clerk.drawing.forms import form_sheet
from clerk.drawing.invent import seal_code
from clerk.drawing.paint import paint
from clerk.drawing.pdf import image_pdf
from clerk.drawing.screens import account_screen
from clerk.drawing.style import Style
from procedure.clock import beijing
from procedure.registry import Entity

_CONTACTS = ("陈样本", "周演示", "吴示平", "郑样芳", "冯演军", "沈示洋", "韩样敏", "朱演涛")
_PROVINCES = {"13": "河北省", "37": "山东省", "66": "新疆生产建设兵团"}
UNOPENED = "CN-100-3709999"
"""An account number that no registry knows."""

# entity → (project → tonnes); the fourth is over its cap of 96,800.
CLAIMS: Mapping[int, Mapping[str, int]] = {
    0: {"CCER-0364": 140_000, "CCER-0730": 70_000},
    1: {"JX-2013-304": 117_520},
    2: {"CCER-0364": 460_000, "CCER-1194": 150_000},
    3: {"CCER-0730": 98_800},
    4: {"JX-2013-304": 156_000},
    5: {"CCER-1194": 48_000},
    6: {"CCER-1194": 37_000},
    7: {"CCER-0730": 400_000},
}
_STYLES: tuple[Style, ...] = (
    Style(packaged(), "grid", wording=0, separator=",", opinion=True),
    Style(packaged(), "list", wording=1, separator=",", unit_after=True, opinion=True, day=2),
    Style(packaged(), "list", wording=2, separator=",", opinion=True, hue=1),
    Style(packaged(), "stacked", wording=3, separator=","),
    Style(packaged(), "grid", wording=2, hue=2),
    Style(packaged(), "list", wording=0, separator=",", day=1),
    Style(packaged(), "grid", wording=1, day=2),
    Style(packaged(), "list", wording=3, separator=","),
)


def company(world: DemoWorld, number: int) -> Company:
    """What entity ``number`` prints about itself."""
    entity: Entity = world.entities[number]
    return Company(
        entity.name,
        entity.uscc,
        _PROVINCES[entity.province],
        entity.account_no or UNOPENED,
        _CONTACTS[number],
        f"138001380{number + 11}",
    )


def application(
    world: DemoWorld, number: int, claim: Mapping[str, int] | None = None
) -> Application:
    """The form of entity ``number``; ``claim``: other amounts than the first form's."""
    names = {project.code: project.name for project in world.projects}
    claimed = claim or CLAIMS[number]
    lines = tuple(ProjectLine(names[code], code, tonnes) for code, tonnes in claimed.items())
    total = sum(line.amount_t for line in lines)
    obligation = world.entities[number].obligation_t
    return Application(
        company(world, number), obligation, total, lines, DAY, total if len(lines) > 1 else None
    )


def seal(world: DemoWorld, number: int) -> SealPlan:
    """The official seal of entity ``number``."""
    entity = world.entities[number]
    return SealPlan(entity.name, seal_code(entity.province, 4_000_000 + number))


def form(world: DemoWorld, number: int, tier: Tier, sealed_by: int | None = None) -> Drawn:
    """The form of entity ``number``; ``sealed_by``: whose seal it bears where not its own."""
    stamp = seal(world, number if sealed_by is None else sealed_by)
    return _drawn(application(world, number), _STYLES[number], tier, 100 + number, stamp)


def corrected_form(world: DemoWorld, number: int, claim: tuple[tuple[str, int], ...]) -> Drawn:
    """A further form of entity ``number`` with these amounts, as text PDF."""
    app = application(world, number, dict(claim))
    return _drawn(app, _STYLES[number], "digital", 200 + number, seal(world, number))


def screenshot(world: DemoWorld, number: int, tier: Tier) -> Drawn:
    """The sealed screenshot of the cancellations of entity ``number``."""
    entity, style = world.entities[number], _STYLES[number]
    records = tuple(
        RecordLine(
            row.project_name,
            row.project_code,
            row.quantity_t,
            beijing(row.time).replace(tzinfo=None),
            row.serial,
        )
        for row in world.cancellations
        if row.account_no == entity.account_no and row.time is not None
    )
    said = Cancellation(entity.name, entity.account_no, records)
    if len(records) == 1:
        style = replace(style, screen="detail")
    return _screenshot(said, style, tier, 300 + number, seal(world, number))


def unreadable(world: DemoWorld, number: int) -> bytes:
    """A scan out of focus: a PDF that nobody can read."""
    sheet = form_sheet(application(world, number), _STYLES[number], seal(world, number), number)
    page = damage.whole(paint(sheet, 120, number))
    page = damage.scanned(page, np.random.default_rng(number), 1.4, 5.0, grey=True)
    return image_pdf([damage.blurred(page.picture, 9)], 120, 40)


def account_proof(world: DemoWorld, number: int) -> bytes:
    """A PNG of the registry's account page: belongs to the case, is neither form nor proof."""
    own = company(world, number)
    sheet = account_screen(own.name, own.account_no, _STYLES[number])
    out = io.BytesIO()
    paint(sheet, 96, number).save(out, "PNG")
    return out.getvalue()


def logo() -> bytes:
    """A small picture as mail signatures carry it: decoration, never a document."""
    picture = Image.new("RGB", (120, 36), (236, 243, 240))
    for x in range(0, 120, 12):
        picture.paste((0, 121, 107), (x, 28 - x // 6, x + 7, 32))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def gbk_zip(files: Sequence[tuple[str, bytes]]) -> bytes:
    """A zip as Windows makes it in China: names in GBK, and nothing that says so."""
    out, names = io.BytesIO(), []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, data) in enumerate(files):
            coded = name.encode("gbk")
            # zipfile writes Chinese names as UTF-8 only: stand-ins of the same length go first.
            stand_in = f"\x7f{number}".encode().ljust(len(coded), b"\x7f")
            names.append((stand_in, coded))
            info = zipfile.ZipInfo(stand_in.decode("ascii"), (2021, 11, 26, 9, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    packed = out.getvalue()
    for stand_in, coded in names:
        packed = packed.replace(stand_in, coded)
    return packed


@cache
def _drawn(app: Application, style: Style, tier: Tier, seed: int, stamp: SealPlan) -> Drawn:
    return draw_application(app, style, tier, seed, stamp)


@cache
def _screenshot(said: Cancellation, style: Style, tier: Tier, seed: int, stamp: SealPlan) -> Drawn:
    return draw_cancellation(said, style, tier, seed, stamp)
