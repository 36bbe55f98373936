"""What people call the fields (Simplified Chinese)."""

from collections.abc import Mapping

FIELD_NAMES: Mapping[str, str] = {
    "enterprise_name": "单位名称",
    "uscc": "统一社会信用代码",
    "province": "所属省份",
    "obligation_t": "应清缴配额总量",
    "offset_t": "申请抵销量",
    "account_no": "一般持有账户",
    "contact": "联系人",
    "phone": "联系电话",
    "date": "申请日期",
    "year": "年度",
    "seal": "公章",
    "rows_total": "合计",
    "name": "项目名称",
    "code": "项目编号",
    "amount_t": "抵销量",
    "account_name": "账户名称",
    "project_name": "项目名称",
    "project_code": "项目编号",
    "quantity_t": "注销数量",
    "operation": "操作类型",
    "status": "状态",
    "time": "操作时间",
    "serial": "减排量序列号",
}


def field_name(name: str) -> str:
    """The Chinese name of a field; the field's own name where there is none."""
    return FIELD_NAMES.get(name, name)
