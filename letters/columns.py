"""The columns of a digest's sheets, each with what it holds: the sheet explains itself."""

from collections.abc import Sequence

from letters.sheets import Cell
from procedure.language import Text, _

Column = tuple[Text, Text]
"""Heading, and what the column holds."""
COLUMN = _("栏目：{name}")

WEEKLY: Sequence[Column] = (
    (_("类别"), _("新增、新版本、状态更新、更正或撤回；同一申请可有多行，合计只计一次")),
    (_("案件编号"), _("一个单位在一个周期（按年度设上限的，每年度）一个案件")),
    (_("申请"), _("该案件的第几份申请")),
    (_("版本"), _("该份申请的第几版")),
    (_("单位名称"), _("申请表所列重点排放单位名称")),
    (_("统一社会信用代码"), _("申请表所列，18 位，文本")),
    (_("应清缴配额（吨）"), _("申请表所列，吨二氧化碳当量")),
    (_("申请抵销（吨）"), _("申请表所列的抵销量")),
    (_("上限（吨）"), _("应清缴配额乘以上限比例，向下取整")),
    (_("确认抵销（吨）"), _("省级主管部门确认的抵销量，未确认的为空")),
    (_("一般持有账户"), _("自愿减排注册登记系统账号，文本")),
    (_("阶段"), _("该行所述变化发生时申请所处的阶段")),
    (_("收件时间"), _("北京时间")),
    (_("决定时间"), _("确认或退回的北京时间")),
    (_("核对意见"), _("须更正或请核对的核对结果，没有的为空")),
)
DAILY: Sequence[Column] = (
    (_("账户名称"), _("注册登记系统记录的账户持有人")),
    (_("账户编号"), _("一般持有账户账号，文本")),
    (_("项目编号"), _("CCER项目编号")),
    (_("项目名称"), _("CCER项目名称")),
    (_("数量（吨）"), _("该笔操作的数量")),
    (_("操作类型"), _("注册登记系统所列，合计只计已完成的自愿注销")),
    (_("状态"), _("注册登记系统所列")),
    (_("时间"), _("注册登记系统的操作时间，北京时间")),
    (_("序列号"), _("注册登记系统所列，文本")),
    (_("案件编号"), _("该笔记录所属的案件，没有的为空")),
    (_("核对意见"), _("与确认结果核对的意见，没有的为空")),
    (_("类别"), _("新增、更正（以前通报过的记录，登记内容有变）或补充（以前日期的记录）")),
)


def head(columns: Sequence[Column]) -> tuple[str, ...]:
    """The headings."""
    return tuple(str(name) for name, _said in columns)


def explained(columns: Sequence[Column]) -> list[list[Cell]]:
    """Rows for the sheet of explanations."""
    return [[COLUMN.format(name=name), str(said)] for name, said in columns]
