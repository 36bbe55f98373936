"""What a button carries: a reference to what was shown, never a decision.

``verb:case:application:version:seq:pick`` and ``:more`` where it is needed, at most 64 bytes of
ASCII (Bot API, InlineKeyboardButton ``callback_data``). ``version`` and ``seq`` (the last event
that was shown) let the tap be checked against the case as it is then. A reference is untrusted:
whoever forges one gains nothing, since rights and state are checked again for the person who taps.
"""

import re
from dataclasses import dataclass

LIMIT = 64
SHOW, DOCUMENT, TODO, DROP = "s", "d", "t", "x"
ASK_CONFIRM, CONFIRM = "c", "C"
ASK_RETURN, PICK_REASON, RETURN = "r", "p", "R"
ASK_CORRECT, PICK_VALUE, CORRECT = "k", "v", "K"
OVERLAY, SEALS = "o", "g"
TRAY, ITEM, ASK_ASSIGN, ASSIGN, ASK_DISMISS, DISMISS = "y", "i", "a", "A", "n", "N"
DIGESTS, DIGEST, PREVIEW = "e", "f", "w"
LANGUAGE = "l"
FREE = frozenset(
    {TODO, DROP, TRAY, ITEM, ASK_ASSIGN, ASSIGN, ASK_DISMISS, DISMISS, DIGESTS, DIGEST, PREVIEW,
     LANGUAGE}
)  # fmt: skip
"""About no case: ``seq`` holds the tray's item or the digest, ``application`` a province, ``pick``
a language."""
VERBS = FREE | {
    SHOW, DOCUMENT, ASK_CONFIRM, CONFIRM, ASK_RETURN, PICK_REASON, RETURN,
    ASK_CORRECT, PICK_VALUE, CORRECT, OVERLAY, SEALS,
}  # fmt: skip
ALL_FINDINGS = -1
NO_PICK = -2
PROPOSED = -3
"""The reason that a colleague proposed."""

_SHAPE = re.compile(
    r"([a-zA-Z]):(CCER-\d{4}-\d{2}-\d{4,9})?:(\d{0,3}):(\d{0,3}):(\d{0,12}):(-?\d{0,6})"
    r"(?::(\d{1,3}))?"
)


@dataclass(frozen=True)
class Reference:
    """A parsed reference; 0 and "" where it says nothing."""

    verb: str
    case_no: str = ""
    application: int = 0
    version: int = 0
    seq: int = 0
    pick: int = NO_PICK
    """Index of a finding or field, `ALL_FINDINGS`, `PROPOSED` or `NO_PICK`; a page's first item."""
    more: int | None = None
    """A second index: which of the values that were read."""

    def __str__(self) -> str:
        numbers = (self.application, self.version, self.seq)
        pick = "" if self.pick == NO_PICK else str(self.pick)
        more = () if self.more is None else (str(self.more),)
        shown = (str(n) if n else "" for n in numbers)
        return ":".join((self.verb, self.case_no, *shown, pick, *more))


def parse(data: str) -> Reference | None:
    """The reference, None for anything that we never wrote."""
    found = _SHAPE.fullmatch(data) if len(data) <= LIMIT and data.isascii() else None
    if not found or found[1] not in VERBS:
        return None
    application, version, seq = (int(found[i] or 0) for i in (3, 4, 5))
    pick = int(found[6]) if found[6] not in {"", "-"} else NO_PICK
    more = int(found[7]) if found[7] else None
    return Reference(found[1], found[2] or "", application, version, seq, pick, more)
