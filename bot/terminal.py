"""The same commands at a terminal: `clerk chat --as PERSON`."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import TextIO

from bot import core, people, texts, words
from bot.messages import Ask, Button, Reply
from casework import habits
from casework.desk import Desk
from procedure.language import speaking
from store.rows import Person

CHANNEL = "terminal"


def run(desk: Desk, person: Person, source: TextIO, sink: TextIO, *, prompt: bool = True) -> None:
    """Answer each line of ``source`` on ``sink`` until its end or 退出/exit.

    Buttons are numbered: a line that is just a number taps the button of the last answer.
    Files are named, not written.
    """
    with _speaking(desk, person):
        print(texts.TERMINAL_HELLO.format(**people.describe(desk, person)), file=sink)
    last = Reply("")
    for line in _lines(source, sink, prompt):
        last = core.answer(desk, _ask(person, line, last))
        with _speaking(desk, person):
            print(spoken(last), file=sink, flush=True)
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


def spoken(reply: Reply) -> str:
    """The reply as lines of a terminal, buttons numbered."""
    lines = [reply.text]
    lines += [
        texts.TERMINAL_BUTTON.format(index=index, label=button.label)
        for index, button in enumerate(_buttons(reply), 1)
    ]
    lines += [
        texts.TERMINAL_FILE.format(name=file.name, size=len(file.data)) for file in reply.files
    ]
    return "\n".join(lines)


def _buttons(reply: Reply) -> list[Button]:
    return [button for row in reply.buttons for button in row]
