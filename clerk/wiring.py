"""Everything put together: settings → clock, store, desk."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import cycles
import ocr
from casework.desk import Desk, packaged_cycle, packaged_form
from clerk.clocks import FileClock, OffsetClock, WallClock, parse_moment
from clerk.settings import Settings
from procedure.clock import Clock
from procedure.cycle import Cycle
from procedure.errors import WrongUse
from procedure.facts import Office
from procedure.forms import FormTemplate
from store import Store


@dataclass(frozen=True)
class House:
    """One process's view of the installation."""

    settings: Settings
    clock: Clock
    store: Store
    desk: Desk

    @property
    def office(self) -> Office:
        """Whose name stands below the letters."""
        return self.desk.office

    @property
    def domain(self) -> str:
        """Domain of Message-IDs: the office's own."""
        return self.office.address.rpartition("@")[2]

    def now(self) -> datetime:
        """The present moment."""
        return self.clock.now()


def clock_of(settings: Settings) -> Clock:
    """The clock that the settings ask for; `WrongUse` for a bad moment."""
    if settings.clock.file is not None:
        return FileClock(settings.clock.file)
    if settings.clock.start:
        try:
            start = parse_moment(settings.clock.start)
        except ValueError as error:
            raise WrongUse(f"clock.start {settings.clock.start!r} is no moment: {error}") from error
        return OffsetClock(start, settings.data.directory / "clock.json")
    return WallClock()


def open_house(settings: Settings, *, create: bool = False) -> House:
    """Open the store and make the desk. `SchemaMismatch` before `clerk init`."""
    directory: Path = settings.data.directory
    if create:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    elif not settings.database.url and not directory.is_dir():
        raise WrongUse(f"data directory {directory} is not there: run 'clerk init' first")
    clock = clock_of(settings)
    store = Store.open(settings.database_url, clock, create=create)
    return House(settings, clock, store, _desk(settings, store, clock))


def _desk(settings: Settings, store: Store, clock: Clock) -> Desk:
    office = settings.office
    chosen: dict[str, object] = {
        "active": settings.cycle.active,
        "roles": frozenset(office.roles),
        "office": Office(office.name, office.address, office.phone),
        "own_addresses": frozenset(_own(settings)),
        "province_mailboxes": dict(office.mailboxes),
        "ncsc_mailbox": office.ncsc_mailbox,
        "crc_mailbox": office.crc_mailbox,
        "operator_mailbox": office.operator_mailbox,
        "two_person": frozenset(office.two_person),
        "confirm_channels": frozenset(office.decide_by),
        "reply_tokens": office.reply_tokens,
        "locale": office.locale,
        "chat_locale": office.chat_locale,
        "registry_senders": dict(settings.registry.senders),
        "closing": dict(office.closing),
        "default_closing": office.close_of_business,
        **_timetable(settings),
        **_cycles(settings.cycle.active, settings.cycle.directory),
    }
    if office.provinces:
        chosen["served"] = frozenset(office.provinces)
    return Desk.make(store, clock, **chosen)


def _timetable(settings: Settings) -> dict[str, object]:
    chosen = settings.timetable
    return {
        "weekly_lead": timedelta(minutes=chosen.weekly_lead_minutes),
        "late_after": timedelta(minutes=chosen.late_minutes),
        "correction_delay": timedelta(minutes=chosen.correction_minutes),
        "nil_report": chosen.nil,
        "reminder_days": chosen.reminder_days,
        "extra_working_days": chosen.exceptions,
        "owed_from": chosen.owed_from,
    }


def _cycles(active: tuple[str, ...], folder: Path | None) -> dict[str, object]:
    if folder is not None and not folder.is_dir():
        raise WrongUse(f"cycle.directory {folder} is no folder: make it, or remove the setting")
    loaded = {name: load_cycle(name, folder) for name in active}
    forms = {name: load_form(cycle, folder) for name, cycle in loaded.items()}
    plain = forms.keys() == {"2019-2020"} and folder is None
    words = "" if plain else f"+{'+'.join(sorted({form.id for form in forms.values()}))}"
    return {
        "cycles": loaded,
        "templates": forms,
        # Other words read other fields: what was read with the first ones is read again.
        "reader_version": f"{ocr.READER_VERSION}{words}",
    }


def load_cycle(name: str, folder: Path | None = None) -> Cycle:
    """A cycle by its id. `WrongUse` for an unknown one, `CycleOpen`, `BadInput`."""
    try:
        found = Cycle.parse(cycles.load(name, folder)) if folder else packaged_cycle(name)
    except KeyError as error:
        known = ", ".join(cycles.ids(folder))
        raise WrongUse(f"cycle {name!r} is not known: choose one of {known}") from error
    except tomllib.TOMLDecodeError as error:
        raise WrongUse(f"cycle {name}: its file is no TOML: {error}") from error
    if found.id != name:
        # Cases and digests bear the id: of two cycles with one id each would be the other's.
        raise WrongUse(f"cycle {name}: its file says id = {found.id!r}: write id = {name!r}")
    return found


def load_form(cycle: Cycle, folder: Path | None = None) -> FormTemplate:
    """The form template of a cycle; `WrongUse` where it is not there, `BadInput` where bad."""
    try:
        if folder is None:
            return packaged_form(cycle.form)
        return FormTemplate.parse(cycles.form(cycle.form, folder))
    except KeyError as error:
        known = ", ".join(cycles.form_ids(folder))
        raise WrongUse(f"cycle {cycle.id}: form {cycle.form!r} is not there: {known}") from error
    except tomllib.TOMLDecodeError as error:
        raise WrongUse(f"form {cycle.form}: its file is no TOML: {error}") from error


def _own(settings: Settings) -> set[str]:
    named = (*settings.office.own_addresses, settings.office.address)
    return {address.strip().lower() for address in named}
