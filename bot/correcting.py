"""/correct: what the paper says, as a person reads it; the old value is kept by casework.

The field is picked (what is unclear first) or typed; its crop is shown beside what was read and
what the registry holds; a value is picked or typed; the draft is tapped. As in `bot.returning`
nothing is kept between the steps. Contact persons and telephone numbers are not shown in chat, so
they are corrected at the workstation.
"""

from bot import evidence, fieldwork, pick, plain, quoting, show, texts
from bot import references as ref
from bot.confirming import case_and_number
from bot.fieldwork import Field
from bot.messages import Button, File, Reply
from bot.references import Reference
from bot.words import CaseWord
from casework import decisions, held, rights, views
from casework.correcting import NO_VALUE_WORDS, parsed
from casework.desk import Desk
from casework.views import ApplicationCard, CaseView
from procedure.errors import BadInput
from store.rows import Person

VALUE_LIMIT = 200
CANDIDATES = 4
COLUMNS = 2


def typed(desk: Desk, person: Person, word: CaseWord) -> Reply:
    """“更正 NO” lists the fields, “更正 NO 栏目” asks for the value, with a value the draft."""
    view = _look(desk, person, word.case_no)
    card = _card(view, word.application)
    if isinstance(card, Reply):
        return card
    if not word.rest.strip():
        return _fields(view, card)
    found = fieldwork.named(word.rest, card)
    if found is None:
        wrong = texts.CORRECT_NO_FIELD.format(typed=plain.name(word.rest, 60))
        listed = _fields(view, card)
        return Reply(f"{wrong}\n{listed.text}", listed.buttons)
    field, value = found
    return (
        _draft(desk, view, card, field, value)
        if value
        else _question(desk, person, view, card, field)
    )


def tapped_ask(desk: Desk, person: Person, seen: Reference) -> Reply:
    """The list of fields, or the question about the one that was picked."""
    view = _look(desk, person, seen.case_no)
    card = _card(view, seen.application or None)
    if isinstance(card, Reply) or seen.pick == ref.NO_PICK:
        return card if isinstance(card, Reply) else _fields(view, card)
    field = fieldwork.at(seen.pick, card)
    return _question(desk, person, view, card, field) if field else Reply(str(texts.BAD_BUTTON))


def picked(desk: Desk, person: Person, seen: Reference) -> Reply:
    """One of the values that were read was picked: the draft."""
    found = _unchanged(desk, person, seen)
    if isinstance(found, Reply):
        return found
    view, card, field = found
    values = _candidates(desk, person, view, card, field)
    if seen.more is None or seen.more >= len(values):
        return Reply(str(texts.BAD_BUTTON))
    return _draft(desk, view, card, field, values[seen.more])


def replied(desk: Desk, person: Person, text: str, quoted: str) -> Reply | None:
    """A value typed in reply to our question; None for a reply to anything else."""
    seen = _marked(quoted)
    if seen is None:
        return None
    found = _unchanged(desk, person, seen)
    return found if isinstance(found, Reply) else _draft(desk, *found, text)


def tapped(desk: Desk, person: Person, seen: Reference, quoted: str) -> Reply:
    """Correct to the value of the draft that bears the button."""
    found = _unchanged(desk, person, seen)
    if isinstance(found, Reply):
        return found
    view, card, field = found
    marked = _marked(quoted)
    value = quoting.between(quoted, texts.CORRECT_VALUE_HEAD)
    if marked is None or str(marked) != str(seen) or not value:
        return Reply(texts.VALUE_LOST.format(case_no=seen.case_no))
    said = "" if value in NO_VALUE_WORDS else value
    done = decisions.correct(
        desk, person, view.case_no, card.application, field.name, said, field.row,
        channel="chat", seen_seq=seen.seq,
    )  # fmt: skip
    again = Button(
        str(texts.BUTTON_CORRECT_MORE),
        str(Reference(ref.ASK_CORRECT, done.case_no, done.application)),
    )
    look = Button(
        texts.BUTTON_CASE.format(case_no=done.case_no), str(Reference(ref.SHOW, done.case_no))
    )
    return Reply(f"{done.text}\n{texts.CORRECTED_NEXT}", ((look, again),), replaces=True)


def _look(desk: Desk, person: Person, case_no: str) -> CaseView:
    view = views.case_view(desk, person, case_no)
    rights.require(person, "correct", view.province)
    return view


def _card(view: CaseView, number: int | None) -> ApplicationCard | Reply:
    if number is not None and pick.card_of(view, number) is None:
        text = texts.NO_SUCH_APPLICATION.format(case_no=view.case_no, application=number)
        return Reply(text)
    cards = [one for one in view.applications if one.stage != "withdrawn" and one.versions]
    cards = [one for one in cards if number in {None, one.application}]
    waiting = [one for one in cards if one.unclear]
    chosen = waiting if len(waiting) == 1 else cards
    if len(chosen) == 1:
        return chosen[0]
    if not chosen:
        return Reply(texts.CORRECT_NONE.format(case_no=view.case_no))
    return pick.choose(view, chosen, ref.ASK_CORRECT, texts.CORRECT_WHICH)


def _unchanged(
    desk: Desk, person: Person, seen: Reference
) -> tuple[CaseView, ApplicationCard, Field] | Reply:
    view = _look(desk, person, seen.case_no)
    card = pick.card_of(view, seen.application)
    again = pick.ask_button(
        ref.ASK_CORRECT, texts.BUTTON_CORRECT_ASK, view.case_no, seen.application
    )
    refusal = pick.changed(view, seen, person, again)
    if refusal or card is None:
        return refusal or Reply(str(texts.BAD_BUTTON))
    field = fieldwork.at(seen.pick, card)
    return (view, card, field) if field else Reply(str(texts.BAD_BUTTON))


