"""A cancellation screenshot becomes a proof of its case (附件3 §2 step 5)."""

from typing import TYPE_CHECKING

from casework.addresses import own_addresses
from casework.applying import Source
from casework.changes import Change
from casework.following import match_again
from casework.identity import text_of
from casework.proofcase import case_of_proof
from casework.receipts import public, read_lines
from casework.world import check_proof, registry_of, used_serials
from procedure.acceptance import decide
from procedure.events import ProofFiled
from procedure.facts import ReceiptSection
from procedure.language import _
from procedure.matching import rows_shown
from procedure.readings import DocumentReading
from procedure.shortfall import short_t

if TYPE_CHECKING:
    from casework.placing import Filing, Piece

NO_CASE = "proof-without-case"
_UNKNOWN = _("未能确定该注销截图对应的申请，工作人员将人工查看；请确认已先提交抵销申请表。").said()


def file_proof(filing: "Filing", piece: "Piece") -> ReceiptSection:
    """File the screenshot and say so in a receipt's section."""
    reading = decide(piece.reading, registry_of(filing.tx))
    sender = filing.mail.answer_to
    row = case_of_proof(filing.desk, filing.tx, filing.message.received_at, reading, sender)
    if row is None:
        text = _("注销截图的账户名称、账号与现有案件均不对应，请人工处理。").said()
        return filing.to_tray(piece, NO_CASE, text, shown=_UNKNOWN)
    change = Change(filing.desk, filing.tx, row.case_no)
    mail = filing.mail
    source = Source(
        filing.message.received_at, sender, mail.rfc_message_id, mail.subject, filing.message.id
    )
    payload = proof(change, reading, source)
    change.add(payload, filing.actor, filing.evidence(piece))
    filing.placed(piece, "cancellation", row.case_no)
    match_again(change, filing.actor)
    own = sender in own_addresses(filing.tx, change.row, change.events)
    return proof_section(piece.file.name, change, payload, own)


def proof_section(name: str, change: Change, payload: ProofFiled, own: bool) -> ReceiptSection:
    """What a receipt says of it, once it is filed.

    ``name`` is the file's, ``own`` whether the address is known.
    """
    printed = text_of(payload.reading.fields.get("account_name"))
    return ReceiptSection(
        name,
        "cancellation",
        case_no=change.case_no,
        entity_name=change.row.entity_name if own else printed,
        lines=read_lines(payload.reading),
        findings=public(payload.findings, own),
        # What was confirmed is nobody's business but the entity's.
        short_t=short_t(change.state, change.state.proofs) if own else None,
    )


def proof(change: Change, reading: DocumentReading, source: Source) -> ProofFiled:
    """A screenshot as the case's next proof, checked; ``reading`` is decided."""
    used = used_serials(change, reading)
    return ProofFiled(
        proof=len(change.state.proofs) + 1,
        received_at=source.received_at,
        reply_to=source.reply_to,
        reading=reading,
        findings=check_proof(
            change, reading, source.received_at, used, source.reply_to, source.message_id
        ),
        matched_rows=rows_shown(reading, change.state.cancellations),
        rfc_message_id=source.rfc_message_id,
        subject=source.subject,
    )
