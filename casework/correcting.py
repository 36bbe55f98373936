"""What a person types for a field → its value."""

from procedure import uscc, values
from procedure.errors import WrongUse
from procedure.readings import APPLICATION_FIELDS, Value

ROW_FIELDS = ("name", "code", "amount_t")


def parsed(field: str, text: str, row: int | None) -> Value | None:
    """The value, None for "". `WrongUse` for an unknown field, `BadInput` for a bad value."""
    known = ROW_FIELDS if row is not None else (*APPLICATION_FIELDS, "rows_total", "seal")
    if field not in known:
        raise WrongUse(
            f"no field {field!r}: choose one of {', '.join(known)}",
            user_message=f"没有名为 {field} 的栏目，可用：{'、'.join(known)}。",
        )
    if not text.strip():
        return None
    if field.endswith("_t") or field == "rows_total":
        return values.tonnes(text)
    if field == "date":
        return values.day(text).isoformat()
    if field == "uscc":
        return uscc.normalise(text)
    return text.strip()
