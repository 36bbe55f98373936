"""What the mail itself says against its sender: findings that ask for a look, never a block.

A firm's mail system may be badly set up, a mail may be forwarded, a new address may be honest: so
nothing here is an error. But whoever confirms should know that anybody could have sent the form.
"""

from collections.abc import Iterator

from casework.addresses import entity_of, own_of
from casework.changes import Change
from casework.lookalikes import lookalike
from procedure.findings import Finding
from procedure.language import _
from procedure.sender import Authentication

VERIFY = _("请核实是否由该单位提出").said()


def check_sender(change: Change, sender: str, message_id: str) -> tuple[Finding, ...]:
    """Findings on the address that a paper came from and on who vouches for it."""
    entity = entity_of(change.tx, change.row)
    registered = entity.emails if entity else ()
    return (
        *_unknown(change, sender, registered),
        *_alike(change, sender, registered),
        *_vouched(change, message_id),
    )


def check_proof_sender(change: Change, sender: str, message_id: str) -> tuple[Finding, ...]:
    """As `check_sender`, but any address may send a screenshot: the registry's record proves it."""
    entity = entity_of(change.tx, change.row)
    registered = entity.emails if entity else ()
    return (*_alike(change, sender, registered), *_vouched(change, message_id))


def message_of(change: Change, number: int) -> str:
    """The message that the application's present version came with, "" for none."""
    app = change.state.application(number)
    return app.current.evidence.message_id if app else ""


def _authentication(change: Change, message_id: str) -> Authentication | None:
    message = change.tx.messages.get(message_id) if message_id else None
    return message.mail.authentication if message and message.mail else None


def _unknown(change: Change, sender: str, registered: tuple[str, ...]) -> Iterator[Finding]:
    """Anybody can send a form in another's name: the province should look who did."""
    known = own_of(registered, change.events)
    if not registered or sender.lower() in known:
        return
    message = _("来件邮箱 {sender} 不是该单位登记的邮箱，请核实申请是否由该单位提出。").said(
        sender=sender
    )
    public = _("来件邮箱与登记信息须核实。").said()
    yield _finding(change, "sender-unknown", "warning", message, sender, public)


def _alike(change: Change, sender: str, registered: tuple[str, ...]) -> Iterator[Finding]:
    """A domain made to be taken for the entity's own."""
    domain = sender.rpartition("@")[2].lower()
    other = lookalike(domain, (one.rpartition("@")[2].lower() for one in registered))
    if other:
        message = _(
            "来件邮箱域名 {domain} 与该单位登记邮箱的域名 {other} 相似但不相同，{verify}。"
        ).said(domain=domain, other=other, verify=VERIFY)
        public = _("来件邮箱与登记信息须核实。").said()
        yield _finding(change, "sender-lookalike", "warning", message, domain, public)


def _vouched(change: Change, message_id: str) -> Iterator[Finding]:
    vouched = _authentication(change, message_id)
    if vouched is None:
        return
    if vouched.disowned:
        message = _(
            "来件未通过发件人域名的身份验证（{vouched}），发件人可能被冒用，{verify}。"
        ).said(vouched=vouched, verify=VERIFY)
        yield _finding(change, "sender-disowned", "warning", message, str(vouched))
    elif vouched.doubtful:
        message = _(
            "来件的发件人身份未能证实（{vouched}），转发的邮件也会如此，必要时{verify}。"
        ).said(vouched=vouched, verify=VERIFY)
        yield _finding(change, "sender-unproven", "note", message, str(vouched))


def _finding(
    change: Change, rule: str, severity: str, message: str, found: str, public: str = ""
) -> Finding:
    clause = change.cycle.clause(rule)
    return Finding(rule, clause, severity, message, found=found, public=public)  # type: ignore[arg-type]
