"""`clerk mail`."""

import hashlib
import json
import sys
import time
from pathlib import Path

import click

from mailer.mail import Mail
from mailer.parse.limited import limited
from procedure.language import told


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines, one object a mail.")
@click.option("--envelope-from", default=None, help='Envelope sender; "" for the null sender.')
@click.option("--own", multiple=True, help="An address of our own; may be repeated.")
def mail(
    files: tuple[Path, ...], as_json: bool, envelope_from: str | None, own: tuple[str, ...]
) -> None:
    """Say what messages are; store nothing."""
    addresses = frozenset(address.strip().lower() for address in own)
    failed = False
    for path in files:
        try:
            raw = path.read_bytes()
        except OSError as error:
            click.echo(f"clerk: {path}: cannot be opened: {error.strerror}", err=True)
            failed = True
            continue
        started = time.perf_counter()
        parsed = limited(raw, addresses, _null(envelope_from))
        seconds = time.perf_counter() - started
        click.echo(_json(path, raw, parsed, seconds) if as_json else _text(path, parsed))
        failed = _say_problems(path, parsed) or failed
    sys.exit(1 if failed else 0)


def _null(envelope_from: str | None) -> str | None:
    """The null sender as people write it."""
    return (
        "" if envelope_from is not None and envelope_from.strip() in ("", "<>") else envelope_from
    )


def _say_problems(path: Path, parsed: Mail) -> bool:
    for problem in parsed.problems:
        click.echo(f"clerk: {path}: {told(problem.message)}", err=True)
    return bool(parsed.problems)


def _json(path: Path, raw: bytes, parsed: Mail, seconds: float) -> str:
    sha256 = hashlib.sha256(raw).hexdigest()
    return json.dumps(parsed.to_json(str(path), sha256, seconds), ensure_ascii=False)


def _text(path: Path, parsed: Mail) -> str:
    lines = [f"{path}: {parsed.kind}", f"  {parsed.sender}", f"  {parsed.subject}"]
    for part in parsed.attachments:
        where = " < ".join(reversed(part.inside))
        lines.append(f"  - {part.name} ({part.type}, {len(part.data)} B) {where}".rstrip())
    return "\n".join(lines)
