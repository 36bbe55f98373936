"""The state diagrams of docs/chat.md against the dialogues: each state's buttons, both ways."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import words
from bot.fake import FakeDoor
from bot.messages import Reply
from casework import decisions, digests
from casework.filing import file_mail
from casework.imports import import_registry
from procedure.readings import Reading
from store.rows import Envelope, Person
from tests.bot.house import HENGLAN, NOW, WANG, House, house
from tests.casework.made import Firm, at, mail, unreadable

DOCS = Path("docs/chat.md").read_text(encoding="utf-8")
DIAGRAMS = [one.partition("```")[0] for one in DOCS.split("```mermaid\n")[1:]]
EDGE = re.compile(r"^ {4}(\S+) --> (\S+?)(?:: (.*))?$", re.MULTILINE)
BUTTON = re.compile("「([^」]*)」")
EDGES = [edge for one in DIAGRAMS for edge in EDGE.findall(one)]
BOTH = Person("周全", "reviewer", ("13", "14"))
OVER, LONE, TWICE = (Firm(n, f"河北第{n}示范钢铁有限公司") for n in (11, 12, 13))
MORE = tuple(Firm(n, f"河北第{n}示范热力有限公司") for n in range(20, 28))
MISREAD = Reading(None, "6,I82", 0.4, page=1, box=(0.1, 0.1, 0.5, 0.2), candidates=("6,182 吨",))
FIELD = re.compile(
    "单位名称|统一社会信用代码|所属省份|应清缴配额总量|申请抵销量|一般持有账户|申请日期|公章|合计"
    "|第N行(项目名称|项目编号|抵销量)"
)


def kind(label: str) -> str:
    """What a button is, whatever case, number or field it is about."""
    label = re.sub(r"CCER-[\d-]+", "CASE", label)
    label = re.sub(r"\d+", "N", re.sub(r"[\d,]+ 吨", "TONNES", label))
    return "FIELD" if FIELD.fullmatch(label) else label


def drawn() -> dict[str, set[str]]:
    """State → kinds of the buttons that lead out of it, in all diagrams."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for state, _target, label in EDGES:
        found[state] |= {kind(one) for one in BUTTON.findall(label) if state != "Idle"}
    return {state: kinds for state, kinds in found.items() if kinds}


class Talk:
    """A person at an office that has something of everything."""

    def __init__(self, office: House, numbers: dict[str, str]) -> None:
        self.office, self.numbers = office, numbers
        self.door = FakeDoor(office.desk, BOTH)

    def say(self, text: str) -> Reply:
        return self.door.say(text.format(**self.numbers))

    def tap(self, *labels: str) -> Reply:
        for label in labels:
            self.door.tap(label)
        return self.door.last

    def overtaken(self, label: str) -> Reply:
        """The form of the case that is looked at comes again; then the tap."""
        self.office.clock.step(minutes=1)
        self.office.file(HENGLAN, 3_000 + self.office.clock.now().minute)
        return self.tap(label)


def _tray(office: House) -> None:
    for number in range(9):
        data = office.reader.lay(unreadable(f"damaged{number}"))
        envelope = Envelope("smtp", f"lost{number}", "w@k.example", ("c@x.example",), at(NOW))
        taken = office.desk.store.take(envelope, b"Subject: ?\r\n\r\n" + data)
        file_mail(office.desk, taken.message_id, mail("w@k.example", data), office.reader)


def _digests(office: House) -> None:
    office.desk = replace(office.desk, province_mailboxes={"13": "hebei@province.example"})
    until = office.clock.to("2021-11-16 18:00")
    nothing = b"\xef\xbb\xbf" + "账户名称,账号,项目编号,数量,操作类型,状态,完成时间\n".encode()
    report = import_registry(office.desk, "cancellations", nothing, "none.csv", until, "运维")
    assert report.ok, report.problems
    digests.make_due(office.desk, until)


