"""The demo's world: entities of three provinces, their accounts, holdings and projects.

Everything is invented; credit codes stand over area codes that are not assigned (…9999).
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook

from clerk.drawing.invent import credit_code
from procedure.clock import BEIJING
from procedure.registry import (
    Account,
    CancellationRecord,
    Credit,
    Entity,
    Holding,
    Project,
    RegistryKind,
    Surrender,
)

DAY = date(2021, 11, 26)
"""A Friday inside the window: applications, cancellations, both digests on one day."""
PROVINCES = ("13", "37", "66")
OWN_ADDRESS = "ccer@clerk.example"


def at(hour: int, minute: int, second: int = 0) -> datetime:
    """A moment of the demo's day, Beijing time."""
    return datetime(DAY.year, DAY.month, DAY.day, hour, minute, second, tzinfo=BEIJING)


@dataclass(frozen=True)
class Staff:
    """A member of staff of the demo."""

    name: str
    role: str
    provinces: tuple[str, ...]


STAFF = (
    Staff("陈示例", "reviewer", ("13",)),
    Staff("鲁示例", "reviewer", ("37",)),
    Staff("石示例", "reviewer", ("66",)),
)


@dataclass(frozen=True)
class DemoWorld:
    """All registry rows of the demo, at its end."""

    entities: tuple[Entity, ...]
    accounts: tuple[Account, ...]
    holdings: tuple[Holding, ...]
    projects: tuple[Project, ...]
    cancellations: tuple[CancellationRecord, ...]
    credits: tuple[Credit, ...]
    surrenders: tuple[Surrender, ...]


_ENTITIES = (
    Entity(
        "河北恒凌示例热电有限公司",
        credit_code("13", 100001),
        "13",
        4_812_600,
        emails=("hengling_tan@163.example",),
        account_no="CN-100-1300001",
    ),
    Entity(
        "河北弘晟示例发电有限责任公司",
        credit_code("13", 100002),
        "13",
        2_350_418,
        emails=("hongsheng.power@qq.example",),
        account_no="CN-100-1300002",
    ),
    Entity(
        "山东隆朔示例铝业股份有限公司",
        credit_code("37", 200001),
        "37",
        12_640_275,
        emails=("longshuo-al@163.example",),
        account_no="CN-100-3700001",
    ),
    Entity(
        "山东翎川示例化工有限公司",
        credit_code("37", 200002),
        "37",
        1_936_000,
        emails=("lingchuan.chem@qq.example",),
        account_no="CN-100-3700002",
    ),
    Entity(
        "新疆兵团昊源示例能源有限公司",
        credit_code("66", 300001),
        "66",
        3_127_940,
        emails=("haoyuan-energy@163.example",),
        account_no="CN-100-6600001",
    ),
    Entity(
        "河北禹辰示例水泥有限公司",
        credit_code("13", 100003),
        "13",
        986_340,
        emails=("yuchen.cement@qq.example",),
        account_no="CN-100-1300003",
    ),
    Entity(
        "山东泰岳示例造纸有限公司",
        credit_code("37", 200003),
        "37",
        742_110,
        emails=("taiyue.paper@outlook.example",),
    ),
    Entity(
        "河北沛盛示例钢铁有限公司",
        credit_code("13", 100004),
        "13",
        8_204_500,
        emails=("peisheng-steel@163.example",),
        account_no="CN-100-1300004",
    ),
)
_PROJECTS = (
    ("CCER-0364", "内蒙古瑞驰示例风电场一期49.5MW工程", "风力发电"),
    ("CCER-0730", "湖南高曜示例垃圾填埋气发电项目", "甲烷回收利用"),
    ("JX-2013-304", "甘肃晟源示例20MW光伏发电项目", "光伏发电"),
    ("CCER-1194", "四川润邦示例户用沼气利用项目", "甲烷回收利用"),
)
_HOLDINGS = (
    ("CN-100-1300001", "CCER-0364", 150_000),
    ("CN-100-1300001", "CCER-0730", 90_000),
    ("CN-100-1300002", "JX-2013-304", 120_000),
    ("CN-100-3700001", "CCER-0364", 480_000),
    ("CN-100-3700001", "CCER-1194", 160_000),
    ("CN-100-3700002", "CCER-0730", 130_000),
    ("CN-100-6600001", "JX-2013-304", 156_000),
    ("CN-100-1300003", "CCER-1194", 52_000),
    ("CN-100-1300004", "CCER-0730", 410_000),
)
_CANCELLED = (
    # account, project, tonnes, at, first serial; the fourth is less than what was confirmed.
    ("CN-100-1300001", "CCER-0364", 140_000, at(14, 6, 12), 301_200_001),
    ("CN-100-1300001", "CCER-0730", 70_000, at(14, 9, 40), 417_560_001),
    ("CN-100-1300002", "JX-2013-304", 117_520, at(14, 31, 5), 502_338_101),
    ("CN-100-6600001", "JX-2013-304", 150_000, at(15, 2, 57), 503_100_001),
)


def world() -> DemoWorld:
    """The one world of the demo: no randomness."""
    owners = {entity.account_no: entity for entity in _ENTITIES if entity.account_no}
    return DemoWorld(
        _ENTITIES,
        tuple(Account(no, owner.name, owner.uscc, "正常") for no, owner in owners.items()),
        tuple(Holding(*row) for row in _HOLDINGS),
        tuple(_project(*row) for row in _PROJECTS),
        tuple(_cancellation(owners, *row) for row in _CANCELLED),
        _credits(),
        _surrenders(),
    )


def _project(code: str, name: str, kind: str) -> Project:
    return Project(code, name, False, date(2013, 1, 1), date(2016, 12, 31), date(2015, 6, 30), kind)


