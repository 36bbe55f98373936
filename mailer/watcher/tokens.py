"""Access tokens for XOAUTH2: asked for at each connection, kept as long as they live.

A token provider is any ``Callable[[], str]``; `RefreshToken` is the one for Microsoft, Google and
whoever else speaks RFC 6749 section 6. Raises `MailboxRefused` where the grant is refused, so that
a person looks, and `MailboxDown` where nobody answers.
"""

import json
import logging
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Protocol

from mailer.watcher.errors import MailboxDown, MailboxRefused
from procedure.errors import WrongUse

log = logging.getLogger(__name__)
TokenProvider = Callable[[], str]
SECONDS = 15.0
EARLY = 300.0
"""Seconds before its end that a token counts as old: it must last through the login."""
MICROSOFT = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
MICROSOFT_SCOPE = "https://outlook.office.com/IMAP.AccessAsUser.All offline_access"
GOOGLE = "https://oauth2.googleapis.com/token"
GOOGLE_SCOPE = "https://mail.google.com/"


class Keeper(Protocol):
    """Where a grant that the provider traded for a new one is kept."""

    def alone(self) -> AbstractContextManager[None]:
        """Held while the provider is asked."""

    def load(self) -> str:
        """The newest grant, "" where the first one still holds."""

    def save(self, token: str) -> None:
        """Keep it durably. Raises OSError."""


@dataclass
class RefreshToken:
    """Trades a refresh token for access tokens. May be shared by threads.

    ``refresh_token`` "": the client's own credentials are the grant (RFC 6749 section 4.4), as for
    an Exchange application.
    """

    endpoint: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    scope: str = ""
    keeper: Keeper | None = None
    """None: a new grant lives as long as this process."""
    _token: str = field(default="", init=False, repr=False)
    _until: float = field(default=0.0, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def __post_init__(self) -> None:
        address = urllib.parse.urlsplit(self.endpoint)
        local = address.hostname in ("127.0.0.1", "localhost", "::1")
        if address.scheme != "https" and not (address.scheme == "http" and local):
            raise WrongUse(f"{self.endpoint!r} is no token endpoint: https only")

    def __call__(self) -> str:
        """A token that is good for some minutes."""
        with self._lock:
            if time.monotonic() >= self._until:
                with self.keeper.alone() if self.keeper else nullcontext():
                    self._ask()
            return self._token

    def forget(self) -> None:
        """The server refused the token: the next call asks for another one."""
        with self._lock:
            self._until = 0.0

    def _ask(self) -> None:
        if self.keeper:
            self.refresh_token = self.keeper.load() or self.refresh_token
        answer = _posted(self.endpoint, self._form())
        token = str(answer.get("access_token") or "")
        if not token:
            raise MailboxRefused(f"{self.endpoint}: no access_token in the answer")
        # Some providers trade the refresh token too: the old one may die then.
        self._renewed(str(answer.get("refresh_token") or ""))
        lives = float(answer.get("expires_in") or 0)
        self._token, self._until = token, time.monotonic() + max(0.0, lives - EARLY)

    def _renewed(self, grant: str) -> None:
        if grant in ("", self.refresh_token):
            return
        self.refresh_token = grant
        try:
            if self.keeper:
                self.keeper.save(grant)
        except OSError:
            # Mail goes on with the one in memory; after a restart a person must grant anew.
            log.exception("%s: the new refresh token cannot be kept", self.endpoint)

    def _form(self) -> dict[str, str]:
        grant = "refresh_token" if self.refresh_token else "client_credentials"
        form = {
            "grant_type": grant,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "refresh_token": self.refresh_token,
            "scope": self.scope,
        }
        return {name: value for name, value in form.items() if value}


def _posted(endpoint: str, form: dict[str, str]) -> dict[str, Any]:
    body = urllib.parse.urlencode(form).encode()
    request = urllib.request.Request(endpoint, body, {"Accept": "application/json"})  # noqa: S310 - checked
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - checked
            found = json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            said = error.read(500).decode("utf-8", "replace")
        if error.code in (400, 401, 403):
            raise MailboxRefused(f"{endpoint}: token refused: {_reason(said)}") from error
        raise MailboxDown(f"{endpoint}: {error.code}") from error
    except (OSError, ValueError) as error:
        raise MailboxDown(f"{endpoint}: {error or type(error).__name__}") from error
    if not isinstance(found, dict):
        raise MailboxDown(f"{endpoint}: no JSON object")
    return found


def _reason(said: str) -> str:
    """The provider's word for it, never what was sent."""
    try:
        found = json.loads(said)
    except ValueError:
        return "no reason given"
    return str(found.get("error", "no reason given"))[:100] if isinstance(found, dict) else ""
