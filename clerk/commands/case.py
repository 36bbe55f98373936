"""`clerk case`."""

from pathlib import Path

import click

from casework import decisions, views
from casework.cards import who_did
from clerk import contract
from clerk.commands.common import (
    OPERATOR,
    acting,
    application_option,
    as_option,
    config_option,
    json_line,
    json_option,
    seen_option,
    talking_house,
)
from procedure.clauses import cited
from procedure.language import _, term, told


@click.group()
def case() -> None:
    """Cases."""


@case.command(name="list")
@config_option
@json_option
def case_list(config: Path | None, as_json: bool) -> None:
    """All cases, by number."""
    house = talking_house(config, as_json=as_json)
    for line in views.listed(house.desk, OPERATOR):
        stage, province = term(line.stage_name), term(line.province_name)
        text = f"{line.case_no}  {stage}  {province}  {line.entity_name}"
        click.echo(json_line(line) if as_json else text)


APPLICATION = _("第 {number} 份申请 第 {version} 版 {stage}")


@case.command(name="show")
@click.argument("number")
@config_option
@json_option
def case_show(number: str, config: Path | None, as_json: bool) -> None:
    """One case whole."""
    house = talking_house(config, as_json=as_json)
    view = views.case_view(house.desk, OPERATOR, number)
    if as_json:
        click.echo(json_line(view))
        return
    click.echo(
        f"{view.case_no}  {term(view.stage_name)}  {view.entity_name}（{term(view.province_name)}）"
        f"  --seen {view.last_seq}"
    )
    for app in view.applications:
        amount = app.values.get("offset_t")
        said = APPLICATION.format(
            number=app.application, version=app.version, stage=term(app.stage_name)
        )
        click.echo(f"  {said} {amount} t")
        for one in app.findings:
            click.echo(
                f"    {one.severity} {one.rule}（{told(cited(one.clause))}）{told(one.message)}"
            )
    for record in view.cancellations:
        click.echo(f"  {record.row} {record.project_code} {record.quantity_t} t {record.status}")
    for line in view.history:
        click.echo(f"  {contract.moment(line.at)} {who_did(line)} {line.text}")


@case.command(name="confirm")
@click.argument("number")
@application_option
@seen_option
@as_option
@config_option
def case_confirm(
    number: str, application: int, seen: int | None, person: str, config: Path | None
) -> None:
    """Confirm an application."""
    house = talking_house(config)
    who = acting(house, person)
    done = decisions.confirm(house.desk, who, number, application, seen_seq=seen)
    click.echo(done.text)


@case.command(name="return")
@click.argument("number")
@application_option
@click.option("--reason", default="", help="Empty takes the reason that was proposed.")
@seen_option
@as_option
@config_option
def case_return(
    number: str, application: int, reason: str, seen: int | None, person: str, config: Path | None
) -> None:
    """Return an application with the reason."""
    house = talking_house(config)
    who = acting(house, person)
    done = decisions.return_(house.desk, who, number, application, reason, seen_seq=seen)
    click.echo(done.text)


@case.command(name="correct")
@click.argument("number")
@click.argument("field")
@click.argument("value")
@application_option
@click.option("--row", type=int, default=None, help="Project row, from 0.")
@seen_option
@as_option
@config_option
def case_correct(
    number: str,
    field: str,
    value: str,
    application: int,
    row: int | None,
    seen: int | None,
    person: str,
    config: Path | None,
) -> None:
    """Set a field to what the paper says."""
    house = talking_house(config)
    who = acting(house, person)
    done = decisions.correct(house.desk, who, number, application, field, value, row, seen_seq=seen)
    click.echo(done.text)


@case.command(name="withdraw")
@click.argument("number")
@application_option
@click.option("--reason", default="", help="Why, as the entity says.")
@as_option
@config_option
def case_withdraw(
    number: str, application: int, reason: str, person: str, config: Path | None
) -> None:
    """Take an application back on the entity's behalf."""
    house = talking_house(config)
    who = acting(house, person)
    click.echo(decisions.withdraw(house.desk, who, number, application, reason).text)


@case.command(name="revoke")
@click.argument("number")
@application_option
@click.option("--reason", required=True)
@as_option
@config_option
def case_revoke(
    number: str, application: int, reason: str, person: str, config: Path | None
) -> None:
    """Take a confirmation back; the application waits for the province again."""
    house = talking_house(config)
    who = acting(house, person)
    click.echo(decisions.revoke(house.desk, who, number, application, reason).text)


@case.command(name="reassign")
@click.argument("number")
@application_option
@click.option("--to", type=int, default=None, help="The application it is a version of.")
@as_option
@config_option
def case_reassign(
    number: str, application: int, to: int | None, person: str, config: Path | None
) -> None:
    """Make the latest version a further application, or with --to a version of another."""
    house = talking_house(config)
    who = acting(house, person)
    click.echo(decisions.reassign(house.desk, who, number, application, to).text)


@case.command(name="accept-proof")
@click.argument("number")
@click.argument("proof", type=int)
@click.option("--row", "rows", multiple=True, help="Registry record that it shows; repeatable.")
@click.option("--note", default="", help="What was seen on the original.")
@as_option
@config_option
def case_accept_proof(
    number: str, proof: int, rows: tuple[str, ...], note: str, person: str, config: Path | None
) -> None:
    """Say that a screenshot is sealed and shows these registry records, as read without --row."""
    house = talking_house(config)
    who = acting(house, person)
    done = decisions.accept_proof(house.desk, who, number, proof, rows or None, note)
    click.echo(done.text)
