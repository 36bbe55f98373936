"""The letters to entities in English. Findings keep their Chinese wording: it is the binding one.

Digests go between Chinese offices and are written in Chinese only.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from letters.blocks import Block, Heading, Items, Para, Status, Table
from letters.words import stamp
from procedure.clock import beijing
from procedure.facts import (
    Decision,
    Office,
    Progress,
    Receipt,
    ReceiptSection,
    Reminder,
    StatusAnswer,
)
from procedure.findings import Finding

SEVERITIES = {"error": "must be corrected", "warning": "please check", "note": "note"}
STAGES = {
    "已收件": "received",
    "识读中": "being read",
    "待人工识读": "waiting to be read by staff",
    "待省级确认": "waiting for the province's confirmation",
    "已退回": "returned",
    "已确认": "confirmed",
    "已注销待核实": "cancelled, to be verified",
    "已核实": "verified",
    "已生成抵销CCER": "offset CCER created",
    "已登记清缴": "surrender registered",
    "已撤回": "withdrawn",
    "已逾期": "lapsed",
}
LABELS = {
    "重点排放单位名称": "entity",
    "统一社会信用代码": "unified social credit code",
    "所属省份": "province",
    "应清缴碳排放配额总量": "allowances to surrender",
    "申请抵销量": "offset applied for",
    "一般持有账户账号": "general holding account",
    "联系人": "contact",
    "联系电话": "telephone",
    "申请日期": "date",
    "账户名称": "account holder",
}
PLACES = {
    "application": "Application",
    "cancellation": "Cancellation screenshot",
    "registry": "Registry records",
    "duplicate": "Received before",
    "set-aside": "Other file",
    "tray": "Waits for staff",
}
CANCEL = (
    "Cancel the CCER as confirmed (自愿注销) in the general holding account before {deadline} "
    "(附件3 §2 step 5), then send the printed screenshot with the official seal."
)
AGAIN = "Correct the form, seal it and send it again (附件3 §2 step 3)."
STOP = "Do not cancel any CCER on the earlier decision; if you have done so, reply at once."
WAIT = "Please wait for the province's confirmation (附件3 §2 step 4)."


def receipt(facts: Receipt) -> tuple[str, list[Block]]:
    """What came, what was read, what is missing or wrong, what to do next."""
    numbers = list(dict.fromkeys(s.case_no for s in facts.sections if s.case_no))
    subject = f"[CCER offset] Receipt {' '.join(numbers[:3])}".strip()
    blocks: list[Block] = [_receipt_status(facts)]
    blocks.append(Para(f"Your mail “{facts.subject}” arrived on {moment(facts.received_at)}."))
    blocks += [Items(facts.problems)] if facts.problems else []
    for section in facts.sections:
        blocks += _section(section)
    blocks += _next([step for section in facts.sections for step in _steps(section)])
    blocks += deadline(facts.deadline) if numbers else []
    return subject, [*blocks, *closing(facts.office)]


def _receipt_status(facts: Receipt) -> Status:
    errors = sum(f.severity == "error" for s in facts.sections for f in s.findings)
    if not any(s.place in ("application", "cancellation", "duplicate") for s in facts.sections):
        return Status("Nothing could be accepted: please send it again as said below", "bad")
    if errors:
        return Status(f"Received; to be corrected: {errors}", "bad")
    waits = any(s.place == "tray" or not x.accepted for s in facts.sections for x in s.lines)
    waits = waits or any(s.place == "tray" for s in facts.sections)
    return (
        Status("Received; staff will check some of it", "look")
        if waits
        else Status("Received", "good")
    )


def _section(section: ReceiptSection) -> Iterator[Block]:
    yield Heading(f"{PLACES[section.place]}: {section.document}")
    if section.case_no:
        which = f", application {section.application}" if section.application else ""
        version = f", version {section.version}" if section.version else ""
        yield Para(f"Case {section.case_no} {section.entity_name}{which}{version}.")
    if section.duplicate_of:
        yield Para("The same document was received before; it is not filed again.")
    if section.problem:
        yield Para(section.problem)
    if section.lines:
        rows = [
            (
                label(x.label),
                value(x.value),
                "read" if x.accepted else "staff will check",
            )
            for x in section.lines
        ]
        yield Table(("field", "as read", "state"), rows)
    yield from findings(section.findings)


def label(chinese: str) -> str:
    """A field's name; the Chinese one where there is no other."""
    return LABELS.get(chinese, chinese)


def value(shown: str) -> str:
    return f"{shown[:-2]} t" if shown.endswith(" 吨") else shown


def _steps(section: ReceiptSection) -> Iterator[str]:
    if section.place == "application":
        yield AGAIN if any(f.severity == "error" for f in section.findings) else WAIT
    if section.place == "tray" and section.problem:
        yield f"Send “{section.document}” again, or wait for our staff."
    if section.exchanges:
        yield (
            "Without a general holding account: open one through any of the nine exchanges "
            f"(附件3 §2 step 1): {'、'.join(section.exchanges)}."
        )


TITLES = {
    "confirmed": ("Application confirmed", "good"),
    "returned": ("Application returned", "bad"),
    "revoked": ("Earlier decision revoked", "bad"),
    "withdrawn": ("Application withdrawn", "look"),
}


