"""A cancellation screenshot becomes a proof of its case (附件3 §2 step 5)."""

from typing import TYPE_CHECKING

from casework.addresses import own_addresses
from casework.changes import Change
from casework.following import match_again
from casework.identity import case_of_proof, text_of
from casework.receipts import public, read_lines
from casework.world import check_proof, registry_of, used_serials
from procedure.acceptance import decide
from procedure.events import ProofFiled
from procedure.facts import ReceiptSection
from procedure.matching import rows_shown
from procedure.readings import DocumentReading

if TYPE_CHECKING:
    from casework.placing import Filing, Piece

NO_CASE = "proof-without-case"
_UNKNOWN = "未能确定该注销截图对应的申请，工作人员将人工查看；请确认已先提交抵销申请表。"


def file_proof(filing: "Filing", piece: "Piece") -> ReceiptSection:
    """File the screenshot and say so in a receipt's section."""
    reading = decide(piece.reading, registry_of(filing.tx))
    sender = filing.mail.answer_to
    row = case_of_proof(filing.desk, filing.tx, filing.cycle, reading, sender)
    if row is None:
        text = "注销截图的账户名称、账号与现有案件均不对应，请人工处理。"
        return filing.to_tray(piece, NO_CASE, text, shown=_UNKNOWN)
    change = Change(filing.desk, filing.tx, row.case_no)
    payload = _payload(filing, change, reading)
    change.add(payload, filing.actor, filing.evidence(piece))
    filing.placed(piece, "cancellation", row.case_no)
    match_again(change, filing.actor)
    own = sender in own_addresses(filing.tx, change.row, change.events)
    printed = text_of(reading.fields.get("account_name"))
    return ReceiptSection(
        piece.file.name,
        "cancellation",
        case_no=row.case_no,
        entity_name=row.entity_name if own else printed,
        lines=read_lines(reading),
        findings=public(payload.findings, own),
    )


def _payload(filing: "Filing", change: Change, reading: DocumentReading) -> ProofFiled:
    received = filing.message.received_at
    return ProofFiled(
        proof=len(change.state.proofs) + 1,
        received_at=received,
        reply_to=filing.mail.answer_to,
        reading=reading,
        findings=check_proof(change, reading, received, used_serials(change, reading)),
        matched_rows=rows_shown(reading, change.state.cancellations),
        rfc_message_id=filing.mail.rfc_message_id,
        subject=filing.mail.subject,
    )
