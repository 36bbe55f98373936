"""What one of many processes does to a database: ``python -m tests.postgres.hammer ROLE URL NAME``.

Each line on standard output is one thing done by this process and by it alone.
"""

import sys
from collections.abc import Callable
from datetime import timedelta

from procedure.case import derive
from procedure.events import Actor, Event, Reported
from store import Store, StoreBusy
from store.rows import DigestRow, Envelope, MailFacts
from tests.store.helpers import CLOCK, PROVINCE, letter

MAILS = 36
DIGESTS = 8
UNTIL = CLOCK.now() + timedelta(hours=1)


def mail(number: int) -> bytes:
    """A mail; every fifth is more than one chunk."""
    body = b"mail %d " % number
    return body * (400_000 if number % 5 == 0 else 3)


def take(store: Store, name: str) -> None:
    """Everybody takes the same mails, each by a way of his own, in groups and alone."""
    for first in range(0, MAILS, 6):
        group = [(_envelope(name, n), mail(n)) for n in range(first, first + 6)]
        if name.endswith("2"):
            group.reverse()
        small = [one for one in group if len(one[1]) < 1 << 20]
        taken = store.take_many(small)
        taken += [store.take(*one) for one in group if one not in small]
        for one in taken:
            if one.fresh:
                print(one.message_id, flush=True)


def _envelope(name: str, number: int) -> Envelope:
    return Envelope(
        "smtp", f"{name}-{number}", f"a{number}@qq.example", ("b@x.example",), CLOCK.now()
    )


def work(store: Store, name: str) -> None:
    """Claim, change a case, intend a letter, done; until nothing is due."""
    while True:
        with store.write(beside=True) as tx:
            found = tx.messages.claim_next(name, UNTIL, CLOCK.now())
        if found is None:
            return
        _file(store, found)
        print(found, flush=True)


def _file(store: Store, message_id: str) -> None:
    entity = f"entity {int(message_id[1:9], 16) % 7}"
    with store.write() as tx:
        tx.messages.describe(message_id, MailFacts("question", fingerprint=message_id))
        number = tx.cases.open("2019-2020", None, entity, entity, PROVINCE)
        done = Event(number, CLOCK.now(), Actor("mail", message_id), Reported(message_id))
        tx.cases.append(done)
        tx.cases.save_state(number, derive(tx.cases.events(number)))
        tx.outbox.intend(letter(message_id))
        tx.messages.done(message_id)


def send(store: Store, name: str) -> None:
    """Dress and "send" whatever is due; what was begun is said before it is settled."""
    while _dress(store) + _send(store, name):
        pass


def _dress(store: Store) -> int:
    with store.read() as tx:
        due = tx.outbox.undressed()
    for intent, _ in due:
        with store.write() as tx:
            tx.outbox.dress(intent.key, f"<{intent.about}@x>", b"raw")
    return len(due)


def _send(store: Store, name: str) -> int:
    with store.read() as tx:
        due = tx.outbox.sendable(CLOCK.now(), 5)
    for row in due:
        with store.write(beside=True) as tx:
            begun = tx.outbox.begin_attempt(row.key, row.recipient, CLOCK.now(), name)
        if begun:
            print(row.key, flush=True)
            with store.write(beside=True) as tx:
                tx.outbox.sent(row.key, row.recipient, "250", CLOCK.now())
    return len(due)


def report(store: Store, name: str) -> None:
    """Everybody makes the same digests, each with all that is in none yet."""
    for number in range(DIGESTS):
        with store.write() as tx:
            case_no = tx.cases.open("2019-2020", None, name, name, PROVINCE)
            tx.cases.append(Event(case_no, CLOCK.now(), Actor("clock", name), Reported(name)))
            tx.cases.save_state(case_no, derive(tx.cases.events(case_no)))
            new = tx.digests.unreported("weekly", "n@x", {PROVINCE}, {"reported"})
            row = DigestRow("weekly", f"w{number}", PROVINCE, "n@x", 0, "k", CLOCK.now(), {})
            tx.outbox.intend(letter(f"w{number}"))
            if tx.digests.record(row, new):
                print(row.period, flush=True)


ROLES: dict[str, Callable[[Store, str], None]] = {
    "take": take, "work": work, "send": send, "report": report,
}  # fmt: skip


def main() -> None:
    role, url, name = sys.argv[1:]
    store = Store.open(url, CLOCK)
    try:
        ROLES[role](store, name)
    except StoreBusy as error:
        sys.exit(f"busy: {error}")
    store.close()


if __name__ == "__main__":
    main()
