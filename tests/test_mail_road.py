"""Whom the clerk answers, and with what; mails made to hurt. SMTP in, what arrives at the sink."""

import base64
import io
import json
import smtplib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import pyzipper

from clerk.demo import data, mails, papers
from clerk.demo.mime import Draft, Enclosure, write
from tests.house import RunningHouse, until
from tests.mailer.torture import bombs
from tests.mailer.torture.build import Case, mail
from tests.sink import Sink
from tests.test_bad_input import answers, plain

OWN = data.OWN_ADDRESS
STRANGER = "stranger@163.example"


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    opened = Sink()
    opened.start()
    yield opened
    opened.stop()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, sink: Sink) -> Iterator[RunningHouse]:
    opened = RunningHouse(tmp_path_factory.mktemp("road"), sink, "2021-10-27T09:00:00+08:00")
    opened.run("init")
    opened.start()
    yield opened
    opened.stop()


@pytest.fixture(scope="module")
def filed(house: RunningHouse, sink: Sink) -> mails.DemoMail:
    """An application that was taken and answered."""
    application = mails.applications(data.world())[0]
    house.send(application.raw, application.sender)
    until(lambda: len(answers(sink, application.sender)) == 1, 120)
    return application


def case_of(house: RunningHouse) -> dict[str, str]:
    """The case that `filed` made, which is the first one."""
    found: dict[str, str] = json.loads(house.run("case", "list", "--json").splitlines()[0])
    return found


def draft(sender: str, key: str, subject: str, text: str, *files: Enclosure,
          headers: tuple[str, ...] = ()) -> Draft:  # fmt: skip
    message_id = f"{key}.20211027@{sender.partition('@')[2]}"
    when = data.at(9, 5)
    return Draft("163", sender, "李示例", OWN, subject, text, when, message_id, files, headers)


def asked(house: RunningHouse, sink: Sink, sender: str, one: Draft) -> str:
    """The text of the answer that ``sender`` gets to a mail."""
    before = len(answers(sink, sender))
    house.send(write(one), sender)
    until(lambda: len(answers(sink, sender)) == before + 1)
    letter = answers(sink, sender)[-1]
    assert str(letter["In-Reply-To"]) == f"<{one.message_id}>"
    return plain(letter)


def test_a_question_is_answered_with_the_case_to_its_own_address_alone(
    house: RunningHouse, sink: Sink, filed: mails.DemoMail
) -> None:
    case = case_of(house)
    number, name = case["case_no"], case["entity_name"]
    words = f"请问 {number} 的进度如何？"
    own = asked(house, sink, filed.sender, draft(filed.sender, "ask", "查询进度", words))
    assert number in own
    assert name in own
    for key, subject in (("other", "查询进度"), ("named", f"{number} 查询")):
        told = asked(house, sink, STRANGER, draft(STRANGER, key, subject, words))
        assert name not in told
        assert data.world().entities[0].emails[0] not in told


def test_who_asks_in_another_name_hears_nothing_of_the_case(
    house: RunningHouse, sink: Sink, filed: mails.DemoMail
) -> None:
    case = case_of(house)
    forged = draft(filed.sender, "forged", "查询进度", f"请问 {case['case_no']} 的进度？",
                   headers=(f"Reply-To: <{STRANGER}>",))  # fmt: skip
    before = len(answers(sink, STRANGER))
    house.send(write(forged), STRANGER)
    until(lambda: len(answers(sink, STRANGER)) == before + 1)
    told = plain(answers(sink, STRANGER)[-1])
    assert case["entity_name"] not in told
    assert "已受理" not in told


def test_a_link_in_place_of_a_file_is_answered_with_what_to_do(
    house: RunningHouse, sink: Sink
) -> None:
    words = "附件较大，以超大附件发送：https://mail.qq.com/cgi-bin/ftnExs_download?k=1 申请表.pdf"
    sender = "link@qq.example"
    told = asked(house, sink, sender, draft(sender, "link", "CCER抵销配额清缴申请表", words))
    assert "请直接以附件发送文件" in told


def test_a_locked_archive_is_opened_with_the_password_that_the_mail_tells(
    house: RunningHouse, sink: Sink
) -> None:
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(b"ccer2021")
        archive.writestr("申请表.docx", papers.form(data.world(), 2, "docx").data)
    sender = data.world().entities[2].emails[0]
    file = Enclosure("申请材料.zip", "application/zip", out.getvalue())
    words = "您好，申请表见附件，解压密码：ccer2021"
    told = asked(house, sink, sender, draft(sender, "zip", "CCER抵销申请表", words, file))
    assert data.world().entities[2].name in told
    assert "设有密码" not in told


