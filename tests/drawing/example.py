"""A small DemoResult, made by hand: what the page's tests show."""

import io

import pypdfium2
from PIL import ImageDraw

from clerk.demo import mails, papers
from clerk.demo.data import at, world
from clerk.demo.result import (
    CaseShown,
    ChatLine,
    DemoResult,
    DocumentShown,
    EventLine,
    FileShown,
    LetterShown,
    MailShown,
    Outcome,
    Step,
    Table,
    Verification,
)
from clerk.drawing import Drawn
from procedure.facts import ReadLine
from procedure.findings import Finding

WORLD = world()
LETTER = """<html><body style="font-family:sans-serif"><p>河北恒凌示例热电有限公司：</p>
<p>您单位的申请已收到，案号 <b>CCER-2019-13-0001</b>。</p>
<img src="cid:chart@clerk"></body></html>"""
CAP = Finding(
    "offset-cap",
    "附件3 §1(1)",
    "error",
    "申请抵销 98,800 吨，超过应清缴配额 1,936,000 吨的 5%（96,800 吨）2,000 吨。",
    "offset_t",
)


def picture(drawn: Drawn) -> bytes:
    """The page with its truth boxed, as the reader's overlay looks."""
    image = pypdfium2.PdfDocument(drawn.data)[0].render(scale=1.5).to_pil().convert("RGB")
    draw = ImageDraw.Draw(image)
    for value in drawn.truth.fields.values():
        if value.box:
            x0, y0, x1, y1 = value.box
            box = (x0 * image.width, y0 * image.height, x1 * image.width, y1 * image.height)
            draw.rectangle(box, outline=(30, 140, 60), width=2)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _lines(drawn: Drawn) -> tuple[ReadLine, ...]:
    names = {
        "enterprise_name": "单位名称",
        "uscc": "统一社会信用代码",
        "obligation_t": "应清缴配额",
    }
    fields = [(names.get(key, key), value) for key, value in drawn.truth.fields.items()]
    return tuple(
        ReadLine(label, value.printed, label != "date", "" if label != "date" else "待人工核对")
        for label, value in fields
    )


def _mails() -> tuple[MailShown, ...]:
    outcomes: dict[str, Outcome] = {
        "over-cap": "finding",
        "wrong-seal": "finding",
        "unreadable": "tray",
    }
    shown = []
    for mail in mails.applications(WORLD):
        outcome = outcomes.get(mail.key, "silent" if mail.key == "auto-reply" else "good")
        places = ("立案 CCER-2019-13-0001，申请 1",)
        shown.append(
            MailShown(
                mail.key, mail.title, mail.sender, mail.subject, mail.at, "申请", outcome,
                places, mail.files, ("CCER-2019-13-0001",),
            )
        )  # fmt: skip
    return tuple(shown)


def _documents() -> tuple[DocumentShown, ...]:
    good, bad = papers.form(WORLD, 1, "digital"), papers.form(WORLD, 3, "digital")
    docx = papers.form(WORLD, 0, "docx")
    return (
        DocumentShown("docx", "CCER抵销申请表.docx", "申请表", _lines(docx), seconds=0.04),
        DocumentShown(
            "pdf", "申请表（盖章）.pdf", "申请表", _lines(good), (), picture(good),
            "公章，与单位名称一致", "", 0.12,
        ),
        DocumentShown(
            "over-cap", "抵销申请表.pdf", "申请表", _lines(bad), (CAP,), picture(bad),
            "公章，与单位名称一致", "", 0.11,
        ),
        DocumentShown(
            "unreadable", "扫描件0001.pdf", "其他", (),
            problem="图像过于模糊，无法识读；请重新扫描（不低于 200 dpi）后再发。", seconds=2.4,
        ),
    )  # fmt: skip


def _letters() -> tuple[LetterShown, ...]:
    chart = FileShown("chart.png", "image/png", 300, papers.logo(), "chart@clerk")
    sheet = FileShown("周汇总.xlsx", "application/vnd.ms-excel", 8123, b"PK")
    rows = (("单位", "申请抵销（吨）"), ("河北恒凌示例热电有限公司", "210,000"))
    to = ("hengling_tan@163.example",)
    return (
        LetterShown("回执", "receipt", to, "回执：申请表已收到", at(8, 42), LETTER, mail="docx",
                    files=(chart,)),
        LetterShown("确认通知", "decision", to, "确认通知", at(10, 5), LETTER, mail="docx"),
        LetterShown("周汇总", "digest", ("registry@ccersc.org.cn",), "河北省第5周汇总", at(17, 31),
                    LETTER, files=(sheet,), tables=(Table("周汇总.xlsx", rows),)),
        LetterShown("每日注销记录", "digest", ("hebei@sthj.example",), "每日注销记录 11-26",
                    at(17, 5), LETTER, cc=("ccer@chinacrc.net.cn",)),
    )  # fmt: skip


def _cases() -> tuple[CaseShown, ...]:
    events = (
        EventLine(at(8, 41), "hengling_tan@163.example", "收到申请表", "CCER抵销申请表.docx"),
        EventLine(at(10, 4), "陈示例", "确认", "各项相符"),
    )
    return (
        CaseShown("CCER-2019-13-0001", WORLD.entities[0].name, "河北省", "verified", "已核实",
                  210_000, 210_000, 210_000, events),
        CaseShown("CCER-2019-37-0002", WORLD.entities[3].name, "山东省", "returned", "已退回",
                  98_800, None, 0, events[:1]),
    )  # fmt: skip


def example() -> DemoResult:
    """A result with one of everything."""
    return DemoResult(
        "CCER 抵销配额清缴：一天的邮件办理演示",
        "示例办公室（河北、山东、兵团）",
        "全国碳市场第一个履约周期（2019-2020年度）",
        (
            Step("收信", "上午收到 10 封来信。", at(8, 40), "附件3 §2 step 3"),
            Step("确认", "河北省确认 2 件、退回 1 件。", at(10, 4), "附件3 §2 step 4"),
            Step("报表", "周汇总与每日注销记录发出。", at(17, 31), "附件3 §2 step 6"),
        ),
        _mails(),
        _documents(),
        _letters(),
        (
            ChatLine("陈示例", "/todo", True, at(10, 1)),
            ChatLine("书记员", "待确认 2 件：\n1. CCER-2019-13-0001 河北恒凌示例热电", False,
                     at(10, 1), ("确认", "退回")),
        ),
        _cases(),
        Verification(10, 11, 42, 17, (("申请", 6), ("重复件", 1), ("另存", 1), ("待人工", 1))),
        84.2,
        ("RapidOCR PP-OCRv6", "PP-OCRv4"),
    )  # fmt: skip
