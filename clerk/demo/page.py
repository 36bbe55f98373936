"""The demo's page: one self-contained HTML file, and its summary for a terminal."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from clerk.demo.result import CaseShown, DemoResult, FileShown, LetterShown, MailShown
from procedure.case import STAGE_NAMES
from procedure.clauses import cited
from procedure.clock import beijing
from procedure.values import format_tonnes

PATH = ("submitted", "confirmed", "cancelled", "verified", "credited", "surrendered")
"""Stages on a case's line; the others stand before the first, or beside."""
_GROUPS = (
    ("receipt", "回执", "每份申请与凭证都有回执：读到了什么，缺什么、错在哪一条，下一步做什么。"),
    ("decision", "确认与退回", "省级主管部门作出决定后，企业收到附依据的通知。"),
    ("progress", "进展与提醒", "核实、生成抵销CCER、登记清缴以及到期提醒。"),
    (
        "digest",
        "周汇总与每日注销记录",
        "周五下班前报国家气候战略中心；每日17:00后发各省，抄送登记机构。",
    ),
)
_SHORT_TABLE = 40
_OUTCOMES = {"good": "相符", "finding": "有问题", "tray": "转人工", "silent": "不答复"}
_SEVERITIES = {"error": "不符", "warning": "需核对", "note": "提示"}


@dataclass(frozen=True)
class Mark:
    """One stage on a case's line."""

    name: str
    done: bool
    here: bool


def render(result: DemoResult) -> str:
    """The page: UTF-8 HTML without any outside resource."""
    env = Environment(
        loader=PackageLoader("clerk", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(
        tonnes=format_tonnes,
        clock=_clock,
        data_uri=_data_uri,
        framed=_framed,
        height=_height,
        clause=cited,
        size=_size,
        path=_path,
    )
    return env.get_template("demo.html").render(
        r=result,
        groups=_groups(result),
        names={mail.key: mail for mail in result.mails},
        counts=_counts(result),
        outcomes=_OUTCOMES,
        severities=_SEVERITIES,
        short=_SHORT_TABLE,
        placed=sum(count for _, count in result.verification.places),
    )


def summary(result: DemoResult) -> str:
    """A summary of about thirty lines for a terminal, Simplified Chinese."""
    lines = [result.title, "─" * 46]
    lines += [_mail_line(number, mail) for number, mail in enumerate(result.mails, start=1)]
    lines += ["", "案件："]
    lines += [f"  {case.case_no}  {case.entity_name}  {case.stage_name}" for case in result.cases]
    lines += ["", "去信：" + "，".join(f"{k} {n} 封" for k, n in _by_kind(result.letters).items())]
    lines.append(_verified(result))
    lines += [f"  问题：{problem}" for problem in result.verification.problems]
    lines += result.notes
    return "\n".join([*lines, f"用时 {result.seconds:.0f} 秒。"])


def _mail_line(number: int, mail: MailShown) -> str:
    return f"{number:3}. [{_OUTCOMES[mail.outcome]}] {mail.title}"


def _by_kind(letters: tuple[LetterShown, ...]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for letter in letters:
        counts[letter.kind] = counts.get(letter.kind, 0) + 1
    return counts


def _verified(result: DemoResult) -> str:
    found = result.verification
    verdict = "全部相符" if not found.problems else f"{len(found.problems)} 处问题"
    return (
        f"核对：来信 {found.messages} 封、文件 {found.documents} 份、"
        f"事件 {found.events} 条、去信 {found.letters} 封，{verdict}。"
    )


def _groups(result: DemoResult) -> list[tuple[str, str, str, list[LetterShown]]]:
    groups = [
        (key, title, lead, [letter for letter in result.letters if letter.group == key])
        for key, title, lead in _GROUPS
    ]
    return [group for group in groups if group[3]]


def _counts(result: DemoResult) -> tuple[tuple[str, str, str], ...]:
    """The figures at the head: number, unit, what it counts."""
    findings = sum(len(document.findings) for document in result.documents)
    confirmed = sum(case.confirmed_t or 0 for case in result.cases)
    return (
        (str(len(result.mails)), "封", "来信"),
        (str(len(result.documents)), "份", "识读文件"),
        (str(findings), "条", "核对意见"),
        (str(len(result.letters)), "封", "书面答复与报表"),
        (f"{confirmed:,}", "吨", "已确认抵销量"),
        (f"{result.seconds:.0f}", "秒", "全程用时"),
    )


def _clock(moment: datetime) -> str:
    return f"{beijing(moment):%H:%M}"


def _data_uri(data: bytes, mime: str) -> str:
    return f"data:{mime};base64,{base64.b64encode(data).decode('ascii')}"


def _framed(letter: LetterShown) -> str:
    """The letter's HTML with its inline pictures in it; goes into a sandboxed frame."""
    pictures = {file.content_id: file for file in letter.files if file.content_id}
    body = letter.html or f"<pre>{letter.text}</pre>"
    return re.sub(r"cid:([^\"'\s>)]+)", lambda match: _inline(match, pictures), body)


def _height(letter: LetterShown) -> int:
    """Pixels for the frame: frames without scripts cannot measure what they show."""
    pictures = sum(bool(file.content_id) for file in letter.files)
    rows = sum(1 + len(line) // 60 for line in letter.text.splitlines()) or 12
    return max(260, min(720, 150 + 30 * rows + 240 * pictures))


def _inline(match: re.Match[str], pictures: Mapping[str, FileShown]) -> str:
    file = pictures.get(match[1])
    return _data_uri(file.data, file.type) if file else match[0]


def _size(count: int) -> str:
    return f"{count / 1024:.0f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"


def _path(case: CaseShown) -> list[Mark]:
    """The stages of the procedure with how far this case has come."""
    at = PATH.index(case.stage) if case.stage in PATH else -1
    return [Mark(STAGE_NAMES[stage], place <= at, place == at) for place, stage in enumerate(PATH)]
