"""/return: a reason picked from the findings or typed, shown once more, then returned.

Nothing is kept between the steps: a draft's message itself holds the reason and, on its last line,
a mark with what was shown. So a restart in mid-dialogue loses nothing, and an old draft is checked
against the case as it is then. A door vouches that the quoted message is ours (`Ask.quoted`).
"""

import re

from bot import pick, plain, quoting, show, texts
from bot import references as ref
from bot.confirming import case_and_number
from bot.messages import Button, Reply
from bot.references import Reference
from bot.words import CaseWord
from casework import decisions, rights, views
from casework.desk import Desk
from casework.views import ApplicationCard, CaseView
from cycles.catalogues import language
from procedure.errors import BadInput
from procedure.findings import Finding
from procedure.language import Text, speaking, told
from store.rows import Person

REASON_LIMIT = 500


def ask(desk: Desk, person: Person, case_no: str, application: int | None) -> Reply:
    """Asks for the reason; findings can be picked."""
    view = _look(desk, person, case_no)
    card = pick.waiting(view, application, ref.ASK_RETURN, texts.RETURN_WHICH)
    return card if isinstance(card, Reply) else _prompt(desk, person, view, card)


def typed(desk: Desk, person: Person, word: CaseWord) -> Reply:
    """“退回 NO” asks for the reason, “退回 NO 原因” shows the draft."""
    reason = re.sub(r"^(退回)?原因[:：是]?\s*", "", word.rest)
    if not reason.strip():
        return ask(desk, person, word.case_no, word.application)
    view = _look(desk, person, word.case_no)
    card = pick.waiting(view, word.application, ref.ASK_RETURN, texts.RETURN_WHICH)
    return card if isinstance(card, Reply) else _draft(desk, person, view, card, reason)


def replied(desk: Desk, person: Person, text: str, quoted: str) -> Reply | None:
    """A reason typed in reply to our question for it; None for a reply to anything else."""
    seen = _marked(quoted)
    if seen is None:
        return None
    view = _look(desk, person, seen.case_no)
    card = pick.card_of(view, seen.application)
    refusal = _changed(view, seen, person)
    return refusal if refusal or card is None else _draft(desk, person, view, card, text)


def picked(desk: Desk, person: Person, seen: Reference) -> Reply:
    """A finding was picked as the reason: the draft."""
    view = _look(desk, person, seen.case_no)
    card = pick.card_of(view, seen.application)
    refusal = _changed(view, seen, person)
    if refusal or card is None:
        return refusal or Reply(str(texts.BAD_BUTTON))
    reason, _ = _picked(desk, card, seen.pick)
    if not reason:
        return Reply(str(texts.BAD_BUTTON))
    return _draft(desk, person, view, card, reason, seen.pick)


def tapped(desk: Desk, person: Person, seen: Reference, quoted: str) -> Reply:
    """Return with the reason of the draft that bears the button."""
    view = _look(desk, person, seen.case_no)
    card = pick.card_of(view, seen.application)
    refusal = _changed(view, seen, person)
    if refusal or card is None:
        return refusal or Reply(str(texts.BAD_BUTTON))
    reason, rules = _picked(desk, card, seen.pick)
    reason = reason or _quoted_reason(quoted, seen)
    if not reason:
        return Reply(texts.REASON_LOST.format(case_no=seen.case_no))
    done = decisions.return_(
        desk, person, seen.case_no, seen.application, reason, rules, seen.version,
        channel="chat", seen_seq=seen.seq,
    )  # fmt: skip
    then = texts.PROPOSED_NEXT if done.proposed else texts.RETURNED_NEXT
    return Reply(f"{done.text}\n{then}", replaces=True)


def _changed(view: CaseView, seen: Reference, person: Person) -> Reply | None:
    again = pick.ask_button(ref.ASK_RETURN, texts.BUTTON_RETURN_ASK, view.case_no, seen.application)
    return pick.changed(view, seen, person, again)


def _look(desk: Desk, person: Person, case_no: str) -> CaseView:
    view = views.case_view(desk, person, case_no)
    rights.require(person, "return", view.province)
    return view


def _prompt(desk: Desk, person: Person, view: CaseView, card: ApplicationCard) -> Reply:
    reasons = _reasons(card)
    lines = [
        texts.RETURN_PROMPT.format(
            case_no=view.case_no,
            application=card.application,
            version=card.version,
            name=plain.name(view.entity_name),
        )
    ]
    lines += show.proposal(card)
    second = pick.second(desk, person, view, card, "return")
    lines += [second] if second else []
    if second == str(texts.WAITS_FOR_SECOND):
        other = pick.ask_button(
            ref.ASK_CONFIRM, texts.BUTTON_CONFIRM_ASK, view.case_no, card.application
        )
        said = "\n".join([*lines, str(texts.PROPOSED_NEXT)])
        return Reply(said, ((other, show.cancel_button()),))
    if reasons:
        lines.append(str(texts.RETURN_REASONS_HEAD))
        lines += [_reason_line(number, one) for number, one in enumerate(reasons, 1)]
    buttons = _reason_buttons(view, card)
    how = texts.RETURN_HOW if buttons else texts.RETURN_HOW_FREE
    lines += [how.format(typed=case_and_number(view, card)), _mark(view, card)]
    return Reply("\n".join(lines), buttons, wants_answer=True)


