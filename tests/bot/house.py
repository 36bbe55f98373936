"""An office on a real SQLite store: two provinces, staff, filed applications; and its bot."""

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot import telegram
from bot.telegram import TelegramSettings
from casework import people, tray, views
from casework.desk import Desk
from casework.filing import file_mail
from casework.imports import import_registry
from procedure.readings import Reading
from procedure.registry import RegistryKind
from store import Store
from store.rows import Envelope, Person
from tests import made
from tests.bot.botapi import TOKEN, BotApi, Sent, serving
from tests.casework.made import FORM_DAY, Firm, Reader, SteppedClock, at, form, mail, unreadable

WANG = Person("王敏", "handler", ("13",))
LI = Person("李强", "handler", ("13",))
ZHAO = Person("赵岚", "handler", ("14",))
SUN = Person("孙静", "auditor")
OPERATOR = Person("钱工", "operator")
HENGLAN = Firm()
JINYUE = Firm(2, "山西晋岳发电有限公司", "14", "山西省", 200_000, "ccer@jinyue.example")
NOW = "2021-11-03 09:00"
NOTICE = re.compile(
    r"\ACCER-\S+ [^\n]*：[^\n]*\n下一步：点按案件号|\A有 \d+ 项新的提醒"
    r"|\ACCER-\S+ [^\n]*: [^\n]*\nNext: tap the case number to look"
    r"|\AThere (is|are) \d+ new notice"
)


def registry(firms: tuple[Firm, ...]) -> dict[RegistryKind, str]:
    """The registries' files about these firms, as csv."""
    entities = [f"{f.name},{f.uscc},{f.province_name},{f.obligation},{f.email}" for f in firms]
    return {
        "entities": "\n".join(["单位名称,统一社会信用代码,所属省份,应清缴配额,邮箱", *entities]),
        "accounts": "\n".join(
            ["账号,账户名称,统一社会信用代码", *(f"{f.account},{f.name},{f.uscc}" for f in firms)]
        ),
        "holdings": "\n".join(
            ["账号,项目编号,数量", *(f"{f.account},CCER-0001,90000" for f in firms)]
        ),
        "projects": "项目编号,项目名称,是否纳入,减排量产生起始日期,减排量产生截止日期\n"
        "CCER-0001,衡岚风电项目,否,2015-01-01,2016-12-31",
    }


@dataclass
class House:
    """The office; ``folder`` holds its database, so it can be opened again after a restart."""

    folder: Path
    url: str = ""
    clock: SteppedClock = field(default_factory=lambda: SteppedClock(at(NOW)))
    reader: Reader = field(default_factory=Reader)

    def __post_init__(self) -> None:
        self.desk = make_desk(self.folder, self.clock, self.url)

    def stock(self, *firms: Firm) -> None:
        """Import what the registries know of the firms."""
        for kind, text in registry(firms).items():
            name, until = f"{kind}.csv", self.clock.now()
            report = import_registry(self.desk, kind, text.encode(), name, until, "运维")
            assert report.ok, report.problems

    def file(self, firm: Firm, offset: int = 5_000, **fields: Reading | None) -> str:
        """A form comes by mail and is filed; its case number."""
        data = self.reader.lay(form(firm, offset, rows=(), day=FORM_DAY, **fields))
        message = hashlib.sha256(data).hexdigest()
        envelope = Envelope("smtp", message, firm.email, ("c@example.org",), self.clock.now())
        taken = self.desk.store.take(envelope, b"Subject: form\r\n\r\n" + data)
        file_mail(self.desk, taken.message_id, mail(firm.email, data), self.reader)
        line = views.find(self.desk, OPERATOR, firm.name)
        return line[0].case_no

    def lose(self) -> str:
        """A sealed screenshot of which nothing could be read comes; the number of its item."""
        data = self.reader.lay(unreadable())
        envelope = Envelope("smtp", "lost", "who@known.example", ("c@x.example",), self.clock.now())
        taken = self.desk.store.take(envelope, b"Subject: ?\r\n\r\n" + data)
        incoming = mail("who@known.example", data, subject="材料")
        file_mail(self.desk, taken.message_id, incoming, self.reader)
        return tray.listed(self.desk, OPERATOR)[0].item

    def invite(self, person: Person) -> str:
        return people.invite(self.desk, OPERATOR, person.name, person.role, person.provinces)

    def bind(self, person: Person, account: int) -> None:
        code = self.invite(person)
        people.bind(self.desk, "telegram", str(account), code, self.desk.now())

    def stage(self, case_no: str) -> str:
        return views.case_view(self.desk, OPERATOR, case_no).stage

    def events(self, case_no: str, kind: str) -> int:
        view = views.case_view(self.desk, OPERATOR, case_no)
        return sum(line.kind == kind for line in view.history)