def _silent_ones() -> dict[str, tuple[str, Draft]]:
    """Envelope sender and mail of those that nobody may answer."""
    about = "CCER抵销配额清缴申请表 查询进度？"
    one = draft("silent@163.example", "s", about, "请问进度？")
    return {
        "automatic": (one.sender, replace(one, headers=("Auto-Submitted: auto-replied",))),
        "list": (one.sender, replace(one, headers=("List-Id: <a.lists.example>",))),
        "nobody": ("", one),
        "ourselves": (OWN, replace(one, sender=OWN)),
        "no-reply": ("no-reply@163.example", replace(one, sender="no-reply@163.example")),
        "daemon": ("postmaster@163.example", replace(one, sender="postmaster@163.example",
                                                     subject="系统退信")),
    }  # fmt: skip


def test_machines_and_ourselves_are_never_answered(house: RunningHouse, sink: Sink) -> None:
    before = len(sink.raw)
    ones = _silent_ones()
    for key, (sender, one) in ones.items():
        raw = write(replace(one, message_id=f"{key}.silent@163.example"))
        with smtplib.SMTP("127.0.0.1", house.port, timeout=30) as smtp:
            smtp.sendmail(sender, [OWN], raw)
    # The last one is answered: all before it were worked on.
    last = "last@163.example"
    asked(house, sink, last, draft(last, "last", "查询", "请问怎么办理？"))
    assert len(sink.raw) == before + 1


HURTFUL = ("10,000 parts", "1,000 levels", "a zip of 300 MB zeros", "20,000 encoded-words")


def _climbing() -> Case:
    """Names of an archive that would leave the folder."""
    out = io.BytesIO()
    with pyzipper.ZipFile(out, "w") as archive:
        archive.writestr("../../../../tmp/ccer-climbed.docx", b"not a document")
    part = (
        b'Content-Type: application/zip; name="../../../a.zip"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(out.getvalue())
    )
    return Case("bomb: climbing names", mail(parts=(part,)))


def hurt(house: RunningHouse) -> dict[str, dict[str, str]]:
    """The tray's items of hurtful mails, by their message."""
    lines = [json.loads(line) for line in house.run("tray", "list", "--json").splitlines()]
    firm = [line for line in lines if line["from_addr"].endswith("@firm.example")]
    return {line["message_id"]: line for line in firm}


@pytest.mark.timeout(300)
def test_bombs_end_in_the_tray_and_harm_no_other_mail(house: RunningHouse, sink: Sink) -> None:
    wanted = {f"bomb: {name}" for name in HURTFUL}
    hurtful = [one for one in bombs.cases() if one.name in wanted] + [_climbing()]
    assert len(hurtful) == len(HURTFUL) + 1
    for number, case in enumerate(hurtful):
        house.send(case.raw, f"bomb{number}@firm.example")
    sender = "after@163.example"
    house.send(write(draft(sender, "after", "查询", "请问怎么办理？")), sender)
    until(lambda: len(answers(sink, sender)) == 1, 200)
    # A person sees each of them, with the words of what is wrong or the file that is no form.
    until(lambda: len(hurt(house)) == len(hurtful), 100)
    assert all(line["text"] for line in hurt(house).values())
    assert json.loads(house.run("verify", "--json"))["problems"] == []
    assert not Path("/tmp/ccer-climbed.docx").exists()


def test_a_decision_by_mail_is_laid_before_a_person_and_changes_nothing(
    house: RunningHouse, sink: Sink, filed: mails.DemoMail
) -> None:
    cases = house.run("case", "list", "--json")
    sender = "somebody@province.example"
    number = json.loads(cases.splitlines()[0])["case_no"]
    one = draft(sender, "decide", f"Re: {number}", "确认\n\n> 原文")
    house.send(write(one), sender)

    def items() -> list[dict[str, str]]:
        lines = [json.loads(line) for line in house.run("tray", "list", "--json").splitlines()]
        return [line for line in lines if line["reason"] == "mailed-command"]

    until(lambda: [line["from_addr"] for line in items()] == [sender])
    assert "未执行" in items()[0]["text"]
    assert house.run("case", "list", "--json") == cases
    # The sender hears that nothing was done, and nothing of any case.
    until(lambda: len(answers(sink, sender)) == 1)
    told = plain(answers(sink, sender)[0])
    assert "未执行" in told
    assert number not in told


def test_words_that_no_rule_knows_are_read_by_a_person_and_thanks_are_not(
    house: RunningHouse, sink: Sink
) -> None:
    said = {
        "change": "我司联系人自本月起变更为李示例，电话不变，特此告之。",
        "thanks": "好的，已收到，谢谢！",
    }
    for key, words in said.items():
        sender = f"{key}@unplaced.example"
        house.send(write(draft(sender, key, "来信", words)), sender)
    last = "after@unplaced.example"
    asked(house, sink, last, draft(last, "after2", "查询", "请问怎么办理？"))

    def senders() -> set[str]:
        lines = [json.loads(line) for line in house.run("tray", "list", "--json").splitlines()]
        return {line["from_addr"] for line in lines if "@unplaced" in line["from_addr"]}

    until(lambda: senders() == {"change@unplaced.example"})
