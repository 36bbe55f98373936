"""Cycles whose open keys are set, as an operator would set them."""

from datetime import date
from typing import Any

import cycles
from procedure.cycle import Cycle
from procedure.values import moment

SETTINGS: dict[str, dict[str, Any]] = {
    "2019-2020": {},
    "2021-2022": {
        "cancel_before": moment("2023-12-15 17:00:00"),
        "comply_by": moment("2023-12-31 17:00:00"),
    },
    "2023": {
        "apply_first": date(2024, 7, 1), "apply_last": date(2024, 12, 10),
        "cancel_before": moment("2024-12-15 17:00:00"),
    },
    "2024": {
        "apply_first": date(2025, 7, 1), "apply_last": date(2025, 12, 10),
        "cancel_before": moment("2025-12-15 17:00:00"),
    },
    "2025": {
        "apply_first": date(2026, 7, 1), "apply_last": date(2026, 12, 10),
        "cancel_before": moment("2026-12-15 17:00:00"),
        "cap_percent": "5", "registered_from": date(2024, 1, 22),
    },
}  # fmt: skip


def settled(cycle_id: str, **more: Any) -> Cycle:
    """The packaged cycle with its open keys set; ``more`` replaces keys."""
    return Cycle.parse({**cycles.load(cycle_id), **SETTINGS[cycle_id], **more})
