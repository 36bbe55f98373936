"""Bytes → `mailer.mail.Mail`. Never raises: what cannot be parsed is a mail with a problem."""

import hashlib
import logging
import re
from email.message import Message

from mailer.evidence.reporting import reported
from mailer.kinds import Traits, kind_of, may_reply
from mailer.mail import Mail, MailProblem
from mailer.parse import archives, authors, bodies, decor, headers, reports
from mailer.parse.passwords import passwords
from mailer.parse.structure import MOST_TEXT, Found, header, header_all, message_of, walk
from procedure.language import _

PIECE = 1024 * 1024

log = logging.getLogger(__name__)
UNPARSABLE = MailProblem(
    "unparsable", _("邮件无法解析，工作人员将人工查看。如有附件，请重新发送。").said()
)


def parse(
    raw: bytes,
    own: frozenset[str] = frozenset(),
    envelope_from: str | None = None,
    trusted: frozenset[str] = frozenset(),
) -> Mail:
    """The mail in ``raw``.

    ``own``: our addresses, lower case. ``envelope_from``: the envelope's sender, "" for the null
    sender, None where it is not known. ``trusted``: authserv-ids, lower case, of servers whose
    Authentication-Results are believed.
    """
    try:
        return _parse(raw, own, envelope_from, trusted)
    except Exception as error:
        # Libraries fail on hostile input, each in its own way; the mail is kept, a person looks.
        log.warning("a mail could not be parsed: %s", type(error).__name__)
        return Mail(kind="other", problems=(UNPARSABLE,), fingerprint=_digest(raw))


def _parse(
    raw: bytes, own: frozenset[str], envelope_from: str | None, trusted: frozenset[str]
) -> Mail:
    message = message_of(raw)
    found = Found()
    walk(message, found)
    text, anchors = _text(found)
    locked = any(one.code == archives.LOCKED.code for one in found.problems)
    if locked and (told := passwords(_told(message, found, text))):
        found = Found(passwords=told)
        walk(message, found)
        text, anchors = _text(found)
    links = bodies.large_attachments(anchors, text)
    if links:
        found.problem(bodies.LINKED)
    who = authors.author(message, envelope_from)
    if not who.address:
        found.problem(authors.UNCLEAR)
    subject = headers.text(header(message, "Subject"))
    parts = tuple(found.parts)
    traits = Traits(
        message, who.address, subject, text, parts, own, envelope_from, who.reply_to, who.unsure
    )
    kind = kind_of(traits)
    return Mail(
        kind=kind,
        from_name=who.name,
        from_addr=who.address,
        reply_to=who.reply_to,
        subject=subject,
        text=text,
        message_id=next(iter(headers.ids(header(message, "Message-ID"))), ""),
        references=_references(message),
        date=headers.text(header(message, "Date")),
        may_reply=may_reply(traits, kind),
        attachments=parts,
        links=tuple(links),
        problems=tuple(found.problems),
        fingerprint=_fingerprint(message, raw),
        authentication=reported(message, trusted),
        report=reports.report(message, text) if kind == "bounce" else None,
        addressed=_addressed(message),
    )


def _told(message: Message, found: Found, text: str) -> str:
    """Where a password may stand: subject, file names, words."""
    names = (part.name.rpartition(".")[0] for part in found.parts)
    return "\n".join([headers.text(header(message, "Subject")), *names, text])


def _text(found: Found) -> tuple[str, list[tuple[str, str]]]:
    """The body (plain text where there is some) and all links; decorations are marked."""
    plain = "\n".join(found.texts).replace("\r\n", "\n").strip()
    anchors: list[tuple[str, str]] = []
    stripped: list[str] = []
    shown: set[int] = set()
    for html in found.htmls:
        text, links, cids = bodies.strip(html)
        stripped.append(text)
        anchors += links
        shown |= {found.cids[cid] for cid in cids if cid in found.cids}
    found.parts = decor.mark(found.parts, shown)
    said = plain or "\n".join(stripped).strip() or "\n".join(found.extra).strip()
    return said[:MOST_TEXT], anchors


def _references(message: Message) -> tuple[str, ...]:
    found = (
        *headers.ids(header(message, "References")),
        *headers.ids(header(message, "In-Reply-To")),
    )
    return tuple(dict.fromkeys(found))


RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
ADDRESS = re.compile(rb"[^\s<>,;:\"()\[\]\\@]{1,120}@[A-Za-z0-9.-]{1,255}")
MOST_RECIPIENTS = 50


def _addressed(message: Message) -> tuple[str, ...]:
    found = (one for name in RECIPIENTS for one in _found(message, name))
    plain = (one.decode("utf-8", "replace").lower() for one in found)
    return tuple(dict.fromkeys(plain))[:MOST_RECIPIENTS]


def _found(message: Message, name: str) -> list[bytes]:
    return [one for value in header_all(message, name) for one in ADDRESS.findall(value)]


def _fingerprint(message: Message, raw: bytes) -> str:
    """What the sender wrote: trace headers, which servers add, are left out."""
    wrote = [header(message, name) for name in ("From", "Date", "Subject", "Message-ID")]
    digest = hashlib.sha256(b"\0".join([*wrote, b""]))
    end = re.search(rb"\r?\n\r?\n", raw)
    waiting = b""
    # In pieces: a copy of a large mail more would pass the child's limit.
    for at in range(end.end() if end else len(raw), len(raw), PIECE):
        piece = waiting + raw[at : at + PIECE]
        body = piece.replace(b"\r\n", b"\n").rstrip()
        digest.update(body)
        # White space that may still be followed by something, or be a half line end.
        waiting = piece[len(piece.rstrip()) :]
    return digest.hexdigest()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
