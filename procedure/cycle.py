"""A cycle of compliance as data: windows, cap, deadlines, timetable, mailboxes, clauses."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime, time
from decimal import ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any, Literal, get_args, get_origin, get_type_hints

from procedure.clauses import cited
from procedure.errors import BadInput, WrongUse
from procedure.language import _

TO_SET = "to_set"
"""Key of a cycle's file: the keys that no source known to us settles."""


class CycleOpen(WrongUse):
    """A cycle's file leaves keys to the operator, who has not set them."""

    code = "cycle-open"

    def __init__(self, cycle: str, keys: Sequence[str]) -> None:
        named = ", ".join(keys)
        super().__init__(
            f"cycle {cycle}: {named}: no text known to us settles this; set it in {cycle}.toml "
            f'in cycle.directory (begin with extends = "{cycle}")',
            user_message=_("周期 {cycle} 尚缺 {named}，须由运维人员设置后方可启用。").said(
                cycle=cycle, named=named
            ),
        )
        self.keys = tuple(keys)


def left_open(data: Mapping[str, Any]) -> list[str]:
    """The keys that a cycle's table leaves to the operator and that are not set."""
    return [key for key in data.get(TO_SET, ()) if key not in data]


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
    form: str
    """Id of the form template (`cycles.form`)."""
    clauses: Mapping[str, str] = field(default_factory=dict)
    """Rule id or ``step-…`` → the clause that it rests on, ("附件3 §1(1)"); else `rule_text`."""
    daily_first: date | None = None
    """Days of the daily records, and the hour after which they go out; a flow by mail needs all."""
    daily_last: date | None = None
    daily_after: time | None = None
    nil_report: bool = True
    ncsc_mailbox: str = ""
    crc_mailbox: str = ""
    exchanges: tuple[str, ...] = ()
    """Where an account is opened; a receipt names them to whoever has none."""
    weekly_on: int = 4
    """Weekday of the weekly summary, Monday is 0."""
    eligible_before: date | None = None
    """Reductions produced before this day may be used; None: none by their time."""
    eligible_until: date | None = None
    """Last day on which those of ``eligible_before`` may still be used; None: no such day."""
    registered_from: date | None = None
    """Reductions registered from this day on may be used as well."""
    project_types: tuple[str, ...] = ()
    """Types of projects that may be used, as the registry calls them; empty: all."""
    flow: Literal["mail", "registry"] = "mail"
    """``registry``: the registries tell each other; no summary and no daily records are mailed."""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> "Cycle":
        """From a cycle file's table; `BadInput` names a key that is missing, unknown or wrong.

        `CycleOpen` where a key that the file leaves to the operator (``to_set``) is not set.
        """
        hints = get_type_hints(cls)
        if left := left_open(data):
            raise CycleOpen(str(data.get("id", "")), left)
        data = {key: value for key, value in data.items() if key != TO_SET}
        if unknown := sorted(set(data) - set(hints)):
            raise BadInput(f"cycle: unknown keys {', '.join(unknown)}")
        owed = [one.name for one in fields(cls) if one.default is one.default_factory is MISSING]
        if missing := [key for key in owed if key not in data]:
            raise BadInput(f"cycle: missing keys {', '.join(missing)}")
        return cls(**{key: _value(key, hints[key], value) for key, value in data.items()})

    def cap(self, obligation_t: int) -> int:
        """Most tonnes that may be offset: a share of the obligation, rounded down (trap 4)."""
        share = Decimal(obligation_t) * self.cap_percent / 100
        return int(share.to_integral_value(ROUND_FLOOR))

    def clause(self, rule: str) -> str:
        """The clause of a rule; the rule text as a whole where the file names none."""
        return self.clauses.get(rule, self.rule_text)

    def cited(self, rule: str) -> str:
        """The same for a text that people read."""
        return cited(self.clause(rule))


def _value(key: str, hint: Any, value: Any) -> Any:
    if hint is Decimal:
        return _decimal(key, value)
    if isinstance(value, list):
        value = tuple(value)
    wanted = _classes(hint)
    # datetime is a date and bool an int to isinstance, but not to a cycle's file.
    if type(value) not in wanted:
        raise BadInput(f"cycle: {key} is not {' or '.join(sorted(_called(w) for w in wanted))}")
    if get_origin(hint) is tuple and (strange := [v for v in value if type(v) is not _each(hint)]):
        raise BadInput(f"cycle: {key} has {strange[0]!r}, which is not {_called(_each(hint))}")
    if get_origin(hint) is Literal and value not in get_args(hint):
        raise BadInput(f"cycle: {key} is {value!r}, not {' or '.join(get_args(hint))}")
    if isinstance(value, datetime) and value.tzinfo is None:
        raise BadInput(f"cycle: {key} needs its offset (+08:00)")
    return value


def _each(hint: Any) -> type:
    """What a list holds."""
    held: type = get_args(hint)[0]
    return held


def _called(kind: type) -> str:
    named = {"tuple": "list", "dict": "table", "str": "text"}
    return named.get(kind.__name__, kind.__name__)


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
