"""Invented companies, documents as read, and a stepped clock, for the tests of casework."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from casework.filing import IncomingDocument, IncomingMail
from casework.incoming import MailKind
from procedure.clock import BEIJING
from procedure.readings import (
    DocumentReading,
    Problem,
    ProjectRow,
    Reading,
    RecordRow,
    SealReading,
)
from procedure.uscc import check_char

FORM_DAY = "2021-11-03"


@dataclass
class SteppedClock:
    """A clock that moves only when told."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment

    def to(self, text: str) -> datetime:
        self.moment = at(text)
        return self.moment

    def step(self, **kwargs: float) -> datetime:
        self.moment += timedelta(**kwargs)
        return self.moment


def at(text: str) -> datetime:
    """``2021-11-03 09:00`` in Beijing time."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def uscc(number: int, area: str = "130100") -> str:
    """A valid credit code of an invented firm."""
    first = f"91{area}{number:08d}X"
    return first + check_char(first)


@dataclass(frozen=True)
class Firm:
    """An invented key emitting entity."""

    number: int = 1
    name: str = "河北衡岚热力有限公司"
    province: str = "13"
    province_name: str = "河北省"
    obligation: int = 100_000
    email: str = "office@henglan.example"

    @property
    def uscc(self) -> str:
        return uscc(self.number, self.province + "0100")

    @property
    def account(self) -> str:
        return f"CN-100-{self.number:06d}"


def read(value: str | int | None, text: str = "") -> Reading:
    """A reading out of native text: its own evidence."""
    shown = text or ("" if value is None else str(value))
    return Reading(
        value,
        shown,
        confidence=1.0 if value is not None else 0.2,
        evidence=(("native-text",) if value is not None else ()),
    )


def form(
    firm: Firm,
    offset: int = 5_000,
    *,
    rows: Sequence[tuple[str, str, int]] = (),
    day: str = FORM_DAY,
    **fields: Reading | None,
) -> DocumentReading:
    """An application form; ``fields`` replace readings, None leaves the cell out."""
    made: dict[str, Reading | None] = {
        "enterprise_name": read(firm.name),
        "uscc": read(firm.uscc),
        "province": read(firm.province_name),
        "obligation_t": read(firm.obligation),
        "offset_t": read(offset),
        "account_no": read(firm.account),
        "contact": read("林知远"),
        "phone": read("13800000000"),
        "date": read(day),
        **fields,
    }
    listed = rows or (("衡岚风电项目", "CCER-0001", offset),)
    return DocumentReading(
        kind="application",
        fields={name: value for name, value in made.items() if value is not None},
        projects=tuple(ProjectRow(read(n), read(c), read(a)) for n, c, a in listed),
        seals=(SealReading(1, (0.6, 0.7, 0.8, 0.85), "round", firm.name, 0.9),),
    )


def proof(
    firm: Firm,
    amount: int = 5_000,
    *,
    code: str = "CCER-0001",
    time: str = "2021-11-08T10:00:00+08:00",
    serial: str = "",
) -> DocumentReading:
    """A printed, sealed screenshot of a finished cancellation."""
    row = RecordRow(
        project_name=read("衡岚风电项目"),
        project_code=read(code),
        quantity_t=read(amount),
        operation=read("自愿注销"),
        status=read("已完成"),
        time=read(time),
        serial=read(serial) if serial else None,
    )
    return DocumentReading(
        kind="cancellation",
        fields={"account_name": read(firm.name), "account_no": read(firm.account)},
        records=(row,),
        seals=(SealReading(1, (0.6, 0.7, 0.8, 0.85), "round", firm.name, 0.9),),
    )


def unreadable(code: str = "damaged") -> DocumentReading:
    """A file of which nothing could be read."""
    return DocumentReading(
        kind="other", problem=Problem(code, "文件已损坏，无法打开，请重新发送。")
    )


@dataclass
class Reader:
    """Gives the readings that were laid down for these bytes; counts what it was asked."""

    readings: dict[bytes, tuple[DocumentReading, ...]] = field(default_factory=dict)
    asked: int = 0

    def lay(self, *readings: DocumentReading) -> bytes:
        data = f"document {len(self.readings)}".encode()
        self.readings[data] = readings
        return data

    def __call__(self, data: bytes, name: str) -> tuple[DocumentReading, ...]:
        self.asked += 1
        return self.readings[data]


def document(data: bytes, ordinal: int = 0, name: str = "申请表.docx") -> IncomingDocument:
    """A file of a mail."""
    return IncomingDocument(
        ordinal=ordinal,
        name=name,
        type="application/octet-stream",
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
    )


def mail(
    sender: str, *data: bytes, kind: MailKind = "application", subject: str = "申请表", **more: Any
) -> IncomingMail:
    """A mail with these files."""
    files = tuple(document(d, i) for i, d in enumerate(data))
    return IncomingMail(
        kind=kind,
        from_addr=sender,
        subject=subject,
        documents=files,
        **more,
    )
