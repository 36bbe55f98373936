"""A folder of registry files for `clerk read --registry DIR`: no store, the same checks."""

from pathlib import Path

from procedure.checks import World
from procedure.clock import Clock
from procedure.cycle import Cycle
from procedure.provinces import Provinces


class RegistryFolder:
    """Files named by kind (``entities.xlsx``, ``projects.csv``, …), read once.

    `BadInput` for a folder that is missing, holds no such file, or holds a bad row (all of them
    are named in the message).
    """

    def __init__(self, path: Path, cycle: Cycle, provinces: Provinces) -> None:
        raise NotImplementedError

    def world(self, clock: Clock) -> World:
        """What the checks may know."""
        raise NotImplementedError
