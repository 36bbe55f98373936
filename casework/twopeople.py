"""The two-person rule: who proposes a decision cannot approve it (附件3 §2 step 4).

Where `Desk.two_person` names a decision, the first person's word becomes a proposal and a reviewer,
who is somebody else, decides. A proposal is for one version and one amount; any change of the paper
voids it, so nobody approves what the first one did not see.
"""

from casework.changes import Change, actor_of
from casework.rights import may
from procedure.case import Proposal
from procedure.errors import NotAllowed
from procedure.events import Evidence, Proposed
from procedure.language import _, spoken
from store.rows import Person

NAMES = {"confirm": _("确认"), "return": _("退回")}
OWN = _("您已于 {at} 建议{what}该申请，须由另一位复核人员核准。")
NO_REVIEWER = _("{who} 已于 {at} 建议{what}该申请，须由复核人员核准。")


def standing(change: Change, wanted: Proposed) -> Proposal | None:
    """The proposal of just this decision that waits for a second person, None for none."""
    app = change.state.application(wanted.application)
    proposed = app.proposed if app else None
    if proposed is None:
        return None
    same = (proposed.outcome, proposed.version) == (wanted.outcome, wanted.version)
    return proposed if same and proposed.amount_t == wanted.amount_t else None


def proposer(
    change: Change, person: Person, wanted: Proposed, evidence: Evidence | None
) -> str | None:
    """Who proposed what this person approves, "" where one person decides alone.

    None where the person is the first: the proposal was written down, nothing is decided.
    `NotAllowed` for the proposer's own approval, and for whoever is no reviewer.
    """
    if wanted.outcome not in change.desk.two_person:
        return ""
    first = standing(change, wanted)
    if first is None:
        change.add(wanted, actor_of(person), evidence)
        return None
    about = {"at": spoken().moment(first.at), "what": NAMES[first.outcome]}
    if first.by == person.name:
        raise _refused("own-proposal", OWN.format(**about))
    if not may(person, "approve", change.row.province):
        raise _refused("no-reviewer", NO_REVIEWER.format(who=first.by, **about))
    return first.by


def _refused(code: str, said: str) -> NotAllowed:
    return NotAllowed(
        "a second person, a reviewer, has to approve it", code=code, user_message=said
    )
