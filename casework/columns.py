"""What the columns of each registry file may be called, in Chinese and English.

Layouts of the registries' exports are not fixed by any text, so a heading is looked up by meaning:
NFKC, without spaces, marks and its unit in brackets.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from procedure.registry import RegistryKind


@dataclass(frozen=True)
class Column:
    """A field and the headings it goes by; the first one is what messages call it."""

    field: str
    names: tuple[str, ...]
    required: bool = False

    @property
    def label(self) -> str:
        return self.names[0]


_TONNES = ("数量", "quantity", "quantity_t", "数量吨", "ccer数量", "tonnes", "amount", "amount_t")
_ACCOUNT = (
    "一般持有账户账号",
    "account_no",
    "账户账号",
    "持有账户账号",
    "一般持有账户",
    "一般持有账号",
    "账户号码",
    "账户编号",
    "账户号",
    "账号",
    "account",
    "accountnumber",
)
_NAME = (
    "单位名称",
    "name",
    "重点排放单位名称",
    "重点排放单位",
    "企业名称",
    "entity",
    "entity_name",
    "enterprise_name",
    "company",
)
_USCC = (
    "统一社会信用代码",
    "uscc",
    "社会信用代码",
    "信用代码",
    "统一信用代码",
    "credit_code",
    "creditcode",
)
_PROVINCE = ("所属省份", "province", "省份", "省", "所在省", "所属省", "所属地区", "地区")
_PROJECT_CODE = (
    "项目编号",
    "project_code",
    "ccer项目编号",
    "项目备案编号",
    "备案编号",
    "项目代码",
    "项目号",
    "编号",
    "code",
    "project",
    "project_no",
)
_PROJECT_NAME = ("项目名称", "project_name", "ccer项目名称", "name", "项目")
_STATUS = ("状态", "status", "办理状态", "业务状态", "履约状态")
_TIME = (
    "时间",
    "time",
    "操作时间",
    "注销时间",
    "完成时间",
    "办理时间",
    "生成时间",
    "登记时间",
    "申请时间",
    "日期",
    "datetime",
    "date",
    "timestamp",
)
_REFERENCE = ("业务编号", "reference", "流水号", "业务流水号", "交易编号", "单号", "申请编号", "id")

COLUMNS: Mapping[RegistryKind, tuple[Column, ...]] = {
    "entities": (
        Column("name", _NAME, required=True),
        Column("uscc", _USCC, required=True),
        Column("province", _PROVINCE, required=True),
        Column(
            "obligation_t",
            (
                "应清缴碳排放配额",
                "obligation",
                "obligation_t",
                "应清缴配额",
                "应清缴配额量",
                "应清缴配额总量",
                "应清缴总量",
                "应清缴量",
                "应清缴碳排放配额总量",
                "经核查应清缴配额量",
            ),
            required=True,
        ),
        Column("year", ("年度", "year", "履约年度", "年份", "清缴年度")),
        Column(
            "emails",
            ("联系邮箱", "emails", "email", "邮箱", "电子邮箱", "电子邮件", "登记邮箱", "e-mail"),
        ),
        Column("account_no", _ACCOUNT),
    ),
    "accounts": (
        Column("account_no", _ACCOUNT, required=True),
        Column(
            "owner_name",
            (
                "账户名称",
                "owner_name",
                "owner",
                "开户单位",
                "账户持有人",
                "持有人",
                "户名",
                "account_name",
                *_NAME,
            ),
            required=True,
        ),
        Column("owner_uscc", (*_USCC, "owner_uscc")),
        Column("status", ("账户状态", *_STATUS)),
    ),
    "holdings": (
        Column("account_no", _ACCOUNT, required=True),
        Column("project_code", _PROJECT_CODE, required=True),
        Column("quantity_t", ("持有量", "持有数量", "可用数量", *_TONNES), required=True),
    ),
    "projects": (
        Column("code", _PROJECT_CODE, required=True),
        Column("name", _PROJECT_NAME, required=True),
        Column(
            "covered",
            (
                "是否纳入全国碳市场",
                "covered",
                "纳入全国碳市场",
                "是否纳入全国碳市场配额管理",
                "纳入配额管理",
                "是否纳入配额管理",
                "是否纳入",
            ),
        ),
        Column(
            "produced_from",
            (
                "减排量产生起始日期",
                "produced_from",
                "减排量起始日期",
                "产生开始",
                "起始日期",
                "from",
            ),
        ),
        Column(
            "produced_to",
            ("减排量产生截止日期", "produced_to", "减排量截止日期", "产生结束", "截止日期", "to"),
        ),
        Column(
            "registered_on", ("登记日期", "registered_on", "登记时间", "备案日期", "registered")
        ),
        Column("project_type", ("项目类型", "project_type", "类型", "类别", "type")),
    ),
    "cancellations": (
        Column("account_no", _ACCOUNT, required=True),
        Column(
            "account_name",
            ("账户名称", "account_name", "持有人", "账户持有人", "户名", *_NAME),
            required=True,
        ),
        Column("project_code", _PROJECT_CODE, required=True),
        Column("project_name", _PROJECT_NAME),
        Column("quantity_t", ("注销数量", "注销量", *_TONNES), required=True),
        Column(
            "operation",
            ("操作类型", "operation", "业务类型", "操作", "交易类型", "type"),
            required=True,
        ),
        Column("status", _STATUS, required=True),
        Column("time", _TIME, required=True),
        Column("serial", ("序列号", "serial", "序列号段", "编码区间", "ccer编码", "serials")),
        Column("province", _PROVINCE),
        Column("reference", _REFERENCE),
    ),
    "credits": (
        Column("entity_name", _NAME, required=True),
        Column("account_no", _ACCOUNT),
        Column("quantity_t", ("抵销ccer数量", "生成数量", *_TONNES), required=True),
        Column("time", _TIME, required=True),
        Column("uscc", _USCC),
        Column("reference", _REFERENCE),
    ),
    "surrenders": (
        Column("entity_name", _NAME, required=True),
        Column("quantity_t", ("清缴数量", "抵销数量", "抵销量", *_TONNES), required=True),
        Column("status", _STATUS, required=True),
        Column("time", _TIME, required=True),
        Column("uscc", _USCC),
        Column("reference", _REFERENCE),
    ),
}

_MARKS = re.compile(r"[\s_\-:*#·、/]+")
_BRACKETS = re.compile(r"[(\[【][^)\]】]*[)\]】]")
_MILLION = re.compile(r"万\s*吨|10\s*\^?4\s*t|wt", re.IGNORECASE)


@dataclass(frozen=True)
class Heading:
    """A recognised heading: its position, field and the unit of its tonnes."""

    position: int
    field: str
    label: str
    unit: str


def plain(heading: str) -> str:
    """A heading without what varies: width, case, marks, bracketed unit or remark."""
    text = unicodedata.normalize("NFKC", heading).lower()
    return _MARKS.sub("", _BRACKETS.sub("", text))


def headings(kind: RegistryKind, cells: tuple[str, ...]) -> tuple[Heading, ...]:
    """The columns of ``kind`` that a row of cells names; a column is taken once, leftmost."""
    found: dict[str, Heading] = {}
    taken: set[int] = set()
    # Exact names first, field by field: "name" is the entity in one file, the project in another.
    for column in COLUMNS[kind]:
        names = {plain(name): rank for rank, name in reversed(list(enumerate(column.names)))}
        ranked = [
            (names[plain(cell)], position)
            for position, cell in enumerate(cells)
            if position not in taken and plain(cell) in names
        ]
        if ranked:
            _, position = min(ranked)
            taken.add(position)
            unit = "万吨" if _MILLION.search(cells[position]) else "吨"
            found[column.field] = Heading(position, column.field, cells[position], unit)
    return tuple(found.values())


def missing(kind: RegistryKind, found: tuple[Heading, ...]) -> tuple[Column, ...]:
    """Required columns that no heading names."""
    fields = {heading.field for heading in found}
    return tuple(c for c in COLUMNS[kind] if c.required and c.field not in fields)
