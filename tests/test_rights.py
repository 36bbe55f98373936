"""Rights, by table: every command × role × own or other province × stage, every button tampered
with, and the command line. 0 leaks, 0 wrong actions.

What a role may do stands here in full and is not asked of the code. A leak is a foreign case's
name, code, account or amount in an answer, a file or a button; a wrong action is an event, a closed
item or a letter that nobody with the right asked for.
"""

import itertools
import random
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import pytest
from click.testing import CliRunner

from bot import bymail
from bot import references as ref
from bot.fake import FakeDoor as Talk
from bot.messages import Reply
from bot.references import Reference
from casework import decisions, people, tray, views
from casework.filing import file_mail
from clerk.cli import cli
from procedure.facts import TaskItem
from procedure.readings import Reading
from procedure.sender import Authentication
from store.rows import Envelope, MailFacts, Person
from tests.bot.house import NOW, OPERATOR, House, house
from tests.casework.made import Firm, mail, unreadable

STAGES = ("unclear", "submitted", "returned", "confirmed", "withdrawn")
NAMES = {
    "13": ("冀北曙光", "冀中远航", "冀东长风", "冀南晨星", "冀西云岭"),
    "14": ("晋北恒远", "晋中鼎新", "晋东启明", "晋南汇川", "晋西昆吾"),
}
FULL = {"13": "河北省", "14": "山西省"}
STAFF = {
    "handler 13": Person("甲经办", "handler", ("13",)),
    "reviewer 13": Person("甲复核", "reviewer", ("13",)),
    "handler 14": Person("乙经办", "handler", ("14",)),
    "reviewer 14": Person("乙复核", "reviewer", ("14",)),
    "handler of both": Person("丙经办", "handler", ("13", "14")),
    "handler of none": Person("丁经办", "handler", ()),
    "ncsc": Person("戊国家", "ncsc"),
    "ncsc of 13": Person("己国家", "ncsc", ("13",)),
    "crc": Person("庚登记", "crc"),
    "operator": Person("辛管理", "operator"),
    "auditor": Person("壬审计", "auditor"),
    "auditor of 14": Person("癸审计", "auditor", ("14",)),
    "revoked": Person("子经办", "handler", ("13",), revoked=True),
}
SEES = {
    "handler 13": {"13"}, "reviewer 13": {"13"}, "handler 14": {"14"}, "reviewer 14": {"14"},
    "handler of both": {"13", "14"}, "handler of none": set(), "ncsc": {"13", "14"},
    "ncsc of 13": {"13"}, "crc": {"13", "14"}, "operator": {"13", "14"},
    "auditor": {"13", "14"}, "auditor of 14": {"14"}, "revoked": set(),
}  # fmt: skip
DECIDES = {
    "handler 13": {"13"}, "reviewer 13": {"13"}, "handler 14": {"14"}, "reviewer 14": {"14"},
    "handler of both": {"13", "14"},
}  # fmt: skip
REVOKES = {"reviewer 13": {"13"}, "reviewer 14": {"14"}}
TRAY = {"handler of both", "operator"}
"""The tray is for who serves all provinces of it."""
TRAY_13 = TRAY | {"handler 13", "reviewer 13"}
"""But what is certainly of one province is its staff's, too."""
Case = tuple[str, str]
"""Province, stage."""
CASES = list(itertools.product(NAMES, STAGES))


Row = TypeVar("Row")
SHARES = pytest.mark.parametrize(
    "share", [pytest.param(12, id="sample"), pytest.param(1, id="whole", marks=pytest.mark.soak)]
)
"""The whole tables are `make soak PART=rights`."""


