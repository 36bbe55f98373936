"""Rows of the registries as imported: the seven kinds of `clerk registry import`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

RegistryKind = Literal[
    "entities", "accounts", "holdings", "projects", "cancellations", "credits", "surrenders"
]


@dataclass(frozen=True)
class Entity:
    """A key emitting entity (重点排放单位) with its obligation in one cycle (and year)."""

    name: str
    uscc: str
    province: str
    """GB/T 2260 prefix of the province that serves it, "13"; 兵团 is "66"."""
    obligation_t: int
    year: int | None = None
    """Set where the cycle's cap is per year."""
    emails: tuple[str, ...] = ()
    account_no: str = ""


@dataclass(frozen=True)
class Account:
    """A general holding account (一般持有账户) of the voluntary registry."""

    account_no: str
    owner_name: str
    owner_uscc: str = ""
    status: str = ""


@dataclass(frozen=True)
class Holding:
    """CCER of one project on one account."""

    account_no: str
    project_code: str
    quantity_t: int


@dataclass(frozen=True)
class Project:
    """A CCER project. ``covered`` is None where the record does not say."""

    code: str
    name: str
    covered: bool | None = None
    """The national market itself covers it: its CCER may not be used (附件3 §1(2))."""
    produced_from: date | None = None
    produced_to: date | None = None
    registered_on: date | None = None
    project_type: str = ""


@dataclass(frozen=True)
class CancellationRecord:
    """One operation as the registry has it; ``operation`` 自愿注销 among others."""

    account_no: str
    account_name: str
    project_code: str
    project_name: str
    quantity_t: int
    operation: str
    status: str
    time: datetime | None
    serial: str = ""
    province: str = ""
    reference: str = ""
    """The registry's own number of the operation, where it gives one."""


@dataclass(frozen=True)
class Credit:
    """Offset CCER created by CRC on the entity's account."""

    entity_name: str
    account_no: str
    quantity_t: int
    time: datetime | None
    uscc: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Surrender:
    """The entity's compliance application at CRC."""

    entity_name: str
    quantity_t: int
    status: Literal["applied", "confirmed", "registered"]
    time: datetime | None
    uscc: str = ""
    reference: str = ""


RegistryRow = Entity | Account | Holding | Project | CancellationRecord | Credit | Surrender

ROWS: Mapping[str, type[RegistryRow]] = {
    "entities": Entity,
    "accounts": Account,
    "holdings": Holding,
    "projects": Project,
    "cancellations": CancellationRecord,
    "credits": Credit,
    "surrenders": Surrender,
}
