"""The mail doors as the settings describe them: listener, watched mailboxes, signature."""

import asyncio
import logging
import threading

from clerk.mail_settings import Mailbox
from clerk.tokens import TokenFile
from clerk.wiring import House
from mailer.listener import Listener, Listening
from mailer.signing import Signer
from mailer.watcher import Account
from mailer.watcher.profiles import PROFILES, Profile
from mailer.watcher.tokens import RefreshToken
from procedure.errors import WrongUse

log = logging.getLogger(__name__)

TOKENS = "tokens"
"""Folder in the data directory of grants that providers traded."""


def listening_of(house: House) -> Listening:
    """Where, for whom and how mail is taken. `WrongUse` for settings that make no sense."""
    smtp = house.settings.smtp
    recipients = frozenset(one.lower() for one in smtp.recipients) or house.desk.own_addresses
    return Listening.parse(
        smtp.listen, recipients, smtp.max_bytes, smtp.options(), hostname=smtp.hostname
    )


def listen(house: House, stop: threading.Event) -> None:
    """Take mail by SMTP."""
    asyncio.run(_listen(house, stop))


async def _listen(house: House, stop: threading.Event) -> None:
    listener = Listener(house.store, house.clock, listening_of(house))
    await listener.start()
    log.info("taking mail on %s", house.settings.smtp.listen)
    await asyncio.to_thread(stop.wait)
    await listener.stop()


def accounts(house: House) -> tuple[Account, ...]:
    """Every watched folder of every mailbox in the settings. `WrongUse` for one that is wrong."""
    return tuple(one for box in house.settings.imap.accounts for one in accounts_of(house, box))


def mailbox_names(house: House) -> list[str]:
    """What the watched folders are called in logs and alarms; asks for no secret."""
    return [
        f"{box.user}@{box.host or PROFILES.get(box.profile, Profile()).host}/{folder}"
        for box in house.settings.imap.accounts
        for folder in box.folders
    ]


def accounts_of(house: House, box: Mailbox) -> list[Account]:
    """The folders of one mailbox, which share its token. `WrongUse`."""
    known = PROFILES.get(box.profile, Profile())
    host = box.host or known.host
    if not host:
        raise WrongUse(f"imap.accounts ({box.user}): set host; profile {box.profile} has none")
    token = _token(house, box, known, host) if box.client_id else None
    password = "" if token else box.told("password")
    return [
        Account(
            host, box.port or known.port, box.user, password, folder=folder,
            ssl=box.ssl or known.ssl, done=box.done or known.done,
            id_command=known.id_command, token=token, ca_file=box.ca_file,
        )
        for folder in box.folders
    ]  # fmt: skip


def _token(house: House, box: Mailbox, known: Profile, host: str) -> RefreshToken:
    endpoint = box.endpoint or known.token_endpoint
    if not endpoint:
        raise WrongUse(f"imap.accounts ({box.user}): client_id needs an endpoint")
    if "{tenant}" in endpoint:
        if not box.tenant:
            raise WrongUse(f"imap.accounts ({box.user}): set tenant for {endpoint}")
        endpoint = endpoint.format(tenant=box.tenant)
    grant = box.told("refresh_token")
    folder = house.settings.data.directory / TOKENS
    keeper = TokenFile(folder, f"{box.user}@{host}", grant) if grant else None
    return RefreshToken(
        endpoint, box.client_id, box.told("client_secret"), grant,
        box.scope or known.token_scope, keeper,
    )  # fmt: skip


def signer_of(house: House) -> Signer | None:
    """Who signs letters, None where nobody does. `WrongUse` for a key that cannot be used."""
    dkim = house.settings.dkim
    if dkim.key is None:
        return None
    return Signer(dkim.domain or house.domain, dkim.selector, dkim.key)
