"""Cases and the chain of events that makes them."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, update
from sqlalchemy.engine import RowMapping

from procedure import names
from procedure.case import CaseState
from procedure.clock import Clock, utc
from procedure.events import PAYLOADS, Actor, ApplicationFiled, Event, Evidence, ProofFiled
from procedure.jsonable import dump, load
from store import tables as t
from store.dialect import insert_missing
from store.lookup import Lookup, Waiting
from store.rows import CaseRow, Filed

_k = t.case.c
_ROW = tuple(_k[name] for name in CaseRow.__dataclass_fields__)
"""What lists need; the state is large and is loaded only where it is asked for."""
CaseRows = list[CaseRow]
Events = list[Event]
Spellings = list[str]
START = "0" * 64
"""What the first event's hash is chained to."""


_KEPT = t.event.c.body != ""
"""Of an event that was erased only its hash is left (`store.erasing`)."""
Waits = list[Waiting]
Numbers = list[str]
"""Numbers of cases."""
AT_ONCE = 200
"""Cases that one question asks for."""


class Cases:
    """Cases within one transaction."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._c = connection
        self._clock = clock
        self._lookup = Lookup(connection)

    def open(
        self, cycle: str, year: int | None, entity_key: str, entity_name: str, province: str
    ) -> str:
        """Number of the entity's case in the cycle (and year), opened where there is none."""
        known = self.by_entity(cycle, year, entity_key)
        if known is not None:
            return known.case_no
        seq = self._next(cycle, province)
        case_no = f"CCER-{year or cycle[:4]}-{province}-{seq:04d}"
        row = {
            "case_no": case_no, "cycle": cycle, "year": year or 0, "entity_key": entity_key,
            "entity_name": entity_name, "name_key": _name_key(entity_name), "uscc": "",
            "account_no": "", "province": province,
            "seq": seq, "stage": "received", "opened_at": self._clock.now(),
        }  # fmt: skip
        self._c.execute(insert(t.case).values(**row))
        self._lookup.opened(case_no, entity_name, cycle, province, "received")
        return case_no

    def _next(self, cycle: str, province: str) -> int:
        query = select(func.max(_k.seq)).where(_k.cycle == cycle, _k.province == province)
        return (self._c.execute(query).scalar() or 0) + 1

    def by_entity(self, cycle: str, year: int | None, entity_key: str) -> CaseRow | None:
        """The entity's case in the cycle (and year), None for none."""
        query = select(*_ROW).where(
            _k.cycle == cycle, _k.year == (year or 0), _k.entity_key == entity_key
        )
        row = self._c.execute(query).mappings().first()
        return _row(row) if row else None

    def rekey(self, case_no: str, entity_key: str, entity_name: str) -> None:
        """The case's entity is known better now. Its number stays."""
        values = {"entity_key": entity_key, "entity_name": entity_name}
        key = {"name_key": _name_key(entity_name)}
        row = self.row(case_no)
        if row is not None and row.entity_name != entity_name:
            self._lookup.renamed(case_no, row.entity_name, entity_name, row.province)
        self._c.execute(update(t.case).where(_k.case_no == case_no).values(**values, **key))

    def by_name(self, cycle: str, name: str) -> CaseRows:
        """Cases of the cycle whose entity has exactly this name, normalised."""
        wanted = _name_key(name)
        return self._where(_k.cycle == cycle, _k.name_key == wanted) if wanted else []

    def by_uscc(self, cycle: str, uscc: str) -> CaseRows:
        """Cases of the cycle whose entity or form has this credit code."""
        same = or_(_k.uscc == uscc, _k.entity_key == uscc)
        return self._where(_k.cycle == cycle, same) if uscc else []

    def by_account(self, cycle: str, account_no: str) -> CaseRows:
        """Cases of the cycle whose form names this account. A form may name anybody's."""
        return self._where(_k.cycle == cycle, _k.account_no == account_no) if account_no else []

    def naming(self, address: str) -> CaseRows:
        """Cases that an application's event names this mail address in; by number."""
        e = t.event.c
        said = json.dumps(address, ensure_ascii=False)
        named = select(e.case_no).where(
            e.kind == "application-filed", e.body.icontains(said, autoescape=True)
        )
        return self._where(_k.case_no.in_(named))

    def _where(self, *where: Any) -> CaseRows:
        query = select(*_ROW).where(*where).order_by(_k.case_no)
        return [_row(row) for row in self._c.execute(query).mappings()]

    def row(self, case_no: str) -> CaseRow | None:
        """A case by its number, None for none."""
        row = self._c.execute(select(*_ROW).where(_k.case_no == case_no)).mappings().first()
        return _row(row) if row else None

    def list(
        self, provinces: frozenset[str] | None, stage: str | None = None, cycle: str | None = None
    ) -> CaseRows:
        """Cases of the provinces (None: of all), by number."""
        query = select(*_ROW).order_by(_k.case_no)
        if provinces is not None:
            query = query.where(_k.province.in_(sorted(provinces)))
        if stage is not None:
            query = query.where(_k.stage == stage)
        if cycle is not None:
            query = query.where(_k.cycle == cycle)
        return [_row(row) for row in self._c.execute(query).mappings()]

    def find(self, text: str, provinces: frozenset[str] | None, limit: int = 20) -> CaseRows:
        """By number, credit code or account exactly, or a part of the name; any width."""
        spellings = _spellings(text.strip())
        if not spellings:
            return []
        codes = [one.upper() for one in spellings]
        exact = or_(_k.case_no.in_(codes), _k.uscc.in_(codes), _k.account_no.in_(spellings))
        if rows := self._found(exact, provinces, limit):
            return rows
        found = self.rows(self._lookup.named(text, provinces, limit))
        return [found[case_no] for case_no in sorted(found)]

    def _found(self, where: Any, provinces: frozenset[str] | None, limit: int) -> CaseRows:
        query = select(*_ROW).where(where)
        if provinces is not None:
            query = query.where(_k.province.in_(sorted(provinces)))
        rows = self._c.execute(query.order_by(_k.case_no).limit(limit)).mappings()
        return [_row(row) for row in rows]

    def sharing(self, parts: Iterable[str], provinces: frozenset[str] | None) -> "dict[str, str]":
        """Number → name of cases whose name has one of these parts; of a common one the first."""
        return self._lookup.sharing(parts, provinces)

    def commonness(self, part: str, provinces: frozenset[str] | None) -> int:
        """How many names have the part, counted only as far as tells a rare one."""
        return self._lookup.commonness(part, provinces)

    def sounding(
        self, letters: str, provinces: frozenset[str] | None, limit: int
    ) -> "dict[str, str]":
        """Number → name of cases some part of whose name is read with these initials."""
        return self._lookup.sounding(letters, provinces, limit)

    def waiting(self, provinces: frozenset[str] | None, first: int, size: int) -> tuple[int, Waits]:
        """How many applications wait, and a page of them, received first comes first."""
        count = self._lookup.waiting_count(provinces)
        return count, self._lookup.waiting(provinces, first, size)

    def last_seq(self) -> int:
        """Number of the last event; 0 before any."""
        return self._c.execute(select(func.max(t.event.c.seq))).scalar() or 0

    def counts(self, provinces: frozenset[str] | None, cycle: str) -> "dict[tuple[str, str], int]":
        """How many cases of the cycle stand where: (province, stage) → number."""
        return self._lookup.counts(provinces, cycle)

    def append(self, event: Event) -> Event:
        """Chain an event to all that happened before it; the same with its number and hash."""
        last = self._c.execute(
            select(t.event.c.seq, t.event.c.hash).order_by(t.event.c.seq.desc()).limit(1)
        ).first()
        seq, prev = (last[0] + 1, last[1]) if last else (1, START)
        body = event_body(event)
        row = {
            "seq": seq, "case_no": event.case_no, "kind": event.kind, "at": event.at,
            "body": body, "prev_hash": prev, "hash": chain_hash(seq, prev, body),
        }  # fmt: skip
        self._c.execute(insert(t.event).values(**row))
        self._file(event)
        return parse_event(seq, body, prev, str(row["hash"]))

    def _file(self, event: Event) -> None:
        payload = event.payload
        if not isinstance(payload, ApplicationFiled | ProofFiled) or not event.evidence.document:
            return
        application = payload.application if isinstance(payload, ApplicationFiled) else 0
        row = {
            "sha256": event.evidence.document, "part": event.evidence.part,
            "case_no": event.case_no, "application": application,
            "received_at": payload.received_at,
        }  # fmt: skip
        insert_missing(self._c, t.filed, row)

    def refile(self, evidence: Evidence, case_no: str, application: int) -> None:
        """A document that staff moved to another case is filed there from then on."""
        f = t.filed.c
        same = (f.sha256 == evidence.document, f.part == evidence.part)
        row = {"case_no": case_no, "application": application}
        self._c.execute(update(t.filed).where(*same).values(**row))

    def events(self, case_no: str) -> Events:
        """A case's events in their order, but for those that were erased."""
        e = t.event.c
        query = select(t.event).where(e.case_no == case_no, _KEPT).order_by(e.seq)
        return [_event(row) for row in self._c.execute(query).mappings()]

    def histories(self, case_nos: Iterable[str]) -> "dict[str, Events]":
        """As `events`, of several cases: few questions for many cases."""
        e = t.event.c
        wanted = sorted(set(case_nos))
        found: dict[str, Events] = {case_no: [] for case_no in wanted}
        for first in range(0, len(wanted), AT_ONCE):
            some = wanted[first : first + AT_ONCE]
            query = select(t.event).where(e.case_no.in_(some), _KEPT).order_by(e.seq)
            for row in self._c.execute(query).mappings():
                found[row["case_no"]].append(_event(row))
        return found

    def of_events(self, seqs: Sequence[int]) -> set[str]:
        """Numbers of the cases that these events are of."""
        e = t.event.c
        query = select(e.case_no).where(e.seq.in_(list(seqs))).distinct()
        return set(self._c.execute(query).scalars())

    def numbered(self, seqs: Sequence[int]) -> Iterator[Event]:
        """Events by their numbers, in the same order; few of them at once."""
        e = t.event.c
        for first in range(0, len(seqs), AT_ONCE):
            some = list(seqs[first : first + AT_ONCE])
            query = select(t.event).where(e.seq.in_(some)).order_by(e.seq)
            yield from [_event(row) for row in self._c.execute(query).mappings()]

    def rows(self, case_nos: Iterable[str]) -> "dict[str, CaseRow]":
        """Several cases by their numbers."""
        wanted = sorted(set(case_nos))
        parts = (wanted[first : first + AT_ONCE] for first in range(0, len(wanted), AT_ONCE))
        return {row.case_no: row for part in parts for row in self._where(_k.case_no.in_(part))}

    def states(self, provinces: frozenset[str], cycle: str) -> Iterator[tuple[str, CaseState]]:
        """The cycle's cases in these provinces with their saved states, by number, one by one.

        Never all of them at once: a country's cases would not fit.
        """
        query = select(_k.case_no, _k.state).where(
            _k.province.in_(sorted(provinces)), _k.cycle == cycle
        )
        found = self._c.execute(query.order_by(_k.case_no).execution_options(yield_per=AT_ONCE))
        for case_no, state in found:
            yield case_no, load(CaseState, state) if state else CaseState()

    def changed_after(self, moment: datetime) -> set[str]:
        """Numbers of the cases to which something happened after ``moment``."""
        e = t.event.c
        return set(self._c.execute(select(e.case_no).where(e.at > moment).distinct()).scalars())

    def changed_since(self, seq: int) -> set[str]:
        """Numbers of the cases that have an event after number ``seq``."""
        e = t.event.c
        return set(self._c.execute(select(e.case_no).where(e.seq > seq).distinct()).scalars())

    def cases_with(self, kind: str) -> "Numbers":
        """Numbers of the cases that have an event of this kind, in order."""
        e = t.event.c
        query = select(e.case_no).where(e.kind == kind).distinct().order_by(e.case_no)
        return [str(number) for number in self._c.execute(query).scalars()]

    def all_events(self) -> Iterator[Event]:
        """The whole chain in its order, but for what was erased."""
        query = select(t.event).where(_KEPT).order_by(t.event.c.seq)
        for row in self._c.execute(query).mappings():
            yield _event(row)

    def documents_filed(self, sha256: str, part: int) -> Filed | None:
        """What this document already became, None where it is new."""
        f = t.filed.c
        query = select(t.filed).where(f.sha256 == sha256, f.part == part)
        row = self._c.execute(query).mappings().first()
        return Filed(row["case_no"], row["application"], row["received_at"]) if row else None

    def save_state(self, case_no: str, state: CaseState) -> None:
        """Keep what the events add up to, and what cases are found by."""
        row = self.row(case_no)
        values: dict[str, Any] = {
            "state": dump(state, memory=True), "stage": state.stage, "since": state.since,
            "uscc": state.uscc[:18] or (row.uscc if row else ""),
            "account_no": state.account_no[:80],
        }  # fmt: skip
        self._c.execute(update(t.case).where(_k.case_no == case_no).values(**values))
        if row is not None:
            self._lookup.moved(row.cycle, row.province, row.stage, state.stage)
            self._lookup.waits(case_no, row.province, state)

    def state(self, case_no: str) -> CaseState | None:
        """The state as saved with the last event, None for an unknown or empty case."""
        found = self._c.execute(select(_k.state).where(_k.case_no == case_no)).scalar()
        return load(CaseState, found) if found else None


