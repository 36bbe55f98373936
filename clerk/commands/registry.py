"""`clerk registry`."""

import sys
from pathlib import Path

import click

from casework.imports import ImportReport, import_registry
from clerk.commands.common import config_option, moment_of, talking_house
from procedure.language import told
from procedure.registry import ROWS


@click.group()
def registry() -> None:
    """Registry records."""


@registry.command(name="import")
@click.argument("kind", type=click.Choice(list(ROWS)))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--until", default=None, help="Moment up to which the file is complete, ISO 8601.")
@config_option
def import_command(kind: str, file: Path, until: str | None, config: Path | None) -> None:
    """Import an xlsx or csv, all or nothing."""
    house = talking_house(config)
    report = import_registry(
        house.desk,
        kind,  # type: ignore[arg-type]
        file.read_bytes(),
        file.name,
        moment_of(until),
        "operator",
    )
    _report(report)


def _report(report: ImportReport) -> None:
    for problem in report.problems:
        where = f"{report.file}:{problem.line} {problem.column}".strip()
        click.echo(f"clerk: {where}: {told(problem.message)}", err=True)
    for text in report.unplaced:
        click.echo(f"clerk: {report.file}: {told(text)}", err=True)
    if report.ok:
        click.echo(f"{report.kind}: {report.rows} rows, {len(report.cases)} cases changed")
    sys.exit(0 if report.ok else 1)
