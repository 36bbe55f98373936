"""Checks on a cancellation's screenshot: 附件3 §2 step 5. A difference is a finding, no failure."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from procedure import names, values
from procedure.acceptance import nearly_usual
from procedure.checking import Claim, Inquiry, comparable, readable, severity
from procedure.clock import beijing
from procedure.evidence import integer, text
from procedure.fieldrules import NATIVE, RULES, VOCABULARY
from procedure.findings import Finding, Severity
from procedure.language import AND, _, joined
from procedure.operations import is_finished, is_voluntary_cancellation
from procedure.readings import Reading, RecordRow
from procedure.values import format_tonnes


def rows(ask: Inquiry) -> list[RecordRow]:
    """The records that are voluntary cancellations; a list may show other operations too."""
    return [row for row in ask.doc.records if is_voluntary_cancellation(text(row.operation))]


def _unclear(ask: Inquiry) -> list[RecordRow]:
    """Records that are not counted, though nobody could surely read that they are none."""
    counted = rows(ask)
    return [
        row
        for row in ask.doc.records
        if row not in counted
        and not (row.operation and row.operation.accepted)
        and text(row.operation) not in VOCABULARY["operation"]
    ]


def operations(ask: Inquiry) -> Iterator[Finding]:
    """There is a voluntary cancellation, and it is finished."""
    if not ask.doc.records or (not rows(ask) and _unclear(ask)):
        yield _nothing_read(ask)
    elif not rows(ask):
        message = _("截图中未见“自愿注销”记录，请提交注销完成后的截图。").said()
        yield ask.finding("cancel-operation", "warning", message, "operation")
    for row in rows(ask):
        if row.status and readable(row.status) and not is_finished(text(row.status)):
            message = _("注销记录状态为“{status}”，请在注销完成后重新提交截图。").said(
                status=text(row.status)
            )
            kind = severity(row.status)
            yield ask.finding("cancel-operation", kind, message, "status", at=row.status)


def _nothing_read(ask: Inquiry) -> Finding:
    """No record at all: a person looks at a picture, which may be blurred, and nobody is blamed."""
    fields = ask.doc.fields.values()
    text_only = bool(fields) and all(NATIVE in one.evidence for one in fields)
    kind: Severity = "warning" if text_only else "note"
    message = _(
        "截图中未能识读任何注销记录，请由工作人员核对原件；图片模糊的，请重新截图或拍摄后提交。"
    ).said()
    return ask.finding("cancel-operation", kind, message, "operation")


def account(ask: Inquiry, claims: tuple[Claim, ...]) -> Iterator[Finding]:
    """The account is the one confirmed, and its holder the entity."""
    reading, number = ask.field("account_no"), ask.text("account_no")
    wanted = {claim.account_no for claim in claims if claim.account_no}
    if wanted and reading and readable(reading) and not any(_alike(number, x) for x in wanted):
        expected = joined(sorted(wanted), AND)
        message = _("注销账户 {number} 与确认的账户 {expected} 不一致，请核对。").said(
            number=number, expected=expected
        )
        public = _("注销账户 {number} 与确认的账户不一致，请核对。").said(number=number)
        kind = _kind(claims, reading)
        yield ask.finding(
            "cancel-account",
            kind,
            message,
            "account_no",
            expected=expected,
            found=number,
            public=public,
        )
        return
    yield from _holder(ask, claims)


def _alike(one: str, other: str) -> bool:
    """The same account, or one of which engines lost a hyphen, as all families do: it is no usual
    number then. Nor is one whose letters they misread (CH for CN), on the screenshot or on the
    form."""
    usual = RULES["account_no"].pattern
    misread = nearly_usual("account_no", one) or nearly_usual("account_no", other)
    if misread and one.partition("-")[2] == other.partition("-")[2]:
        return True
    whole = re.fullmatch(usual, one) and re.fullmatch(usual, other)
    return one == other or (not whole and one.replace("-", "") == other.replace("-", ""))


def _holder(ask: Inquiry, claims: tuple[Claim, ...]) -> Iterator[Finding]:
    reading, name = ask.field("account_name"), ask.text("account_name")
    wanted = [claim.entity_name for claim in claims if claim.entity_name]
    registry = ask.world.registry
    record = registry.account(ask.text("account_no")) if registry else None
    if record is not None:
        wanted.append(record.owner_name)
    if not reading or not wanted or not readable(reading):
        return
    if any(names.same(name, other) for other in wanted):
        return
    # Of two names of which one is not accepted, nearly the same is a misreading, no other holder.
    sure = reading.accepted and (record is not None or all(one.entity_sure for one in claims))
    if not sure and max(names.similarity(name, other) for other in wanted) > 0.6:
        return
    message = _("注销账户持有人“{name}”与申请单位“{wanted}”不一致，请核对。").said(
        name=name, wanted=wanted[0]
    )
    public = _("注销账户持有人“{name}”与申请单位不一致，请核对。").said(name=name)
    kind = _kind(claims, reading)
    yield ask.finding(
        "cancel-account",
        kind,
        message,
        "account_name",
        expected=wanted[0],
        found=name,
        public=public,
    )


def projects(ask: Inquiry, claims: tuple[Claim, ...]) -> Iterator[Finding]:
    """Only projects that were confirmed are cancelled."""
    wanted = _codes(claims)
    if not wanted:
        return
    for row in rows(ask):
        code = text(row.project_code)
        if row.project_code and readable(row.project_code) and not _meant(row.project_code, wanted):
            expected = joined(sorted(wanted), AND)
            message = _("注销项目 {code} 不在确认的项目（{expected}）之内，请核对。").said(
                code=code, expected=expected
            )
            kind = _kind(claims, row.project_code)
            yield ask.finding(
                "cancel-project",
                kind,
                message,
                "project_code",
                at=row.project_code,
                expected=expected,
                found=code,
                public=_("注销项目 {code} 不在确认的项目之内，请核对。").said(code=code),
            )


def _meant(code: Reading | None, wanted: Iterable[str]) -> bool:
    """Whether the code is one of these; one that is not accepted may be misread in its letters.

    Engines take a C for an O: letters that no project has, one off those that projects have,
    before the same number are a misreading, and not another project. So are figures that no
    series of projects has (2013291): JX-2013-291 whose letters both engines lost.
    """
    said = text(code)
    if said in wanted or code is None or code.accepted:
        return said in wanted
    if _lacks_letters(said) and any(_figures(said) == _figures(one) for one in wanted):
        return True
    number = said.partition("-")[2]
    near = bool(number) and nearly_usual("project_code", said)
    return near and any(number == other.partition("-")[2] for other in wanted)


def _lacks_letters(code: str) -> bool:
    usual = re.fullmatch(RULES["project_code"].pattern, code)
    return not usual and code.replace("-", "").isdecimal()


def _figures(code: str) -> str:
    return "".join(filter(str.isdecimal, code))


def _codes(claims: tuple[Claim, ...]) -> set[str]:
    """Project codes of all claims; empty where any claim does not name its projects."""
    if any(not claim.projects or not all(code for code, _ in claim.projects) for claim in claims):
        return set()
    return {code for claim in claims for code, _ in claim.projects}


def quantities(ask: Inquiry, claims: tuple[Claim, ...]) -> Iterator[Finding]:
    """As much as was confirmed, of each project and together; less may be one of several parts."""
    if not claims or not rows(ask) or not all(comparable(row.quantity_t) for row in rows(ask)):
        return
    found = False
    for code, wanted in sorted(_wanted(claims).items()):
        own = [row for row in rows(ask) if _meant(row.project_code, {code})]
        got = _sum(own)
        if own and _differs(ask, got, wanted) and all(readable(row.project_code) for row in own):
            found = True
            yield _quantity(ask, claims, own, (got, wanted), _("项目 {code} ").said(code=code))
    totals = [claim.amount_t for claim in claims]
    if found or any(total is None for total in totals):
        return
    got, wanted = _sum(rows(ask)), sum(total or 0 for total in totals)
    if _differs(ask, got, wanted):
        yield _quantity(ask, claims, rows(ask), (got, wanted), "")


def _differs(ask: Inquiry, got: int, wanted: int) -> bool:
    """What is short may stand in a record of which nobody could read that it is a cancellation:
    where it may say as much, or nobody could read how much."""
    unclear = _unclear(ask)
    if got >= wanted or not unclear:
        return got != wanted
    known = all(row.quantity_t and readable(row.quantity_t) for row in unclear)
    return known and got + _sum(unclear) < wanted


def _sum(records: Iterable[RecordRow]) -> int:
    return sum(integer(row.quantity_t) or 0 for row in records)


def _wanted(claims: tuple[Claim, ...]) -> dict[str, int]:
    """Tonnes by project, where every claim says it for each of its projects."""
    wanted: dict[str, int] = {}
    for claim in claims:
        if not claim.projects or any(not code or t is None for code, t in claim.projects):
            return {}
        for code, tonnes in claim.projects:
            wanted[code] = wanted.get(code, 0) + (tonnes or 0)
    return wanted


_MORE = _("{what}注销数量 {got}，多于确认（申请）数量 {wanted}，请核对。")
_LESS = _(
    "{what}注销数量 {got}，少于确认（申请）数量 {wanted}，请核对；如系分次注销，请补交其余截图。"
)


def _quantity(
    ask: Inquiry,
    claims: tuple[Claim, ...],
    own: list[RecordRow],
    amounts: tuple[int, int],
    what: str,
) -> Finding:
    got, wanted = amounts
    said = _MORE if got > wanted else _LESS
    message = said.said(what=what, got=format_tonnes(got), wanted=format_tonnes(wanted))
    # Of one project it rests on the codes as well.
    rests = [row.quantity_t for row in own] + [row.project_code for row in own if what]
    sure = got > wanted and _kind(claims, *rests) == "error"
    return ask.finding(
        "cancel-quantity",
        "error" if sure else "warning",
        message,
        "quantity_t",
        at=own[0].quantity_t,
        expected=wanted,
        found=got,
        public=_("{what}注销数量 {got}与确认（申请）数量不一致，请核对。").said(
            what=what, got=format_tonnes(got)
        ),
    )


def records(ask: Inquiry) -> Iterator[Finding]:
    """Each record on the screenshot is in the registry's own list (附件3 §2 step 6)."""
    registry = ask.world.registry
    if registry is None or not registry.has("cancellations") or not ask.text("account_no"):
        return
    known = registry.cancellations(ask.text("account_no"))
    for row in rows(ask):
        quantity, code = integer(row.quantity_t), text(row.project_code)
        if quantity is None or not readable(row.quantity_t) or not readable(row.project_code):
            continue
        same = [one for one in known if _meant(row.project_code, {one.project_code})]
        if any(record.quantity_t == quantity for record in same):
            continue
        if same:
            yield _unlike_record(ask, row, quantity, same[0].quantity_t)
        else:
            yield _no_record(ask, row, (code, quantity), registry.complete_until("cancellations"))


