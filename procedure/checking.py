"""What the checks share: the world they ask, and how a finding is made from a reading."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from procedure.acceptance import families
from procedure.cycle import Cycle
from procedure.evidence import (
    ABOUT_PAPER,
    AMBIGUOUS,
    IMPLAUSIBLE,
    REPEATED,
    SUM_DIFFERS,
    UNIT_UNCLEAR,
    text,
)
from procedure.fieldrules import SEAL_DIFFERS, STEADY
from procedure.findings import Finding, Severity
from procedure.provinces import Provinces
from procedure.readings import DocumentReading, Reading
from procedure.registry import Entity
from procedure.registryview import RegistryView

_DOUBTFUL = ABOUT_PAPER - {IMPLAUSIBLE}
_LEGIBLE = 0.96
"""Least confidence at which a reading that is not accepted is worth a warning. On 160 papers of
office and hard (0.9 to 0.93 before) it took away three of three false alarms and two of ten faults
found on hard ones; on 360 others of clean to hard one more false alarm, and no fault."""

_SURE = 0.99
"""From here two engines need no third to be believed against a reading without the seal: of 14
dates that stood so 13 were read right (the other one at 0.9899), of 7 from here on all."""
_AGREED, _AGREED_TWICE = 0.9, 0.8
_NO_MYRIADS = 10_000
"""Of 万吨 no entity owes or surrenders so many."""
_POINT = re.compile(r"[.．。·万]")
_TWO = 2
"""Families of engines that read everything."""


@dataclass(frozen=True)
class World:
    """What the checks may know beside the paper."""

    cycle: Cycle
    provinces: Provinces
    registry: RegistryView | None = None
    """None: only the checks on the paper alone run, and a note says so."""
    served: frozenset[str] | None = None
    """Prefixes of the provinces that this desk serves; None where that does not matter."""


@dataclass(frozen=True)
class Claim:
    """What one application is to cancel: the amount, per project code where the form says so."""

    number: int
    amount_t: int | None
    account_no: str = ""
    entity_name: str = ""
    projects: tuple[tuple[str, int | None], ...] = ()
    confirmed_at: datetime | None = None
    entity_sure: bool = True
    """Whether the name is accepted, not only read well."""
    sure: bool = True
    """False where it rests on a form that is not accepted: then nothing is more than a warning."""


@dataclass(frozen=True)
class Inquiry:
    """One document under check."""

    doc: DocumentReading
    world: World
    received_at: datetime | None = None

    @property
    def cycle(self) -> Cycle:
        return self.world.cycle

    def field(self, name: str) -> Reading | None:
        return self.doc.fields.get(name)

    def text(self, name: str) -> str:
        return text(self.field(name))

    def entity(self) -> Entity | None:
        """The registered entity: by credit code, else by name; None without a registry."""
        registry = self.world.registry
        if registry is None:
            return None
        found = registry.entity_by_uscc(self.text("uscc"))
        return found or registry.entity_by_name(self.text("enterprise_name"))

    def finding(
        self,
        rule: str,
        severity: Severity,
        message: str,
        field: str | None = None,
        *,
        at: Reading | None = None,
        expected: object = "",
        found: object = "",
        public: str = "",
    ) -> Finding:
        """A finding of ``rule`` under its clause; ``at`` is where on the paper it was found."""
        where = at or self.field(field or "")
        return Finding(
            rule=rule,
            clause=self.cycle.clause(rule),
            severity=severity,
            message=message,
            field=field,
            expected=str(expected),
            found=str(found),
            page=where.page if where else None,
            box=where.box if where else None,
            public=public,
        )


def readable(reading: Reading | None) -> bool:
    """Accepted, or read well enough to be worth a look.

    That is: one engine very sure and nothing against it, or two engines that agree where what
    speaks against the value may be the paper's own fault, or three, or two that are sure, where
    they read it otherwise with its seal taken off (of ten values that stood so against three one
    was misread).
    """
    if reading is None or reading.value is None:
        return False
    if reading.accepted:
        return True
    voices = len(families(reading.engines))
    seen = voices > _TWO or _two_are_sure(reading)
    doubts = set(reading.against) - ({SEAL_DIFFERS} if seen else set())
    if reading.confidence < _LEGIBLE or not doubts <= _DOUBTFUL:
        return False
    return voices >= (_TWO if reading.against else 1)


def comparable(amount: Reading | None) -> bool:
    """Whether an amount can be compared with others: `readable`, or two agree though unsure."""
    return amount is not None and (readable(amount) or _agreed(amount))


def legible(doc: DocumentReading, amount: Reading | None) -> bool:
    """Whether what is compared so may alarm anybody: on papers by hand, or worn, what is not
    accepted must be `STEADY` too (a 3 with a speck is an 8 to both engines), stand there twice (of
    7 such amounts that two were 0.8 sure of none was wrong), or be what two are sure of (of 19 one:
    957,065 by hand without its second half)."""
    if amount is None or not comparable(amount):
        return False
    firm = bool({STEADY, REPEATED} & set(amount.evidence)) or _two_are_sure(amount)
    return amount.accepted or not doc.handwritten or firm


def _two_are_sure(reading: Reading) -> bool:
    return len(families(reading.engines)) >= _TWO and reading.confidence >= _SURE


def grade(doc: DocumentReading, *amounts: Reading | None) -> Severity:
    """`severity`; a note where any of them is not `legible`."""
    told = all(legible(doc, amount) for amount in amounts)
    return severity(*amounts) if told else "note"


def _agreed(amount: Reading) -> bool:
    """Of 130 amounts on clean, office and phone papers that two families read alike, with nothing
    against them but a sum, none was wrong, however unsure they were. What stands in two places of
    the paper is the surer."""
    voices = len(families(amount.engines))
    least = _AGREED_TWICE if REPEATED in amount.evidence else _AGREED
    sure = amount.value is not None and amount.confidence >= least
    return sure and voices >= _TWO and set(amount.against) <= _borne(amount)


def _borne(amount: Reading) -> set[str]:
    """Doubts that keep no amount from being compared. A unit that nobody could read is none where
    it is far too much for 万吨; nor is a comma in the wrong place (187,8393): of 14 such amounts
    that two engines read alike none was wrong. A point may mean 万吨, and the two doubts together
    do."""
    if UNIT_UNCLEAR in amount.against:
        much = isinstance(amount.value, int) and amount.value >= _NO_MYRIADS
        return {SUM_DIFFERS, UNIT_UNCLEAR} if much else {SUM_DIFFERS}
    return {SUM_DIFFERS} if _POINT.search(amount.text) else {SUM_DIFFERS, AMBIGUOUS}


def severity(*readings: Reading | None) -> Severity:
    """``error`` where all that it rests on is accepted, else ``warning``."""
    return "error" if accepted(readings) else "warning"


def accepted(readings: Iterable[Reading | None]) -> bool:
    """Whether every reading is there and accepted."""
    return all(reading is not None and reading.accepted for reading in readings)
