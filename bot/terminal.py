"""The same commands at a terminal: `clerk chat --as PERSON`."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TextIO

from bot import core, people, plain, texts, words
from bot.messages import Ask, Button, File, Reply
from casework import habits
from casework.desk import Desk
from procedure.errors import WrongUse
from procedure.language import speaking
from store.rows import Person

CHANNEL = "terminal"
LONGEST = 80
"""Characters of a file's name: as UTF-8 they fit into a file system's 255 bytes."""


def run(
    desk: Desk, person: Person, source: TextIO, sink: TextIO, *, prompt: bool = True,
    folder: Path | None = None,
) -> None:  # fmt: skip
    """Answer each line of ``source`` on ``sink`` until its end or 退出/exit.

    Buttons are numbered: a line that is just a number taps the button of the last answer.
    Files and pictures are written into ``folder``, for its owner's eyes alone, and their paths
    said; without a folder they are named. `WrongUse` for a folder that cannot be written to.
    """
    if folder is not None:
        _make(folder)
    with _speaking(desk, person):
        print(texts.TERMINAL_HELLO.format(**people.describe(desk, person)), file=sink)
    last = Reply("")
    for line in _lines(source, sink, prompt):
        last = core.answer(desk, _ask(person, line, last))
        with _speaking(desk, person):
            print(spoken(last, folder), file=sink, flush=True)
    with _speaking(desk, person):
        print(str(texts.TERMINAL_BYE), file=sink, flush=True)


def _speaking(desk: Desk, person: Person) -> AbstractContextManager[None]:
    """In the person's language, which any line may have changed."""
    return speaking(habits.language(desk, person.name))


def _lines(source: TextIO, sink: TextIO, prompt: bool) -> Iterator[str]:
    while True:
        if prompt:
            print("> ", end="", file=sink, flush=True)
        line = source.readline()
        if not line or line.strip() in words.ENDS:
            return
        if line.strip():
            yield line.strip()


def _ask(person: Person, line: str, last: Reply) -> Ask:
    """A number taps; anything else is typed, as a reply where the last answer wants one."""
    buttons = _buttons(last)
    if line.isdecimal() and 1 <= int(line) <= len(buttons):
        reference = buttons[int(line) - 1].reference
        return Ask(CHANNEL, person.name, "", reference=reference, quoted=last.text, person=person)
    quoted = last.text if last.wants_answer else ""
    return Ask(CHANNEL, person.name, line, quoted=quoted, person=person)


def spoken(reply: Reply, folder: Path | None = None) -> str:
    """The reply as lines of a terminal, buttons numbered, files kept in ``folder``."""
    lines = [reply.text]
    lines += [
        texts.TERMINAL_BUTTON.format(index=index, label=button.label)
        for index, button in enumerate(_buttons(reply), 1)
    ]
    names = (_kept(file, folder) if folder else file.name for file in reply.files)
    lines += [
        texts.TERMINAL_FILE.format(name=name, size=len(file.data))
        for name, file in zip(names, reply.files, strict=True)
    ]
    return "\n".join(lines)


def _make(folder: Path) -> None:
    """Before the talk begins: who cannot keep a file hears of it at once."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise WrongUse(f"--files {folder}: {reason}; choose a folder to write to") from error


def _kept(file: File, folder: Path) -> str:
    """Where the file is now: under a name of its own, whatever its sender called it."""
    name = plain.clean(file.name).replace("/", "_").replace("\n", " ")[-LONGEST:]
    try:
        handle, path = tempfile.mkstemp(suffix=f"-{name}", prefix="", dir=folder)
        with os.fdopen(handle, "wb") as out:
            out.write(file.data)
    except OSError as error:
        return texts.TERMINAL_UNKEPT.format(name=file.name, why=error.strerror)
    return path


def _buttons(reply: Reply) -> list[Button]:
    return [button for row in reply.buttons for button in row]