def _no_record(
    ask: Inquiry, row: RecordRow, wanted: tuple[str, int], until: datetime | None
) -> Finding:
    """A warning; a note while the import ends before the cancellation and cannot show it yet."""
    code, quantity = wanted
    what = _("项目 {code} {quantity}的注销").said(code=code, quantity=format_tonnes(quantity))
    done = _done(ask, row)
    kind: Severity = "warning"
    message = _("登记系统的注销记录中暂未查到{what}。").said(what=what)
    if until is not None and done is not None and until < done:
        kind = "note"
        asked = f"{beijing(until):%Y-%m-%d %H:%M}"
        message = _("{what}待核对：已导入的注销记录截至 {asked}，尚未涵盖该笔注销。").said(
            what=what, asked=asked
        )
    public = _("截图所示项目 {code} 的注销将与登记系统的注销记录核对。").said(code=code)
    return ask.finding(
        "cancel-record", kind, message, "quantity_t", at=row.quantity_t, public=public
    )


def _done(ask: Inquiry, row: RecordRow) -> datetime | None:
    """When the registry cancelled it (UTC+8), at the latest when the screenshot came."""
    if row.time and readable(row.time):
        return datetime.fromisoformat(text(row.time))
    return ask.received_at


def _unlike_record(ask: Inquiry, row: RecordRow, quantity: int, recorded: int) -> Finding:
    code = text(row.project_code)
    message = _(
        "截图中项目 {code} 的注销数量 {quantity}，与登记系统记录 {recorded}不一致，请核对。"
    ).said(code=code, quantity=format_tonnes(quantity), recorded=format_tonnes(recorded))
    public = _("截图中项目 {code} 的注销数量 {quantity}与登记系统记录不一致，请核对。").said(
        code=code, quantity=format_tonnes(quantity)
    )
    return ask.finding(
        "cancel-quantity",
        severity(row.quantity_t, row.project_code),
        message,
        "quantity_t",
        at=row.quantity_t,
        expected=recorded,
        found=quantity,
        public=public,
    )


