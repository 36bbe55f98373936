"""`clerk tray`."""

import sys
from pathlib import Path

import click

from casework import tray as items
from clerk import contract
from clerk.commands.common import (
    OPERATOR,
    acting,
    as_option,
    config_option,
    json_line,
    json_option,
    talking_house,
)
from procedure.errors import WrongUse
from procedure.language import told


@click.group()
def tray() -> None:
    """Unclear mail that waits for a person."""


@tray.command(name="list")
@config_option
@json_option
def tray_list(config: Path | None, as_json: bool) -> None:
    """What waits, oldest first."""
    for one in items.listed(talking_house(config, as_json=as_json).desk, OPERATOR):
        who = f"{one.reason}  {one.from_addr}"
        text = f"{one.item}  {contract.moment(one.since)}  {who}  {told(one.text)}"
        click.echo(json_line(one) if as_json else text)


@tray.command(name="show")
@click.argument("item")
@click.option("--raw", is_flag=True, help="Write the mail's original bytes to standard output.")
@config_option
def tray_show(item: str, raw: bool, config: Path | None) -> None:
    """One item: why it waits, and the mail it came with."""
    house = talking_house(config)
    found = next((one for one in items.listed(house.desk, OPERATOR) if one.item == item), None)
    if found is None:
        raise WrongUse(f"no tray item {item!r}: see 'clerk tray list'")
    if raw:
        with house.store.read() as tx:
            sys.stdout.buffer.write(tx.messages.raw(found.message_id))
        return
    click.echo(f"{found.item}  {found.reason}  {contract.moment(found.since)}\n{told(found.text)}")
    click.echo(f"{found.from_addr}  {found.subject}\nmessage {found.message_id}")
    if found.document:
        click.echo(f"document {found.document}")


@tray.command(name="assign")
@click.argument("item")
@click.argument("target")
@click.option(
    "--what",
    type=click.Choice(["application", "cancellation"]),
    default=None,
    help="What the document is; as it was read without this.",
)
@as_option
@config_option
def tray_assign(item: str, target: str, what: str | None, person: str, config: Path | None) -> None:
    """File an item's document under a case, or an entity (credit code or registered name)."""
    house = talking_house(config)
    who = acting(house, person)
    done = items.assign(house.desk, who, item, target, what=what)  # type: ignore[arg-type]
    click.echo(done.text)


@tray.command(name="dismiss")
@click.argument("item")
@click.option("--note", required=True, help="Why there is nothing to file.")
@as_option
@config_option
def tray_dismiss(item: str, note: str, person: str, config: Path | None) -> None:
    """Close an item that needs no filing."""
    house = talking_house(config)
    items.dismiss(house.desk, acting(house, person), item, note)
    click.echo(f"closed: {item}")
