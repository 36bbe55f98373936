"""How a document looks: labels, layout, spellings. All choices are data, drawn from a seed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Literal

from clerk.drawing.fonts import Face, packaged
from procedure.tonnes import Unit

Layout = Literal["grid", "list", "stacked", "lines"]
ScreenLayout = Literal["list", "detail", "open", "cards"]
SealOver = Literal["date", "sign", "amount"]

TITLE = "全国碳市场第一个履约周期重点排放单位使用CCER抵销配额清缴申请表"
TITLES = (
    TITLE,
    "使用国家核证自愿减排量（CCER）抵销配额清缴申请表",
    "重点排放单位使用CCER抵销碳排放配额清缴申请表",
    "2019-2020年度CCER抵销配额清缴申请表",
    "使用CCER抵销碳排放配额清缴的申请表",
)

# The first four of each go together; further ones are mixed by their different counts.
LABELS: Mapping[str, tuple[str, ...]] = {
    "enterprise_name": (
        "重点排放单位名称", "企业名称", "单位名称", "申请单位名称",
        "重点排放单位", "企业（单位）全称", "控排企业名称",
    ),
    "uscc": (
        "统一社会信用代码", "社会信用代码", "统一社会信用代码（18位）", "信用代码",
        "单位统一社会信用代码",
    ),
    "province": (
        "所属省份", "所在省份", "所属省（区、市）", "省份", "所在省（自治区、直辖市）", "所属地区",
    ),
    "obligation_t": (
        "2019-2020年度应清缴配额总量", "应清缴碳排放配额总量", "2019—2020年应清缴配额总量",
        "应清缴配额量",
        "第一个履约周期应清缴配额总量", "2019、2020年度应清缴碳排放配额合计", "应清缴总量",
    ),
    "offset_t": (
        "申请使用CCER抵销量", "拟抵销配额清缴量", "申请抵销量", "使用CCER抵销配额清缴量",
        "本次申请抵销数量", "拟使用CCER数量",
    ),
    "account_no": (
        "CCER注册登记系统一般持有账户", "一般持有账户账号", "一般持有账户",
        "自愿减排注册登记系统账户",
        "CCER一般持有账户编号", "自愿减排注册登记系统一般持有账户号", "一般持有账户号码",
    ),
    "contact": ("联系人", "经办人", "联系人姓名", "填报人", "业务联系人"),
    "phone": ("联系电话", "联系方式", "电话", "手机号码", "联系人电话", "联系人手机"),
    "date": ("填报日期", "申请日期", "日期", "填表日期", "提交日期"),
    "name": ("CCER项目名称", "项目名称", "减排项目名称", "自愿减排项目名称", "CCER项目"),
    "code": ("项目编号", "项目备案编号", "CCER项目编号", "备案编号", "项目备案号", "CCER项目代码"),
    "amount_t": (
        "抵销量", "使用数量", "数量", "CCER数量", "拟使用量", "使用CCER数量", "拟抵销数量",
    ),
    "block": ("抵销所用CCER", "CCER使用情况", "拟使用CCER信息", "CCER项目信息"),
    "total": ("合计", "合计", "总计", "合 计"),
    "sign": ("单位（盖章）：", "申请单位（公章）：", "重点排放单位（公章）：", "企业（盖章）："),
}  # fmt: skip
SCREEN_LABELS: Mapping[str, tuple[str, ...]] = {
    "account_name": ("账户持有人", "账户名称", "持有人名称", "户名", "开户单位名称"),
    "account_no": ("账户编号", "账号", "一般持有账户", "账户号", "持有账户编号"),
    "project_code": ("项目编号", "项目备案号", "项目备案编号", "CCER项目编号"),
    "project_name": ("项目名称", "CCER项目名称", "减排项目名称", "备案项目名称"),
    "serial": ("减排量序列号", "编码区间", "序列号区间", "起止编号"),
    "quantity_t": ("自愿注销数量", "注销数量", "数量", "本次注销数量", "减排量"),
    "operation": ("操作类型", "业务类型", "业务类型", "事务类型"),
    "status": ("状态", "办理状态", "业务状态", "处理结果", "审核状态"),
    "time": ("完成时间", "操作时间", "办理时间", "注销时间", "提交时间"),
}
SYSTEMS = (
    "国家自愿减排交易注册登记系统",
    "自愿减排注册登记系统",
    "国家自愿减排和排放权交易注册登记系统",
)
DONE = ("已完成", "完成", "办理成功")


@dataclass(frozen=True)
class Style:
    """Choices for one case's documents."""

    face: Face
    layout: Layout = "grid"
    screen: ScreenLayout = "list"
    wording: int = 0
    """Which of the label sets (0-3)."""
    title: str = TITLE
    unit: Unit = "吨"
    separator: str = ""
    """Between thousands: "", ",", "，", " " or "'"."""
    unit_after: bool = False
    """6182吨 rather than the unit in the label alone."""
    full_width: bool = False
    spaced_code: bool = False
    day: int = 0
    """Which spelling of dates (0-5)."""
    opinion: bool = False
    """The province's opinion box at the foot."""
    seal_over: SealOver = "date"
    hue: int = 0
    """Colours of the registry's screen (0-2)."""
    rule: float = 0.3
    """Width of a table's rules, millimetres."""
    size: float = 4.0
    """Of the form's print, millimetres."""
    hand: Face | None = None
    """The values are written by hand, in this face."""

    def label(self, field: str) -> str:
        """The label of a form's field."""
        choices = LABELS[field]
        return choices[self.wording % len(choices)]

    def screen_label(self, field: str) -> str:
        """The label or heading on a registry screen."""
        choices = SCREEN_LABELS[field]
        return choices[self.wording % len(choices)]

    def tonnes(self, amount: int, after: bool = False) -> str:
        """An amount as this document prints it; ``after``: where the unit may follow."""
        text = self._number(amount)
        if after and self.unit_after:
            text += self.unit
        return _widened(text) if self.full_width else text

    def day_text(self, day: date) -> str:
        """A date as this document spells it."""
        spellings = (
            f"{day.year}年{day.month}月{day.day}日",
            f"{day:%Y-%m-%d}",
            f"{day.year} 年 {day.month} 月 {day.day} 日",
            f"{day:%Y/%m/%d}",
            f"{day.year}.{day.month}.{day.day}",
            _chinese_day(day),
        )
        return spellings[self.day % len(spellings)]

    def code_text(self, code: str) -> str:
        """A credit code, in one piece or letter by letter."""
        return " ".join(code) if self.spaced_code else code

    def _number(self, amount: int) -> str:
        if self.unit == "万吨":
            return f"{amount // 10_000}.{amount % 10_000:04}"
        return f"{amount:,}".replace(",", self.separator)


