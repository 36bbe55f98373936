"""A cycle of compliance as data: windows, cap, deadlines, timetable, mailboxes, clauses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any, Literal, get_args, get_type_hints

from procedure.errors import BadInput


@dataclass(frozen=True)
class Cycle:
    """One cycle, as its file says. All moments are aware; dates are Beijing dates.

    Deadlines are exclusive: what happens at ``cancel_before`` itself is too late.
    """

    id: str
    title: str
    rule_text: str
    years: tuple[int, ...]
    cap_percent: Decimal
    cap_per_year: bool
    apply_first: date
    apply_last: date
    cancel_before: datetime
    comply_by: datetime
    daily_first: date
    daily_last: date
    daily_after: time
    nil_report: bool
    ncsc_mailbox: str
    crc_mailbox: str
    exchanges: tuple[str, ...]
    clauses: Mapping[str, str]
    """Rule id or ``step-…`` → the clause that it rests on ("附件3 §1(1)")."""
    form: str
    """Id of the form template (`cycles.form`)."""
    weekly_on: int = 4
    """Weekday of the weekly summary, Monday is 0."""
    eligible_before: date | None = None
    """Reductions must be produced before this day."""
    registered_from: date | None = None
    """Reductions registered from this day on may be used as well."""
    flow: Literal["mail", "registry"] = "mail"
    complete: bool = True
    """False where the file leaves open what no source known to us says."""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> "Cycle":
        """From a cycle file's table; `BadInput` names a key that is missing, unknown or wrong."""
        hints = get_type_hints(cls)
        if unknown := sorted(set(data) - set(hints)):
            raise BadInput(f"cycle: unknown keys {', '.join(unknown)}")
        values = {key: _value(key, hints[key], value) for key, value in data.items()}
        try:
            return cls(**values)
        except TypeError as error:
            raise BadInput(f"cycle: {error}") from error

    def cap(self, obligation_t: int) -> int:
        """Most tonnes that may be offset: a share of the obligation, rounded down (trap 4)."""
        share = Decimal(obligation_t) * self.cap_percent / 100
        return int(share.to_integral_value(ROUND_FLOOR))

    def clause(self, rule: str) -> str:
        """The clause of a rule; the rule text as a whole where the file names none."""
        return self.clauses.get(rule, self.rule_text)


def _value(key: str, hint: Any, value: Any) -> Any:
    if hint is Decimal:
        return _decimal(key, value)
    if isinstance(value, list):
        value = tuple(value)
    wanted = _classes(hint)
    # datetime is a date and bool an int to isinstance, but not to a cycle's file.
    if type(value) not in wanted:
        raise BadInput(f"cycle: {key} is not {' or '.join(sorted(w.__name__ for w in wanted))}")
    if isinstance(value, datetime) and value.tzinfo is None:
        raise BadInput(f"cycle: {key} needs its offset (+08:00)")
    return value


def _decimal(key: str, value: Any) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise BadInput(f"cycle: {key} is not a number") from error


def _classes(hint: Any) -> set[type]:
    origin = getattr(hint, "__origin__", None)
    if origin is Literal:
        return {str}
    if origin is tuple:
        return {tuple}
    if origin is not None:
        return {dict}
    union = get_args(hint)
    return set(union) if union else {hint}
