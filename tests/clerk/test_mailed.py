"""Decisions by mail, from the letter to its answer's outcome: parsed, vouched, decided, told."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from casework import decisions, habits, people, tasks, views
from casework.imports import import_registry
from clerk.jobs import attempt
from procedure.errors import Conflict, NotAllowed, WrongUse
from store.rows import Envelope, Person
from store.verify import verify
from tests.bot.house import OPERATOR, registry
from tests.casework.made import Firm, Reader
from tests.clerk.maildesk import HEBEI, MX, OURS, PASS, Desk, opened, unread

SHANXI = "zhao@shanxi.example"
WANG = Person("王敏", "handler", ("13",))
LI = Person("李强", "reviewer", ("13",))
ZHAO = Person("赵岚", "handler", ("14",))
FIRMS = (
    Firm(1),
    Firm(2, "河北岚山发电有限公司", email="office@lanshan.example"),
    Firm(3, "河北清源焦化有限公司", email="office@qingyuan.example"),
)
QUOTE = "\r\n\r\n在 2021-11-03 09:05，受理处 写道：\r\n> 确认 1\r\n> 退回 2\r\n"


Prepared = tuple[Path, str, Reader]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """An installation with staff and one case that waits; its number. Copied for each test."""
    made = opened(tmp_path_factory.mktemp("mailed"))
    for kind, text in registry(FIRMS).items():
        moment, name = made.house.now(), f"{kind}.csv"
        report = import_registry(made.house.desk, kind, text.encode(), name, moment, "运维")
        assert report.ok
    for person, address in ((WANG, HEBEI), (ZHAO, SHANXI)):
        people.invite(made.house.desk, OPERATOR, person.name, person.role, person.provinces)
        people.register_mail(made.house.desk, OPERATOR, person.name, address)
    number = made.file(FIRMS[0])
    made.house.store.close()
    return made.clock.parent, number, made.reader


def copied(prepared: Prepared, folder: Path, **office: object) -> Desk:
    copytree(prepared[0], folder, dirs_exist_ok=True)
    made = opened(folder, **office)
    made.reader, made.sent = prepared[2], 1
    return made


@pytest.fixture
def desk(prepared: Prepared, tmp_path: Path) -> Iterator[Desk]:
    made = copied(prepared, tmp_path)
    yield made
    assert verify(made.house.store) == []
    made.house.store.close()


@pytest.fixture
def one(prepared: Prepared, desk: Desk) -> str:
    """The number of the case that waits and of which 王敏 has a letter."""
    assert len(desk.notify()) == 1
    return prepared[1]


def test_the_letter_tells_what_waits_once_and_to_its_own_province(desk: Desk, one: str) -> None:
    letter, facts = desk.task()
    assert letter.to == (HEBEI,)
    assert [(item.case_no, item.offset_t) for item in facts.items] == [(one, 5_000)]
    with desk.house.store.read() as tx:
        raw = tx.outbox.raw(letter.key)
    assert raw is not None
    message = message_from_bytes(raw, policy=policy.default)
    assert facts.token in str(message["Subject"])
    body = message.get_body(("plain",))
    assert body is not None
    assert "5,000 吨" in body.get_content()
    assert desk.notify() == []


def test_a_confirmation(desk: Desk, one: str) -> None:
    message = desk.answer("确认" + QUOTE)
    assert desk.stage(one) == "confirmed"
    ((to, text),) = desk.told()
    assert to == (HEBEI,)
    assert "已确认" in text
    assert desk.waiting() == []
    history = views.case_view(desk.house.desk, OPERATOR, one).history
    made = next(line for line in history if line.kind == "confirmed")
    assert (made.who, made.message_id) == ("王敏", message)


def test_a_return_with_its_reason(desk: Desk, one: str) -> None:
    desk.answer("退回：未加盖公章，\r\n请补盖。\r\n\r\n王敏\r\n河北省生态环境厅" + QUOTE)
    assert desk.stage(one) == "returned"
    with desk.house.store.read() as tx:
        state = tx.cases.state(one)
    assert state is not None
    assert state.applications[0].returned is not None
    assert state.applications[0].returned.reason == "未加盖公章，\n请补盖。"


def test_what_is_not_beyond_doubt_is_not_done_and_told(desk: Desk, one: str) -> None:
    desk.answer("确认，但请先核实数量" + QUOTE)
    assert desk.stage(one) == "submitted"
    ((to, text),) = desk.told()
    assert to == (HEBEI,)
    assert "先核实数量" in text
    assert desk.waiting() == []


def test_staff_look_by_mail_as_they_do_in_chat(desk: Desk, one: str) -> None:
    """Without any letter of ours; another province's case and a missing one look alike."""
    plain: dict[str, Any] = {"refer": False, "subject": "查询"}
    for said in ("待办", f"您好：\r\n案件 {one}", f"查询 {FIRMS[0].name[2:5]}"):
        desk.answer(said + QUOTE, **plain)
        (to, text) = desk.told()[-1]
        assert to == (HEBEI,)
        assert one in text
        assert FIRMS[0].name in text
    desk.answer(f"案件 {one}", sender=SHANXI, **plain)
    desk.answer("案件 CCER-2019-13-9999", sender=SHANXI, **plain)
    foreign, missing = [text for to, text in desk.told() if to == (SHANXI,)]
    assert foreign == missing
    assert desk.stage(one) == "submitted"
    assert desk.waiting() == []


