"""What a person types for a field → its value, in the form that readings have."""

import re
from collections.abc import Callable, Mapping

from procedure import uscc, values
from procedure.case import ApplicationState
from procedure.errors import BadInput, WrongUse
from procedure.language import _
from procedure.provinces import Provinces
from procedure.readings import APPLICATION_FIELDS, Value

ROW_FIELDS = ("name", "code", "amount_t")
NO_VALUE_WORDS = ("（无）", "(无)", "无", "(none)", "none")
"""What a person types for: the paper has no such thing."""
SHORTEST_RING = 4
"""Characters: no firm's registered name is shorter."""
_ABOUT_A_SEAL = re.compile(r"(没有?|未见?|无|已经?|有|加|是|否)*盖?(单位)?(公章|印章|章)?了?")
"""有, 已盖章, 未盖公章: says that there is a seal or none, not what its ring reads."""
FORMS: Mapping[str, Callable[[str], Value]] = {
    "obligation_t": values.tonnes,
    "offset_t": values.tonnes,
    "amount_t": values.tonnes,
    "rows_total": values.tonnes,
    "date": lambda text: values.day(text).isoformat(),
    "uscc": uscc.normalise,
    "account_no": values.account,
    "phone": values.phone,
    "code": values.project_code,
    "seal": lambda text: _ring(text),
}


def parsed(field: str, text: str, row: int | None, provinces: Provinces) -> Value | None:
    """The value, None for "" and 无. `WrongUse`: unknown field; `BadInput`: bad value."""
    known = ROW_FIELDS if row is not None else (*APPLICATION_FIELDS, "rows_total", "seal")
    if field not in known:
        raise WrongUse(
            f"no field {field!r}: choose one of {', '.join(known)}",
            user_message=_("没有名为 {field} 的栏目，可用：{known}。").format(
                field=field, known="、".join(known)
            ),
        )
    plain = text.strip()
    if not plain or plain in NO_VALUE_WORDS:
        return None
    if field == "province":
        return _province(plain, provinces)
    return FORMS[field](plain) if field in FORMS else plain


def _ring(text: str) -> str:
    """The ring's words as read. That there is a seal, or is none, are no words of a ring."""
    if len(text) < SHORTEST_RING or _ABOUT_A_SEAL.fullmatch(text):
        raise BadInput(
            f"{text!r} is no seal's text: write what its ring says, or 无 for no seal",
            user_message=_(
                "“{text}”不是印章上的文字：请填写印章上的单位名称；没有盖章的，请填“无”。"
            ).format(text=text),
        )
    return text


def _province(text: str, provinces: Provinces) -> str:
    found = provinces.find(text)
    if found is None:
        raise BadInput(
            f"no province {text!r}", user_message=_("“{text}”不是省份名称。").format(text=text)
        )
    return found.name


def old_value(app: ApplicationState, field: str, row: int | None) -> Value | None:
    """What was there before. `WrongUse` for a row that is neither there nor the next one."""
    if row is None:
        if field == "rows_total":
            return app.reading.rows_total.value if app.reading.rows_total else None
        if field == "seal":
            return "；".join(seal.text for seal in app.reading.seals) or None
        return app.values.get(field)
    if not 0 <= row <= len(app.projects):
        raise WrongUse(
            f"no project row {row}: there are {len(app.projects)}, counted from 0",
            user_message=_("没有第 {row} 行项目：该申请共有 {rows} 行。").format(
                row=row + 1, rows=len(app.projects)
            ),
        )
    found: Value | None = getattr(app.projects[row], field) if row < len(app.projects) else None
    return found
