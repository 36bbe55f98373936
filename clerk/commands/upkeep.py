"""`clerk doctor`, `backup`, `restore`, `form`."""

import sys
from pathlib import Path

import click

from clerk import blankform, upkeep
from clerk.commands.common import config_option, house_of
from clerk.doctor import Finding, examine
from clerk.probing import probe
from clerk.settings import load
from clerk.wiring import load_cycle

MARKS = {"ok": "✓", "warning": "!", "fault": "✗"}


@click.command()
@click.option(
    "--mailbox",
    is_flag=True,
    help="Also send a marked mail to each watched mailbox and find it again.",
)
@click.option("--wait", default=60.0, show_default=True, help="Seconds to look for the mail.")
@config_option
def doctor(mailbox: bool, wait: float, config: Path | None) -> None:
    """Say what is wrong with the installation and what to do, before anything starts."""
    settings = load(config)
    findings = examine(settings)
    if mailbox:
        findings += probe(house_of(config), wait)
    sys.exit(1 if show(findings) else 0)


def show(findings: list[Finding]) -> int:
    """Print what was found; how many of them are faults."""
    for one in findings:
        click.echo(f"{MARKS[one.state]} {one.what}: {one.text}")
        if one.todo:
            click.echo(f"    {one.todo}")
    return sum(one.state == "fault" for one in findings)


@click.command()
@click.argument("target", required=False, type=click.Path(path_type=Path, dir_okay=False))
@config_option
def backup(target: Path | None, config: Path | None) -> None:
    """Copy the whole database to a file while the installation runs.

    Without a file: into backup.directory under the time's name; backup.keep of them stay.
    """
    house = house_of(config)
    if target is not None:
        click.echo(f"{target}: {upkeep.backup(house, target)} bytes, verified")
        return
    made, size, old = upkeep.rotated(house)
    click.echo(f"{made}: {size} bytes, verified")
    for one in old:
        click.echo(f"removed: {one}")


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@config_option
def restore(source: Path, config: Path | None) -> None:
    """Put a backup into an empty place and verify it."""
    settings = load(config)
    counted = upkeep.restore(settings, source)
    click.echo("  ".join(f"{name} {count}" for name, count in counted.items()))


@click.command()
@click.option("--cycle", default="2019-2020", show_default=True, help="Compliance cycle.")
@click.option("--year", type=int, default=None, help="Year, where the cycle's cap is per year.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), default=None,
    help="File to write; by default named as the form.",
)  # fmt: skip
@config_option
def form(cycle: str, year: int | None, out: Path | None, config: Path | None) -> None:
    """Write a blank application form (.docx) to hand out to entities."""
    chosen = load_cycle(cycle, load(config).cycle.directory)
    target = out or Path(f"{blankform.title(chosen, year)}.docx")
    target.write_bytes(blankform.blank(chosen, year))
    click.echo(str(target))
