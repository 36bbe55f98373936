"""The clocks. The wall clock is read here and nowhere else."""

import json
from datetime import UTC, datetime
from pathlib import Path

from procedure.clock import BEIJING
from procedure.errors import WrongUse


class WallClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)


class FileClock:
    """The time that stands in a file (``clock.file``): a test or rehearsal steps it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        """The moment in the file, read anew each time; `WrongUse` where it holds none."""
        try:
            return parse_moment(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise WrongUse(
                f"clock.file {self._path} holds no moment: write one like "
                f"2021-11-05T09:00:00+08:00 ({error})"
            ) from error


class OffsetClock:
    """A clock that began at ``clock.start`` and runs on, also over restarts.

    Which wall time it began at is kept in ``anchor``, so that all processes tell the same time.
    """

    def __init__(self, start: datetime, anchor: Path) -> None:
        self._offset = start - _anchored(start, anchor)

    def now(self) -> datetime:
        """The present moment, shifted."""
        return datetime.now(UTC) + self._offset


def _anchored(start: datetime, anchor: Path) -> datetime:
    try:
        kept = json.loads(anchor.read_text(encoding="utf-8"))
        if kept["start"] == start.isoformat():
            return datetime.fromisoformat(kept["wall"])
    except (FileNotFoundError, ValueError, KeyError):
        # No anchor of this start yet: the clock begins now.
        kept = None
    wall = datetime.now(UTC)
    anchor.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"start": start.isoformat(), "wall": wall.isoformat()})
    anchor.write_text(text, encoding="utf-8")
    return wall


def parse_moment(text: str) -> datetime:
    """ISO 8601; a moment without an offset is Beijing time. Raises ValueError."""
    moment = datetime.fromisoformat(text.strip())
    return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)
