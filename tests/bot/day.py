"""A whole day of the staff in chat: 40 cases, three provinces, eight people, every kind of door.

The Telegram door is the real process (`clerk serve --only bot`) at the Bot API server. WeCom and
DingTalk are their own libraries in threads, at peers that speak as the services do; mail goes
through parsing, proof and filing; the terminal door is `bot.terminal` fed line by line; one talks
through the fake. `Day` keeps every word, for the test to judge and for the pictures of the docs.
"""

import os
import queue
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from bot import terminal
from bot.fake import FakeDoor
from casework import people
from casework.desk import Desk
from procedure.facts import StaffTask
from procedure.readings import Reading
from store.rows import Person
from tests import forked
from tests.bot.botapi import GROUP, TOKEN, BotApi, Sent, serving
from tests.bot.dingtalkapi import DingTalk
from tests.bot.house import NOW, OPERATOR, House, Phone
from tests.bot.streams import at_dingtalk, at_wecom, choose
from tests.bot.wecomapi import WeCom
from tests.casework.made import Firm
from tests.clerk.maildesk import Desk as MailDesk
from tests.clerk.maildesk import at_clock
from tests.house import until

WANG = Person("王敏", "handler", ("13",))
LI = Person("李强", "reviewer", ("13",))
ZHAO = Person("赵岚", "handler", ("14",))
ZHOU = Person("周平", "reviewer", ("14",))
WU = Person("吴涛", "handler", ("37",))
SUN = Person("孙悦", "reviewer", ("37",))
HE = Person("何川", "ncsc")
LIN = Person("林可", "ncsc")
PHONES = {WANG.name: 1, ZHOU.name: 4, LIN.name: 8}
MAIL = "wu@shandong.example"
"""Where 吴涛 decides by answering letters."""
STAFF = (WANG, LI, ZHAO, ZHOU, WU, SUN, HE, LIN)
PROVINCES = {"13": "河北省", "14": "山西省", "37": "山东省"}
_FIRST = "衡晋岚泰沧汾淄潍晟恒朔临朗"
_TRADE = ("热力", "发电", "水泥", "钢铁")
CASES = 40
LATE = 8
"""So many come while the day goes on."""


def firms() -> list[Firm]:
    """40 invented entities, in turn of the three provinces."""
    made = []
    for number in range(1, CASES + 1):
        prefix = list(PROVINCES)[number % 3]
        name = f"{PROVINCES[prefix][:2]}{_FIRST[number % 13]}{_FIRST[number // 3 % 13]}"
        name += f"{_TRADE[number % 4]}有限公司"
        email = f"office{number}@firm.example"
        made.append(Firm(number, name, prefix, PROVINCES[prefix], 100_000, email))
    return made


@dataclass(frozen=True)
class Line:
    """One thing that was said."""

    ours: bool
    text: str
    labels: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


class Talker(Protocol):
    """A person at a door."""

    talk: list[Line]

    def say(self, text: str, *, reply: bool = False) -> str:
        """Type, in reply to the last answer where it is one; the answer."""
        ...

    def tap(self, label: str) -> str:
        """Tap the button of the last answer that begins so; the answer."""
        ...


class Faked:
    """Through the fake door."""

    def __init__(self, desk: Desk, person: Person) -> None:
        self.door = FakeDoor(desk, person)
        self.talk: list[Line] = []

    def say(self, text: str, *, reply: bool = False) -> str:
        self.door.say(text, reply=reply)
        return self._heard(text)

    def tap(self, label: str) -> str:
        self.door.tap(label)
        return self._heard(f"[{label}]")

    def _heard(self, said: str) -> str:
        last = self.door.last
        labels = tuple(one.label for row in last.buttons for one in row)
        files = tuple(one.name for one in last.files)
        self.talk += [Line(False, said), Line(True, last.text, labels, files)]
        return last.text


