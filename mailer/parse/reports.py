"""What a bounce says: whom it is about, what became of the letter, which letter it was.

RFC 3464 where it is kept to; else the words of QQ, 163, Exchange and others.
"""

import re
from collections.abc import Iterator
from email.message import Message

from mailer.mail import Bounce, Report
from mailer.parse import headers
from mailer.parse.structure import header, undecoded

STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
REPLY = re.compile(r"(?<![\d.])([45])\d\d(?=[ -])")
ADDRESS = re.compile(r"[A-Za-z0-9._%+=-]{1,64}@[A-Za-z0-9.-]{1,255}\.[A-Za-z]{2,24}")
IDS = re.compile(rb"^message-id:\s*(<[^<>\s]{3,250}>)", re.I | re.M)
GONE = re.compile(
    r"不存在|查无此|无此用户|没有此|已(?:停用|注销|冻结)|(?:user|recipient|mailbox|address).{0,30}"
    r"(?:unknown|not (?:found|exist|listed)|does ?n[o']t exist|invalid|disabled|rejected)"
    r"|(?:unknown|invalid|no such) (?:user|recipient|address|mailbox)|找不到|couldn't be found",
    re.IGNORECASE,
)
LATER = re.compile(
    r"已满|空间不足|容量|超时|暂时|稍后|quota|mailbox (?:is )?full|delayed|temporar|will retry"
    r"|greylist|too many|frequency",
    re.IGNORECASE,
)
MOST = 200


def report(message: Message, text: str) -> Report:
    """What the bounce says. Anything may be missing from it."""
    found = tuple(_fields(message))[:MOST]
    if not found:
        found = tuple(_worded(message, text))[:MOST]
    return Report(found, _letters(message))


def _fields(message: Message) -> Iterator[Bounce]:
    """The groups of fields of a delivery status, one for each recipient."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind not in ("message/delivery-status", "message/global-delivery-status"):
            continue
        for group in part.get_payload() if part.is_multipart() else ():
            if isinstance(group, Message) and (one := _group(group)):
                yield one


def _group(group: Message) -> Bounce | None:
    who = header(group, "Original-Recipient") or header(group, "Final-Recipient")
    address = headers.text(who).partition(";")[2].strip().strip("<>").lower()
    if "@" not in address:
        return None
    action = headers.text(header(group, "Action")).lower().split(" ")[0]
    said = headers.text(header(group, "Diagnostic-Code"))[:400]
    status = STATUS.search(headers.text(header(group, "Status")) + " " + said)
    code = status[0] if status else ""
    return Bounce(address, _state(action, code, said), code, said)


def _state(action: str, code: str, said: str) -> str:
    if action in ("delayed", "delivered", "relayed", "expanded"):
        return "later" if action == "delayed" else "arrived"
    return "later" if action != "failed" and code.startswith("4") else _failure(code, said)


def _failure(code: str, said: str) -> str:
    """``gone``: the address is no good. ``failed``: this letter was not taken, others may be."""
    if code.startswith(("5.1.", "5.2.1")) or (not code and GONE.search(said)):
        # 5.1.7 and 5.1.8 are about the sender, which is us.
        return "failed" if code in ("5.1.7", "5.1.8") else "gone"
    return "gone" if GONE.search(said) and not code.startswith("5.7") else "failed"


def _worded(message: Message, text: str) -> Iterator[Bounce]:
    """Words alone: who is named in X-Failed-Recipients or first in the text."""
    named = headers.addresses(header(message, "X-Failed-Recipients"))
    text = re.sub(r"<[^<>\s]{3,250}>", _not_an_id, text[:20_000])
    addresses = named or tuple(dict.fromkeys(one.lower() for one in ADDRESS.findall(text[:4000])))
    status = STATUS.search(text[:8000]) or REPLY.search(text[:8000])
    code = status[0] if status and "." in status[0] else ""
    later = bool(LATER.search(text[:4000])) and not GONE.search(text[:4000])
    state = (
        "later" if later or (status and status[0].startswith("4")) else _failure(code, text[:4000])
    )
    said = " ".join(text[:300].split())
    for address in addresses:
        yield Bounce(address, state, code, said)


def _not_an_id(match: re.Match[str]) -> str:
    """Of two forms in angle brackets the one with a long hash is a Message-ID."""
    return "" if re.search(r"[0-9a-f]{24}", match[0]) else match[0]


def _letters(message: Message) -> tuple[str, ...]:
    """Message-IDs of what came back: of parts, of texts that quote its head, of the thread."""
    found: dict[str, None] = {}
    for part in message.walk():
        # The bounce's own Message-ID is nobody's letter.
        for one in headers.ids(header(part, "Message-ID")) if part is not message else ():
            found.setdefault(one)
        if not part.is_multipart():
            raw = undecoded(part)[:200_000].encode("utf-8", "surrogateescape")
            for match in IDS.findall(raw):
                found.setdefault(match.decode("ascii", "replace"))
    for name in ("In-Reply-To", "References", "X-Original-Message-ID"):
        for one in headers.ids(header(message, name)):
            found.setdefault(one)
    return tuple(found)[:MOST]
