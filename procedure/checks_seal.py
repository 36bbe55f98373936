"""Seals: there, the official one, and of this firm. A picture can never prove a seal genuine."""

from collections.abc import Iterator

from procedure import names
from procedure.checking import Inquiry, readable
from procedure.evidence import text
from procedure.findings import Finding, Severity
from procedure.readings import SealReading


def seals(ask: Inquiry, name_field: str) -> Iterator[Finding]:
    """附件3 §2 step 3 and step 5. At most one finding: the best seal on the paper counts.

    A ring that cannot be read says nothing (`SealReading.matches_name` None), and so does one
    held against a name that was itself read badly.
    """
    found = ask.doc.seals
    if not found:
        what = "注销截图" if name_field == "account_name" else "申请表"
        message = f"{what}上未见单位公章，请加盖公章后重新提交。"
        yield ask.finding("seal-missing", "error", message)
        return
    if any(_matches(ask, seal, name_field) is True and not _special(seal) for seal in found):
        return
    if special := next((seal for seal in found if _special(seal)), None):
        yield _kind(ask, special)
        return
    verdicts = [(seal, _matches(ask, seal, name_field)) for seal in found]
    if all(verdict is False for _, verdict in verdicts):
        yield _name(ask, found[0], name_field)


def _special(seal: SealReading) -> str | None:
    return names.special_seal(seal.text)


def _matches(ask: Inquiry, seal: SealReading, name_field: str) -> bool | None:
    """True where any evidence says so; False only with a name that was read well."""
    reading = ask.field(name_field)
    entity = ask.entity()
    candidates = [text(reading), entity.name if entity else ""]
    verdicts = [names.seal_matches(seal.text, name, seal.confidence) for name in candidates if name]
    if True in verdicts or seal.matches_name is True:
        return True
    if not readable(reading) or not verdicts:
        return None
    return False if all(verdict is False for verdict in verdicts) else None


def _kind(ask: Inquiry, seal: SealReading) -> Finding:
    kind = _special(seal)
    message = f"所盖印章为“{kind}”，不是单位公章，请加盖公章后重新提交。"
    return _at(ask, seal, "seal-kind", "error", message, expected="公章")


def _name(ask: Inquiry, seal: SealReading, name_field: str) -> Finding:
    reading = ask.field(name_field)
    name = text(reading)
    kind: Severity = "error" if reading and reading.accepted else "warning"
    message = f"印章文字“{seal.text}”与单位名称“{name}”不一致，请核对。"
    return _at(ask, seal, "seal-name", kind, message, expected=name)


def _at(
    ask: Inquiry, seal: SealReading, rule: str, kind: Severity, message: str, expected: str
) -> Finding:
    return Finding(
        rule=rule,
        clause=ask.cycle.clause(rule),
        severity=kind,
        message=message,
        expected=expected,
        found=seal.text,
        page=seal.page,
        box=seal.box,
    )