class AtTerminal:
    """`bot.terminal` in a thread, fed a line at a time."""

    def __init__(self, desk: Desk, person: Person) -> None:
        self.talk: list[Line] = []
        self._typed: queue.Queue[str] = queue.Queue()
        self._ready: queue.Queue[None] = queue.Queue()
        self._out: list[str] = []
        self._thread = threading.Thread(target=terminal.run, args=(desk, person, self, self),
                                        kwargs={"prompt": False})  # fmt: skip
        self._thread.start()
        self._ready.get(timeout=30)

    def readline(self) -> str:
        self._ready.put(None)
        return self._typed.get()

    def write(self, text: str) -> None:
        self._out.append(text)

    def flush(self) -> None:
        """Nothing is held back."""

    def say(self, text: str, *, reply: bool = False) -> str:
        self._out.clear()
        self._typed.put(f"{text}\n")
        self._ready.get(timeout=30)
        answer = "".join(self._out).rstrip("\n")
        self.talk += [Line(False, text), Line(True, answer)]
        return answer

    def tap(self, label: str) -> str:
        """The number that stands before the label."""
        lines = self.talk[-1].text.splitlines()
        number = next(one.split("]")[0].strip(" [") for one in lines if f"] {label}" in one)
        return self.say(number)

    def close(self) -> None:
        self._typed.put("")
        self._thread.join(30)


class OnPhone:
    """Telegram, through the Bot API server and the real bot process."""

    def __init__(self, api: BotApi, account: int) -> None:
        self.phone = Phone(api, account)
        self.talk: list[Line] = []
        self.last: Sent | None = None

    def say(self, text: str, *, reply: bool = False) -> str:
        return self._heard(text, self.phone.say(text, reply_to=self.last if reply else None))

    def tap(self, label: str) -> str:
        assert self.last is not None
        return self._heard(f"[{label}]", self.phone.tap(self.last, label))

    def again(self, on: Sent, label: str) -> None:
        """Tap once more what was tapped before, and do not wait: nothing new may come."""
        self.phone.api.tap(self.phone.who, on, next(b for b in on.buttons if b.startswith(label)))

    def _heard(self, said: str, answer: Sent) -> str:
        self.last = answer
        files = (answer.document[0],) if answer.document else ()
        self.talk += [Line(False, said), Line(True, answer.text, tuple(answer.buttons), files)]
        return answer.text


class OnStream:
    """At WeCom or DingTalk: what a phone taps is typed as a code there."""

    def __init__(self, peer: WeCom | DingTalk, who: str) -> None:
        self.peer = peer
        self.who = who
        self.talk: list[Line] = []

    def say(self, text: str, *, reply: bool = False) -> str:
        answer = self.peer.say(self.who, text)
        self.talk += [Line(False, text), Line(True, answer)]
        return answer

    def tap(self, label: str) -> str:
        answer = choose(self.peer, self.who, self.talk[-1].text, label)
        self.talk += [Line(False, f"[{label}]"), Line(True, answer)]
        return answer


class ByMail:
    """With mail alone: what waits comes as a letter, and is decided by answering it."""

    def __init__(self, desk: MailDesk) -> None:
        self.desk = desk
        self.talk: list[Line] = []

    def letter(self) -> StaffTask:
        """What the newest letter lists, once whatever is due has been told."""
        self.desk.notify()
        return self.desk.task()[1]

    def say(self, text: str, *, reply: bool = False) -> str:
        """Answer the newest letter, or ask for something; what comes back."""
        more: dict[str, Any] = {} if reply else {"refer": False, "subject": "查询"}
        self.desk.answer(text, sender=MAIL, **more)
        to, answer = self.desk.told()[-1]
        assert to == (MAIL,)
        self.talk += [Line(False, text), Line(True, answer)]
        return answer

    def tap(self, label: str) -> str:
        """A mail has nothing to tap."""
        raise NotImplementedError

    def close(self) -> None:
        self.desk.house.store.close()