def times(ask: Inquiry, claims: tuple[Claim, ...]) -> Iterator[Finding]:
    """Before the deadline (exclusive), and after the confirmation."""
    confirmed = [claim.confirmed_at for claim in claims if claim.confirmed_at]
    for row in rows(ask):
        if not row.time or not readable(row.time):
            continue
        moment = datetime.fromisoformat(text(row.time))
        if moment >= ask.cycle.cancel_before:
            deadline = beijing(ask.cycle.cancel_before)
            message = _("注销时间 {moment} 不早于截止时间 {deadline}。").said(
                moment=f"{beijing(moment):%Y-%m-%d %H:%M:%S}", deadline=f"{deadline:%Y-%m-%d %H:%M}"
            )
            kind = severity(row.time)
            yield ask.finding("cancel-deadline", kind, message, "time", at=row.time)
        elif confirmed and moment < min(confirmed):
            message = _("注销时间 {moment} 早于申请确认时间 {confirmed}，请核对。").said(
                moment=f"{beijing(moment):%Y-%m-%d %H:%M:%S}",
                confirmed=f"{beijing(min(confirmed)):%Y-%m-%d %H:%M}",
            )
            rule = "cancel-before-confirmation"
            public = _("注销时间 {moment} 与申请确认时间须核对。").said(
                moment=f"{beijing(moment):%Y-%m-%d %H:%M:%S}"
            )
            yield ask.finding(rule, "warning", message, "time", at=row.time, public=public)


