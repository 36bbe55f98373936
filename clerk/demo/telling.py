"""What happened on the demo's day, read back from the installation and from the sink."""

import io
from collections.abc import Iterator, Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Literal

from openpyxl import load_workbook
from PIL import Image

import ocr
from casework import views
from casework.cards import who_did
from casework.labels import SEAL_OF, SEAL_UNREAD
from casework.receipts import read_lines
from clerk.commands.common import OPERATOR
from clerk.demo.friday import Day
from clerk.demo.mails import DemoMail
from clerk.demo.result import (
    CaseShown,
    DemoResult,
    DocumentShown,
    EventLine,
    FileShown,
    LetterShown,
    MailShown,
    Outcome,
    Table,
    Verification,
)
from ocr import engines_available, render_overlay
from ocr.overlay import AMBER, GREEN, RED
from procedure.acceptance import decide
from procedure.errors import BadInput
from procedure.findings import Finding
from procedure.readings import DocumentReading
from store import Tx
from store.rows import LetterRow, Placement
from store.verify import counts, verify

Group = Literal["receipt", "decision", "progress", "digest"]
LETTERS: dict[str, tuple[str, Group]] = {
    "receipt": ("回执", "receipt"),
    "confirmation": ("确认通知", "decision"),
    "return": ("退回通知", "decision"),
    "revocation": ("撤销通知", "decision"),
    "progress": ("进展", "progress"),
    "reminder": ("提醒", "progress"),
    "correction": ("更正", "progress"),
    "lapse": ("已逾期", "progress"),
    "notice": ("工作提醒", "progress"),
    "weekly": ("周汇总", "digest"),
    "daily": ("每日注销记录", "digest"),
    "national": ("全国注销记录", "digest"),
}
PLACES = {
    "application": "申请", "cancellation": "注销凭证", "registry": "登记记录",
    "duplicate": "重复件", "set-aside": "非业务文件", "tray": "待人工处理",
}  # fmt: skip
KINDS = {"application": "申请表", "cancellation": "注销凭证", "other": "其他"}
MAIL_KINDS = {"application": "申请", "cancellation": "注销凭证", "auto_reply": "自动回复"}
WIDTH = 900
"""Pixels of a page on the page."""


def gather(day: Day, seconds: float, notes: tuple[str, ...]) -> DemoResult:
    """Everything for the page; all of it as stored or received, nothing made up."""
    house = day.stage.house
    with house.store.read() as tx:
        found = [_Mail(day, tx, one) for one in day.posted]
        letters = tuple(_letters(day, tx, {one.message_id: one.shown.key for one in found}))
    cycle = house.desk.cycles[house.desk.active[0]]
    return DemoResult(
        title="CCER抵销办理：一个星期五",
        office=house.office.name,
        cycle_title=cycle.title,
        steps=tuple(day.steps),
        mails=tuple(one.shown for one in found),
        documents=tuple(document for one in found for document in one.documents),
        letters=letters,
        chat=tuple(day.stage.chat),
        cases=tuple(_cases(day)),
        verification=_verification(day, [place for one in found for place in one.places]),
        seconds=seconds,
        engines=tuple(_engines(engines_available())),
        notes=notes,
    )


def _engines(there: Mapping[str, bool]) -> Iterator[str]:
    """Those that read; the model that says which way is up reads nothing."""
    yield from (name for name, has in there.items() if has and name != "orientation")


class _Mail:
    """One mail as it was stored, with its documents."""

    def __init__(self, day: Day, tx: Tx, mail: DemoMail) -> None:
        self._day, self._tx = day, tx
        self.message_id = _stored(tx, mail)
        row = tx.messages.get(self.message_id)
        self.places = tx.messages.placements(self.message_id)
        self.documents = tuple(self._documents(mail))
        kind = row.mail.kind if row and row.mail else "other"
        self.shown = MailShown(
            mail.key, mail.title, mail.sender, mail.subject, mail.at,
            MAIL_KINDS.get(kind, kind), self._outcome(kind),
            tuple(f"{one.name}：{PLACES[one.place]} {one.case_no}".strip() for one in self.places),
            mail.files, tuple(sorted({one.case_no for one in self.places if one.case_no})),
        )  # fmt: skip

    def _outcome(self, kind: str) -> Outcome:
        if kind == "auto_reply":
            return "silent"
        if any(one.place == "tray" for one in self.places):
            return "tray"
        found = [one for doc in self.documents for one in doc.findings]
        bad = any(one.severity != "note" for one in found)
        return "finding" if bad else "good"

    def _documents(self, mail: DemoMail) -> Iterator[DocumentShown]:
        for place in self.places:
            if place.place in ("set-aside", "duplicate"):
                continue
            version = ocr.READER_VERSION
            readings = self._tx.documents.reading(place.sha256, version) or []
            if place.part < len(readings):
                reading = decide(readings[place.part])
                yield self._document(mail, place, reading)

    def _document(
        self, mail: DemoMail, place: Placement, reading: DocumentReading
    ) -> DocumentShown:
        return DocumentShown(
            mail.key, place.name, KINDS[reading.kind], read_lines(reading),
            self._findings(place), self._picture(place, reading), _seal(reading),
            reading.problem.message if reading.problem else "", reading.seconds,
            _verdict(reading),
        )  # fmt: skip

    def _findings(self, place: Placement) -> tuple[Finding, ...]:
        if not place.case_no:
            return ()
        view = views.case_view(self._day.stage.house.desk, OPERATOR, place.case_no)
        for proof in view.proofs:
            if (proof.message_id, proof.document) == (place.message_id, place.sha256):
                return proof.findings
        state = self._tx.cases.state(place.case_no)
        for app in state.applications if state else ():
            for version in app.versions:
                if (version.evidence.message_id, version.evidence.document) == (
                    place.message_id,
                    place.sha256,
                ):
                    return version.findings
        return ()

    def _picture(self, place: Placement, reading: DocumentReading) -> bytes:
        data = self._tx.documents.data(place.sha256)
        try:
            png = render_overlay(data, place.name, [reading], reading.first_page or 1)
        except BadInput:
            # A .docx has no page image.
            return b""
        return _small(png)


