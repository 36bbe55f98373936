"""Names of fields and values for people, the same in letters, chat and lists."""

from collections.abc import Mapping
from datetime import datetime

from procedure.clock import beijing
from procedure.language import Words, _, spoken, termed
from procedure.readings import Value
from procedure.values import format_tonnes

TONNES = _("{amount} 吨")
NOTHING = _("（无）")
NO_VALUE = NOTHING.said()
UNREAD = _("未识读").said()
UNSEEN = _("未见").said()
IN_ROW = _("项目 {row} {field}")
FIELD_LABELS: Mapping[str, str] = {
    "enterprise_name": "重点排放单位名称",
    "uscc": "统一社会信用代码",
    "province": "所属省份",
    "obligation_t": "应清缴碳排放配额总量",
    "offset_t": "申请抵销量",
    "account_no": "一般持有账户账号",
    "contact": "联系人",
    "phone": "联系电话",
    "date": "申请日期",
    "account_name": "账户名称",
    "rows_total": "合计",
    "seal": "公章",
}
ROW_LABELS: Mapping[str, str] = {
    "name": "项目名称",
    "code": "项目编号",
    "amount_t": "申请数量",
    "project_name": "项目名称",
    "project_code": "项目编号",
    "quantity_t": "注销数量",
    "operation": "操作类型",
    "status": "状态",
    "time": "时间",
    "serial": "序列号",
}

SEAL_OF = {
    True: _("与申请单位一致"),
    False: _("不是申请单位的公章"),
    None: _("需人工核对"),
}
"""Whose seal it is, by `SealReading.matches_name`."""
SEAL_UNREAD = _("印文未能识读")


def field_label(field: str) -> str:
    """Chinese name of a field; the field itself where it has none."""
    return FIELD_LABELS.get(field) or ROW_LABELS.get(field, field)


def cell(row: int | None, field: str) -> Words:
    """A field; with its row where it stands in one."""
    said = termed(field_label(field))
    return said if row is None else IN_ROW.said(row=row + 1, field=said)


def shown(field: str, value: Value | None) -> str:
    """A value for people: tonnes grouped with their unit, moments as screens show them."""
    if value is None:
        return ""
    if isinstance(value, int):
        return format_tonnes(value) if field.endswith("_t") else str(value)
    return _second(value) if field == "time" else value


def _second(iso: str) -> str:
    """2021-11-26 14:06:12, Beijing time; what is no moment as it is."""
    try:
        return f"{beijing(datetime.fromisoformat(iso)):%Y-%m-%d %H:%M:%S}"
    except (ValueError, OverflowError):
        return iso


def formerly(field: str, value: Value | None) -> str:
    """What a letter said before a person corrected it; of a seal it said that none was seen."""
    return shown(field, value) or (UNSEEN if field == "seal" else UNREAD)


def said_tonnes(amount: int) -> str:
    """An amount in the language that is spoken; `shown` is for letters, which are kept."""
    return TONNES.format(amount=spoken().number(amount))


def said_value(field: str, value: Value | None) -> str:
    """A value in the language that is spoken."""
    if isinstance(value, int) and field.endswith("_t"):
        return said_tonnes(value)
    return shown(field, value) or str(NOTHING)


def moment(when: datetime) -> str:
    """2021-11-03 09:12, Beijing time."""
    return f"{beijing(when):%Y-%m-%d %H:%M}"
