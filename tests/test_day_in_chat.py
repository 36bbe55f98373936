"""A whole day of the staff in chat, over the real doors: what was decided, who saw what."""

import re
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy import select

from casework import views
from store import tables as t
from store.rows import Person
from store.verify import verify
from tests.bot.botapi import GROUP
from tests.bot.day import (
    CASES,
    HE,
    LATE,
    LI,
    LIN,
    MAIL,
    PHONES,
    STAFF,
    SUN,
    WANG,
    WU,
    ZHAO,
    ZHOU,
    ByMail,
    Day,
    OnPhone,
    OnStream,
    Talker,
    day,
    firms,
    over,
    unsure,
)  # fmt: skip
from tests.bot.house import NOTICE
from tests.house import until

HANDLERS = {"13": (WANG, LI), "14": (ZHAO, ZHOU), "37": (WU, SUN)}
NUMBER = re.compile(r"CCER-2019-(\d\d)-\d{4}")
WORDS = {
    "confirm": ("确认", "Confirm"), "return": ("退回", "Return"), "correct": ("更正", "Correct"),
    "reason": ("以第1项", "Return for no. 1"), "amount": ("申请抵销量", "offset applied for"),
}  # fmt: skip


def test_a_day_in_chat(tmp_path: Path) -> None:
    with day(tmp_path) as today:
        today.morning()
        _look_round(today)
        _notices(today)
        wanted = _work_through(today)
        wanted |= _two_at_once(today)
        _killed_in_mid_dialogue(today, wanted)
        _national(today)
        _in_the_group(today)
        _settled(today, wanted)
        _nobody_saw_what_is_not_theirs(today)


def _word(today: Day, person: Person, what: str) -> str:
    return WORDS[what][today[person] is today.talkers.get(ZHOU.name)]


def _look_round(today: Day) -> None:
    """Everybody asks what waits, turns the page, looks for a name with a slip and by its sound."""
    assert today[ZHOU].say("/language English").startswith("From now on")
    for province, pair in HANDLERS.items():
        waiting = len(today.of(province))
        for person in pair:
            said = today[person].say("待办")
            assert f"{waiting} to do" in said if person is ZHOU else f"待办 {waiting} 项" in said
        today[pair[1]].tap("Next page" if pair[1] is ZHOU else "下一页")
        today.step()
    number = today.of("37")[0]
    name = today.numbers[number].name
    slip = name[2] + "错" + name[4:6]
    assert number in today[WU].say(f"查找 {slip}")
    assert name in today[WU].say(f"案件 {number}")
    assert "没有找到" in today[WANG].say(f"查询 {today.numbers[number].uscc}")
    assert name not in today[WANG].say(f"查询 {name}")
    assert number in today[SUN].say(f"案件 {number}")
    assert "免打扰" in today[SUN].say("帮助")
    assert "22:00" in today[ZHAO].say("静音 22:00-07:30")
    assert "只能" not in today[LI].say("期限")


def _notices(today: Day) -> None:
    """The last forms come; whoever has a telephone is told, each of each once."""
    for firm in firms()[-LATE:]:
        today.step()
        today.file(firm)
    _notices_add_up(today)


def _work_through(today: Day) -> dict[str, str]:
    """Each case is decided by one of the two of its province, in turn; but the two set apart."""
    wanted = {}
    for province, pair in HANDLERS.items():
        rest = [one for one in today.of(province) if one not in _apart(today, province)]
        mailed = [one for one in rest[::2] if WU in pair and not unsure(today.numbers[one])]
        for turn, number in enumerate(one for one in rest if one not in mailed):
            person = SUN if WU in pair else pair[turn % 2]
            wanted[number] = _decide(today, person, number)
            today.step()
        wanted |= _decide_by_mail(today, mailed)
    return wanted


def _decide_by_mail(today: Day, numbers: list[str]) -> dict[str, str]:
    """One answer to one letter: a line for each of these cases."""
    wu, lines = today[WU], {}
    assert isinstance(wu, ByMail)
    for place, item in enumerate(wu.letter().items if numbers else (), 1):
        if item.case_no in numbers:
            bad = over(today.numbers[item.case_no])
            lines[item.case_no] = f"退回 {place} 超过上限" if bad else f"确认 {place}"
    assert sorted(lines) == sorted(numbers)
    if lines:
        said = wu.say("\r\n".join(lines.values()), reply=True)
        assert all(number in said for number in numbers)
    return {no: "returned" if over(today.numbers[no]) else "confirmed" for no in numbers}


