"""Many rows in little memory: a digest's snapshot may hold a whole country's records."""

import base64
import gzip
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, overload

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from procedure.jsonable import adapter

T = TypeVar("T")
MEMORY = {"memory": True}
"""As `jsonable.dump` keeps words: they may be told in another language later."""
LEVEL = 6
"""Of deflate: records resemble each other, and shrink to a twentieth."""


class Packed(Sequence[T], Generic[T]):
    """Rows as JSON lines, deflated (RFC 1952), read one after the other.

    A sequence like any other, but that an index reads from the first row on: to be walked through.
    """

    def __init__(self, kind: type[T], data: bytes, count: int) -> None:
        self._kind = kind
        self._data = data
        self._count = count

    @classmethod
    def of(cls, kind: type[T], rows: Iterable[T]) -> "Packed[T]":
        """Pack rows as they come; never more than one of them is in memory."""
        out, count, one = io.BytesIO(), 0, adapter(kind)
        # No time of making in it: the same rows are the same bytes.
        with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=LEVEL, mtime=0) as pack:
            for count, row in enumerate(rows, 1):  # noqa: B007
                pack.write(one.dump_json(row, context=MEMORY) + b"\n")
        return cls(kind, out.getvalue(), count)

    def __iter__(self) -> Iterator[T]:
        one = adapter(self._kind)
        with gzip.GzipFile(fileobj=io.BytesIO(self._data)) as pack:
            yield from (one.validate_json(line) for line in pack)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        return tuple(self)[index]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(self) != len(other):
            return False
        return all(one == two for one, two in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Packed({self._kind.__name__}, {self._count} rows)"

    def dumped(self) -> dict[str, object]:
        """JSON-able."""
        return {"count": self._count, "packed": base64.b64encode(self._data).decode("ascii")}


@dataclass(frozen=True)
class PackedBytes:
    """A large file in little memory: deflated (RFC 1952) as it comes, read piece by piece."""

    packed: bytes
    sha256: str
    """Of the file itself."""

    @classmethod
    def of(cls, pieces: Iterable[bytes]) -> "PackedBytes":
        """The file of these pieces, never the whole of it in memory."""
        out, digest = io.BytesIO(), hashlib.sha256()
        with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=LEVEL, mtime=0) as pack:
            for piece in pieces:
                digest.update(piece)
                pack.write(piece)
        return cls(out.getvalue(), digest.hexdigest())

    def pieces(self, size: int) -> Iterator[bytes]:
        """The file, ``size`` bytes at a time."""
        with gzip.GzipFile(fileobj=io.BytesIO(self.packed)) as pack:
            while piece := pack.read(size):
                yield piece


class PackedRows:
    """Annotation of a dataclass's field: rows of ``kind``, stored as `Packed` does.

    What was stored before, a list of rows, is read as well.
    """

    def __init__(self, kind: type[Any]) -> None:
        self._kind = kind

    def __get_pydantic_core_schema__(
        self, _source: object, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        stored = core_schema.plain_serializer_function_ser_schema(self._dump)
        return core_schema.no_info_plain_validator_function(self._load, serialization=stored)

    def _dump(self, rows: Sequence[Any]) -> dict[str, object]:
        packed = rows if isinstance(rows, Packed) else Packed.of(self._kind, rows)
        return packed.dumped()

    def _load(self, data: object) -> Packed[Any]:
        if isinstance(data, Packed):
            return data
        if isinstance(data, dict):
            return Packed(self._kind, base64.b64decode(data["packed"]), int(data["count"]))
        if isinstance(data, list | tuple):
            return Packed.of(self._kind, map(adapter(self._kind).validate_python, data))
        raise ValueError("rows are a list, or packed")
