"""What the sections of the settings share."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from procedure.errors import WrongUse


def _listed(value: object) -> object:
    if isinstance(value, str) and not value.lstrip().startswith("["):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Section(BaseModel):
    """One table of the settings' file: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def secret(name: str, path: str) -> str:
    """What a file holds, without the line end. `WrongUse` where it cannot be read."""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise WrongUse(f"{name}: {path} cannot be read: {error.strerror}") from error