def _name_key(name: str) -> str:
    return names.normalise(name)[:300]


def _spellings(text: str) -> Spellings:
    """As typed, in half width, and with the full-width brackets that papers print."""
    half = unicodedata.normalize("NFKC", text)
    printed = half.translate({ord("("): "（", ord(")"): "）"})
    return sorted({text, half, printed} - {""})


def event_body(event: Event) -> str:
    """An event as canonical JSON: sorted keys, no spaces, moments in UTC."""
    content = {
        "case_no": event.case_no, "at": utc(event.at).isoformat(), "kind": event.kind,
        "actor": dump(event.actor), "payload": dump(event.payload, memory=True),
        "evidence": dump(event.evidence), "rule": event.rule,
    }  # fmt: skip
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def chain_hash(seq: int, prev_hash: str, body: str) -> str:
    """SHA-256 over number, the hash before, and the event's canonical JSON."""
    return hashlib.sha256(f"{seq}\n{prev_hash}\n{body}".encode()).hexdigest()


def parse_event(seq: int, body: str, prev_hash: str, own_hash: str) -> Event:
    """An event from what `event_body` gave."""
    data = json.loads(body)
    data["payload"] = load(PAYLOADS[data.pop("kind")], data["payload"])
    data["actor"], data["evidence"] = load(Actor, data["actor"]), load(Evidence, data["evidence"])
    at = datetime.fromisoformat(data.pop("at"))
    return Event(**data, at=at, seq=seq, prev_hash=prev_hash, hash=own_hash)


def _event(row: RowMapping) -> Event:
    return parse_event(row["seq"], row["body"], row["prev_hash"], row["hash"])


def _row(row: RowMapping) -> CaseRow:
    names = CaseRow.__dataclass_fields__
    values = {name: row[name] for name in names if name != "year"}
    return CaseRow(**values, year=row["year"] or None)
