"""Data: one TOML a cycle, provinces, form templates. Packaged, and of the operator's own folder.

A file may begin with ``extends = "ID"``: what it does not say is taken from that one, first looked
for in the folder, then in the package; a file may extend the packaged one of its own id. Single
values and lists of a cycle replace what was there, tables are joined; lists of a form's words are
added to.
"""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

_HERE = files(__name__)
_EXTENDS = "extends"


def ids(folder: Path | None = None) -> tuple[str, ...]:
    """Ids of all cycles that have a file, oldest first."""
    return tuple(sorted((_stems(_HERE) | _stems(folder)) - {"provinces"}))


def load(cycle_id: str, folder: Path | None = None) -> dict[str, Any]:
    """The table of one cycle, what it extends joined in; KeyError for an id without a file."""
    return _whole(cycle_id, "{}.toml", folder, add=False)


def provinces() -> dict[str, Any]:
    """The table of provinces, for `procedure.provinces.Provinces.parse`."""
    return _read(_HERE.joinpath("provinces.toml"))


def form(form_id: str, folder: Path | None = None) -> dict[str, Any]:
    """The table of one form template, for `procedure.forms.FormTemplate.parse`; KeyError."""
    return _whole(form_id, "forms/{}.toml", folder, add=True)


def form_ids(folder: Path | None = None) -> tuple[str, ...]:
    """Ids of all form templates."""
    own = folder / "forms" if folder else None
    return tuple(sorted(_stems(_HERE.joinpath("forms")) | _stems(own)))


def _whole(name: str, pattern: str, folder: Path | None, *, add: bool) -> dict[str, Any]:
    """A file over what it extends. A chain that comes back to itself ends with KeyError."""
    if not all(char.isalnum() or char in "-_" for char in name):
        raise KeyError(name)
    places: list[Any] = [place for place in (folder, _HERE) if place is not None]
    found: list[dict[str, Any]] = []
    wanted: str | None = name
    while wanted is not None:
        # Each place has an id once: a file that extends its own id means the next place's.
        hit = next((p for p in places if p.joinpath(pattern.format(wanted)).is_file()), None)
        if hit is None or len(found) > _LONGEST:
            raise KeyError(wanted)
        data = _read(hit.joinpath(pattern.format(wanted)))
        following = data.pop(_EXTENDS, None)
        if following == wanted and hit is _HERE:
            raise KeyError(wanted)
        places = [_HERE] if following == wanted else places
        found.append(data)
        wanted = following
    whole: dict[str, Any] = {}
    for data in reversed(found):
        whole = _joined(whole, data, add=add)
    return whole


_LONGEST = 8
"""Files that extend each other."""


def _joined(old: Mapping[str, Any], new: Mapping[str, Any], *, add: bool) -> dict[str, Any]:
    result = dict(old)
    for key, value in new.items():
        before = result.get(key)
        if isinstance(value, dict) and isinstance(before, dict):
            result[key] = _joined(before, value, add=add)
        elif add and isinstance(value, list) and isinstance(before, list):
            result[key] = [*before, *value]
        else:
            result[key] = value
    return result


def _stems(folder: Any) -> set[str]:
    if folder is None or not folder.is_dir():
        return set()
    names = (item.name for item in folder.iterdir())
    return {name.removesuffix(".toml") for name in names if name.endswith(".toml")}


def _read(file: Any) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))
