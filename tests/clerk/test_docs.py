"""Every command and every setting is in the docs."""

from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from clerk.cli import cli
from clerk.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_is_in_the_docs(name: str) -> None:
    text = (DOCS / "cli.md").read_text(encoding="utf-8")
    assert f"`clerk {name}" in text
    command = cli.commands[name]
    if isinstance(command, click.Group):
        assert all(one in text for one in command.commands)


def settings() -> list[str]:
    found = []
    for section, field in Settings.model_fields.items():
        model = field.annotation
        assert isinstance(model, type)
        assert issubclass(model, BaseModel)
        found += [f"{section}.{key}" for key in model.model_fields]
    return found


@pytest.mark.parametrize("key", settings())
def test_every_setting_is_in_the_docs(key: str) -> None:
    assert f"`{key}`" in (DOCS / "settings.md").read_text(encoding="utf-8")
