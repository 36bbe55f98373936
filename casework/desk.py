"""Whose desk this is: everything a use case needs beside its own arguments."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import cycles as cycle_data
from procedure.clock import Clock, beijing
from procedure.cycle import Cycle
from procedure.errors import WrongUse
from procedure.facts import Office
from procedure.forms import FormTemplate
from procedure.language import _
from procedure.provinces import Province, Provinces
from procedure.timetable import LEAD, reminder_moments, weekly_rounds
from store import Store

ROLES = frozenset({"province", "ncsc", "crc"})
DECISIONS = frozenset({"confirm", "return"})
CHANNELS = frozenset({"cli", "chat", "mail"})

_WRONG = _("设置有误：{what}。")


@dataclass(frozen=True)
class Moment:
    """A clock that stands still: all that one transaction writes happened at one moment."""

    moment: datetime

    def now(self) -> datetime:
        """The moment."""
        return self.moment


@dataclass(frozen=True)
class Desk:
    """One installation's desks, settings and store. Immutable; make a new one to change it."""

    store: Store
    clock: Clock
    cycles: Mapping[str, Cycle]
    """Every cycle that is known, by id."""
    active: tuple[str, ...]
    """Ids of the cycles that take applications, the preferred one first."""
    templates: Mapping[str, FormTemplate]
    """Form template of each cycle, by the cycle's id."""
    provinces: Provinces
    served: frozenset[str]
    """GB/T 2260 prefixes of the provinces whose casework is done here."""
    roles: frozenset[str]
    """Which desks: province, ncsc, crc."""
    office: Office
    own_addresses: frozenset[str] = frozenset()
    """Our own mail addresses, lower case: never answered, never written to by a receipt."""
    province_mailboxes: Mapping[str, str] = field(default_factory=dict)
    """Designated mailbox of each province, by prefix: where the daily records go."""
    ncsc_mailbox: str = ""
    """"" takes the cycle's own."""
    crc_mailbox: str = ""
    operator_mailbox: str = ""
    """Where alarms go; "" sends none by mail (they are in the tray all the same)."""
    closing: Mapping[str, time] = field(default_factory=dict)
    """Close of business by prefix, where it is not `default_closing` (Beijing time)."""
    default_closing: time = time(17, 30)
    weekly_lead: timedelta = LEAD
    """The weekly summary goes out this long before close of business."""
    late_after: timedelta = timedelta(minutes=30)
    """A digest is late so long after its moment: it says so, and a missing import is an alarm."""
    extra_working_days: Mapping[date, bool] = field(default_factory=dict)
    """Days that the calendar lacks: True for a working day, False for a holiday."""
    locale: str = "zh_CN"
    """Of the letters to entities: zh_CN or en."""
    chat_locale: str = "zh_CN"
    """Of the chat, for whoever has not chosen: zh_CN or en."""
    registry_senders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Address (lower case) → kinds of registry files that are imported from it by mail."""
    send_receipts: bool = True
    confirm_channels: frozenset[str] = CHANNELS
    """Doors through which a confirmation, return or correction is taken."""
    two_person: frozenset[str] = frozenset()
    """Decisions (confirm, return) that one person proposes and another, a reviewer, approves."""
    reply_tokens: bool = False
    """Letters that staff decide by carry ``office+token@…`` as Reply-To."""
    correction_delay: timedelta = timedelta(minutes=10)
    """A 更正 letter waits so long for further corrections of the same form."""
    reminder_days: int = 5
    """Working days before the cancellation deadline on which the entity is reminded."""
    nil_report: bool | None = None
    """Digests without rows: None takes the cycle's rule."""
    owed_from: date | None = None
    """Rounds due before this day are nobody's to make up; None takes the installation's first."""
    reader_version: str = "reader"
    """Readings are cached under it; `clerk` passes `ocr.READER_VERSION`."""

    @classmethod
    def make(cls, store: Store, clock: Clock, **settings: Any) -> "Desk":
        """A desk with the packaged cycles, provinces and templates; ``settings`` override.

        Defaults: cycle 2019-2020, all provinces served, roles province and ncsc.
        Unknown settings raise TypeError, unknown ids or prefixes `WrongUse`.
        """
        active = settings.get("active", ("2019-2020",))
        cycles = settings.get("cycles") or _packaged(active)
        given = {**_defaults(cycles), "active": active, **settings}
        desk = cls(store=store, clock=clock, **given)
        desk.check()
        return desk

    def check(self) -> None:
        """`WrongUse` for a setting that names what does not exist."""
        for cycle in self.active:
            if cycle not in self.cycles:
                raise WrongUse(
                    f"cycle {cycle!r} is not known",
                    user_message=_("未知的周期 {cycle}。").said(cycle=cycle),
                )
        unknown = {p for p in self.served if self.provinces.by_prefix(p) is None}
        if unknown or self.roles - ROLES:
            what = ", ".join(sorted(unknown | (self.roles - ROLES)))
            raise WrongUse(f"unknown province or role: {what}", user_message=_WRONG.said(what=what))
        strange = (self.two_person - DECISIONS) | (self.confirm_channels - CHANNELS)
        if strange:
            what = ", ".join(sorted(strange))
            raise WrongUse(f"unknown decision or door: {what}", user_message=_WRONG.said(what=what))
        self._check_cycles()
        self._check_calendar()

    def _check_cycles(self) -> None:
        """Each year, and the beginning of case numbers, belongs to one cycle."""
        years = [year for name in self.active for year in self.cycles[name].years]
        if twice := sorted({year for year in years if years.count(year) > 1}):
            raise WrongUse(
                f"cycle.active: the year {twice[0]} is in two cycles",
                user_message=_("设置有误：{year} 年同属两个周期。").said(year=str(twice[0])),
            )

    def _check_calendar(self) -> None:
        """`YearWithoutData` now, not on the evening on which the year's first digest is due."""
        for cycle in (self.cycles[name] for name in self.active):
            weekly_rounds(cycle, self.default_closing, self.extra_working_days, self.weekly_lead)
            reminder_moments(cycle, (self.reminder_days,), self.extra_working_days)

    def now(self) -> datetime:
        """The present moment, aware."""
        return self.clock.now()

    def still(self) -> "Desk":
        """The same desk with its clock stopped now, for one transaction.

        An import's events must not be later than the import itself: digests ask for both.
        """
        return replace(self, clock=Moment(self.now()))

    def cycle(self, cycle_id: str) -> Cycle:
        """The cycle; `WrongUse` for an id that is not active here."""
        if cycle_id not in self.cycles:
            raise WrongUse(
                f"cycle {cycle_id!r} is not at work here: cycle.active has {', '.join(self.active)}"
            )
        return self.cycles[cycle_id]

    def cycle_at(self, moment: datetime) -> Cycle:
        """The active cycle whose time ``moment`` falls in, else the preferred one.

        A late application still belongs to the cycle it names: being late is a finding.
        """
        return self.cycles_at(moment)[0]

    def cycles_at(self, moment: datetime) -> list[Cycle]:
        """All active cycles whose time ``moment`` falls in; the preferred one where none is."""
        day = beijing(moment).date()
        active = [self.cycles[name] for name in self.active]
        at_work = [c for c in active if c.apply_first <= day <= beijing(c.comply_by).date()]
        return at_work or active[:1]

    def cycle_of_year(self, year: int) -> Cycle | None:
        """The active cycle that a year belongs to, None for none."""
        active = (self.cycles[name] for name in self.active)
        return next((cycle for cycle in active if year in cycle.years), None)

    @property
    def template(self) -> FormTemplate:
        """The words of the forms of all active cycles."""
        return FormTemplate.merged([self.templates[name] for name in self.active])

    def province_name(self, prefix: str) -> str:
        """Full official name (河北省); the prefix itself where it is not known."""
        found = self.provinces.by_prefix(prefix)
        return found.name if found else prefix

    def province(self, said: str) -> Province:
        """By prefix or name (13, 河北, 河北省); `WrongUse` where none is so called."""
        found = self.provinces.find(said)
        if found is None:
            raise WrongUse(f"no province is called {said!r}: write its prefix (13) or its name")
        return found

    def closing_of(self, prefix: str) -> time:
        """Close of business of a province, Beijing time."""
        return self.closing.get(prefix, self.default_closing)

    def nil_reports(self, cycle: Cycle) -> bool:
        """Whether a digest without rows goes out (trap 3)."""
        return cycle.nil_report if self.nil_report is None else self.nil_report

    def is_late(self, due: datetime, now: datetime) -> bool:
        """Whether a digest that was due then is past its margin by now."""
        return now > due + self.late_after

    def owes_from(self) -> date | None:
        """The first day whose rounds are owed; None owes every round of every cycle.

        Whoever begins in the middle of a cycle, or years after one, has not missed what others
        sent before: what was due then is not made up late.
        """
        if self.owed_from is not None:
            return self.owed_from
        with self.store.read() as tx:
            began = tx.installation.began_at()
        return beijing(began).date() if began else None

    def is_own(self, address: str) -> bool:
        """Whether an address is one of ours: the office's own, or a mailbox that we read."""
        ours = {one.strip().lower() for one in (*self.own_addresses, self.office.address)}
        return address.strip().lower() in ours


@cache
def packaged_cycle(name: str) -> Cycle:
    """A cycle of the package, read once; KeyError for an id without a file."""
    return Cycle.parse(cycle_data.load(name))


@cache
def packaged_form(form: str) -> FormTemplate:
    """A form template of the package, read once; KeyError."""
    return FormTemplate.parse(cycle_data.form(form))


@cache
def _provinces() -> Provinces:
    return Provinces.parse(cycle_data.provinces())


def _packaged(active: tuple[str, ...]) -> dict[str, Cycle]:
    return {name: packaged_cycle(name) for name in active}


def _defaults(cycles: Mapping[str, Cycle]) -> dict[str, Any]:
    provinces = _provinces()
    packaged = {one: cycle for one, cycle in cycles.items() if cycle.form in cycle_data.form_ids()}
    forms = {one: packaged_form(c.form) for one, c in packaged.items()}
    return {
        "cycles": cycles,
        "templates": forms,
        "provinces": provinces,
        "served": frozenset(p.prefix for p in provinces.all),
        "roles": frozenset({"province", "ncsc"}),
        "office": Office(name="国家核证自愿减排量抵销受理处", address="clerk@example.org"),
    }
