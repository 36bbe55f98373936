"""The figures of a cycle, as `clerk report` gives them: no letter bears them. Moments are aware."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True)
class ProvinceFigures:
    """One province's part of a cycle's figures; tonnes of live applications."""

    province: str
    cases: int
    applications: int
    stages: Mapping[str, int]
    """Stage name → applications."""
    obligation_t: int
    cap_t: int
    """Sum of the caps of the entities that applied, each rounded down."""
    applied_t: int
    confirmed_t: int
    cancelled_t: int
    verified_t: int

    @property
    def cap_use(self) -> Decimal | None:
        """Percent of the cap that is confirmed, one decimal; None without a cap."""
        if not self.cap_t:
            return None
        share = Decimal(100 * self.confirmed_t) / self.cap_t
        return share.quantize(Decimal("0.1"))


@dataclass(frozen=True)
class RuleCount:
    """How often applications were returned under a rule; "" is staff's own reason."""

    rule: str
    returned: int


@dataclass(frozen=True)
class CycleReport:
    """The figures of a cycle at one moment. Hours run from receipt to confirmation."""

    cycle: str
    cycle_title: str
    made_at: datetime
    provinces: tuple[ProvinceFigures, ...]
    stages: tuple[tuple[str, int], ...]
    """Stage name and applications, in the order of the stages."""
    returned: tuple[RuleCount, ...]
    hours_median: Decimal | None
    hours_p90: Decimal | None
    hours_max: Decimal | None
    confirmed: int
    """So many confirmations the hours are of."""
