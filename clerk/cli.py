"""The command line. Exit status: 0 done, 1 a problem, 2 wrong use.

Every error is one line on standard error that says what, where, and what to do.
"""

import sys
from importlib import import_module

import click

from procedure.errors import ClerkError, WrongUse

COMMANDS = {
    "access": "access:access",
    "backup": "upkeep:backup",
    "case": "case:case",
    "chat": "serve:chat",
    "cycle": "cycle:cycle",
    "demo": "serve:demo",
    "digest": "digest:digest",
    "doctor": "upkeep:doctor",
    "export": "export:export_command",
    "form": "upkeep:form",
    "init": "init:init",
    "mail": "mail:mail",
    "migrate": "migrate:migrate",
    "outbox": "outbox:outbox",
    "person": "person:person",
    "read": "read:read",
    "registry": "registry:registry",
    "report": "report:report",
    "restore": "upkeep:restore",
    "retention": "access:retention",
    "serve": "serve:serve",
    "tray": "tray:tray",
    "verify": "serve:verify_command",
}
"""Where each command is, in `clerk.commands`: only the one that is asked for is imported."""


class Commands(click.Group):
    """The commands, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One of them, None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"clerk.commands.{module}"), name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ccer-clerk")
def cli() -> None:
    """A clerk for CCER offset casework in China's national carbon market."""


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
        _fail(str(error), _status(error))
    sys.exit(0)


def _status(error: ClerkError) -> int:
    return 2 if isinstance(error, WrongUse) else 1


def _fail(message: str, status: int) -> None:
    click.echo(f"clerk: {' '.join(message.split())}", err=True)
    sys.exit(status)
