"""What the digests of a plan must tell: from the plan and the calendar alone."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache

from procedure.workdays import last_working_day
from tests.firstcycle.letters import Row
from tests.firstcycle.plan import DAY, DEADLINE, FIRST, LAST, Decided, Firm, Form, Plan, moment

CLOSING = time(17)
"""Half an hour before close of business; the daily query as well."""
SUPPLEMENT = "补充"
CORRECTIONS = ("correct", "seal")
CHANGES = {"withdraw": "撤回"}
WORDS = {"new": "新增", "correction": "更正", "late": "补充"}
"""Of a record, by `Cancelled.change`."""


@cache
def weeks() -> tuple[tuple[date, date, datetime], ...]:
    """First day, last day and moment of the 7 + 1 weekly rounds."""
    found: list[tuple[date, date, datetime]] = []
    first, friday = FIRST, FIRST + ((4 - FIRST.weekday()) % 7) * DAY
    while friday <= LAST:
        day = last_working_day(friday) or friday
        found.append((first, day, moment(day, CLOSING)))
        first, friday = day + DAY, friday + 7 * DAY
    # 12-10 is the last day as well as a Friday: what comes after its summary is told on Monday.
    found.append((LAST, LAST, moment(LAST + 3 * DAY, CLOSING)))
    return tuple(found)


def week_of(at: datetime) -> str:
    """The period of the summary that tells of an event."""
    for first, last, due in weeks():
        if at <= due:
            return f"{first}_{last}"
    return SUPPLEMENT


def expected(plan: Plan) -> Counter[Row]:
    """Every row of every digest."""
    return Counter([*_weekly(plan), *_daily(plan)])


def _weekly(plan: Plan) -> Iterator[Row]:
    for firm in plan.firms:
        forms = [one for one in plan.forms if one.firm is firm and not one.copy]
        acts = [one for one in plan.decisions if one.firm is firm]
        yield from _of_firm(forms, acts)
        for _ in range(_lapses(plan, firm)):
            version = max(1, len(forms))
            yield _row(forms[0], SUPPLEMENT, "状态更新", 1, version)


def _lapses(plan: Plan, firm: Firm) -> int:
    """Changes after the deadline: a lapse, and its end where the records came a day late."""
    if firm.story == "lapsed":
        return 1
    asked = [one.asked for one in plan.records if one.firm is firm]
    return 2 if asked and min(asked) > DEADLINE else 0


def _of_firm(forms: list[Form], acts: list[Decided]) -> Iterator[Row]:
    """In the order of time, as the versions and applications are numbered (trap 6)."""
    application, version, decided = 1, 0, False
    fresh = ""
    steps: list[Form | Decided] = [*forms, *acts]
    for one in sorted(steps, key=lambda step: step.at):
        week = week_of(one.at)
        if isinstance(one, Form):
            application, version = (application + 1, 1) if decided else (application, version + 1)
            decided, fresh = False, week
            change = "新增" if version == 1 else "新版本"
        elif one.act == "accept-proof" or (one.act in CORRECTIONS and fresh == week):
            # Not reported weekly; a correction of a form that is new itself is in the form's row.
            continue
        else:
            change = "更正" if one.act in CORRECTIONS else CHANGES.get(one.act, "状态更新")
            decided = one.act == "confirm"
            fresh = fresh if one.act in CORRECTIONS else ""
        yield _row(forms[0], week, change, application, version)


def _row(form: Form, period: str, change: str, application: int, version: int) -> Row:
    own = form.firm.company
    return "weekly", own.province, period, own.name, change, str(application), str(version)


def _daily(plan: Plan) -> Iterator[Row]:
    for one in plan.records:
        own = one.firm.company
        # The day's query is of 17:00; what is known later, or happened later, is the next day's.
        happened = one.time.date() + (DAY if one.time.time() > CLOSING else timedelta(0))
        day = max(happened, one.asked)
        period = str(day) if day <= DEADLINE else SUPPLEMENT
        tonnes = str(one.project.amount_t)
        yield "daily", own.province, period, own.name, tonnes, one.status, WORDS[one.change]
        compact = period.replace("-", "")
        yield "national", "全国", compact, own.name, tonnes, one.status, one.change


def regular(plan: Plan) -> Counter[tuple[str, str]]:
    """How many regular digests there are of each kind for each province."""
    days = (DEADLINE - FIRST).days + 1
    found = Counter({("national", "全国"): days})
    for province in plan.provinces:
        found["weekly", province.name] = len(weeks())
        found["daily", province.name] = days
    return found
