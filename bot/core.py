"""One command core for every chat: what was said → what is answered. Knows no chat system."""

from collections.abc import Callable
from dataclasses import replace

from bot import (
    confirming,
    correcting,
    digestwork,
    documents,
    evidence,
    languages,
    muting,
    overview,
    people,
    plain,
    quoting,
    returning,
    show,
    texts,
    traywork,
    words,
)
from bot import references as ref
from bot.messages import SILENCE, Ask, Reply
from bot.paging import PAGE
from bot.references import Reference
from bot.words import Command
from casework import habits, rights, views
from casework.desk import Desk
from procedure.errors import BadInput, ClerkError, Temporary
from procedure.language import Language, speaking, term, told
from store.rows import Person

Replied = Callable[[Desk, Person, str, str], Reply | None]
FIND_LIMIT = 20
BARE = range(2, 60)
"""Characters of a text that may be a name, though no command says so."""


def answer(desk: Desk, ask: Ask, *, again: bool = False) -> Reply:
    """The answer to one message or tap; blocking (database), so call it off the event loop.

    Every `procedure.errors.ClerkError` becomes a reply with its ``user_message``; anything else is
    raised. Repeating an ask acts once: decisions re-check the state that was shown. With ``again``
    a `Temporary` error is raised too, for a door that tries again by itself.
    """
    person = ask.person or people.who(desk, ask)
    with speaking(_language(desk, person)):
        try:
            reply = _answer(desk, person, ask)
        except ClerkError as error:
            if again and isinstance(error, Temporary):
                raise
            reply = Reply(_with_next(told(error.user_message), str(people.then(person))))
    return replace(reply, text=plain.clean(reply.text))


def language_of(desk: Desk, ask: Ask) -> Language:
    """What whoever asks is spoken to in: a door's own words too. Blocking, as `answer` is."""
    return _language(desk, ask.person or people.who(desk, ask))


def _language(desk: Desk, person: Person | None) -> Language:
    return habits.language(desk, person.name if person else None)


def _with_next(said: str, then: str) -> str:
    """Every message says what happens next; an error's own words may do so already."""
    return said if str(texts.NEXT_MARK) in said else f"{said}\n{then}"


def _answer(desk: Desk, person: Person | None, ask: Ask) -> Reply:
    command = words.command(ask.text) if not ask.reference else None
    if command is None and person is None and ask.chat == "private" and not ask.reference:
        # As for those who are bound (`_typed`): "bind CODE" without its slash.
        command = words.command(f"/{ask.text.strip()}")
    if command and command.name == "bind":
        return people.bind(desk, ask, person, command.rest)
    if person is None:
        return _stranger(ask, command)
    if ask.chat == "group":
        return _in_group(desk, person, ask, command)
    if ask.reference:
        return _tapped(desk, person, ask)
    return _typed(desk, person, ask, command)


def _stranger(ask: Ask, command: Command | None) -> Reply:
    """Who is not bound learns how to bind and nothing else; chatter in a group is not answered."""
    addressed = ask.chat == "private" or ask.reference or (command and command.slash)
    return Reply(str(texts.NOT_BOUND)) if addressed else SILENCE


def _in_group(desk: Desk, person: Person, ask: Ask, command: Command | None) -> Reply:
    """Others read along: case numbers and stages only, nothing is decided."""
    if ask.reference:
        return Reply(str(texts.IN_PRIVATE))
    if command is None:
        return SILENCE
    if command.name == "todo":
        return _group_todo(desk, person)
    if command.name in {"status", "case"} and command.rest:
        lines = views.find(desk, person, command.rest, FIND_LIMIT)
        shown = show.group_lines((line.case_no, term(line.stage_name)) for line in lines)
        return Reply(f"{shown or str(texts.GROUP_NOTHING)}\n{texts.IN_PRIVATE}")
    return Reply(str(texts.IN_PRIVATE))


def _group_todo(desk: Desk, person: Person) -> Reply:
    count, lines = views.todo(desk, person, size=FIND_LIMIT)
    shown = show.group_lines((line.case_no, term(line.stage_name)) for line in lines)
    head = texts.GROUP_TODO.format(count=count)
    return Reply("\n".join(part for part in (head, shown, str(texts.IN_PRIVATE)) if part))


def _typed(desk: Desk, person: Person, ask: Ask, command: Command | None) -> Reply:
    if command:
        return COMMANDS[command.name](desk, person, command.rest)
    for replied in REPLIES if ask.quoted else ():
        if reply := _replied(replied, desk, person, ask):
            return reply
    if command := words.command(f"/{ask.text.strip()}"):
        # An English word without its slash: in a group it would be chatter.
        if command.name == "bind":
            return people.bind(desk, ask, person, command.rest)
        return COMMANDS[command.name](desk, person, command.rest)
    return _bare(desk, person, ask.text)


def _replied(replied: Replied, desk: Desk, person: Person, ask: Ask) -> Reply | None:
    """What was typed in reply to our question; where it cannot be so, the question once more."""
    try:
        return replied(desk, person, ask.text, ask.quoted)
    except BadInput as error:
        said = _with_next(told(error.user_message), str(texts.ANSWER_AGAIN))
        return Reply(f"{said}\n{quoting.mark(ask.quoted)}", wants_answer=True)


def _bare(desk: Desk, person: Person, text: str) -> Reply:
    """A bare case number, credit code, account or name is a question about it."""
    if words.case_word(text) or words.credit_code(text):
        return _status(desk, person, text)
    sought = words.fold(text).strip()
    if len(sought) in BARE and views.find(desk, person, sought, 1):
        return _status(desk, person, text)
    return Reply(str(texts.SHORT_HELP))


