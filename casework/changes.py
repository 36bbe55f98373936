"""One case being changed inside a write transaction: events appended, state derived and saved."""

from collections.abc import Iterable

from casework.desk import Desk
from procedure.case import CaseState, derive
from procedure.errors import WrongUse
from procedure.events import Actor, Event, Evidence, Payload
from procedure.language import _
from store import Tx
from store.rows import CaseRow, Person


def actor_of(person: Person) -> Actor:
    """The person as an event names them."""
    return Actor("person", person.name)


def erased(case_no: str) -> WrongUse:
    """What is said of a case whose time of keeping is over."""
    return WrongUse(
        f"case {case_no} was erased when its time of keeping was over",
        code="case-erased",
        user_message=_("案件 {case_no} 已超过保存期限，内容已按设置删除。").format(case_no=case_no),
    )


class Change:
    """A case's events so far and the state they give; ``add`` appends one and derives again.

    Read inside the transaction that writes: what a door showed before may be old by now.
    """

    def __init__(self, desk: Desk, tx: Tx, case_no: str) -> None:
        found = tx.cases.row(case_no)
        if found is None:
            raise WrongUse(
                f"no case {case_no!r}",
                user_message=_("没有编号为 {case_no} 的案件。").format(case_no=case_no),
            )
        if found.erased:
            raise erased(case_no)
        self.desk = desk
        self.tx = tx
        self.row: CaseRow = found
        self.cycle = desk.cycle(found.cycle)
        self.events: list[Event] = list(tx.cases.events(case_no))
        self.state: CaseState = derive(self.events)

    @property
    def case_no(self) -> str:
        return self.row.case_no

    def add(
        self, payload: Payload, actor: Actor, evidence: Evidence | None = None, rule: str = ""
    ) -> Event:
        """Append one event; the state is saved with it, so a commit is never half a change."""
        event = Event(self.case_no, self.desk.now(), actor, payload, evidence or Evidence(), rule)
        stored = self.tx.cases.append(event)
        self.events.append(stored)
        self.state = derive(self.events)
        self.tx.cases.save_state(self.case_no, self.state)
        return stored

    def payloads(self) -> Iterable[Payload]:
        """What happened, oldest first."""
        return (event.payload for event in self.events)
