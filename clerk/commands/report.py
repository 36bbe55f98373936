"""`clerk report`: the figures of a cycle."""

from pathlib import Path

import click

from casework.report import report as figures
from clerk.commands.common import OPERATOR, config_option, json_line, json_option, talking_house
from letters import report as shown


@click.command()
@click.option("--cycle", default=None, help="Compliance cycle; by default the preferred one.")
@click.option(
    "--xlsx",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Write the figures as sheets.",
)
@click.option(
    "--chart", type=click.Path(path_type=Path, dir_okay=False), default=None,
    help="Draw them as a PNG.",
)  # fmt: skip
@config_option
@json_option
def report(
    cycle: str | None, xlsx: Path | None, chart: Path | None, config: Path | None, as_json: bool
) -> None:
    """A cycle by province and stage, its cap's use, returns by rule, time to confirmation."""
    house = talking_house(config)
    found = figures(house.desk, OPERATOR, cycle or house.desk.active[0], house.now())
    for target, made in ((xlsx, shown.book), (chart, shown.picture)):
        if target is not None:
            target.write_bytes(made(found))
    click.echo(json_line(found) if as_json else shown.text(found), nl=as_json)
