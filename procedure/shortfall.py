"""What screenshots do not show yet of what was confirmed (附件3 §2 step 5).

It is told, and decides nothing: the matching with the registry's records does that.
"""

from collections.abc import Iterable, Iterator

from procedure.casestate import CaseState, ProofState
from procedure.checking import readable
from procedure.evidence import integer, text
from procedure.matching import has_seal
from procedure.operations import is_finished, is_voluntary_cancellation
from procedure.readings import RecordRow
from procedure.values import iso_moment

Shown = tuple[str, str, int | None]
"""Project, moment (else the serial) and tonnes, None where nobody could read them: the same record
on two screenshots counts once."""


def proofs_in_order(state: CaseState) -> tuple[ProofState, ...]:
    """Screenshots whose seal is in order, by the checks or by a person's word."""
    return tuple(p for p in state.proofs if p.accepted_rows is not None or has_seal(p))


def short_t(state: CaseState, proofs: Iterable[ProofState]) -> int | None:
    """Confirmed tonnes that these screenshots do not show.

    None where it cannot be told: nothing is confirmed, there is no screenshot, or a quantity on
    one could not be read.
    """
    found = tuple(proofs)
    if not found or not state.confirmed:
        return None
    if not any(app.stage in ("confirmed", "cancelled") for app in state.confirmed):
        return 0
    confirmed = sum(app.amount_t or 0 for app in state.confirmed if app.counts)
    shown = {one for proof in found for one in _shown(state, proof)}
    read = [tonnes for _, _, tonnes in shown if tonnes is not None]
    return max(0, confirmed - sum(read)) if len(read) == len(shown) else None


def _shown(state: CaseState, proof: ProofState) -> Iterator[Shown]:
    if proof.accepted_rows is None:
        yield from (_read(row) for row in proof.filed.reading.records if _counts(row))
        return
    for one in state.cancellations:
        if one.row in proof.accepted_rows:
            record = one.record
            when = iso_moment(record.time) if record.time else record.serial
            yield record.project_code, when, record.quantity_t


def _counts(row: RecordRow) -> bool:
    """A finished voluntary cancellation, as far as the screenshot says."""
    done = row.status is None or is_finished(text(row.status))
    return done and is_voluntary_cancellation(text(row.operation))


def _read(row: RecordRow) -> Shown:
    tonnes = integer(row.quantity_t) if readable(row.quantity_t) else None
    return text(row.project_code), text(row.time) or text(row.serial), tonnes
