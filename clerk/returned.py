"""Letters that came back: written down with the letter, and told to the operator."""

from casework.alarms import alarm
from clerk.wiring import House
from mailer.bounces import Bounced, settle
from mailer.mail import Mail

RETURNED = "letter-returned"


def returned(house: House, mail: Mail) -> None:
    """What a bounce says of letters of ours; nothing for any other mail. Safe to repeat."""
    if mail.report is None:
        return
    for bounced in settle(house.store, mail.report, house.now()):
        with house.store.write() as tx:
            # A notice that comes back must not bring a notice: it might come back too.
            quiet = bounced.kind == "notice"
            key = f"returned:{bounced.key}:{bounced.address}"
            alarm(house.desk, tx, key, RETURNED, _text(bounced), quiet=quiet)


def _text(bounced: Bounced) -> str:
    text = f"信件 {bounced.key} 未能送达 {bounced.address}：{bounced.answer}。"
    if bounced.suspended:
        text += "该地址多次退信，后续信件已暂停发送，请核对地址。"
    return text
