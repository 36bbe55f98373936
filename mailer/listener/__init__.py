"""The SMTP and LMTP listener."""

from typing import TYPE_CHECKING

from mailer.listener.options import Listening, Options
from procedure.late import late

if TYPE_CHECKING:
    from mailer.listener.server import Listener

__all__ = ["Listener", "Listening", "Options"]
# The settings know the options; only who listens needs the server.
__getattr__ = late(__name__, {"Listener": "mailer.listener.server"})
