"""What `clerk serve` runs: the parts, each a process of its own (`clerk.tree` watches them).

A part ends with the process that started it: its standard input is a pipe that breaks with it.
"""

import hashlib
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from clerk.health import told
from clerk.tree import grow, watch_over
from clerk.wiring import House
from clerk.workers import live, release, release_dead, worker_name
from procedure.errors import WrongUse
from store import Store
from store.errors import StoreBusy, StoreFault
from store.hints import LETTERS, MESSAGES
from store.lock import Turn, serving_lock
from store.people import MAIL

if TYPE_CHECKING:
    from clerk.jobs import Worker
    from clerk.readers import Readers

log = logging.getLogger(__name__)

POLL = 0.3
"""Seconds between looks at the ledger and the outbox."""
TURN = 2.0
"""Seconds between looks at whether it is this process's turn."""


def jobs(house: House, stop: threading.Event, readers: "Readers | None" = None) -> None:
    """Read and file messages, send letters, give signs of life."""
    from clerk.jobs import Worker
    from clerk.readers import Readers

    worker = worker_name(os.getpid())
    release_dead(house)
    readers = readers or Readers(house.desk.template)
    messages = Worker(house, readers, worker)
    asked = (house, worker, lambda: messages.at, stop)
    life = threading.Thread(target=live, args=asked, name="life")
    life.start()
    try:
        if house.store.queued:
            _woken(house, messages, stop)
        else:
            _looking(house, messages, stop)
    finally:
        stop.set()
        readers.close()
        life.join()


def _woken(house: House, messages: "Worker", stop: threading.Event) -> None:
    """Work when there is a hint that something is due."""
    from clerk import woken

    looks = {MESSAGES: lambda: messages.run_due(1), LETTERS: postman(house)}
    woken.work(house, looks, stop)


def _looking(house: House, messages: "Worker", stop: threading.Event) -> None:
    """Look again and again whether something is due; letters in a thread of their own."""
    letters = threading.Thread(target=outbox, args=(house, stop), name="outbox")
    letters.start()
    try:
        while not stop.is_set():
            # One at a time: who is told to end must not read a backlog of ten first.
            if messages.run_due(1) == 0:
                stop.wait(POLL)
    finally:
        stop.set()
        letters.join()


def outbox(house: House, stop: threading.Event) -> None:
    """Dress letters and hand them to the relay. Ends its part with it, to be started again."""
    try:
        deliver = postman(house)
        while not stop.is_set():
            if deliver() == 0:
                stop.wait(POLL)
    finally:
        # A thread that dies alone would leave letters unsent and nobody told.
        stop.set()


def postman(house: House) -> Callable[[], int]:
    """What dresses and sends the letters that are due, and says how many it was at."""
    from clerk.doors import signer_of
    from mailer.outbox import dress_due, send_due
    from mailer.sender import Relay, Sender

    url = house.settings.relay.url
    sender = Sender(Relay.parse(url)) if url else None
    signer = signer_of(house)
    by = worker_name(os.getpid())
    if sender is None:
        log.warning("relay.url is empty: letters are made and kept, none is sent")

    unsettled = False

    def deliver() -> int:
        nonlocal unsettled
        if unsettled:
            # The database went away under the last look: what it was at is free again.
            with house.store.write() as tx:
                tx.outbox.give_up(by)
        unsettled = True
        dressed = dress_due(house.store, house.office, house.domain, signer)
        tried = send_due(house.store, sender, house.office, house.now, by) if sender else 0
        unsettled = False
        return dressed + tried

    return deliver


def timetable(house: House, stop: threading.Event) -> None:
    """Make what is due: at the start, and whenever the clock's minute has changed."""
    from clerk.keeping import Keeping
    from clerk.silence import Silence

    last: datetime | None = None
    silence, keep = Silence(house), Keeping(house)
    while not stop.is_set():
        silence.look()
        now = house.now()
        if last is None or now.replace(second=0, microsecond=0) != last:
            pass_once(house, now)
            log.debug("timetable: pass at %s", now.isoformat())
            last = now.replace(second=0, microsecond=0)
            keep.look(now)
        stop.wait(POLL)


def pass_once(house: House, now: datetime) -> list[str]:
    """One pass over "what is due and not there yet?"; the keys of what was made."""
    from bot import notices
    from casework import digests, reminders, tasks

    made = digests.make_due(house.desk, now)
    made += reminders.make_due(house.desk, now)
    reminders.lapse_due(house.desk, now)
    # Staff without a chat are told by letter, in which they decide.
    notices.plan(house.desk, MAIL, {})
    made += tasks.send_due(house.desk)
    return made


def bot(house: House, stop: threading.Event) -> None:
    """Answer staff on Telegram. `WrongUse` without a token."""
    from bot import telegram

    chosen = house.settings.telegram
    token = chosen.token.get_secret_value()
    if not token:
        raise WrongUse("telegram.token is empty: set it, or do not run the part 'bot'")
    asked = telegram.TelegramSettings(
        token, base_url=chosen.base_url, proxy=chosen.proxy, webhook_url=chosen.webhook_url,
        webhook_listen=chosen.webhook_listen,
        webhook_secret=chosen.webhook_secret.get_secret_value(),
    )  # fmt: skip
    # Telegram answers two pollers of one token with errors: the others wait for their turn.
    name = f"bot:{hashlib.sha256(token.encode()).hexdigest()[:16]}"
    in_turn(house.store, name, stop, lambda: telegram.run(house.desk, asked, stop))


