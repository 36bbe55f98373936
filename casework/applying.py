"""An application form becomes an application, or a new version of an unconfirmed one.

附件3 §2 step 3. What was confirmed stays: a form after that is a further application, and the
amounts add up (trap 6). Staff can switch the one into the other.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from casework.addresses import own_addresses
from casework.changes import Change
from casework.identity import Identity, identify, open_case, text_of
from casework.labels import moment
from casework.newversions import add_filed
from casework.receipts import public, read_lines
from casework.world import check, decided, registry_of
from casework.years import under
from procedure.acceptance import decide, unclear
from procedure.case import next_place
from procedure.events import ApplicationFiled
from procedure.facts import ReceiptSection
from procedure.language import _
from procedure.readings import DocumentReading

if TYPE_CHECKING:
    from casework.placing import Filing, Piece

NO_ENTITY = "entity-unreadable"
NO_PROVINCE = "province-unknown"
NO_YEAR = "year-unknown"
OVERTAKEN = "overtaken"


def file_application(filing: "Filing", piece: "Piece") -> ReceiptSection:
    """File the form and say so in a receipt's section."""
    identity = identify(filing.desk, filing.tx, piece.reading)
    if identity is None:
        text = _("申请表上的单位名称和统一社会信用代码均未能识别，请人工登记。").said()
        return filing.to_tray(piece, NO_ENTITY, text, shown=_UNREAD)
    if not identity.province:
        return _of_no_desk(filing, piece, identity)
    reading = decide(piece.reading, registry_of(filing.tx))
    received = filing.message.received_at
    where = under(filing.desk, filing.tx, reading, identity.entity, received)
    if where is None:
        text = _("“{name}”的申请表未能确定所属年度，或该年度不在受理范围内，请人工登记。").said(
            name=identity.name
        )
        return filing.to_tray(piece, NO_YEAR, text, shown=_WHICH_YEAR)
    filing.cycle = where.cycle
    return _file(filing, piece, identity.of(where.year))


_UNREAD = _(
    "未能识别单位名称和统一社会信用代码，工作人员将人工查看；也可改发 .docx 或更清晰的扫描件。"
).said()
_WHICH_YEAR = _(
    "未能确定申请表所属年度，工作人员将人工查看；请在申请表中写明所属年度，每年度一表。"
).said()
_WHERE = _(
    "未能确定所属省份，请在申请表中写明所属省份后重新发送，或向所属省级生态环境主管部门申请。"
).said()


def _of_no_desk(filing: "Filing", piece: "Piece", identity: Identity) -> ReceiptSection:
    """To a person; the entity is told whose the form is, where it says so."""
    if (other := identity.elsewhere) is None:
        text = _("无法确定“{name}”所属省份，请人工处理。").said(name=identity.name)
        return filing.to_tray(piece, NO_PROVINCE, text, shown=_WHERE)
    text = _("“{name}”所属省份为{province}，不在本系统服务范围内，请人工处理。").said(
        name=identity.name, province=other.name
    )
    shown = _("所属省份为{province}，不由本邮箱受理，请向{authority}申请。").said(
        province=other.name, authority=other.authority
    )
    return filing.to_tray(piece, NO_PROVINCE, text, shown=shown, waits=True)


def _file(filing: "Filing", piece: "Piece", identity: Identity) -> ReceiptSection:
    tx, mail = filing.tx, filing.mail
    change = Change(filing.desk, tx, open_case(tx, filing.cycle, identity))
    newest = _newest(change)
    if newest and (newest > filing.message.received_at or _waits(filing, piece)):
        return _overtaken(filing, piece, change, newest)
    source = Source(
        filing.message.received_at, mail.answer_to, mail.rfc_message_id, mail.subject,
        filing.message.id,
    )  # fmt: skip
    payload = application(change, decided(change, piece.reading), source)
    add_filed(change, payload, filing.actor, filing.evidence(piece))
    filing.placed(piece, "application", change.case_no, payload.application)
    return section(piece.file.name, change, payload, _own(filing, change))


def _own(filing: "Filing", change: Change) -> bool:
    """Whether the mail came from an address that is the entity's."""
    return filing.mail.answer_to in own_addresses(filing.tx, change.row, change.events)


def _overtaken(
    filing: "Filing", piece: "Piece", change: Change, newest: datetime
) -> ReceiptSection:
    """To a person; that the case has a newer form is for the entity alone (trap 9)."""
    text = _LATER.said(name=change.row.entity_name, number=change.case_no, at=moment(newest))
    shown = _OVERTAKEN if _own(filing, change) else _LOOKED_AT
    return filing.to_tray(piece, OVERTAKEN, text, shown=shown, waits=True)


_OVERTAKEN = _("您随后发送的申请表已先行受理，本表未作为新版本受理，工作人员将人工核对。").said()
_LOOKED_AT = _("本表由工作人员人工核对后登记。").said()
_LATER = _(
    "“{name}”（{number}）有收件更晚（{at}）的申请表已先行受理，本表较早收到、较晚读完，"
    "未作为新版本受理，请人工核对后登记或忽略。"
)


def _newest(change: Change) -> datetime | None:
    """When the case's newest form came; None where it has none.

    A mail that took long (or was tried again) must not replace what was sent after it.
    """
    came = [v.received_at for app in change.state.applications for v in app.versions]
    return max(came, default=None)


def _waits(filing: "Filing", piece: "Piece") -> bool:
    """Whether the very same file waits as overtaken: sent once more it is no newer one."""
    return filing.tx.tray.waits(piece.file.sha256, OVERTAKEN)


@dataclass(frozen=True)
class Source:
    """The mail that a document came with."""

    received_at: datetime
    reply_to: str
    rfc_message_id: str = ""
    subject: str = ""
    message_id: str = ""
    """`store`'s."""


def application(change: Change, reading: DocumentReading, source: Source) -> ApplicationFiled:
    """A form as the case's next version or application, checked; ``reading`` is decided."""
    number, version = next_place(change.state)
    return ApplicationFiled(
        application=number,
        version=version,
        received_at=source.received_at,
        reply_to=source.reply_to,
        reading=reading,
        findings=check(
            change, number, reading, source.received_at, source.reply_to, source.message_id
        ),
        unclear=unclear(reading),
        rfc_message_id=source.rfc_message_id,
        subject=source.subject,
    )


def section(name: str, change: Change, payload: ApplicationFiled, own: bool) -> ReceiptSection:
    """What a receipt says of it; ``name`` is the file's, ``own`` whether the address is known."""
    missing = any(finding.rule == "account-owner" for finding in payload.findings)
    printed = text_of(payload.reading.fields.get("enterprise_name"))
    return ReceiptSection(
        name,
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
