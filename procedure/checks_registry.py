"""Checks against the registries' records; each is silent where its records were not imported."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from procedure import names
from procedure.checking import Inquiry, comparable, grade, readable, severity
from procedure.evidence import integer, text
from procedure.findings import Finding, Severity
from procedure.language import AND, THEN, _, joined
from procedure.operations import is_finished, is_voluntary_cancellation
from procedure.readings import ProjectRow, Reading
from procedure.registry import RegistryKind
from procedure.registryview import RegistryView, owns
from procedure.values import format_tonnes

_MOST_UNREAD_SHARE = 5
"""A doubtful amount above a fifth of the obligation is a misreading rather than a wish."""

_NOT_RUN = {
    "entities": _("单位、省份与应清缴配额核对").said(),
    "accounts": _("账户核对").said(),
    "holdings": _("持有量核对").said(),
    "projects": _("项目资格核对").said(),
    "cancellations": _("注销记录核对").said(),
}


def registry_with(ask: Inquiry, kind: RegistryKind) -> RegistryView | None:
    registry = ask.world.registry
    return registry if registry is not None and registry.has(kind) else None


def entity(ask: Inquiry) -> Iterator[Finding]:
    """附件3 §2 step 4: the entity is on the list, under this name and this code."""
    registry = registry_with(ask, "entities")
    if registry is None:
        return
    code, name = ask.field("uscc"), ask.field("enterprise_name")
    found = ask.entity()
    if found is None:
        if not (readable(code) or readable(name)):
            return
        message = _("未在重点排放单位名录中查到“{entity}”，请核对名称和代码。").said(
            entity=text(name) or text(code)
        )
        both = [r for r in (name, code) if r is not None]
        yield ask.finding(
            "entity-known", severity(*both), message, "enterprise_name", found=text(name)
        )
        return
    if name and readable(name) and not names.same(found.name, text(name)):
        message = _("单位名称“{name}”与名录中的“{listed}”不一致，请核对。").said(
            name=text(name), listed=found.name
        )
        public = _("单位名称“{name}”与名录不一致，请核对。").said(name=text(name))
        field = "enterprise_name"
        kind = severity(name, code)
        yield ask.finding(
            "entity-name",
            kind,
            message,
            field,
            expected=found.name,
            found=text(name),
            public=public,
        )
    if code and readable(code) and found.uscc and found.uscc != text(code):
        message = _("统一社会信用代码 {code} 与名录中的 {uscc} 不一致，请核对。").said(
            code=text(code), uscc=found.uscc
        )
        public = _("统一社会信用代码 {code} 与名录不一致，请核对。").said(code=text(code))
        yield ask.finding(
            "uscc-record",
            severity(code, name),
            message,
            "uscc",
            expected=found.uscc,
            found=text(code),
            public=public,
        )


def province(ask: Inquiry) -> Iterator[Finding]:
    """附件3 §2 step 3: the form goes to the entity's own province."""
    reading = ask.field("province")
    printed = ask.world.provinces.find(text(reading)) if readable(reading) else None
    found = ask.entity()
    if found and printed and printed.prefix != found.province:
        right = ask.world.provinces.by_prefix(found.province)
        name = right.name if right else found.province
        message = _("所填省份“{name}”与名录中的所属省份“{listed}”不一致，请核对。").said(
            name=printed.name, listed=name
        )
        public = _("所填省份“{name}”与名录不一致，请核对。").said(name=printed.name)
        yield ask.finding(
            "entity-province",
            severity(reading),
            message,
            "province",
            expected=name,
            found=printed.name,
            public=public,
        )
        return
    prefix = found.province if found else (printed.prefix if printed else None)
    served = ask.world.served
    if served is None or prefix is None or prefix in served:
        return
    other = ask.world.provinces.by_prefix(prefix)
    public = _("该单位不属于本部门管辖，请向所属省级生态环境主管部门提交申请。").said()
    there = _("该单位不属于本部门管辖，请向所属省级生态环境主管部门（{authority}）提交申请。")
    message = there.said(authority=other.authority) if other else public
    kind = "error" if found else severity(reading)
    yield ask.finding("entity-province", kind, message, "province", found=prefix, public=public)


