"""What goes wrong with digests is said: in the tray, to the operator by mail and chat, in the log.

Each alarm is one row by its key, once a period; a fault that is mended closes its item.
"""

import logging
from collections.abc import Callable, Container, Iterable, Iterator
from datetime import date, datetime
from functools import partial

from casework.colleagues import notify
from casework.desk import Desk
from casework.rights import may
from casework.rounds import NATIONAL, Slot, unaddressed
from cycles.catalogues import language
from procedure.clock import beijing
from procedure.facts import LetterIntent, StaffNotice
from procedure.language import AND, Text, _, joined, speaking, termed, told
from store import Tx
from store.rows import LetterRow, Person, RecipientRow

log = logging.getLogger(__name__)

NO_MAILBOX = "mailbox-missing"
BOUNCED = "digest-bounced"
RETURNED = "letter-returned"
KINDS = {
    "daily": _("每日注销记录"),
    "weekly": _("每周汇总"),
    "national": _("全国注销记录"),
}
LATE = _(
    "{first} 起的{kind}未能按时生成，现已补发并标注“迟发”，"
    "详见 clerk digest list，或在聊天中发“汇总”。"
)
MISSING = _("{last} 的{kind}未发送：{names}未设置接收邮箱（{setting}）。")
REFUSED = _("{name} {day} 的{kind}未能送达 {bad}。")
WHOLE = _("全国")
RESEND = _("核对邮箱后可重新发送：clerk digest resend {key}")
HELD_BACK = _("{name} {day} 的{kind}暂停投递：{bad} 此前多次退信。")
MAILBOX_SET = _("已设置邮箱或已有新提示")
SETTLED = _("已重新发送或已有新提示")
REINSTATE = _("核对邮箱后可恢复投递：clerk outbox reinstate {bad}")


def raise_due(desk: Desk, now: datetime) -> list[str]:
    """Raise what is not raised yet; the keys of the new alarms. Safe to run at any time."""
    with desk.store.write() as tx:
        found = dict(_missing(desk, now))
        _settle(desk, tx, found)
        made = [key for key, say in found.items() if alarm(desk, tx, key, NO_MAILBOX, say)]
        letters = tx.outbox.refused(tuple(KINDS))
        _delivered(desk, tx, letters)
        return made + list(_bounced(desk, tx, letters))


Say = Callable[[], str]
"""Says a text: `Said` words, which the tray keeps for readers of any language."""


def alarm(
    desk: Desk,
    tx: Tx,
    key: str,
    reason: str,
    say: Say,
    more: Say | None = None,
    *,
    quiet: bool = False,
    also: Iterable[Person] = (),
) -> bool:
    """One alarm, once by its key; whether it is new. ``more`` is for the letter only.

    ``quiet``: only into the tray and the log, where a newer alarm of its kind says enough.
    ``also``: who hears of it in chat beside the operators.
    """
    if tx.tray.of_message(key):
        return False
    log.warning("%s: %s: %s", reason, key, told(say()))
    tx.tray.put(key, "", reason, say(), desk.now())
    if quiet:
        return True
    _write(desk, tx, key, _TITLES.get(reason, _("系统提示")), say, more)
    notify(desk, tx, _operators(tx), key, say, later=True)
    notify(desk, tx, (one for one in also if one.role != "operator"), key, say)
    return True


def _write(desk: Desk, tx: Tx, key: str, title: Text, say: Say, more: Say | None = None) -> None:
    """A letter to the operator, in the language of the installation's staff."""
    if desk.operator_mailbox:
        with speaking(language(desk.chat_locale)):
            lines = tuple(told(one()) for one in (say, more) if one)
            facts = StaffNotice(desk.office, str(title), lines)
        to = (desk.operator_mailbox,)
        tx.outbox.intend(LetterIntent("notice", key, to, facts, locale=desk.chat_locale))


def _operators(tx: Tx) -> Iterator[Person]:
    return (one for one in tx.people.list() if one.role == "operator")


def _senders(tx: Tx, province: str) -> Iterator[Person]:
    """Who may send the province's digest again; the national one's are those of all provinces."""
    return (one for one in tx.people.list() if may(one, "digest-send", province))


