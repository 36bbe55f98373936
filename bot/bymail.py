"""Decisions by mail: an answer to a letter, read as strictly as a tap, acted on as a tap is.

Only what stands above everything quoted counts, and it must begin with a decision. Whatever is not
beyond doubt is not acted on: a second item for the same application, words behind a confirmation.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from typing import Literal

from bot import core, plain, texts, words
from bot.messages import Ask, Reply
from casework import decisions, habits
from casework.desk import Desk
from cycles.catalogues import LOCALES, language
from letters.staff import ABOVE
from procedure.errors import BadInput, ClerkError, Temporary
from procedure.events import Evidence
from procedure.facts import TaskItem
from procedure.language import speaking, term, told
from store.rows import Person

QUOTED = re.compile(
    r"^\s*(?:[>|＞]|[-—_=]{3,}|发件人\s*[:：]|From\s*:|寄件者\s*[:：]"
    r"|On .{3,200}wrote:|在.{3,200}写道"
    r"|.{0,60}(?:原始邮件|Original Message|转发的邮件|Forwarded message))",
    re.IGNORECASE,
)
SIGNED = re.compile(r"^\s*(?:--|发自|来自|Sent from|从.{1,20}发送)", re.IGNORECASE)
GREETING = re.compile(r"(?:您好|你好|各位好|收到|hi|hello)?[\s,，.。!！:：]*", re.IGNORECASE)
ORDER = re.compile(
    r"^\s*(?:(?P<confirm>确认|同意|confirm)|(?P<return>退回|return))"
    r"(?=$|[\s,，:：。.!！、]|CCER|第?\d|全部)(?P<rest>.*)$",
    re.IGNORECASE,
)
TARGET = re.compile(
    r"[和及]?(?:第\s*)?(\d{1,3})(?!,\d{3}|\s*吨)\s*(?:项(?!目)|(?=$|[\s,，、:：。;；和及]))"
)
AMOUNT = re.compile(r"(\d[\d,]{0,15})\s*吨")
ALL = re.compile(r"全部(?=$|[\s,，、:：。])")
BETWEEN = " \t\u3000,，、:：;；。.!！"
NOTHING = re.compile(r"(?:[\W_]|是|无误|谢谢|yes|ok)*", re.IGNORECASE)
DOUBT = re.compile(
    r"不|但|勿|别|先|待|再|等|改|错|误|暂|除|未|缺|\?|？|吗|wait|not|but", re.IGNORECASE
)
BLOCKED = frozenset({"findings", "unclear"})
"""Codes of the errors of what cannot be confirmed as it stands, but can be returned."""
CHANGED = "changed"
"""Code of the error that a case is no more as its letter told."""
LONGEST_REST = 80
"""Characters of a name and an office below the decision."""
REASON_LIMIT = 500
MOST_PAGES = 25
"""Of a list, in one answer by mail."""


@dataclass
class Order:
    """One decision as written."""

    what: Literal["confirm", "return"]
    items: tuple[int, ...]
    """Places in the letter, from 0."""
    amount: int | None = None
    reason: list[str] = field(default_factory=list)


def is_order(text: str) -> bool:
    """Whether a mail's own words begin with a decision."""
    own = [line for line in _own(text) if not GREETING.fullmatch(line)]
    return bool(own and ORDER.match(words.fold(own[0])))


LOOKS = frozenset({"status", "todo", "case", "find", "digest", "deadline", "stats", "tray", "help"})
"""Commands that change nothing: a mail may say them without answering any letter."""
ALONE = frozenset({"todo", "digest", "deadline", "stats", "tray", "help"})
"""Those of them that stand alone."""
NAMED = re.compile(r"[\w()（）·-]{1,40}")
"""What one of the others names: a number, a code, an account, a part of a name."""
WISH = re.compile(r"请|撤|改|更正|取消|作废|漏|错")
"""In no name, but in what a person has to read."""
TAPPING = re.compile(r"^(?:下一步|Next)\b|^\s*$")


def is_look(text: str) -> bool:
    """Whether a mail's own words are one command that only looks, and nothing else."""
    return _look(text) != ""


