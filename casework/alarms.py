"""What goes wrong with digests is said: in the tray, to the operator by mail and chat, in the log.

Each alarm is one row by its key, once a period; a fault that is mended closes its item.
"""

import logging
from collections.abc import Iterator
from datetime import datetime

from casework.desk import Desk
from casework.rounds import Slot, unaddressed
from procedure.clock import beijing
from procedure.facts import LetterIntent, StaffNotice
from store import Tx

log = logging.getLogger(__name__)

NO_MAILBOX = "mailbox-missing"
BOUNCED = "digest-bounced"
KINDS = {"daily": "每日注销记录", "weekly": "每周汇总", "national": "全国注销记录"}


def raise_due(desk: Desk, now: datetime) -> list[str]:
    """Raise what is not raised yet; the keys of the new alarms. Safe to run at any time."""
    with desk.store.write() as tx:
        found = dict(_missing(desk, now))
        _settle(desk, tx, found)
        made = [key for key, text in found.items() if alarm(desk, tx, key, NO_MAILBOX, text)]
        return made + list(_bounced(desk, tx))


def alarm(
    desk: Desk, tx: Tx, key: str, reason: str, text: str, *more: str, quiet: bool = False
) -> bool:
    """One alarm, once by its key; whether it is new. ``text`` and ``more`` are Chinese.

    ``quiet``: only into the tray and the log, where a newer alarm of its kind says enough.
    """
    if tx.tray.of_message(key):
        return False
    log.warning("%s: %s: %s", reason, key, text)
    tx.tray.put(key, "", reason, text, desk.now())
    if quiet:
        return True
    if desk.operator_mailbox:
        facts = StaffNotice(desk.office, _TITLES.get(reason, "系统提示"), (text, *more))
        tx.outbox.intend(LetterIntent("notice", key, (desk.operator_mailbox,), facts))
    for person in tx.people.list():
        if person.role == "operator" and not person.revoked:
            tx.notices.intend(f"{key}:{person.name}", person.name, text)
    return True


_TITLES = {
    NO_MAILBOX: "未设置接收邮箱，汇总无法发送",
    BOUNCED: "汇总未能送达",
    "digest-held": "日报暂缓发送",
    "letter-returned": "信件未能送达",
    "mailbox-silent": "邮箱长时间未能收取",
}


def tell_late(desk: Desk, tx: Tx, slot: Slot) -> None:
    """A digest was made past its time: the operator is told, once a day of making for a kind.

    After a long downtime many rounds are made together: one letter is enough.
    """
    key = f"late:{slot.kind}/{slot.cycle.id}/{beijing(desk.now()).date()}"
    text = (
        f"{slot.round.last} 起的{KINDS[slot.kind]}未能按时生成，现已补发并标注“迟发”，"
        "详见 clerk digest list。"
    )
    if not desk.operator_mailbox:
        return
    facts = StaffNotice(desk.office, "汇总迟发", (text,))
    if tx.outbox.intend(LetterIntent("notice", key, (desk.operator_mailbox,), facts)):
        log.warning("digest late: %s", key)


def _missing(desk: Desk, now: datetime) -> Iterator[tuple[str, str]]:
    """Key and text of each digest that has nowhere to go, for the round that is due last."""
    for kind, cycle, round_, provinces in unaddressed(desk, now):
        names = "、".join(desk.province_name(one) for one in provinces)
        setting = "office.mailboxes" if kind == "daily" else "office.ncsc_mailbox"
        text = f"{round_.last} 的{KINDS[kind]}未发送：{names}未设置接收邮箱（{setting}）。"
        yield f"mailbox:{kind}/{cycle.id}/{round_.last}", text


def _settle(desk: Desk, tx: Tx, found: dict[str, str]) -> None:
    """Earlier periods' items close: the newest one says it, or the mailbox is set now."""
    for item in tx.tray.open_items():
        if item.reason == NO_MAILBOX and item.message_id not in found:
            tx.tray.close(item.id, "timetable", "settled", "已设置邮箱或已有新提示", desk.now())


def _bounced(desk: Desk, tx: Tx) -> Iterator[str]:
    """Digests that a recipient's server refused for good."""
    for letter in tx.outbox.refused(tuple(KINDS)):
        bad = "、".join(one.address for one in letter.recipients if one.state == "failed")
        text = f"{KINDS[letter.kind]} {letter.about} 未能送达 {bad}。"
        key = f"bounced:{letter.about}"
        more = f"核对邮箱后可重新发送：clerk digest resend {letter.key}"
        if alarm(desk, tx, key, BOUNCED, text, more):
            yield key
