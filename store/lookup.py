"""Cases found and counted without going through all of them.

Tables derived from the cases and kept in the transaction that changes one: pieces of the names
(`name_part`), applications that wait for a decision (`waiting`), numbers of cases (`tally`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, tuple_, update

from procedure import namegrams
from procedure.case import CaseState
from store import tables as t
from store.dialect import insert_missing

_k, _p, _w, _t = t.case.c, t.name_part.c, t.waiting.c, t.tally.c
COUNTED = 200
"""A piece that more names have is common, however many there are."""
PAGE = 500
"""So many names are compared at a time with the one that is looked for."""
CANDIDATES = 1_000
"""So many names with one part of what was typed are compared with the whole of it."""
STAGES = ("submitted", "unclear")
"""Of an application that waits for the province's decision."""
Provinces = frozenset[str] | None
Key = tuple[str, str]
"""Piece, case number: a row of the index within a province."""


@dataclass(frozen=True)
class Waiting:
    """An application that waits for a decision."""

    case_no: str
    application: int


class Lookup:
    """Looking cases up within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    # --- kept with each case -------------------------------------------------------------------

    def opened(self, case_no: str, name: str, cycle: str, province: str, stage: str) -> None:
        """A case is new."""
        self._pieces(case_no, name, province)
        self._count(cycle, province, stage, 1)

    def renamed(self, case_no: str, before: str, name: str, province: str) -> None:
        """The case's entity is called otherwise."""
        old = _p.piece.in_(sorted(namegrams.pieces(before)))
        same = (_p.province == province, old, _p.case_no == case_no)
        self._c.execute(delete(t.name_part).where(*same))
        self._pieces(case_no, name, province)

    def moved(self, cycle: str, province: str, before: str, after: str) -> None:
        """A case went from one stage to another."""
        if before != after:
            self._count(cycle, province, before, -1)
            self._count(cycle, province, after, 1)

    def waits(self, case_no: str, province: str, state: CaseState) -> None:
        """What of the case waits for a decision now."""
        self._c.execute(delete(t.waiting).where(_w.case_no == case_no))
        rows = [
            {"case_no": case_no, "application": app.number, "province": province,
             "stage": app.stage, "received_at": app.received_at}
            for app in state.applications if app.stage in STAGES
        ]  # fmt: skip
        if rows:
            self._c.execute(insert(t.waiting), rows)

    def _pieces(self, case_no: str, name: str, province: str) -> None:
        rows = [
            {"piece": piece, "province": province, "case_no": case_no}
            for piece in sorted(namegrams.pieces(name))
        ]
        if rows:
            self._c.execute(insert(t.name_part), rows)

    def _count(self, cycle: str, province: str, stage: str, change: int) -> None:
        key = {"cycle": cycle, "province": province, "stage": stage}
        insert_missing(self._c, t.tally, {**key, "cases": 0})
        same = (_t.cycle == cycle, _t.province == province, _t.stage == stage)
        self._c.execute(update(t.tally).where(*same).values(cases=_t.cases + change))

    # --- asked ---------------------------------------------------------------------------------

    def counts(self, provinces: Provinces, cycle: str) -> dict[tuple[str, str], int]:
        """How many cases of the cycle stand where: (province, stage) → number."""
        query = select(_t.province, _t.stage, _t.cases).where(_t.cycle == cycle, _t.cases > 0)
        if provinces is not None:
            query = query.where(_t.province.in_(sorted(provinces)))
        return {(province, stage): n for province, stage, n in self._c.execute(query)}

    def waiting_count(self, provinces: Provinces) -> int:
        """How many applications wait."""
        query = _within(select(func.count()).select_from(t.waiting), _w.province, provinces)
        return self._c.execute(query).scalar() or 0

    def waiting(self, provinces: Provinces, first: int, size: int) -> list[Waiting]:
        """Applications that wait, received first comes first, from the ``first`` one (0-based)."""
        query = _within(select(_w.case_no, _w.application), _w.province, provinces)
        order = (_w.received_at, _w.case_no, _w.application)
        rows = self._c.execute(query.order_by(*order).limit(size).offset(first))
        return [Waiting(case_no, application) for case_no, application in rows]

    def named(self, text: str, provinces: Provinces, limit: int) -> dict[str, str]:
        """Case number → name of the names with this text in them; width and case do not matter."""
        wanted = namegrams.fold(text)
        return self._matching(
            _windows(wanted, namegrams.WRITTEN), provinces, limit,
            lambda name: wanted in namegrams.fold(name),
        )  # fmt: skip

    def sounding(self, letters: str, provinces: Provinces, limit: int) -> dict[str, str]:
        """Case number → name of the names some part of which is read with these initials."""
        return self._matching(
            _windows(letters.upper(), namegrams.SOUNDED), provinces, limit,
            lambda name: namegrams.sounds_like(letters, name),
        )  # fmt: skip

    def sharing(self, parts: Iterable[str], provinces: Provinces) -> dict[str, str]:
        """Case number → name of names with one of these parts, `CANDIDATES` of each at most."""
        found: dict[str, str] = {}
        for part in parts:
            query = select(_k.case_no, _k.entity_name).join(t.name_part, _p.case_no == _k.case_no)
            query = query.where(_begins(part, namegrams.WRITTEN), self._inside(provinces))
            rows = self._c.execute(query.limit(CANDIDATES))
            found.update({row[0]: row[1] for row in rows})
        return dict(sorted(found.items()))

    def commonness(self, part: str, provinces: Provinces) -> int:
        """So many places in names begin with this part, counted up to `COUNTED`."""
        return self._names_with(_begins(part, namegrams.WRITTEN), provinces, COUNTED)

    def _matching(
        self, windows: list[str], provinces: Provinces, limit: int, same: Callable[[str], bool]
    ) -> dict[str, str]:
        """The first names that are meant; every one of them has each of the ``windows``."""
        found: dict[str, str] = {}
        if not windows or not windows[0]:
            return found
        rarest = min(windows, key=lambda one: self._worth(one, windows, provinces))
        for province in self._provinces(provinces):
            # Of the first few mostly all are meant.
            after: Key | None = (namegrams.begins(rarest)[0], "")
            size = min(2 * limit, PAGE)
            while after and len(found) < limit:
                page = self._page(rarest, province, after, size)
                found.update((key[1], name) for key, name in page if same(name))
                after = page[-1][0] if len(page) == size else None
                size = PAGE
        return dict(list(found.items())[:limit])

    def _worth(self, window: str, windows: list[str], provinces: Provinces) -> int:
        """How many names to compare by this window; not asked where there is no other."""
        many = len(windows) > 1
        return self._names_with(_between(window), provinces, COUNTED) if many else 0

    def _page(self, window: str, province: str, after: Key, size: int) -> list[tuple[Key, str]]:
        """The next so many names of a province with the window, in the order of the index."""
        key = (_p.piece, _p.case_no)
        query = select(*key, _k.entity_name).join(t.case, _k.case_no == _p.case_no)
        # One lower bound: of two PostgreSQL begins at the pair, however far before the other it is.
        before_end = _p.piece < namegrams.begins(window)[1]
        query = query.where(_p.province == province, tuple_(*key) > after, before_end)
        rows = self._c.execute(query.order_by(*key).limit(size))
        return [((row[0], row[1]), row[2]) for row in rows]

    def _names_with(self, where: Any, provinces: Provinces, most: int) -> int:
        inside = select(_p.case_no).where(where, self._inside(provinces)).limit(most).subquery()
        return self._c.execute(select(func.count()).select_from(inside)).scalar() or 0

    def _inside(self, provinces: Provinces) -> Any:
        # The index begins with the province: all of them are named where all are meant.
        return _p.province.in_(self._provinces(provinces))

    def _provinces(self, provinces: Provinces) -> list[str]:
        if provinces is not None:
            return sorted(provinces)
        return list(self._c.execute(select(_t.province).distinct().order_by(_t.province)).scalars())


def _windows(text: str, size: int) -> list[str]:
    """Every part of so many letters, the text itself where it is shorter."""
    return [text[n : n + size] for n in range(max(1, len(text) - size + 1))]


def _begins(part: str, size: int) -> Any:
    """Pieces at a place where a name has this part, as far as the index knows."""
    return _between(part[:size])


def _between(window: str) -> Any:
    """Pieces that begin with the window."""
    first, after = namegrams.begins(window)
    return (_p.piece >= first) & (_p.piece < after)


def _within(query: Select[Any], column: Any, provinces: Provinces) -> Select[Any]:
    return query if provinces is None else query.where(column.in_(sorted(provinces)))