def _look(text: str) -> str:
    own = [line.strip() for line in _own(text) if not GREETING.fullmatch(line)]
    found = words.command(own[0]) if own and not any(own[1:]) else None
    return own[0] if found and _only_looks(found) else ""


def _only_looks(command: words.Command) -> bool:
    if command.name in ALONE or not command.rest:
        return command.name in LOOKS and not command.rest
    names = NAMED.fullmatch(command.rest) and not WISH.search(command.rest)
    return command.name in LOOKS and bool(names)


def look(desk: Desk, person: Person, text: str) -> tuple[str, ...]:
    """What a chat would answer to the mail's command, line by line; a mail has nothing to tap.

    `Temporary` errors are raised, as by `act`.
    """
    ask = Ask("mail", person.name, _look(text), person=person)
    with speaking(habits.language(desk, person.name)):
        pages = (page.text for page in islice(_pages(desk, ask), MOST_PAGES))
        lines = [line for page in pages for line in page.splitlines() if not TAPPING.match(line)]
        return (*lines, str(texts.MAIL_LOOKED))


def _pages(desk: Desk, ask: Ask) -> Iterator[Reply]:
    """The answer and, as nobody can turn its pages by mail, those that follow it."""
    while True:
        reply = core.answer(desk, ask, again=True)
        yield reply
        buttons = (one for row in reply.buttons for one in row)
        more = next((one.reference for one in buttons if one.label == str(texts.MORE)), "")
        if not more:
            return
        ask = replace(ask, text="", reference=more)


def act(
    desk: Desk, person: Person, items: Sequence[TaskItem], text: str, message_id: str
) -> tuple[str, ...]:
    """Do what an answer to the letter about ``items`` says; a line for each outcome.

    In the language that is spoken.

    Where the words are not clear nothing is done, and the one line says why. The same message may
    be acted on again without harm. `Temporary` errors are raised: the whole is to be tried again.
    """
    try:
        orders = read(text, items)
    except BadInput as error:
        return (texts.MAIL_NOT_DONE.format(why=told(error.user_message)),)
    return tuple(
        _outcome(desk, person, items[index], order, message_id)
        for order in orders
        for index in order.items
    )


def _outcome(desk: Desk, person: Person, item: TaskItem, order: Order, message_id: str) -> str:
    try:
        return _decided(desk, person, item, order, message_id)
    except Temporary:
        raise
    except ClerkError as error:
        said = texts.MAIL_REFUSED.format(
            case_no=item.case_no, application=item.application, why=told(error.user_message)
        )
        if error.code in BLOCKED:
            return said + str(texts.MAIL_BLOCKED)
        if error.code != CHANGED:
            return said
        _tell_again(desk, person, item, message_id)
        return said + str(texts.MAIL_AGAIN)


def _tell_again(desk: Desk, person: Person, item: TaskItem, message_id: str) -> None:
    """A mail cannot look again: the case as it stands now comes in a letter of its own."""
    text = texts.NOTICE_WAITS.format(
        case_no=item.case_no, name=plain.name(item.entity_name), stage=term(item.stage_name)
    )
    key = f"waits:{item.case_no}:again/{message_id}:{person.name}"
    with desk.store.write() as tx:
        tx.notices.intend(key, person.name, text, item.case_no)


def _decided(desk: Desk, person: Person, item: TaskItem, order: Order, message_id: str) -> str:
    evidence = Evidence(message_id)
    if order.what == "confirm":
        return decisions.confirm(
            desk, person, item.case_no, item.application, item.version,
            channel="mail", seen_seq=item.seq, evidence=evidence,
        ).text  # fmt: skip
    reason = plain.clean("\n".join(order.reason)).strip()
    return decisions.return_(
        desk, person, item.case_no, item.application, reason, (), item.version,
        channel="mail", seen_seq=item.seq, evidence=evidence,
    ).text  # fmt: skip


def read(text: str, items: Sequence[TaskItem]) -> list[Order]:
    """The decisions in an answer. `BadInput` (Chinese) where they are not beyond doubt."""
    orders: list[Order] = []
    rest: list[str] = []
    goes_on = False
    for line in _own(text):
        found = ORDER.match(words.fold(line))
        if found:
            orders.append(_order(found, line, items))
            goes_on = orders[-1].what == "return"
        elif not line.strip():
            # A reason ends with its paragraph: a name below it is none of it.
            goes_on = goes_on and not orders[-1].reason
        elif goes_on:
            orders[-1].reason.append(line.strip())
        elif orders or not GREETING.fullmatch(line):
            rest.append(line.strip())
            if not orders:
                break
    _sure(orders, " ".join(rest))
    return orders


