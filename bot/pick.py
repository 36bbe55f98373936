"""Which application is meant, and whether it is still the one that was shown."""

from collections.abc import Sequence

from bot import plain, show, texts
from bot.messages import Button, Reply
from bot.references import Reference
from casework import rights
from casework.desk import Desk
from casework.views import ApplicationCard, CaseView
from procedure.language import Text, term
from store.rows import Person

# Facts beside the decision: they change nothing of what the person was shown.
QUIET = frozenset({"reported", "duplicate-received"})
FOLLOWING = frozenset({"checked", "matched"})
"""Kinds of events that each decision, correction and import brings with it."""


def card_of(view: CaseView, number: int) -> ApplicationCard | None:
    """The application with this number."""
    return next((card for card in view.applications if card.application == number), None)


def last_seq(view: CaseView) -> int:
    """The last event that bears on a decision: what a button remembers having shown."""
    return max((line.seq for line in view.history if line.kind not in QUIET), default=0)


def reference(verb: str, view: CaseView, card: ApplicationCard, pick: int | None = None) -> str:
    """A button's data for this application as it is now."""
    base = Reference(verb, view.case_no, card.application, card.version, last_seq(view))
    if pick is None:
        return str(base)
    return str(Reference(verb, base.case_no, base.application, base.version, base.seq, pick))


def waiting(
    view: CaseView, number: int | None, ask_verb: str, which: Text
) -> ApplicationCard | Reply:
    """The one application that waits for a decision, or what to say where it is not one."""
    if number is not None and card_of(view, number) is None:
        text = texts.NO_SUCH_APPLICATION.format(case_no=view.case_no, application=number)
        return Reply(text)
    cards = [c for c in view.applications if c.stage in show.DECIDABLE]
    cards = [c for c in cards if number in {None, c.application}]
    if len(cards) == 1:
        return cards[0]
    return choose(view, cards, ask_verb, which) if cards else _none_waits(view, number)


def choose(view: CaseView, cards: Sequence[ApplicationCard], verb: str, text: Text) -> Reply:
    """Asks which application is meant, a button for each."""
    lines = [text.format(case_no=view.case_no)]
    lines += [line for card in cards for line in show.application(card)[:2]]
    buttons = tuple(
        (
            Button(
                texts.APPLICATION_BUTTON.format(application=card.application),
                str(Reference(verb, view.case_no, card.application)),
            ),
        )
        for card in cards
    )
    return Reply("\n".join(lines), (*buttons, (show.cancel_button(),)))


def _none_waits(view: CaseView, number: int | None) -> Reply:
    cards = [c for c in view.applications if number in {None, c.application}]
    stages = "\n".join("\n".join(show.standing(card)) for card in cards)
    text = texts.NOT_WAITING.format(case_no=view.case_no, stages=stages or term(view.stage_name))
    return Reply(text)


def second(desk: Desk, person: Person, view: CaseView, card: ApplicationCard, what: str) -> str:
    """What two people mean for this person's word now; "" where one decides alone."""
    if what not in desk.two_person:
        return ""
    first = card.proposed
    if first is None or first.outcome != what:
        return str(texts.TWO_PERSONS)
    if first.by != person.name and rights.may(person, "approve", view.province):
        return texts.APPROVES.format(who=plain.name(first.by))
    return str(texts.WAITS_FOR_SECOND)


def since(view: CaseView, seq: int) -> list[str]:
    """What happened after event ``seq`` that bears on a decision."""
    later = [line for line in view.history if line.seq > seq and line.kind not in QUIET]
    # What only follows from the rest says nothing more; alone it is what happened.
    told = [line for line in later if line.kind not in FOLLOWING] or later
    return [show.history_line(line) for line in sorted(told, key=lambda line: line.seq)]


def changed(view: CaseView, seen: Reference, person: Person, again: Button) -> Reply | None:
    """A refusal that says what happened since the button was shown; None where nothing did.

    Where all of that is the person's own doing (a tap that was repeated) it says so. Below it the
    way to the case as it is now, and ``again`` to begin once more while it waits.
    """
    card = card_of(view, seen.application)
    lines = since(view, seen.seq)
    if card is not None and card.version != seen.version:
        lines.insert(0, texts.CHANGED_VERSION.format(version=card.version))
    if card is not None and not lines:
        return None
    form = texts.DONE_BEFORE if _own(view, seen.seq, person) else texts.CHANGED
    now = texts.REFUSED_NOW.format(
        stage=term(card.stage_name if card else view.stage_name), case_no=view.case_no
    )
    waits = card is not None and card.stage in show.DECIDABLE
    buttons = show.case_buttons([view.case_no])
    return Reply(
        "\n".join([form.format(changes="\n".join(lines)), now]),
        ((again,), *buttons) if waits else buttons,
        replaces=True,
    )


def _own(view: CaseView, seq: int, person: Person) -> bool:
    later = [line for line in view.history if line.seq > seq and line.kind not in QUIET]
    return bool(later) and all((one.by, one.who) == ("person", person.name) for one in later)


def ask_button(verb: str, label: Text, case_no: str, application: int) -> Button:
    """The button that begins a dialogue about an application."""
    return Button(str(label), str(Reference(verb, case_no, application)))
