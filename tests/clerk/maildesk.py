"""Staff who have mail alone: our letters, their answers through the whole of the mail door."""

import base64
from dataclasses import dataclass
from pathlib import Path

from bot import notices
from casework import tasks, views
from casework.filing import file_mail
from clerk.jobs import attempt
from clerk.mail_settings import Evidence
from clerk.settings import ClockSettings, Data, Office, Settings
from clerk.wiring import House, open_house
from mailer.outbox import dress_due
from procedure.facts import LetterIntent, StaffNotice, StaffTask
from procedure.readings import DocumentReading
from store.rows import Envelope, LetterRow, MailFacts
from tests.bot.house import OPERATOR
from tests.casework.made import Firm, Reader, form, mail

MX, OURS = "mx.office.example", "clerk@office.example"
HEBEI = "wang@hebei.example"
PASS = "dmarc=pass header.from={domain}; dkim=pass header.d={domain}"


def unread(_data: bytes, _name: str) -> tuple[DocumentReading, ...]:
    return (DocumentReading(kind="other"),)


@dataclass
class Desk:
    """An installation whose staff have mail alone."""

    house: House
    clock: Path
    reader: Reader
    sent: int = 0

    def at(self, moment: str) -> None:
        self.clock.write_text(f"{moment}:00+08:00", encoding="utf-8")

    def file(self, firm: Firm, offset: int = 5_000) -> str:
        data = self.reader.lay(form(firm, offset))
        self.sent += 1
        envelope = Envelope("smtp", f"f{self.sent}", firm.email, (OURS,), self.house.now())
        taken = self.house.store.take(envelope, b"Subject: form\r\n\r\n" + data)
        with self.house.store.write() as tx:
            tx.messages.describe(taken.message_id, MailFacts("application", from_addr=firm.email))
        file_mail(self.house.desk, taken.message_id, mail(firm.email, data), self.reader)
        return views.find(self.house.desk, OPERATOR, firm.name)[0].case_no

    def letters(self, kind: str = "task") -> list[LetterRow]:
        with self.house.store.read() as tx:
            return [one for one in tx.outbox.all() if one.kind == kind]

    def notify(self) -> list[str]:
        notices.plan(self.house.desk, "mail", {})
        made = tasks.send_due(self.house.desk)
        dress_due(self.house.store, self.house.office, self.house.domain)
        return made

    def task(self) -> tuple[LetterRow, StaffTask]:
        letter = self.letters()[-1]
        with self.house.store.read() as tx:
            intent = tx.outbox.intent(letter.key)
        assert intent is not None
        assert isinstance(intent.facts, StaffTask)
        return letter, intent.facts

    def answer(
        self, text: str, *, sender: str = HEBEI, results: str = PASS, refer: bool = True,
        headers: str = "", subject: str | None = None, to: str = OURS, author: str = "",
    ) -> str:  # fmt: skip
        """A mail comes in answer to the last letter; the id of its message."""
        self.sent += 1
        told, refers = subject, ""
        if told is None:
            told = f"回复：待处理 〔回复码 {self.task()[1].token}〕"
        if refer:
            refers = f"In-Reply-To: {self.task()[0].rfc_message_id}\r\n"
        checks = results.format(domain=sender.rpartition("@")[2])
        vouched = f"Authentication-Results: {MX}; {checks}\r\n" if checks else ""
        body = base64.encodebytes(text.encode()).decode().replace("\n", "\r\n")
        encoded = base64.b64encode(told.encode()).decode()
        raw = (
            f"{vouched}From: {author or sender}\r\nTo: {to}\r\nSubject: =?utf-8?b?{encoded}?=\r\n"
            f"Message-ID: <r{self.sent}@hebei.example>\r\n{refers}{headers}"
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            f"{body}"
        ).encode()
        return self.take(raw, sender, to)

    def take(self, raw: bytes, sender: str, to: str = OURS) -> str:
        self.sent += 1
        envelope = Envelope("smtp", f"m{self.sent}", sender, (to,), self.house.now())
        taken = self.house.store.take(envelope, raw)
        attempt(self.house, unread, taken.message_id)
        with self.house.store.read() as tx:
            row = tx.messages.get(taken.message_id)
        assert row is not None
        assert (row.state, row.error) == ("done", "")
        return taken.message_id

    def told(self) -> list[tuple[tuple[str, ...], str]]:
        """The outcomes that went out: to whom, and what."""
        found = []
        for letter in self.letters("notice"):
            with self.house.store.read() as tx:
                intent = tx.outbox.intent(letter.key)
            if intent is not None and intent.about.startswith("commanded:"):
                assert isinstance(intent.facts, StaffNotice)
                found.append((intent.to, "\n".join(intent.facts.lines)))
        return found

    def written(self, to: str) -> list[LetterIntent]:
        """Everything that was written to the address."""
        with self.house.store.read() as tx:
            intents = [tx.outbox.intent(one.key) for one in tx.outbox.all() if to in one.to]
        return [one for one in intents if one is not None]

    def waiting(self) -> list[str]:
        with self.house.store.read() as tx:
            return [one.text for one in tx.tray.open_items() if one.reason == "mailed-command"]

    def stage(self, number: str) -> str:
        return views.case_view(self.house.desk, OPERATOR, number).stage

    def events(self, number: str, *kinds: str) -> int:
        view = views.case_view(self.house.desk, OPERATOR, number)
        return sum(line.kind in kinds for line in view.history)


def opened(folder: Path, **office: object) -> Desk:
    clock = folder / "clock"
    clock.write_text("2021-11-03T09:00:00+08:00", encoding="utf-8")
    return at_clock(folder / "data", clock, **office)


def at_clock(data: Path, clock: Path, **office: object) -> Desk:
    """On this data, by the time that the file says."""
    wanted = {"address": OURS, "own_addresses": (OURS,), "provinces": ("13", "14"), **office}
    settings = Settings(
        data=Data(directory=data),
        clock=ClockSettings(file=clock),
        evidence=Evidence(servers=(MX,)),
        office=Office(**wanted),
    )
    return Desk(open_house(settings, create=True), clock, Reader())
