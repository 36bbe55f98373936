"""`clerk doctor --mailbox`: a marked mail goes out through the relay and is looked for."""

import time
import uuid
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from clerk.doctor import Finding
from clerk.doors import accounts
from clerk.wiring import House
from mailer.sender import Relay, Sender
from mailer.watcher import Account, Limits, find
from procedure.clock import beijing
from procedure.errors import ClerkError
from procedure.language import _
from store.rows import OutgoingRow

LOOK = 1.0
"""Seconds between two looks into a mailbox."""
LIMITS = Limits(connect=10, read=20)
SUBJECT = _("clerk doctor: 邮箱自检")
TEXT = _("本邮件由 clerk doctor --mailbox 发出，用于检查收发是否畅通，无需回复，可以删除。\n")


def probe(house: House, seconds: float) -> list[Finding]:
    """Send a marked mail to each watched mailbox and find it again within ``seconds`` each.

    The mail says that a machine wrote it (RFC 3834): taken by a serving watcher it is filed
    without an answer.
    """
    url = house.settings.relay.url
    try:
        found = _addresses(accounts(house))
        sender = Sender(Relay.parse(url)) if url else None
    except ClerkError as error:
        return [Finding("mailbox round trip", "fault", str(error), "correct the settings")]
    if sender is None or not found:
        lacks = "relay.url" if sender is None else "imap.accounts"
        todo = f"set {lacks}: without it nothing can be sent and found again"
        return [Finding("mailbox round trip", "fault", f"{lacks} is empty", todo)]
    return [_round_trip(house, sender, folders, seconds) for folders in found]


def _addresses(found: tuple[Account, ...]) -> list[list[Account]]:
    """The watched folders by the address whose mail they hold."""
    by_address: dict[str, list[Account]] = {}
    for account in found:
        by_address.setdefault(account.address, []).append(account)
    return list(by_address.values())


def _round_trip(house: House, sender: Sender, folders: list[Account], seconds: float) -> Finding:
    address = folders[0].address
    what = f"mailbox round trip {address}"
    row = _letter(house, address)
    outcome = sender.send(row, house.desk.office.address)
    if outcome.state != "sent":
        todo = "check relay.url and office.address: the relay does not take our mail"
        return Finding(what, "fault", f"not sent: {outcome.answer}", todo)
    began = time.monotonic()
    try:
        folder = _found(folders, row.rfc_message_id, began + seconds)
    except ClerkError as error:
        return Finding(what, "fault", str(error), "check imap.accounts: host, user, password")
    took = time.monotonic() - began
    if folder:
        return Finding(what, "ok", f"sent and found in {folder!r} after {took:.1f} s")
    todo = (
        "look into the spam folder and the relay's log: mail to this address does not get "
        "where we watch, or takes longer (--wait)"
    )
    return Finding(what, "fault", f"sent, not found within {seconds:.0f} s", todo)


def _found(folders: list[Account], message_id: str, ends: float) -> str:
    """The folder where it arrived, "" where it did not in time. `MailboxDown`, `MailboxRefused`."""
    while True:
        for account in folders:
            if folder := find(account, LIMITS, message_id):
                return folder
        if time.monotonic() + LOOK > ends:
            return ""
        time.sleep(LOOK)


def _letter(house: House, address: str) -> OutgoingRow:
    office = house.desk.office
    mark = f"<doctor-{uuid.uuid4().hex}@{house.domain}>"
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = office.address, address
    mail["Subject"], mail["Message-ID"] = str(SUBJECT), mark
    mail["Date"] = format_datetime(beijing(house.now()))
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(str(TEXT), cte="base64")
    raw = mail.as_bytes()
    return OutgoingRow(mark, mark, office.address, address, raw, 0)
