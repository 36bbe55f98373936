"""Views of casework → plain Chinese text with buttons."""

from collections.abc import Iterable, Sequence

from bot import plain, texts
from bot import references as ref
from bot.messages import Button, Reply
from bot.paging import PAGE, turns
from bot.references import Reference
from casework.cards import who_did
from casework.views import (
    ApplicationCard,
    CancellationCard,
    CaseLine,
    CaseView,
    HistoryLine,
    TodoLine,
)
from procedure.fieldnames import field_name
from procedure.findings import Finding
from procedure.language import term, told

HISTORY = 5
DECIDABLE = ("submitted", "unclear")
"""Stages of an application that waits for the province's decision."""
UNSENT = frozenset({"queued", "deferred", "failed"})


def found(lines: Sequence[CaseLine], limit: int) -> Reply:
    """A list of cases with a button for each."""
    head = texts.FOUND.format(count=len(lines))
    if len(lines) >= limit:
        head += texts.FOUND_MORE.format(count=limit)
    text = [head, *map(_found_line, lines), str(texts.FOUND_NEXT)]
    return Reply("\n".join(text), case_buttons(line.case_no for line in lines))


def _found_line(line: CaseLine) -> str:
    since = texts.SINCE.format(moment=plain.moment(line.since)) if line.since else ""
    return texts.FOUND_LINE.format(
        case_no=line.case_no,
        name=plain.name(line.entity_name),
        province=term(line.province_name),
        stage=term(line.stage_name),
        since=since,
    )


def group_lines(lines: Iterable[tuple[str, str]]) -> str:
    """In a group only case numbers and stages are said."""
    return "\n".join(texts.GROUP_LINE.format(case_no=no, stage=stage) for no, stage in lines)


def todo(count: int, page: Sequence[TodoLine], first: int) -> Reply:
    """One page of the ``count`` applications that wait, from item ``first`` (0-based)."""
    first = first if 0 <= first < count else 0
    head = texts.TODO_HEAD.format(count=count)
    if count > PAGE:
        head += texts.TODO_PAGE.format(first=first + 1, last=first + len(page))
    rows = [_todo_line(number, line) for number, line in enumerate(page, first + 1)]
    # One case may wait with two applications: one button is enough.
    buttons = case_buttons(dict.fromkeys(line.case_no for line in page))
    buttons += turns(ref.TODO, first, count)
    return Reply("\n".join([head, *rows, str(texts.TODO_NEXT)]), buttons)


def _todo_line(index: int, line: TodoLine) -> str:
    mark = texts.TODO_ERRORS.format(count=line.errors) if line.errors else ""
    if line.deadline:
        mark += texts.TODO_DEADLINE.format(moment=plain.moment(line.deadline))
    return texts.TODO_LINE.format(
        index=index,
        case_no=line.case_no,
        application=line.application,
        name=plain.name(line.entity_name),
        what=term(line.what),
        amount=str(texts.UNREAD_AMOUNT) if line.offset_t is None else plain.tonnes(line.offset_t),
        received=plain.moment(line.received_at),
        mark=mark,
    )


def case_buttons(numbers: Iterable[str]) -> tuple[tuple[Button, ...], ...]:
    """A button for each case, one below the other."""
    return tuple(
        (Button(texts.BUTTON_CASE.format(case_no=no), str(Reference(ref.SHOW, no))),)
        for no in numbers
    )


def case(view: CaseView, may_decide: bool) -> Reply:
    """The case whole, with buttons for what can be done next."""
    lines = [*_head(view), *_applications(view), *_cancellations(view), *_history(view)]
    if view.letters:
        lines.append(_letters(view))
    lines.append(next_step(view))
    return Reply("\n".join(lines), _actions(view, may_decide))


def _letters(view: CaseView) -> str:
    count, waiting = len(view.letters), sum(one.state in UNSENT for one in view.letters)
    if not waiting:
        return texts.LETTERS_SENT.format(count=count)
    return texts.LETTERS.format(count=count, open=waiting)


