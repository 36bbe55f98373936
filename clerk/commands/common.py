"""What the commands share: settings, the acting person, options, JSON."""

import json
from datetime import datetime
from pathlib import Path

import click

from casework import people
from clerk import contract
from clerk.clocks import parse_moment
from clerk.settings import load
from clerk.wiring import House, open_house
from cycles.catalogues import language
from procedure.errors import WrongUse
from procedure.jsonable import dump
from procedure.language import CHINESE, speak
from store.rows import Person

OPERATOR = Person("operator", "operator")
"""Whoever may run commands on the machine runs the installation."""

config_option = click.option(
    "--config", type=click.Path(path_type=Path), default=None, help="Settings file."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON Lines.")
as_option = click.option("--as", "person", required=True, help="In whose name.")
application_option = click.option(
    "--application", default=1, show_default=True, help="Which application of the case."
)
seen_option = click.option(
    "--seen", type=int, default=None,
    help="Last event that 'clerk case show' showed: refused where the case changed since.",
)  # fmt: skip


def house_of(config: Path | None, *, create: bool = False) -> House:
    """The installation that the settings describe."""
    return open_house(load(config), create=create)


def talking_house(config: Path | None, *, as_json: bool = False) -> House:
    """The same for a command that shows something: it speaks the language of the staff.

    What it prints as JSON is for programs, so the same in every language: Chinese.
    """
    house = house_of(config)
    speak(CHINESE if as_json else language(house.settings.office.chat_locale))
    return house


def acting(house: House, name: str) -> Person:
    """The person in whose name a command acts; `WrongUse` for an unknown one."""
    found = people.named(house.desk, name)
    if found is None or found.revoked:
        raise WrongUse(f"no person {name!r}: see 'clerk person list'")
    return found


def moment_of(text: str | None) -> datetime | None:
    """A moment typed on the command line. `WrongUse` where it is none."""
    try:
        return parse_moment(text) if text else None
    except ValueError as error:
        raise WrongUse(f"{text!r} is no moment: write 2021-11-05T17:00:00+08:00") from error


def json_line(value: object) -> str:
    """One object, moments in Beijing time."""
    return json.dumps(contract.in_beijing(dump(value)), ensure_ascii=False)
