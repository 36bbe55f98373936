"""`clerk digest`."""

from pathlib import Path

import click

from casework import digests
from clerk.commands.common import OPERATOR, config_option, house_of, json_line, json_option
from letters import dress


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
        click.echo(json_line(line) if as_json else text)


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


@digest.command(name="preview")
@click.argument("kind", type=click.Choice(["weekly", "daily"]))
@click.argument("province")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("preview"),
    show_default=True, help="Folder for the letter's HTML, text and attachments.",
)  # fmt: skip
@config_option
def digest_preview(kind: str, province: str, out: Path, config: Path | None) -> None:
    """Write what the next digest of a province (prefix) would say by now; nothing is stored."""
    house = house_of(config)
    facts = digests.preview(house.desk, OPERATOR, kind, province, house.now())  # type: ignore[arg-type]
    letter = dress(kind, facts)
    out.mkdir(parents=True, exist_ok=True)
    files = {"letter.html": letter.html.encode(), "letter.txt": letter.text.encode()}
    files |= {one.name: one.data for one in letter.attachments}
    for name, data in files.items():
        (out / name).write_bytes(data)
    click.echo(letter.subject)
    for name in files:
        click.echo(f"  {out / name}")
