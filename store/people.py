"""Staff, their invitations, and the chat accounts bound to them."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from procedure.errors import Conflict, NotAllowed, WrongUse
from procedure.language import _
from store import tables as t
from store.dialect import upsert
from store.rows import InvitationRow, Person

MAIL = "mail"
"""The channel of people's mail addresses."""


class People:
    """People within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def invite(self, person: Person, code_hash: str, expires: datetime) -> None:
        """Keep the person (role and provinces as given now) and the hash of a single-use code.

        An earlier code of theirs that nobody used is void: it may have gone astray.
        """
        self._void(person.name)
        row = {"role": person.role, "provinces": list(person.provinces), "revoked": False}
        upsert(self._c, t.person, {"name": person.name, **row})
        self._c.execute(
            insert(t.invitation).values(code_hash=code_hash, person=person.name, expires=expires)
        )

    def bind(self, channel: str, channel_user: str, code_hash: str, now: datetime) -> Person:
        """The account becomes the invited person's; `NotAllowed` for a bad, used or old code."""
        i = t.invitation.c
        row = self._c.execute(select(t.invitation).where(i.code_hash == code_hash)).mappings()
        found = row.first()
        if found is None or found["used_at"] is not None or found["expires"] < now:
            raise NotAllowed(
                "bad, used or expired invitation code",
                code="bad-code",
                user_message=str(_("邀请码无效、已使用或已过期，请向系统管理员索取新的邀请码。")),
            )
        self._c.execute(update(t.invitation).where(i.code_hash == code_hash).values(used_at=now))
        upsert(
            self._c,
            t.binding,
            {
                "channel": channel,
                "channel_user": channel_user,
                "person": found["person"],
                "at": now,
            },
        )
        person = self.get(found["person"])
        if person is None or person.revoked:
            raise NotAllowed(
                "the person was revoked", user_message=str(_("该人员的权限已被撤销。"))
            )
        return person

    def get(self, name: str) -> Person | None:
        """A person by name, None for none."""
        row = self._c.execute(select(t.person).where(t.person.c.name == name)).mappings().first()
        return _person(row) if row else None

    def person_of(self, channel: str, channel_user: str) -> Person | None:
        """Whose account it is; None for an unknown account or a revoked person."""
        b = t.binding.c
        query = (
            select(t.person)
            .join(t.binding, b.person == t.person.c.name)
            .where(b.channel == channel, b.channel_user == channel_user)
            .where(t.person.c.revoked.is_(False))
        )
        row = self._c.execute(query).mappings().first()
        return _person(row) if row else None

    def accounts(self, channel: str, name: str) -> list[str]:
        """Accounts of a person on a channel."""
        b = t.binding.c
        query = select(b.channel_user).where(b.channel == channel, b.person == name)
        return list(self._c.execute(query).scalars())

    def told_at(self) -> dict[str, tuple[str, str]]:
        """Person → channel and account where notices go: the chat account bound last, else mail."""
        b = t.binding.c
        order = (b.channel != MAIL, b.at, b.channel, b.channel_user)
        query = select(b.person, b.channel, b.channel_user).order_by(*order)
        return {person: (channel, account) for person, channel, account in self._c.execute(query)}

    def register(self, channel: str, channel_user: str, person: str, now: datetime) -> None:
        """The account is the person's on the operator's word; `Conflict` where it is another's."""
        held = self._holder(channel, channel_user)
        if held not in (None, person):
            raise Conflict(
                f"{channel_user} is {held}'s already",
                user_message=_("该地址已登记给 {held}。").format(held=held),
            )
        row = {"channel": channel, "channel_user": channel_user, "person": person, "at": now}
        upsert(self._c, t.binding, row)

    def unregister(self, channel: str, channel_user: str, person: str) -> bool:
        """The account is the person's no more; False where it was not."""
        b = t.binding.c
        same = (b.channel == channel, b.channel_user == channel_user, b.person == person)
        return self._c.execute(delete(t.binding).where(*same)).rowcount == 1

    def _holder(self, channel: str, channel_user: str) -> str | None:
        b = t.binding.c
        query = select(b.person).where(b.channel == channel, b.channel_user == channel_user)
        found: str | None = self._c.execute(query).scalar()
        return found

    def invitations(self) -> "list[InvitationRow]":
        """Every invitation, used or not, by person and expiry; codes are not kept."""
        i = t.invitation.c
        query = select(i.person, i.expires, i.used_at).order_by(i.person, i.expires)
        return [InvitationRow(*row) for row in self._c.execute(query)]

    def bindings(self, name: str) -> "list[tuple[str, str]]":
        """Channel and account of everything that is bound to the person."""
        b = t.binding.c
        query = select(b.channel, b.channel_user).where(b.person == name).order_by(b.at)
        return [(channel, account) for channel, account in self._c.execute(query)]

    def locked_until(self, channel: str, channel_user: str) -> datetime | None:
        """Until when an account that guessed codes is not listened to; None for one that is."""
        m = t.misuse.c
        query = select(m.locked_until).where(m.channel == channel, m.channel_user == channel_user)
        found: datetime | None = self._c.execute(query).scalar()
        return found

    def failed(
        self, channel: str, channel_user: str, now: datetime, limit: int, lock: timedelta
    ) -> int:
        """A code was wrong; how many were within ``lock``. At ``limit`` the account is locked."""
        m = t.misuse.c
        same = (m.channel == channel, m.channel_user == channel_user)
        row = self._c.execute(select(t.misuse).where(*same)).mappings().first()
        fresh = row is None or row["since"] + lock <= now
        failures = 1 if row is None or fresh else row["failures"] + 1
        since = now if row is None or fresh else row["since"]
        until = now + lock if failures >= limit else None
        key = {"channel": channel, "channel_user": channel_user}
        values = {"failures": failures, "since": since, "locked_until": until}
        upsert(self._c, t.misuse, {**key, **values})
        return failures

    def forgive(self, channel: str, channel_user: str) -> None:
        """The account gave a good code, or the operator lets it try again."""
        m = t.misuse.c
        same = (m.channel == channel, m.channel_user == channel_user)
        self._c.execute(delete(t.misuse).where(*same))

    def list(self) -> "list[Person]":
        """All people, by name."""
        rows = self._c.execute(select(t.person).order_by(t.person.c.name)).mappings()
        return [_person(row) for row in rows]

    def revoke(self, name: str) -> None:
        """The person may do nothing any more; `WrongUse` for an unknown name."""
        statement = update(t.person).where(t.person.c.name == name).values(revoked=True)
        if self._c.execute(statement).rowcount == 0:
            raise WrongUse(
                f"no person {name!r}", user_message=_("没有名为 {name} 的人员。").format(name=name)
            )
        self._c.execute(delete(t.binding).where(t.binding.c.person == name))
        self._void(name)

    def _void(self, name: str) -> None:
        unused = t.invitation.c.used_at.is_(None)
        self._c.execute(delete(t.invitation).where(t.invitation.c.person == name, unused))


def _person(row: object) -> Person:
    data = dict(row)  # type: ignore[call-overload]
    return Person(data["name"], data["role"], tuple(data["provinces"]), data["revoked"])
