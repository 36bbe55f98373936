"""`clerk cycle check`: a compliance cycle's file, validated, and its calendar."""

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

import click

import cycles
from clerk.commands.common import config_option, json_option
from clerk.settings import load
from procedure.cycle import Cycle
from procedure.cyclecheck import CalendarLine, calendar, faults
from procedure.errors import BadInput, WrongUse
from procedure.forms import FormTemplate
from procedure.timetable import LEAD


@click.group()
def cycle() -> None:
    """Compliance cycles: data, not code."""


@cycle.command(name="check")
@click.argument("name")
@config_option
@json_option
def check(name: str, config: Path | None, as_json: bool) -> None:
    """Validate a cycle (an id, or a file) and print every deadline and digest."""
    chosen = _cycle(name)
    found = faults(chosen) + _form_faults(chosen)
    lines = calendar(chosen, load(config).office.close_of_business, lead=LEAD) if not found else []
    if as_json:
        content = {"cycle": chosen.id, "faults": found, "complete": chosen.complete,
                   "calendar": [_facts(one) for one in lines]}  # fmt: skip
        click.echo(json.dumps(content, ensure_ascii=False))
    else:
        _show(chosen, lines)
    for one in found:
        click.echo(f"clerk: cycle {chosen.id}: {one}", err=True)
    sys.exit(1 if found else 0)


def _cycle(name: str) -> Cycle:
    """`WrongUse` for neither an id nor a file, `BadInput` for a file that is no cycle."""
    if name in cycles.ids():
        return Cycle.parse(cycles.load(name))
    path = Path(name)
    if not path.is_file():
        raise WrongUse(f"no cycle {name!r}: there are {', '.join(cycles.ids())}, or name a file")
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} is no TOML: {error}") from error
    return Cycle.parse(data)


def _form_faults(chosen: Cycle) -> list[str]:
    if chosen.form not in cycles.form_ids():
        return [f"form {chosen.form!r} is not there: {', '.join(cycles.form_ids())}"]
    FormTemplate.parse(cycles.form(chosen.form))
    return []


def _facts(one: CalendarLine) -> dict[str, object]:
    return {
        "kind": one.kind, "at": one.at.isoformat(), "weekday": one.at.isoweekday(),
        "working_day": one.working_day, "what": one.what, "clause": one.clause,
    }  # fmt: skip


def _show(chosen: Cycle, lines: list[CalendarLine]) -> None:
    share = f"{chosen.cap_percent}%" + ("（按年度）" if chosen.cap_per_year else "")
    click.echo(f"{chosen.title}  上限 {share}  {chosen.rule_text}")
    if not chosen.complete:
        click.echo("此周期的规则尚不完整，须由运维人员补充后方可启用。")
    for one in lines:
        day = "工作日" if one.working_day else "非工作日"
        clause = f"  {one.clause}" if one.clause and one.kind != "daily" else ""
        click.echo(f"{one.at:%Y-%m-%d %H:%M} {one.weekday} {day}  {one.what}{clause}")
