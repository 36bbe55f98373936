"""Staff and their chat accounts: invited by the operator, bound once by a code."""

import hashlib
import secrets
from datetime import datetime, timedelta

from casework.desk import Desk
from casework.rights import PROVINCIAL, check_role, require
from procedure.errors import WrongUse
from store.rows import Person

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0 O 1 I: codes are read aloud and typed on phones."""
CODE_LENGTH = 12
"""12 of 32 characters: 60 bits, single use and expiring."""


def invite(
    desk: Desk,
    by: Person,
    name: str,
    role: str,
    provinces: tuple[str, ...] = (),
    valid: timedelta = timedelta(days=7),
) -> str:
    """A new single-use code for a person; only its hash is kept. `NotAllowed`, `WrongUse`."""
    require(by, "people")
    check_role(role)
    if role in PROVINCIAL and not provinces:
        raise WrongUse(f"{role} needs a province", user_message="经办、复核人员须指定负责的省份。")
    for prefix in provinces:
        desk.province(prefix)
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    with desk.store.write() as tx:
        tx.people.invite(
            Person(name=name, role=role, provinces=provinces),
            code_hash(code),
            desk.now() + valid,
        )
    return code


def code_hash(code: str) -> str:
    """What is kept of a code; case, spaces and dashes as typed do not matter."""
    plain = code.upper().replace(" ", "").replace("-", "")
    return hashlib.sha256(plain.encode()).hexdigest()


def bind(desk: Desk, channel: str, channel_user: str, code: str, now: datetime) -> Person:
    """The chat account becomes the invited person's; `NotAllowed` for a bad or used code."""
    with desk.store.write() as tx:
        return tx.people.bind(channel, channel_user, code_hash(code), now)


def of_channel(desk: Desk, channel: str, channel_user: str) -> Person | None:
    """Whose chat account it is."""
    with desk.store.read() as tx:
        return tx.people.person_of(channel, channel_user)


def named(desk: Desk, name: str) -> Person | None:
    """A person by name."""
    with desk.store.read() as tx:
        return next((p for p in tx.people.list() if p.name == name), None)


def listed(desk: Desk, by: Person) -> list[Person]:
    """All people. `NotAllowed` but for the operator."""
    require(by, "people")
    with desk.store.read() as tx:
        return list(tx.people.list())


def revoke(desk: Desk, by: Person, name: str) -> None:
    """The person may do nothing any more."""
    require(by, "people")
    with desk.store.write() as tx:
        tx.people.revoke(name)
