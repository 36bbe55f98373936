"""A desk on a store of its own: mails come, registry files are imported, the clock is stepped."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from casework import views
from casework.desk import Desk
from casework.filing import file_mail
from casework.imports import ImportReport, import_registry
from casework.incoming import IncomingMail
from procedure.case import CaseState
from procedure.facts import Facts, LetterIntent
from procedure.readings import DocumentReading
from procedure.registry import RegistryKind
from store import Store
from store.rows import Envelope, LetterRow, MailFacts, Person
from store.verify import verify
from tests import made
from tests.casework.made import Firm, Reader, SteppedClock, at, form, mail, proof

HEBEI = Person("陈示例", "reviewer", ("13",))
HANDLER = Person("李示例", "handler", ("13",))
SHANXI = Person("王示例", "reviewer", ("14",))
OPERATOR = Person("运维", "operator")
OWN = "clerk@office.example"
RecordRow = tuple[Firm, int, str] | tuple[Firm, int, str, str]
"""Firm, tonnes, time, and the status where another than finished."""


class Office:
    """Everything that a test does to casework, through its public functions."""

    def __init__(
        self, directory: Path, url: str = "", begins: str = "2021-11-03 09:00", **settings: object
    ) -> None:
        self.clock = SteppedClock(at(begins))
        url = url or made.database(directory)
        self.store = Store.open(url, self.clock, create=True)
        chosen: dict[str, object] = {
            "served": frozenset({"13", "14"}),
            "own_addresses": frozenset({OWN}),
            "province_mailboxes": {"13": "hebei@p.example", "14": "shanxi@p.example"},
            "operator_mailbox": "operator@office.example",
        }
        self.desk = Desk.make(self.store, self.clock, **{**chosen, **settings})
        self.reader = Reader()
        self.mails = 0

    # mail

    def post(self, sender: str, *readings: DocumentReading, **more: Any) -> str:
        """A mail with a document for each reading is taken and filed; its message id."""
        files = [self.reader.lay(one) for one in readings]
        return self.send(mail(sender, *files, **more))

    def send(self, incoming: IncomingMail) -> str:
        """A mail is taken and filed; its message id."""
        self.mails += 1
        self.clock.step(seconds=1)  # letters are told apart by their moment
        envelope = Envelope("smtp", f"k{self.mails}", incoming.from_addr, (), self.clock.now())
        taken = self.store.take(envelope, b"mail %d" % self.mails)
        facts = MailFacts(
            incoming.kind, from_addr=incoming.from_addr, subject=incoming.subject,
            rfc_message_id=incoming.rfc_message_id, may_reply=incoming.may_reply,
        )  # fmt: skip
        with self.store.write() as tx:
            tx.messages.describe(taken.message_id, facts)
        file_mail(self.desk, taken.message_id, incoming, self.reader)
        return taken.message_id

    def apply(self, firm: Firm, offset: int = 5_000, **more: Any) -> str:
        """The firm's application comes; the case's number."""
        self.post(firm.email, form(firm, offset, **more))
        return self.case(firm)

    def prove(self, firm: Firm, amount: int = 5_000, **more: str) -> str:
        """The firm's screenshot comes; its message id."""
        return self.post(firm.email, proof(firm, amount, **more), kind="cancellation")

    # registry

    def table(
        self,
        kind: RegistryKind,
        head: str,
        rows: Sequence[Sequence[object]],
        until: str | None = None,
    ) -> ImportReport:
        """A registry file of these rows is imported."""
        out = io.StringIO()
        csv.writer(out).writerows([head.split(","), *rows])
        return self.table_of(kind, out.getvalue().encode("utf-8-sig"), f"{kind}.csv", until)

    def table_of(
        self, kind: RegistryKind, data: bytes, name: str, until: str | None = None
    ) -> ImportReport:
        """A registry file of these bytes is imported."""
        moment = at(until) if until else None
        return import_registry(self.desk, kind, data, name, moment, "operator")

    def entities(self, *firms: Firm, emails: bool = True) -> ImportReport:
        """The list of key emitting entities."""
        head = "单位名称,统一社会信用代码,所属省份,应清缴配额,联系邮箱"
        rows = [
            (f.name, f.uscc, f.province_name, f.obligation, f.email if emails else "")
            for f in firms
        ]
        return self.table("entities", head, rows)

    def accounts(self, *firms: Firm) -> ImportReport:
        """The voluntary registry's accounts with their holders."""
        head = "账户编号,账户名称,统一社会信用代码"
        return self.table("accounts", head, [(f.account, f.name, f.uscc) for f in firms])

    def cancellations(self, *rows: RecordRow, until: str | None = None) -> ImportReport:
        """Voluntary cancellations, finished where no other status is given."""
        head = "账户名称,账户编号,项目编号,项目名称,数量,操作类型,状态,时间"
        cells = [
            (r[0].name, r[0].account, "CCER-0001", "项目", r[1], "自愿注销",
             r[3] if len(r) > 3 else "已完成", r[2]) for r in rows
        ]  # fmt: skip
        return self.table("cancellations", head, cells, until)

    def credits(self, *rows: tuple[Firm, int]) -> ImportReport:
        """Offset CCER created by CRC."""
        cells = [(f.name, f.account, f.uscc, t, "2021-12-16 10:00:00") for f, t in rows]
        return self.table("credits", "单位名称,账户编号,统一社会信用代码,数量,时间", cells)

    def surrenders(self, *rows: tuple[Firm, int, str]) -> ImportReport:
        """Compliance applications at CRC with their status."""
        cells = [(f.name, f.uscc, t, status, "2021-12-20 10:00:00") for f, t, status in rows]
        return self.table("surrenders", "单位名称,统一社会信用代码,数量,状态,时间", cells)

    # looking

    def cases(self) -> list[str]:
        """Numbers of all cases."""
        with self.store.read() as tx:
            return [row.case_no for row in tx.cases.list(None)]

    def case(self, firm: Firm) -> str:
        """The number of the firm's case."""
        found = views.find(self.desk, OPERATOR, firm.name)
        return found[-1].case_no

    def state(self, case_no: str) -> CaseState:
        """What the case's events add up to."""
        with self.store.read() as tx:
            found = tx.cases.state(case_no)
        assert found is not None
        return found

    def stage(self, case_no: str) -> str:
        return self.state(case_no).stage

    def letters(self, kind: str | None = None) -> list[LetterRow]:
        """Letters that are to be sent, oldest first."""
        with self.store.read() as tx:
            found = [one for one in tx.outbox.all() if not one.superseded]
        return [one for one in found if kind in (None, one.kind)]

    def intent(self, letter: LetterRow) -> LetterIntent:
        with self.store.read() as tx:
            found = tx.outbox.intent(letter.key)
        assert found is not None
        return found

    def facts(self, kind: str) -> list[Facts]:
        """The facts of all letters of a kind."""
        return [self.intent(one).facts for one in self.letters(kind)]

    def states(self, key: str) -> dict[str, str]:
        """Address → how far a letter is there."""
        (letter,) = [one for one in self.letters() if one.key == key]
        return {one.address: one.state for one in letter.recipients}

    def tray(self) -> list[str]:
        """Reasons of what waits for a person."""
        with self.store.read() as tx:
            return [item.reason for item in tx.tray.open_items()]

    def places(self, message_id: str) -> list[str]:
        """Where the documents of a message ended."""
        with self.store.read() as tx:
            return [one.place for one in tx.messages.placements(message_id)]

    def events(self, case_no: str) -> Mapping[str, int]:
        """How many events of each kind."""
        with self.store.read() as tx:
            kinds = [event.kind for event in tx.cases.events(case_no)]
        return {kind: kinds.count(kind) for kind in kinds}

    def close(self) -> None:
        """The store proves itself clean, then closes."""
        problems = [one for one in verify(self.store) if "never written out" not in one]
        self.store.close()
        assert problems == []