def some(rows: Iterable[Row], share: int, who: str) -> list[Row]:
    """One row in ``share``, by a seed of its own for each person; all of them for 1."""
    table = list(rows)
    chance = random.Random(f"{who} {len(table)}")
    return table if share == 1 else chance.sample(table, max(len(table) // share, 1))


def firm(case: Case) -> Firm:
    province, stage = case
    index = STAGES.index(stage)
    number = 10 * int(province) + index
    name = f"{NAMES[province][index]}热电有限公司"
    return Firm(number, name, province, FULL[province], 300_000 + number, f"a{number}@x.example")


def offset(case: Case) -> int:
    return 7_000 + firm(case).number


class Office:
    """Cases in every stage in two provinces, an item in the tray, and all the staff."""

    def __init__(self, made: House) -> None:
        self.house, self.desk = made, made.desk
        made.stock(*map(firm, CASES))
        self.numbers = {case: self._case(case) for case in CASES}
        self.item = self._lost("b@x.example", "机密来件9931", None)
        own = firm(("13", "submitted")).email
        self.own = self._lost(own, "自家来件7713", Authentication(source="login"))
        for person in STAFF.values():
            with self.desk.store.write() as tx:
                tx.people.invite(person, f"hash of {person.name}", made.clock.now())
                if person.revoked:
                    tx.people.revoke(person.name)

    def _case(self, case: Case) -> str:
        fields = {"offset_t": Reading(None, "7?", 0.3)} if case[1] == "unclear" else {}
        number = self.house.file(firm(case), offset(case), **fields)
        by = Person("备案", "reviewer", tuple(NAMES))
        if case[1] == "returned":
            decisions.return_(self.desk, by, number, 1, f"缺公章{offset(case)}")
        if case[1] == "confirmed":
            decisions.confirm(self.desk, by, number, 1)
        if case[1] == "withdrawn":
            decisions.withdraw(self.desk, by, number, 1)
        return number

    def _lost(self, sender: str, subject: str, by: Authentication | None) -> str:
        data = self.house.reader.lay(unreadable(subject))
        envelope = Envelope("smtp", subject, sender, ("c@x.example",), self.desk.now())
        taken = self.desk.store.take(envelope, b"Subject: ?\r\n\r\n" + data)
        facts = MailFacts("application", from_addr=sender, subject=subject, authentication=by)
        with self.desk.store.write() as tx:
            tx.messages.describe(taken.message_id, facts)
        incoming = mail(sender, data, subject=subject)
        file_mail(self.desk, taken.message_id, incoming, self.house.reader)
        return tray.listed(self.desk, OPERATOR)[-1].item

    def done(self) -> tuple[int, int, int]:
        """What any action would change: events, open items, letters."""
        with self.desk.store.read() as tx:
            letters = sum(len(tx.outbox.letters(n)) for n in self.numbers.values())
            return tx.cases.last_seq(), len(tx.tray.open_items()), letters

    def seq(self, case: Case) -> int:
        return views.case_view(self.desk, OPERATOR, self.numbers[case]).last_seq

    def secrets(self, case: Case) -> list[str]:
        one = firm(case)
        amount = offset(case)
        return [one.name, NAMES[case[0]][STAGES.index(case[1])], one.uscc, one.account,
                f"{amount:,}", str(amount), f"{one.obligation:,}"]  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with house(tmp_path_factory.mktemp("rights")) as made:
        yield Office(made)


def said(reply: Reply) -> str:
    """All that an answer gives away."""
    buttons = " ".join(f"{b.label} {b.reference}" for row in reply.buttons for b in row)
    files = " ".join(f"{f.name} {f.data!r}" for f in reply.files)
    return f"{reply.text} {buttons} {files}"


def leaked(office: Office, who: str, text: str, typed: str = "") -> list[str]:
    """Secrets of cases that the person may not see; what the person typed is no secret."""
    return [
        secret
        for case in CASES
        if case[0] not in SEES[who]
        for secret in (*office.secrets(case), office.numbers[case])
        if secret in text and secret not in typed
    ]


COMMANDS = (
    "查询 {no}", "/status {name}", "查找 {short}", "/find {uscc}", "/status {account}", "{no}",
    "{uscc}", "/case {no}", "详情 {no}/1", "/confirm {no}", "确认 {no}", "/return {no}",
    "退回 {no} 缺章", "/correct {no}", "更正 {no} 申请抵销量", "更正 {no} 申请抵销量 4200",
    "归入 {item} {no}", "不予归入 {item} 无关", "/tray", "待处理 {item}", "/todo", "/digest",
    "汇总 {province}", "/stats", "/deadline", "/help", "/cancel", "/mute",
)  # fmt: skip
"""None of these acts: they look, or ask before they act."""


def typed(office: Office, case: Case, command: str) -> str:
    one = firm(case)
    return command.format(
        no=office.numbers[case], name=one.name, short=one.name[:3], uscc=one.uscc,
        account=one.account, item=office.item, province=FULL[case[0]],
    )  # fmt: skip


@SHARES
@pytest.mark.parametrize("who", STAFF)
def test_no_command_tells_or_does_what_is_not_the_persons(
    office: Office, who: str, share: int
) -> None:
    talk = Talk(office.desk, STAFF[who])
    before = office.done()
    for case, command in some(itertools.product(CASES, COMMANDS), share, who):
        text = typed(office, case, command)
        answer = said(talk.say(text))
        assert leaked(office, who, answer, text) == [], (who, text)
        assert who in TRAY or "机密来件" not in answer, (who, text)
    assert office.done() == before


@pytest.mark.parametrize("who", STAFF)
def test_an_item_that_is_certainly_a_province_s_is_for_its_staff(office: Office, who: str) -> None:
    talk, item = Talk(office.desk, STAFF[who]), office.own
    before = office.done()
    looks = (
        "/tray",
        f"待处理 {item}",
        f"不予归入 {item} 无关",
        f"归入 {item} {office.numbers['13', 'submitted']}",
    )
    told = [said(talk.say(text)) for text in looks]
    assert {"自家来件7713" in one for one in told} == {who in TRAY_13}
    draft = f"x\n处理说明：\n没有\n〔待处理 第{item}项 不予归入〕"
    if who not in TRAY_13:
        talk.last = Reply(draft)
        talk.send(str(Reference(ref.DISMISS, seq=int(item))))
    assert office.done() == before


@pytest.mark.parametrize("who", STAFF)
def test_who_may_see_a_case_sees_it(office: Office, who: str) -> None:
    talk = Talk(office.desk, STAFF[who])
    for case in CASES:
        shown = said(talk.say(f"/case {office.numbers[case]}"))
        assert (firm(case).name in shown) is (case[0] in SEES[who]), (who, case)


@pytest.mark.parametrize("who", STAFF)
def test_confirm_with_yes_acts_for_nobody_without_the_right(office: Office, who: str) -> None:
    talk = Talk(office.desk, STAFF[who])
    before = office.done()
    for case in CASES:
        may = case[0] in DECIDES.get(who, set()) and case[1] == "submitted"
        if not may:
            text = f"确认 {office.numbers[case]} 是"
            assert leaked(office, who, said(talk.say(text)), text) == []
    assert office.done() == before


DRAFTS = {ref.RETURN, ref.CORRECT, ref.ASSIGN, ref.DISMISS}


def drafts(office: Office, case: Case) -> list[str]:
    """Texts as our own messages have them: the worst that a forger could have a door vouch for."""
    no, seq = office.numbers[case], office.seq(case)
    return [
        f"x\n退回原因：\n没有\n〔退回 {no} 第1份 第1版 #{seq}〕",
        f"x\n更正为：\n4200\n〔更正 {no} 第1份 第1版 #{seq} 栏4〕",
        f"x\n归入案件或单位：\n{no}\n〔待处理 第{office.item}项 归入〕",
        f"x\n处理说明：\n没有\n〔待处理 第{office.item}项 不予归入〕",
    ]


def tampered(office: Office, case: Case) -> Iterator[str]:
    """Every verb about this case, as we write it and altered in each part."""
    no, seq, item = office.numbers[case], office.seq(case), int(office.item)
    for verb in sorted(ref.VERBS):
        for application, version, pick in ((1, 1, 4), (1, 1, -1), (1, 2, 0), (2, 1, 0), (0, 0, -2)):
            for seen in (seq, seq - 1, seq + 50, item):
                yield str(Reference(verb, no, application, version, max(seen, 0), pick))
        yield str(Reference(verb, no, 1, 1, seq, 4, 0))
        yield str(Reference(verb, seq=item, application=int(case[0]), pick=0))


def allowed(who: str, case: Case, data: str) -> bool:
    """Whether this very tap may change something: what we wrote ourselves, by whom it is for."""
    verb = data[0]
    if verb in {ref.ASSIGN, ref.DISMISS}:
        return who in TRAY
    return verb in {ref.CONFIRM, ref.RETURN, ref.CORRECT} and case[0] in DECIDES.get(who, set())


@SHARES
@pytest.mark.parametrize("who", STAFF)
def test_no_tampered_button_tells_or_does_what_is_not_the_persons(
    office: Office, who: str, share: int
) -> None:
    talk = Talk(office.desk, STAFF[who])
    before = office.done()
    for case in CASES:
        quoted = drafts(office, case)
        table = itertools.product(tampered(office, case), quoted)
        for data, draft in some(table, share, f"{who} {case}"):
            # Only a tap on a draft looks at the message that bears the button.
            worth = data[0] in DRAFTS or draft is quoted[0]
            if worth and not allowed(who, case, data):
                talk.last = Reply(draft)
                answer = said(talk.send(data))
                assert leaked(office, who, answer, data + draft) == [], (who, data)
    assert office.done() == before


@pytest.mark.parametrize("who", DECIDES)
def test_an_altered_button_of_who_may_decide_changes_nothing(office: Office, who: str) -> None:
    """Another version, another moment, an application that is not there: refused."""
    talk = Talk(office.desk, STAFF[who])
    before = office.done()
    for case in CASES:
        no, seq = office.numbers[case], office.seq(case)
        for verb, draft in itertools.product("CRK", drafts(office, case)[:2]):
            for altered in ((1, 2, seq), (2, 1, seq), (1, 1, seq - 1), (0, 0, 0), (9, 9, 999)):
                talk.last = Reply(draft)
                talk.send(str(Reference(verb, no, *altered, 4)))
    assert office.done() == before


NO_BUTTONS = (
    "", ":", "C", "C:" * 30, "Z:CCER-2019-13-0001:1:1:1:", "C:;--", "C:CCER-2019-13-0001:-1:1:1:",
    "С:CCER-2019-13-0001:1:1:1:", "C:ccer-2019-13-0001:1:1:1:", "A::::99999999999999:0",
)  # fmt: skip


@pytest.mark.parametrize("data", NO_BUTTONS)
def test_what_we_never_wrote_is_no_button(office: Office, data: str) -> None:
    before = office.done()
    reply = Talk(office.desk, STAFF["handler 13"]).send(data)
    assert "按钮已失效" in reply.text or data == ""
    assert office.done() == before


@SHARES
@pytest.mark.parametrize("who", STAFF)
def test_a_group_hears_numbers_and_stages_only(office: Office, who: str, share: int) -> None:
    talk = Talk(office.desk, STAFF[who], chat="group")
    before = office.done()
    for case, command in some(itertools.product(CASES, COMMANDS), share, who):
        text = typed(office, case, command)
        answer = said(talk.say(text))
        named = [s for one in CASES for s in office.secrets(one) if s in answer and s not in text]
        assert named == [], (who, text)
        assert leaked(office, who, answer, text) == []
        talk.send(str(Reference(ref.CONFIRM, office.numbers[case], 1, 1, office.seq(case))))
    assert office.done() == before


@SHARES
def test_a_stranger_hears_how_to_bind_and_nothing_else(office: Office, share: int) -> None:
    talk = Talk(office.desk, None)
    for case, command in some(itertools.product(CASES, COMMANDS), share, "stranger"):
        text = typed(office, case, command)
        assert "尚未绑定" in talk.say(text).text
    for data in tampered(office, CASES[1]):
        assert "尚未绑定" in talk.send(data).text


MAILED = ("确认", "退回 缺章", "同意 1", "确认 {no}")


@SHARES
@pytest.mark.parametrize("who", STAFF)
def test_mailed_commands_have_the_same_rights(office: Office, who: str, share: int) -> None:
    """Who holds a letter, however it came to them, does by it what they might do without."""
    before = office.done()
    for case, words in some(itertools.product(CASES, MAILED), share, who):
        if case[0] in DECIDES.get(who, ()):
            continue
        no, name = office.numbers[case], firm(case).name
        item = TaskItem(no, 1, 1, office.seq(case), name, "", office.desk.now(), offset(case))
        said = " ".join(bymail.act(office.desk, STAFF[who], [item], words.format(no=no), "m"))
        assert "权限" in said, (who, words)
        assert [one for one in office.secrets(case) if one in said] == []
    assert office.done() == before


LOOKS = ("待办", "案件 {no}", "查询 {name}", "{no}", "汇总", "统计", "待处理")


@SHARES
@pytest.mark.parametrize("who", STAFF)
def test_looking_by_mail_has_the_same_rights(office: Office, who: str, share: int) -> None:
    before = office.done()
    for case, words in some(itertools.product(CASES, LOOKS), share, who):
        text = words.format(no=office.numbers[case], name=firm(case).name)
        said = " ".join(bymail.look(office.desk, STAFF[who], text))
        for other in CASES:
            if other[0] not in SEES[who]:
                typed = [one for one in office.secrets(other) if one in text]
                leaked = [one for one in office.secrets(other) if one in said]
                assert set(leaked) <= set(typed), (who, text)
    assert office.done() == before


@pytest.mark.parametrize("who", DECIDES)
def test_an_altered_letter_of_who_may_decide_changes_nothing(office: Office, who: str) -> None:
    """Another version, another moment, an application that is not there."""
    before = office.done()
    for case in CASES:
        no, seq = office.numbers[case], office.seq(case)
        for application, version, seen in ((1, 2, seq), (2, 1, seq), (1, 1, seq - 1), (9, 9, 1)):
            item = TaskItem(no, application, version, seen, "", "", office.desk.now())
            for words in ("确认", "退回 缺章"):
                assert bymail.act(office.desk, STAFF[who], [item], words, "m2")
    assert office.done() == before


LINES: tuple[tuple[str, str, Mapping[str, Collection[str]]], ...] = (
    ("confirm", "case confirm {no} --as {who}", DECIDES),
    ("return", "case return {no} --reason 缺章 --as {who}", DECIDES),
    ("correct", "case correct {no} offset_t 4200 --as {who}", DECIDES),
    ("withdraw", "case withdraw {no} --as {who}", DECIDES),
    ("revoke", "case revoke {no} --reason 有误 --as {who}", REVOKES),
    ("reassign", "case reassign {no} --as {who}", DECIDES),
    ("accept-proof", "case accept-proof {no} 1 --as {who}", DECIDES),
    ("assign", "tray assign {item} {no} --what application --as {who}", dict.fromkeys(TRAY, NAMES)),
    ("dismiss", "tray dismiss {item} --note 无关 --as {who}", dict.fromkeys(TRAY, NAMES)),
)


@SHARES
@pytest.mark.parametrize("who", STAFF)
def test_the_command_line_has_the_same_rights(
    office: Office, who: str, share: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    clock.write_text(f"{NOW}:00+08:00".replace(" ", "T"), encoding="utf-8")
    monkeypatch.setenv("CLERK_DATA__DIRECTORY", str(office.house.folder))
    monkeypatch.setenv("CLERK_OFFICE__PROVINCES", "13,14")
    monkeypatch.setenv("CLERK_CLOCK__FILE", str(clock))
    before = office.done()
    for case, (_, line, rights) in some(itertools.product(CASES, LINES), share, who):
        if case[0] in rights.get(who, ()):
            continue
        no, name = office.numbers[case], STAFF[who].name
        words = line.format(no=no, item=office.item, who=name).split()
        ran = CliRunner().invoke(cli, words)
        assert ran.exit_code != 0, (who, line)
        assert leaked(office, who, ran.output, " ".join(words)) == []
    assert office.done() == before


@pytest.mark.parametrize("who", DECIDES)
@pytest.mark.parametrize("action", ["confirm", "return", "correct"])
def test_who_has_the_right_acts_in_the_own_province(tmp_path: Path, who: str, action: str) -> None:
    """The other side of the table: nothing is refused to who may."""
    with house(tmp_path) as made:
        province = sorted(DECIDES[who])[0]
        one = firm((province, "submitted"))
        made.stock(one)
        no = made.file(one, 7_000)
        talk = Talk(made.desk, STAFF[who])
        said_first = {"confirm": f"确认 {no}", "return": f"退回 {no} 缺章",
                      "correct": f"更正 {no} 申请抵销量 4200"}[action]  # fmt: skip
        talk.say(said_first)
        talk.tap({"confirm": "确认", "return": "退回", "correct": "更正"}[action])
        kinds = {"confirm": "confirmed", "return": "returned", "correct": "field-corrected"}
        assert made.events(no, kinds[action]) == 1


def test_only_the_operator_manages_people(office: Office) -> None:
    for who, person in STAFF.items():
        if who == "operator":
            assert people.listed(office.desk, person)
            continue
        for call in (people.listed, people.invitations):
            with pytest.raises(Exception, match="may not people"):
                call(office.desk, person)
        with pytest.raises(Exception, match="may not people"):
            people.invite(office.desk, person, "新人", "operator")
