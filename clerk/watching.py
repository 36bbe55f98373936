"""The part that watches mailboxes: a thread for each folder, and their signs of life."""

import logging
import threading

from clerk.doors import accounts
from clerk.silence import Pulse
from clerk.wiring import House
from mailer.watcher import Account, Watcher
from procedure.errors import WrongUse

log = logging.getLogger(__name__)


def watch(house: House, stop: threading.Event) -> None:
    """Watch the mailboxes, a thread for each folder. `WrongUse` without any."""
    found = accounts(house)
    if not found:
        raise WrongUse("imap.accounts is empty: set one, or do not run the part 'watch'")
    pulse = Pulse(house)
    threads = [
        threading.Thread(target=_watch, args=(house, one, stop, pulse), name=one.name)
        for one in found
    ]
    for thread in threads:
        thread.start()
    try:
        pulse.run(stop)
    finally:
        # Without its signs of life a mailbox counts as silent.
        stop.set()
    for thread in threads:
        thread.join()


def _watch(house: House, account: Account, stop: threading.Event, pulse: Pulse) -> None:
    log.info("watching %s of %s", account.folder, account.name)
    watcher = Watcher(house.store, house.clock, account, stop, on_poll=pulse.polled)
    pulse.add(f"{account.name}/{account.folder}", watcher)
    try:
        watcher.run()
    finally:
        # As with letters: one mailbox that nobody watches any more ends the part.
        stop.set()
