"""A door without any chat system, for tests and demos: says, taps, and keeps the last answer.

It vouches for quoted messages as the real doors do: only our own last answer is ever quoted.
"""

from dataclasses import dataclass, field

from bot import core
from bot.messages import Ask, ChatKind, Reply
from casework.desk import Desk
from procedure.errors import WrongUse
from store.rows import Person

CHANNEL = "fake"


@dataclass
class FakeDoor:
    """One account at the core; ``person`` None leaves it to the binding of ``account``."""

    desk: Desk
    person: Person | None = None
    chat: ChatKind = "private"
    account: str = "9"
    last: Reply = field(default_factory=lambda: Reply(""))

    def say(self, text: str, *, reply: bool = False) -> Reply:
        """Type; with ``reply`` in reply to the last answer."""
        return self._ask(text, quoted=self.last.text if reply else "")

    def tap(self, label: str) -> Reply:
        """Tap the first button that begins with ``label``; `WrongUse` where there is none."""
        for button in (one for row in self.last.buttons for one in row):
            if button.label.startswith(label):
                return self.send(button.reference)
        raise WrongUse(f"no button {label!r} below: {self.last.text}")

    def send(self, reference: str) -> Reply:
        """Tap with this data on the last answer, be it one of its buttons or not."""
        return self._ask("", reference=reference, quoted=self.last.text)

    def _ask(self, text: str, reference: str = "", quoted: str = "") -> Reply:
        ask = Ask(CHANNEL, self.account, text, self.chat, reference, quoted, self.person)
        self.last = core.answer(self.desk, ask)
        return self.last
