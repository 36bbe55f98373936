"""What the checks may know when they run over the store."""

from datetime import datetime

from casework.changes import Change
from casework.senders import check_proof_sender, check_sender, message_of
from procedure.acceptance import decide, unclear
from procedure.checks import (
    ApplicationView,
    ProofView,
    World,
    check_application,
    check_cancellation,
    claim_of,
)
from procedure.events import Actor, Checked
from procedure.findings import Finding
from procedure.judged import accepted_names
from procedure.readings import DocumentReading
from procedure.registryview import RegistryView
from store import Tx

RECHECKED = frozenset({"unclear", "submitted", "received"})
"""Stages in which new records may still change what was found."""


def registry_of(tx: Tx) -> RegistryView | None:
    """The imported records; None before any import, so that a note says what did not run."""
    return tx.registry if tx.registry.imports() else None


def records_for(change: Change) -> RegistryView | None:
    """As `registry_of`, with the entities' rows of the case's own year or cycle.

    A list may hold an obligation for each year: another year's is no word on this one.
    """
    tx, year = change.tx, change.row.year
    if not tx.registry.imports():
        return None
    return tx.registry.of_years({year} if year else set(change.cycle.years))


def decided(change: Change, reading: DocumentReading) -> DocumentReading:
    """What of a reading is accepted, by what the registries say of the case's year."""
    return decide(reading, records_for(change))


def world_of(change: Change) -> World:
    """Cycle, provinces and records for the checks."""
    return World(change.cycle, change.desk.provinces, records_for(change), change.desk.served)


def check(
    change: Change, number: int, reading: DocumentReading, received_at: datetime,
    sender: str, message_id: str,
) -> tuple[Finding, ...]:  # fmt: skip
    """Findings on one application; the case's other live ones count for the cap (trap 4).

    ``sender``: the address that it came from and that answers go to; ``message_id``: the mail.
    """
    view = ApplicationView(reading, received_at, change.state.counting_t(number))
    found = check_application(view, world_of(change))
    return (*found, *check_sender(change, sender, message_id))


def check_proof(
    change: Change, reading: DocumentReading, received_at: datetime,
    used: tuple[str, ...] = (), sender: str = "", message_id: str = "",
) -> tuple[Finding, ...]:  # fmt: skip
    """Findings on one cancellation proof, against the case's confirmed applications."""
    claims = tuple(claim_of(app) for app in change.state.confirmed)
    view = ProofView(reading, received_at, claims, used)
    found = check_cancellation(view, world_of(change))
    return (*found, *check_proof_sender(change, sender, message_id))


def used_serials(change: Change, reading: DocumentReading) -> tuple[str, ...]:
    """Serials of the screenshot that the registry has for another account: a unit is used once."""
    account = (
        str(value) if (one := reading.fields.get("account_no")) and (value := one.value) else ""
    )
    serials = [str(row.serial.value) for row in reading.records if row.serial and row.serial.value]
    return change.tx.registry.serials_used(serials, account or change.state.account_no)


def recheck(change: Change, actor: Actor) -> None:
    """Check every undecided application again; an event only where something is different."""
    for app in change.state.applications:
        if app.stage not in RECHECKED:
            continue
        # New records, or a person's word on one field, may speak for or against the others.
        reading = decided(change, app.reading)
        mail = message_of(change, app.number)
        findings = check(change, app.number, reading, app.received_at, app.reply_to, mail)
        missing, accepted = unclear(reading), accepted_names(reading)
        before = (app.findings, app.unclear, accepted_names(app.reading))
        if (findings, missing, accepted) != before:
            change.add(Checked(app.number, findings, missing, accepted), actor)
