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


@pytest.mark.parametrize(
    ("envelope_from", "trusted"),
    [("a@firm.example", "a@firm.example"), ("b@firm.example", ""), ("", ""), (None, "")],
)
def test_a_mailbox_hidden_in_a_word_counts_where_the_envelope_says_the_same(
    envelope_from: str | None, trusted: str
) -> None:
    found = mail(sender=words("张三 <a@firm.example>"), envelope_from=envelope_from)
    assert (found.from_addr, found.may_reply) == (trusted, bool(trusted))


@pytest.mark.parametrize(
    "heads",
    [
        (b"From: a@firm.example, b@other.example",),
        (b"From: a@firm.example", b"From: b@other.example"),
        (b'From: "a" <a@firm.example>; <b@other.example>',),
        (b"From: desk: a@firm.example, b@other.example;",),
        (b"From: <a@firm.example> <b@other.example>",),
    ],
)
def test_of_two_authors_none_is_trusted_or_answered(heads: tuple[bytes, ...]) -> None:
    raw = b"\r\n".join([*heads, b"Reply-To: c@third.example", b"Subject: x", b"", b"hello", b""])
    found = parse(raw, OWN, "a@firm.example")
    assert (found.from_addr, found.may_reply) == ("", False)
    assert "sender-unclear" in {problem.code for problem in found.problems}


def test_an_address_with_characters_that_nobody_sees_is_none() -> None:
    raw = "From: boss@gov\u200b.example\r\nSubject: x\r\n\r\nhello\r\n".encode()
    assert parse(raw, OWN, None).from_addr == ""


@pytest.mark.parametrize(
    "head",
    [
        b"Auto-Submitted: auto-generated",
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
