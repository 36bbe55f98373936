"""What kind of mail it is, and who must not be answered."""

import pytest

from mailer.parse import parse

OWN = frozenset({"clerk@province.example"})


def raw(subject: str, text: str = "", file: str = "", **headers: str) -> bytes:
    lines = {"From": "a@qq.example", "Subject": subject}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    if not file:
        return f"{head}\r\n{text}".encode()
    return (
        f'{head}Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\n{text}\r\n'
        f'--b\r\nContent-Type: application/pdf; name="{file}"\r\n\r\n%PDF-1.4\r\n--b--\r\n'
    ).encode()


@pytest.mark.parametrize(
    ("mail", "kind", "answered"),
    [
        (raw("CCER抵销申请表", file="申请表.pdf"), "application", True),
        (raw("转发：申请表", file="scan.pdf"), "application", True),
        (raw("材料", "附上抵销配额清缴申请，请查收", "扫描0001.pdf"), "application", True),
        (raw("CCER抵销申请表", "请查收"), "application", True),
        (raw("申请表怎么填", "请问哪里下载？"), "question", True),
        (raw("注销截图", file="截图.pdf"), "cancellation", True),
        (raw("申请表和注销截图", file="申请表及注销截图.pdf"), "application", True),
        (raw("查询 CCER-2019-13-0007"), "question", True),
        (raw("进度", "请问收到了吗？"), "question", True),
        (raw("Re: CCER-2019-13-0007", "确认\r\n\r\n> 原文"), "command", True),
        (raw("Re: CCER-2019-13-0007", "退回 盖章不清\r\n"), "command", True),
        (raw("自动回复：受理回执 CCER-2019-13-0007", "我在休假"), "auto_reply", False),
        (raw("受理回执", "x", Auto_Submitted="auto-replied (vacation)"), "auto_reply", False),
        (raw("申请表", file="申请表.pdf", Auto_Submitted="no"), "application", True),
        (raw("Automatic reply: receipt", "away"), "auto_reply", False),
        (raw("系统退信", "无法送达", From="postmaster@qq.example"), "bounce", False),
        (raw("Undelivered Mail Returned to Sender", Return_Path="<>"), "bounce", False),
        (
            raw("x", Content_Type="multipart/report; report-type=delivery-status; boundary=b"),
            "bounce",
            False,
        ),
        (raw("每周资讯", "你好", List_Id="<news.example>"), "list", False),
        (raw("每日注销记录", file="cancellations.xlsx"), "registry", True),
        (raw("问候", "您好"), "other", True),
        (raw("问候", "您好", From="no-reply@shop.example"), "other", False),
        (raw("申请表", file="申请表.pdf", From="clerk@province.example"), "application", False),
    ],
)
def test_kind(mail: bytes, kind: str, answered: bool) -> None:
    found = parse(mail, OWN)
    assert (found.kind, found.may_reply) == (kind, answered)


def test_the_null_sender_is_never_answered() -> None:
    mail = raw("CCER抵销申请表", file="申请表.pdf")
    assert parse(mail, OWN, "").may_reply is False
    assert parse(mail, OWN, "a@qq.example").may_reply is True