@pytest.mark.parametrize(
    "said",
    [
        "汇总：上周五的汇总漏了两家企业，请务必更正",
        "案件 {one}\r\n请撤销该企业的申请",
        "案件 {one} 请撤销",
        "待办 都看过了",
    ],
)
def test_what_staff_write_beside_a_look_is_left_to_a_person(
    desk: Desk, one: str, said: str
) -> None:
    desk.answer(said.format(one=one), refer=False, subject="来函")
    assert desk.told() == []
    with desk.house.store.read() as tx:
        assert [item.reason for item in tx.tray.open_items()] == ["unplaced-mail"]


@pytest.mark.parametrize("how", ["no proof", "dmarc fails", "unknown sender", "two authors"])
def test_nobody_looks_without_proof(desk: Desk, one: str, how: str) -> None:
    desk.answer("待办", **{**FORGED[how], "refer": False, "subject": "查询"})
    assert desk.told() == []
    with desk.house.store.read() as tx:
        letters = [tx.outbox.intent(letter.key) for letter in tx.outbox.all()]
    answers = [letter for letter in letters if letter and letter.kind in ("answer", "notice")]
    assert FIRMS[0].name not in str(answers)


def test_a_letter_in_english_is_answered_in_english(desk: Desk) -> None:
    habits.speak(desk.house.desk, WANG, "en")
    assert len(desk.notify()) == 1
    letter, _ = desk.task()
    with desk.house.store.read() as tx:
        raw = tx.outbox.raw(letter.key)
    assert raw is not None
    body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    assert body is not None
    said = body.get_content()
    assert "waiting for the province" in said
    assert "5,000 t" in said
    # Our own letter, quoted below the answer without a mark, is not read.
    desk.answer("confirm\r\n\r\n" + said)
    ((to, text),) = desk.told()
    assert to == (HEBEI,)
    assert "confirmed" in text.lower()


FORGED: dict[str, dict[str, Any]] = {
    "no proof": {"results": ""},
    "dmarc fails": {"results": "dmarc=fail header.from={domain}; dkim=none"},
    "another's signature": {"results": "dmarc=none; dkim=pass header.d=evil.example"},
    "unknown sender": {"sender": "wang@hebei.example.cn"},
    "another person": {"sender": SHANXI},
    "no letter": {"refer": False, "subject": "确认 CCER-2019-13-0001"},
    "no token of ours": {"refer": False, "subject": "〔2222222222222222〕 CCER-2019-13-0001"},
    "two authors": {"author": f"{HEBEI}, boss@hebei.example"},
}  # fmt: skip


