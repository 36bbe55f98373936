"""A check's result: rule, clause, severity, what was expected, what was found, and where."""

from dataclasses import dataclass
from typing import Literal

from procedure.language import Words
from procedure.readings import Box

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Finding:
    """One finding; ids are shared by logs, letters, chat, docs and tests.

    ``message`` is for staff and for the entity's own address: Simplified Chinese, which
    `procedure.language.told` says in another language. ``public`` is the same without any registry
    data, for an address that is not known to be the entity's own ("" where ``message`` holds none).
    """

    rule: str
    clause: str
    severity: Severity
    message: Words
    field: str | None = None
    expected: str = ""
    found: str = ""
    page: int | None = None
    box: Box | None = None
    public: Words = ""
