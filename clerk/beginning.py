"""The first settings of an installation: from answers to a file, secrets apart from it.

What is written is checked as a whole before the first byte is on the disk; nothing that is there is
written over. A secret never stands in the settings: it lies in a file of its own that its owner
alone may read, and the settings name that file.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import tomli_w

import cycles
from clerk.settings import Settings, checked
from mailer.sender import Relay
from mailer.watcher.profiles import PROFILES
from procedure.errors import WrongUse
from procedure.provinces import Provinces

HEAD = """\
# ccer-clerk: the settings of this installation, written by 'clerk init'.
# All keys: docs/settings.md. Secrets lie in files of their own; KEY_file names one.
# After a change: clerk doctor, then start 'clerk serve' again.

"""


@dataclass(frozen=True)
class Answers:
    """What a new installation is asked; "" and () leave a setting at its default."""

    roles: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    """Names, short names or prefixes; none serves all."""
    name: str = ""
    address: str = ""
    phone: str = ""
    mailboxes: Mapping[str, str] = field(default_factory=dict)
    """Designated mailbox of each province, by name or prefix."""
    operator_mailbox: str = ""
    listen: str = ""
    imap: str = ""
    """``user@host``, or ``user@domain`` with a profile: a mailbox that is watched."""
    profile: str = ""
    imap_password: str = ""
    relay: str = ""
    relay_password: str = ""
    telegram_token: str = ""
    data: str = ""
    database: str = ""

    @property
    def given(self) -> bool:
        """Whether there is any."""
        return self != Answers()


def write(answers: Answers, target: Path) -> list[Path]:
    """Write the settings to ``target`` and the secrets beside it; the files made.

    Raises `WrongUse` for an answer that makes no sense, and where a file is there already.
    """
    folder = target.resolve().parent / "secrets"
    secrets = {folder / name: value for name, value in _secrets(answers).items() if value}
    for path in (target, *secrets):
        if path.exists():
            raise WrongUse(f"{path} is there already: edit it, or name another file with --config")
    data = tables(answers, folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        for path, value in secrets.items():
            folder.mkdir(mode=0o700, exist_ok=True)
            _create(path, value, 0o600)
        _create(target, HEAD + tomli_w.dumps(data), 0o644)
    except OSError as error:
        raise WrongUse(f"{error.filename} cannot be written: {error.strerror}") from error
    return [target, *secrets]


def _create(path: Path, text: str, mode: int) -> None:
    """A new file with these rights from its first byte on."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def tables(answers: Answers, folder: Path) -> dict[str, Any]:
    """The settings' tables, naming files of secrets in ``folder``; `WrongUse` for bad answers."""
    named = {name: folder / name for name, value in _secrets(answers).items() if value}
    data = _filled({
        "data": {"directory": answers.data},
        "office": _office(answers),
        "smtp": {"listen": answers.listen},
        "imap": {"accounts": _accounts(answers, named)},
        "database": _secret(named, "url", "database_url"),
        "relay": _secret(named, "url", "relay_url") or {"url": answers.relay},
        "telegram": _secret(named, "token", "telegram_token"),
    })  # fmt: skip
    _check(data, answers)
    return data


def _check(data: Mapping[str, Any], answers: Answers) -> None:
    """As they will be read, but for what lies in files that are not there yet."""
    plain = {
        section: {key: value for key, value in table.items() if not key.endswith("_file")}
        for section, table in data.items()
    }
    settings: Settings = checked(plain, "the answers")
    if answers.relay:
        Relay.parse(_relay(answers) or answers.relay)
    for address in (settings.office.address, *settings.office.mailboxes.values()):
        if "@" not in address.strip("@"):
            raise WrongUse(f"{address!r} is no mail address")


def _filled(data: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    kept = {
        section: {key: value for key, value in table.items() if value}
        for section, table in data.items()
    }
    return {section: table for section, table in kept.items() if table}


def _secrets(answers: Answers) -> dict[str, str]:
    """File name → secret. A relay's address is one where it holds a password."""
    return {
        "relay_url": _relay(answers),
        "imap_password": answers.imap_password,
        "telegram_token": answers.telegram_token,
        "database_url": answers.database,
    }


def _relay(answers: Answers) -> str:
    """The relay's address with its password, "" where it has none."""
    parts = urlsplit(answers.relay)
    if not answers.relay_password:
        return answers.relay if parts.password else ""
    if not parts.username:
        raise WrongUse("a relay's password needs its user: smtp+starttls://USER@HOST:587")
    user = f"{parts.username}:{quote(answers.relay_password, safe='')}"
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}@{host}"))


def _secret(named: Mapping[str, Path], key: str, name: str) -> dict[str, Any]:
    return {f"{key}_file": str(named[name])} if name in named else {}


def _office(answers: Answers) -> dict[str, Any]:
    own = dict.fromkeys(one for one in (answers.address, _imap_address(answers)) if one)
    return {
        "roles": list(answers.roles),
        "provinces": [_prefix(one) for one in answers.provinces],
        "name": answers.name,
        "address": answers.address,
        "phone": answers.phone,
        "own_addresses": list(own),
        "mailboxes": {_prefix(key): value for key, value in answers.mailboxes.items()},
        "operator_mailbox": answers.operator_mailbox,
    }


def _prefix(text: str) -> str:
    found = Provinces.parse(cycles.provinces()).find(text)
    if found is None:
        raise WrongUse(f"no province {text!r}: write a prefix such as 13, or a name such as 河北")
    return found.prefix


def _imap_address(answers: Answers) -> str:
    """The watched mailbox's own address, "" where its login need not be one."""
    return answers.imap if _at_provider(answers) else ""


def _at_provider(answers: Answers) -> bool:
    """Whether the profile says which server it is: there the login is the address."""
    return answers.profile in PROFILES and bool(PROFILES[answers.profile].host)


def _accounts(answers: Answers, named: Mapping[str, Path]) -> list[dict[str, str]]:
    if not answers.imap:
        return []
    user, _, host = answers.imap.rpartition("@")
    if not user or not host:
        raise WrongUse(f"{answers.imap!r} is no mailbox: write USER@HOST")
    if answers.profile and answers.profile not in PROFILES:
        raise WrongUse(f"there is no mailbox profile {answers.profile!r}: {', '.join(PROFILES)}")
    account = {"profile": answers.profile}
    account |= {"user": answers.imap} if _at_provider(answers) else {"user": user, "host": host}
    secret = _secret(named, "password", "imap_password")
    return [{key: value for key, value in (account | secret).items() if value}]
