"""Whose desk this is: everything a use case needs beside its own arguments."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import cycles as cycle_data
from procedure.clock import Clock, beijing
from procedure.cycle import Cycle
from procedure.errors import WrongUse
from procedure.facts import Office
from procedure.forms import FormTemplate
from procedure.provinces import Province, Provinces
from procedure.timetable import LEAD
from store import Store

ROLES = frozenset({"province", "ncsc", "crc"})
DECISIONS = frozenset({"confirm", "return"})
CHANNELS = frozenset({"cli", "chat", "mail"})


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
    reminder_days: int = 5
    """Working days before the cancellation deadline on which the entity is reminded."""
    nil_report: bool | None = None
    """Digests without rows: None takes the cycle's rule."""
    mail_own_desks: bool = True
    """Mail a letter from one of our desks to another of our own as well (design: Whose desk)."""
    reader_version: str = "reader"
    """Readings are cached under it; `clerk` passes `ocr.READER_VERSION`."""

    @classmethod
    def make(cls, store: Store, clock: Clock, **settings: Any) -> "Desk":
        """A desk with the packaged cycles, provinces and templates; ``settings`` override.

        Defaults: cycle 2019-2020, all provinces served, roles province and ncsc.
        Unknown settings raise TypeError, unknown ids or prefixes `WrongUse`.
        """
        given = {**_defaults(settings.get("active", ("2019-2020",))), **settings}
        desk = cls(store=store, clock=clock, **given)
        desk.check()
        return desk

    def check(self) -> None:
        """`WrongUse` for a setting that names what does not exist."""
        for cycle in self.active:
            if cycle not in self.cycles:
                raise WrongUse(
                    f"cycle {cycle!r} is not known", user_message=f"未知的周期 {cycle}。"
                )
        unknown = {p for p in self.served if self.provinces.by_prefix(p) is None}
        if unknown or self.roles - ROLES:
            what = ", ".join(sorted(unknown | (self.roles - ROLES)))
            raise WrongUse(f"unknown province or role: {what}", user_message=f"设置有误：{what}。")
        strange = (self.two_person - DECISIONS) | (self.confirm_channels - CHANNELS)
        if strange:
            what = ", ".join(sorted(strange))
            raise WrongUse(f"unknown decision or door: {what}", user_message=f"设置有误：{what}。")

    def now(self) -> datetime:
        """The present moment, aware."""
        return self.clock.now()

    def still(self) -> "Desk":
        """The same desk with its clock stopped now, for one transaction.

        An import's events must not be later than the import itself: digests ask for both.
        """
        return replace(self, clock=Moment(self.now()))

    def cycle(self, cycle_id: str) -> Cycle:
        """The cycle; `WrongUse` for an id that is not known."""
        if cycle_id not in self.cycles:
            raise WrongUse(f"cycle {cycle_id!r} is not known")
        return self.cycles[cycle_id]

    def cycle_at(self, moment: datetime) -> Cycle:
        """The active cycle whose time ``moment`` falls in, else the preferred one.

        A late application still belongs to the cycle it names: being late is a finding.
        """
        day = beijing(moment).date()
        for cycle_id in self.active:
            cycle = self.cycles[cycle_id]
            if cycle.apply_first <= day <= beijing(cycle.comply_by).date():
                return cycle
        return self.cycles[self.active[0]]

    def province_name(self, prefix: str) -> str:
        """Full official name (河北省); the prefix itself where it is not known."""
        found = self.provinces.by_prefix(prefix)
        return found.name if found else prefix

    def province(self, prefix: str) -> Province:
        """The province; `WrongUse` for an unknown prefix."""
        found = self.provinces.by_prefix(prefix)
        if found is None:
            raise WrongUse(f"no province has the prefix {prefix!r}")
        return found

    def closing_of(self, prefix: str) -> time:
        """Close of business of a province, Beijing time."""
        return self.closing.get(prefix, self.default_closing)

    def nil_reports(self, cycle: Cycle) -> bool:
        """Whether a digest without rows goes out (trap 3)."""
        return cycle.nil_report if self.nil_report is None else self.nil_report

    def is_own(self, address: str) -> bool:
        """Whether an address is one of ours: the office's own, or a mailbox that we read."""
        ours = {one.strip().lower() for one in (*self.own_addresses, self.office.address)}
        return address.strip().lower() in ours


def _defaults(active: tuple[str, ...]) -> dict[str, Any]:
    provinces = Provinces.parse(cycle_data.provinces())
    loaded = {cycle_id: Cycle.parse(cycle_data.load(cycle_id)) for cycle_id in active}
    forms = {
        cycle_id: FormTemplate.parse(cycle_data.form(cycle.form))
        for cycle_id, cycle in loaded.items()
    }
    return {
        "cycles": loaded,
        "active": active,
        "templates": forms,
        "provinces": provinces,
        "served": frozenset(p.prefix for p in provinces.all),
        "roles": frozenset({"province", "ncsc"}),
        "office": Office(name="国家核证自愿减排量抵销受理处", address="clerk@example.org"),
    }