def serials(ask: Inquiry, used: tuple[str, ...]) -> Iterator[Finding]:
    """No unit is cancelled twice.

    The format is not known, so texts are compared as texts; blocks ``a-b`` are held against each
    other only within one project, for another project may count from the same number.
    """
    seen: list[tuple[str, str]] = []
    for row in rows(ask):
        serial, code = text(row.serial), text(row.project_code)
        if not row.serial or not serial or not readable(row.serial):
            continue
        twice = any(code == other and overlap(serial, old) for other, old in seen)
        if twice or serial in used:
            message = _("减排量序列号 {serial} 已在其他注销记录中使用，请核对。").said(
                serial=serial
            )
            kind = severity(row.serial)
            yield ask.finding("serial-reused", kind, message, "serial", at=row.serial, found=serial)
        seen.append((code, serial))


def overlap(a: str, b: str) -> bool:
    """Whether two serial texts are the same, or are blocks with a unit in common."""
    if a == b:
        return bool(a)
    left, right = values.serial_spans(a), values.serial_spans(b)
    if left is None or right is None:
        return False
    return any(x[0] <= y[1] and y[0] <= x[1] for x in left for y in right)


def _kind(claims: tuple[Claim, ...], *readings: Reading | None) -> Severity:
    """An error needs accepted values on both papers."""
    return severity(*readings) if all(claim.sure for claim in claims) else "warning"
