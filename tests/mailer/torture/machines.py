"""Mails of machines: nobody is behind them, or nobody who may be answered."""
# ruff: noqa: E501 - one mail a line reads best

from typing import Any

from tests.mailer.torture.build import (
    SUBJECT,
    Case,
    form,
    mail,
    mixed,
    named,
    part,
    said,
    text,
    words,
)

RECEIPT = "Re: 受理回执 CCER-2019-13-0007"


def _silent(name: str, raw: bytes, kind: str, **truth: Any) -> Case:
    values: dict[str, Any] = {"subject": None, "files": None, **truth}
    return Case(name, raw, kind, False, **values)


def _replies() -> list[Case]:
    away = "我正在休假，12月6日返回，急事请联系同事。"
    heads: dict[str, bytes] = {
        "auto-replied": b"Auto-Submitted: auto-replied",
        "auto-replied with a comment": b"Auto-Submitted: auto-replied (vacation)",
        "auto-replied, parameters": b'Auto-Submitted: Auto-Replied; owner-email="a@b.example"',
        "auto-generated": b"Auto-Submitted: auto-generated",
        "auto-notified": b"auto-submitted: auto-notified",
        "an extension": b"Auto-Submitted: x-robot",
        "X-Autoreply": b"X-Autoreply: yes",
        "X-Autorespond": b"X-Autorespond: hello",
        "X-Autoresponder": b"X-AutoResponder: 1",
        "X-Auto-Reply-From": b"X-Auto-Reply-From: a@firm.example",
        "X-Mail-Autoreply": b"X-Mail-Autoreply: 1",
        "X-AutoReply-From": b"X-AutoReply-From: a@firm.example",
        "Precedence auto_reply": b"Precedence: auto_reply",
        "Preference auto_reply": b"Preference: auto_reply",
        "Delivered-To Autoresponder": b"Delivered-To: Autoresponder",
        "FirstClass": b"X-FC-MachineGenerated: true",
        "PostX": b"X-POST-MessageClass: 9; Autoresponder",
        "Exchange inbox rule": b"X-MS-Exchange-Inbox-Rules-Loop: a@firm.example",
    }
    found = [
        _silent(f"auto: {name}", said(RECEIPT, away, head), "auto_reply")
        for name, head in heads.items()
    ]
    for subject in (
        "自动回复: 受理回执", "自动回复：受理回执 CCER-2019-13-0007", "自动答复: 受理回执", "[自动回复] 受理回执",
        "【自动回复】受理回执", "（自动回复）受理回执", "自動回覆：受理回执", "休假自动回复：受理回执", "外出自动回复",
        "系统自动回复: 已收到", "自动回复", "自动应答：已收到您的邮件", "Re: 受理回执（自动回复）", "Automatic reply: receipt",
        "Auto Reply: receipt", "AutoReply: receipt", "Auto: receipt", "Out of Office: receipt",
        "Out of office reply", "Out of the Office Re: receipt", "Abwesenheitsnotiz: receipt",
        "Vacation reply", "Auto-Response: receipt", "Automatische Antwort: receipt", "不在办公室: 受理回执",
    ):  # fmt: skip
        raw = said(subject, away)
        found.append(_silent(f"auto: subject {subject}", raw, "auto_reply", subject=subject))
    for content in (
        "您好，您的邮件已收到，我会尽快回复。\n（这是一封自动回复邮件）", "此邮件为系统自动回复，请勿直接回复。",
        "您的邮件已收到，这是系统自动发送的确认邮件，请勿回复。", "Ticket opened. Please do not reply to this email.",
        "This is an automatic reply. I am travelling.", "I am out of the office until 6 December.",
        "您好，我正在休假，12月6日返回，如有急事请拨打同事电话。", "您好！我最近正在休假中，无法亲自回复您的邮件。我将在假期结束后，尽快给您回复。",
        "本人因公出差，12月6日返回单位，届时回复您的邮件。",
    ):  # fmt: skip
        raw = said(RECEIPT, content, b"In-Reply-To: <k@office.example>")
        found.append(_silent(f"auto: text {content[:12]}", raw, "auto_reply"))
    return found


def report(
    kind: str = "delivery-status", status: str = "5.1.1", to: str = "a@firm.example"
) -> bytes:
    """A report of RFC 6522 on a letter of ours, the letter in it."""
    action = {"5": "failed", "4": "delayed", "2": "delivered"}[status[0]]
    told = (
        f"Reporting-MTA: dns; mx.firm.example\n\nFinal-Recipient: rfc822; {to}\nAction: {action}\n"
        f"Status: {status}\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n"
    ).encode()
    ours = b"Message-ID: <k@office.example>\nTo: " + to.encode() + b"\nSubject: x\n\nbody\n"
    body = mixed(
        text("Delivery failed"),
        part(b"Content-Type: message/" + kind.encode(), body=told),
        part(b"Content-Type: message/rfc822", body=ours),
    )
    return body.replace(
        b"multipart/mixed;", b"multipart/report; report-type=" + kind.encode() + b";"
    )