def _help(desk: Desk, person: Person, rest: str) -> Reply:
    return Reply(str(texts.HELP))


def _cancel(desk: Desk, person: Person, rest: str) -> Reply:
    return Reply(str(texts.CANCELLED))


def _todo(desk: Desk, person: Person, rest: str) -> Reply:
    page = int(rest) if rest.isdecimal() and len(rest) < 6 else 1
    return _todo_page(desk, person, max(page - 1, 0) * PAGE)


def _todo_page(desk: Desk, person: Person, first: int) -> Reply:
    if not rights.may(person, "confirm"):
        return Reply(f"{texts.TODO_NEVER}\n{texts.LOOK_NEXT}")
    count, page = views.todo(desk, person, first, PAGE)
    return show.todo(count, page, first) if page else Reply(str(texts.TODO_NONE))


def _status(desk: Desk, person: Person, rest: str) -> Reply:
    if not rest.strip():
        return Reply(str(texts.STATUS_USAGE))
    word = words.case_word(rest)
    sought = word.case_no if word else words.credit_code(rest) or words.fold(rest).strip()
    lines = views.find(desk, person, sought, FIND_LIMIT)
    if not lines:
        return Reply(str(texts.NOTHING_FOUND))
    if len(lines) == 1:
        return _show(desk, person, lines[0].case_no, show.brief)
    return show.found(lines, FIND_LIMIT)


def _case(desk: Desk, person: Person, rest: str) -> Reply:
    word = words.case_word(rest)
    if word:
        return _show(desk, person, word.case_no, show.case)
    return _status(desk, person, rest) if rest.strip() else Reply(str(texts.CASE_USAGE))


def _show(
    desk: Desk, person: Person, case_no: str, form: Callable[[views.CaseView, bool], Reply]
) -> Reply:
    view = views.case_view(desk, person, case_no)
    return form(view, rights.may(person, "confirm", view.province))


def _confirm(desk: Desk, person: Person, rest: str) -> Reply:
    word = words.case_word(rest)
    if word:
        return confirming.typed(desk, person, word)
    # 确认 alone, or with a name: pick the case first, its buttons lead on.
    return _status(desk, person, rest) if rest.strip() else _todo_page(desk, person, 0)


def _return(desk: Desk, person: Person, rest: str) -> Reply:
    word = words.case_word(rest)
    return returning.typed(desk, person, word) if word else Reply(str(texts.RETURN_USAGE))


def _correct(desk: Desk, person: Person, rest: str) -> Reply:
    word = words.case_word(rest)
    if word:
        return correcting.typed(desk, person, word)
    return _status(desk, person, rest) if rest.strip() else _todo_page(desk, person, 0)


REPLIES: tuple[Replied, ...] = (returning.replied, correcting.replied, traywork.replied)
"""What a reply to one of our questions may be; each knows its own by the mark in it."""
COMMANDS: dict[str, Callable[[Desk, Person, str], Reply]] = {
    "status": _status,
    "todo": _todo,
    "case": _case,
    "confirm": _confirm,
    "return": _return,
    "correct": _correct,
    "find": _status,
    "tray": traywork.typed,
    "assign": traywork.assign,
    "dismiss": traywork.dismiss,
    "digest": digestwork.typed,
    "deadline": overview.deadline,
    "stats": overview.figures,
    "mute": muting.typed,
    "language": languages.typed,
    "cancel": _cancel,
    "help": _help,
}


def _tapped(desk: Desk, person: Person, ask: Ask) -> Reply:
    seen = ref.parse(ask.reference)
    if seen is None or (not seen.case_no and seen.verb not in ref.FREE):
        return Reply(str(texts.BAD_BUTTON))
    if seen.verb in DRAFTS:
        return DRAFTS[seen.verb](desk, person, seen, ask.quoted)
    return TAPS[seen.verb](desk, person, seen)


DRAFTS: dict[str, Callable[[Desk, Person, Reference, str], Reply]] = {
    ref.RETURN: returning.tapped,
    ref.CORRECT: correcting.tapped,
    ref.ASSIGN: traywork.tapped,
    ref.DISMISS: traywork.tapped,
}
"""Taps on a draft, which holds in its own text what was typed."""
TAPS: dict[str, Callable[[Desk, Person, Reference], Reply]] = {
    ref.SHOW: lambda desk, person, seen: _show(desk, person, seen.case_no, show.case),
    ref.DOCUMENT: documents.original,
    ref.TODO: lambda desk, person, seen: _todo_page(desk, person, max(seen.pick, 0)),
    ref.DROP: lambda desk, person, seen: Reply(str(texts.CANCELLED), replaces=True),
    ref.ASK_CONFIRM: lambda desk, person, seen: confirming.ask(
        desk, person, seen.case_no, seen.application or None
    ),
    ref.CONFIRM: confirming.tapped,
    ref.ASK_RETURN: lambda desk, person, seen: returning.ask(
        desk, person, seen.case_no, seen.application or None
    ),
    ref.PICK_REASON: returning.picked,
    ref.ASK_CORRECT: correcting.tapped_ask,
    ref.PICK_VALUE: correcting.picked,
    ref.OVERLAY: evidence.overlay,
    ref.SEALS: evidence.seals,
    ref.TRAY: lambda desk, person, seen: traywork.listed(desk, person, max(seen.pick, 0)),
    ref.ITEM: traywork.look,
    ref.ASK_ASSIGN: traywork.ask,
    ref.ASK_DISMISS: traywork.ask,
    ref.DIGESTS: lambda desk, person, seen: digestwork.listed(desk, person, max(seen.pick, 0)),
    ref.DIGEST: digestwork.look,
    ref.PREVIEW: digestwork.preview,
    ref.LANGUAGE: languages.tapped,
}
