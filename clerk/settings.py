"""Settings: one TOML file, each key overridable by ``CLERK_SECTION__KEY``.

Any value may also stand in a file of its own: ``KEY_file`` in the TOML, ``CLERK_SECTION__KEY_FILE``
in the environment; that is where secrets belong. An unknown key is an error, in the file and in the
environment alike. Lists may be JSON or separated by commas.
"""

import os
import tomllib
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator

from casework.retention import LEAST_MONTHS, LEAST_YEARS
from clerk.mail_settings import Dkim, Evidence, Imap, Registry, Relay, Smtp
from clerk.section import Section, Texts, secret
from procedure.errors import WrongUse

PREFIX = "CLERK_"
CONFIG = "CLERK_CONFIG"
PLACES = (Path("clerk.toml"), Path("/etc/ccer-clerk/clerk.toml"))


class Data(Section):
    """Where everything is kept that is not in another database."""

    directory: Path = Field(Path("clerk-data"), description="directory of the database and locks")


class Database(Section):
    """The database; "" takes clerk.db in the data directory."""

    url: str = Field("", description='SQLAlchemy URL; "" for clerk.db in data.directory')


class Office(Section):
    """Whose desk this is."""

    name: str = Field("国家核证自愿减排量抵销受理处", description="name below each letter")
    address: str = Field("clerk@localhost", description="From address of letters")
    phone: str = Field("", description="telephone number below each letter")
    own_addresses: Texts = Field((), description="our own mail addresses: taken, never answered")
    roles: Texts = Field(("province", "ncsc"), description="desks here: province, ncsc, crc")
    provinces: Texts = Field((), description="GB/T 2260 prefixes served; empty serves all 32")
    mailboxes: dict[str, str] = Field(
        default_factory=dict, description="designated mailbox of each province, by prefix"
    )
    ncsc_mailbox: str = Field("", description="NCSC's mailbox; empty takes the cycle's")
    crc_mailbox: str = Field("", description="CRC's mailbox; empty takes the cycle's")
    locale: Literal["zh_CN", "en"] = Field(
        "zh_CN", description="language of the office's letters, to entities and offices"
    )
    chat_locale: Literal["zh_CN", "en"] = Field(
        "zh_CN", description="language of chat, letters to staff and commands, for who chose none"
    )
    two_person: Texts = Field(
        (), description="decisions that need two people: confirm, return; the second a reviewer"
    )
    decide_by: Texts = Field(
        ("cli", "chat", "mail"), description="doors through which staff decide: cli, chat, mail"
    )
    reply_tokens: bool = Field(
        False,
        description="letters to staff carry address+token as Reply-To; the mailbox must take it",
    )
    operator_mailbox: str = Field("", description="where alarms go; empty sends none")
    close_of_business: time = Field(time(17, 30), description="close of business, Beijing time")
    closing: dict[str, time] = Field(
        default_factory=dict, description="close of business of single provinces, by prefix"
    )


class CycleSettings(Section):
    """Which compliance cycles take applications."""

    active: Texts = Field(("2019-2020",), description="ids of cycles/*.toml, preferred first")
    directory: Path | None = Field(
        None, description="folder of the operator's own cycles and forms/"
    )


class TimetableSettings(Section):
    """When summaries and reminders go out."""

    weekly_lead_minutes: int = Field(
        30, ge=0, le=480, description="the weekly summary goes out so long before closing"
    )
    late_minutes: int = Field(
        30, ge=0, le=480, description="a digest is late, and says so, so long after its moment"
    )
    nil_report: Literal["cycle", "yes", "no"] = Field(
        "cycle", description="send digests without rows; cycle takes the cycle's rule"
    )
    correction_minutes: int = Field(
        10, ge=0, le=1440, description="a correction's letter waits so long for further ones"
    )
    reminder_days: int = Field(
        5, ge=1, le=60, description="reminders begin so many working days before the deadline"
    )
    holidays: tuple[date, ...] = Field((), description="days off that the calendar lacks")
    working_days: tuple[date, ...] = Field(
        (), description="days worked that the calendar lacks, make-up weekends above all"
    )
    owed_from: date | None = Field(
        None, description="rounds from this day on are made up; none: since the installation began"
    )

    @property
    def exceptions(self) -> dict[date, bool]:
        """The days set by hand: True for a working day."""
        return dict.fromkeys(self.holidays, False) | dict.fromkeys(self.working_days, True)

    @property
    def nil(self) -> bool | None:
        """None for the cycle's own rule."""
        return {"cycle": None, "yes": True, "no": False}[self.nil_report]


class ClockSettings(Section):
    """For tests and rehearsals only."""

    start: str = Field("", description="moment at which the clock begins, ISO 8601")
    file: Path | None = Field(None, description="file that holds the time, ISO 8601")


class Telegram(Section):
    """The Telegram door."""

    token: SecretStr = Field(SecretStr(""), description="bot token; empty leaves the door shut")
    base_url: str = Field(
        "https://api.telegram.org/bot", description="Bot API address, the token is appended"
    )
    proxy: str = Field("", description="proxy URL for reaching the Bot API")
    webhook_url: str = Field("", description="https address that Telegram posts to; empty polls")
    webhook_listen: str = Field("127.0.0.1:8443", description="where those posts arrive")
    webhook_secret: SecretStr = Field(SecretStr(""), description="what Telegram sends with each")


class WeCom(Section):
    """The WeCom door (extra package ``wecom``)."""

    bot_id: str = Field("", description="id of the smart bot; empty leaves the door shut")
    secret: SecretStr = Field(SecretStr(""), description="its secret for long connections")
    url: str = Field("wss://openws.work.weixin.qq.com", description="where it connects to")
    ca_file: Path | None = Field(None, description="further authorities for that server")


