"""The 32 provinces that serve entities (XPCC included), by GB/T 2260 prefix; 66 is customary."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from procedure.errors import BadInput


@dataclass(frozen=True)
class Province:
    """One province: ``name`` is the full official one (河北省), ``authority`` its department."""

    prefix: str
    short: str
    name: str
    authority: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Provinces:
    """All of them, in the order of the data file."""

    all: tuple[Province, ...]

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> "Provinces":
        """From ``{"province": [{prefix, short, name, authority, aliases?}]}``, else `BadInput`."""
        try:
            rows = tuple(
                Province(**{**row, "aliases": tuple(row.get("aliases", ()))})
                for row in data["province"]
            )
        except (KeyError, TypeError) as error:
            raise BadInput(f"provinces: {error}") from error
        if len({row.prefix for row in rows}) != len(rows):
            raise BadInput("provinces: a prefix occurs twice")
        return cls(rows)

    def by_prefix(self, prefix: str) -> Province | None:
        """The province of a GB/T 2260 prefix ("13"), None for an unknown one."""
        return next((row for row in self.all if row.prefix == prefix), None)

    def find(self, text: str) -> Province | None:
        """By prefix, short or full name, alias or authority, spaces ignored; None if none fits.

        ``河北省石家庄市`` is found by its beginning; the longest name wins, so that
        新疆生产建设兵团 is not taken for 新疆.
        """
        plain = "".join(unicodedata.normalize("NFKC", text).split())
        exact = next((row for row in self.all if plain in _spellings(row)), None)
        if exact:
            return exact
        beginnings = [row for row in self.all if plain.startswith(row.name)]
        return max(beginnings, key=lambda row: len(row.name), default=None)


def _spellings(row: Province) -> tuple[str, ...]:
    return (row.prefix, row.short, row.name, row.authority, *row.aliases)