def _cancellation(
    owners: Mapping[str, Entity], account: str, code: str, tonnes: int, when: datetime, first: int
) -> CancellationRecord:
    names = {project: name for project, name, _ in _PROJECTS}
    owner = owners[account]
    return CancellationRecord(
        account,
        owner.name,
        code,
        names[code],
        tonnes,
        "自愿注销",
        "已完成",
        when,
        f"{first}-{first + tonnes - 1}",
        owner.province,
        f"ZX20211126{when:%H%M%S}",
    )


def _credits() -> tuple[Credit, ...]:
    first, second = _ENTITIES[0], _ENTITIES[1]
    return (
        Credit(first.name, first.account_no, 210_000, at(17, 20), first.uscc, "DX0001"),
        Credit(second.name, second.account_no, 117_520, at(17, 20), second.uscc, "DX0002"),
    )


def _surrenders() -> tuple[Surrender, ...]:
    first, second = _ENTITIES[0], _ENTITIES[1]
    return (
        Surrender(first.name, 210_000, "registered", at(17, 40), first.uscc, "QJ0001"),
        Surrender(second.name, 117_520, "confirmed", at(17, 40), second.uscc, "QJ0002"),
    )


_Row = Sequence[str | int]


def _entities(all_rows: DemoWorld) -> list[_Row]:
    head: _Row = ("单位名称", "统一社会信用代码", "所属省份", "应清缴碳排放配额（吨）", "联系邮箱",
                  "一般持有账户账号")  # fmt: skip
    return [head] + [
        (e.name, e.uscc, e.province, e.obligation_t, ";".join(e.emails), e.account_no)
        for e in all_rows.entities
    ]


def _accounts(all_rows: DemoWorld) -> list[_Row]:
    head: _Row = ("一般持有账户账号", "账户名称", "统一社会信用代码", "账户状态")
    return [head] + [
        (a.account_no, a.owner_name, a.owner_uscc, a.status) for a in all_rows.accounts
    ]


def _holdings(all_rows: DemoWorld) -> list[_Row]:
    head: _Row = ("一般持有账户账号", "项目编号", "持有量（吨）")
    return [head] + [(h.account_no, h.project_code, h.quantity_t) for h in all_rows.holdings]


def _projects(all_rows: DemoWorld) -> list[_Row]:
    head: _Row = ("项目编号", "项目名称", "是否纳入全国碳市场", "减排量产生起始日期",
                  "减排量产生截止日期", "登记日期", "项目类型")  # fmt: skip
    return [head] + [
        (p.code, p.name, "否", *(str(d) for d in (p.produced_from, p.produced_to)),
         str(p.registered_on), p.project_type)
        for p in all_rows.projects
    ]  # fmt: skip


def _cancellations(all_rows: DemoWorld) -> list[_Row]:
    head: _Row = ("业务编号", "账户名称", "一般持有账户账号", "项目编号", "项目名称",
                  "注销数量（吨）", "操作类型", "状态", "完成时间", "序列号", "省份")  # fmt: skip
    return [head] + [
        (c.reference, c.account_name, c.account_no, c.project_code, c.project_name, c.quantity_t,
         c.operation, c.status, _moment(c.time), c.serial, c.province)
        for c in all_rows.cancellations
    ]  # fmt: skip


def _credit_rows(all_rows: DemoWorld) -> list[_Row]:
    head: _Row = ("单位名称", "统一社会信用代码", "一般持有账户账号", "抵销CCER数量", "生成时间",
                  "业务编号")  # fmt: skip
    return [head] + [
        (c.entity_name, c.uscc, c.account_no, c.quantity_t, _moment(c.time), c.reference)
        for c in all_rows.credits
    ]


def _surrender_rows(all_rows: DemoWorld) -> list[_Row]:
    words = {"applied": "已申请", "confirmed": "省级已确认", "registered": "已登记"}
    head: _Row = ("单位名称", "统一社会信用代码", "清缴数量", "状态", "登记时间", "业务编号")
    return [head] + [
        (s.entity_name, s.uscc, s.quantity_t, words[s.status], _moment(s.time), s.reference)
        for s in all_rows.surrenders
    ]


_TABLES: Mapping[RegistryKind, tuple[str, Callable[[DemoWorld], list[_Row]]]] = {
    "entities": ("entities.xlsx", _entities),
    "accounts": ("accounts.csv", _accounts),
    "holdings": ("holdings.csv", _holdings),
    "projects": ("projects.xlsx", _projects),
    "cancellations": ("cancellations.xlsx", _cancellations),
    "credits": ("credits.csv", _credit_rows),
    "surrenders": ("surrenders.csv", _surrender_rows),
}


def registry_file(kind: RegistryKind) -> tuple[str, bytes]:
    """Name and bytes of one registry file.

    xlsx with a title row above the headings, or csv in GB 18030 as Excel in China saves it.
    """
    name, table = _TABLES[kind]
    rows = table(world())
    return name, _xlsx(rows) if name.endswith(".xlsx") else _csv(rows)


def write_registry(directory: Path, kinds: Sequence[RegistryKind]) -> dict[RegistryKind, Path]:
    """Write these registry files; returns kind → path. The directory is made where missing."""
    directory.mkdir(parents=True, exist_ok=True)
    written: dict[RegistryKind, Path] = {}
    for kind in kinds:
        name, data = registry_file(kind)
        written[kind] = directory / name
        written[kind].write_bytes(data)
    return written


def _xlsx(rows: Sequence[_Row]) -> bytes:
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("a new workbook has a sheet")
    sheet.append(("示例数据（虚构）",))
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _csv(rows: Sequence[_Row]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("gb18030")


def _moment(when: datetime | None) -> str:
    return f"{when:%Y-%m-%d %H:%M:%S}" if when else ""