def _apart(today: Day, province: str) -> list[str]:
    """The last two of the province that can be confirmed as they are."""
    plain = [
        n for n in today.of(province) if not over(today.numbers[n]) and not unsure(today.numbers[n])
    ]
    return plain[-2:]


def _decide(today: Day, person: Person, number: str) -> str:
    """Over the cap: returned by its finding. Unclear: corrected, then confirmed. Else confirmed."""
    firm, talker = today.numbers[number], today[person]
    if unsure(firm):
        _correct(today, person, talker, number, 6_000 if over(firm) else 5_000)
    if over(firm):
        assert number in talker.say(f"/return {number}")
        talker.tap(_word(today, person, "reason"))
        assert number in talker.tap(_word(today, person, "return"))
        return "returned"
    if firm.number % 4 == 0:
        # Typed blindly it is refused: whoever confirms has looked at the case as it stands.
        talker.say(f"/confirm {number} 是 5,000")
        assert today.office.stage(number) == "submitted"
        said = talker.say(f"/confirm {number} 是 5,000")
        assert "该单位应在" in said or "has to cancel" in said, said
        return "confirmed"
    if firm.number % 11 == 0:
        talker.say(f"/confirm {number}")
        talker.tap("Cancel" if person is ZHOU else "取消")
    assert number in talker.say(f"/confirm {number}")
    assert "5,000" in talker.tap(_word(today, person, "confirm"))
    return "confirmed"


def _correct(today: Day, person: Person, talker: Talker, number: str, amount: int) -> None:
    asked = talker.say(f"/correct {number}")
    assert number in asked
    talker.tap(_word(today, person, "amount"))
    draft = talker.say(f"{amount:,}", reply=True)
    assert f"{amount:,}" in draft
    assert number in talker.tap(_word(today, person, "correct"))


def _two_at_once(today: Day) -> dict[str, str]:
    """Both of a province look at the same case and decide at the same moment."""
    wanted = {}
    for province, pair in HANDLERS.items():
        number = _apart(today, province)[0]
        at_once = [_ready_to_confirm(today, one, number) for one in pair]
        threads = [threading.Thread(target=one) for one in at_once]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        told = [today[one].talk[-1].text for one in pair]
        assert sum(any(word in one for word in DONE) for one in told) == 1, told
        wanted[number] = "confirmed"
        today.step()
    return wanted


DONE = ("下一步：该单位应在", "has to cancel", "已确认 CCER")
"""In the answer to whoever was first: at a button, in English, in a letter."""


def _ready_to_confirm(today: Day, person: Person, number: str) -> Callable[[], str]:
    """The person has looked; what is left is one tap, or one mail."""
    talker = today[person]
    if isinstance(talker, ByMail):
        places = [item.case_no for item in talker.letter().items]
        return partial(talker.say, f"确认 {places.index(number) + 1}", reply=True)
    talker.say(f"/confirm {number}")
    return partial(talker.tap, _word(today, person, "confirm"))


def _killed_in_mid_dialogue(today: Day, wanted: dict[str, str]) -> None:
    """kill -9 between draft and tap; the tap comes twice; a second form makes a button old."""
    phone = today[WANG]
    assert isinstance(phone, OnPhone)
    number = _apart(today, "13")[1]
    phone.say(f"退回 {number}")
    phone.say("申请表第2页缺失，请补充后重新提交。", reply=True)
    draft = phone.last
    assert draft is not None
    _notices_add_up(today)
    today.kill()
    today.api.tap(PHONES[WANG.name], draft, "退回")
    today.api.tap(PHONES[WANG.name], draft, "退回")
    before = len(phone.phone.answers())
    today.start()
    until(lambda: len(phone.phone.answers()) > before or draft.edits > 0, 60)
    until(lambda: today.office.stage(number) == "returned", 60)
    wanted[number] = "returned"
    for province in ("14", "37"):
        number = _apart(today, province)[1]
        person = HANDLERS[province][0]
        late = _ready_to_confirm(today, person, number)
        today.step()
        today.office.file(today.numbers[number], 4_000)
        assert "变化" in late()
        today.step(11)
        again = _ready_to_confirm(today, person, number)
        if isinstance(today[person], OnStream):
            again = partial(today[person].tap, "确认 4,000")
        assert "4,000" in again()
        wanted[number] = "confirmed"


