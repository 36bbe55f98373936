"""What a drawn document says: printed, meant, and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 as fractions of the page from its top left."""


@dataclass(frozen=True)
class TruthField:
    """One value. ``box`` is None for documents without pages (.docx)."""

    printed: str
    value: str | int
    box: Box | None = None


@dataclass(frozen=True)
class Truth:
    """The truth of one document; names as in the reading contract (``projects[0].amount_t``)."""

    kind: str
    """application or cancellation."""
    tier: str
    seed: int
    fields: Mapping[str, TruthField]
    seal_text: str | None = None
    """Ring text of its seal (the firm's name), None without one."""
    seal_code: str | None = None
    seal_box: Box | None = None
    seal_kind: str = ""
    """What stands across below its star; "" for an official seal."""
    planted: tuple[str, ...] = ()
    """Rule ids that a check must find (``offset-cap``, ``seal-name`` …)."""
    traits: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The form of a ``*.truth.json``."""
        return {
            "schema": 1,
            "kind": self.kind,
            "tier": self.tier,
            "seed": self.seed,
            "page": 1,
            "fields": {name: _field(value) for name, value in self.fields.items()},
            "seal": {
                "present": self.seal_text is not None,
                "text": self.seal_text,
                "code": self.seal_code,
                "kind": self.seal_kind or None,
                "box": _rounded(self.seal_box),
            },
            "planted_errors": list(self.planted),
            "traits": dict(self.traits),
        }


def _field(value: TruthField) -> dict[str, Any]:
    return {"printed": value.printed, "value": value.value, "box": _rounded(value.box)}


def _rounded(box: Box | None) -> list[float] | None:
    return None if box is None else [round(edge, 5) for edge in box]