class DingTalk(Section):
    """The DingTalk door (extra package ``dingtalk``)."""

    client_id: str = Field("", description="client id of the robot; empty leaves the door shut")
    client_secret: SecretStr = Field(SecretStr(""), description="its client secret")
    robot_code: str = Field("", description="code of the robot; empty takes the client id")
    base_url: str = Field("https://api.dingtalk.com", description="DingTalk's interface")
    media_url: str = Field(
        "https://oapi.dingtalk.com", description="where pictures and files are uploaded to"
    )


class Bot(Section):
    """Chat doors beside Telegram."""

    wecom: WeCom = WeCom()
    dingtalk: DingTalk = DingTalk()


class Health(Section):
    """Where the installation tells how it is."""

    listen: str = Field(
        "", description="address:port of /healthz, /readyz and /metrics; empty opens none"
    )
    backlog_minutes: int = Field(
        30, ge=1, description="age of unfinished work at which /readyz says no"
    )


class Logging(Section):
    """What is logged, and how."""

    format: Literal["text", "json"] = Field("text", description="text, or a JSON object a line")
    level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="the least that is logged"
    )


class Retention(Section):
    """How long things are kept; nothing is deleted unless it is set here."""

    case_years: int = Field(
        0, description="years after its end that a case is kept whole, 10 or more; 0 for ever"
    )
    access_months: int = Field(
        0, description="months that looks at personal data are kept, 6 or more; 0 for ever"
    )

    @field_validator("case_years", "access_months")
    @classmethod
    def _lawful(cls, value: int, info: ValidationInfo) -> int:
        least = LEAST_YEARS if info.field_name == "case_years" else LEAST_MONTHS
        if value and value < least:
            raise ValueError(f"{value} is too short: at least {least}, or 0 for ever")
        return value


class Backup(Section):
    """Where backups without a name go, and how many of them stay."""

    directory: Path | None = Field(None, description="folder of 'clerk backup' without a file")
    keep: int = Field(0, ge=0, description="newest backups kept in it; 0 keeps all")


class Settings(Section):
    """All settings."""

    data: Data = Data()
    database: Database = Database()
    smtp: Smtp = Smtp()
    imap: Imap = Imap()
    relay: Relay = Relay()
    dkim: Dkim = Dkim()
    evidence: Evidence = Evidence()
    registry: Registry = Registry()
    office: Office = Office()
    cycle: CycleSettings = CycleSettings()
    timetable: TimetableSettings = TimetableSettings()
    clock: ClockSettings = ClockSettings()
    telegram: Telegram = Telegram()
    bot: Bot = Bot()
    health: Health = Health()
    log: Logging = Logging()
    retention: Retention = Retention()
    backup: Backup = Backup()

    @property
    def database_url(self) -> str:
        """The database's URL."""
        return self.database.url or f"sqlite:///{self.data.directory.resolve()}/clerk.db"


def load(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings. Raises `WrongUse` naming every bad key, where it stands and why."""
    env = os.environ if environ is None else environ
    found = path or _found(env)
    data = _file(found) if found else {}
    _overlay(data, env)
    return checked(data, str(found) if found else "the environment")


def checked(data: Mapping[str, Any], where: str) -> Settings:
    """Settings from tables. Raises `WrongUse` naming every bad key and why."""
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        raise WrongUse(f"settings ({where}): {_described(error)}") from error


def file_of(environ: Mapping[str, str] | None = None) -> Path | None:
    """The settings file that is read where none is named, None where there is none."""
    return _found(os.environ if environ is None else environ)


def _found(env: Mapping[str, str]) -> Path | None:
    if env.get(CONFIG):
        return Path(env[CONFIG])
    return next((place for place in PLACES if place.is_file()), None)


def _file(path: Path) -> dict[str, Any]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WrongUse(f"settings file {path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongUse(f"settings file {path} is no TOML: {error}") from error
    for section, table in data.items():
        if isinstance(table, dict) and section in Settings.model_fields:
            _read_files(section, table)
    return data


def _read_files(section: str, table: dict[str, Any]) -> None:
    """Put what ``KEY_file`` names in the place of KEY."""
    known: Any = Settings.model_fields[section].annotation
    for name in [one for one in table if one.endswith("_file") and one not in known.model_fields]:
        key = name.removesuffix("_file")
        if key not in known.model_fields:
            continue
        if key in table:
            raise WrongUse(f"settings: both {section}.{key} and {section}.{name} are set")
        table[key] = _value(secret(f"{section}.{name}", str(table.pop(name))))


def _overlay(data: dict[str, Any], env: Mapping[str, str]) -> None:
    """Put ``CLERK_SECTION__KEY`` over the file's values."""
    for name, value in sorted(env.items()):
        if not name.startswith(PREFIX) or "__" not in name:
            continue
        *sections, key = name.removeprefix(PREFIX).lower().split("__")
        if key.endswith("_file") and key != "ca_file":
            key, value = key.removesuffix("_file"), secret(name, value)
        place: Any = data
        for section in sections:
            place = place.setdefault(section, {})
            if not isinstance(place, dict):
                raise WrongUse(f"settings: {section} must be a table, as {name} says")
        place[key] = _value(value)


def _value(text: str) -> object:
    """TOML for lists and tables, else the text itself; pydantic turns it into what is wanted."""
    if text.lstrip()[:1] in ("[", "{"):
        try:
            return tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError as error:
            raise WrongUse(f"settings: {text!r} is neither a list nor a table: {error}") from error
    return text


def _described(error: ValidationError) -> str:
    parts = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return "; ".join(parts)
