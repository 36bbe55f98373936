"""kill -9 in the midst of every dialogue, at every door: one effect, and notices once."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import select

from casework import habits, people, tray
from casework.filing import file_mail
from procedure.readings import Reading
from store import tables as t
from store.rows import Envelope, Person
from tests.bot import chatpeer
from tests.bot.botapi import BotApi, Sent, serving
from tests.bot.dingtalkapi import DingTalk
from tests.bot.house import HENGLAN, OPERATOR, House, house
from tests.bot.streams import choose
from tests.bot.wecomapi import WeCom, certificate
from tests.casework.made import mail, unreadable
from tests.house import until

ROOT = Path(__file__).parents[2]
BOTH = Person("周全", "handler", ("13", "14"))
QIAN = Person("钱进", "handler", ("13",))
MISREAD = Reading(None, "6,I82", 0.4, page=1, box=(0.1, 0.1, 0.5, 0.2))
ACCOUNT, COLLEAGUE = 1, 2
MANY = 4
BEFORE, AFTER = ("answerCallbackQuery",), ("editMessageText", "sendMessage")
"""Calls at which the process dies: the tap is taken and nothing done; all done and nothing said."""


class Mortal:
    """A door's process that is killed and started again."""

    def __init__(self, door: str, folder: Path, url: str, authority: str = "") -> None:
        command = [sys.executable, "-m", "tests.bot.serve", door, str(folder), url, authority]
        self._parent = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.start()

    def start(self) -> None:
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write("one more\n")
        self._parent.stdin.flush()
        self.process = int(self._parent.stdout.readline())

    def kill(self) -> None:
        os.kill(self.process, signal.SIGKILL)
        until(lambda: not Path(f"/proc/{self.process}").exists(), 60)

    def again(self) -> None:
        self.kill()
        self.start()

    def close(self) -> None:
        if Path(f"/proc/{self.process}").exists():
            os.kill(self.process, signal.SIGTERM)
            until(lambda: not Path(f"/proc/{self.process}").exists(), 60)
        assert self._parent.stdin is not None
        self._parent.stdin.close()
        assert self._parent.stdout is not None
        self._parent.stdout.close()
        assert self._parent.wait(60) == 0


@contextmanager
def mortal(door: str, folder: Path, url: str, authority: str = "") -> Iterator[Mortal]:
    made = Mortal(door, folder, url, authority)
    try:
        yield made
    finally:
        made.close()


@dataclass(frozen=True)
class Dialogue:
    """What is typed; the button that decides; how often it had its effect."""

    asked: str
    replied: str
    label: str
    effects: Callable[[House, str], int]


def _tray(office: House, item: str) -> int:
    with office.desk.store.read() as tx:
        found = tx.tray.get(int(item))
    return int(found is not None and found.closed_by == BOTH.name)


DIALOGUES = {
    "confirm": Dialogue("确认 {about}", "", "确认 5,000", lambda o, n: o.events(n, "confirmed")),
    "return": Dialogue("退回 {about}", "缺少公章", "退回", lambda o, n: o.events(n, "returned")),
    "correct": Dialogue(
        "更正 {about} 申请抵销量", "4200", "更正", lambda o, n: o.events(n, "field-corrected")
    ),
    "assign": Dialogue("归入 {about} {case}", "", "作为注销截图归入", _tray),
    "dismiss": Dialogue("不予归入 {about} 与申请无关", "", "不予归入", _tray),
}
SAMPLE = {"confirm": AFTER, "return": AFTER, "correct": BEFORE, "assign": AFTER, "dismiss": BEFORE}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        for person in (BOTH, QIAN):
            account = ACCOUNT if person is BOTH else COLLEAGUE
            code = people.invite(made.desk, OPERATOR, person.name, person.role, person.provinces)
            people.bind(made.desk, "telegram", str(account), code, made.desk.now())
        yield made


def _about(office: House, name: str, turn: int) -> tuple[str, str]:
    """What the dialogue is about, and a case."""
    firm = replace(HENGLAN, number=10 + turn, name=f"河北示例{turn}热力有限公司")
    office.stock(firm)
    case_no = office.file(firm, offset_t=MISREAD) if name == "correct" else office.file(firm)
    if name not in ("assign", "dismiss"):
        return case_no, case_no
    data = office.reader.lay(unreadable())
    sender, now = "w@known.example", office.desk.now()
    envelope = Envelope("smtp", f"lost{turn}", sender, ("c@x.example",), now)
    taken = office.desk.store.take(envelope, b"Subject: ?\r\n\r\n" + data)
    incoming = mail(sender, data, subject="材料")
    file_mail(office.desk, taken.message_id, incoming, office.reader)
    return tray.listed(office.desk, OPERATOR)[-1].item, case_no


def _heard(api: BotApi, label: str, after: int) -> Sent:
    """A message of ours with such a button, newer than that one."""

    def found() -> Sent | None:
        offered = (one for one in _after(api, after) for b in one.buttons if b.startswith(label))
        return next(offered, None)

    heard: Sent = api.wait(found)
    return heard


