"""Decisions by mail: what joins the mail door to the command core, which never meet.

A mail decides only where three things hold together: it answers a letter of ours (by the token in
its subject or its recipient, or by the letter's Message-ID), it comes from the registered address
that the letter went to, and somebody trusted stands for that address (`clerk.vouching`). One that
only asks to see something needs no letter: the answer goes to the registered address alone.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot import bymail
from casework import habits, people
from casework.incoming import Commanded, IncomingMail
from casework.tasks import ALPHABET, LENGTH
from clerk.wiring import House
from mailer.mail import Mail
from procedure.facts import StaffTask
from procedure.language import _, speaking
from store import Tx
from store.people import MAIL
from store.rows import Envelope, Person

TASK = "task"
MACHINES = frozenset({"auto_reply", "bounce", "list"})
TOKEN = re.compile(rf"(?<![0-9a-z])([{ALPHABET}]{{{LENGTH}}})(?![0-9a-z])")


def decided(
    house: House, message_id: str, mail: Mail, envelope: Envelope, incoming: IncomingMail
) -> IncomingMail:
    """The mail with what became of its decisions; unchanged where it holds none. Safe to repeat."""
    if mail.kind in MACHINES:
        return incoming
    letters = _letters(house, mail, envelope)
    answers = bool(letters) and bymail.is_order(mail.text)
    if mail.kind != "command" and not answers:
        looked = _looked(house, mail, incoming)
        return replace(incoming, kind="command", commanded=looked) if looked else incoming
    done = _commanded(house, message_id, mail, letters)
    return replace(incoming, kind="command", commanded=done)


def _looked(house: House, mail: Mail, incoming: IncomingMail) -> Commanded | None:
    """What a registered, proven member of staff asked to see; None for anybody or anything else.

    `Temporary` errors are raised: the whole is to be tried again.
    """
    asks = mail.kind in ("question", "other") and not mail.attachments
    if not asks or not bymail.is_look(mail.text):
        return None
    person = people.of_channel(house.desk, MAIL, mail.from_addr) if mail.from_addr else None
    if person is None or mail.authentication is None or not mail.authentication.authentic:
        return None
    if not incoming.may_reply:
        # What nobody is told must not count as looked at.
        return Commanded(asked=True)
    locale = habits.language(house.desk, person.name).tag
    lines = bymail.look(house.desk, person, mail.text)
    return Commanded(lines, mail.from_addr, locale=locale, asked=True)


def _commanded(
    house: House, message_id: str, mail: Mail, letters: dict[str, StaffTask]
) -> Commanded:
    person = people.of_channel(house.desk, MAIL, mail.from_addr) if mail.from_addr else None
    if person is None:
        return Commanded(waiting=_("发件邮箱未登记").said())
    if mail.authentication is None or not mail.authentication.authentic:
        return Commanded(waiting=_("发件人 {name} 的身份未能证实").said(name=person.name))
    if len(letters) != 1:
        return Commanded(waiting=_("不是对一封待处理通知的回复").said())
    ((address, facts),) = letters.items()
    if not _theirs(mail, person, address, facts):
        return Commanded(waiting=_("所回复的通知不是发给该发件人的").said())
    language = habits.language(house.desk, person.name)
    with speaking(language):
        lines = bymail.act(house.desk, person, facts.items, mail.text, message_id)
    return Commanded(lines, mail.from_addr, locale=language.tag)


def _theirs(mail: Mail, person: Person, address: str, facts: StaffTask) -> bool:
    return (address.lower(), facts.person) == (mail.from_addr, person.name)


def _letters(house: House, mail: Mail, envelope: Envelope) -> dict[str, StaffTask]:
    """Address → facts of the letters that the mail answers; by their tokens where it bears any."""
    with house.store.read() as tx:
        named = dict(_by_token(tx, mail, envelope))
        return named or dict(_by_message_id(tx, mail))


def _by_token(tx: Tx, mail: Mail, envelope: Envelope) -> Iterator[tuple[str, StaffTask]]:
    details = (one.partition("@")[0].partition("+")[2] for one in _recipients(mail, envelope))
    for token in dict.fromkeys(TOKEN.findall("\n".join([mail.subject.lower(), *details]))):
        for letter in tx.outbox.letters(token):
            yield from _facts(tx, letter.key)


def _recipients(mail: Mail, envelope: Envelope) -> tuple[str, ...]:
    return (*mail.addressed, *(one.lower() for one in envelope.recipients))


def _by_message_id(tx: Tx, mail: Mail) -> Iterator[tuple[str, StaffTask]]:
    for one in mail.references:
        letter = tx.outbox.by_message_id(one)
        if letter is not None:
            yield from _facts(tx, letter.key)


def _facts(tx: Tx, key: str) -> Iterator[tuple[str, StaffTask]]:
    intent = tx.outbox.intent(key)
    if intent is not None and isinstance(intent.facts, StaffTask):
        yield intent.to[0], intent.facts
