"""`clerk digest`."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import click

from casework import digests
from casework.desk import Desk
from casework.rounds import NATIONAL
from clerk import picture
from clerk.commands.common import (
    OPERATOR,
    config_option,
    house_of,
    json_line,
    json_option,
    moment_of,
    talking_house,
)
from letters import dress
from procedure.errors import WrongUse
from procedure.facts import Facts
from procedure.language import _, term

kind_argument = click.argument("kind", type=click.Choice(["weekly", "daily", "national"]))
province_argument = click.argument("province", default="")


@click.group()
def digest() -> None:
    """Digests."""


@digest.command(name="list")
@config_option
@json_option
def digest_list(config: Path | None, as_json: bool) -> None:
    """Digests, newest first."""
    house = talking_house(config, as_json=as_json)
    for line in digests.listed(house.desk, OPERATOR):
        click.echo(json_line(line) if as_json else _told(house.desk, line))


WHOLE = _("全国")


def _told(desk: Desk, line: digests.DigestLine) -> str:
    """One line: the key, for `resend`; what, whose, how much, whether it arrived."""
    whose = str(WHOLE) if line.province == NATIONAL else term(desk.province_name(line.province))
    marks = ["late"] * line.late + [f"supplement {line.supplement}"] * (line.supplement > 0)
    parts = (line.key, line.period, line.kind, whose, f"{line.rows} rows", line.delivery, *marks)
    return "  ".join(parts)


@digest.command(name="send")
@kind_argument
@province_argument
@config_option
def digest_send(kind: digests.DigestKind, province: str, config: Path | None) -> None:
    """Make what is due or not yet reported for a province (13 or 河北) now; national needs none."""
    house = house_of(config)
    province = _province(house.desk, kind, province)
    key = digests.send(house.desk, OPERATOR, kind, province, house.now())
    click.echo(key or "nothing to report")


@digest.command(name="resend")
@click.argument("key")
@config_option
def digest_resend(key: str, config: Path | None) -> None:
    """Deliver a digest's letter again under the same identity; its key, and to whom."""
    house = house_of(config)
    letter_key = digests.resend(house.desk, OPERATOR, key)
    with house.desk.store.read() as tx:
        letter = tx.outbox.letter(letter_key)
    queued = [one.address for one in letter.recipients if one.state == "queued"] if letter else []
    click.echo("  ".join((letter_key, *queued)))


@digest.command(name="preview")
@kind_argument
@province_argument
@click.option(
    "--as-of",
    default=None,
    metavar="MOMENT",
    help="What was then sent: the last such digest made by this moment (ISO 8601).",
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("preview"),
    show_default=True, help="Folder for the letter's HTML, text, picture and attachments.",
)  # fmt: skip
@config_option
def digest_preview(
    kind: digests.DigestKind, province: str, as_of: str | None, out: Path, config: Path | None
) -> None:
    """Write what the next digest of a province (13 or 河北) would say by now; nothing is stored."""
    house = house_of(config)
    province = _province(house.desk, kind, province)
    if at := moment_of(as_of):
        sent = digests.as_of(house.desk, OPERATOR, kind, province, at)
        subject, files = _sent(sent) if sent.raw else _dressed(kind, sent.facts, house.desk.locale)
    else:
        facts = digests.preview(house.desk, OPERATOR, kind, province, house.now())
        subject, files = _dressed(kind, facts, house.desk.locale)
    _write(subject, files, out)


def _province(desk: Desk, kind: str, province: str) -> str:
    if kind == "national":
        if province not in ("", NATIONAL):
            raise WrongUse("the national digest has no province: leave it out")
        return NATIONAL
    if not province:
        raise WrongUse(f"name the province of the {kind} digest by its prefix or name, such as 13")
    return desk.province(province).prefix


Files = dict[str, bytes]


def _dressed(kind: str, facts: Facts, locale: str) -> tuple[str, Files]:
    letter = dress(kind, facts, locale)
    pictures = {one.inline_id: one.name for one in letter.attachments if one.inline_id}
    page = _beside(letter.html, pictures)
    files = {"letter.html": page.encode(), "letter.txt": letter.text.encode()}
    return letter.subject, files | {one.name: one.content() for one in letter.attachments}


def _beside(page: str, pictures: dict[str, str]) -> str:
    """A letter's page with its inline pictures as the files beside it."""
    for inline_id, name in pictures.items():
        page = page.replace(f"cid:{inline_id}", name)
    return page


def _sent(sent: digests.Sent) -> tuple[str, Files]:
    """From the letter's own bytes: a later version of this program may write it otherwise."""
    raw = sent.raw or b""
    message = message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
    files, pictures = {"letter.eml": raw}, {}
    for part in (one for one in message.walk() if one.get_filename()):
        name = Path(part.get_filename() or "").name
        # Its bytes: a text without a charset of its own would be taken for ASCII.
        files[name] = bytes(part.get_payload(decode=True) or b"")
        if inline_id := part["Content-ID"]:
            pictures[inline_id.strip("<>")] = name
    for kind, name in (("html", "letter.html"), ("plain", "letter.txt")):
        if body := message.get_body((kind,)):
            files[name] = _beside(body.get_content(), pictures).encode()
    return str(message["Subject"]), files


def _write(subject: str, files: Files, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (out / name).write_bytes(data)
    written = [*files]
    if picture.of_page(out / "letter.html", out / "letter.png"):
        written.append("letter.png")
    click.echo(subject)
    for name in written:
        click.echo(f"  {out / name}")
