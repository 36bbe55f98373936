"""Where each document of a mail ends, within the one transaction that files the mail."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from casework.addresses import applicant_of, own_addresses
from casework.answers import answer
from casework.applying import file_application
from casework.bymail import ByMail, report
from casework.changes import Change
from casework.desk import Desk
from casework.incoming import IncomingDocument, IncomingMail
from casework.labels import moment
from casework.proving import file_proof
from procedure.events import Actor, DuplicateReceived, Evidence
from procedure.facts import ReceiptSection
from procedure.language import _
from procedure.readings import DocumentReading
from store import Tx
from store.rows import Filed, MessageRow, Placement

ORDER = {"application": 0, "cancellation": 1, "other": 2}
"""A mail may bring a form and the proof for it: the case must be there before the proof."""

UNREADABLE = frozenset(
    {"encrypted", "damaged", "empty", "too-large", "unsupported", "too-many-pages", "timeout"}
)
BEFORE = _("此前").said()
"""Said instead of the moment to whoever is not known."""
AUTOMATIC = frozenset({"auto_reply", "bounce"})
PERSONAL = frozenset({"question", "other"})
AUTOMATIC_MAIL = "automatic-mail"
AGAIN = "withdrawn-again"
REGISTRY_MAIL = "registry-by-mail"
NOT_A_FORM = "not-a-form"


@dataclass(frozen=True)
class Piece:
    """One document: a file, or one of several within it."""

    file: IncomingDocument
    part: int
    reading: DocumentReading

    @property
    def place(self) -> tuple[int, int]:
        """Its place in the mail."""
        return self.file.ordinal, self.part


class Filing:
    """One mail being filed; what the modules that place documents share."""

    def __init__(
        self,
        desk: Desk,
        tx: Tx,
        message: MessageRow,
        mail: IncomingMail,
        readings: Mapping[int, tuple[DocumentReading, ...]],
        by_mail: ByMail | None = None,
    ) -> None:
        self.desk = desk
        self.tx = tx
        self.message = message
        self.mail = mail
        self.readings = readings
        self.by_mail = by_mail
        self.cycle = desk.cycle_at(message.received_at)
        self.actor = Actor("mail", mail.from_addr)
        self.sections: dict[tuple[int, int], ReceiptSection] = {}

    def run(self) -> None:
        """Place every document, then answer once."""
        pieces = sorted(self._pieces(), key=lambda p: (ORDER[p.reading.kind], p.place))
        for piece in pieces:
            self.sections[piece.place] = self._place(piece)
        for file in self.mail.documents:
            if not self.readings[file.ordinal]:
                self._unread(file)
        if self.by_mail is not None:
            report(self.desk, self.tx, self.message.id, self.mail, self.by_mail)
        answer(self, tuple(section for _, section in sorted(self.sections.items())))

    def _pieces(self) -> Iterator[Piece]:
        for file in self.mail.documents:
            for part, reading in enumerate(self.readings[file.ordinal]):
                yield Piece(file, part, reading)

    def evidence(self, piece: Piece) -> Evidence:
        """What an event about this document rests on."""
        return Evidence(self.message.id, piece.file.sha256, piece.part, piece.reading.first_page)

    def placed(
        self, piece: Piece, place: str, case_no: str = "", application: int = 0, note: str = ""
    ) -> None:
        """Write down where a document ended."""
        self._put(piece.file, piece.part, place, case_no, application, note)

    def to_tray(
        self, piece: Piece, reason: str, text: str, shown: str = "", waits: bool = False
    ) -> ReceiptSection:
        """A document for a person to place; ``shown`` is what its sender is told.

        ``waits``: nothing need be sent again.
        """
        self.placed(piece, "tray", note=reason)
        self.tx.tray.put(self.message.id, piece.file.sha256, reason, text, self.desk.now())
        return ReceiptSection(piece.file.name, "tray", problem=shown or text, waits=waits)

    def _put(
        self,
        file: IncomingDocument,
        part: int,
        place: str,
        case_no: str = "",
        application: int = 0,
        note: str = "",
    ) -> None:
        self.tx.messages.place(
            Placement(
                message_id=self.message.id,
                ordinal=file.ordinal,
                part=part,
                sha256=file.sha256,
                name=file.name,
                place=place,  # type: ignore[arg-type]
                case_no=case_no,
                application=application,
                note=note,
            )
        )

    def _place(self, piece: Piece) -> ReceiptSection:
        if self.mail.kind in AUTOMATIC:
            return self._automatic(piece)
        if known := self.tx.cases.documents_filed(piece.file.sha256, piece.part):
            return self._duplicate(piece, known)
        if piece.reading.kind == "application":
            return file_application(self, piece)
        if piece.reading.kind == "cancellation":
            return file_proof(self, piece)
        return self._other(piece)

    def _automatic(self, piece: Piece) -> ReceiptSection:
        """A machine wrote this mail: it applies for nothing, but a person looks at a new form."""
        known = self.tx.cases.documents_filed(piece.file.sha256, piece.part)
        if piece.reading.kind == "other" or known:
            self.placed(piece, "set-aside", note=self.mail.kind)
            return ReceiptSection(piece.file.name, "set-aside")
        text = _("自动回复或退信中附有“{name}”，请人工查看是否为新的申请或截图。").said(
            name=piece.file.name
        )
        return self.to_tray(piece, AUTOMATIC_MAIL, text)

    def _duplicate(self, piece: Piece, known: Filed) -> ReceiptSection:
        """The same document again: nothing changes, its sender is told when it came first."""
        change = Change(self.desk, self.tx, known.case_no)
        before = change.state.application(known.application)
        if before is not None and not before.live:
            text = _("{case_no} 已撤回或逾期的申请表再次发来，请人工确认是否重新申请。").said(
                case_no=known.case_no
            )
            return self.to_tray(piece, AGAIN, text, shown=_AGAIN)
        payload = DuplicateReceived(known.application or None, self.message.received_at)
        change.add(payload, self.actor, self.evidence(piece))
        self.placed(piece, "duplicate", known.case_no, known.application)
        own = self._knows(change, known.application)
        return ReceiptSection(
            piece.file.name,
            "duplicate",
            case_no=known.case_no,
            application=known.application if own else 0,
            entity_name=change.row.entity_name if own else "",
            duplicate_of=moment(known.received_at) if own else BEFORE,
        )

    def _knows(self, change: Change, application: int) -> bool:
        """Whether the sender is the entity, or whoever sent this very application."""
        own = own_addresses(self.tx, change.row, change.events)
        sent = applicant_of(change, application).address
        return self.mail.answer_to in own or self.mail.answer_to == sent

    def _other(self, piece: Piece) -> ReceiptSection:
        """No form and no screenshot: for a person where it may have been meant as one."""
        problem = piece.reading.problem
        if problem is not None and problem.code in UNREADABLE:
            return self.to_tray(piece, problem.code, problem.message)
        if self.mail.kind in ("application", "cancellation") and not self._has_form():
            text = (
                problem.message if problem else _("未能识别为申请表或注销截图，请人工查看。").said()
            )
            return self.to_tray(piece, NOT_A_FORM, text, shown=_NOT_RECOGNISED)
        if self.mail.kind in PERSONAL and not self._has_form():
            # A scan too poor to be known as a form, in a mail that says nothing of it.
            text = _("来信附件“{name}”未能识别为申请表或注销截图，请人工查看。").said(
                name=piece.file.name
            )
            self.to_tray(piece, NOT_A_FORM, text)
            return ReceiptSection(piece.file.name, "set-aside")
        self.placed(piece, "set-aside", note=problem.code if problem else NOT_A_FORM)
        return ReceiptSection(piece.file.name, "set-aside")

    def _has_form(self) -> bool:
        """Whether the mail brought what it was sent for; then all else in it is enclosure."""
        return any(r.kind != "other" for found in self.readings.values() for r in found)

    def _unread(self, file: IncomingDocument) -> None:
        """Decoration and opened containers; registry files, imported or for a person."""
        table = file.role == "document" or (file.encrypted and file.role != "decoration")
        if self.by_mail is not None and table:
            self._registry(file, self.by_mail)
        else:
            self._put(file, 0, "set-aside", note=file.role)

    def _registry(self, file: IncomingDocument, done: ByMail) -> None:
        """A file of a registry mail: imported, beside an imported one, or why not."""
        imported = done.reports.get(file.ordinal)
        if imported and imported.ok:
            self._put(file, 0, "registry", note=imported.kind)
            return
        if imported is None and done.reports:
            # A covering letter, or the same table in another form.
            self._put(file, 0, "set-aside", note="enclosure")
            return
        why = imported.problems[0].message if imported else done.refused or _NO_TABLE
        text = _("邮件附有登记数据“{name}”：{why}").said(name=file.name, why=why)
        self._put(file, 0, "tray", note=REGISTRY_MAIL)
        self.tx.tray.put(self.message.id, file.sha256, REGISTRY_MAIL, text, self.desk.now())


_NO_TABLE = _("不是 .xlsx 或 .csv 表格，请核对后导入。").said()
_AGAIN = _("同一文件对应的申请已撤回或逾期，工作人员将与您核实是否重新申请。").said()
_NOT_RECOGNISED = _(
    "未能识别为申请表或注销截图，工作人员将人工查看；如发错文件，请重新发送正确的文件。"
).said()
