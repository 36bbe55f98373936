"""What a document says, before anything is drawn."""

from dataclasses import dataclass
from datetime import date, datetime

from clerk.drawing.fonts import Face


@dataclass(frozen=True)
class Company:
    """An invented entity."""

    name: str
    uscc: str
    province: str
    """Full official name, 河北省."""
    account_no: str
    contact: str
    phone: str


@dataclass(frozen=True)
class ProjectLine:
    """CCER of one project on a form; tonnes."""

    name: str
    code: str
    amount_t: int


@dataclass(frozen=True)
class Application:
    """An application form's values. ``total_t``: the 合计 row, None without one."""

    company: Company
    obligation_t: int
    offset_t: int
    projects: tuple[ProjectLine, ...]
    date: date
    total_t: int | None = None


@dataclass(frozen=True)
class RecordLine:
    """One operation on a registry screen. ``counted``: a 自愿注销 that is truth, not decoration."""

    project_name: str
    project_code: str
    quantity_t: int
    time: datetime
    serial: str
    operation: str = "自愿注销"
    status: str = "已完成"

    @property
    def counted(self) -> bool:
        return self.operation == "自愿注销"


@dataclass(frozen=True)
class Cancellation:
    """A registry screenshot's values."""

    account_name: str
    account_no: str
    records: tuple[RecordLine, ...]


@dataclass(frozen=True)
class SealPlan:
    """The seal to put on a document: whose, and of which kind."""

    text: str
    code: str = ""
    kind: str = ""
    oval: bool = False
    face: Face | None = None
    """The ring's type, set slender as seal makers do; None: the packaged one, bold."""
