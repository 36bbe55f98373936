"""/deadline and /stats: what is due when, and how many cases stand where."""

from datetime import datetime

from bot import plain, texts
from bot.messages import File, Reply
from bot.people import see
from casework import stats
from casework.desk import Desk
from casework.stats import Standing, Term
from letters import chart
from procedure.language import spoken, term
from store.rows import Person

PROVINCES = 12
"""So many provinces are named; the others are summed up."""


def deadline(desk: Desk, person: Person, rest: str) -> Reply:
    """The terms of every cycle at work, the passed ones marked."""
    lines = []
    for title, terms in stats.terms(desk, person):
        lines += [term(title), *map(_term, terms)]
    return Reply("\n".join([*lines, str(texts.DEADLINE_ZONE), see(person)]))


def _term(one: Term) -> str:
    at = plain.moment(one.at) if isinstance(one.at, datetime) else spoken().day(one.at)
    if one.passed:
        left = str(texts.TERM_PASSED)
    elif one.working_days is None:
        left = ""
    elif one.today:
        left = str(texts.TERM_TODAY)
    else:
        left = texts.TERM_LEFT.format(count=one.working_days)
    return texts.TERM.format(
        name=texts.TERMS[one.kind].format(clause=plain.clause(one.clause)), at=at, left=left
    )


def figures(desk: Desk, person: Person, rest: str) -> Reply:
    """Numbers of cases by stage and province, and the same as a chart."""
    standings = [one for one in stats.standings(desk, person) if one.cases]
    if not standings:
        return Reply(str(texts.STATS_NONE))
    lines = [line for one in standings for line in _standing(one)]
    files = tuple(
        File(str(texts.CHART_FILE), "image/png", _chart(one), picture=True) for one in standings
    )
    return Reply("\n".join([*lines, see(person)]), files=files)


def _standing(one: Standing) -> list[str]:
    lines = [texts.STATS_HEAD.format(cycle=term(one.cycle_title), count=one.cases)]
    lines += [texts.STATS_LINE.format(name=term(s.stage_name), count=s.cases) for s in one.stages]
    if len(one.provinces) > 1:
        named = one.provinces[:PROVINCES]
        lines.append(str(texts.STATS_PROVINCES))
        lines += [texts.STATS_LINE.format(name=term(name), count=count) for name, count in named]
        if rest := sum(count for _, count in one.provinces[PROVINCES:]):
            lines.append(texts.STATS_LINE.format(name=str(texts.STATS_OTHERS), count=rest))
    return lines


def _chart(one: Standing) -> bytes:
    title = texts.STATS_HEAD.format(cycle=term(one.cycle_title), count=one.cases)
    return chart.bars(title, [(term(s.stage_name), s.cases) for s in one.stages])
