"""Registry records come in: xlsx or csv, Chinese or English headings, all or nothing."""

from dataclasses import dataclass
from datetime import datetime

from casework.desk import Desk
from casework.rowparse import RowProblem
from procedure.registry import RegistryKind


@dataclass(frozen=True)
class ImportReport:
    """What an import did; nothing at all where ``problems`` is not empty."""

    kind: str
    file: str
    rows: int = 0
    new: int = 0
    """Rows that were not there before, or changed."""
    problems: tuple[RowProblem, ...] = ()
    cases: tuple[str, ...] = ()
    """Cases that changed by it."""
    unplaced: tuple[str, ...] = ()
    """Rows of no case and no province we serve, said in Chinese; they wait in the tray."""
    complete_until: datetime | None = None
    import_id: str = ""

    @property
    def ok(self) -> bool:
        """Whether it was taken."""
        return not self.problems


def import_registry(
    desk: Desk,
    kind: RegistryKind,
    data: bytes,
    name: str,
    complete_until: datetime | None,
    actor: str,
) -> ImportReport:
    """Take a file of registry rows, then check, match and tell what follows from it.

    ``complete_until``: the moment up to which the registry was asked (aware), None where it is
    not known: then no nil report rests on it. The same file twice changes nothing.
    """
    raise NotImplementedError