def _own(text: str) -> Iterator[str]:
    """The writer's own lines: nothing of what is quoted, no signature."""
    for line in text.splitlines():
        if any(mark in line for mark in _marks()) or QUOTED.match(line) or SIGNED.match(line):
            return
        yield line


@cache
def _marks() -> tuple[str, ...]:
    """The line above which answers are written, in each language a letter may have."""
    return tuple(language(one).message(ABOVE.chinese).strip("═ ") for one in LOCALES)


def _order(found: re.Match[str], line: str, items: Sequence[TaskItem]) -> Order:
    what: Literal["confirm", "return"] = "confirm" if found["confirm"] else "return"
    # From the line as typed: a reason keeps its full-width punctuation.
    chosen, rest = _targets(line[found.start("rest") :], items)
    if what == "return":
        reason = re.sub(r"^(?:原因|理由)[:：是]?\s*", "", rest)
        return Order(what, chosen, None, [reason] if reason else [])
    amount = AMOUNT.search(words.fold(rest))
    said = AMOUNT.sub("", words.fold(rest), count=1)
    if not NOTHING.fullmatch(said):
        raise _unsure(texts.MAIL_CONDITION.format(words=plain.name(rest, 60)))
    order = Order(what, chosen, int(amount[1].replace(",", "")) if amount else None)
    if order.amount is not None and any(items[n].offset_t != order.amount for n in chosen):
        raise _unsure(texts.MAIL_AMOUNT.format(amount=plain.tonnes(order.amount)))
    return order


def _targets(rest: str, items: Sequence[TaskItem]) -> tuple[tuple[int, ...], str]:
    """Which items are meant, and the words behind them."""
    chosen: list[int] = []
    rest = rest.lstrip(BETWEEN)
    while rest:
        if case := words.case_word(rest) if words.fold(rest)[:4].upper() == "CCER" else None:
            chosen += _of_case(case, items)
            rest = case.rest.lstrip(BETWEEN)
        elif ALL.match(rest):
            chosen += range(len(items))
            rest = rest[2:].lstrip(BETWEEN)
        elif number := TARGET.match(words.fold(rest)):
            chosen.append(_of_number(int(number[1]), items))
            rest = rest[number.end() :].lstrip(BETWEEN)
        else:
            break
    if not chosen and len(items) > 1:
        raise _unsure(texts.MAIL_WHICH.format(count=len(items)))
    return tuple(chosen) or (0,), rest


def _of_case(case: words.CaseWord, items: Sequence[TaskItem]) -> list[int]:
    found = [
        n
        for n, item in enumerate(items)
        if item.case_no == case.case_no and case.application in (None, item.application)
    ]
    if len(found) != 1:
        raise _unsure(texts.MAIL_NO_ITEM.format(item=case.case_no))
    return found


def _of_number(number: int, items: Sequence[TaskItem]) -> int:
    if not 1 <= number <= len(items):
        raise _unsure(texts.MAIL_NO_ITEM.format(item=number))
    return number - 1


def _sure(orders: Sequence[Order], rest: str) -> None:
    """`BadInput` for what nobody may act on."""
    if not orders:
        raise _unsure(str(texts.MAIL_NO_ORDER))
    chosen = [index for order in orders for index in order.items]
    if len(chosen) != len(set(chosen)):
        raise _unsure(str(texts.MAIL_TWICE))
    if len(rest) > LONGEST_REST or DOUBT.search(rest):
        raise _unsure(texts.MAIL_CONDITION.format(words=plain.name(rest, 60)))
    for order in orders:
        if sum(map(len, order.reason)) > REASON_LIMIT:
            raise _unsure(texts.MAIL_TOO_LONG.format(limit=REASON_LIMIT))


def _unsure(said: str) -> BadInput:
    return BadInput("the decision in the mail is not beyond doubt", user_message=said)
