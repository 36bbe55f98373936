"""The command line. Exit status: 0 done, 1 a problem, 2 wrong use.

Every error is one line on standard error that says what, where, and what to do.
"""

import sys

import click

from clerk.commands.access import access, retention
from clerk.commands.case import case
from clerk.commands.cycle import cycle
from clerk.commands.digest import digest
from clerk.commands.export import export_command
from clerk.commands.init import init
from clerk.commands.mail import mail
from clerk.commands.migrate import migrate
from clerk.commands.outbox import outbox
from clerk.commands.person import person
from clerk.commands.read import read
from clerk.commands.registry import registry
from clerk.commands.serve import chat, demo, serve, verify_command
from clerk.commands.tray import tray
from clerk.commands.upkeep import backup, doctor, form, restore
from procedure.errors import ClerkError, WrongUse


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ccer-clerk")
def cli() -> None:
    """A clerk for CCER offset casework in China's national carbon market."""


COMMANDS = (
    read, mail, init, demo, serve, verify_command, registry, case, tray, outbox, digest, person,
    export_command, cycle, chat, doctor, backup, restore, migrate, form, access, retention,
)  # fmt: skip
for command in COMMANDS:
    cli.add_command(command)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; ends with `SystemExit`."""
    try:
        cli.main(args=arguments, prog_name="clerk", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        _fail(error.format_message(), error.exit_code)
    except click.Abort:
        _fail("interrupted", 1)
    except ClerkError as error:
        _fail(str(error), 2 if isinstance(error, WrongUse) else 1)
    sys.exit(0)


def _fail(message: str, status: int) -> None:
    click.echo(f"clerk: {' '.join(message.split())}", err=True)
    sys.exit(status)