def brief(view: CaseView, may_decide: bool) -> Reply:
    """Stage, amount and next step of one case: the answer to a question about it."""
    lines = [*_head(view)]
    lines += [line for card in view.applications for line in application(card)[:2]]
    return Reply("\n".join([*lines, next_step(view)]), _actions(view, may_decide, details=True))


def _head(view: CaseView) -> list[str]:
    lines = [
        texts.CASE_HEAD.format(
            case_no=view.case_no,
            name=plain.name(view.entity_name, limit=4000),
            province=term(view.province_name),
            cycle=term(view.cycle_title),
            stage=term(view.stage_name),
        )
    ]
    if view.uscc:
        lines.append(texts.CASE_USCC.format(uscc=view.uscc))
    if view.account_no:
        lines.append(texts.CASE_ACCOUNT.format(account=view.account_no))
    if view.cap_t is not None:
        lines.append(texts.CASE_CAP.format(cap=plain.tonnes(view.cap_t)))
    if view.confirmed_t:
        lines.append(_sums(view))
    if view.deadline:
        lines.append(texts.CASE_DEADLINE.format(moment=plain.moment(view.deadline)))
    return lines


def _sums(view: CaseView) -> str:
    return texts.CASE_SUMS.format(
        confirmed=plain.tonnes(view.confirmed_t),
        cancelled=plain.tonnes(view.cancelled_t),
        credited=plain.tonnes(view.credited_t),
        surrendered=plain.tonnes(view.surrendered_t),
    )


def _applications(view: CaseView) -> list[str]:
    return [line for card in view.applications for line in application(card)]


def application(card: ApplicationCard) -> list[str]:
    """Stage and amounts first, then the decision, what is unclear, the findings."""
    head = texts.APPLICATION_HEAD.format(
        application=card.application, version=card.version, stage=term(card.stage_name)
    )
    values = texts.APPLICATION_VALUES.format(
        obligation=plain.tonnes(card.values.get("obligation_t")),
        offset=plain.tonnes(card.values.get("offset_t")),
        received=plain.moment(card.received_at),
    )
    lines = [head, values, *_decision(card), *proposal(card)]
    if card.unclear:
        lines.append(texts.APPLICATION_UNCLEAR.format(fields=fields(card.unclear)))
    return lines + [finding(one) for one in card.findings]


def standing(card: ApplicationCard) -> list[str]:
    """Stage, amounts and the decision: what a second comer is told."""
    return [*application(card)[:2], *_decision(card)]


def proposal(card: ApplicationCard) -> list[str]:
    """What one of two people asked for, while it waits for the second."""
    one = card.proposed
    if one is None:
        return []
    form, reason = texts.PROPOSED[one.outcome], plain.name(one.reason, 500)
    return [form.format(who=plain.name(one.by), when=plain.moment(one.at), reason=reason)]


def _decision(card: ApplicationCard) -> list[str]:
    if not card.decided_by:
        return []
    by = {"who": card.decided_by, "when": plain.moment(card.decided_at)}
    if card.confirmed_t is not None:
        return [texts.APPLICATION_CONFIRMED.format(amount=plain.tonnes(card.confirmed_t), **by)]
    if card.stage == "returned":
        return [texts.APPLICATION_RETURNED.format(reason=plain.name(card.reason, 500), **by)]
    return []


def fields(names: Iterable[str]) -> str:
    """What people call the fields."""
    return plain.listing(term(field_name(name)) for name in names)


def finding(one: Finding) -> str:
    """One finding with its clause and rule."""
    form = texts.FINDING if one.clause else texts.FINDING_PLAIN
    return form.format(
        mark=texts.MARKS[one.severity],
        message=plain.name(told(one.message), 600),
        clause=plain.clause(one.clause),
        rule=one.rule,
    )


def _cancellations(view: CaseView) -> list[str]:
    lines: list[str] = []
    if view.cancellations:
        lines.append(texts.CANCELLATIONS_HEAD.format(count=len(view.cancellations)))
    lines += map(_cancellation, view.cancellations)
    if view.proofs:
        lines.append(texts.PROOFS.format(count=len(view.proofs)))
    return lines + [finding(one) for one in view.findings]