@dataclass
class Day:
    """The office, its bot process, its people."""

    folder: Path
    office: House
    api: BotApi
    url: str
    talkers: dict[str, Talker] = field(default_factory=dict)
    numbers: dict[str, Firm] = field(default_factory=dict)
    """Case number → its entity, in the order of filing."""
    process: forked.Child | None = None
    peers: list[WeCom | DingTalk] = field(default_factory=list)
    """Of 赵岚 and of 孙悦."""

    # --- the house ---

    def start(self) -> None:
        """The bot, as an installation runs it."""
        clock = self.folder / "clock"
        clock.write_text(self.office.clock.now().isoformat(), "utf-8")
        environment = {
            **os.environ,
            "CLERK_DATA__DIRECTORY": str(self.folder), "CLERK_OFFICE__PROVINCES": "13,14,37",
            "CLERK_TELEGRAM__TOKEN": TOKEN, "CLERK_TELEGRAM__BASE_URL": self.url,
            "CLERK_CLOCK__FILE": str(clock),
        }  # fmt: skip
        with (self.folder / "bot.log").open("ab") as log:
            self.process = forked.start(("serve", "--only", "bot"), environment, log)

    def kill(self) -> None:
        """kill -9 of the bot and whatever it started."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)

    def step(self, minutes: float = 2) -> None:
        """Time goes on, for everybody."""
        self.office.clock.step(minutes=minutes)
        fresh = self.folder / "clock.new"
        fresh.write_text(self.office.clock.now().isoformat(), "utf-8")
        fresh.replace(self.folder / "clock")

    def file(self, firm: Firm) -> str:
        """A form comes; every fifth is over the cap, every seventh has an unclear amount."""
        offset = 6_000 if over(firm) else 5_000
        number = self.office.file(firm, offset, **(unclear(offset) if unsure(firm) else {}))
        self.numbers[number] = firm
        return number

    # --- the day ---

    def morning(self) -> None:
        """Everybody comes in; whoever has a telephone binds it."""
        for person in STAFF:
            code = people.invite(
                self.office.desk, OPERATOR, person.name, person.role, person.provinces
            )
            self.talkers[person.name] = self._door(person)
            if isinstance(self[person], OnPhone | OnStream):
                assert person.name in self[person].say(f"绑定 {code}")

    def _door(self, person: Person) -> Talker:
        desk = self.office.desk
        if person.name in PHONES:
            return OnPhone(self.api, PHONES[person.name])
        if person in (ZHAO, SUN):
            return OnStream(self.peers[person is SUN], person.name)
        if person is WU:
            people.register_mail(desk, OPERATOR, WU.name, MAIL)
            clock = self.folder / "clock"
            return ByMail(at_clock(self.folder, clock, provinces=tuple(PROVINCES)))
        return AtTerminal(desk, person) if person is LI else Faked(desk, person)

    def __getitem__(self, person: Person) -> Talker:
        return self.talkers[person.name]

    def of(self, province: str) -> list[str]:
        """Numbers of the province's cases."""
        return [no for no, firm in self.numbers.items() if firm.province == province]

    def close(self) -> None:
        for one in self.talkers.values():
            if isinstance(one, AtTerminal | ByMail):
                one.close()
        self.stop()


def over(firm: Firm) -> bool:
    """Every fifth asks for more than its cap."""
    return firm.number % 5 == 0


def unsure(firm: Firm) -> bool:
    """Every seventh form's amount could not be read."""
    return firm.number % 7 == 0


def unclear(amount: int) -> dict[str, Reading | None]:
    """An amount that could not be accepted, with the right one among the candidates."""
    return {"offset_t": Reading(value=None, text="5O0O", confidence=0.4, candidates=(f"{amount}",))}


@contextmanager
def day(folder: Path) -> Iterator[Day]:
    """An office with most of the forms already there, and its bot at work."""
    office = House(folder)
    office.clock.to(NOW)
    office.desk = Desk.make(office.desk.store, office.clock, served=frozenset(PROVINCES))
    api = BotApi()
    with ExitStack() as open_, serving(api) as url:
        one = Day(folder, office, api, url)
        one.peers = [
            open_.enter_context(at_wecom(office, folder)),
            open_.enter_context(at_dingtalk(office, folder)),
        ]
        all_firms = firms()
        office.stock(*all_firms)
        for firm in all_firms[:-LATE]:
            one.file(firm)
        one.start()
        try:
            until(lambda: bool(api.polling), 60)
            yield one
        finally:
            one.close()
            office.desk.store.close()


__all__ = ["GROUP", "STAFF", "Day", "Faked", "Line", "OnPhone", "day", "firms"]