def _cases(office: House) -> dict[str, str]:
    twice = office.file(TWICE)
    decisions.confirm(office.desk, WANG, twice, 1)
    office.file(TWICE, 1_000)
    decisions.revoke(office.desk, BOTH, twice, 1, "有误")
    for firm in MORE:
        spare = office.file(firm)
    return {
        "spare": spare,
        "twice": twice,
        "over": office.file(OVER, 6_000),
        "unclear": office.file(LONE, offset_t=MISREAD),
        "plain": office.file(HENGLAN),
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, dict[str, str]]]:
    with house(tmp_path_factory.mktemp("office")) as office:
        office.stock(HENGLAN, OVER, LONE, TWICE, *MORE)
        numbers = _cases(office)
        _tray(office)
        _digests(office)
        yield office, numbers


Way = Callable[[Talk], Reply]
WAYS: dict[str, tuple[Way, ...]] = {
    "WhichOne": (lambda t: t.say("确认 {twice}"), lambda t: t.say("退回 {twice}")),
    "ConfirmShown": (lambda t: t.say("确认 {plain}"),),
    "Blocked": (lambda t: t.say("确认 {over}"), lambda t: t.say("确认 {unclear}")),
    "ReasonAsked": (lambda t: t.say("退回 {over}"),),
    "ReturnDraft": (lambda t: t.say("退回 {plain} 缺公章"),),
    "Refused": (
        lambda t: t.say("确认 {plain}") and t.overtaken("确认"),
        lambda t: t.say("退回 {plain} 缺公章") and t.overtaken("退回"),
        lambda t: t.say("更正 {plain} 申请抵销量 4200") and t.overtaken("更正"),
    ),
    "WhichToCorrect": (lambda t: t.say("更正 {twice}"),),
    "FieldsShown": (lambda t: t.say("更正 {plain}"),),
    "ValueAsked": (lambda t: t.say("更正 {unclear} 申请抵销量"),),
    "CorrectDraft": (lambda t: t.say("更正 {plain} 申请抵销量 4200"),),
    "Corrected": (lambda t: t.say("更正 {spare} 申请抵销量 4200") and t.tap("更正"),),
    "TrayListed": (lambda t: t.say("待处理"), lambda t: t.say("待处理") and t.tap("下一页")),
    "ItemShown": (lambda t: t.say("待处理 9"),),
    "TargetAsked": (lambda t: t.say("归入 9"),),
    "NoteAsked": (lambda t: t.say("不予归入 9"),),
    "AssignDraft": (lambda t: t.say("归入 9 {plain}"),),
    "DismissDraft": (lambda t: t.say("不予归入 9 广告"),),
    "Filed": (lambda t: t.say("归入 1 {spare}") and t.tap("作为申请表归入"),),
    "Listed": (
        lambda t: t.say("待办"),
        lambda t: t.say("待办") and t.tap("下一页"),
        lambda t: t.say("查询 示范"),
    ),
    "Brief": (lambda t: t.say("查询 {plain}"),),
    "Shown": (lambda t: t.say("案件 {plain}"),),
    "Papers": (
        lambda t: t.say("案件 {plain}") and t.tap("第1份原件"),
        lambda t: t.say("案件 {plain}") and t.tap("第1份印章"),
    ),
    "Digests": (lambda t: t.say("汇总"), lambda t: t.say("汇总") and t.tap("下一页")),
    "WhichPreview": (lambda t: t.say("汇总 河北"),),
}
"""State → how a person comes there; its buttons are those of all ways together."""


def test_every_state_with_buttons_is_visited() -> None:
    assert sorted(WAYS) == sorted(drawn())
    assert len(DIAGRAMS) == 9


@pytest.mark.parametrize("state", sorted(WAYS))
def test_a_state_offers_what_its_diagram_says(
    made: tuple[House, dict[str, str]], state: str
) -> None:
    offered: set[str] = set()
    for way in WAYS[state]:
        reply = way(Talk(*made))
        offered |= {kind(button.label) for row in reply.buttons for button in row}
    other = re.compile("预览山西省.*")
    assert {one for one in offered if not other.fullmatch(one)} == drawn()[state]


def test_what_is_typed_in_a_diagram_is_a_command() -> None:
    typed = {
        piece.partition(",")[0].strip()
        for state, _target, label in EDGES
        for piece in label.split(" · ")
        if state in {"Idle", "ConfirmShown", "Stranger"} and re.match("[\u4e00-\u9fff]", piece)
    }
    assert len(typed) > 20
    assert [one for one in typed if words.command(one) is None] == []
