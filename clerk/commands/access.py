"""`clerk access`: who looked at personal data; `clerk retention`: what is kept no longer."""

from pathlib import Path

import click

from casework import retention as keeping
from clerk import contract
from clerk.commands.common import (
    OPERATOR,
    config_option,
    house_of,
    json_line,
    json_option,
    moment_of,
)


@click.command()
@click.option("--person", "who", default="", help="Only this person's looks.")
@click.option("--case", "case_no", default="", help="Only looks at this case.")
@click.option("--since", default=None, metavar="MOMENT", help="From then on (ISO 8601).")
@click.option("--until", default=None, metavar="MOMENT", help="Before then.")
@click.option("--limit", default=1000, show_default=True, help="The latest so many.")
@config_option
@json_option
def access(
    who: str, case_no: str, since: str | None, until: str | None, limit: int,
    config: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Who looked at which case's personal data, document or unclear mail, and when."""
    desk = house_of(config).desk
    found = keeping.looks(
        desk, OPERATOR, who=who, case_no=case_no, since=moment_of(since), until=moment_of(until),
        limit=limit,
    )  # fmt: skip
    for one in found:
        text = f"{contract.moment(one.at)}  {one.person}  {one.case_no or '-'}  {one.what}"
        click.echo(json_line(one) if as_json else text)


@click.command()
@click.option("--apply", "really", is_flag=True, help="Delete it now; else it is only listed.")
@config_option
def retention(really: bool, config: Path | None) -> None:
    """What the settings keep no longer: whole cases, years after they ended; old looks."""
    house = house_of(config)
    chosen = house.settings.retention
    if not chosen.case_years:
        click.echo("cases are kept for ever (retention.case_years is 0)")
    for number in keeping.due(house.desk, chosen.case_years):
        click.echo(f"due: {number}")
    if really:
        gone = keeping.apply(house.desk, chosen.case_years, chosen.access_months)
        click.echo(f"erased: {len(gone.cases)} cases, {gone.looks} looks")