@pytest.mark.parametrize("how", FORGED)
def test_without_proof_nothing_is_done_and_nothing_told(desk: Desk, one: str, how: str) -> None:
    desk.answer("确认" + QUOTE, **FORGED[how])
    assert desk.stage(one) == "submitted"
    assert len(desk.waiting()) == 1
    for _, text in desk.told():
        assert "未执行" in text
        assert one not in text
        assert FIRMS[0].name not in text


def test_the_outcome_goes_to_the_registered_address_alone(desk: Desk, one: str) -> None:
    desk.answer("确认" + QUOTE, headers="Reply-To: other@elsewhere.example\r\n")
    assert desk.stage(one) == "confirmed"
    assert [to for to, _ in desk.told()] == [(HEBEI,)]


@pytest.mark.parametrize("how", ["subject", "reference", "recipient"])
def test_the_letter_is_recognised_by_any_of_its_marks(desk: Desk, one: str, how: str) -> None:
    token = desk.task()[1].token
    marks: dict[str, dict[str, Any]] = {
        "subject": {"refer": False},
        "reference": {"subject": "re"},
        "recipient": {"refer": False, "subject": "re", "to": f"clerk+{token}@office.example"},
    }
    desk.answer("确认" + QUOTE, **marks[how])
    assert desk.stage(one) == "confirmed"


def test_an_old_letter_never_acts_on_a_changed_case(desk: Desk, one: str) -> None:
    desk.file(FIRMS[0], 4_000)
    desk.answer("确认" + QUOTE)
    assert desk.stage(one) == "submitted"
    ((_, text),) = desk.told()
    assert "变化" in text or "第 2 版" in text


def test_who_may_not_confirm_is_told_what_else_there_is(desk: Desk, one: str) -> None:
    decisions.correct(desk.house.desk, LI, one, 1, "seal", "无")
    desk.answer("确认" + QUOTE)
    assert "案件现况将另函通知" in desk.told()[-1][1]
    desk.at("2021-11-03T11:30")
    desk.notify()
    desk.answer("确认" + QUOTE)
    assert desk.stage(one) == "submitted"
    assert "未见单位公章" in desk.told()[-1][1]
    assert "可回复“退回”加原因" in desk.told()[-1][1]


def test_the_same_mail_again_decides_once_and_is_answered_once(desk: Desk, one: str) -> None:
    desk.answer("确认" + QUOTE)
    with desk.house.store.read() as tx:
        before = tx.cases.last_seq()
    for _ in range(2):
        # By another way: the same words under the same Message-ID, then under a new one.
        desk.answer("确认" + QUOTE)
    with desk.house.store.read() as tx:
        assert tx.cases.last_seq() == before
    assert desk.events(one, "confirmed") == 1
    said = [text for _, text in desk.told()]
    # All of one moment: their order is that of their keys.
    assert sorted("已确认" in text for text in said) == [False, False, True]
    assert sum("已由 王敏" in text for text in said) == 2


