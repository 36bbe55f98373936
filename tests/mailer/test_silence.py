"""Who is answered, who must not be, and who a mail is really from."""

import base64

import pytest

from mailer.mail import Mail
from mailer.parse import parse

OWN = frozenset({"clerk@office.example"})
SHEET = "注销记录_河北_20211126.xlsx"


def words(text: str) -> bytes:
    return b"=?utf-8?B?" + base64.b64encode(text.encode()) + b"?="


def mail(
    *heads: bytes, sender: bytes = b"a@firm.example", subject: str = "材料", file: str = "",
    text: str = "您好", envelope_from: str | None = None,
) -> Mail:  # fmt: skip
    lines = [b"From: " + sender, b"Subject: " + words(subject), *heads]
    lines += [b"Content-Type: multipart/mixed; boundary=B", b"", b"--B"]
    lines += [b"Content-Type: text/plain; charset=utf-8", b"", text.encode(), b"--B"]
    if file:
        lines += [b"Content-Type: application/octet-stream"]
        lines += [b'Content-Disposition: attachment; filename="' + words(file) + b'"']
        lines += [b"Content-Transfer-Encoding: base64", b"", b"JVBERi0xLjQK", b"--B"]
    return parse(b"\r\n".join([*lines[:-1], b"--B--", b""]), OWN, envelope_from)


@pytest.mark.parametrize(
    "sender",
    [
        words("局长 <boss@gov.example>") + b" <other@x.example>",
        b'"boss <boss@gov.example>" <other@x.example>',
        b'"boss@gov.example" <other@x.example>',
        b"(boss <boss@gov.example>) other@x.example",
        b"=?gb2312?Q?boss=20=3Cboss=40gov.example=3E?=\r\n <other@x.example>",
    ],
)
def test_a_display_name_is_nobodys_address(sender: bytes) -> None:
    assert mail(sender=sender).from_addr == "other@x.example"


def test_a_mailbox_encoded_as_a_whole_is_read_where_there_is_no_other() -> None:
    assert mail(sender=words("张三 <a@firm.example>")).from_addr == "a@firm.example"


@pytest.mark.parametrize(
    "head",
    [
        b"Auto-Submitted: auto-generated",
        b"Precedence: bulk",
        b"List-Id: <office.firm.example>",
    ],
)
def test_a_form_from_a_machine_is_filed_and_not_answered(head: bytes) -> None:
    found = mail(head, file="CCER抵销申请表.pdf")
    assert (found.kind, found.may_reply) == ("application", False)


def test_the_days_registry_file_comes_from_a_machine() -> None:
    found = mail(b"Auto-Submitted: auto-generated", file=SHEET, subject="注销记录")
    assert (found.kind, found.may_reply) == ("registry", False)


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("回复：自动回复：申请", "question"),
        ("Re: 自动回复：申请", "question"),
        ("自动回复：申请", "auto_reply"),
    ],
)
def test_a_person_who_answers_an_automatic_reply_is_answered(subject: str, kind: str) -> None:
    found = mail(subject=subject, text="请问进度如何")
    assert (found.kind, found.may_reply) == (kind, kind == "question")


@pytest.mark.parametrize("path", ["", "<>"])
def test_nobody_is_behind_the_null_sender(path: str) -> None:
    assert not mail(envelope_from=path).may_reply
    assert mail(envelope_from="a@firm.example").may_reply


@pytest.mark.parametrize(
    ("sender", "reply_to", "may"),
    [
        (b"a@firm.example", b"clerk@office.example", False),
        (b"a@firm.example", b"no-reply@firm.example", False),
        (b"no-reply@firm.example", b"zhang@firm.example", True),
        (b"oa-noreply@firm.example", b"", False),
        (b"owner-list@firm.example", b"", False),
        (b"list-request@firm.example", b"", False),
        (b"Clerk@Office.example", b"", False),
        (b"nora.reply@firm.example", b"", True),
        (b"note@firm.example", b"", True),
        (b"postmaster2@firm.example", b"", True),
    ],
)
def test_it_is_the_address_an_answer_goes_to_that_counts(
    sender: bytes, reply_to: bytes, may: bool
) -> None:
    heads = (b"Reply-To: " + reply_to,) if reply_to else ()
    assert mail(*heads, sender=sender).may_reply is may


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        (b"10000@qq.com", "系统退信"),
        (b"MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@firm.example", "无法送达: 回执"),
        (b"Postmaster@163.com", "系统退信/Systems bounce"),
    ],
)
def test_bounces_of_the_providers(sender: bytes, subject: str) -> None:
    assert mail(sender=sender, subject=subject).kind == "bounce"


def test_a_read_receipt_is_a_machine() -> None:
    raw = (
        b"From: a@firm.example\r\nSubject: read\r\nContent-Type: multipart/report;\r\n"
        b" report-type=disposition-notification; boundary=B\r\n\r\n--B\r\n\r\nread\r\n--B--\r\n"
    )
    assert (parse(raw).kind, parse(raw).may_reply) == ("auto_reply", False)


def test_a_reply_keeps_the_subject_of_what_it_answers() -> None:
    found = mail(subject="回复：CCER抵销申请表 受理回执", file="注销截图.pdf")
    assert found.kind == "cancellation"


def test_what_is_quoted_is_not_said() -> None:
    quoted = "现报送，请核实。\n\n------------------ 原始邮件 ------------------\n抵销配额申请表"
    assert mail(subject="注销凭证", file="a.pdf", text=quoted).kind == "cancellation"
    assert mail(subject="材料", file="a.pdf", text=quoted).kind == "other"


def test_where_both_are_there_application_wins() -> None:
    assert mail(subject="申请表和注销截图", file="注销截图.pdf").kind == "application"


def test_seven_files_without_a_name_are_no_annex_6() -> None:
    part = b"--B\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    raw = b"From: a@firm.example\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n"
    found = parse(raw + (part + b"JVBERi0xLjQK\r\n") * 7 + b"--B--\r\n")
    assert (found.kind, len(found.attachments)) == ("other", 7)
