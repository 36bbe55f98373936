"""`clerk read`."""

import json
import sys
from pathlib import Path

import click

from casework.labels import SEAL_OF, SEAL_UNREAD
from casework.receipts import read_lines
from clerk import contract
from clerk.reading import Read, overlays, read_files, world_of
from letters.words import SEVERITIES
from procedure.clauses import cited
from procedure.errors import BadInput
from procedure.facts import ReadLine
from procedure.findings import Finding
from procedure.language import _, told
from procedure.readings import SealReading


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines, one object a document.")
@click.option("--cycle", default="2019-2020", show_default=True, help="Compliance cycle.")
@click.option("--registry", type=click.Path(path_type=Path), help="Folder of registry files.")
@click.option("--overlay", type=click.Path(path_type=Path), help="PNG of the pages, fields boxed.")
def read(
    files: tuple[Path, ...],
    as_json: bool,
    cycle: str,
    registry: Path | None,
    overlay: Path | None,
) -> None:
    """Read application forms and cancellation screenshots; store nothing.

    With a registry folder (entities.xlsx, projects.csv, …) every check runs, else those on the
    paper alone. With --overlay OUT.png the first page goes there, further ones to OUT-2.png, …
    """
    world, template = world_of(cycle, registry)
    failed = False
    found: list[Read] = []
    for result in read_files(files, world, template):
        if isinstance(result, BadInput):
            click.echo(f"clerk: {result}", err=True)
            failed = True
            continue
        found.append(result)
        failed = failed or result.doc.problem is not None
        click.echo(_json(result) if as_json else _text(result))
        _say_problem(result)
    if overlay is not None:
        failed = not _draw(found, overlay) or failed
    sys.exit(1 if failed else 0)


def _draw(found: list[Read], out: Path) -> bool:
    """Write the pages with their boxes; False where that cannot be done."""
    try:
        for number, png in enumerate(overlays(found), start=1):
            place = out if number == 1 else out.with_stem(f"{out.stem}-{number}")
            place.write_bytes(png)
    except OSError as error:
        click.echo(f"clerk: {out}: cannot be written: {error.strerror}", err=True)
        return False
    except BadInput as error:
        click.echo(f"clerk: {error}", err=True)
        return False
    return True


def _say_problem(result: Read) -> None:
    if result.doc.problem is not None:
        click.echo(f"clerk: {result.file}: {told(result.doc.problem.message)}", err=True)


def _json(result: Read) -> str:
    found = contract.document(result.file, result.sha256, result.doc, result.findings)
    return json.dumps(found, ensure_ascii=False)


KINDS = {
    "application": _("申请表"),
    "cancellation": _("注销截图"),
    "other": _("其他文件"),
}
HEAD = _("{file}（第 {page} 页起）：{kind}")
UNREAD = _("（未能识读）")
VALUE = _("  {mark} {label}：{value}")
SEAL = _("  {mark} 印章（第 {page} 页）：{text}（{verdict}）")
SEAL_PLAIN = _("  {mark} 印章：{text}（{verdict}）")
NO_SEAL = _("  ？ 印章：未见")
FINDING = _("  {severity}  {rule}（{clause}）{message}")
SEAL_MARKS = {True: "✓", False: "✗", None: "？"}


def _text(result: Read) -> str:
    doc = result.doc
    lines = [HEAD.format(file=result.file, page=doc.first_page, kind=KINDS[doc.kind])]
    lines += map(_value, read_lines(doc))
    lines += map(_seal, doc.seals)
    # A file that is neither form nor screenshot needs none.
    lines += [str(NO_SEAL)] if not doc.seals and doc.kind != "other" else []
    lines += map(_finding, result.findings)
    return "\n".join(lines)


def _value(line: ReadLine) -> str:
    mark = "✓" if line.accepted else "？"
    return VALUE.format(mark=mark, label=told(line.label), value=told(line.value) or UNREAD)


def _seal(seal: SealReading) -> str:
    whose = seal.matches_name
    text = seal.text or SEAL_UNREAD
    form = SEAL_PLAIN if seal.page is None else SEAL
    return form.format(mark=SEAL_MARKS[whose], page=seal.page, text=text, verdict=SEAL_OF[whose])


def _finding(one: Finding) -> str:
    return FINDING.format(
        severity=SEVERITIES[one.severity],
        rule=one.rule,
        clause=told(cited(one.clause)),
        message=told(one.message),
    )
