"""Cases found and counted without going through all of them.

Tables derived from the cases and kept in the transaction that changes one: pieces of the names
(`name_piece`), applications that wait for a decision (`waiting`), numbers of cases (`tally`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, tuple_, update

from procedure import namegrams
from procedure.case import CaseState
from store import tables as t
from store.dialect import insert_missing

_k, _p, _w, _t = t.case.c, t.name_piece.c, t.waiting.c, t.tally.c
COUNTED = 2_000
"""A piece that more names have is common, however many there are."""
PAGE = 500
"""So many names are compared at a time with the one that is looked for."""
CANDIDATES = 6_000
"""So many names are compared with one that may be typed wrong."""
STAGES = ("submitted", "unclear")
"""Of an application that waits for the province's decision."""
Provinces = frozenset[str] | None
Key = tuple[str, str, str]
"""Piece, province, case number: a row of the index."""


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

    def renamed(self, case_no: str, name: str, province: str) -> None:
        """The case's entity is called otherwise."""
        self._c.execute(delete(t.name_piece).where(_p.case_no == case_no))
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
            self._c.execute(insert(t.name_piece), rows)

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
        piece = self._rarest(_pieces_of(text))
        return self._matching(piece, provinces, limit, lambda name: wanted in namegrams.fold(name))

    def sharing(self, text: str, provinces: Provinces, wrong: int) -> dict[str, str]:
        """Case number → name of the names that may be the text with ``wrong`` letters amiss.

        Whoever has all but ``wrong`` of its letters has one of its ``wrong + 1`` rarest. Of common
        letters only the first `COUNTED` names are compared, `CANDIDATES` in all.
        """
        letters = self._by_rarity(dict.fromkeys(namegrams.fold(text)))
        pairs = [one for one in self._by_rarity(_pieces_of(text)) if len(one) > 1]
        found: dict[str, str] = {}
        for piece in (*letters[: wrong + 1], *pairs):
            room = CANDIDATES - len(found)
            if room <= 0:
                break
            query = select(_k.case_no, _k.entity_name).join(t.name_piece, _p.case_no == _k.case_no)
            query = _within(query.where(_is(piece)), _p.province, provinces)
            rows = self._c.execute(query.limit(min(room, COUNTED)))
            found.update({row[0]: row[1] for row in rows})
        return dict(sorted(found.items()))

    def sounding(self, letters: str, provinces: Provinces, limit: int) -> dict[str, str]:
        """Case number → name of the names some part of which is read with these initials."""
        size = namegrams.TRIPLE
        asked = [letters[n : n + size] for n in range(max(1, len(letters) - size + 1))]
        piece = self._rarest(asked)
        return self._matching(
            piece, provinces, limit, lambda name: namegrams.sounds_like(letters, name)
        )

    def _matching(
        self, piece: str | None, provinces: Provinces, limit: int, same: Callable[[str], bool]
    ) -> dict[str, str]:
        """The first names with the piece that are meant: it ends where enough are found."""
        found: dict[str, str] = {}
        for province in [None] if provinces is None else sorted(provinces):
            after: Key | None = ("", "", "") if piece else None
            while piece and after and len(found) < limit:
                page = self._page(piece, province, after)
                found.update((key[2], name) for key, name in page if same(name))
                after = page[-1][0] if len(page) == PAGE else None
        return dict(list(found.items())[:limit])

    def _page(self, piece: str, province: str | None, after: Key) -> list[tuple[Key, str]]:
        """The next `PAGE` names with the piece, in the order of the index."""
        key = (_p.piece, _p.province, _p.case_no)
        query = select(*key, _k.entity_name).join(t.case, _k.case_no == _p.case_no)
        query = query.where(_is(piece), tuple_(*key) > tuple_(*after))
        if province is not None:
            query = query.where(_p.province == province)
        rows = self._c.execute(query.order_by(*key).limit(PAGE))
        return [((row[0], row[1], row[2]), row[3]) for row in rows]

    def _rarest(self, pieces: Iterable[str]) -> str | None:
        """The piece that the fewest names have; None where one of them is in no name."""
        ordered = self._by_rarity(pieces)
        return ordered[0] if ordered and self._names_with(ordered[0], 1) else None

    def _by_rarity(self, pieces: Iterable[str]) -> list[str]:
        return sorted(pieces, key=lambda one: self._names_with(one, COUNTED))

    def _names_with(self, piece: str, most: int) -> int:
        """So many names have it, counted up to ``most``."""
        inside = select(_p.case_no).where(_is(piece)).limit(most).subquery()
        return self._c.execute(select(func.count()).select_from(inside)).scalar() or 0


def _pieces_of(text: str) -> list[str]:
    """The pieces that every name with this text in it has: the last letter may go on."""
    found = namegrams.pairs(text)
    return found[:-1] if len(found) > 1 else found


def _whole(piece: str) -> bool:
    """Whether it is a piece by itself; a single letter, or a short sound, begins many."""
    return len(piece) >= (namegrams.TRIPLE if piece.isascii() else namegrams.PAIR)


def _is(piece: str) -> Any:
    """Names with this piece."""
    if _whole(piece):
        return _p.piece == piece
    first, after = namegrams.begins(piece)
    return (_p.piece >= first) & (_p.piece < after)


def _within(query: Select[Any], column: Any, provinces: Provinces) -> Select[Any]:
    return query if provinces is None else query.where(column.in_(sorted(provinces)))