def _widened(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def _chinese_day(day: date) -> str:
    year = "".join("〇一二三四五六七八九"[int(figure)] for figure in str(day.year))
    return f"{year}年{_chinese_number(day.month)}月{_chinese_number(day.day)}日"


def _chinese_number(number: int) -> str:
    figures = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{figures[tens]}十"
    return head + (figures[ones] if ones else "")


def random_style(rng: Random, faces: Sequence[Face] = (), hands: Sequence[Face] = ()) -> Style:
    """A style from a seeded source; ``hands``: faces of handwriting, one of which is taken."""
    unit: Unit = rng.choices(("吨", "万吨"), (4, 1))[0]
    return Style(
        face=rng.choice(list(faces) or [packaged()]),
        layout=rng.choices(("grid", "list", "stacked", "lines"), (3, 3, 2, 2))[0],
        screen=rng.choices(("list", "detail", "open", "cards"), (3, 2, 2, 1))[0],
        wording=rng.randrange(4) if rng.random() < 0.4 else rng.randrange(4, 420),
        title=rng.choices(TITLES, (4, 1, 1, 1, 1))[0],
        unit=unit,
        separator=rng.choices(("", ",", "，", " "), (5, 5, 1, 1))[0],
        unit_after=rng.random() < 0.3,
        full_width=rng.random() < 0.08,
        spaced_code=rng.random() < 0.08,
        day=rng.choices(range(6), (5, 4, 3, 2, 1, 1))[0],
        opinion=rng.random() < 0.5,
        seal_over=rng.choices(("date", "sign"), (3, 2))[0],
        hue=rng.randrange(3),
        rule=rng.choice((0.15, 0.25, 0.3, 0.5)),
        size=rng.choice((3.6, 3.8, 4.0, 4.2)),
        hand=rng.choice(list(hands)) if hands else None,
    )
