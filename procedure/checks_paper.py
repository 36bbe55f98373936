"""Checks on the paper alone: no registry is asked."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from procedure import uscc
from procedure.acceptance import families
from procedure.checking import Inquiry, comparable, grade, readable, severity
from procedure.clock import beijing
from procedure.evidence import CHECK_FAILS, integer, text
from procedure.fieldnames import field_name
from procedure.fieldrules import DISAGREES
from procedure.findings import Finding, Severity
from procedure.language import _, termed
from procedure.readings import REQUIRED_FIELDS, Reading
from procedure.values import format_tonnes

_MISSING = _("表中未见“{name}”，请补充或由工作人员核对原件。")
_UNREADABLE = _("未能识读“{name}”，请补充或由工作人员核对原件。")


def required(ask: Inquiry) -> Iterator[Finding]:
    """附件3 §2 step 4 names three things that the form must say."""
    for name in REQUIRED_FIELDS:
        reading = ask.field(name)
        if reading is not None and reading.value is not None:
            continue
        said = _MISSING if reading is None else _UNREADABLE
        message = said.said(name=termed(field_name(name)))
        # On a picture what was not found may well be there: a person looks, nobody is blamed.
        kind: Severity = "note" if _was_recognised(ask) else "warning"
        yield ask.finding("required-field", kind, message, name)
    offset = ask.field("offset_t")
    if offset and offset.accepted and offset.value == 0:
        message = _("申请抵销量为 0 吨，请核实。").said()
        yield ask.finding("required-field", "error", message, "offset_t", found=0)


def _was_recognised(ask: Inquiry) -> bool:
    return any(reading.engines for reading in ask.doc.fields.values())


def credit_code(ask: Inquiry) -> Iterator[Finding]:
    """GB 32100-2015: the check character; GB 11714 within it is a hint only."""
    reading = ask.field("uscc")
    code = text(reading)
    if not reading or not code or not (readable(reading) or _stands_alone(reading)):
        return
    if uscc.is_valid(code):
        if not uscc.org_code_valid(code):
            message = _("统一社会信用代码 {code} 第9至17位（组织机构代码）校验不符，请核对。").said(
                code=code
            )
            yield ask.finding("uscc-check", "warning", message, "uscc", found=code)
        return
    agreed = len(families(reading.engines)) > 1 and reading.confidence >= _SURE
    if not reading.accepted and _looks_misread(code, agreed=agreed):
        return
    expected = ""
    if uscc.is_well_formed(code):
        expected = uscc.check_char(code[:17])
        what = _("校验码应为“{expected}”，表中为“{code}”").said(expected=expected, code=code[17])
    else:
        what = _("应为18位数字和大写字母（不含 I、O、Z、S、V）").said()
    message = _("统一社会信用代码 {code} 校验不通过：{what}，请核对。").said(code=code, what=what)
    kind = severity(reading)
    yield ask.finding("uscc-check", kind, message, "uscc", expected=expected, found=code)


def _stands_alone(reading: Reading) -> bool:
    """One very sure engine or three families, however sure, and nothing against it but the check
    character itself."""
    sure = reading.confidence >= _SURE or len(families(reading.engines)) >= _ALL
    return sure and reading.against == (CHECK_FAILS,)


_ALL = 3
"""Families of engines that there are."""
_SURE = 0.98
"""Least confidence from which two families that agree do not share a slip, but for a last U."""
_CONFUSED = {"G": "6", "B": "8", "U": "0", "D": "0", "Q": "0", "L": "1", "T": "7"}


def _looks_misread(code: str, *, agreed: bool) -> bool:
    """Not even well-formed, or valid after one of the slips that recognisers share.

    A letter taken for a figure where letters stand (the check character, or a code that begins
    with MA), and the other way round anywhere; where two surely ``agreed``, only U as the last 0.
    """
    if not uscc.is_well_formed(code):
        return True
    if agreed:
        return code[17] == "0" and uscc.is_valid(code[:17] + "U")
    lettered = code[8:10] == "MA"
    for place, char in enumerate(code):
        others = _CONFUSED.get(char, "")
        if lettered and place > 9:
            others += "".join(letter for letter, figure in _CONFUSED.items() if figure == char)
        elif place == 17 and char == "0":
            others = "U"
        if any(uscc.is_valid(code[:place] + other + code[place + 1 :]) for other in others):
            return True
    return False


_EARLY = _("申请于 {day} 收到，早于申请期限（{first} 至 {last}）。")
_LATE = _("申请于 {day} 收到，晚于申请期限（{first} 至 {last}）。")


def window(ask: Inquiry) -> Iterator[Finding]:
    """附件3 §2 step 3: judged by the time of receipt, in Beijing."""
    if ask.received_at is None:
        return
    day = beijing(ask.received_at).date()
    first, last = ask.cycle.apply_first, ask.cycle.apply_last
    if first <= day <= last:
        return
    said = _EARLY if day < first else _LATE
    message = said.said(day=day, first=first, last=last)
    yield ask.finding("window", "error", message, expected=f"{first}/{last}", found=day)


def form_date(ask: Inquiry) -> Iterator[Finding]:
    """The date written on the form is a finding of its own; the receipt decides."""
    reading = ask.field("date")
    if not reading or not (_dated(ask, reading) or _beyond_doubt(ask, reading)):
        return
    day = date.fromisoformat(text(reading))
    first, last = ask.cycle.apply_first, ask.cycle.apply_last
    if not reading.accepted and abs(day - first) > timedelta(days=400):
        return
    if not first <= day <= last:
        message = _("申请表所填日期 {day} 不在申请期限（{first} 至 {last}）内，请核实。").said(
            day=day, first=first, last=last
        )
        expected = f"{first}/{last}"
        yield ask.finding("form-date", "warning", message, "date", expected=expected, found=day)
    elif ask.received_at and day > beijing(ask.received_at).date():
        received = beijing(ask.received_at).date()
        message = _("申请表所填日期 {day} 晚于收件日期 {received}，请核实。").said(
            day=day, received=received
        )
        yield ask.finding("form-date", "warning", message, "date", expected=received, found=day)


def _dated(ask: Inquiry, reading: Reading) -> bool:
    """Whether the date is read. A stroke that both engines lose by hand (11月 as 1月) is another
    date; a person looks."""
    return readable(reading) and (reading.accepted or not ask.doc.handwritten)


def _beyond_doubt(ask: Inquiry, reading: Reading) -> bool:
    """Whether engines differ on the day, and whichever is right is on the same side of the window,
    in a month that is none of its own which lost a figure."""
    if set(reading.against) != {DISAGREES} or not readable(replace(reading, against=())):
        return False
    said = [_day(str(one)) for one in (reading.value, *reading.candidates)]
    days = [day for day in said if day is not None and day.month not in _SHORTENED]
    first, last = ask.cycle.apply_first, ask.cycle.apply_last
    sides = {(day < first, day > last) for day in days}
    return len(days) == len(said) > 1 and sides in ({(True, False)}, {(False, True)})


_SHORTENED = (1, 2)
"""Months that 10, 11 and 12 are without one of their figures."""


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def rows_total(ask: Inquiry) -> Iterator[Finding]:
    """Rows, their 合计 and the offset applied for say the same amount."""
    amounts = [row.amount_t for row in ask.doc.projects]
    if amounts and all(map(comparable, amounts)):
        total = sum(integer(reading) or 0 for reading in amounts)
        for name, other in (
            ("rows_total", ask.doc.rows_total),
            ("offset_t", ask.field("offset_t")),
        ):
            if comparable(other) and integer(other) != total:
                yield _differs(
                    ask, name, other, _("各项目数量之和").said(), total, (*amounts, other)
                )
                return
    printed, offset = ask.doc.rows_total, ask.field("offset_t")
    if comparable(printed) and comparable(offset) and integer(printed) != integer(offset):
        value = integer(printed) or 0
        yield _differs(ask, "offset_t", offset, _("“合计”").said(), value, (printed, offset))


def _differs(
    ask: Inquiry,
    name: str,
    other: Reading | None,
    what: str,
    total: int,
    rests_on: tuple[Reading | None, ...],
) -> Finding:
    value = integer(other) or 0
    message = _("{what} {total}，与“{name}” {value}不一致，请核对。").said(
        what=what,
        total=format_tonnes(total),
        name=termed(field_name(name)),
        value=format_tonnes(value),
    )
    kind = grade(ask.doc, *rests_on)
    return ask.finding("rows-total", kind, message, name, at=other, expected=total, found=value)
