"""An application form becomes an application, or a new version of an unconfirmed one.

附件3 §2 step 3. What was confirmed stays: a form after that is a further application, and the
amounts add up (trap 6). Staff can switch the one into the other.
"""

from typing import TYPE_CHECKING

from casework.addresses import own_addresses
from casework.changes import Change
from casework.identity import Identity, identify, open_case, text_of
from casework.receipts import public, read_lines
from casework.world import check, registry_of
from procedure.acceptance import decide, unclear
from procedure.case import next_place
from procedure.events import ApplicationFiled
from procedure.facts import ReceiptSection

if TYPE_CHECKING:
    from casework.placing import Filing, Piece

NO_ENTITY = "entity-unreadable"
NO_PROVINCE = "province-unknown"


def file_application(filing: "Filing", piece: "Piece") -> ReceiptSection:
    """File the form and say so in a receipt's section."""
    identity = identify(filing.desk, filing.tx, piece.reading)
    if identity is None:
        text = "申请表上的单位名称和统一社会信用代码均未能识别，请人工登记。"
        return filing.to_tray(piece, NO_ENTITY, text, shown=_UNREAD)
    if not identity.province:
        text = f"无法确定“{identity.name}”所属省份，或不在本系统服务范围内，请人工处理。"
        return filing.to_tray(piece, NO_PROVINCE, text, shown=_WHERE)
    return _file(filing, piece, identity)


_UNREAD = (
    "未能识别单位名称和统一社会信用代码，工作人员将人工查看；也可改发 .docx 或更清晰的扫描件。"
)
_WHERE = "未能确定所属省份，请在申请表中写明所属省份后重新发送，或向所属省级生态环境主管部门申请。"


def _file(filing: "Filing", piece: "Piece", identity: Identity) -> ReceiptSection:
    desk, tx, cycle = filing.desk, filing.tx, filing.cycle
    case_no = open_case(tx, cycle, identity)
    change = Change(desk, tx, case_no)
    reading = decide(piece.reading, registry_of(tx))
    number, version = next_place(change.state)
    received = filing.message.received_at
    payload = ApplicationFiled(
        application=number,
        version=version,
        received_at=received,
        reply_to=filing.mail.answer_to,
        reading=reading,
        findings=check(change, number, reading, received, filing.mail.answer_to),
        unclear=unclear(reading),
        rfc_message_id=filing.mail.rfc_message_id,
        subject=filing.mail.subject,
    )
    change.add(payload, filing.actor, filing.evidence(piece))
    filing.placed(piece, "application", case_no, number)
    own = filing.mail.answer_to in own_addresses(tx, change.row, change.events)
    return _section(piece, change, payload, own)


def _section(
    piece: "Piece", change: Change, payload: ApplicationFiled, own: bool
) -> ReceiptSection:
    missing = any(finding.rule == "account-owner" for finding in payload.findings)
    printed = text_of(payload.reading.fields.get("enterprise_name"))
    return ReceiptSection(
        piece.file.name,
        "application",
        case_no=change.case_no,
        # That it is the second one, or whose code it is, is for the entity alone.
        application=payload.application if own else 0,
        version=payload.version if own else 0,
        entity_name=change.row.entity_name if own else printed,
        lines=read_lines(payload.reading),
        findings=public(payload.findings, own),
        exchanges=change.cycle.exchanges if missing else (),
    )