def make_desk(folder: Path, clock: SteppedClock, url: str = "") -> Desk:
    """The desk over the database, by default the folder's; made where it is not there."""
    if not url and not (folder / "clerk.db").exists():
        made.database(folder)
    store = Store.open(url or f"sqlite:///{folder / 'clerk.db'}", clock, create=True)
    return Desk.make(store, clock, served=frozenset({"13", "14"}))


@contextmanager
def house(folder: Path, url: str = "") -> Iterator[House]:
    """A fresh office, closed at the end."""
    made = House(folder, url)
    try:
        yield made
    finally:
        made.desk.store.close()


def settings(url: str) -> TelegramSettings:
    return TelegramSettings(TOKEN, url, poll_seconds=5, notice_seconds=0.1, retry_seconds=0.1)


@contextmanager
def bot_at(desk: Desk, url: str) -> Iterator[None]:
    """Our bot at work on this server."""
    with bot_with(desk, settings(url)):
        yield


@contextmanager
def bot_with(desk: Desk, given: TelegramSettings) -> Iterator[None]:
    """The bot's loop in a thread; an error of it fails the test."""
    stop, failed = threading.Event(), []

    def body() -> None:
        try:
            telegram.run(desk, given, stop)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=body)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)
    assert not thread.is_alive(), "the bot did not stop"
    if failed:
        raise failed[0]


@contextmanager
def bot(desk: Desk) -> Iterator[BotApi]:
    """A Bot API server and our bot at work on it."""
    api = BotApi()
    with serving(api) as url, bot_at(desk, url):
        yield api


@dataclass
class Phone:
    """A member of staff with Telegram open."""

    api: BotApi
    who: int

    def say(self, text: str, *, reply_to: Sent | None = None, in_chat: int | None = None) -> Sent:
        """Type and wait for the answer."""
        place = in_chat or self.who
        before = self._seen(place)
        self.api.say(self.who, text, in_chat=in_chat, reply_to=reply_to)
        return self._next(place, before)

    def tap(self, on: Sent, label: str) -> Sent:
        """Tap the button that begins with ``label`` and wait for the answer."""
        full = next(one for one in on.buttons if one.startswith(label))
        return self.send(on, on.buttons[full])

    def send(self, on: Sent, data: str) -> Sent:
        """Tap with this data, be it on the message any more or not."""
        before = self._seen(on.chat_id)
        self.api.tap(self.who, on, data=data)
        return self._next(on.chat_id, before)

    def answers(self) -> list[Sent]:
        """What came to the private chat but notices."""
        return [one for one in self.api.to(self.who) if not NOTICE.search(one.text)]

    def _seen(self, place: int) -> dict[int, int]:
        return {one.message_id: one.edits for one in self.api.to(place)}

    def _next(self, place: int, before: dict[int, int]) -> Sent:
        """The first message of ours that is new or edited since."""

        def fresh() -> Sent | None:
            for one in self.api.to(place):
                # A notice, or the file of an earlier answer, may come at any moment.
                if not one.text:
                    continue
                if before.get(one.message_id) != one.edits and not NOTICE.search(one.text):
                    return one
            return None

        found: Sent = self.api.wait(fresh)
        return found
