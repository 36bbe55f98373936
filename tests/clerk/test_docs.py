"""Every command and every setting is in the docs."""

from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from clerk.cli import COMMANDS, cli
from clerk.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_in_the_docs(name: str) -> None:
    text = (DOCS / "cli.md").read_text(encoding="utf-8")
    assert f"`clerk {name}" in text
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.name == name
    if isinstance(command, click.Group):
        assert all(one in text for one in command.commands)


def settings(model: type[BaseModel] = Settings, above: str = "") -> list[str]:
    found = []
    for key, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found += settings(inner, f"{above}{key}.")
        else:
            assert above, key
            found.append(f"{above}{key}")
    return found


@pytest.mark.parametrize("key", settings())
def test_every_setting_is_in_the_docs(key: str) -> None:
    assert f"`{key}`" in (DOCS / "settings.md").read_text(encoding="utf-8")
