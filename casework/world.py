"""What the checks may know when they run over the store."""

from datetime import datetime

from casework.addresses import entity_of, own_of
from casework.changes import Change
from casework.desk import Desk
from procedure.acceptance import decide, unclear
from procedure.checks import (
    ApplicationView,
    ProofView,
    World,
    check_application,
    check_cancellation,
    claim_of,
)
from procedure.cycle import Cycle
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


def world_of(desk: Desk, tx: Tx, cycle: Cycle) -> World:
    """Cycle, provinces and records for the checks."""
    return World(cycle, desk.provinces, registry_of(tx), desk.served)


def check(
    change: Change, number: int, reading: DocumentReading, received_at: datetime, sender: str
) -> tuple[Finding, ...]:
    """Findings on one application; the case's other live ones count for the cap (trap 4).

    ``sender``: the address that it came from and that answers go to.
    """
    view = ApplicationView(reading, received_at, change.state.counting_t(number))
    found = check_application(view, world_of(change.desk, change.tx, change.cycle))
    return (*found, *_sender(change, sender))


def _sender(change: Change, sender: str) -> tuple[Finding, ...]:
    """Anybody can send a form in another's name: the province should look who did."""
    entity = entity_of(change.tx, change.row)
    known = own_of(entity.emails if entity else (), change.events)
    if entity is None or not entity.emails or sender.lower() in known:
        return ()
    message = f"来件邮箱 {sender} 不是该单位登记的邮箱，请核实申请是否由该单位提出。"
    clause = change.cycle.clause("sender-unknown")
    public = "来件邮箱与登记信息须核实。"
    return (Finding("sender-unknown", clause, "warning", message, found=sender, public=public),)


def check_proof(
    change: Change, reading: DocumentReading, received_at: datetime, used: tuple[str, ...] = ()
) -> tuple[Finding, ...]:
    """Findings on one cancellation proof, against the case's confirmed applications."""
    claims = tuple(claim_of(app) for app in change.state.confirmed)
    view = ProofView(reading, received_at, claims, used)
    return check_cancellation(view, world_of(change.desk, change.tx, change.cycle))


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
        reading = decide(app.reading, registry_of(change.tx))
        findings = check(change, app.number, reading, app.received_at, app.reply_to)
        missing, accepted = unclear(reading), accepted_names(reading)
        before = (app.findings, app.unclear, accepted_names(app.reading))
        if (findings, missing, accepted) != before:
            change.add(Checked(app.number, findings, missing, accepted), actor)
