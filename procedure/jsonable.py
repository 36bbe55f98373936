"""Typed dataclasses to JSON and back: dates as YYYY-MM-DD, times as ISO 8601 with offset."""

from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")
_adapters: dict[type[Any], TypeAdapter[Any]] = {}


def adapter(cls: type[Any]) -> TypeAdapter[Any]:
    """The one that reads and writes this class, made once."""
    if cls not in _adapters:
        _adapters[cls] = TypeAdapter(cls)
    return _adapters[cls]


def dump(value: object, *, memory: bool = False) -> Any:
    """JSON-able form (dict, list, str, int, …) of a dataclass instance.

    ``memory``: for ourselves, to be told in another language later (`procedure.language.Said`);
    without it words for people are plain strings.
    """
    context = {"memory": True} if memory else None
    return adapter(type(value)).dump_python(value, mode="json", context=context)


def load(cls: type[T], data: object) -> T:
    """The dataclass ``cls`` from what `dump` gave; else raises pydantic.ValidationError."""
    result: T = adapter(cls).validate_python(data)
    return result