def _national(today: Day) -> None:
    """NCSC sees all provinces and decides nothing."""
    number = today.of("14")[0]
    for person in (HE, LIN):
        assert "案件 40 个" in today[person].say("统计")
        assert number in today[person].say(f"查询 {number}")
        assert "您的角色不办理案件" in today[person].say("待办")
        assert "没有相应的权限" in today[person].say(f"确认 {number} 是")
        today[person].say("汇总")


def _in_the_group(today: Day) -> None:
    phone = today[WANG]
    assert isinstance(phone, OnPhone)
    number = today.of("13")[1]
    said = phone.phone.say(f"/status {number}", in_chat=GROUP).text
    assert number in said
    assert "私聊" in said


def _settled(today: Day, wanted: dict[str, str]) -> None:
    """Every case as decided, by one decision each; the chain holds; every notice was said once."""
    assert len(wanted) == CASES
    assert {number: today.office.stage(number) for number in wanted} == wanted
    made: Counter[str] = Counter()
    with today.office.desk.store.read() as tx:
        for event in tx.cases.all_events():
            if event.kind in {"confirmed", "returned"}:
                made[event.case_no] += 1
                province = event.case_no.split("-")[2]
                assert event.actor.name in {one.name for one in HANDLERS[province]}
    assert made == Counter(dict.fromkeys(wanted, 1))
    # No mail door is at work here: forms are put into casework, letters wait. All else must hold.
    wrong = verify(today.office.desk.store)
    assert [one for one in wrong if not one.startswith(("message ", "letter "))] == []
    _notices_add_up(today)
    assert views.todo(today.office.desk, WANG) == (0, [])


def _nobody_saw_what_is_not_theirs(today: Day) -> None:
    """Neither a number nor a name of another province, in all that was said to anybody."""
    heard = {person.name: _heard(today, person) for person in STAFF}
    for person in STAFF:
        if not person.provinces:
            continue
        text = "\n".join(heard[person.name]).replace("案件号形如 CCER-2019-13-0007", "")
        assert set(NUMBER.findall(text)) <= set(person.provinces), person.name
        foreign = [f.name for f in firms() if f.province not in person.provinces]
        asked = "\n".join(line.text for line in today[person].talk if not line.ours)
        assert not [name for name in foreign if name in text and name not in asked], person.name
    group = "\n".join(one.text for one in today.api.to(GROUP))
    assert not [firm.name for firm in firms() if firm.name in group]


def _notices_add_up(today: Day) -> None:
    """As many as were due were said, alone or gathered: none lost, none twice."""
    for person in STAFF:
        if isinstance(today[person], ByMail):
            continue
        until(partial(_all_said, today, person), 60)
        said = sum(map(_counted, _told(today, person)))
        assert said == _due(today, person)[0], person.name


def _all_said(today: Day, person: Person) -> bool:
    return _due(today, person)[1] == 0


def _told(today: Day, person: Person) -> list[str]:
    """Everything that came to the person's account without being asked for, and answers."""
    talker = today[person]
    if isinstance(talker, OnStream):
        return [text for who, text in talker.peer.told if who == talker.who]
    return [one.text for one in today.api.to(PHONES.get(person.name, 0))]


def _due(today: Day, person: Person) -> tuple[int, int]:
    """How many notices the person has, and how many of them are not said yet.

    Without those that a new version's notice, made at that moment, took the place of.
    """
    with today.office.desk.store.read() as tx:
        n = t.notice.c
        query = select(n.key, n.case_no, n.created_at, n.sent_at).where(n.person == person.name)
        rows = list(tx.connection.execute(query))
    newer = {(row.case_no, row.created_at) for row in rows if row.key.startswith("version:")}
    left = [
        row.sent_at
        for row in rows
        if (row.case_no, row.sent_at) not in newer or row.created_at == row.sent_at
    ]
    return len(left), left.count(None)


def _counted(text: str) -> int:
    """So many notices a message says; 0 for anything else."""
    gathered = re.match(r"有 (\d+) 项新的提醒|There are (\d+) new notices", text)
    if gathered:
        return int(gathered[1] or gathered[2])
    return bool(NOTICE.match(text))


def _heard(today: Day, person: Person) -> list[str]:
    if person.name in PHONES:
        sent = today.api.to(PHONES[person.name])
        return [part for one in sent for part in (one.text, *one.buttons)]
    talker = today[person]
    assert talker.talk
    told = _told(today, person) if isinstance(talker, OnStream) else []
    if isinstance(talker, ByMail):
        told = [str(one) for one in talker.desk.written(MAIL)]
    return [part for line in talker.talk if line.ours for part in (line.text, *line.labels)] + told