def decision(facts: Decision) -> tuple[str, list[Block]]:
    """The province's decision, or that it stands no more."""
    title, tone = TITLES[facts.outcome]
    said = f"{facts.entity_name}: application {facts.application}, version {facts.version}"
    rows = [("offset", tonnes(facts.amount_t)), ("to surrender", tonnes(facts.obligation_t))]
    blocks: list[Block] = [
        Status(title, tone),
        Para(f"{said}: {facts.outcome} on {moment(facts.decided_at)} ({facts.clause})."),
        *([Para(f"Reason: {facts.reason}")] if facts.reason else []),
        Table(("item", "amount"), rows, frozenset({1})),
    ]
    if facts.corrections:
        lines = [(label(x.label), value(x.value), value(x.note)) for x in facts.corrections]
        blocks += [Heading("Corrected by staff"), Table(("field", "is", "receipt said"), lines)]
    blocks += [*findings(facts.findings), *_next([_after(facts)]), *deadline(facts.deadline)]
    return f"[CCER offset] {title} {facts.case_no}", [*blocks, *closing(facts.office)]


def _after(facts: Decision) -> str:
    if facts.outcome == "confirmed":
        return CANCEL.format(deadline=moment(facts.deadline) if facts.deadline else "the deadline")
    return {"returned": AGAIN, "revoked": f"{STOP} {WAIT}", "withdrawn": STOP}[facts.outcome]


def reminder(facts: Reminder) -> tuple[str, list[Block]]:
    """What is still missing before the deadline."""
    cancel = facts.about == "cancel"
    title = "Please cancel the CCER" if cancel else "Please send the sealed screenshot"
    said = (
        f"{tonnes(facts.amount_t)} are confirmed, {tonnes(facts.outstanding_t)} not yet cancelled."
        if cancel
        else f"The registry shows {tonnes(facts.amount_t)} cancelled; no sealed screenshot came."
    )
    left = f"{facts.working_days_left} working days are left until {moment(facts.deadline)}."
    blocks: list[Block] = [Status(title, "look"), Para(f"{facts.entity_name}: {said} {left}")]
    return f"[CCER offset] Reminder: {title} {facts.case_no}", [*blocks, *closing(facts.office)]


LIFTED = (
    "The registry now shows a cancellation completed before the deadline; the earlier notice of "
    "lapse is void. If you have not sent the sealed screenshot yet, reply with it soon."
)


def progress(facts: Progress) -> tuple[str, list[Block]]:
    """A stage was reached."""
    stage = STAGES.get(facts.stage_name, facts.stage_name)
    blocks: list[Block] = [
        Status(stage, "good"),
        Para(f"{facts.entity_name}, case {facts.case_no}: {tonnes(facts.quantity_t)}."),
        *findings(facts.findings),
    ]
    if facts.stage == "cancelled":
        blocks.append(Para(LIFTED))
    return f"[CCER offset] {stage} {facts.case_no}", [*blocks, *closing(facts.office)]


def answer(facts: StatusAnswer) -> tuple[str, list[Block]]:
    """To a question by mail."""
    subject = f"[CCER offset] Answer: {facts.subject}"
    blocks: list[Block]
    if facts.cases:
        rows = [
            (c.case_no, c.entity_name, STAGES.get(c.stage_name, c.stage_name),
             stamp(c.since)[:16], tonnes(c.amount_t)) for c in facts.cases
        ]  # fmt: skip
        head = ("case", "entity", "stage", "since", "amount")
        blocks = [Table(head, rows, frozenset({4}))]
    else:
        blocks = [Para("We tell of a case only to its own address: write from the address that "
                       "the application came from, or ask the provincial department.")]  # fmt: skip
    return subject, [*blocks, *deadline(facts.deadline), *closing(facts.office)]


def tonnes(amount: int | None) -> str:
    """6,182 t, "" for none."""
    return "" if amount is None else f"{amount:,} t"


def moment(when: datetime) -> str:
    """2021-12-15 17:00 Beijing time."""
    return f"{beijing(when):%Y-%m-%d %H:%M} Beijing time"


def deadline(when: datetime | None) -> list[Block]:
    """The cancellation deadline."""
    return [Para(f"Deadline of the cancellation: {moment(when)}.")] if when else []


def findings(found: Sequence[Finding]) -> Iterator[Block]:
    """Rule, binding wording and clause."""
    if found:
        rows = [(SEVERITIES[f.severity], f.rule, f.message, f.clause) for f in found]
        yield Table(("kind", "rule", "finding", "clause"), rows)


def _next(steps: Sequence[str]) -> list[Block]:
    once = list(dict.fromkeys(steps))
    return [Heading("Next"), Items(once, numbered=True)] if once else []


def closing(office: Office) -> Iterator[Block]:
    """Whose letter it is, and whom to ask."""
    phone = f", telephone {office.phone}" if office.phone else ""
    yield Para(office.name)
    ask = f"Reply here or ask {office.address}{phone}."
    yield Para(f"Sent by a machine; the Chinese wording is binding. {ask}", quiet=True)