def _fields(view: CaseView, card: ApplicationCard) -> Reply:
    fields = sorted(fieldwork.fields(card), key=lambda one: one.name not in card.unclear)
    lines = [
        texts.CORRECT_PROMPT.format(
            case_no=view.case_no, application=card.application, version=card.version,
            name=plain.name(view.entity_name),
        )
    ]  # fmt: skip
    lines += [_field_line(card, one) for one in fields]
    lines.append(texts.CORRECT_HOW.format(typed=case_and_number(view, card)))
    buttons = [Button(one.label, _data(ref.ASK_CORRECT, view, card, one)) for one in fields]
    rows = [tuple(buttons[n : n + COLUMNS]) for n in range(0, len(buttons), COLUMNS)]
    return Reply("\n".join(lines), (*rows, (show.cancel_button(),)))


def _field_line(card: ApplicationCard, field: Field) -> str:
    form = texts.CORRECT_UNCLEAR if field.name in card.unclear else texts.CORRECT_LINE
    return form.format(field=field.label, value=fieldwork.shown(card, field))


def _question(
    desk: Desk, person: Person, view: CaseView, card: ApplicationCard, field: Field
) -> Reply:
    values = _candidates(desk, person, view, card, field)
    registered = held.registry_values(desk, person, view.case_no)
    lines = [
        texts.CORRECT_QUESTION.format(
            case_no=view.case_no, application=card.application, version=card.version,
            field=field.label, value=fieldwork.shown(card, field),
        )
    ]  # fmt: skip
    if field.row is None and field.name in registered:
        said = fieldwork.said(field.name, registered[field.name])
        lines.append(texts.CORRECT_REGISTRY.format(value=said))
    how = texts.CORRECT_VALUE_HOW if values else texts.CORRECT_VALUE_FREE
    lines += [str(how), _mark(view, card, field)]
    buttons = tuple(
        (
            Button(
                texts.BUTTON_VALUE.format(value=plain.name(value, 40)),
                _data(ref.PICK_VALUE, view, card, field, index),
            ),
        )
        for index, value in enumerate(values)
    )
    files = _crop(desk, person, view, card, field)
    return Reply("\n".join(lines), (*buttons, (show.cancel_button(),)), files, wants_answer=True)


def _crop(
    desk: Desk, person: Person, view: CaseView, card: ApplicationCard, field: Field
) -> tuple[File, ...]:
    paper = evidence.latest(card)
    reading = fieldwork.reading(paper.reading, field) if paper else None
    if paper is None:
        return ()
    name, data = views.document(desk, person, view.case_no, paper.document)
    # Where nothing was read there is no place to cut out: the page itself.
    return evidence.crop(data, name, reading, field.label) or evidence.drawn(
        data, name, (paper.reading,), pages=1
    )


def _candidates(
    desk: Desk, person: Person, view: CaseView, card: ApplicationCard, field: Field
) -> list[str]:
    """What was read, and what the registry holds, but what stands there already and is sure."""
    paper = evidence.latest(card)
    reading = fieldwork.reading(paper.reading, field) if paper else None
    values = [] if reading is None else [fieldwork.said(field.name, reading.value)]
    values += list(reading.candidates) if reading else []
    registered = held.registry_values(desk, person, view.case_no)
    if field.row is None and field.name in registered:
        values.append(fieldwork.said(field.name, registered[field.name]))
    sure = "" if field.name in card.unclear else fieldwork.shown(card, field)
    wanted = (quoting.typed(one, VALUE_LIMIT) for one in values if one != sure)
    return [one for one in dict.fromkeys(wanted) if one and one not in NO_VALUE_WORDS][:CANDIDATES]


def _draft(desk: Desk, view: CaseView, card: ApplicationCard, field: Field, value: str) -> Reply:
    value = " ".join(quoting.typed(value, VALUE_LIMIT).split())
    if not value or len(value) > VALUE_LIMIT:
        raise BadInput(
            f"a value of {len(value)} characters",
            user_message=texts.VALUE_TOO_LONG.format(limit=VALUE_LIMIT),
        )
    # What casework would refuse is refused now, not after the tap; what it takes is shown.
    new = parsed(field.name, value, field.row, desk.provinces)
    head = texts.CORRECT_DRAFT.format(
        case_no=view.case_no, application=card.application, version=card.version,
        field=field.label, old=fieldwork.shown(card, field),
    )  # fmt: skip
    said = fieldwork.said(field.name, new)
    lines = [head, str(texts.CORRECT_VALUE_HEAD), said, _mark(view, card, field)]
    yes = Button(str(texts.BUTTON_CORRECT), _data(ref.CORRECT, view, card, field))
    return Reply(
        "\n".join([*lines, str(texts.CORRECT_DRAFT_NEXT)]), ((yes, show.cancel_button()),),
        wants_answer=True,
    )  # fmt: skip


def _data(
    verb: str, view: CaseView, card: ApplicationCard, field: Field, more: int | None = None
) -> str:
    seq = pick.last_seq(view)
    return str(
        Reference(verb, view.case_no, card.application, card.version, seq, field.index, more)
    )


def _mark(view: CaseView, card: ApplicationCard, field: Field) -> str:
    return texts.CORRECT_MARK.format(
        case_no=view.case_no, application=card.application, version=card.version,
        seq=pick.last_seq(view), field=field.index,
    )  # fmt: skip


def _marked(quoted: str) -> Reference | None:
    found = quoting.last(texts.CORRECT_MARK, quoted)
    if found is None:
        return None
    numbers = (int(found[name]) for name in ("application", "version", "seq", "field"))
    return Reference(ref.CORRECT, found["case_no"], *numbers)
