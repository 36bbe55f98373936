"""`clerk outbox`: letters that are on their way, held, failed or came back."""

import sys
from pathlib import Path

import click

from clerk import contract
from clerk.commands.common import config_option, house_of, json_line, json_option
from clerk.wiring import House
from mailer import bounces
from procedure.errors import WrongUse
from store.rows import LetterRow, RecipientRow

UNSETTLED = ("queued", "deferred", "held", "failed")
BACK = "bounced:"
"""How the answer of a letter that came back begins."""
HELD = "held by the operator"


@click.group()
def outbox() -> None:
    """Letters that wait, are held, failed or came back."""


@outbox.command(name="list")
@click.option(
    "--state",
    type=click.Choice([*UNSETTLED, "bounced", "sent", "all"]),
    default=None,
    help="Only these; without it all that did not leave.",
)
@click.option("--to", "address", default="", help="Only to this address.")
@config_option
@json_option
def outbox_list(state: str | None, address: str, config: Path | None, as_json: bool) -> None:
    """A line for each letter and recipient, oldest first."""
    house = house_of(config)
    for letter, one in _rows(house, state, address):
        click.echo(_json(letter, one) if as_json else _line(letter, one))


def _rows(house: House, state: str | None, address: str) -> list[tuple[LetterRow, RecipientRow]]:
    stored = {"all": (*UNSETTLED, "sent"), "bounced": ("failed",), None: UNSETTLED}
    states = stored.get(state, (state or "",))
    with house.store.read() as tx:
        letters = tx.outbox.in_states(states)
    rows = [
        (letter, one)
        for letter in letters
        for one in letter.recipients
        if one.state in states and address.lower() in ("", one.address.lower())
    ]
    return [row for row in rows if state != "bounced" or row[1].answer.startswith(BACK)]


def _line(letter: LetterRow, one: RecipientRow) -> str:
    when = contract.moment(letter.created_at)
    state = "superseded" if letter.superseded else one.state
    text = f"{letter.key}  {one.address}  {state}  {one.attempts} attempts  {when}"
    if one.next_at:
        text += f"  next {contract.moment(one.next_at)}"
    return f"{text}\n    {one.answer}" if one.answer else text


def _json(letter: LetterRow, one: RecipientRow) -> str:
    return json_line({
        "key": letter.key, "kind": letter.kind, "about": letter.about, "address": one.address,
        "state": one.state, "attempts": one.attempts, "answer": one.answer,
        "superseded": letter.superseded, "created_at": letter.created_at.isoformat(),
        "next_at": one.next_at.isoformat() if one.next_at else None,
        "message_id": letter.rfc_message_id,
    })  # fmt: skip


@outbox.command(name="show")
@click.argument("key")
@click.option("--raw", is_flag=True, help="Write the letter's bytes to standard output.")
@config_option
def outbox_show(key: str, raw: bool, config: Path | None) -> None:
    """One letter and what became of it."""
    house = house_of(config)
    letter = _letter(house, key)
    if raw:
        sys.stdout.buffer.write(_bytes(house, key))
        return
    click.echo(
        f"{letter.key}\n  about {letter.about}, {letter.rfc_message_id or 'not dressed yet'}"
    )
    for one in letter.recipients:
        click.echo(f"  {_line(letter, one)}")


def _bytes(house: House, key: str) -> bytes:
    with house.store.read() as tx:
        found = tx.outbox.raw(key)
    if found is None:
        raise WrongUse(f"letter {key!r} is not dressed yet")
    return found


@outbox.command(name="hold")
@click.argument("key")
@click.option("--to", "address", default="", help="Only to this recipient.")
@click.option("--why", default="", help="Kept with the letter.")
@config_option
def outbox_hold(key: str, address: str, why: str, config: Path | None) -> None:
    """Keep a letter back that has not left yet."""
    house = house_of(config)
    _letter(house, key)
    with house.store.write() as tx:
        count = tx.outbox.hold(key, address, f"{HELD}: {why}" if why else HELD)
    if not count:
        raise WrongUse(f"letter {key!r} has left already, or is held: see 'clerk outbox show'")
    click.echo(f"held: {count}")


@outbox.command(name="release")
@click.argument("key")
@click.option("--to", "address", default="", help="Only to this recipient.")
@config_option
def outbox_release(key: str, address: str, config: Path | None) -> None:
    """Let a held letter go. To a suspended address nothing goes: see 'reinstate'."""
    house = house_of(config)
    letter = _letter(house, key)
    with house.store.write() as tx:
        held = [one.address for one in letter.recipients if one.state == "held"]
        for one in held:
            if address in ("", one) and bounces.suspended(tx, one):
                raise WrongUse(f"{one} is suspended: 'clerk outbox reinstate {one}' first")
        count = tx.outbox.release(key, address)
    if not count:
        raise WrongUse(f"nothing of letter {key!r} is held")
    click.echo(f"released: {count}")


@outbox.command(name="retry")
@click.argument("key")
@config_option
def outbox_retry(key: str, config: Path | None) -> None:
    """Queue a letter again for those it failed for, under the same identity."""
    house = house_of(config)
    _letter(house, key)
    with house.store.write() as tx:
        count = tx.outbox.again(key, ("failed",))
    if not count:
        raise WrongUse(f"letter {key!r} failed for nobody")
    click.echo(f"queued: {count}")


@outbox.command(name="reinstate")
@click.argument("address")
@config_option
def outbox_reinstate(address: str, config: Path | None) -> None:
    """An address is good again: what was held for it goes out, past bounces count no more."""
    house = house_of(config)
    count = bounces.reinstate(house.store, address)
    click.echo(f"{address}: {count} letters released")


def _letter(house: House, key: str) -> LetterRow:
    with house.store.read() as tx:
        found = tx.outbox.letter(key)
    if found is None:
        raise WrongUse(f"no letter {key!r}: see 'clerk outbox list'")
    return found