def _reasons(card: ApplicationCard) -> list[Finding]:
    """What may be a reason, worst first; notes are none. The order is stable while a seq lasts."""
    order = {"error": 0, "warning": 1}
    worth = [one for one in card.findings if one.severity in order]
    return sorted(worth, key=lambda one: order[one.severity])


def _reason_line(number: int, one: Finding) -> str:
    return texts.RETURN_REASON.format(
        index=number,
        message=plain.name(told(one.message), 600),
        clause=plain.clause(one.clause) or one.rule,
    )


def _reason_buttons(view: CaseView, card: ApplicationCard) -> tuple[tuple[Button, ...], ...]:
    reasons = _reasons(card)
    rows = [
        (
            Button(
                texts.BUTTON_REASON.format(index=number + 1),
                pick.reference(ref.PICK_REASON, view, card, number),
            ),
        )
        for number in range(len(reasons))
    ]
    if len(reasons) > 1:
        label = texts.BUTTON_ALL_REASONS.format(count=len(reasons))
        data = pick.reference(ref.PICK_REASON, view, card, ref.ALL_FINDINGS)
        rows.append((Button(label, data),))
    if card.proposed and card.proposed.outcome == "return":
        label = texts.BUTTON_APPROVE_RETURN.format(who=plain.name(card.proposed.by, 40))
        rows.insert(0, (Button(label, pick.reference(ref.PICK_REASON, view, card, ref.PROPOSED)),))
    return (*rows, (show.cancel_button(),)) if rows else ()


def _picked(desk: Desk, card: ApplicationCard, index: int) -> tuple[str, tuple[str, ...]]:
    """Reason and rules of the pick: findings, or what a colleague proposed; "" for none."""
    if index == ref.PROPOSED:
        one = card.proposed
        return (one.reason, one.rules) if one and one.outcome == "return" else ("", ())
    chosen = _chosen(card, index)
    return _reason_of(desk, chosen), tuple(dict.fromkeys(one.rule for one in chosen))


def _chosen(card: ApplicationCard, index: int) -> list[Finding]:
    reasons = _reasons(card)
    if index == ref.ALL_FINDINGS:
        return reasons
    return [reasons[index]] if 0 <= index < len(reasons) else []


def _reason_of(desk: Desk, chosen: list[Finding]) -> str:
    """In the language of the letters to entities: it is for the applicant."""
    with speaking(language(desk.locale)):
        messages = [plain.name(told(one.message), 600) for one in chosen]
    if len(messages) == 1:
        return messages[0]
    return "\n".join(f"{number}. {message}" for number, message in enumerate(messages, 1))


def _draft(
    desk: Desk, person: Person, view: CaseView, card: ApplicationCard, reason: str,
    index: int | None = None,
) -> Reply:  # fmt: skip
    # The mark's brackets must not occur within the reason: it is read back up to the last mark.
    reason = plain.clean(reason).replace("〔", "[").replace("〕", "]").strip()
    if index is None and len(reason) > REASON_LIMIT:
        raise BadInput(
            f"a reason of {len(reason)} characters",
            user_message=texts.REASON_TOO_LONG.format(limit=REASON_LIMIT, length=len(reason)),
        )
    head = texts.RETURN_DRAFT.format(
        case_no=view.case_no,
        application=card.application,
        version=card.version,
        name=plain.name(view.entity_name),
    )
    lines = [
        head + str(texts.RETURN_REASON_HEAD),
        reason,
        _mark(view, card),
        str(_draft_next(pick.second(desk, person, view, card, "return"))),
    ]
    yes = Button(str(texts.BUTTON_RETURN), pick.reference(ref.RETURN, view, card, index))
    return Reply("\n".join(lines), ((yes, show.cancel_button()),), wants_answer=True)


def _draft_next(second: str) -> Text:
    """What the tap does: the first of two people only proposes."""
    return (
        texts.RETURN_DRAFT_PROPOSES if second == str(texts.TWO_PERSONS) else texts.RETURN_DRAFT_NEXT
    )


def _mark(view: CaseView, card: ApplicationCard) -> str:
    return texts.RETURN_MARK.format(
        case_no=view.case_no, application=card.application, version=card.version,
        seq=pick.last_seq(view),
    )  # fmt: skip


def _marked(quoted: str) -> Reference | None:
    found = quoting.last(texts.RETURN_MARK, quoted)
    if found is None:
        return None
    numbers = (int(found[name]) for name in ("application", "version", "seq"))
    return Reference(ref.RETURN, found["case_no"], *numbers)


def _quoted_reason(quoted: str, seen: Reference) -> str:
    """The reason in our own draft, only where the draft is the one that the button belongs to."""
    marked = _marked(quoted)
    same = marked is not None and str(marked) == str(seen)
    return quoting.between(quoted, texts.RETURN_REASON_HEAD) if same else ""
