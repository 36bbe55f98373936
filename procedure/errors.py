"""The one tree of errors.

::

    ClerkError
    ├── Permanent            trying again does not help
    │   ├── BadInput         a document, mail, file or row is wrong; its sender can mend it
    │   ├── WrongUse         a command or setting is wrong (exit status 2)
    │   ├── NotAllowed       the person may not do this
    │   └── Conflict         somebody else was first, or the state does not allow it
    └── Temporary            trying again later may help

Rooms derive their own classes from these. Each error carries a ``code`` that logs, letters and
JSON share, a ``user_message`` (what, where, what to do; Simplified Chinese, or told in its reader's
language) that may be shown to people outside, and its ``str()`` in English for logs and operators.
"""

from procedure.language import _


class ClerkError(Exception):
    """Root of all errors that the product raises on purpose."""

    code = "error"
    retry = False

    def __init__(self, message: str, *, code: str | None = None, user_message: str = "") -> None:
        super().__init__(message)
        self.code = code or type(self).code
        self.user_message = user_message or _("系统未能完成处理，工作人员将人工查看。").said()


class Permanent(ClerkError):
    """Trying again does not help."""

    code = "permanent"


class BadInput(Permanent):
    """What came from outside is wrong; its sender can mend it."""

    code = "bad-input"


class WrongUse(Permanent):
    """A command or a setting is wrong."""

    code = "wrong-use"


class NotAllowed(Permanent):
    """The person may not do this."""

    code = "not-allowed"


class Conflict(Permanent):
    """Somebody else was first, or the case's stage does not allow it."""

    code = "conflict"


class Temporary(ClerkError):
    """Trying again later may help."""

    code = "temporary"
    retry = True
