"""An office whose mail comes through casework's functions, and whose staff type commands.

The commands run in this process: the same settings, database and clock, nothing else shared.
"""

import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from casework import people
from clerk.cli import main
from clerk.settings import load
from clerk.wiring import House, open_house
from mailer.outbox import dress_due
from tests.casework.office import OPERATOR, OWN, Office


@dataclass(frozen=True)
class Said:
    """What a command wrote and how it ended."""

    status: int
    out: str
    err: str
    raw: bytes
    """Standard output as bytes."""

    @property
    def lines(self) -> list[dict[str, Any]]:
        """JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


def run(environment: Mapping[str, str], *arguments: str) -> Said:
    """``clerk ARGUMENTS`` to its end, in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    status: object = None
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name, value in environment.items():
            patch.setenv(name, value)
        try:
            main([*arguments])
        except SystemExit as end:
            status = end.code
    assert isinstance(status, int)
    raw, said = (_written(one) for one in (out, err))
    return Said(status, raw.decode("utf-8", "replace"), said.decode(), raw)


def _written(stream: io.TextIOWrapper) -> bytes:
    stream.flush()
    below = stream.buffer
    assert isinstance(below, io.BytesIO)
    return below.getvalue()


def later_cycle(folder: Path) -> dict[str, str]:
    """Settings under which the second cycle alone is at work, its open keys set by the operator."""
    folder.mkdir(exist_ok=True)
    text = (
        'extends = "2021-2022"\ncancel_before = 2023-12-15T17:00:00+08:00\n'
        "comply_by = 2023-12-31T17:00:00+08:00\n"
    )
    (folder / "2021-2022.toml").write_text(text, encoding="utf-8")
    return {"CLERK_CYCLE__DIRECTORY": str(folder), "CLERK_CYCLE__ACTIVE": "2021-2022"}


class CommandedOffice(Office):
    """An office in ``directory``/data, and the commands on it at the moment of its clock."""

    def __init__(self, directory: Path, begins: str = "2021-11-03 09:00", **more: str) -> None:
        data, self._clock_file = directory / "data", directory / "clock"
        data.mkdir()
        super().__init__(data, begins=begins)
        self.environment = {
            "CLERK_DATA__DIRECTORY": str(data),
            "CLERK_CLOCK__FILE": str(self._clock_file),
            "CLERK_OFFICE__ADDRESS": OWN,
            "CLERK_OFFICE__PROVINCES": "13,14",
            "CLERK_OFFICE__MAILBOXES": '{ "13" = "hebei@p.example", "14" = "shanxi@p.example" }',
            "CLERK_OFFICE__OPERATOR_MAILBOX": "operator@office.example",
            **more,
        }

    def clerk(self, *arguments: str, **more: str) -> Said:
        """A command at this moment; ``more``: further settings by environment."""
        self.show_clock()
        return run({**self.environment, **more}, *arguments)

    def show_clock(self) -> None:
        """The commands' clock tells the moment of the office's."""
        self._clock_file.write_text(self.clock.now().isoformat(), encoding="utf-8")

    @contextmanager
    def house(self, **more: str) -> Iterator[House]:
        """What a part of the serving tree works with; ``more``: further settings."""
        self.show_clock()
        opened = open_house(load(environ={**self.environment, **more}))
        try:
            yield opened
        finally:
            opened.store.close()

    def done(self, *arguments: str, **more: str) -> str:
        """What a command printed that must succeed and complain of nothing."""
        said = self.clerk(*arguments, **more)
        assert (said.status, said.err) == (0, ""), arguments
        return said.out

    def refused(self, *arguments: str, **more: str) -> str:
        """As `complained`, for wrong use."""
        return self.complained(2, *arguments, **more)

    def complained(self, status: int, *arguments: str, **more: str) -> str:
        """The one line of a command that must fail with this status and print nothing."""
        said = self.clerk(*arguments, **more)
        assert (said.status, said.out) == (status, ""), (arguments, said.err)
        (line,) = said.err.splitlines()
        return line.removeprefix("clerk: ")

    def employ(self, name: str, role: str, *provinces: str) -> None:
        people.invite(self.desk, OPERATOR, name, role, provinces)

    def settle(self) -> None:
        """Every letter is written out as it would be, and taken by a relay."""
        dress_due(self.store, self.desk.office, "office.example")
        for letter in self.letters():
            with self.store.write() as tx:
                for one in letter.recipients:
                    tx.outbox.sent(letter.key, one.address, "250 ok", self.clock.now())