def _bounces() -> list[Case]:
    rows = {
        "RFC 3464": mail(subject="Undelivered Mail Returned to Sender", sender=b"MAILER-DAEMON@mx.firm.example",
                         body=report()),
        "RFC 3464 in a person's name": mail(subject="returned", body=report()),
        "RFC 3464 delayed": mail(subject="Delayed", sender=b"MAILER-DAEMON@mx.firm.example", body=report(status="4.4.1")),
        "RFC 3464 delivered": mail(subject="Success", sender=b"postmaster@firm.example", body=report(status="2.0.0")),
        "global": mail(subject="x", sender=b"postmaster@firm.example", body=report("global-delivery-status")),
        "QQ": said("来自qq.com的退信", "您发送的邮件没有送达：<a@qq.com> 该邮箱不存在", sender=b"PostMaster@qq.com"),
        "QQ 10000": said("系统退信", "收件人不存在", sender=b"10000@qq.com"),
        "163": said("系统退信/Systems bounce", "抱歉，您的邮件被退回来了…… a@163.com", sender=b"Postmaster@163.com"),
        "126": said("系统退信", "a@126.com: User not found", sender=b"Postmaster@126.com"),
        "aliyun": said("邮件投递失败通知", "无法投递到 a@aliyun.com", sender=b"mailer-daemon@aliyun.com"),
        "139": said("退信通知", "a@139.com 不存在", sender=b"postmaster@139.com"),
        "sina": said("无法投递的邮件", "a@sina.com", sender=b"MAILER-DAEMON@sina.com"),
        "coremail": said("邮件无法送达", "DSN 5.1.1", sender=b"postmaster@firm.example"),
        "Exchange": said("Undeliverable: 受理回执", "Your message couldn't be delivered.",
                         sender=b"MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@firm.example"),
        "Exchange in Chinese": said("未送达: 受理回执", "您的邮件未送达部分或所有预定的收件人。", sender=b"postmaster@firm.example"),
        "Exchange header": said("受理回执", "x", b"X-MS-Exchange-Message-Is-Ndr:", sender=b"system@firm.example"),
        "Gmail": said("Delivery Status Notification (Failure)", "Address not found", b"X-Failed-Recipients: a@g.example",
                      sender=b"mailer-daemon@googlemail.com"),
        "qmail": said("failure notice", "Hi. This is the qmail-send program", sender=b"MAILER-DAEMON@mx.firm.example"),
        "Exim": said("Mail delivery failed: returning message to sender", "x", sender=b"Mailer-Daemon@mx.firm.example"),
        "Lotus": said("DELIVERY FAILURE: User not listed", "x", sender=b"postmaster@firm.example"),
        "with the form in it": mail(subject="退信: " + SUBJECT, sender=b"postmaster@firm.example", body=mixed(
            text("未送达"), named("CCER抵销配额清缴申请表.pdf"))),
        "quota": said("Warning: message delayed", "will retry", sender=b"MAILER-DAEMON@mx.firm.example"),
    }  # fmt: skip
    found = [_silent(f"bounce: {name}", raw, "bounce") for name, raw in rows.items()]
    null = said("投递状态通知", "未送达")
    found.append(_silent("bounce: null sender", null, "bounce", envelope_from=""))
    receipt = mail(subject="已读: 受理回执", body=report("disposition-notification"))
    found.append(_silent("a read receipt", receipt, "auto_reply"))
    said_read = said(
        "已读: 受理回执", "邮件于今日被阅读", b"Content-Class: urn:content-classes:mdn"
    )
    found.append(_silent("a read receipt in words", said_read, "auto_reply"))
    return found


def _others() -> list[Case]:
    news = "碳市场资讯一周要闻"
    lists: dict[str, tuple[bytes, ...]] = {
        "List-Id": (b"List-Id: news <news.firm.example>",),
        "List-Post": (b"List-Post: <mailto:l@firm.example>",),
        "List-Unsubscribe": (b"List-Unsubscribe: <https://shop.example/u>",),
        "Mailing-List": (b"Mailing-List: list l@firm.example",),
        "Precedence list": (b"Precedence: list",),
        "Precedence bulk": (b"Precedence: bulk",),
        "Precedence junk": (b"Precedence: Junk",),
        "Feedback-ID and campaign": (b"X-Campaign-Id: 7", b"List-Unsubscribe-Post: List-Unsubscribe=One-Click",
                                     b"List-Unsubscribe: <mailto:u@shop.example>"),
    }  # fmt: skip
    found = [
        _silent(f"list: {name}", said(news, "本周要闻", *heads), "list")
        for name, heads in lists.items()
    ]
    unanswered: dict[str, bytes] = {
        "form through a mailing list": form(b"List-Id: <office.firm.example>"),
        "form that forbids answers": form(b"X-Auto-Response-Suppress: All"),
        "form by a machine": form(b"Auto-Submitted: auto-generated"),
        "form from nobody": form(sender=b"no-reply@oa.firm.example"),
        "form from donotreply": form(sender=b"DoNotReply@oa.firm.example"),
        "form from ourselves": form(sender=b"Clerk@Office.example"),
        "form, answers to ourselves": form(b"Reply-To: clerk@office.example"),
        "form that looped through us": form(b"X-Loop: clerk@office.example"),
        "form, answers to two": form(b"Reply-To: a@firm.example, b@other.example"),
        "form from two": form(sender=b"a@firm.example, b@other.example"),
        "form with two From": form(b"From: b@other.example"),
        "form from a group": form(sender=b"undisclosed-recipients:;"),
        "form, a mailbox hidden in a word": form(sender=words("张某 <boss@gov.example>")),
        "form from a broken address": form(sender=b"zhang@"),
    }
    found += [
        _silent(name, raw, "application", subject=SUBJECT) for name, raw in unanswered.items()
    ]
    found.append(_silent("form without a return path", form(), "application", envelope_from=""))
    found.append(
        _silent(
            "our own letter come back",
            said(
                "受理回执 CCER-2019-13-0007",
                "您好",
                b"Auto-Submitted: auto-replied",
                sender=b"clerk@office.example",
            ),
            "auto_reply",
        )
    )
    return found  # fmt: skip


CASES = [*_replies(), *_bounces(), *_others()]
