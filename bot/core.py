"""One command core for every chat: what was said → what is answered. Knows no chat system."""

from bot.messages import Ask, Reply
from casework.desk import Desk


def answer(desk: Desk, ask: Ask) -> Reply:
    """The answer to one message or tap; blocking (database), so call it off the event loop.

    Every `procedure.errors.ClerkError` becomes a reply with its ``user_message``; anything else is
    raised. Repeating an ask acts once: decisions re-check the state that was shown.
    """
    raise NotImplementedError
