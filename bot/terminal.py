"""The same commands at a terminal: `clerk chat --as PERSON`."""

from typing import TextIO

from casework.desk import Desk
from store.rows import Person


def run(desk: Desk, person: Person, source: TextIO, sink: TextIO, *, prompt: bool = True) -> None:
    """Answer each line of ``source`` on ``sink`` until its end or 退出/exit.

    Buttons are numbered: a line that is just a number taps the button of the last answer.
    Files are named, not written.
    """
    raise NotImplementedError