def _cancellation(one: CancellationCard) -> str:
    return texts.CANCELLATION.format(
        quantity=plain.tonnes(one.quantity_t),
        project=plain.name(one.project_name or one.project_code),
        when=plain.moment(one.time),
        status=term(one.status),
    )


def _history(view: CaseView) -> list[str]:
    latest = sorted(view.history, key=lambda line: line.seq)[-HISTORY:]
    return [str(texts.HISTORY_HEAD), *map(history_line, latest)] if latest else []


def history_line(line: HistoryLine) -> str:
    """One event, said for a person."""
    return texts.HISTORY_LINE.format(
        when=plain.moment(line.at), who=plain.name(who_did(line)), text=plain.name(line.text, 300)
    )


def next_step(view: CaseView) -> str:
    """What comes next in the case, or where it stands."""
    steps = "；".join(view.next_steps) or term(view.stage_name)
    return texts.NEXT.format(steps=steps)


def _actions(
    view: CaseView, may_decide: bool, details: bool = False
) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = []
    if details:
        rows += case_buttons([view.case_no])
    open_cards = [card for card in view.applications if card.stage in DECIDABLE]
    if may_decide:
        rows += _deciding(view, open_cards)
    if not details:
        # Where all is decided, the last papers are what a colleague or an auditor looks at.
        shown = open_cards or list(view.applications[-2:])
        rows += [_paper_buttons(view.case_no, card) for card in shown if card.versions]
        rows += [(_proof_button(view.case_no, one.proof),) for one in view.proofs[-2:]]
    return tuple(rows)


def _deciding(view: CaseView, open_cards: Sequence[ApplicationCard]) -> list[tuple[Button, ...]]:
    """What may be done with each that waits; a reading may be wrong wherever it stands."""
    if len(open_cards) == 1:
        return [deciding(view.case_no, open_cards[0].application)]
    rows = [_decide_buttons(view.case_no, one.application, alone=False) for one in open_cards]
    if open_cards or any(card.unclear for card in view.applications):
        rows.append((_correct_button(view.case_no),))
    return rows


def deciding(case_no: str, application: int) -> tuple[Button, ...]:
    """Confirm, return or correct the one application that is looked at."""
    return (
        *_decide_buttons(case_no, application, alone=True),
        _correct_button(case_no, application),
    )


def _correct_button(case_no: str, application: int = 0) -> Button:
    data = Reference(ref.ASK_CORRECT, case_no, application)
    return Button(str(texts.BUTTON_CORRECT_ASK), str(data))


def cancel_button() -> Button:
    """Gives up; nothing was changed by then."""
    return Button(str(texts.BUTTON_CANCEL), str(Reference(ref.DROP)))


def _paper_buttons(case_no: str, card: ApplicationCard) -> tuple[Button, ...]:
    number = card.application
    overlay = Button(
        texts.BUTTON_OVERLAY.format(application=number),
        str(Reference(ref.OVERLAY, case_no, number)),
    )
    seals = Button(
        texts.BUTTON_SEALS.format(application=number), str(Reference(ref.SEALS, case_no, number))
    )
    return (_document_button(case_no, card), overlay, seals)


def _proof_button(case_no: str, proof: int) -> Button:
    label = texts.BUTTON_PROOF.format(proof=proof)
    return Button(label, str(Reference(ref.OVERLAY, case_no, 0, proof)))


def _decide_buttons(case_no: str, application: int, alone: bool) -> tuple[Button, ...]:
    confirm = texts.BUTTON_CONFIRM_ASK if alone else texts.BUTTON_CONFIRM_ONE
    back = texts.BUTTON_RETURN_ASK if alone else texts.BUTTON_RETURN_ONE
    return (
        Button(
            confirm.format(application=application),
            str(Reference(ref.ASK_CONFIRM, case_no, application)),
        ),
        Button(
            back.format(application=application),
            str(Reference(ref.ASK_RETURN, case_no, application)),
        ),
    )


def _document_button(case_no: str, card: ApplicationCard) -> Button:
    label = texts.BUTTON_DOCUMENT.format(application=card.application)
    return Button(label, str(Reference(ref.DOCUMENT, case_no, card.application)))
