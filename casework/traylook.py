"""An item of the tray looked at: the document, what was read of it, the mail's first lines."""

from dataclasses import dataclass

from casework import tray
from casework.desk import Desk
from procedure.errors import WrongUse
from procedure.language import _
from procedure.readings import DocumentReading
from store.rows import Person


@dataclass(frozen=True)
class Look:
    """One item with what is needed to place it."""

    item: tray.TrayItem
    name: str = ""
    """File name, "" for a whole mail."""
    data: bytes = b""
    readings: tuple[DocumentReading, ...] = ()
    text: str = ""
    """The mail's own text."""


def look(desk: Desk, person: Person, number: str) -> Look:
    """An open item; the look is logged. `NotAllowed` as for the tray, `WrongUse` for no item."""
    item = next((one for one in tray.listed(desk, person) if one.item == number), None)
    if item is None:
        raise WrongUse(
            f"no open tray item {number!r}",
            user_message=_(
                "待处理箱中没有您可处理的第 {number} 项，或已处理完；如有疑问，请联系系统管理员。"
            ).format(number=number),
        )
    with desk.store.write() as tx:
        tx.access.looked(person.name, f"tray {number}", "", desk.now())
        message = tx.messages.get(item.message_id)
        text = message.mail.text if message and message.mail else ""
        if not item.document:
            return Look(item, text=text)
        # As this mail calls it: another firm may have sent the same file under its own name.
        here = tx.messages.placements(item.message_id)
        placed = [one for one in here if one.sha256 == item.document and one.name]
        readings = tx.documents.last_reading(item.document, desk.reader_version)
        return Look(
            item,
            placed[0].name if placed else item.document[:12],
            tx.documents.data(item.document),
            tuple(readings or ()),
            text,
        )
