"""Facts of every kind of letter. All companies are invented."""

from dataclasses import replace
from datetime import date, datetime
from typing import Literal

from casework.labels import UNREAD
from casework.telling import AGAIN_BY
from cycles import provinces
from procedure import facts as f
from procedure.clauses import cited
from procedure.clock import BEIJING
from procedure.findings import Finding
from procedure.language import _, termed
from procedure.tonnes import format_tonnes

OFFICE = f.Office("示例省生态环境厅", "clerk@province.example", "0000-55500000")
NAME = "河北示例一电力有限公司"
AT = datetime(2021, 11, 5, 10, 20, tzinfo=BEIJING)
DEADLINE = datetime(2021, 12, 15, 17, 0, tzinfo=BEIJING)
CYCLE = "全国碳市场第一个履约周期"
CASE = "CCER-2019-13-0007"
PROGRESS = f.CycleProgress(12_364, 6_182, 3_000, 0, 51, 40)
CAP = Finding(
    "offset-cap",
    "附件3 §1(1)",
    "error",
    _("该单位申请抵销量合计超过应清缴配额总量的 {percent}，请核对。").said(percent="5%"),
)
OFFSET = termed("申请抵销量")
AGAIN = AGAIN_BY.said(
    clause=cited("附件3 §2 step 3"),
    until=_("本周期申请截止日为 {apply_last}。").said(apply_last="2021-12-10"),
)


def section(name: str = NAME) -> f.ReceiptSection:
    lines = (
        f.ReadLine(OFFSET, format_tonnes(6182), True),
        f.ReadLine(termed("联系人"), "张某", False, UNREAD),
    )
    return f.ReceiptSection("申请表.pdf", "application", CASE, 1, 1, name, lines, (CAP,))


def receipt(name: str = NAME) -> f.Receipt:
    return f.Receipt(OFFICE, CYCLE, AT, "申请", (section(name),), (AGAIN,), DEADLINE)


def task_item(name: str = NAME) -> f.TaskItem:
    found = Finding("offset-cap", "附件3 §1(1)", "error", "申请抵销量超过上限")
    return f.TaskItem(
        CASE,
        1,
        2,
        412,
        name,
        "待省级确认",
        AT,
        6182,
        124833,
        6241,
        (found,),
        ("日期",),
        "李强 建议确认",
    )


def period(kind: Literal["weekly", "daily", "national"]) -> f.Period:
    span = (date(2021, 11, 1), date(2021, 11, 5)) if kind == "weekly" else (date(2021, 11, 5),) * 2
    clause = "附件3 §2 step 4" if kind == "weekly" else "附件3 §2 step 6"
    return f.Period("2019-2020", CYCLE, kind, *span, 2, clause=clause)


def weekly(name: str = NAME) -> f.WeeklySummary:
    row = f.WeeklyRow(
        1, "新增", CASE, 1, 1, name, "91130000", 124833, 6182, 6241, None, "CN-1", "submitted",
        "待省级确认", AT,
    )  # fmt: skip
    return f.WeeklySummary(
        OFFICE, period("weekly"), "河北省", "河北省生态环境厅",
        (row, replace(row, event_seq=2, application=2)), {"待省级确认": 2}, 0,
        249666, 12364, 0, AT, deadline=DEADLINE, waiting=(CASE,), progress=PROGRESS,
    )  # fmt: skip


def daily(rows: int = 1) -> f.DailyRecords:
    row = f.DailyRow(
        1, "新增", NAME, "CN-1", "0364", "项目", 6182, "自愿注销", "已完成", AT, "1-6182", CASE
    )
    return f.DailyRecords(
        OFFICE, period("daily"), "河北省", "河北省生态环境厅", (row,) * rows, 6182 * rows, AT, AT,
        deadline=DEADLINE, progress=PROGRESS,
    )  # fmt: skip


def national(rows: int = 1) -> f.NationalRecords:
    some = daily(rows).rows
    sums = (f.ProvinceSum("河北省", rows, 6182 * rows), f.ProvinceSum("山西省", 0, 0))
    return f.NationalRecords(
        OFFICE, period("national"), some, sums, 6182 * rows, AT, AT, deadline=DEADLINE
    )


LONG = "新疆维吾尔自治区示例第一师阿拉尔市塔里木热电联产有限责任公司"


