"""The two-person rule: who proposes a decision cannot approve it (附件3 §2 step 4).

Where `Desk.two_person` names a decision, the first person's word becomes a proposal and a reviewer,
who is somebody else, decides. A proposal is for one version and one amount; any change of the paper
voids it, so nobody approves what the first one did not see.
"""

from casework.changes import Change, actor_of
from casework.labels import moment
from casework.rights import may
from procedure.case import Proposal
from procedure.errors import NotAllowed
from procedure.events import Evidence, Proposed
from store.rows import Person

NAMES = {"confirm": "确认", "return": "退回"}


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
    if first.by == person.name:
        raise _refused(
            "own-proposal", f"您已于 {moment(first.at)} 建议{NAMES[first.outcome]}该申请，"
            "须由另一位复核人员核准。",
        )  # fmt: skip
    if not may(person, "approve", change.row.province):
        raise _refused(
            "no-reviewer", f"{first.by} 已于 {moment(first.at)} 建议{NAMES[first.outcome]}该申请，"
            "须由复核人员核准。",
        )  # fmt: skip
    return first.by


def _refused(code: str, said: str) -> NotAllowed:
    return NotAllowed(
        "a second person, a reviewer, has to approve it", code=code, user_message=said
    )
