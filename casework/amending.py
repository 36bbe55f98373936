"""What letters had said of a form, and a person corrected since (design: Cases).

A receipt that nobody tried to send yet is withheld and its next revision says the corrected
values. After an attempt a 更正 letter follows, in reply to the letter that it corrects. It waits a
little, so that several corrections make one letter; a decision meanwhile tells them itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from casework.addresses import applicant_of, own_addresses, writable
from casework.changes import Change
from casework.labels import NO_VALUE, cell, formerly, shown
from casework.receipts import next_steps, public, read_lines
from procedure.case import ApplicationState
from procedure.events import Event, FieldCorrected
from procedure.facts import (
    FACTS,
    Amendment,
    LetterIntent,
    ReadLine,
    Receipt,
    ReceiptSection,
    Thread,
)
from procedure.jsonable import load
from procedure.readings import Value
from store.rows import LetterRow

KIND = "correction"
DECIDED = ("confirmation", "return")
Place = tuple[int | None, str]


@dataclass(frozen=True)
class Corrected:
    """An application and where it stood before: a correction may have moved it to another case."""

    origin: Change
    number: int
    now: Change
    number_now: int

    @property
    def app(self) -> ApplicationState:
        """As it is now."""
        found = self.now.state.application(self.number_now)
        assert found is not None  # noqa: S101 - it was just corrected
        return found


def tell_correction(case: Corrected) -> tuple[str, ...]:
    """Letters that follow from the correction just made; their keys."""
    withhold(case.origin, case.number)
    keys = [*_receipts_anew(case)]
    for base in _bases(case):
        if intent := _amendment(case, base):
            later = case.now.desk.now() + case.now.desk.correction_delay
            case.now.tx.outbox.intend(intent, not_before=later)
            keys.append(intent.key)
    return tuple(keys)


def withhold(change: Change, number: int) -> None:
    """Corrections that wait to be told: what is said now says them as well."""
    for letter in letters_of(change, KIND, number):
        change.tx.outbox.supersede(KIND, letter.about)


def letters_of(change: Change, kind: str, number: int) -> Iterator[LetterRow]:
    """The standing letters of this kind on the application."""
    begin = f"{change.case_no}/{number}/"
    for letter in change.tx.outbox.of_case(change.case_no, ()):
        if letter.kind == kind and letter.about.startswith(begin) and not letter.superseded:
            yield letter


# receipts that nobody tried to send


def _receipts_anew(case: Corrected) -> Iterator[str]:
    tx, message = case.now.tx, case.app.current.evidence.message_id
    receipts = (
        [one for one in tx.outbox.letters(message) if one.kind == "receipt"] if message else []
    )
    standing = [one for one in receipts if not one.superseded]
    for letter in standing:
        intent = tx.outbox.intent(letter.key)
        facts = load(FACTS["receipt"], letter.facts)
        if intent is None or tx.outbox.attempted(letter.key) or not isinstance(facts, Receipt):
            continue
        own = _knows(case, intent.to[0])
        if (said := _anew(case, facts, own)) is None:
            continue
        tx.outbox.supersede("receipt", message)
        revised = replace(intent, facts=said, revision=max(one.revision for one in receipts) + 1)
        tx.outbox.intend(revised)
        yield revised.key


def _anew(case: Corrected, facts: Receipt, own: bool) -> Receipt | None:
    """The receipt with this form as it is now; None where it is not clear which one it is."""
    mine = [one for one in facts.sections if _is_mine(case, one)]
    if len(mine) != 1:
        return None
    app, row = case.app, case.now.row
    section = replace(
        mine[0],
        case_no=case.now.case_no,
        application=app.number if own else 0,
        version=app.version if own else 0,
        entity_name=row.entity_name if own else app.text("enterprise_name"),
        lines=read_lines(app.reading),
        findings=public(app.findings, own),
    )
    sections = tuple(section if one is mine[0] else one for one in facts.sections)
    steps = next_steps(case.now.desk, case.now.cycle, sections)
    return replace(facts, sections=sections, next_steps=steps)


def _is_mine(case: Corrected, section: ReceiptSection) -> bool:
    return (
        section.place == "application"
        and section.case_no == case.origin.case_no
        and section.application in (0, case.number)
    )


# letters that went out, or may have


@dataclass(frozen=True)
class Base:
    """The last letter that told an address of the form: what it said is what is corrected."""

    letter: LetterRow
    address: str
    events: int
    """So many events of the case had happened when it was made."""


def _bases(case: Corrected) -> Iterator[Base]:
    found: dict[str, Base] = {}
    for letter, events in _told(case):
        if case.origin.tx.outbox.attempted(letter.key):
            for address in writable(case.now.desk, letter.to):
                found[address] = Base(letter, address, events)
    yield from (found[address] for address in sorted(found))


def _told(case: Corrected) -> Iterator[tuple[LetterRow, int]]:
    """Letters on this version, each later one saying more: receipt, corrections, decision."""
    app = case.origin.state.application(case.number)
    if app is None:
        return
    filed = next((n for n, e in enumerate(case.origin.events) if e.seq == app.current.seq), 0)
    message = app.current.evidence.message_id
    for letter in case.now.tx.outbox.letters(message) if message else ():
        if letter.kind == "receipt" and not letter.superseded:
            yield letter, filed
    for kind in (KIND, *DECIDED):
        for letter in letters_of(case.origin, kind, case.number):
            yield letter, int(letter.about.rsplit("/", 1)[1])


def _amendment(case: Corrected, base: Base) -> LetterIntent | None:
    """None where nothing differs from what the address was told."""
    lines = tuple(_lines(case.origin.events[base.events :], case.number))
    if not lines:
        return None
    change, app = case.now, case.app
    own = _knows(case, base.address)
    facts = Amendment(
        office=change.desk.office,
        cycle_title=change.cycle.title,
        case_no=change.case_no,
        application=app.number if own else 0,
        version=app.version if own else 0,
        entity_name=change.row.entity_name if own else app.text("enterprise_name"),
        at=change.desk.now(),
        corrections=lines,
        findings=public(app.findings, own),
        confirmed_t=app.confirmed.amount_t if app.confirmed else None,
        deadline=change.cycle.cancel_before,
    )
    about = f"{case.origin.case_no}/{case.number}/{len(case.origin.events)}"
    thread = _thread(base.letter)
    to = (base.address,)
    return LetterIntent(KIND, about, to, facts, thread=thread, locale=change.desk.locale)


def _lines(events: list[Event], number: int) -> Iterator[ReadLine]:
    """First against last word of each cell."""
    first: dict[Place, Value | None] = {}
    last: dict[Place, Value | None] = {}
    for event in events:
        if isinstance(event.payload, FieldCorrected) and event.payload.application == number:
            place = (event.payload.row, event.payload.field)
            first.setdefault(place, event.payload.old)
            last[place] = event.payload.new
    for (row, field), new in last.items():
        if (old := first[row, field]) != new:
            said = shown(field, new) or NO_VALUE
            yield ReadLine(cell(row, field), said, True, formerly(field, old))


def _thread(letter: LetterRow) -> Thread:
    """RFC 5322 §3.6.4: in reply to our own letter, after the mail that it had answered."""
    if not letter.rfc_message_id:
        return Thread()
    before = (letter.in_reply_to,) if letter.in_reply_to else ()
    return Thread(letter.rfc_message_id, (*before, letter.rfc_message_id))


def _knows(case: Corrected, address: str) -> bool:
    """Whether the address is the entity's own, or the one this very form came from."""
    change = case.now
    own = own_addresses(change.tx, change.row, change.events)
    return address in own or address == applicant_of(change, case.number_now).address
