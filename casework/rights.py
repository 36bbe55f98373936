"""Who may do what: action × role × own province. The same for every door.

Handlers and reviewers belong to provinces and may do nothing outside them; without a province they
may do nothing at all. NCSC, CRC, operator and auditor are national: their list of provinces, where
it is not empty, narrows what they see.
"""

from collections.abc import Mapping
from typing import Literal

from procedure.errors import NotAllowed, WrongUse
from procedure.language import _
from store.rows import CaseRow, Person

Action = Literal[
    "look",
    "confirm",
    "return",
    "approve",
    "correct",
    "withdraw",
    "revoke",
    "reassign",
    "tray",
    "digest-look",
    "digest-send",
    "import",
    "people",
    "audit",
]

PROVINCIAL = frozenset({"handler", "reviewer"})
_CASEWORK: frozenset[Action] = frozenset(
    {"look", "confirm", "return", "correct", "withdraw", "reassign", "tray", "digest-look"}
)
RIGHTS: Mapping[str, frozenset[Action]] = {
    "handler": _CASEWORK,
    "reviewer": _CASEWORK | {"approve", "revoke", "digest-send"},
    "ncsc": frozenset({"look", "digest-look", "digest-send", "import"}),
    "crc": frozenset({"look", "digest-look", "import"}),
    # The operator runs the machine and decides nothing in the province's stead (附件3 §2 step 4).
    "operator": frozenset(
        {"look", "tray", "digest-look", "digest-send", "import", "people", "audit"}
    ),
    "auditor": frozenset({"look", "digest-look", "audit"}),
}


def may(person: Person, action: Action, province: str | None = None) -> bool:
    """Whether the person may do this, in this province (prefix) where it concerns one."""
    if person.revoked or action not in RIGHTS.get(person.role, frozenset()):
        return False
    seen = provinces_of(person)
    return seen is None or (bool(seen) if province is None else province in seen)


def require(person: Person, action: Action, province: str | None = None) -> None:
    """`NotAllowed` unless `may`."""
    if not may(person, action, province):
        raise NotAllowed(
            f"{person.name} ({person.role}) may not {action} in {province or 'any province'}",
            user_message=str(
                _("没有相应的权限，或案件不在您负责的省份。如有疑问，请联系系统管理员。")
            ),
        )


def require_case(person: Person, action: Action, row: CaseRow | None, case_no: str) -> CaseRow:
    """The case of the number that was asked for; `NotAllowed` where the person may not do this.

    A foreign case and a missing one are answered alike: there is none.
    """
    require(person, action)
    if row is None or not may(person, action, row.province):
        raise NotAllowed(
            f"there is no case {case_no!r} in which {person.name} ({person.role}) may {action}",
            user_message=_(
                "没有该编号的案件，或案件不在您负责的省份，您没有相应的权限。"
                "如有疑问，请联系系统管理员。"
            ).said(),
        )
    return row


def provinces_of(person: Person) -> frozenset[str] | None:
    """Prefixes the person may look at; None for all."""
    if person.role in PROVINCIAL or person.provinces:
        return frozenset(person.provinces)
    return None


def check_role(role: str) -> None:
    """`WrongUse` for a role that does not exist."""
    if role not in RIGHTS:
        known = "、".join(RIGHTS)
        raise WrongUse(
            f"unknown role {role!r}: choose one of {', '.join(RIGHTS)}",
            user_message=_("未知的角色“{role}”，可用：{known}。").format(role=role, known=known),
        )
