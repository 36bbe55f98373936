"""/tray: what no rule could place. List, look, file under a case, or set aside with a note.

As in `bot.returning` nothing is kept between the steps: the draft holds the target or the note.
"""

import re

from bot import evidence, plain, quoting, show, texts
from bot import references as ref
from bot.messages import Button, File, Reply
from bot.paging import PAGE, turns
from bot.people import see
from bot.references import Reference
from bot.words import case_word, credit_code, fold
from casework import tray, traylook
from casework.desk import Desk
from casework.tray import TrayItem
from procedure.errors import BadInput, ClerkError, Conflict, WrongUse
from procedure.language import Text, told
from procedure.readings import DocumentReading
from store.rows import Person

TEXT_LIMIT = 400
NOTE_LIMIT = 300
AS = (None, "application", "cancellation")
"""What a document is filed as: what was read, else as said."""


def listed(desk: Desk, person: Person, first: int = 0) -> Reply:
    """A page of what waits, oldest first."""
    items = tray.listed(desk, person)
    others = [] if tray.whole(desk, person) else [str(texts.TRAY_OTHERS)]
    if not items:
        return Reply("\n".join([str(texts.TRAY_NONE), *others, see(person)]))
    first = first if 0 <= first < len(items) else 0
    page = items[first : first + PAGE]
    lines = [texts.TRAY_HEAD.format(count=len(items)), *map(_line, page), *others]
    lines.append(str(texts.TRAY_NEXT))
    rows = [
        (Button(texts.BUTTON_ITEM.format(item=one.item), _data(ref.ITEM, one)),) for one in page
    ]
    turning = turns(ref.TRAY, first, len(items))
    return Reply("\n".join(lines), (*rows, *turning))


def _line(one: TrayItem) -> str:
    return texts.TRAY_LINE.format(
        item=one.item, since=plain.moment(one.since), text=plain.name(told(one.text), 200),
        subject=plain.name(one.subject, 60) or str(texts.NO_VALUE),
    )  # fmt: skip


def typed(desk: Desk, person: Person, rest: str) -> Reply:
    """“待处理” lists, “待处理 3” looks at the third item."""
    number = fold(rest).strip()
    if number.isascii() and number.isdigit():
        return look(desk, person, Reference(ref.ITEM, seq=int(number)))
    return listed(desk, person)


def look(desk: Desk, person: Person, seen: Reference) -> Reply:
    """One item: whose mail, what was read, the page with boxes or the file itself."""
    found = traylook.look(desk, person, str(seen.seq))
    item = found.item
    lines = [
        _line(item),
        texts.TRAY_FROM.format(sender=plain.name(item.from_addr) or str(texts.NO_VALUE)),
    ]
    if found.text.strip():
        lines.append(texts.TRAY_TEXT.format(text=plain.name(found.text, TEXT_LIMIT)))
    lines += [_read(one, told(item.text)) for one in found.readings]
    lines.append(texts.TRAY_LOOK_NEXT.format(item=item.item))
    return Reply("\n".join(lines), _look_buttons(item), _files(found))


def _read(one: DocumentReading, known: str) -> str:
    """What was read; its problem where the item's own line does not say it already."""
    name = one.fields.get("enterprise_name") or one.fields.get("account_name")
    said = plain.name(str(name.value)) if name and name.value else str(texts.NO_VALUE)
    problem = told(one.problem.message) if one.problem else ""
    problem = f" {plain.name(problem, 200)}" if problem and problem != known else ""
    return texts.TRAY_READ.format(kind=texts.KINDS[one.kind], name=said, problem=problem)


def _look_buttons(item: TrayItem) -> tuple[tuple[Button, ...], ...]:
    aside = Button(str(texts.BUTTON_DISMISS_ASK), _data(ref.ASK_DISMISS, item))
    if not item.document:
        return ((aside,),)
    return ((Button(str(texts.BUTTON_ASSIGN_ASK), _data(ref.ASK_ASSIGN, item)), aside),)


def _files(found: traylook.Look) -> tuple[File, ...]:
    if not found.data:
        return ()
    pages = evidence.drawn(found.data, found.name, found.readings)
    return pages or (File(found.name, "application/octet-stream", found.data),)


def ask(desk: Desk, person: Person, seen: Reference) -> Reply:
    """Asks for the target, or for the note of an item set aside."""
    item = traylook.look(desk, person, str(seen.seq)).item
    assigning = seen.verb == ref.ASK_ASSIGN
    form = texts.ASSIGN_PROMPT if assigning else texts.DISMISS_PROMPT
    mark = _mark(item.item, assigning)
    text = f"{form.format(item=item.item)}\n{mark}"
    return Reply(text, ((show.cancel_button(),),), wants_answer=True)


def replied(desk: Desk, person: Person, text: str, quoted: str) -> Reply | None:
    """The target or the note, typed in reply to our question; None for another reply."""
    for assigning in (True, False):
        if found := quoting.last(_kind(assigning), quoted):
            return _draft(desk, person, found["item"], text, assigning=assigning)
    return None


def assign(desk: Desk, person: Person, rest: str) -> Reply:
    """“归入 3 CCER-…”: the draft."""
    number, target = _number_and(rest)
    if not number:
        return Reply(str(texts.ASSIGN_USAGE))
    if not target:
        return ask(desk, person, Reference(ref.ASK_ASSIGN, seq=int(number)))
    return _draft(desk, person, number, target, assigning=True)


