"""Registry files that come by mail: imported from configured senders who prove that it is they.

附件3 §2 step 6 and 7: NCSC mails the day's cancellation records, CRC the credits. Anybody can write
such a mail, so an address in From is no proof: a login, DMARC or an aligned signature is. Whatever
is not beyond doubt waits for a person, with the reason.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from casework.desk import Desk
from casework.imports import ImportReport, import_registry
from casework.incoming import IncomingDocument, IncomingMail
from casework.labels import moment
from casework.lookalikes import lookalike
from casework.receipts import thread
from casework.rowparse import RowProblem, parse
from procedure import values
from procedure.errors import BadInput
from procedure.facts import LetterIntent, StaffNotice
from procedure.language import AND, _, joined, n_
from store import Tx

AUTOMATIC = frozenset({"auto_reply", "bounce", "list"})
TABLE = re.compile(r"\.(?:xlsx|xls|csv)$", re.IGNORECASE)
UNTIL = re.compile(
    r"截[至止](?:时间|日期)?[:：为到\s]*(\d{4}\D.{3,30}?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)"
)
WEEKDAY = re.compile(r"[（(]星期.[)）]")
NAMES = {
    "entities": _("重点排放单位名录"), "accounts": _("持有账户"), "holdings": _("持有量"),
    "projects": _("项目"), "cancellations": _("注销记录"), "credits": _("抵销CCER生成"),
    "surrenders": _("清缴登记"),
}  # fmt: skip
WORDS = {
    "entities": "名录|名单|entities", "accounts": "账户|accounts", "holdings": "持有量|holdings",
    "projects": "项目|projects", "cancellations": "注销|cancellation",
    "credits": "生成|抵销|credit", "surrenders": "清缴|surrender",
}  # fmt: skip
SHOWN = 20
"""Bad rows named in the report; their count is told too."""


@dataclass(frozen=True)
class ByMail:
    """What became of a mail's registry files: reports by ordinal, or why nothing was imported."""

    reports: Mapping[int, ImportReport]
    refused: str = ""
    """Chinese, for the tray; "" where the sender is believed."""


def recognised(desk: Desk, mail: IncomingMail) -> IncomingMail:
    """As a registry mail where a registry's sender brings tables, whatever it is called."""
    known = mail.from_addr in desk.registry_senders and mail.kind not in AUTOMATIC
    if known and any(_table(one) for one in mail.documents):
        return replace(mail, kind="registry")
    return mail


def import_mail(desk: Desk, mail: IncomingMail) -> ByMail | None:
    """Import what the mail brings, or say why not; None for any other mail. Safe to repeat."""
    if mail.kind != "registry":
        return None
    if refused := _refused(desk, mail):
        return ByMail({}, refused)
    kinds = desk.registry_senders[mail.from_addr]
    until = stated(f"{mail.subject}\n{mail.text}")
    files = _once([one for one in mail.documents if _table(one)])
    return ByMail({one.ordinal: _imported(desk, mail, one, kinds, until) for one in files})


def _table(one: IncomingDocument) -> bool:
    return one.role == "document" and not one.encrypted and bool(TABLE.search(one.name))


def _once(files: list[IncomingDocument]) -> list[IncomingDocument]:
    """A table that comes as xlsx and as csv is one table."""
    books = {one.name.rpartition(".")[0] for one in files if not one.name.lower().endswith(".csv")}
    return [
        one for one in files
        if not one.name.lower().endswith(".csv") or one.name.rpartition(".")[0] not in books
    ]  # fmt: skip


def _refused(desk: Desk, mail: IncomingMail) -> str:
    sender = mail.from_addr
    if sender in desk.registry_senders:
        if mail.authentic:
            return ""
        return _("发件人 {sender} 的身份未能证实，未自动导入，请核对来源后导入。").said(
            sender=sender
        )
    known = {one.rpartition("@")[2] for one in desk.registry_senders}
    domain = sender.rpartition("@")[2]
    if other := lookalike(domain, known):
        return _("发件人 {sender} 的域名与 {other} 相似但不相同，疑似冒用，未导入，请核实。").said(
            sender=sender, other=other
        )
    return _("发件人 {sender} 不在登记数据发件人之列，未自动导入，请核对来源后导入。").said(
        sender=sender
    )


def stated(text: str) -> datetime | None:
    """The moment up to which the mail says that its data is complete; None where it does not.

    A day without an hour says too little: the registry may have been asked at noon.
    """
    found = UNTIL.search(text)
    if found is None:
        return None
    try:
        return values.moment(WEEKDAY.sub(" ", found[1]))
    except BadInput:
        return None


