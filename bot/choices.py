"""Buttons for chats that have none: each gets a code of five letters that is typed.

Codes and the last question are kept in the memory of the one process that serves the account.
After a restart a code is unknown, and said to be; nothing was changed by then. The same button of
the same message has the same code always, so an old one can never mean something else.
"""

import hashlib
import re
from collections import OrderedDict
from dataclasses import dataclass, field

from bot import texts
from bot.messages import Ask, ChatKind, Reply

LETTERS = "bcdfghjkmnpqrstvwxz"
"""No vowels: a code is no word of anybody's."""
LENGTH = 5
KEPT = 200
"""Codes of one account."""
ACCOUNTS = 2000
_CODE = re.compile(rf"[{LETTERS}]{{{LENGTH}}}", re.IGNORECASE)


@dataclass
class _Talk:
    codes: OrderedDict[str, tuple[str, str]] = field(default_factory=OrderedDict)
    """Code → reference and text of the message that bears it."""
    question: str = ""
    """Our last message, where it asks for an answer in words."""


class Choices:
    """What each account was last offered."""

    def __init__(self) -> None:
        self._talks: OrderedDict[str, _Talk] = OrderedDict()

    def spoken(self, account: str, reply: Reply, *, notice: bool = False) -> str:
        """The reply's text with its buttons as codes; what it offers can be chosen from now on.

        A ``notice`` may come between our question and its answer.
        """
        talk = self._talk(account)
        if not notice:
            talk.question = reply.text if reply.wants_answer else ""
        lines = [reply.text] if reply.text else []
        if reply.buttons:
            lines.append(str(texts.CHOICES))
        for button in (one for row in reply.buttons for one in row):
            code = code_of(button.reference, reply.text)
            talk.codes[code] = (button.reference, reply.text)
            talk.codes.move_to_end(code)
            lines.append(texts.CHOICE.format(code=code, label=button.label))
        while len(talk.codes) > KEPT:
            talk.codes.popitem(last=False)
        return "\n".join(lines)

    def ask(self, channel: str, account: str, text: str, chat: ChatKind) -> Ask:
        """What was typed, as the core takes it: a tap where it is a code, else words."""
        talk = self._talk(account)
        typed = text.strip()
        if _CODE.fullmatch(typed):
            # An unknown code is a button that we do not know: the core says so.
            reference, quoted = talk.codes.get(typed.lower(), (typed, ""))
            return Ask(channel, account, "", chat, reference, quoted)
        return Ask(channel, account, text, chat, quoted=talk.question)

    def _talk(self, account: str) -> _Talk:
        talk = self._talks.setdefault(account, _Talk())
        self._talks.move_to_end(account)
        while len(self._talks) > ACCOUNTS:
            self._talks.popitem(last=False)
        return talk


def code_of(reference: str, text: str) -> str:
    """The code of a button below a text."""
    number = int.from_bytes(hashlib.sha256(f"{reference}\n{text}".encode()).digest()[:8])
    letters = []
    for _ in range(LENGTH):
        number, rest = divmod(number, len(LETTERS))
        letters.append(LETTERS[rest])
    return "".join(letters)