def _play(
    office: House, api: BotApi, door: Mortal, name: str, moment: tuple[str, ...], turn: int
) -> None:
    one, (about, case) = DIALOGUES[name], _about(office, name, turn)
    last = _last(api)
    api.say(ACCOUNT, one.asked.format(about=about, case=case))
    if one.replied:
        asked = api.wait(lambda: [m for m in _after(api, last) if case in m.text])
        door.again()
        api.say(ACCOUNT, one.replied, reply_to=asked[-1])
    draft = _heard(api, one.label, last)
    door.again()
    # An update that was never acknowledged comes again: its answer is not the one to die at.
    _settled(api)
    label = next(text for text in draft.buttons if text.startswith(one.label))
    data = draft.buttons[label]
    for method in moment:
        api.at[method] = door.kill
    api.tap(ACCOUNT, draft, data=data)
    until(lambda: not Path(f"/proc/{door.process}").exists(), 120)
    api.at.clear()
    assert one.effects(office, about) == (moment is AFTER), name
    door.start()
    for _ in range(2):
        api.tap(ACCOUNT, draft, data=data)
    _settled(api)
    assert one.effects(office, about) == 1, name


def _last(api: BotApi) -> int:
    return max((sent.message_id for sent in api.to(ACCOUNT)), default=0)


def _after(api: BotApi, last: int) -> list[Sent]:
    return [one for one in api.to(ACCOUNT) if one.message_id > last]


def _settled(api: BotApi) -> None:
    """Everything before was answered, for a chat is answered in turn."""
    last = _last(api)
    api.say(ACCOUNT, "帮助")
    api.wait(lambda: any("可用命令" in one.text for one in _after(api, last)))


def _told_once(office: House, api: BotApi) -> None:
    """Whatever was due to the colleague, who wanted quiet meanwhile, is said once each."""
    assert _due(office) >= MANY
    habits.loud(office.desk, QIAN)
    until(lambda: _due(office) == 0, 120)
    _settled(api)
    said = [one.text for one in api.to(COLLEAGUE)]
    with office.desk.store.read() as tx:
        rows = tx.connection.execute(select(t.notice.c.key).where(t.notice.c.person == QIAN.name))
        told = len(rows.all())
    gathered = [re.match(r"有 (\d+) 项新的提醒", text) for text in said]
    assert sum(int(one[1]) if one else 1 for one in gathered) == told
    assert any(gathered)


def _due(office: House) -> int:
    with office.desk.store.read() as tx:
        rows = tx.notices.pending("telegram", 1000)
    return sum(row.person == QIAN.name for row, _ in rows)


def _all(office: House, moments: dict[str, tuple[str, ...]], first: int = 0) -> None:
    # A notice that comes in between is a call as well, and may be said twice where it dies.
    for person in (BOTH, QIAN):
        habits.mute(office.desk, person, habits.LONGEST)
    api = BotApi()
    with serving(api) as url, mortal("telegram", office.folder, url) as door:
        for turn, (name, moment) in enumerate(moments.items(), first):
            _play(office, api, door, name, moment, turn)
        _told_once(office, api)


def test_kill_9_in_the_midst_of_a_dialogue(office: House) -> None:
    """Between any two steps, and in the deciding one: before its effect, and before its answer."""
    _all(office, SAMPLE)


@pytest.mark.soak
@pytest.mark.parametrize("moment", [BEFORE, AFTER], ids=["before", "after"])
def test_kill_9_in_every_dialogue_at_both_moments(office: House, moment: tuple[str, ...]) -> None:
    _all(office, dict.fromkeys(DIALOGUES, moment))


@pytest.mark.parametrize("channel", ["wecom", "dingtalk"])
def test_kill_9_at_a_door_without_buttons(office: House, channel: str, tmp_path: Path) -> None:
    """A code of before is unknown and said to be; asked again, the case is decided once."""
    office.stock(HENGLAN)
    case_no = office.file(HENGLAN)
    context, authority = certificate(tmp_path)
    peer: WeCom | DingTalk = WeCom() if channel == "wecom" else DingTalk()
    with chatpeer.serving(peer, context if channel == "wecom" else None) as host:
        url = f"wss://{host}/" if channel == "wecom" else f"http://{host}"
        with mortal(channel, office.folder, url, str(authority)) as door:
            code = people.invite(office.desk, OPERATOR, "吴涛", "handler", ("13",))
            assert "绑定成功" in peer.say("wu", f"绑定 {code}")
            prompt = peer.say("wu", f"确认 {case_no}")
            before = len(peer.sockets)
            door.again()
            peer.wait(lambda: len(peer.sockets) > before)
            assert "已失效" in choose(peer, "wu", prompt, "确认 5,000")
            assert office.events(case_no, "confirmed") == 0
            prompt = peer.say("wu", f"确认 {case_no}")
            peer.push(_choice(peer, prompt))
            until(lambda: office.events(case_no, "confirmed") == 1, 120)
            before = len(peer.sockets)
            door.again()
            peer.wait(lambda: len(peer.sockets) > before)
            assert "吴涛" in peer.say("wu", f"确认 {case_no}")
    assert office.events(case_no, "confirmed") == 1


def _choice(peer: WeCom | DingTalk, prompt: str) -> dict[str, object]:
    """The frame that chooses to confirm; nobody waits for its answer."""
    code = next(
        line.split()[1] for line in prompt.splitlines() if "确认 5,000" in line and "回复" in line
    )
    return peer.frame("wu", code)
