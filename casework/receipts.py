"""The answer to a mail: what was read, what is missing or wrong, what to do next."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from casework.desk import Desk
from casework.incoming import IncomingMail
from casework.labels import ROW_LABELS, field_label, moment, shown
from procedure.clock import beijing
from procedure.cycle import Cycle
from procedure.facts import LetterIntent, ReadLine, Receipt, ReceiptSection, Thread
from procedure.findings import Finding
from procedure.language import AND, _, joined, termed
from procedure.readings import (
    APPLICATION_FIELDS,
    CANCELLATION_FIELDS,
    YEAR,
    DocumentReading,
    Reading,
    RecordRow,
)
from procedure.values import format_tonnes

COMMA = _("，")
LOOK = _("未能可靠识别，工作人员将人工核对").said()


def read_lines(reading: DocumentReading) -> tuple[ReadLine, ...]:
    """The fields of a document for people, in the order of the form."""
    form = (*APPLICATION_FIELDS, YEAR)
    known = form if reading.kind == "application" else CANCELLATION_FIELDS
    fields = [
        _line(termed(field_label(name)), name, reading.fields[name])
        for name in known
        if name in reading.fields
    ]
    return (*fields, *_rows(reading))


def _line(label: str, field: str, reading: Reading) -> ReadLine:
    value = shown(field, reading.value) or reading.text
    return ReadLine(label, value, reading.accepted, "" if reading.accepted else LOOK)


def _rows(reading: DocumentReading) -> Iterator[ReadLine]:
    for index, project in enumerate(reading.projects, start=1):
        cells = {"name": project.name, "code": project.code, "amount_t": project.amount_t}
        yield from _row(_("项目 {index}").said(index=index), cells)
    for index, record in enumerate(reading.records, start=1):
        yield from _row(_("注销记录 {index}").said(index=index), _record_cells(record))


def _record_cells(record: RecordRow) -> dict[str, Reading | None]:
    return {name: getattr(record, name) for name in ROW_LABELS if hasattr(record, name)}


def _row(label: str, cells: dict[str, Reading | None]) -> Iterator[ReadLine]:
    """One line a row; it is accepted when every cell of it is."""
    present = {name: cell for name, cell in cells.items() if cell is not None}
    if not present:
        return
    value = joined((shown(name, cell.value) or cell.text for name, cell in present.items()), COMMA)
    accepted = all(cell.accepted for cell in present.values())
    yield ReadLine(label, value, accepted, "" if accepted else LOOK)


def public(findings: Iterable[Finding], own: bool) -> tuple[Finding, ...]:
    """Findings as this address may see them: registry data only for the entity's own.

    ``expected`` and ``found`` are for staff; they go to nobody outside unless the address is known.
    """
    if own:
        return tuple(findings)
    return tuple(_public(f) for f in findings)


def _public(finding: Finding) -> Finding:
    said = finding.public or finding.message
    return replace(finding, message=said, expected="", found="", public="")


def next_steps(desk: Desk, cycle: Cycle, sections: tuple[ReceiptSection, ...]) -> tuple[str, ...]:
    """What the sender does now (Chinese), under which clause."""
    steps: list[str] = []
    for section in sections:
        steps.extend(_steps_of(desk, cycle, section))
    filed = ("application", "cancellation", "duplicate")
    if not any(s.place in filed or s.waits for s in sections):
        steps.append(_what_to_send(desk, cycle))
    return tuple(dict.fromkeys(steps))


def _steps_of(desk: Desk, cycle: Cycle, section: ReceiptSection) -> Iterator[str]:
    errors = [f for f in section.findings if f.severity == "error"]
    if section.place == "application" and errors:
        yield (
            _(
                "请按上述意见修改“{document}”，加盖公章后重新发送至本邮箱；省级主管部门确认之前，修改后的申请表将替代原申请表。{until}"
            ).said(document=section.document, until=until(desk, cycle))
        )
    elif section.place == "application":
        clause = cycle.cited("step-confirm")
        yield _("请等待省级生态环境主管部门确认（{clause}），确认结果将另行邮件通知。").said(
            clause=clause
        )
    elif section.place == "cancellation":
        if section.short_t:
            yield short(desk, cycle, section.short_t)
        yield (
            _(
                "已收到注销截图，将与自愿减排注册登记系统的注销记录核对（{clause}），核实结果将另行邮件通知。"
            ).said(clause=cycle.cited("step-daily"))
        )
    elif section.place == "tray" and section.problem and not section.waits:
        yield _("请按上述说明核对“{document}”，改正后回复本邮件重新发送。").said(
            document=section.document
        )
    if section.exchanges:
        yield (
            _(
                "尚未开立一般持有账户的，请先在以下任一交易机构申请开立（{clause}）：{exchanges}。"
            ).said(clause=cycle.cited("step-account"), exchanges=joined(section.exchanges, AND))
        )


def short(desk: Desk, cycle: Cycle, left_t: int) -> str:
    """What is short of what was confirmed; once it is too late nobody is asked to cancel more."""
    late = desk.now() >= cycle.cancel_before
    return (SHORT_LATE if late else SHORT).said(left=format_tonnes(left_t))


SHORT = _("尚差 {left}，请补注销或补交截图。")
SHORT_LATE = _("尚差 {left}，截止时间前已完成注销的请补交截图；尚未注销的，请勿自行注销。")


def until(desk: Desk, cycle: Cycle) -> str:
    """The last day of application: whoever sends a form again needs it."""
    last = f"{cycle.apply_last:%Y-%m-%d}"
    if beijing(desk.now()).date() > cycle.apply_last:
        return _("本周期申请已于 {apply_last} 截止。").said(apply_last=last)
    return _("本周期申请截止日为 {apply_last}。").said(apply_last=last)


def _what_to_send(desk: Desk, cycle: Cycle) -> str:
    return _(
        "请将填写完整并加盖公章的《申请表》（.docx、PDF 或清晰的扫描件、照片）作为附件发送；"
        "请勿使用超大附件链接或加密文件。{until}"
    ).said(until=until(desk, cycle))


def receipt(
    desk: Desk,
    cycle: Cycle,
    mail: IncomingMail,
    message_id: str,
    received_at: datetime,
    sections: tuple[ReceiptSection, ...],
) -> LetterIntent:
    """The one answer to a mail, unique by the stored message."""
    sections = tuple(_with_all_proofs(sections))
    facts = Receipt(
        office=desk.office,
        cycle_title=cycle.title,
        received_at=received_at,
        subject=mail.subject,
        sections=sections,
        next_steps=next_steps(desk, cycle, sections),
        deadline=cycle.cancel_before,
        problems=_problems(mail, sections),
    )
    return LetterIntent(
        "receipt", message_id, (mail.answer_to,), facts, thread=thread(mail), locale=desk.locale
    )


def _with_all_proofs(sections: tuple[ReceiptSection, ...]) -> Iterator[ReceiptSection]:
    """What is short is told as it is with the mail's last screenshot of the case."""
    last = {one.case_no: one.short_t for one in sections if one.place == "cancellation"}
    for one in sections:
        proof = one.place == "cancellation"
        yield replace(one, short_t=last[one.case_no]) if proof else one


def _problems(mail: IncomingMail, sections: tuple[ReceiptSection, ...]) -> tuple[str, ...]:
    said = [problem.message for problem in mail.problems]
    if mail.links and not any(s.place == "application" for s in sections):
        said.append(_("邮件中的超大附件链接无法下载，请将文件作为普通附件发送。").said())
    elif not sections:
        said.append(_("邮件中没有找到申请表或注销截图，可能忘记添加附件。").said())
    return tuple(said)


def thread(mail: IncomingMail) -> Thread:
    """RFC 5322 §3.6.4: the parent's references, then the parent."""
    if not mail.rfc_message_id:
        return Thread(subject=mail.subject)
    references = tuple(r for r in mail.references if r != mail.rfc_message_id)
    return Thread(mail.rfc_message_id, (*references, mail.rfc_message_id), mail.subject)


def when(received_at: datetime) -> str:
    """When the same document had come before, for people."""
    return moment(received_at)