def obligation(ask: Inquiry) -> Iterator[Finding]:
    """附件3 §2 step 4: the obligation on the form is the one on record."""
    reading, found = ask.field("obligation_t"), ask.entity()
    value = integer(reading)
    if found is None or value is None or value == found.obligation_t:
        return
    if not comparable(reading):
        return
    message = _("所填应清缴配额总量 {value}，与核定数据 {recorded}不一致，请核对。").said(
        value=format_tonnes(value), recorded=format_tonnes(found.obligation_t)
    )
    public = _("所填应清缴配额总量 {value}与核定数据不一致，请核对。").said(
        value=format_tonnes(value)
    )
    yield ask.finding(
        "obligation-record",
        grade(ask.doc, reading),
        message,
        "obligation_t",
        expected=found.obligation_t,
        found=value,
        public=public,
    )


def offset_cap(ask: Inquiry, others_t: int) -> Iterator[Finding]:
    """附件3 §1(1): at most 5% of the obligation, rounded down, all live applications together.

    The base is the record; without one, what the form says.
    """
    offset, reading, found = _applied_for(ask), ask.field("obligation_t"), ask.entity()
    base = found.obligation_t if found else integer(reading)
    value = integer(offset)
    rests_on = (offset,) if found else (offset, reading)
    if value is None or base is None or not all(map(comparable, rests_on)):
        return
    total, cap = value + others_t, ask.cycle.cap(base)
    kind = grade(ask.doc, *rests_on)
    if kind == "error" and offset is not ask.field("offset_t"):
        kind = "warning"
    if total <= cap or (kind != "error" and total * _MOST_UNREAD_SHARE > base):
        return
    yield _over_cap(ask, (total, others_t, cap, base), kind, bool(found))


def _applied_for(ask: Inquiry) -> Reading | None:
    """The offset applied for; where nobody could read it, the total of its projects."""
    offset = ask.field("offset_t")
    return ask.doc.rows_total if integer(offset) is None else offset


def _over_cap(
    ask: Inquiry, amounts: tuple[int, int, int, int], kind: Severity, on_record: bool
) -> Finding:
    total, others_t, cap, base = amounts
    percent = f"{ask.cycle.cap_percent.normalize():f}%"
    asked = _("申请抵销量 {total}").said(total=format_tonnes(total))
    if others_t:
        asked = _("申请抵销量 {total}（含其他申请 {others}）").said(
            total=format_tonnes(total), others=format_tonnes(others_t)
        )
    message = _("{asked}，超过应清缴配额总量 {base}的 {percent}（最多 {cap}）。").said(
        asked=asked, base=format_tonnes(base), percent=percent, cap=format_tonnes(cap)
    )
    public = _("该单位申请抵销量合计超过应清缴配额总量的 {percent}，请核对。").said(percent=percent)
    return ask.finding(
        "offset-cap",
        kind,
        message,
        "offset_t",
        expected=cap,
        found=total,
        # Neither the record nor what the entity applied for elsewhere is anybody's business.
        public=public if on_record or others_t else "",
    )


def account(ask: Inquiry) -> Iterator[Finding]:
    """附件3 §2 step 1: a general holding account, and the entity's own."""
    registry = registry_with(ask, "accounts")
    if registry is None:
        return
    reading, number, found = ask.field("account_no"), ask.text("account_no"), ask.entity()
    if not number:
        if reading is None and found and not registry.accounts_of(found):
            public = _any_account(ask)
            message = _("未查到该单位的一般持有账户。{hint}").said(hint=public)
            yield ask.finding("account-owner", "error", message, "account_no", public=public)
        return
    if not readable(reading):
        return
    record = registry.account(number)
    if record is None:
        public = _any_account(ask)
        message = _("未查到一般持有账户 {number}。{hint}").said(number=number, hint=public)
        kind = severity(reading)
        yield ask.finding("account-owner", kind, message, "account_no", found=number, public=public)
        return
    name = found.name if found else ask.text("enterprise_name")
    belongs = owns(found, record) if found else names.same(record.owner_name, name)
    if not belongs and (found or readable(ask.field("enterprise_name"))):
        message = _("一般持有账户 {number} 登记的持有人为“{owner_name}”，不是“{name}”。").said(
            number=number, owner_name=record.owner_name, name=name
        )
        public = _("一般持有账户 {number} 登记的持有人与申请单位不一致，请核对。").said(
            number=number
        )
        yield ask.finding(
            "account-owner",
            severity(reading),
            message,
            "account_no",
            expected=name,
            found=record.owner_name,
            public=public,
        )


