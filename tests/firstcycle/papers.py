"""What the entities of a plan send, as raw mails, and the registry's files."""

import csv
import io
from collections.abc import Iterable, Sequence

from clerk.demo.mime import Draft, Enclosure, Flavour, write
from clerk.drawing.content import Application, Cancellation, ProjectLine, RecordLine, SealPlan
from clerk.drawing.documents import draw_application
from clerk.drawing.fonts import packaged
from clerk.drawing.invent import seal_code
from clerk.drawing.pdf import text_pdf
from clerk.drawing.screens import printed_screen
from clerk.drawing.style import Style
from tests.firstcycle.plan import PROJECTS, Cancelled, Firm, Form, Plan, Proof

TO = "ccer@clerk.example"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
STYLES = (
    Style(packaged(), "grid", wording=0, separator=",", opinion=True),
    Style(packaged(), "list", wording=1, separator=",", unit_after=True, opinion=True, day=2),
    Style(packaged(), "list", wording=2, separator=",", opinion=True),
    Style(packaged(), "stacked", wording=3, separator=","),
)
FLAVOURS: tuple[Flavour, ...] = ("qq", "163", "outlook")
Rows = Sequence[Sequence[object]]


def _seal(firm: Firm) -> SealPlan | None:
    if not firm.sealed:
        return None
    return SealPlan(firm.company.name, seal_code(firm.prefix, 4_000_000 + firm.number))


def form_mail(form: Form) -> bytes:
    """The mail of a form; a copy has a Message-ID of its own and the same file."""
    drawn = _docx(form.firm, form.number, form.projects)
    file = Enclosure("使用CCER抵销配额清缴申请表.docx", DOCX, drawn)
    key = f"form{form.number}{'.again' if form.copy else ''}"
    return _mail(form.firm, key, "报送CCER抵销配额清缴申请表", form, file)


def _docx(firm: Firm, number: int, projects: tuple[ProjectLine, ...]) -> bytes:
    total = sum(line.amount_t for line in projects)
    app = Application(
        firm.company, firm.obligation_t, total, projects, firm.applies,
        total if len(projects) > 1 else None,
    )  # fmt: skip
    style = STYLES[firm.number % len(STYLES)]
    return draw_application(app, style, "docx", 10 * firm.number + number, _seal(firm)).data


def proof_mail(proof: Proof) -> bytes:
    """The mail with the screenshot, printed, sealed and made a PDF with a text layer."""
    firm = proof.firm
    records = tuple(
        RecordLine(
            one.project.name, one.project.code, one.project.amount_t,
            one.time.replace(tzinfo=None), one.reference,
        )
        for one in proof.records
    )  # fmt: skip
    said = Cancellation(firm.company.name, firm.company.account_no, records)
    sheet = printed_screen(said, STYLES[firm.number % 2], _seal(firm), firm.number)
    file = Enclosure("注销截图（盖章）.pdf", "application/pdf", text_pdf(sheet, firm.number))
    return _mail(firm, "proof", "自愿注销完成截图", proof, file)


def _mail(firm: Firm, key: str, subject: str, sent: Form | Proof, file: Enclosure) -> bytes:
    own = firm.company
    text = f"您好：\n现报送{own.name}的材料，请查收。\n联系人：{own.contact}"
    return write(
        Draft(
            FLAVOURS[firm.number % 3], firm.email, own.contact, TO, f"{subject}-{own.name}",
            text, sent.at, f"{key}.{firm.number}@firm{firm.number:04}.example", (file,),
        )
    )  # fmt: skip


def _csv(head: str, rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([head.split(","), *rows])
    return out.getvalue().encode("gb18030")


def lists(plan: Plan) -> dict[str, bytes]:
    """The registry's lists before the first day, by kind."""
    firms = plan.firms
    return {
        "entities": _csv(
            "单位名称,统一社会信用代码,所属省份,应清缴碳排放配额（吨）,联系邮箱,一般持有账户账号",
            [(f.company.name, f.company.uscc, f.company.province, f.obligation_t, f.email,
              f.company.account_no) for f in firms],
        ),
        "accounts": _csv(
            "一般持有账户账号,账户名称,统一社会信用代码,账户状态",
            [(f.company.account_no, f.company.name, f.company.uscc, "正常") for f in firms],
        ),
        "holdings": _csv(
            "一般持有账户账号,项目编号,持有量（吨）",
            [(f.company.account_no, code, 1_000_000) for f in firms for code, _ in PROJECTS],
        ),
        "projects": _csv(
            "项目编号,项目名称,是否纳入全国碳市场,减排量产生起始日期,减排量产生截止日期,登记日期,项目类型",
            [(code, name, "否", "2013-01-01", "2016-12-31", "2015-06-30", "风力发电")
             for code, name in PROJECTS],
        ),
    }  # fmt: skip


def cancellations(rows: Iterable[Cancelled]) -> bytes:
    """What the registry answers on one day."""
    head = (
        "业务编号,账户名称,一般持有账户账号,项目编号,项目名称,注销数量（吨）,操作类型,状态,完成时间,"
        "省份"
    )
    return _csv(
        head,
        [(r.reference, r.firm.company.name, r.firm.company.account_no, r.project.code,
          r.project.name, r.project.amount_t, "自愿注销", r.status,
          f"{r.time:%Y-%m-%d %H:%M:%S}", r.firm.company.province) for r in rows],
    )  # fmt: skip