def wecom(house: House, stop: threading.Event) -> None:
    """Answer staff on WeCom. `WrongUse` without a bot, or without the extra package."""
    chosen = house.settings.bot.wecom
    if not chosen.bot_id:
        raise WrongUse("bot.wecom.bot_id is empty: set it, or do not run the part 'wecom'")
    door = _extra("wecom", "aibot")
    given = door.WeComSettings(
        chosen.bot_id, chosen.secret.get_secret_value(), chosen.url, chosen.ca_file
    )
    # A second connection of one bot ends the first: the others wait for their turn.
    name = f"wecom:{hashlib.sha256(chosen.bot_id.encode()).hexdigest()[:16]}"
    in_turn(house.store, name, stop, lambda: door.run(house.desk, given, stop))


def dingtalk(house: House, stop: threading.Event) -> None:
    """Answer staff on DingTalk. `WrongUse` without a robot, or without the extra package."""
    chosen = house.settings.bot.dingtalk
    if not chosen.client_id:
        raise WrongUse("bot.dingtalk.client_id is empty: set it, or do not run the part 'dingtalk'")
    door = _extra("dingtalk", "dingtalk_stream")
    given = door.DingTalkSettings(
        chosen.client_id, chosen.client_secret.get_secret_value(), chosen.robot_code,
        chosen.base_url, chosen.media_url,
    )  # fmt: skip
    # Messages are dealt out among connections, and a choice belongs to the one that offered it.
    name = f"dingtalk:{hashlib.sha256(chosen.client_id.encode()).hexdigest()[:16]}"
    in_turn(house.store, name, stop, lambda: door.run(house.desk, given, stop))


def _extra(door: str, package: str) -> ModuleType:
    """The door's module. `WrongUse` where its package is not installed."""
    if find_spec(package) is None:
        raise WrongUse(f"the part '{door}' needs a further package: pip install ccer-clerk[{door}]")
    return import_module(f"bot.{door}")


def in_turn(store: Store, name: str, stop: threading.Event, work: Callable[[], None]) -> None:
    """Do what only one process may do, once nobody else does; end it where the turn was lost."""
    while not stop.is_set():
        with store.alone(name) as turn:
            if turn:
                guard = threading.Thread(target=_guard, args=(turn, stop), name="turn")
                guard.start()
                try:
                    work()
                finally:
                    stop.set()
                    guard.join()
                return
        stop.wait(TURN)


def _guard(turn: Turn, stop: threading.Event) -> None:
    while not stop.wait(TURN):
        if not turn.kept():
            log.warning("the database was lost and the turn with it: this part starts again")
            stop.set()


def mail(house: House, stop: threading.Event) -> None:
    """Take mail by SMTP."""
    from clerk.doors import listen

    listen(house, stop)


def watch(house: House, stop: threading.Event) -> None:
    """Take mail out of mailboxes."""
    from clerk.watching import watch as watch_all

    watch_all(house, stop)


# Each part loads only what it needs: five processes that load everything take long to start.
PARTS: Mapping[str, Callable[[House, threading.Event], None]] = {
    "mail": mail,
    "watch": watch,
    "jobs": jobs,
    "timetable": timetable,
    "bot": bot,
    "wecom": wecom,
    "dingtalk": dingtalk,
}


def parts_of(house: House) -> tuple[str, ...]:
    """The parts that the settings ask for: a door without its settings stays shut."""
    asked = {
        "bot": bool(house.settings.telegram.token.get_secret_value()),
        "wecom": bool(house.settings.bot.wecom.bot_id),
        "dingtalk": bool(house.settings.bot.dingtalk.client_id),
        "watch": bool(house.settings.imap.accounts),
    }
    return tuple(part for part in PARTS if asked.get(part, True))


def run_part(house: House, part: str) -> None:
    """Run one part until it is told to stop, or its parent is gone."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    if os.environ.get("CLERK_CHILD"):
        threading.Thread(target=_until_parent_ends, args=(stop,), daemon=True).start()
        PARTS[part](house, stop)
        return
    with told(house, lambda: {part: not stop.is_set()}):
        PARTS[part](house, stop)


def _until_parent_ends(stop: threading.Event) -> None:
    # The bare descriptor: a thread that waits in sys.stdin's lock makes an orderly end a fatal one.
    while os.read(0, 4096):
        continue
    stop.set()
    # A part that is stuck must not outlive its tree by long.
    time.sleep(10)
    os._exit(1)


def serve(house: House, config: Path | None) -> None:
    """Run all parts until told to stop. `AlreadyServing` where another tree does."""
    with serving_lock(house.settings.data.directory):
        house.store.sweep()
        release_dead(house)
        _supervise(house, parts_of(house), config)


def _supervise(house: House, parts: Sequence[str], config: Path | None) -> None:
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    tree = grow(parts, config)
    with told(house, lambda: {part: one.alive() for part, one in tree.items()}):
        watch_over(tree, lambda pid: _release(house, pid), stop)


def _release(house: House, pid: int) -> None:
    """What a part that died was at is free at once, not when its claim ends."""
    try:
        release(house, worker_name(pid))
    except (StoreBusy, StoreFault):
        # The tree stands whatever the database does; the claim ends by itself.
        log.exception("claims of process %d could not be given up", pid)
