"""Lives of a mail worker that are killed: ``python -m tests.clerk.mailserve RELAY``.

Each line of standard input asks for one life: folder, file of its moments, and the moment at which
it ends as by ``kill -9`` (0 for none). How it ended is written on standard output. The lives are
forked from this one, which has everything loaded.
"""

import os
import sys
from pathlib import Path

from clerk.jobs import Worker
from clerk.readers import Readers
from mailer.outbox import dress_due, send_due
from mailer.sender import Relay, Sender
from procedure.readings import DocumentReading
from tests.clerk.maildesk import at_clock, unread
from tests.crash.planted import sitecustomize as planted


class Unread(Readers):
    """Reads nothing: the mails are answers, without a document."""

    def __init__(self) -> None:
        """Without a pool: nothing is to be closed."""

    def read(self, data: bytes, name: str) -> tuple[DocumentReading, ...]:
        return unread(data, name)


def live(folder: Path, moments: str, at: int, relay: str) -> None:
    """Whatever is due: messages, then letters."""
    planted.MOMENTS, planted.AT, planted.ALONE = moments, at, True
    house = at_clock(folder / "data", folder / "clock").house
    Worker(house, Unread(), f"life-{at}").run_due()
    dress_due(house.store, house.office, house.domain)
    send_due(house.store, Sender(Relay.parse(relay)), house.office, house.now)
    house.store.close()


def main() -> None:
    (relay,) = sys.argv[1:]
    for line in sys.stdin:
        folder, moments, at = line.split()
        child = os.fork()
        if child == 0:
            live(Path(folder), moments, int(at), relay)
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
