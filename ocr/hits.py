"""What the layout found: which printed text is meant as which field. No value is parsed yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ocr.sheet import Block, Line, Rect, union
from procedure.forms import LabelMatch
from procedure.readings import DocumentKind
from procedure.values import Unit


@dataclass(frozen=True)
class Hit:
    """The value's lines for one field. ``inline``: label and value share a line.

    ``text`` is the value alone, as printed; ``doubts`` are reasons of place against it.
    """

    field: str
    text: str
    lines: tuple[Line, ...]
    box: Rect
    label: Block | None = None
    match: LabelMatch | None = None
    unit: Unit | None = None
    inline: bool = False
    ruled: bool = False
    doubts: tuple[str, ...] = ()
    page: int | None = None

    @property
    def value_box(self) -> Rect:
        """Around the value's lines; the cell where it is empty."""
        return union(line.box for line in self.lines) if self.lines else self.box


Row = Mapping[str, Hit]


@dataclass(frozen=True)
class Layout:
    """All hits of one page."""

    kind: DocumentKind
    fields: Mapping[str, tuple[Hit, ...]] = field(default_factory=dict)
    """Every place that claims a field, the best first."""
    rows: tuple[Row, ...] = ()
    total: Hit | None = None
    title: bool = False

    def all_hits(self) -> list[Hit]:
        single = [hit for hits in self.fields.values() for hit in hits]
        cells = [hit for row in self.rows for hit in row.values()]
        return single + cells + ([self.total] if self.total else [])


def hit_of(
    name: str,
    lines: tuple[Line, ...],
    box: Rect,
    *,
    label: Block | None = None,
    match: LabelMatch | None = None,
    ruled: bool = False,
) -> Hit:
    """A hit whose lines are the value and nothing else."""
    return Hit(
        name,
        "\n".join(line.text for line in lines),
        lines,
        box,
        label=label,
        match=match,
        unit=match.unit if match else None,
        ruled=ruled,
    )
