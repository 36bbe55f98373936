"""Mails of people that look like machines' to a careless filter: silence would be wrong."""
# ruff: noqa: E501 - one mail a line reads best

from tests.mailer.torture.build import FORM, SUBJECT, Case, form, mail, named, part, said, words

GATEWAY = b"oa@firm.example"


def _asked(name: str, subject: str, content: str, *heads: bytes, kind: str = "question",
           sender: bytes = b"zhang@firm.example") -> Case:  # fmt: skip
    return Case(
        f"person: {name}", said(subject, content, *heads, sender=sender), kind, True, subject, ()
    )


def _filed() -> list[Case]:
    rows: dict[str, tuple[str, tuple[bytes, ...], bytes]] = {
        "自动 in the firm's name": ("示例自动化股份有限公司CCER抵销申请表", (), b""),
        "自动回复 in a forwarded subject": ("转发：自动回复：请提交抵销申请表", (), b""),
        "an answer to our automatic answer": ("回复：自动回复：抵销申请表", (), b""),
        "自动 at the beginning": ("自动监测数据核对后的抵销配额申请表", (), b""),
        "forwarded": ("转发：" + SUBJECT, (), b""),
        "Fwd": ("Fwd: " + SUBJECT, (), b""),
        "FW 转寄": ("FW: 转寄: " + SUBJECT, (), b""),
        "List-Unsubscribe of a gateway": (SUBJECT, (b"List-Unsubscribe: <https://gw.firm.example/u>",), b""),
        "List-Help of a gateway": (SUBJECT, (b"List-Help: <https://gw.firm.example/h>",), b""),
        "Precedence bulk of an office gateway": (SUBJECT, (b"Precedence: bulk",), GATEWAY),
        "no-reply, answers to a person": (SUBJECT, (b"Reply-To: zhang@firm.example",), b"no-reply@oa.firm.example"),
        "Auto-Submitted no": (SUBJECT, (b"Auto-Submitted: no",), b""),
        "Auto-Submitted No with a comment": (SUBJECT, (b"Auto-Submitted: No (person)",), b""),
        "X-Loop of another": (SUBJECT, (b"X-Loop: dispatch@firm.example",), b""),
        "X-Auto-Response-Suppress of Exchange": (SUBJECT, (b"X-Auto-Response-Suppress: DR, RN, NRN, OOF",), b""),
        "X-Autoreply no": (SUBJECT, (b"X-Autoreply: no",), b""),
        "Importance and receipt wanted": (SUBJECT, (b"Disposition-Notification-To: zhang@firm.example",), b""),
        "Precedence first-class": (SUBJECT, (b"Precedence: first-class",), b""),
        "out of office in the subject": ("本人休假，代为提交抵销申请表", (), b""),
        "退信 in the subject": ("上次退信，重新提交CCER抵销申请表", (), b""),
        "a local part like a machine's": (SUBJECT, (), b"replyzhang@firm.example"),
        "bouncer": (SUBJECT, (), b"li.bounce@firm.example"),
        "a sender of digits": (SUBJECT, (), b"10000123@qq.com"),
        "a name like a daemon's": (SUBJECT, (), b'"Mailer Daemon" <zhang@firm.example>'),
        "the same address twice": (SUBJECT, (b"Reply-To: zhang@firm.example, <Zhang@firm.example>",), b""),
        "a comma in the name": (SUBJECT, (), b'"Zhang, San" <zhang@firm.example>'),
        "Sender beside From": (SUBJECT, (b"Sender: gw@firm.example",), b""),
    }  # fmt: skip
    return [
        Case(f"person: {name}", form(*heads, subject=subject, sender=sender or b"zhang@firm.example"), subject=subject)
        for name, (subject, heads, sender) in rows.items()
    ]  # fmt: skip


def _worded() -> list[Case]:
    proof = "CCER自愿注销截图.png"
    return [
        _asked("asks about the automatic reply", "自动回复功能的问题", "请问你们的自动回复多久能收到？"),
        _asked("asks about a bounce", "邮件被退信怎么办", "我上次提交的邮件被退信了，请问是否收到？"),
        _asked("answers from holiday", "Re: 受理回执 CCER-2019-13-0007", "我正在休假，请问能否下周补交材料？",
               b"In-Reply-To: <k@office.example>"),
        _asked("quotes our own words", "Re: 受理回执", "请问进度如何？\n\n在 2021年11月26日，受理处 写道：\n> 这是一封自动回复邮件"),
        _asked("asks on the phone", "CCER-2019-13-0007", "进展？"),
        _asked("English", "Status enquiry", "Could you tell me the status of our application?"),
        _asked("old Chinese", "查詢進度", "請問是否收到？"),
        Case("person: asks with a picture", mail(subject="咨询：系统报错", parts=(named("报错截图.png"),),
             said="请问登录时出现如图错误，怎么办？"), "question", True, None, ("报错截图.png",)),
        Case("person: away, and a form", mail(subject="申请表", parts=(named(FORM),), said="我正在休假，由同事代发，下月返回后联系。"),
             subject="申请表"),
        Case("person: the bounce of before, attached", mail(subject="重新提交申请表", parts=(named(FORM), part(
             b"Content-Type: message/rfc822", body=said("系统退信", "x", sender=b"postmaster@qq.com")))),
             subject="重新提交申请表", files=None),
        Case("person: thanks", said("谢谢", "已收到，谢谢。"), "other", True, "谢谢", ()),
        Case("person: decides", said("Re: CCER-2019-13-0007", "确认\n\n> 原文"), "command", True,
             "Re: CCER-2019-13-0007", ()),
        Case("person: returns", said("Re: CCER-2019-13-0007", "退回 盖章不清"), "command", True, None, ()),
        Case("person: proof", mail(subject="注销完成", parts=(named(proof),)), "cancellation", True, "注销完成", (proof,)),
        Case("person: proof as an answer", mail(subject="回复：CCER抵销申请表 受理回执", parts=(named(proof),)),
             "cancellation", True, None, (proof,)),
        Case("person: form and proof", mail(subject="材料", parts=(named(FORM), named(proof))), "application", True,
             "材料", (FORM, proof)),
        Case("person: files without names", mail(subject="报送材料", parts=(named("扫描0001.pdf"),),
             said="附上我单位CCER抵销配额清缴的申请表，请审核。"), "application", True, "报送材料", ("扫描0001.pdf",)),
        Case("person: old Chinese form", mail(subject="CCER抵銷申請表", parts=(named("申請表.pdf"),)), "application",
             True, "CCER抵銷申請表", ("申請表.pdf",)),
        Case("person: English form", mail(subject="CCER offset application form", parts=(named("form.pdf"),)),
             "application", True, None, ("form.pdf",)),
        Case("person: form without a file", said("CCER抵销申请表", "请查收附件"), "application", True, None, ()),
        Case("person: answers to another desk", form(b"Reply-To: " + words("李某") + b" <li@firm.example>"),
             from_addr="zhang@firm.example"),
        Case("registry: the day's file", mail(subject="CCER注销记录 20211126", parts=(named("注销记录_河北.xlsx"),),
             sender=b"registry@ncsc.example"), "registry", True, None, ("注销记录_河北.xlsx",)),
        Case("person: name in a comment", mail(sender=b"zhang@firm.example (Zhang San)", parts=(named(FORM),)),
             from_addr="zhang@firm.example"),
        Case("person: route in the address", mail(sender=b"<@gw.example:zhang@firm.example>", parts=(named(FORM),)),
             from_addr="zhang@firm.example"),
    ]  # fmt: skip


CASES = [*_filed(), *_worded()]
