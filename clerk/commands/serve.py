"""`clerk serve`, `verify`, `chat`, `demo`."""

import json
import sys
from pathlib import Path

import click

from clerk import logs, serving
from clerk.commands.common import acting, config_option, house_of, json_option
from clerk.tree import PartRefuses
from store.verify import counts, verify


@click.command()
@config_option
@click.option("--only", type=click.Choice(sorted(serving.PARTS)), help="Run this part alone.")
@click.option(
    "--refused", type=click.IntRange(1, 255), default=2, show_default=True,
    help="Exit status where it cannot run as it is set up, for whoever starts it again.",
)  # fmt: skip
def serve(config: Path | None, only: str | None, refused: int) -> None:
    """Take mail, work on it, send letters, keep the timetable."""
    house = house_of(config)
    logs.set_up(house.settings)
    if only:
        serving.run_part(house, only)
        return
    try:
        serving.serve(house, config)
    except PartRefuses as error:
        click.echo(f"clerk: {error}", err=True)
        # 2 is also the status of a tree that finds the one before it still there.
        sys.exit(refused)


@click.command(name="verify")
@config_option
@json_option
def verify_command(config: Path | None, as_json: bool) -> None:
    """Prove that nothing is lost: counts add up, every row has its bytes, the chain holds."""
    house = house_of(config)
    problems, found = verify(house.store), counts(house.store)
    if as_json:
        click.echo(json.dumps({"counts": found, "problems": problems}, ensure_ascii=False))
    else:
        click.echo("  ".join(f"{name} {count}" for name, count in found.items()))
    for problem in problems:
        click.echo(f"clerk: {problem}", err=True)
    sys.exit(1 if problems else 0)


@click.command()
@click.option("--as", "name", required=True, help="In whose name.")
@click.option(
    "--files", "folder", type=click.Path(path_type=Path, file_okay=False), default=None,
    help="Folder for the pictures and files of the answers; without it they are named only.",
)  # fmt: skip
@config_option
def chat(name: str, folder: Path | None, config: Path | None) -> None:
    """The chat's commands at the terminal."""
    from bot import terminal

    house = house_of(config)
    terminal.run(house.desk, acting(house, name), sys.stdin, sys.stdout, folder=folder)


@click.command()
def demo() -> None:
    """Play sample mails through a real listener on this machine; nothing is left behind."""
    from clerk.demo.run import run as play

    sys.exit(0 if play(click.echo) else 1)
