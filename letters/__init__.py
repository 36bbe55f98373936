"""Facts → text, HTML and files of every letter. Knows no case and no database.

`dress` gives the same bytes for the same facts, whenever and wherever it runs.
"""

from collections.abc import Sequence

from cycles.catalogues import language
from letters import changes, digests, entity, national, staff
from letters.blocks import Block, page, subject, text
from procedure.dressed import Attachment, Dressed
from procedure.errors import WrongUse
from procedure.facts import (
    FACTS,
    Amendment,
    DailyRecords,
    Decision,
    Facts,
    Lapse,
    NationalRecords,
    Progress,
    Receipt,
    Reminder,
    StaffNotice,
    StaffTask,
    StatusAnswer,
    WeeklySummary,
)
from procedure.language import speaking

__all__ = ["dress"]

OUTCOMES = {
    "confirmation": ("confirmed",),
    "return": ("returned",),
    "revocation": ("revoked", "withdrawn"),
}


def dress(kind: str, facts: Facts, locale: str = "zh_CN") -> Dressed:
    """The letter of ``kind`` that says ``facts``.

    ``locale``: ``zh_CN`` or ``en``. Raises `WrongUse` for another locale, an unknown kind,
    and facts of another kind.
    """
    wanted = FACTS.get(kind)
    if wanted is None or type(facts) is not wanted:
        raise WrongUse(f"no letter of kind {kind!r} says {type(facts).__name__}")
    if isinstance(facts, Decision) and facts.outcome not in OUTCOMES[kind]:
        raise WrongUse(f"a {kind} does not say {facts.outcome!r}")
    if locale not in LOCALES:
        raise WrongUse(f"no letters in {locale!r}: use {' or '.join(LOCALES)}")
    with speaking(language(locale)):
        title, blocks, files = _said(facts)
        line = subject(title)
        return Dressed(line, text(blocks), page(line, blocks, LOCALES[locale]), tuple(files))


LOCALES = {"zh_CN": "zh-CN", "en": "en"}
"""Locale → language of the HTML."""
Said = tuple[str, Sequence[Block], Sequence[Attachment]]


def _said(facts: Facts) -> Said:
    if isinstance(facts, WeeklySummary):
        return digests.weekly(facts)
    if isinstance(facts, DailyRecords):
        return digests.daily(facts)
    if isinstance(facts, NationalRecords):
        return national.national(facts)
    title, blocks = _letter(facts)
    return title, blocks, ()


def _letter(facts: Facts) -> tuple[str, Sequence[Block]]:
    if isinstance(facts, Receipt):
        return entity.receipt(facts)
    if isinstance(facts, Decision):
        return entity.decision(facts)
    if isinstance(facts, Reminder):
        return entity.reminder(facts)
    if isinstance(facts, Progress):
        return entity.progress(facts)
    if isinstance(facts, Amendment):
        return changes.correction(facts)
    if isinstance(facts, Lapse):
        return changes.lapse(facts)
    if isinstance(facts, StatusAnswer):
        return entity.answer(facts)
    if isinstance(facts, StaffNotice):
        return staff.notice(facts)
    if isinstance(facts, StaffTask):
        return staff.task(facts)
    raise TypeError(f"{type(facts).__name__} is no letter's facts")
