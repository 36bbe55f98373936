"""`clerk export`: a case as one file for the archive."""

import zipfile
from pathlib import Path

import click

from casework.exporting import ExportFile, export
from clerk.commands.common import OPERATOR, config_option, house_of
from procedure.errors import WrongUse

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP knows: the same case gives the same bytes whenever it is made."""


@click.command(name="export")
@click.argument("number")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), default=None,
    help="File to write; by default CASE.zip. One that is there is not written over.",
)  # fmt: skip
@config_option
def export_command(number: str, out: Path | None, config: Path | None) -> None:
    """Write a case with its originals, readings, pictures, events and letters to a ZIP."""
    house = house_of(config)
    files = export(house.desk, OPERATOR, number)
    target = out or Path(f"{number.strip().upper()}.zip")
    _write(target, files)
    click.echo(f"{target}: {len(files)} files, {target.stat().st_size} bytes")


def _write(target: Path, files: list[ExportFile]) -> None:
    """Whole or not at all. `WrongUse` where the file is there or cannot be made."""
    partial = target.with_name(f"{target.name}.partial")
    if target.exists():
        raise WrongUse(f"{target} is there already: name another file with --out")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            for one in files:
                info = zipfile.ZipInfo(one.name, EPOCH)
                info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
                archive.writestr(info, one.data)
        partial.rename(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise WrongUse(f"{target} cannot be written: {error.strerror}") from error
