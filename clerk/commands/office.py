"""`clerk init`, `serve`, `verify`, `registry import`, `case`, `digest`, `chat`, `person`."""

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from bot import terminal
from casework import decisions, digests, people, views
from casework.imports import ImportReport, import_registry
from clerk import contract, serving
from clerk.clocks import parse_moment
from clerk.demo.run import run as play
from clerk.settings import load
from clerk.wiring import House, open_house
from procedure.errors import WrongUse
from procedure.jsonable import dump
from procedure.registry import ROWS
from store.rows import Person
from store.verify import counts, verify

OPERATOR = Person("operator", "operator")
"""Whoever may run commands on the machine runs the installation."""

config_option = click.option(
    "--config", type=click.Path(path_type=Path), default=None, help="Settings file."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON Lines.")


def house_of(config: Path | None, *, create: bool = False) -> House:
    """The installation that the settings describe."""
    return open_house(load(config), create=create)


def acting(house: House, name: str) -> Person:
    """The person in whose name a command acts; `WrongUse` for an unknown one."""
    found = people.named(house.desk, name)
    if found is None or found.revoked:
        raise WrongUse(f"no person {name!r}: see 'clerk person list'")
    return found


@click.command()
@config_option
def init(config: Path | None) -> None:
    """Make the data directory and the database, or bring them up to date."""
    house = house_of(config, create=True)
    click.echo(f"ready: {house.settings.database_url.rpartition('@')[2]}")


@click.command()
@config_option
@click.option("--only", type=click.Choice(sorted(serving.PARTS)), help="Run this part alone.")
def serve(config: Path | None, only: str | None) -> None:
    """Take mail, work on it, send letters, keep the timetable."""
    house = house_of(config)
    if only:
        serving.run_part(house, only)
    else:
        serving.serve(house, config)


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
    house = house_of(config)
    report = import_registry(
        house.desk,
        kind,  # type: ignore[arg-type]
        file.read_bytes(),
        file.name,
        _moment(until),
        "operator",
    )
    _report(report)


def _moment(text: str | None) -> datetime | None:
    try:
        return parse_moment(text) if text else None
    except ValueError as error:
        raise WrongUse(f"{text!r} is no moment: write 2021-11-05T17:00:00+08:00") from error


def _report(report: ImportReport) -> None:
    for problem in report.problems:
        where = f"{report.file}:{problem.line} {problem.column}".strip()
        click.echo(f"clerk: {where}: {problem.message}", err=True)
    for text in report.unplaced:
        click.echo(f"clerk: {report.file}: {text}", err=True)
    if report.ok:
        click.echo(f"{report.kind}: {report.rows} rows, {len(report.cases)} cases changed")
    sys.exit(0 if report.ok else 1)


@click.group()
def case() -> None:
    """Cases."""


@case.command(name="list")
@config_option
@json_option
def case_list(config: Path | None, as_json: bool) -> None:
    """All cases, by number."""
    house = house_of(config)
    for line in views.listed(house.desk, OPERATOR):
        text = f"{line.case_no}  {line.stage_name}  {line.province_name}  {line.entity_name}"
        click.echo(_json(line) if as_json else text)


@case.command(name="show")
@click.argument("number")
@config_option
@json_option
def case_show(number: str, config: Path | None, as_json: bool) -> None:
    """One case whole."""
    house = house_of(config)
    view = views.case_view(house.desk, OPERATOR, number)
    if as_json:
        click.echo(_json(view))
        return
    click.echo(f"{view.case_no}  {view.stage_name}  {view.entity_name}（{view.province_name}）")
    for app in view.applications:
        amount = app.values.get("offset_t")
        click.echo(f"  第 {app.application} 份申请 第 {app.version} 版 {app.stage_name} {amount} t")
        for one in app.findings:
            click.echo(f"    {one.severity} {one.rule}（{one.clause}）{one.message}")
    for line in view.history:
        click.echo(f"  {contract.moment(line.at)} {line.who} {line.text}")


def _json(value: object) -> str:
    return json.dumps(contract.in_beijing(dump(value)), ensure_ascii=False)


_as = click.option("--as", "person", required=True, help="In whose name.")


@case.command(name="confirm")
@click.argument("number")
@click.option("--application", default=1, show_default=True)
@_as
@config_option
def case_confirm(number: str, application: int, person: str, config: Path | None) -> None:
    """Confirm an application."""
    house = house_of(config)
    done = decisions.confirm(house.desk, acting(house, person), number, application)
    click.echo(done.text_zh)


@case.command(name="return")
@click.argument("number")
@click.option("--application", default=1, show_default=True)
@click.option("--reason", required=True)
@_as
@config_option
def case_return(
    number: str, application: int, reason: str, person: str, config: Path | None
) -> None:
    """Return an application with the reason."""
    house = house_of(config)
    done = decisions.return_(house.desk, acting(house, person), number, application, reason)
    click.echo(done.text_zh)


@case.command(name="correct")
@click.argument("number")
@click.argument("field")
@click.argument("value")
@click.option("--application", default=1, show_default=True)
@click.option("--row", type=int, default=None, help="Project row, from 0.")
@_as
@config_option
def case_correct(
    number: str,
    field: str,
    value: str,
    application: int,
    row: int | None,
    person: str,
    config: Path | None,
) -> None:
    """Set a field to what the paper says."""
    house = house_of(config)
    who = acting(house, person)
    done = decisions.correct(house.desk, who, number, application, field, value, row)
    click.echo(done.text_zh)


@click.group()
def digest() -> None:
    """Digests."""


@digest.command(name="list")
@config_option
@json_option
def digest_list(config: Path | None, as_json: bool) -> None:
    """Digests, newest first."""
    house = house_of(config)
    for line in digests.listed(house.desk, OPERATOR):
        text = f"{line.key}  {line.rows} rows  {line.delivery}"
        click.echo(_json(line) if as_json else text)


@digest.command(name="send")
@click.argument("kind", type=click.Choice(["weekly", "daily"]))
@click.argument("province")
@config_option
def digest_send(kind: str, province: str, config: Path | None) -> None:
    """Make what is due or not yet reported for a province (prefix) now."""
    house = house_of(config)
    key = digests.send(house.desk, OPERATOR, kind, province, house.now())  # type: ignore[arg-type]
    click.echo(key or "nothing to report")


@digest.command(name="resend")
@click.argument("key")
@config_option
def digest_resend(key: str, config: Path | None) -> None:
    """Deliver a digest's letter again under the same identity."""
    house = house_of(config)
    click.echo(digests.resend(house.desk, OPERATOR, key))


@click.group()
def person() -> None:
    """Staff."""


@person.command(name="invite")
@click.argument("name")
@click.argument("role")
@click.argument("provinces", nargs=-1)
@config_option
def person_invite(name: str, role: str, provinces: tuple[str, ...], config: Path | None) -> None:
    """Invite a person; prints the single-use code."""
    house = house_of(config)
    click.echo(people.invite(house.desk, OPERATOR, name, role, provinces))


@person.command(name="list")
@config_option
def person_list(config: Path | None) -> None:
    """All people."""
    for one in people.listed(house_of(config).desk, OPERATOR):
        click.echo(f"{one.name}  {one.role}  {','.join(one.provinces)}")


@click.command()
@click.option("--as", "name", required=True, help="In whose name.")
@config_option
def chat(name: str, config: Path | None) -> None:
    """The chat's commands at the terminal."""
    house = house_of(config)
    terminal.run(house.desk, acting(house, name), sys.stdin, sys.stdout)


@click.command()
def demo() -> None:
    """Play sample mails through a real listener on this machine; nothing is left behind."""
    sys.exit(0 if play(click.echo) else 1)


COMMANDS = (init, demo, serve, verify_command, registry, case, digest, person, chat)