def full_weekly() -> f.WeeklySummary:
    """A week of many rows, with long names and large amounts."""
    facts = weekly(LONG)
    row = replace(facts.rows[0], obligation_t=124_833_000, offset_t=6_241_650, account_no="CN-1")
    done = replace(
        row, change="状态更新", confirmed_t=6_241_650, stage="confirmed", stage_name="已确认"
    )
    rows = [replace(one, event_seq=n, case_no=f"CCER-2019-13-{n:04}", application=1)
            for n, one in enumerate((row, done) * 4, 1)]  # fmt: skip
    lines = tuple(
        f"CCER-2019-13-{n:04} {NAME} 第 1 份申请（2021-11-0{n} 收件，待省级确认）" for n in (1, 3)
    )
    rows[2] = replace(rows[2], entity_name=NAME, findings="申请抵销量超过应清缴配额的5%。")
    progress = f.CycleProgress(32_730_000, 21_400_000, 9_870_000, 3_120_000, 51, 16)
    return replace(facts, rows=tuple(rows), waiting=lines, progress=progress)


def full_daily() -> f.DailyRecords:
    """A day of many records."""
    facts = daily()
    row = replace(facts.rows[0], account_name=LONG, account_no="CN-100-000-000-012345")
    row = replace(row, quantity_t=6_241_650, serial="CN-1-0001-000000001-000006241650")
    rows = tuple(replace(row, event_seq=n, project_code=f"CCER-0{n}64-2016") for n in range(1, 7))
    progress = f.CycleProgress(32_730_000, 21_400_000, 9_870_000, 3_120_000, 51, 16)
    return replace(facts, rows=rows, total_t=37_449_900, cumulative_t=9_870_000, progress=progress)


def full_national() -> f.NationalRecords:
    """All provinces."""
    names = [one["name"] for one in provinces()["province"]]
    sums = tuple(f.ProvinceSum(name, n % 5, n * 1_234_567 % 9_000_000)
                 for n, name in enumerate(names))  # fmt: skip
    return replace(national(), provinces=sums)


def full_receipt() -> f.Receipt:
    """As an entity gets it: every field of its form, one that was unclear, two findings."""
    read = {
        "单位名称": NAME, "统一社会信用代码": "91130000MA1000017P", "所属省份": "河北省",
        "应清缴配额": "124,833 吨", "CCER一般持有账户": "CN-100-1300007",
        "项目 CCER-0421": "6,182 吨",
        "申请抵销量": "6,182 吨", "申请日期": "2021年11月4日",
    }  # fmt: skip
    lines = (
        *(f.ReadLine(name, value, True) for name, value in read.items()),
        f.ReadLine("联系人", "张某", False, "待核对"),
    )
    seal = Finding("seal-missing", "附件3 §2 step 2", "error", "申请表未见单位公章。")
    first = f.ReceiptSection("申请表.pdf", "application", CASE, 1, 1, NAME, lines, (CAP, seal))
    steps = ("请核减申请抵销量，加盖公章后重新发送整份申请表。",)
    return f.Receipt(OFFICE, CYCLE, AT, "CCER抵销申请", (first,), steps, DEADLINE)


def decision(outcome: Literal["confirmed", "returned", "revoked"]) -> f.Decision:
    return f.Decision(
        OFFICE, CYCLE, CASE, 1, 1, NAME, outcome, AT, "张某", 6182, 124833, "盖章不清",
        (CAP,), (AGAIN,), DEADLINE,
    )  # fmt: skip


def everything() -> dict[str, f.Facts]:
    return {
        "receipt": receipt(),
        "confirmation": decision("confirmed"),
        "return": decision("returned"),
        "revocation": decision("revoked"),
        "reminder": f.Reminder(OFFICE, CYCLE, CASE, NAME, "cancel", 6182, 82, DEADLINE, 5),
        "progress": f.Progress(OFFICE, CYCLE, CASE, NAME, "verified", "已核实", AT, 6182),
        "correction": f.Amendment(
            OFFICE,
            CYCLE,
            CASE,
            1,
            1,
            NAME,
            AT,
            (f.ReadLine(OFFSET, format_tonnes(6182), True, format_tonnes(6132)),),
            (CAP,),
            6182,
            DEADLINE,
        ),
        "lapse": f.Lapse(
            OFFICE, CYCLE, CASE, 1, NAME, 6182, DEADLINE, DEADLINE, AT, "附件3 §2 step 5"
        ),
        "answer": f.StatusAnswer(
            OFFICE, CYCLE, "查询", (f.StatusCase(CASE, NAME, "已确认", AT, 6182),), DEADLINE
        ),
        "task": f.StaffTask(
            OFFICE,
            "王敏",
            "7k3m9q2xw4np6r5t",
            (task_item(),),
            ("信件退回",),
            DEADLINE,
            ("confirm",),
        ),
        "notice": f.StaffNotice(OFFICE, "日报暂缓", ("请导入 6182。",)),
        "weekly": weekly(),
        "daily": daily(),
        "national": national(),
    }