def _imported(
    desk: Desk, mail: IncomingMail, file: IncomingDocument, kinds: tuple[str, ...],
    until: datetime | None,
) -> ImportReport:  # fmt: skip
    data = _data(desk, file)
    problems = {one: parse(one, data, file.name, desk.provinces).problems for one in kinds}  # type: ignore[arg-type]
    kind = _kind(mail, file, problems)
    if kind is None:
        return ImportReport(kinds[0], file.name, problems=(_unfit(file, problems),))
    if until is None and (rows := _known(desk, kind, file.sha256)) is not None:
        # An older file without its moment would take newer states back.
        return ImportReport(kind, file.name, rows)
    actor = f"mail:{mail.from_addr}"
    return import_registry(desk, kind, data, file.name, until, actor)  # type: ignore[arg-type]


def _data(desk: Desk, file: IncomingDocument) -> bytes:
    if file.data is not None:
        return file.data
    with desk.store.read() as tx:
        return tx.documents.data(file.sha256)


def _known(desk: Desk, kind: str, sha256: str) -> int | None:
    """Rows of the import that brought this very file, None where none did."""
    with desk.store.read() as tx:
        same = [one for one in tx.registry.imports() if (one.kind, one.sha256) == (kind, sha256)]
    return same[-1].rows if same else None


Problems = Mapping[str, tuple[RowProblem, ...]]
"""What is wrong with a table, read as each of the sender's kinds."""


def _kind(mail: IncomingMail, file: IncomingDocument, problems: Problems) -> str | None:
    """What the table is: of the sender's kinds the one whose columns it has, and whose name."""
    # A problem of the whole table (line 0): the columns of this kind are not there at all.
    fit = [kind for kind, found in problems.items() if not any(one.line == 0 for one in found)]
    for said in (file.name, mail.subject):
        named = [kind for kind in fit if re.search(WORDS[kind], said, re.IGNORECASE)]
        if len(named) == 1:
            return named[0]
    # One kind only: what is wrong with it is told line by line.
    return fit[0] if len(fit) == 1 else None


def _unfit(file: IncomingDocument, problems: Problems) -> RowProblem:
    """Why it is none of the sender's kinds."""
    found = [*problems.values()]
    if len(found) == 1 and found[0]:
        return found[0][0]
    named = joined((NAMES[one].said() for one in problems), AND)
    return RowProblem(
        0,
        "",
        _("{name} 不能确定是{named}中的哪一种，请核对表头和文件名。").said(
            name=file.name, named=named
        ),
    )


def report(desk: Desk, tx: Tx, message_id: str, mail: IncomingMail, done: ByMail) -> None:
    """Tell the sender what was imported, and the operator what was not."""
    lines = tuple(line for one in done.reports.values() for line in _told(one))
    if not lines:
        return
    facts = StaffNotice(desk.office, RESULT.said(), lines)
    to, about = mail.answer_to, f"registry:{message_id}"
    if mail.may_reply and to and not desk.is_own(to):
        letter = LetterIntent(
            "notice", about, (to,), facts, thread=thread(mail), locale=desk.chat_locale
        )
        tx.outbox.intend(letter)
    bad = any(not one.ok for one in done.reports.values())
    if bad and desk.operator_mailbox not in ("", to):
        tx.outbox.intend(
            LetterIntent("notice", about, (desk.operator_mailbox,), facts, locale=desk.chat_locale)
        )


def _told(one: ImportReport) -> list[str]:
    name = NAMES[one.kind].said()
    if one.ok:
        until = (
            _("数据截至 {until}").said(until=moment(one.complete_until))
            if one.complete_until
            else _NO_UNTIL
        )
        return [
            _("{file}：已导入{name} {rows} 条，新增或变更 {new} 条；{until}。").said(
                file=one.file, name=name, rows=one.rows, new=one.new, until=until
            )
        ]
    shown = [
        n_("{file}：未导入任何{name}，共 {count} 处问题，请改正后重新发送整个文件。").said(
            file=one.file, name=name, count=len(one.problems)
        ),
        *(_problem(problem) for problem in one.problems[:SHOWN]),
    ]
    more = len(one.problems) - SHOWN
    return [*shown, *([n_("另有 {count} 处。").said(count=more)] if more > 0 else [])]


_NO_UNTIL = _(
    "邮件未写明数据截至时间（如“数据截至 2021-11-05 17:00”），未据此确认当日无记录"
).said()


def _problem(one: RowProblem) -> str:
    if not one.line:
        return one.message
    if not one.column:
        return AT_LINE.said(line=one.line, message=one.message)
    return AT_CELL.said(line=one.line, column=one.column, message=one.message)


RESULT = _("登记数据导入结果")
AT_LINE = _("第 {line} 行 {message}")
AT_CELL = _("第 {line} 行 {column} {message}")
