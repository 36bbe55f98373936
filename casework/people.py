"""Staff and their chat accounts: invited by the operator, bound once by a code."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from casework.desk import Desk
from casework.rights import PROVINCIAL, check_role, require
from procedure.errors import NotAllowed, WrongUse
from procedure.language import _, spoken
from store.people import MAIL
from store.rows import InvitationRow, Person

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0 O 1 I: codes are read aloud and typed on phones."""
GUESSES = 5
LOCKED = timedelta(hours=1)
ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]\\@]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
LONGEST_ADDRESS = 80
"""What the table of accounts holds."""
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
        raise WrongUse(
            f"{role} needs a province", user_message=str(_("经办、复核人员须指定负责的省份。"))
        )
    prefixes = tuple(desk.province(one).prefix for one in provinces)
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    with desk.store.write() as tx:
        tx.people.invite(
            Person(name=name, role=role, provinces=prefixes),
            code_hash(code),
            desk.now() + valid,
        )
    return code


def code_hash(code: str) -> str:
    """What is kept of a code; case, spaces and dashes as typed do not matter."""
    plain = code.upper().replace(" ", "").replace("-", "")
    return hashlib.sha256(plain.encode()).hexdigest()


def bind(desk: Desk, channel: str, channel_user: str, code: str, now: datetime) -> Person:
    """The chat account becomes the invited person's; `NotAllowed` for a bad or used code.

    An account that tried `GUESSES` bad codes is not listened to for `LOCKED`, whatever it sends.
    """
    with desk.store.write() as tx:
        until = tx.people.locked_until(channel, channel_user)
        if until is not None and now < until:
            raise _locked(until)
        try:
            person = tx.people.bind(channel, channel_user, code_hash(code), now)
        except NotAllowed as error:
            refused = error
        else:
            tx.people.forgive(channel, channel_user)
            return person
    # In a transaction of its own: the refused one is rolled back.
    with desk.store.write() as tx:
        tx.people.failed(channel, channel_user, now, GUESSES, LOCKED)
    raise refused


def _locked(until: datetime) -> NotAllowed:
    return NotAllowed(
        "too many bad invitation codes from this account",
        code="locked",
        user_message=_("邀请码多次有误，本账号已锁定至 {moment}。").format(
            moment=spoken().moment(until)
        ),
    )


def invitations(desk: Desk, by: Person) -> list[InvitationRow]:
    """Every invitation with its expiry and use. `NotAllowed` but for the operator."""
    require(by, "people")
    with desk.store.read() as tx:
        return tx.people.invitations()


def accounts(desk: Desk, by: Person, name: str) -> list[tuple[str, str]]:
    """Channel and account bound to a person. `NotAllowed` but for the operator."""
    require(by, "people")
    with desk.store.read() as tx:
        return tx.people.bindings(name)


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


def register_mail(desk: Desk, by: Person, name: str, address: str) -> None:
    """The person may decide by answering letters from this address. `NotAllowed`, `WrongUse`.

    No code is sent there: the operator answers for it, and each answer has to prove its sender.
    """
    require(by, "people")
    plain = address.strip().lower()
    if not ADDRESS.fullmatch(plain) or len(plain) > LONGEST_ADDRESS or desk.is_own(plain):
        raise WrongUse(
            f"{address!r} is no mail address of a person",
            user_message=_("“{address}”不是可用的个人邮箱地址。").format(address=address),
        )
    with desk.store.write() as tx:
        person = tx.people.get(name)
        if person is None or person.revoked:
            raise WrongUse(
                f"no person {name!r}", user_message=_("没有名为 {name} 的人员。").format(name=name)
            )
        tx.people.register(MAIL, plain, name, desk.now())


def forget_mail(desk: Desk, by: Person, name: str, address: str) -> None:
    """The address is the person's no more. `NotAllowed`, `WrongUse` where it was not."""
    require(by, "people")
    with desk.store.write() as tx:
        if not tx.people.unregister(MAIL, address.strip().lower(), name):
            raise WrongUse(
                f"{address!r} is not {name}'s",
                user_message=_("{address} 未登记给 {name}。").format(address=address, name=name),
            )


def forgive(desk: Desk, by: Person, channel: str, channel_user: str) -> None:
    """An account that was locked after misuse may try again. `NotAllowed` but for the operator."""
    require(by, "people")
    with desk.store.write() as tx:
        tx.people.forgive(channel, channel_user)
