"""A case: events in, state out; and what may be done to an application in that state."""

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Literal

from procedure.casefold import fold
from procedure.casestate import (
    STAGE_NAMES,
    STAGES,
    ApplicationState,
    CancellationState,
    CaseState,
    Correction,
    Decision,
    ProjectValues,
    ProofState,
    Proposal,
    RegistrySum,
    Stage,
    Version,
)
from procedure.clock import beijing
from procedure.errors import Conflict
from procedure.events import Event
from procedure.fieldnames import field_name
from procedure.language import _, spoken, term, told

__all__ = [
    "STAGES",
    "STAGE_NAMES",
    "Action",
    "ApplicationState",
    "CancellationState",
    "CaseState",
    "Correction",
    "Decision",
    "ProjectValues",
    "ProofState",
    "Proposal",
    "RegistrySum",
    "Stage",
    "Version",
    "allowed",
    "derive",
    "fold",
    "next_place",
]

Action = Literal["confirm", "return", "correct", "withdraw", "revoke", "reassign"]


def derive(events: Iterable[Event]) -> CaseState:
    """The state that a case's events add up to, in their order. Pure and total."""
    return reduce(fold, events, CaseState())


def next_place(state: CaseState) -> tuple[int, int]:
    """Application number and version that a new form takes (trap 6).

    A changed form is a new version of the latest application that is not yet confirmed; after a
    confirmation (or a withdrawal, or a lapse) it is a further application, and amounts add up.
    """
    if not state.applications:
        return 1, 1
    latest = state.applications[-1]
    if latest.live and latest.confirmed is None:
        return latest.number, latest.versions[-1].version + 1
    return latest.number + 1, 1


def allowed(state: CaseState, application: int, action: Action, version: int | None = None) -> None:
    """None where ``action`` may be done now; else `Conflict` with who was first and when.

    ``version`` is the one that the person looked at; a newer one is a conflict too.
    """
    app = state.application(application)
    if app is None:
        raise Conflict(
            f"there is no application {application}",
            code="no-application",
            user_message=_("本案没有第 {number} 份申请。").format(number=application),
        )
    if app.withdrawn:
        raise _already("withdrawn", app.withdrawn)
    if version is not None and version != app.version and action in ("confirm", "return"):
        raise Conflict(
            f"version {version} is not the current one ({app.version})",
            code="newer-version",
            user_message=_("该申请的现行版本为第 {version} 版，请查看后再操作。").format(
                version=app.version
            ),
        )
    _RULES[action](app)


def _may_confirm(app: ApplicationState) -> None:
    _undecided(app)
    if app.unclear:
        names = str(_("、")).join(term(field_name(name)) for name in app.unclear)
        raise Conflict(
            f"unread fields: {', '.join(app.unclear)}",
            code="unclear",
            user_message=_("以下内容尚待人工识读，请先核对更正：{names}。").format(names=names),
        )
    errors = [finding for finding in app.findings if finding.severity == "error"]
    if errors:
        raise Conflict(
            f"findings block it: {', '.join(finding.rule for finding in errors)}",
            code="findings",
            user_message=_("存在不符合规定的事项，不能确认：{what}").format(
                what=" ".join(told(f.message) for f in errors)
            ),
        )


def _undecided(app: ApplicationState) -> None:
    if app.confirmed:
        raise _already("confirmed", app.confirmed)
    if app.sent_back:
        raise _already("returned", app.sent_back)
    if app.lapsed:
        raise _already("lapsed", app.lapsed)


def _may_correct(app: ApplicationState) -> None:
    """Always, while it is not withdrawn: a correction never undoes a confirmation."""


def _may_withdraw(app: ApplicationState) -> None:
    if app.allotted_t or app.stage in ("verified", "credited", "surrendered"):
        raise Conflict(
            "CCER were cancelled for it already",
            code="cancelled-already",
            user_message=str(_("该申请对应的CCER已完成注销，不能撤回。")),
        )


def _may_revoke(app: ApplicationState) -> None:
    if app.stage in ("credited", "surrendered"):
        raise Conflict(
            f"it is {app.stage} already",
            code="credited-already",
            user_message=_("该申请{stage}，不能撤销确认。").format(
                stage=term(STAGE_NAMES[app.stage])
            ),
        )
    if not app.confirmed and not app.sent_back:
        raise Conflict(
            "nothing was decided yet",
            code="not-decided",
            user_message=str(_("该申请尚未确认或退回，无需撤销。")),
        )


def _may_reassign(app: ApplicationState) -> None:
    if app.confirmed and app.confirmed.version == app.versions[-1].version:
        raise _already("confirmed", app.confirmed)


_RULES: Mapping[str, Callable[[ApplicationState], None]] = {
    "confirm": _may_confirm,
    "return": _undecided,
    "correct": _may_correct,
    "withdraw": _may_withdraw,
    "revoke": _may_revoke,
    "reassign": _may_reassign,
}


_ALREADY = {
    "withdrawn": _("该申请已由 {who} 于 {when} 撤回。"),
    "confirmed": _("该申请已由 {who} 于 {when} 确认。"),
    "returned": _("该申请已由 {who} 于 {when} 退回。"),
    "lapsed": _("该申请已由 {who} 于 {when} 列为逾期。"),
}


def _already(what: str, decision: Decision) -> Conflict:
    at = beijing(decision.at)
    return Conflict(
        f"already {what} by {decision.by} at {at.isoformat(timespec='minutes')}",
        code=f"already-{what}",
        user_message=_ALREADY[what].format(who=decision.by, when=spoken().moment(decision.at)),
    )
