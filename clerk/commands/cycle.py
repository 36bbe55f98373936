"""`clerk cycle check`: a compliance cycle's file, validated, and its calendar."""

import json
import sys
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import click

import cycles
from clerk.commands.common import config_option, json_option
from clerk.settings import load
from clerk.wiring import load_form
from procedure.clauses import cited
from procedure.cycle import Cycle, CycleOpen, left_open
from procedure.cyclecheck import CalendarLine, calendar, faults
from procedure.errors import BadInput, WrongUse
from procedure.language import AND, _, told


@click.group()
def cycle() -> None:
    """Compliance cycles: data, not code."""


@cycle.command(name="check")
@click.argument("name")
@config_option
@json_option
def check(name: str, config: Path | None, as_json: bool) -> None:
    """Validate a cycle (an id, or a file) and print every deadline and digest."""
    settings = load(config)
    data, folder, stem = _table(name, settings.cycle.directory)
    if left := left_open(data):
        _tell_open(data, left, as_json)
    chosen = Cycle.parse(data)
    found = faults(chosen) + _form_faults(chosen, folder)
    if chosen.id != stem:
        found.append(f"id is {chosen.id!r}, but its file is called {stem}.toml")
    lead = timedelta(minutes=settings.timetable.weekly_lead_minutes)
    days, closing = settings.timetable.exceptions, settings.office.close_of_business
    lines = calendar(chosen, closing, days, lead) if not found else []
    if as_json:
        content = {"cycle": chosen.id, "faults": found, "complete": True, "open": [],
                   "calendar": [_facts(one) for one in lines]}  # fmt: skip
        click.echo(json.dumps(content, ensure_ascii=False))
    else:
        _show(chosen, lines)
    for one in found:
        click.echo(f"clerk: cycle {chosen.id}: {one}", err=True)
    sys.exit(1 if found else 0)


OPEN = _("此周期的规则尚不完整，须由运维人员补充后方可启用：{left}")
CAP = _("{title}  上限 {share}  {rule}")
SHARE = _("{percent}%")
PER_YEAR = _("{percent}%（按年度）")
WORKING = _("工作日")
RESTING = _("非工作日")


def _tell_open(data: dict[str, Any], left: list[str], as_json: bool) -> NoReturn:
    """What is certain, and the keys that an operator must set before the cycle can be used."""
    if as_json:
        content = {"cycle": data.get("id"), "faults": [], "complete": False, "open": left,
                   "calendar": []}  # fmt: skip
        click.echo(json.dumps(content, ensure_ascii=False))
    else:
        click.echo(f"{data.get('title', '')}  {data.get('rule_text', '')}")
        click.echo(OPEN.format(left=str(AND).join(left)))
    click.echo(f"clerk: {CycleOpen(str(data.get('id', '')), left)}", err=True)
    sys.exit(1)


def _table(name: str, folder: Path | None) -> tuple[dict[str, Any], Path | None, str]:
    """A cycle's table by id or file, where its form is looked for, and its file's name.

    `WrongUse` for neither an id nor a file, `BadInput` for a file that is no cycle. What a file
    extends is looked for beside it.
    """
    path = Path(name)
    stem = path.stem
    if name in cycles.ids(folder):
        stem = name
    elif path.is_file() and path.suffix == ".toml":
        folder = path.parent
    else:
        known = ", ".join(cycles.ids(folder))
        raise WrongUse(f"no cycle {name!r}: there are {known}, or name a .toml file")
    try:
        return cycles.load(stem, folder), folder, stem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{name} is no TOML: {error}") from error
    except KeyError as error:
        raise BadInput(f"{name} extends {error}, which is not there") from error


def _form_faults(chosen: Cycle, folder: Path | None) -> list[str]:
    try:
        template = load_form(chosen, folder)
    except WrongUse as error:
        return [str(error)]
    if chosen.cap_per_year and not template.names_year:
        return [f"form {chosen.form!r} has no field 'year', which a cap per year needs"]
    return []


def _facts(one: CalendarLine) -> dict[str, object]:
    return {
        "kind": one.kind, "at": one.at.isoformat(), "weekday": one.at.isoweekday(),
        "working_day": one.working_day, "what": one.what, "clause": one.clause,
    }  # fmt: skip


def _show(chosen: Cycle, lines: list[CalendarLine]) -> None:
    share = (PER_YEAR if chosen.cap_per_year else SHARE).format(percent=chosen.cap_percent)
    click.echo(CAP.format(title=chosen.title, share=share, rule=chosen.rule_text))
    for one in lines:
        day = WORKING if one.working_day else RESTING
        clause = f"  {told(cited(one.clause))}" if one.clause and one.kind != "daily" else ""
        click.echo(f"{one.at:%Y-%m-%d %H:%M} {one.weekday} {day}  {told(one.what)}{clause}")