def dismiss(desk: Desk, person: Person, rest: str) -> Reply:
    """“不予归入 3 广告邮件”: the draft."""
    number, note = _number_and(rest)
    if not number:
        return Reply(str(texts.DISMISS_USAGE))
    if not note:
        return ask(desk, person, Reference(ref.ASK_DISMISS, seq=int(number)))
    return _draft(desk, person, number, note, assigning=False)


def _number_and(rest: str) -> tuple[str, str]:
    found = re.match(r"第?\s*(\d{1,12})\s*项?[\s:,，：、]*(.*)", fold(rest).strip(), re.DOTALL)
    return (found[1], rest.strip()[found.start(2) :].strip()) if found else ("", "")


def _draft(desk: Desk, person: Person, number: str, said: str, *, assigning: bool) -> Reply:
    item = traylook.look(desk, person, number).item
    if assigning and not item.document:
        return Reply(texts.ASSIGN_NO_DOCUMENT.format(item=item.item))
    said = " ".join(quoting.typed(said, NOTE_LIMIT).split())
    if not said or len(said) > NOTE_LIMIT:
        raise BadInput(
            f"a note of {len(said)} characters",
            user_message=texts.VALUE_TOO_LONG.format(limit=NOTE_LIMIT),
        )
    about = texts.DISMISS_DRAFT.format(line=_line(item))
    if assigning:
        said = _target(said)
        about = texts.ASSIGN_DRAFT.format(line=_line(item), name=_whose(desk, person, item, said))
    head = str(texts.TARGET_HEAD) if assigning else str(texts.NOTE_HEAD)
    lines = [about, head, said, _mark(item.item, assigning)]
    lines.append(str(texts.ASSIGN_DRAFT_NEXT) if assigning else str(texts.DISMISS_DRAFT_NEXT))
    return Reply("\n".join(lines), _draft_buttons(item, assigning), wants_answer=True)


def _whose(desk: Desk, person: Person, item: TrayItem, target: str) -> str:
    """Whom a number or code means: a slip of the finger shows here, before anything is filed."""
    try:
        return plain.name(tray.whose(desk, person, target))
    except WrongUse as error:
        then = texts.ASSIGN_FAILED.format(item=item.item)
        raise BadInput(str(error), user_message=f"{told(error.user_message)}\n{then}") from error


def _target(said: str) -> str:
    """A case number or credit code as it is written; else a name as typed."""
    word = case_word(said)
    return word.case_no if word else credit_code(said) or said


def _draft_buttons(item: TrayItem, assigning: bool) -> tuple[tuple[Button, ...], ...]:
    cancel = (show.cancel_button(),)
    if not assigning:
        return ((Button(str(texts.BUTTON_DISMISS), _data(ref.DISMISS, item)), *cancel),)
    labels = (
        str(texts.BUTTON_ASSIGN),
        str(texts.BUTTON_ASSIGN_FORM),
        str(texts.BUTTON_ASSIGN_PROOF),
    )
    rows = tuple((Button(one, _data(ref.ASSIGN, item, n)),) for n, one in enumerate(labels))
    return (*rows, cancel)


def tapped(desk: Desk, person: Person, seen: Reference, quoted: str) -> Reply:
    """File it or set it aside, as the draft says; who comes second is told who was first."""
    assigning = seen.verb == ref.ASSIGN
    found = quoting.last(_kind(assigning), quoted)
    said = quoting.between(quoted, texts.TARGET_HEAD if assigning else texts.NOTE_HEAD)
    if found is None or found["item"] != str(seen.seq) or not said:
        return Reply(str(texts.DRAFT_LOST))
    try:
        return _done(desk, person, seen, said)
    except Conflict as error:
        return Reply(f"{told(error.user_message)}\n{texts.TRAY_GONE}", replaces=True)


def _done(desk: Desk, person: Person, seen: Reference, said: str) -> Reply:
    if seen.verb == ref.ASSIGN:
        return _assigned(desk, person, seen, said)
    tray.dismiss(desk, person, str(seen.seq), said)
    return Reply(texts.DISMISSED.format(item=seen.seq), replaces=True)


def _assigned(desk: Desk, person: Person, seen: Reference, target: str) -> Reply:
    what = AS[seen.pick] if 0 <= seen.pick < len(AS) else None
    try:
        done = tray.assign(desk, person, str(seen.seq), target, (), what)  # type: ignore[arg-type]
    except Conflict:
        raise
    except ClerkError as error:
        return Reply(f"{told(error.user_message)}\n{texts.ASSIGN_FAILED.format(item=seen.seq)}")
    label = texts.BUTTON_CASE.format(case_no=done.case_no)
    button = Button(label, str(Reference(ref.SHOW, done.case_no)))
    return Reply(f"{done.text}\n{texts.ASSIGNED_NEXT}", ((button,),), replaces=True)


def _mark(item: str, assigning: bool) -> str:
    return _kind(assigning).format(item=item)


def _kind(assigning: bool) -> Text:
    return texts.ASSIGN_MARK if assigning else texts.DISMISS_MARK


def _data(verb: str, item: TrayItem, pick: int = ref.NO_PICK) -> str:
    return str(Reference(verb, seq=int(item.item), pick=pick))
