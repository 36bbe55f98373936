"""Hundreds of pairs of documents over all tiers, with faults planted on purpose."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from clerk.drawing.content import Application, Cancellation, Company, RecordLine, SealPlan
from clerk.drawing.documents import TIERS, Drawn, Tier, draw_application, draw_cancellation
from clerk.drawing.fonts import Face, faces
from clerk.drawing.invent import company, projects, seal_code
from clerk.drawing.style import DONE, Style, random_style
from procedure import uscc

FAULTS = (
    "offset-cap",
    "uscc-check",
    "seal-name",
    "seal-missing",
    "seal-kind",
    "form-date",
    "rows-total",
    "cancel-quantity",
)
"""Rule ids that `corpus` plants, one a pair."""
_FIRST_DAY, _LAST_DAY = date(2021, 10, 26), date(2021, 12, 10)


@dataclass(frozen=True)
class Pair:
    """A form and the screenshot that belongs to it."""

    number: int
    tier: Tier
    form: Drawn
    screenshot: Drawn
    fault: str = ""


def corpus(
    seed: int,
    count: int,
    tiers: Sequence[Tier] = TIERS,
    fault_share: float = 0.4,
    fonts: Sequence[Face] = (),
    hands: Sequence[Face] = (),
) -> Iterator[Pair]:
    """``count`` pairs, tiers in turn; about ``fault_share`` of them with one planted fault.

    Deterministic for a seed, count-independent: pair n is the same in a longer corpus. ``fonts``
    default to the packaged one and those of this system; with ``hands`` half of the forms of tier
    hard are filled in by hand.
    """
    for number in range(count):
        rng = Random(f"{seed}/{number}")  # noqa: S311  drawing, not secrets
        yield _pair(number, tiers[number % len(tiers)], rng, fonts or faces(), fault_share, hands)


def _pair(
    number: int,
    tier: Tier,
    rng: Random,
    fonts: Sequence[Face],
    fault_share: float,
    hands: Sequence[Face],
) -> Pair:
    fault = rng.choice(FAULTS) if rng.random() < fault_share else ""
    own, other = company(rng), company(rng)
    written = tier == "hard" and bool(hands) and rng.random() < 0.5
    style = random_style(rng, fonts, hands if written else ())
    app = _application(rng, own, fault)
    said = _cancellation(rng, app, fault)
    seal = _seal(own, other, fault, rng)
    seed = rng.randrange(2**31)
    form = draw_application(app, style, tier, seed, seal)
    proof_seal = SealPlan(own.name, seal_code(own.uscc[2:4], seed))
    shot = draw_cancellation(said, style, tier, seed + 1, proof_seal)
    return Pair(number, tier, _planted(form, fault, style), _planted_shot(shot, fault), fault)


def _application(rng: Random, own: Company, fault: str) -> Application:
    obligation = rng.randrange(40_000, 40_000_000)
    cap = obligation * 5 // 100
    offset = cap + rng.randrange(1, 9_000) if fault == "offset-cap" else rng.randint(cap // 2, cap)
    rows = projects(rng, offset, rng.choice((1, 1, 2, 3)))
    day = _FIRST_DAY + timedelta(rng.randrange((_LAST_DAY - _FIRST_DAY).days + 1))
    if fault == "form-date":
        day = rng.choice((_FIRST_DAY - timedelta(30), _LAST_DAY + timedelta(7)))
    if fault == "uscc-check":
        own = replace(own, uscc=_broken(rng, own.uscc))
    total = offset if len(rows) > 1 or rng.random() < 0.5 else None
    if fault == "rows-total":
        rows = (replace(rows[0], amount_t=rows[0].amount_t + 10), *rows[1:])
        total = offset
    return Application(own, obligation, offset, rows, day, total)


def _broken(rng: Random, code: str) -> str:
    last = rng.choice([char for char in uscc.ALPHABET if char != code[-1]])
    return code[:-1] + last


def _cancellation(rng: Random, app: Application, fault: str) -> Cancellation:
    at = datetime(2021, 12, 11, 9, 0) + timedelta(seconds=rng.randrange(4 * 86_400))  # noqa: DTZ001
    status = rng.choice(DONE)
    records: list[RecordLine] = []
    for line in app.projects:
        quantity = line.amount_t
        if fault == "cancel-quantity" and not records:
            quantity += rng.choice((-1, 1)) * rng.randrange(1, max(2, quantity // 3))
        first = rng.randrange(10**8, 9 * 10**8)
        serial = f"{first}-{first + quantity - 1}"
        records.append(RecordLine(line.name, line.code, quantity, at, serial, status=status))
    if rng.random() < 0.25:
        moved = replace(records[0], operation="交易转入", time=at - timedelta(days=9))
        records.append(moved)
    return Cancellation(app.company.name, app.company.account_no, tuple(records))


def _seal(own: Company, other: Company, fault: str, rng: Random) -> SealPlan | None:
    if fault == "seal-missing":
        return None
    owner = other if fault == "seal-name" else own
    kind = rng.choice(("合同专用章", "财务专用章")) if fault == "seal-kind" else ""
    return SealPlan(owner.name, seal_code(owner.uscc[2:4], rng.randrange(10**7)), kind)


def _planted(form: Drawn, fault: str, style: Style) -> Drawn:
    planted = (fault,) if fault and fault != "cancel-quantity" else ()
    traits = {**form.truth.traits, "wording": style.wording}
    return replace(form, truth=replace(form.truth, planted=planted, traits=traits))


def _planted_shot(shot: Drawn, fault: str) -> Drawn:
    planted = (fault,) if fault == "cancel-quantity" else ()
    return replace(shot, truth=replace(shot.truth, planted=planted))
