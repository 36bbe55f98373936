"""/confirm: show the amount, then act on a tap or on “确认 NO 是” (附件3 §2 step 4)."""

from dataclasses import replace

from bot import pick, plain, show, texts
from bot import references as ref
from bot.messages import Button, Reply
from bot.references import Reference
from bot.words import YES, CaseWord, fold, number_in
from casework import decisions, rights, views
from casework.desk import Desk
from casework.views import ApplicationCard, CaseView
from store.rows import Person


def ask(desk: Desk, person: Person, case_no: str, application: int | None) -> Reply:
    """The prompt with everything that the person answers for; nothing is changed."""
    view = views.case_view(desk, person, case_no)
    rights.require(person, "confirm", view.province)
    card = pick.waiting(view, application, ref.ASK_CONFIRM, texts.CONFIRM_WHICH)
    return card if isinstance(card, Reply) else _prompt(desk, person, view, card)


def typed(desk: Desk, person: Person, word: CaseWord) -> Reply:
    """“确认 NO” asks; “确认 NO 是” acts; in “确认 NO 是 6182” the amount must be the right one."""
    said, _, amount = fold(word.rest).strip().partition(" ")
    if said.upper() not in YES:
        return ask(desk, person, word.case_no, word.application)
    looked = views.last_look(desk, person, word.case_no)
    view = views.case_view(desk, person, word.case_no)
    rights.require(person, "confirm", view.province)
    card = pick.waiting(view, word.application, ref.ASK_CONFIRM, texts.CONFIRM_WHICH)
    if isinstance(card, Reply):
        return card
    if unseen := _unseen(view, looked):
        prompt = _prompt(desk, person, view, card)
        return replace(prompt, text=f"{unseen}\n\n{prompt.text}")
    offset = card.values.get("offset_t")
    if amount.strip() and number_in(amount) != offset:
        differs = texts.AMOUNT_DIFFERS.format(typed=amount.strip(), offset=plain.tonnes(offset))
        prompt = _prompt(desk, person, view, card)
        return replace(prompt, text=f"{differs}\n\n{prompt.text}")
    return _act(desk, person, view, card.application, card.version, looked)


def _unseen(view: CaseView, looked: int) -> str:
    """What the person was never shown: nobody confirms by words what they did not see."""
    if not looked:
        return str(texts.NOT_LOOKED)
    lines = pick.since(view, looked)
    return texts.CHANGED_SINCE_LOOK.format(changes="\n".join(lines)) if lines else ""


def tapped(desk: Desk, person: Person, seen: Reference) -> Reply:
    """Confirm what the button showed; refused where the case has changed since."""
    view = views.case_view(desk, person, seen.case_no)
    rights.require(person, "confirm", view.province)
    again = pick.ask_button(
        ref.ASK_CONFIRM, texts.BUTTON_CONFIRM_ASK, view.case_no, seen.application
    )
    if refusal := pick.changed(view, seen, person, again):
        return refusal
    return _act(desk, person, view, seen.application, seen.version, seen.seq)


def _act(
    desk: Desk,
    person: Person,
    view: CaseView,
    application: int,
    version: int,
    seen_seq: int,
) -> Reply:
    done = decisions.confirm(
        desk, person, view.case_no, application, version, channel="chat", seen_seq=seen_seq
    )
    said = texts.CONFIRMED_LATE if _passed(desk, view) else texts.CONFIRMED_NEXT
    then = said.format(deadline=plain.moment(view.deadline))
    return Reply(f"{done.text}\n{texts.PROPOSED_NEXT if done.proposed else then}", replaces=True)


def _passed(desk: Desk, view: CaseView) -> bool:
    """Whether nobody can cancel in time any more."""
    return view.deadline is not None and desk.now() >= view.deadline


def _prompt(desk: Desk, person: Person, view: CaseView, card: ApplicationCard) -> Reply:
    # What blocks is said once, under its own heading.
    lines = [_facts(view, card), *show.proposal(card)]
    if _passed(desk, view):
        lines.append(texts.CANCEL_PASSED.format(deadline=plain.moment(view.deadline)))
    second = pick.second(desk, person, view, card, "confirm")
    lines += [second] if second else []
    lines += [show.finding(one) for one in card.findings if one.severity != "error"]
    blocked = _blocked(card)
    if blocked:
        lines.append(texts.CONFIRM_BLOCKED.format(why=blocked))
        return Reply("\n".join(lines), _when_blocked(view, card))
    other = (_return_button(view, card), show.cancel_button())
    if second == str(texts.WAITS_FOR_SECOND):
        return Reply("\n".join([*lines, str(texts.PROPOSED_NEXT)]), (other,))
    lines.append(_how(view, card))
    if second != str(texts.TWO_PERSONS):
        lines.append(str(texts.CONFIRM_TELLS))
    yes = Button(
        texts.BUTTON_CONFIRM.format(offset=plain.tonnes(card.values.get("offset_t"))),
        pick.reference(ref.CONFIRM, view, card),
    )
    return Reply("\n".join(lines), ((yes,), other))


def _how(view: CaseView, card: ApplicationCard) -> str:
    offset = card.values.get("offset_t")
    return texts.CONFIRM_HOW.format(
        offset=plain.tonnes(offset), typed=case_and_number(view, card), number=offset
    )


def _facts(view: CaseView, card: ApplicationCard) -> str:
    cap = "" if view.cap_t is None else texts.CONFIRM_CAP.format(cap=plain.tonnes(view.cap_t))
    return texts.CONFIRM_PROMPT.format(
        case_no=view.case_no,
        application=card.application,
        version=card.version,
        name=plain.name(view.entity_name, 400),
        obligation=plain.tonnes(card.values.get("obligation_t")),
        offset=plain.tonnes(card.values.get("offset_t")),
        cap=cap,
    )


def _blocked(card: ApplicationCard) -> str:
    """Why it cannot be confirmed as it stands; casework decides, this only says it beforehand."""
    lines = [show.finding(one) for one in card.findings if one.severity == "error"]
    if card.unclear:
        lines.append(texts.CONFIRM_UNCLEAR.format(fields=show.fields(card.unclear)))
    return "\n".join(lines)


def case_and_number(view: CaseView, card: ApplicationCard) -> str:
    """How the application is typed: its number only where the case has several."""
    several = len(view.applications) > 1
    return f"{view.case_no}/{card.application}" if several else view.case_no


def _when_blocked(view: CaseView, card: ApplicationCard) -> tuple[tuple[Button, ...], ...]:
    """Send it back, or read it right: what the text offers."""
    read = pick.ask_button(
        ref.ASK_CORRECT, texts.BUTTON_CORRECT_ASK, view.case_no, card.application
    )
    return ((_return_button(view, card), read), (show.cancel_button(),))


def _return_button(view: CaseView, card: ApplicationCard) -> Button:
    return pick.ask_button(ref.ASK_RETURN, texts.BUTTON_RETURN_ASK, view.case_no, card.application)
