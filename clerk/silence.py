"""A mailbox that nobody could read for long: told once for each silence, closed when it is over.

The watcher says when a mailbox was read last (`Pulse`), the timetable looks whether that is long
ago (`Silence`): a watcher that hangs, or cannot even start, is noticed too.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

from casework.alarms import alarm
from clerk.doors import mailbox_names
from clerk.wiring import House
from mailer.watcher import Account, Watcher
from procedure.language import _, spoken
from store.errors import StoreBusy, StoreFault

log = logging.getLogger(__name__)

SILENT = "mailbox-silent"
BEAT = 3.0
"""Seconds between two signs of life of the watched mailboxes."""
LOOK = 5.0
"""Seconds between two looks for silence."""
PATIENCE = 10.0
"""Seconds that a silence must last under our eyes: a clock may have been stepped."""
LONG = 600.0
"""Seconds that one poll may take: a mailbox may hold thousands that are new."""
FRESH = timedelta(seconds=30)
"""A sign of life that is younger is not written again."""


class Pulse:
    """Writes down which mailboxes are being read. One for all watchers of a process."""

    def __init__(self, house: House, tick: Callable[[], float] = time.monotonic) -> None:
        self._house = house
        self._tick = tick
        self._watchers: dict[str, Watcher] = {}
        self._polls: dict[str, float] = {}
        self._written: dict[str, datetime] = {}

    def add(self, name: str, watcher: Watcher) -> None:
        """From now on this one is listened to."""
        self._watchers[name] = watcher

    def polled(self, account: Account, _at: datetime) -> None:
        """For `Watcher`'s ``on_poll``."""
        self._polls[f"{account.name}/{account.folder}"] = self._tick()

    def run(self, stop: threading.Event) -> None:
        """Until told to stop."""
        while not stop.wait(BEAT):
            try:
                self.beat()
            except (StoreBusy, StoreFault):
                # The database is away: whoever looks for silence is told later, or finds some.
                log.exception("no sign of life of the mailboxes could be given")

    def beat(self) -> None:
        """Write down those that are being read now."""
        now = self._house.now()
        due = [name for name in list(self._watchers) if self._reads(name) and self._due(name, now)]
        if not due:
            return
        with self._house.store.write(beside=True) as tx:
            for name in due:
                tx.mailboxes.polled(name, now)
        self._written.update(dict.fromkeys(due, now))

    def _reads(self, name: str) -> bool:
        """Its last poll went well, and is not too long ago."""
        last = self._polls.get(name)
        recent = last is not None and self._tick() - last < LONG
        return recent and self._watchers[name].failures == 0

    def _due(self, name: str, now: datetime) -> bool:
        written = self._written.get(name)
        return written is None or abs(now - written) >= FRESH


class Silence:
    """Looks for mailboxes that were not read for ``imap.alarm_minutes``."""

    def __init__(self, house: House, tick: Callable[[], float] = time.monotonic) -> None:
        self._house = house
        self._tick = tick
        self._next = 0.0
        self._seen: dict[tuple[str, datetime], float] = {}

    def look(self) -> list[str]:
        """The mailboxes told of now; at most once in `LOOK` seconds."""
        imap = self._house.settings.imap
        if not imap.accounts or not imap.alarm_minutes or self._tick() < self._next:
            return []
        self._next = self._tick() + LOOK
        names = mailbox_names(self._house)
        read = self._read(names)
        now, longest = self._house.now(), timedelta(minutes=imap.alarm_minutes)
        silent = {name: at for name, at in read.items() if now - at >= longest}
        self._settle({name: at for name, at in read.items() if name not in silent})
        return [
            name for name, at in silent.items() if self._lasts(name, at) and self._tell(name, at)
        ]

    def _read(self, names: Iterable[str]) -> dict[str, datetime]:
        """When each was read last; one never heard of begins now."""
        with self._house.store.read() as tx:
            known = tx.mailboxes.all()
        new = [name for name in names if name not in known]
        if new:
            now = self._house.now()
            with self._house.store.write(beside=True) as tx:
                for name in new:
                    tx.mailboxes.watched(name, now)
            known |= dict.fromkeys(new, now)
        return {name: known[name] for name in names}

    def _lasts(self, name: str, at: datetime) -> bool:
        return self._tick() - self._seen.setdefault((name, at), self._tick()) >= PATIENCE

    def _tell(self, name: str, at: datetime) -> bool:
        key = f"{_key(name)}{at.isoformat()}"
        with self._house.store.read() as tx:
            if tx.tray.of_message(key):
                return False
        with self._house.store.write() as tx:
            return alarm(self._house.desk, tx, key, SILENT, partial(_text, name, at))

    def _settle(self, heard: dict[str, datetime]) -> None:
        """Silences that are over."""
        with self._house.store.read() as tx:
            items = [one for one in tx.tray.open_items() if one.reason == SILENT]
        over = [one for one in items if any(one.message_id.startswith(_key(n)) for n in heard)]
        if over:
            with self._house.store.write() as tx:
                for item in over:
                    now = self._house.now()
                    tx.tray.close(item.id, "timetable", "settled", _("已恢复收取").said(), now)


SILENCE = _(
    "邮箱 {name} 自 {at} 起未能成功收取邮件，"
    "请检查服务器、密码和网络（clerk doctor）。恢复收取后本提示自动关闭。"
)


def _text(name: str, at: datetime) -> str:
    return SILENCE.said(name=name, at=spoken().moment(at))


def _key(name: str) -> str:
    return f"silent:{name}:"
