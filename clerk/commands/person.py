"""`clerk person`."""

import re
from pathlib import Path

import click

from casework import people
from clerk import contract
from clerk.commands.common import OPERATOR, config_option, house_of


@click.group()
def person() -> None:
    """Staff."""


@person.command(name="invite")
@click.argument("name")
@click.argument("role")
@click.argument("provinces", nargs=-1)
@config_option
def person_invite(name: str, role: str, provinces: tuple[str, ...], config: Path | None) -> None:
    """Invite a person, for provinces (13, 河北) where the role has any; prints the code."""
    house = house_of(config)
    named = tuple(one for part in provinces for one in re.split("[,，、]", part) if one)
    click.echo(people.invite(house.desk, OPERATOR, name, role, named))


@person.command(name="list")
@config_option
def person_list(config: Path | None) -> None:
    """All people."""
    for one in people.listed(house_of(config).desk, OPERATOR):
        gone = "  revoked" if one.revoked else ""
        click.echo(f"{one.name}  {one.role}  {','.join(one.provinces)}{gone}")


@person.command(name="invitations")
@config_option
def person_invitations(config: Path | None) -> None:
    """Every invitation: for whom, until when, and whether it was used; codes are not kept."""
    house = house_of(config)
    for one in people.invitations(house.desk, OPERATOR):
        expired = "expired" if one.expires < house.now() else "open"
        state = f"used {contract.moment(one.used_at)}" if one.used_at else expired
        click.echo(f"{one.person}  {contract.moment(one.expires)}  {state}")


@person.command(name="accounts")
@click.argument("name")
@config_option
def person_accounts(name: str, config: Path | None) -> None:
    """Chat accounts that are bound to a person."""
    house = house_of(config)
    for channel, account in people.accounts(house.desk, OPERATOR, name):
        click.echo(f"{channel}  {account}")


@person.command(name="revoke")
@click.argument("name")
@config_option
def person_revoke(name: str, config: Path | None) -> None:
    """The person may do nothing any more."""
    house = house_of(config)
    people.revoke(house.desk, OPERATOR, name)
    click.echo(f"revoked: {name}")


@person.command(name="mail")
@click.argument("name")
@click.argument("address")
@click.option("--remove", is_flag=True, help="The address is no longer the person's.")
@config_option
def person_mail(name: str, address: str, remove: bool, config: Path | None) -> None:
    """Register the mail address from which a person may decide by answering letters."""
    house = house_of(config)
    change = people.forget_mail if remove else people.register_mail
    change(house.desk, OPERATOR, name, address)
    click.echo(f"{'removed' if remove else 'registered'}: {address} ({name})")


@person.command(name="unlock")
@click.argument("channel")
@click.argument("account")
@config_option
def person_unlock(channel: str, account: str, config: Path | None) -> None:
    """Let an account that guessed invitation codes try again before its hour is over."""
    people.forgive(house_of(config).desk, OPERATOR, channel, account)
    click.echo(f"unlocked: {channel} {account}")
