"""The list of all keys at the end of docs/settings.md, made from the settings themselves.

python -m tests.settings_page      writes it anew
"""

import re
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from clerk.mail_settings import Mailbox
from clerk.settings import Settings

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"
BEGIN, END = "<!-- all keys: python -m tests.settings_page -->", "<!-- end -->"


def rows(model: type[BaseModel], above: str) -> Iterator[tuple[str, FieldInfo]]:
    """Each key with its field; of the fields that are sections theirs."""
    for key, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from rows(inner, f"{above}{key}.")
        else:
            yield f"{above}{key}", field


def page() -> str:
    """The list, as Markdown."""
    head = ["| key | kind | default | meaning |", "|---|---|---|---|"]
    own = [_line(key, field) for key, field in rows(Settings, "")]
    box = [_line(key, field) for key, field in rows(Mailbox, "imap.accounts[].")]
    return "\n".join([*head, *sorted([*own, *box])])


def _line(key: str, field: FieldInfo) -> str:
    meaning = (field.description or "").replace("|", r"\|")
    return f"| `{key}` | {_kind(field.annotation)} | {_default(field)} | {meaning} |"


def _kind(annotation: Any) -> str:
    """Its type, in words of TOML."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(inside[0])
    if origin is tuple:
        return f"list of {_kind(inside[0])}"
    if origin is dict:
        return f"table of {_kind(inside[1])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "table"
    if origin is not None:
        # Alternatives: the values themselves, or kinds one of which is "not set".
        kinds = [one if isinstance(one, str) else _kind(one) for one in inside]
        return ", ".join(one for one in kinds if one not in ("", "NoneType"))
    names = {SecretStr: "secret", Path: "path", str: "text", bool: "true or false", int: "integer",
             float: "number", time: "time"}  # fmt: skip
    return names.get(annotation, getattr(annotation, "__name__", str(annotation)))


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be set"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if value is None or value in ("", (), {}):
        return "empty"
    if isinstance(value, tuple):
        value = ", ".join(map(str, value))
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def fresh(text: str) -> str:
    """The page with the list as it must be."""
    return re.sub(
        f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: f"{BEGIN}\n{page()}\n{END}", text,
        flags=re.DOTALL,
    )  # fmt: skip


if __name__ == "__main__":
    PAGE.write_text(fresh(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