def test_a_worker_that_died_between_decision_and_answer_does_it_once(
    desk: Desk, one: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter, facts = desk.task()
    raw = (
        f"Authentication-Results: {MX}; {PASS.format(domain='hebei.example')}\r\nFrom: {HEBEI}\r\n"
        f"To: {OURS}\r\nSubject: re\r\nMessage-ID: <x@hebei.example>\r\n"
        f"In-Reply-To: {letter.rfc_message_id}\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n确认\r\n"
    ).encode()
    envelope = Envelope("smtp", "dies", HEBEI, (OURS,), desk.house.now())
    taken = desk.house.store.take(envelope, raw)

    def dies(*_args: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("clerk.jobs.file_mail", dies)
        with pytest.raises(SystemExit):
            attempt(desk.house, unread, taken.message_id)
    assert desk.stage(one) == "confirmed"
    assert desk.told() == []
    attempt(desk.house, unread, taken.message_id)
    assert desk.events(one, "confirmed") == 1
    ((_, text),) = desk.told()
    assert "已确认" in text
    assert facts.person == "王敏"


def test_several_decisions_in_one_mail(desk: Desk, prepared: Prepared) -> None:
    numbers = [prepared[1], *(desk.file(firm) for firm in FIRMS[1:])]
    desk.notify()
    places = {item.case_no: n for n, item in enumerate(desk.task()[1].items, 1)}
    first, third = places[numbers[0]], places[numbers[2]]
    decisions.confirm(desk.house.desk, LI, numbers[2], 1)
    desk.answer(f"确认 {first}、第{third}项\r\n退回 {numbers[1]} 盖章不清{QUOTE}")
    assert [desk.stage(number) for number in numbers] == ["confirmed", "returned", "confirmed"]
    ((_, text),) = desk.told()
    assert "已由 李强" in text
    assert text.count("\n") == 2


def test_a_person_revoked_since_decides_nothing(desk: Desk, one: str) -> None:
    desk.task()
    people.revoke(desk.house.desk, OPERATOR, "王敏")
    desk.answer("确认" + QUOTE)
    assert desk.stage(one) == "submitted"
    assert len(desk.waiting()) == 1


def test_a_door_that_is_shut_takes_no_decision(prepared: Prepared, tmp_path: Path) -> None:
    desk = copied(prepared, tmp_path, decide_by=("cli", "chat"))
    desk.notify()
    desk.answer("确认" + QUOTE)
    assert desk.stage(prepared[1]) == "submitted"
    assert "不接受" in desk.told()[0][1]
    desk.house.store.close()


def test_two_people_decide_by_mail(prepared: Prepared, tmp_path: Path) -> None:
    desk = copied(prepared, tmp_path, two_person=("confirm",), reply_tokens=True)
    desk.notify()
    letter, facts = desk.task()
    with desk.house.store.read() as tx:
        intent = tx.outbox.intent(letter.key)
    assert intent is not None
    assert intent.reply_to == f"clerk+{facts.token}@office.example"
    people.invite(desk.house.desk, OPERATOR, "李强", "reviewer", ("13",))
    people.register_mail(desk.house.desk, OPERATOR, "李强", "li@hebei.example")
    desk.answer("确认" + QUOTE)
    assert desk.stage(prepared[1]) == "submitted"
    desk.at("2021-11-03T09:30")
    desk.notify()
    assert desk.task()[0].to == ("li@hebei.example",)
    assert "王敏" in desk.task()[1].items[0].proposed
    desk.answer("确认" + QUOTE, sender="li@hebei.example")
    assert desk.stage(prepared[1]) == "confirmed"
    desk.house.store.close()


def test_notices_soon_after_a_letter_are_gathered_and_quiet_hours_kept(
    desk: Desk, one: str
) -> None:
    number = desk.file(FIRMS[1])
    assert desk.notify() == []
    desk.at("2021-11-03T09:11")
    assert len(desk.notify()) == 1
    assert {item.case_no for item in desk.task()[1].items} == {number}
    habits.mute(desk.house.desk, WANG, tasks.GATHER * 6)
    desk.file(FIRMS[2])
    desk.at("2021-11-03T09:40")
    assert desk.notify() == []
    desk.at("2021-11-03T10:20")
    assert len(desk.notify()) == 1
    assert one


def test_an_address_is_one_persons(desk: Desk) -> None:
    with pytest.raises(Conflict):
        people.register_mail(desk.house.desk, OPERATOR, "赵岚", HEBEI.upper())
    with pytest.raises(NotAllowed):
        people.register_mail(desk.house.desk, LI, "王敏", "x@hebei.example")
    for bad in ("nobody", "a b@x.example", OURS, f"{'x' * 80}@x.example"):
        with pytest.raises(WrongUse):
            people.register_mail(desk.house.desk, OPERATOR, "王敏", bad)
    people.forget_mail(desk.house.desk, OPERATOR, "王敏", HEBEI)
    assert people.of_channel(desk.house.desk, "mail", HEBEI) is None