def _any_account(ask: Inquiry) -> str:
    exchanges = joined(ask.cycle.exchanges, AND)
    return _(
        "尚未开户的，请先通过以下任一交易机构申请开立自愿减排注册登记系统一般持有账户和交易账户：{exchanges}；已开户的，请核对账号。"
    ).said(exchanges=exchanges)


def holdings(ask: Inquiry) -> Iterator[Finding]:
    """附件3 §2 step 3: the account holds enough, of each project and together."""
    registry = registry_with(ask, "holdings")
    number, offset = ask.text("account_no"), ask.field("offset_t")
    if registry is None or not readable(ask.field("account_no")):
        return
    accounts = registry_with(ask, "accounts")
    if accounts is not None and accounts.account(number) is None:
        return
    held = _held(registry, number, ask.received_at)
    short = _short(ask.doc.projects, held)
    wanted = integer(offset)
    if not short and wanted is not None and readable(offset) and sum(held.values()) < wanted:
        short = [
            _("需 {wanted}，现有 {held}").said(
                wanted=format_tonnes(wanted), held=format_tonnes(sum(held.values()))
            )
        ]
    if short:
        message = _("一般持有账户 {number} 中的CCER不足：{short}。").said(
            number=number, short=joined(short, THEN)
        )
        public = _("一般持有账户 {number} 中的CCER不足以抵销申请数量，请核对。").said(number=number)
        parts = [row.amount_t for row in ask.doc.projects] or [offset]
        kind = severity(ask.field("account_no"), *parts)
        yield ask.finding("holdings", kind, message, "account_no", public=public)


def _held(registry: RegistryView, number: str, received: datetime | None) -> dict[str, int]:
    """Tonnes by project; what was cancelled since the application came counts as held for it."""
    held: dict[str, int] = {}
    for row in registry.holdings(number):
        held[row.project_code] = held.get(row.project_code, 0) + row.quantity_t
    for record in registry.cancellations(number):
        done = is_voluntary_cancellation(record.operation) and is_finished(record.status)
        if done and received and record.time and record.time >= received:
            held[record.project_code] = held.get(record.project_code, 0) + record.quantity_t
    return held


def _short(rows: Iterable[ProjectRow], held: dict[str, int]) -> list[str]:
    """A line for each project of which less is held than its rows ask for together."""
    wanted: dict[str, int] = {}
    for row in rows:
        tonnes, code = integer(row.amount_t), text(row.code)
        if tonnes is not None and readable(row.amount_t) and readable(row.code):
            wanted[code] = wanted.get(code, 0) + tonnes
    return [
        _("项目 {code} 需 {wanted}，现有 {held}").said(
            code=code, wanted=format_tonnes(tonnes), held=format_tonnes(held.get(code, 0))
        )
        for code, tonnes in wanted.items()
        if held.get(code, 0) < tonnes
    ]


def not_run(ask: Inquiry, kinds: Iterable[RegistryKind]) -> Iterator[Finding]:
    """One note for all checks whose records are not there."""
    missing = [_NOT_RUN[kind] for kind in kinds if registry_with(ask, kind) is None]
    if missing:
        message = _("未提供相应登记数据，以下核对未进行：{missing}。").said(
            missing=joined(missing, AND)
        )
        yield ask.finding("checks-not-run", "note", message)
