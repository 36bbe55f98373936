"""Whether the CCER of a project may be used in the cycle: market, time, registration, type."""

from collections.abc import Iterable, Iterator
from datetime import date

from procedure.checking import Inquiry, readable, severity
from procedure.checks_registry import registry_with
from procedure.clock import beijing
from procedure.cycle import Cycle
from procedure.evidence import text
from procedure.findings import Finding, Severity
from procedure.language import AND, _, joined
from procedure.readings import Reading
from procedure.registry import Project


def projects(ask: Inquiry) -> Iterator[Finding]:
    """附件3 §1(2) and §1: not covered by the national market, of the right time and type."""
    registry = registry_with(ask, "projects")
    if registry is None:
        return
    for row in ask.doc.projects:
        code = text(row.code)
        if not row.code or not readable(row.code):
            continue
        record = registry.project(code)
        if record is None:
            message = _("未查到编号为 {code} 的CCER项目，请核对项目编号。").said(code=code)
            yield ask.finding("project-known", "warning", message, "code", at=row.code, found=code)
            continue
        yield from _covered(ask, row.code, record)
        yield from _time(ask, row.code, record)
        yield from _type(ask, row.code, record)


def _covered(ask: Inquiry, at: Reading, record: Project) -> Iterable[Finding]:
    if not record.covered:
        return ()
    message = _("项目 {code}“{name}”纳入全国碳市场配额管理，其减排量不得用于抵销。").said(
        code=record.code, name=record.name
    )
    public = _("项目 {code} 的减排量不符合抵销条件，请核对。").said(code=at.value)
    kind = severity(at)
    finding = ask.finding("project-covered", kind, message, "code", at=at, public=public)
    return (finding,)


def _time(ask: Inquiry, at: Reading, record: Project) -> Iterable[Finding]:
    """Produced before one day, or registered from another on: one of the two is enough."""
    since = ask.cycle.registered_from
    if since and record.registered_on and record.registered_on >= since:
        return ()
    if ask.cycle.eligible_before is None:
        return _registration(ask, at, record, since) if since else ()
    return _production(ask, at, record, ask.cycle.eligible_before)


def _registration(ask: Inquiry, at: Reading, record: Project, since: date) -> Iterable[Finding]:
    """Only reductions that were registered from a day on may be used."""
    when = record.registered_on
    message = _("项目 {code} 的登记日期为 {when}，不符合“{since} 起登记”的要求，请核对。").said(
        code=record.code, when=when, since=since
    )
    if when is None:
        message = _("项目 {code} 的登记日期未知，应为 {since} 起登记，请核对。").said(
            code=record.code, since=since
        )
    public = _("项目 {code} 的登记时间请核对：应为 {since} 起登记。").said(
        code=at.value, since=since
    )
    kind = severity(at) if when else "warning"
    return (_period(ask, kind, message, public, at, since),)


_PARTLY = _("项目 {code} 的减排量产生于 {period}，部分不符合“{wanted}”的要求，请核对。")
_OTHER_TIME = _("项目 {code} 的减排量产生于 {period}，不符合“{wanted}”的要求，请核对。")


def _production(ask: Inquiry, at: Reading, record: Project, before: date) -> Iterable[Finding]:
    """Reductions produced before a day, as long as those may be used."""
    if record.produced_to is None:
        return ()
    if record.produced_to < before:
        return _no_longer(ask, at, record)
    partly = record.produced_from is not None and record.produced_from < before
    period = _("{first} 至 {last}").said(first=record.produced_from or "—", last=record.produced_to)
    said = _PARTLY if partly else _OTHER_TIME
    wanted = _wanted(ask.cycle, before)
    message = said.said(code=record.code, period=period, wanted=wanted)
    public = _("项目 {code} 的减排量产生时间请核对：应为 {wanted}。").said(
        code=at.value, wanted=wanted
    )
    kind = "warning" if partly else severity(at)
    return (_period(ask, kind, message, public, at, before),)


def _no_longer(ask: Inquiry, at: Reading, record: Project) -> Iterable[Finding]:
    until, received = ask.cycle.eligible_until, ask.received_at
    if until is None or received is None or beijing(received).date() <= until:
        return ()
    message = _("项目 {code} 的减排量只能使用至 {until}，申请收到时已过期限。").said(
        code=record.code, until=until
    )
    public = _("项目 {code} 的减排量只能使用至 {until}。").said(code=at.value, until=until)
    return (_period(ask, severity(at), message, public, at, until),)


def _wanted(cycle: Cycle, before: date) -> str:
    since = cycle.registered_from
    if since is None:
        return _("{before} 前产生").said(before=before)
    return _("{before} 前产生或 {since} 起登记").said(before=before, since=since)


def _period(
    ask: Inquiry, kind: Severity, message: str, public: str, at: Reading, day: date
) -> Finding:
    return ask.finding("project-period", kind, message, "code", at=at, expected=day, public=public)


def _type(ask: Inquiry, at: Reading, record: Project) -> Iterable[Finding]:
    """Only the types of projects that the cycle names, where it names any."""
    allowed = ask.cycle.project_types
    if not allowed or record.project_type in allowed:
        return ()
    said = record.project_type or _("未知").said()
    message = _("项目 {code} 的类型为“{said}”，应为{allowed}之一，请核对。").said(
        code=record.code, said=said, allowed=joined(allowed, AND)
    )
    public = _("项目 {code} 的类型不符合抵销条件，请核对。").said(code=at.value)
    kind = severity(at) if record.project_type else "warning"
    wanted = "、".join(allowed)
    return (
        ask.finding(
            "project-type", kind, message, "code", at=at, expected=wanted, found=said, public=public
        ),
    )
