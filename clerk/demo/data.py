"""The demo's world: entities of three provinces, their accounts, holdings and projects.

Everything is invented; credit codes stand over area codes that are not assigned (…9999).
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from procedure.registry import (
    Account,
    CancellationRecord,
    Credit,
    Entity,
    Holding,
    Project,
    RegistryKind,
    Surrender,
)

DAY = date(2021, 11, 26)
"""A Friday inside the window: applications, cancellations, both digests on one day."""
PROVINCES = ("13", "37", "66")
OWN_ADDRESS = "ccer@clerk.example"


@dataclass(frozen=True)
class Staff:
    """A member of staff of the demo."""

    name: str
    role: str
    provinces: tuple[str, ...]


STAFF = (
    Staff("陈示例", "reviewer", ("13",)),
    Staff("鲁示例", "reviewer", ("37",)),
    Staff("石示例", "reviewer", ("66",)),
)


@dataclass(frozen=True)
class DemoWorld:
    """All registry rows of the demo, at its end."""

    entities: tuple[Entity, ...]
    accounts: tuple[Account, ...]
    holdings: tuple[Holding, ...]
    projects: tuple[Project, ...]
    cancellations: tuple[CancellationRecord, ...]
    credits: tuple[Credit, ...]
    surrenders: tuple[Surrender, ...]


def world() -> DemoWorld:
    """The one world of the demo: no randomness."""
    raise NotImplementedError


def write_registry(directory: Path, kinds: tuple[RegistryKind, ...]) -> dict[RegistryKind, Path]:
    """Write these registry files with Chinese headings; returns kind → path.

    ``entities``, ``projects``, ``cancellations`` as xlsx, the others as csv (``holdings`` in GBK).
    """
    raise NotImplementedError
