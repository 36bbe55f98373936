"""The conditions of the procedure as rules. Each finding names its rule and clause.

Severities: ``error`` blocks confirmation (or, on a proof, verification), ``warning`` asks for a
look, ``note`` tells. A value that is not accepted never gives an error: it gives a warning where it
was read well enough to be worth a look, else nothing, for a false alarm costs the entity's trust.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from procedure import checks_cancel, checks_paper, checks_project, checks_registry, checks_seal
from procedure.casestate import ApplicationState
from procedure.checking import Claim, Inquiry, World, accepted, comparable, legible, readable
from procedure.evidence import integer, text
from procedure.findings import Finding
from procedure.readings import DocumentReading, Reading

__all__ = [
    "ApplicationView",
    "Claim",
    "ProofView",
    "World",
    "check_application",
    "check_cancellation",
    "claim_of",
    "claim_of_reading",
]


@dataclass(frozen=True)
class ApplicationView:
    """An application as the checks see it. ``reading`` has acceptance and corrections applied."""

    reading: DocumentReading
    received_at: datetime | None = None
    """None where nothing was received (`clerk read`): the window is not judged then."""
    others_t: int = 0
    """Tonnes of the entity's other live applications in the cycle (and year): trap 4."""


@dataclass(frozen=True)
class ProofView:
    """A cancellation screenshot, and what was to be cancelled."""

    reading: DocumentReading
    received_at: datetime | None = None
    claims: tuple[Claim, ...] = ()
    """The entity's confirmed applications (or, for `clerk read`, its form in the same call)."""
    used_serials: tuple[str, ...] = ()
    """Serial texts of other cancellations: not of an earlier screenshot of the same records."""


def check_application(app: ApplicationView, world: World) -> tuple[Finding, ...]:
    """All findings on one application form, in the order of the paper's road."""
    ask = Inquiry(app.reading, world, app.received_at)
    found = [
        *checks_paper.required(ask),
        *checks_paper.credit_code(ask),
        *checks_paper.window(ask),
        *checks_paper.form_date(ask),
        *checks_registry.entity(ask),
        *checks_registry.province(ask),
        *checks_registry.obligation(ask),
        *checks_registry.offset_cap(ask, app.others_t),
        *checks_paper.rows_total(ask),
        *checks_registry.account(ask),
        *checks_registry.holdings(ask),
        *checks_project.projects(ask),
        *checks_seal.seals(ask, "enterprise_name"),
        *checks_registry.not_run(ask, ("entities", "accounts", "holdings", "projects")),
    ]
    return tuple(found)


def check_cancellation(proof: ProofView, world: World) -> tuple[Finding, ...]:
    """All findings on one screenshot of finished cancellations (附件3 §2 step 5)."""
    ask = Inquiry(proof.reading, world, proof.received_at)
    found = [
        *checks_cancel.operations(ask),
        *checks_cancel.account(ask, proof.claims),
        *checks_cancel.projects(ask, proof.claims),
        *checks_cancel.quantities(ask, proof.claims),
        *checks_cancel.records(ask),
        *checks_cancel.times(ask, proof.claims),
        *checks_cancel.serials(ask, proof.used_serials),
        *checks_seal.seals(ask, "account_name"),
        *checks_registry.not_run(ask, ("accounts", "cancellations")),
    ]
    return tuple(found)


def claim_of(app: ApplicationState) -> Claim:
    """What a confirmed application is to cancel."""
    doc = app.reading
    claim = claim_of_reading(doc, app.number)
    # What a person has confirmed is compared as well as it can be.
    projects = tuple((_text(row.code), _tonnes(row.amount_t)) for row in doc.projects)
    confirmed_at = app.confirmed.at if app.confirmed else None
    return replace(
        claim,
        amount_t=app.amount_t,
        projects=projects,
        confirmed_at=confirmed_at,
        entity_sure=True,
        sure=True,
    )


def claim_of_reading(reading: DocumentReading, number: int = 1) -> Claim:
    """What a form as read asks to cancel; ``sure`` where its amounts are accepted.

    What was not even read well is left out: a difference to it would say nothing.
    """
    offset = reading.fields.get("offset_t")
    return Claim(
        number=number,
        amount_t=_tonnes(offset) if legible(reading, offset) else None,
        account_no=_text(reading.fields.get("account_no")),
        entity_name=_text(reading.fields.get("enterprise_name")),
        entity_sure=accepted((reading.fields.get("enterprise_name"),)),
        projects=tuple(
            (_text(row.code), _tonnes(row.amount_t) if legible(reading, row.amount_t) else None)
            for row in reading.projects
        ),
        sure=accepted((offset, *(row.amount_t for row in reading.projects))),
    )


def _tonnes(amount: Reading | None) -> int | None:
    return integer(amount) if comparable(amount) else None


def _text(reading: Reading | None) -> str:
    return text(reading) if readable(reading) else ""