def _small(png: bytes) -> bytes:
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.thumbnail((WIDTH, 2 * WIDTH))
    out = io.BytesIO()
    reduced = picture.quantize(palette=_palette(picture), dither=Image.Dither.NONE)
    reduced.save(out, "PNG", optimize=True)
    return out.getvalue()


def _palette(picture: Image.Image) -> Image.Image:
    """96 colours: the picture's, and those that tell what was accepted, which are few pixels of a
    photo and would come out as one brown."""
    marks = [channel for colour in (GREEN, AMBER, RED) for channel in colour]
    found = (picture.quantize(93).getpalette() or [])[: 3 * 93]
    palette = Image.new("P", (1, 1))
    palette.putpalette(found + marks)
    return palette


def _seal(reading: DocumentReading) -> str:
    return "；".join(
        f"{one.text or SEAL_UNREAD}（{SEAL_OF[one.matches_name]}）" for one in reading.seals
    )


def _verdict(reading: DocumentReading) -> Literal["good", "look", "bad"]:
    verdicts = {one.matches_name for one in reading.seals}
    if False in verdicts:
        return "bad"
    return "good" if verdicts == {True} else "look"


def _stored(tx: Tx, mail: DemoMail) -> str:
    for message_id in tx.messages.ids():
        row = tx.messages.get(message_id)
        if row and row.mail and row.mail.rfc_message_id and (
            row.mail.rfc_message_id.strip("<>").encode() in mail.raw
        ):  # fmt: skip
            return message_id
    raise LookupError(f"{mail.key} is not in the store")


def _letters(day: Day, tx: Tx, keys: dict[str, str]) -> Iterator[LetterShown]:
    """Each letter once, however many recipients it had."""
    seen: set[str] = set()
    for _, raw in day.stage.sink.arrived:
        letter = message_from_bytes(raw, policy=policy.default)
        row = tx.outbox.by_message_id(str(letter["Message-ID"]))
        if row is not None and row.key not in seen:
            seen.add(row.key)
            yield _letter(letter, row, keys)


def _letter(letter: EmailMessage, row: LetterRow, keys: dict[str, str]) -> LetterShown:
    kind, group = LETTERS.get(row.kind, (row.kind, "progress"))
    files = tuple(_files(letter))
    html = letter.get_body(("html",))
    text = letter.get_body(("plain",))
    case_no = row.about.split("/")[0]
    return LetterShown(
        kind=kind,
        group=group,
        to=row.to,
        subject=str(letter["Subject"]),
        sent_at=parsedate_to_datetime(str(letter["Date"])),
        html=html.get_content() if html else "",
        text=text.get_content() if text else "",
        cc=row.cc,
        sender=str(letter["From"]),
        mail=keys.get(row.about, ""),
        case_no=case_no if case_no.startswith("CCER-") else "",
        files=files,
        tables=tuple(_tables(files)),
    )


def _files(letter: EmailMessage) -> Iterator[FileShown]:
    """Attachments, and the pictures of the HTML, which are related parts of it."""
    for part in letter.walk():
        name, inline = part.get_filename() or "", str(part["Content-ID"] or "").strip("<>")
        if part.is_multipart() or not (name or inline):
            continue
        data = part.get_payload(decode=True)
        body = data if isinstance(data, bytes) else b""
        yield FileShown(name, part.get_content_type(), len(body), body, inline)


def _tables(files: tuple[FileShown, ...]) -> Iterator[Table]:
    for file in files:
        if file.name.endswith(".xlsx"):
            sheet = load_workbook(io.BytesIO(file.data), read_only=True).worksheets[0]
            rows = [tuple("" if cell is None else str(cell) for cell in row)
                    for row in sheet.values]  # fmt: skip
            yield Table(file.name, tuple(rows))


def _cases(day: Day) -> Iterator[CaseShown]:
    desk = day.stage.house.desk
    for line in views.listed(desk, OPERATOR):
        view = views.case_view(desk, OPERATOR, line.case_no)
        amounts = [app.values.get("offset_t") for app in view.applications]
        asked = [amount for amount in amounts if isinstance(amount, int)]
        yield CaseShown(
            view.case_no, view.entity_name, view.province_name, view.stage, view.stage_name,
            sum(asked) if asked else None, view.confirmed_t or None, view.cancelled_t,
            tuple(EventLine(one.at, who_did(one), one.text) for one in view.history),
        )  # fmt: skip


def _verification(day: Day, places: list[Placement]) -> Verification:
    store = day.stage.house.store
    found = counts(store)
    ended: dict[str, int] = {}
    for one in places:
        ended[PLACES[one.place]] = ended.get(PLACES[one.place], 0) + 1
    return Verification(
        found["messages"], found["documents"], found["events"], found["letters"],
        tuple(ended.items()), tuple(verify(store)),
    )  # fmt: skip