_TITLES = {
    NO_MAILBOX: _("未设置接收邮箱，汇总无法发送"),
    BOUNCED: _("汇总未能送达"),
    "digest-held": _("日报暂缓发送"),
    RETURNED: _("信件未能送达"),
    "mailbox-silent": _("邮箱长时间未能收取"),
}


def tell_late(desk: Desk, tx: Tx, slot: Slot) -> None:
    """A digest was made past its time: told once a day of making for a kind.

    After a long downtime many rounds are made together: the first of them is enough.
    """

    def say() -> str:
        return LATE.said(first=slot.round.last, kind=KINDS[slot.kind].said())

    key = f"late:{slot.kind}/{slot.cycle.id}/{beijing(desk.now()).date()}"
    log.warning("digest late: %s %s", slot.kind, slot.period_key)
    _write(desk, tx, key, _("汇总迟发"), say)
    notify(desk, tx, _senders(tx, slot.province), key, say)


def _missing(desk: Desk, now: datetime) -> Iterator[tuple[str, Say]]:
    """Key and text of each digest that has nowhere to go, for the round that is due last."""
    for kind, cycle, round_, provinces in unaddressed(desk, now):
        setting = "office.mailboxes" if kind == "daily" else "office.ncsc_mailbox"
        say = partial(_nowhere, desk, kind, round_.last, provinces, setting)
        yield f"mailbox:{kind}/{cycle.id}/{round_.last}", say


def _nowhere(desk: Desk, kind: str, last: date, provinces: Iterable[str], setting: str) -> str:
    names = joined((termed(desk.province_name(one)) for one in provinces), AND)
    return MISSING.said(last=last, kind=KINDS[kind].said(), names=names, setting=setting)


def _settle(desk: Desk, tx: Tx, found: Container[str]) -> None:
    """Earlier periods' items close: the newest one says it, or the mailbox is set now."""
    for item in tx.tray.open_items():
        if item.reason == NO_MAILBOX and item.message_id not in found:
            tx.tray.close(item.id, "timetable", "settled", MAILBOX_SET.said(), desk.now())


def _bounced(desk: Desk, tx: Tx, letters: Iterable[LetterRow]) -> Iterator[str]:
    """Digests that a recipient's server refused for good, or that nobody sends there any more."""
    for letter in letters:
        also = _senders(tx, _province(letter))
        for key, say, more in _undelivered(desk, letter):
            if alarm(desk, tx, key, BOUNCED, say, more, also=also):
                yield key


def _undelivered(desk: Desk, letter: LetterRow) -> Iterator[tuple[str, Say, Say]]:
    """Key, text and remedy for each recipient: one may be mended while another is not."""
    for one in letter.recipients:
        if key := _key(letter, one):
            again = partial(RESEND.said, key=letter.key)
            back = partial(REINSTATE.said, bad=one.address)
            text, more = (REFUSED, again) if one.state == "failed" else (HELD_BACK, back)
            yield key, partial(_named, desk, text, letter, one.address), more


def _key(letter: LetterRow, one: RecipientRow) -> str:
    """Of one refusal or suspension: it may be mended and happen again, and is another alarm then.

    "" for a recipient who has the letter, or whom it is on its way to.
    """
    if one.state == "failed":
        return f"bounced:{letter.about}:{one.address}:{one.attempts}"
    since = one.at.isoformat() if one.at else ""
    return f"suspended:{letter.about}:{one.address}:{since}" if one.suspended else ""


def _delivered(desk: Desk, tx: Tx, letters: Iterable[LetterRow]) -> None:
    """An item closes once its recipient's server refuses no more: the digest goes out again."""
    bad = {_key(letter, one) for letter in letters for one in letter.recipients}
    for item in tx.tray.open_items():
        if item.reason == BOUNCED and item.message_id not in bad:
            tx.tray.close(item.id, "timetable", "sent", SETTLED.said(), desk.now())


def _province(letter: LetterRow) -> str:
    """A digest's ``about`` is kind/province/period key/supplement."""
    return letter.about.split("/")[1]


def _named(desk: Desk, text: Text, letter: LetterRow, bad: str) -> str:
    prefix, day = _province(letter), letter.about.split("/")[-2]
    name = WHOLE.said() if prefix == NATIONAL else termed(desk.province_name(prefix))
    return text.said(name=name, day=day, kind=KINDS[letter.kind].said(), bad=bad)
