"""The SMTP and LMTP listener."""

from mailer.listener.options import Listening, Options
from mailer.listener.server import Listener

__all__ = ["Listener", "Listening", "Options"]
