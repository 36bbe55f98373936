"""Data, packaged with the product: one TOML a cycle, provinces, form templates."""

import tomllib
from importlib.resources import files
from typing import Any

_HERE = files(__name__)


def ids() -> tuple[str, ...]:
    """Ids of all cycles that have a file, oldest first."""
    names = (item.name for item in _HERE.iterdir() if item.name.endswith(".toml"))
    return tuple(sorted(n.removesuffix(".toml") for n in names if n != "provinces.toml"))


def load(cycle_id: str) -> dict[str, Any]:
    """The table of one cycle; KeyError for an id without a file."""
    if cycle_id not in ids():
        raise KeyError(cycle_id)
    return _read(f"{cycle_id}.toml")


def provinces() -> dict[str, Any]:
    """The table of provinces, for `procedure.provinces.Provinces.parse`."""
    return _read("provinces.toml")


def form(form_id: str) -> dict[str, Any]:
    """The table of one form template, for `procedure.forms.FormTemplate.parse`."""
    if form_id not in form_ids():
        raise KeyError(form_id)
    return _read(f"forms/{form_id}.toml")


def form_ids() -> tuple[str, ...]:
    """Ids of all form templates."""
    names = (item.name for item in _HERE.joinpath("forms").iterdir())
    return tuple(sorted(n.removesuffix(".toml") for n in names if n.endswith(".toml")))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(_HERE.joinpath(name).read_text(encoding="utf-8"))
