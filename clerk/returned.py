"""Letters that came back: written down, told to the operator and to the staff of its case."""

from collections.abc import Iterator
from functools import partial

from casework.alarms import RETURNED as REASON
from casework.alarms import alarm
from casework.rights import may
from clerk.wiring import House
from mailer.bounces import Bounced, settle
from mailer.mail import Mail
from procedure.language import _
from store import Tx
from store.erasing import RETURNED
from store.rows import Person

BACK = _("信件 {key} 未能送达 {address}：{answer}。{more}")
SUSPENDED = _("该地址多次退信，后续信件已暂停发送，请核对地址。")


def returned(house: House, mail: Mail) -> None:
    """What a bounce says of letters of ours; nothing for any other mail. Safe to repeat."""
    if mail.report is None:
        return
    with house.store.write() as tx:
        for bounced in settle(tx, mail.report, house.now()):
            # A notice that comes back must not bring a notice: it might come back too.
            quiet = bounced.kind == "notice"
            key = f"{RETURNED}{bounced.key}:{bounced.address}:{bounced.attempts}"
            say, also = partial(_text, bounced), _staff(tx, bounced)
            alarm(house.desk, tx, key, REASON, say, quiet=quiet, also=also)


def _staff(tx: Tx, bounced: Bounced) -> Iterator[Person]:
    """Who works on the case that the letter was about."""
    row = tx.cases.row(bounced.about.partition("/")[0])
    if row is not None:
        yield from (one for one in tx.people.list() if may(one, "confirm", row.province))


def _text(bounced: Bounced) -> str:
    more = SUSPENDED.said() if bounced.suspended else ""
    return BACK.said(key=bounced.key, address=bounced.address, answer=bounced.answer, more=more)
