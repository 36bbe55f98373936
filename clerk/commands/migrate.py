"""`clerk migrate`."""

from pathlib import Path

import click

from clerk.commands.common import config_option, house_of
from store.lock import serving_lock
from store.moving import move


@click.command()
@click.argument("url", envvar="CLERK_MIGRATE_URL")
@config_option
def migrate(url: str, config: Path | None) -> None:
    """Move the whole installation into the empty database at URL, and verify it there."""
    house = house_of(config)
    with serving_lock(house.settings.data.directory):
        moved = move(house.store, url, house.clock)
    click.echo("  ".join(f"{name} {count}" for name, count in moved.items() if count))
    click.echo("Verified. Set database.url (CLERK_DATABASE__URL) to it before the next start.")
