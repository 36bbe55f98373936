"""Mails of people and machines that the first sets left out: silence and answers both matter."""
# ruff: noqa: E501 - one mail a line reads best

import base64
import io
import zipfile
from typing import Any

from tests.mailer.torture.build import (
    FORM,
    PDF,
    Case,
    file,
    form,
    mail,
    named,
    part,
    percent,
    said,
    words,
)  # fmt: skip

ZHANG = "zhang@firm.example"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(range(256)) * 400 + b"\xff\xd9"
ENVELOPED = bytes.fromhex("3082010006092a864886f70d010703a082") + b"x" * 99
"""The head of a CMS enveloped-data (RFC 5652)."""


def _asked(name: str, subject: str, content: str, *heads: bytes, kind: str = "question",
           answered: bool = True, sender: bytes = b"zhang@firm.example",
           envelope_from: str = ZHANG) -> Case:  # fmt: skip
    raw = said(subject, content, *heads, sender=sender)
    return Case(f"further: {name}", raw, kind, answered, None, (), envelope_from=envelope_from)


def _silent(name: str, subject: str, content: str, *heads: bytes, kind: str = "auto_reply",
            sender: bytes = b"zhang@firm.example", envelope_from: str = ZHANG) -> Case:  # fmt: skip
    return _asked(name, subject, content, *heads, kind=kind, answered=False, sender=sender,
                  envelope_from=envelope_from)  # fmt: skip


def _filed() -> list[Case]:
    rows: dict[str, tuple[tuple[bytes, ...], bytes, str]] = {
        "a list server's return path": ((), b"", "bounces+7-clerk=office.example@firm.example"),
        "a forwarder's return path": ((), b"", "SRS0=xx=yy=firm.example=zhang@fw.example"),
        "Auto-Submitted empty": ((b"Auto-Submitted: ",), b"", ZHANG),
        "X-Auto-Response-Suppress None": ((b"X-Auto-Response-Suppress: None",), b"", ZHANG),
        "Precedence normal": ((b"Precedence: normal",), b"", ZHANG),
        "Reply-To empty": ((b"Reply-To: ",), b"", ZHANG),
        "Reply-To of nobody": ((b"Reply-To: <>",), b"", ZHANG),
        "Reply-To without a domain": ((b"Reply-To: zhang",), b"", ZHANG),
        "from reply@": ((), b"reply@firm.example", ZHANG),
        "from service@": ((), b"service@firm.example", ZHANG),
        "from nora.p@": ((), b"nora.plyushkina@firm.example", ZHANG),
        "its own Return-Path": ((b"Return-Path: <zhang@firm.example>",), b"", ZHANG),
        "Delivered-To us": ((b"Delivered-To: clerk@office.example",), b"", ZHANG),
    }
    return [
        Case(f"further: {name}", form(*heads, sender=sender or b"zhang@firm.example"), envelope_from=envelope)
        for name, (heads, sender, envelope) in rows.items()
    ]  # fmt: skip


def _worded() -> list[Case]:
    case = "Re: CCER-2019-13-0007"
    disclaimed = "\n\n--\nThis e-mail is confidential. If you are not the intended recipient, please do not reply to this message and delete it."
    return [
        _asked("a disclaimer below a question", "Status", "Could you tell me the status?" + disclaimed),
        _asked("a Chinese disclaimer below a question", "CCER抵销进度", "请问审核进度如何？\n\n--\n此邮件可能含有保密信息，如非指定收件人请勿回复并立即删除。"),
        _asked("a system's footer below a question", "查询申请进度", "请问我司申请的进度？\n\n本邮件由公司OA系统自动发送"),
        _asked("about a notice of the system", "关于系统通知的疑问", "请问系统通知里的截止时间是哪天？"),
        _asked("no question mark", "申请受理情况", "麻烦告知一下我司申请的受理情况，谢谢。"),
        _asked("urges", "催办", "我司的CCER抵销申请还没有收到确认，请尽快审核。"),
        _asked("no receipt came", "未收到回执", "我司昨日发送了申请表，至今未收到回执。"),
        _asked("when, in English", "Our application", "When will our application be confirmed"),
        _asked("how long", "关于申请", "我们11月5日交的申请表，审核要多久"),
        _asked("to make sure", case, "确认一下，材料是否收到？"),
        _asked("suppresses out-of-office only", "查询进度", "请问进度", b"X-Auto-Response-Suppress: DR, OOF"),
        _asked("agrees", case, "同意", kind="command"),
        _asked("confirms above a signature", case, "确认。\n\n李示例\n示例省生态环境厅\n\n> 原文", kind="command"),
        _asked("returns above the quoted mail", case, "退回，原因：印章不清晰\n\n------------------ 原始邮件 ------------------\n发件人: x", kind="command"),
        Case("further: a bounce is why it comes again", form(subject="投递失败后重新报送CCER抵销申请表"), subject=None),
        Case("further: an office system's words and a form", mail(parts=(named(FORM),), said="请查收。\r\n本邮件由OA系统自动发送，请勿回复。"), envelope_from="oa@firm.example"),
        Case("further: the proof by its text", mail(subject="材料报送", parts=(named("IMG_0001.jpg", JPEG),), said="我司已在国家登记系统完成自愿注销，截图盖章件见附件。"), "cancellation", True, None, ("IMG_0001.jpg",)),
    ]  # fmt: skip


def _machines() -> list[Case]:
    report = b'Content-Type: multipart/report; report-type=feedback-report; boundary="B"\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\nabuse\r\n--B\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n\r\n--B--\r\n'
    return [
        _silent("已读 in words", "已读: 受理回执", "您的邮件已于2021年11月26日被阅读。"),
        _silent("Read: in words", "Read: receipt", "Your message\n\n   To: a\n   Sent: y\n\nwas read on 2021/11/26."),
        _silent("未读, deleted", "未读: 受理回执", "您的邮件\n 未经阅读即被删除 于 2021/11/26"),
        _silent("Japanese", "自動返信: 受理回执", "ただいま休暇中です。"),
        _silent("Korean", "자동 회신: 受理回执", "부재중입니다."),
        _silent("a challenge", "请确认您的邮件", "这是系统自动发送的反垃圾确认邮件，请点击链接以完成投递，请勿直接回复。"),
        _silent("a daemon without a domain", "Undelivered Mail Returned to Sender", "I'm sorry", kind="bounce", sender=b"MAILER-DAEMON"),
        _silent("a delay at Gmail", "Delivery Status Notification (Delay)", "delayed", kind="bounce", sender=b"mailer-daemon@googlemail.com", envelope_from=""),
        _silent("an answer from nobody", "Re: 受理回执", "谢谢", kind="other", envelope_from=""),
        Case("further: a complaint", mail(body=report, subject="FW: x"), "auto_reply", False, "FW: x", None),
    ]  # fmt: skip


def _names() -> list[Case]:
    name = FORM.encode()
    rows = {
        "2231 in lower case": b"attachment; filename*=utf8''" + percent(name),
        "2231 with blanks": b"attachment; filename* = UTF-8''" + percent(name),
        "2231 in quotes beside a plain one": b"attachment; filename=\"x.pdf\"; filename*=\"UTF-8''" + percent(name) + b'"',
        "only the ending is plain": b"attachment; filename=__.pdf; filename*=UTF-8''" + percent(name),
        "percent of gbk": b'attachment; filename="' + percent(FORM.encode("gbk")) + b'"',
        "percent of utf-8": b'attachment; filename="' + percent(name) + b'"',
        "raw segments": b'attachment; filename*0="' + name[:20] + b'"; filename*1="' + name[20:] + b'"',
        "a dot at the end": b'attachment; filename="' + words(FORM + ".") + b'"',
        "blanks at the beginning": b'attachment; filename="  ' + words(FORM) + b'"',
        "folded by a tab": b'attachment;\r\n\tfilename="' + words(FORM) + b'"',
        "twice": b'attachment; filename="' + words(FORM) + b'"; filename="' + words(FORM) + b'"',
    }  # fmt: skip
    return [
        Case(f"further name: {what}", mail(parts=(file(disposition),)), whole=(FORM,))
        for what, disposition in rows.items()
    ]


def _page(html: str, *others: bytes) -> bytes:
    """A multipart/related around a page of HTML."""
    page = part(b"Content-Type: text/html; charset=utf-8", b"Content-Transfer-Encoding: base64",
                body=base64.encodebytes(html.encode()))  # fmt: skip
    joined = b"".join(b"--R\r\n" + one + b"\r\n" for one in (page, *others))
    return b'Content-Type: multipart/related; boundary="R"\r\n\r\n' + joined + b"--R--\r\n"


def _structures() -> list[Case]:
    picture = part(b'Content-Type: image/jpeg; name="4F2A@QQ.jpg"', b"Content-ID: <4F2A@qq>",
                   b"Content-Disposition: inline", b"Content-Transfer-Encoding: base64",
                   body=base64.encodebytes(JPEG))  # fmt: skip
    inner = b"--A\r\n" + named(FORM) + b"\r\n--A--\r\n"
    multipart = b'Content-Type: multipart/mixed; boundary="A"\r\nContent-Transfer-Encoding: '
    shown = "<p>申请表见下</p><img src='cid:4F2A@qq'>"
    inlined = f'<p>见图</p><img src="data:image/jpeg;base64,{base64.b64encode(JPEG).decode()}">'
    sealed = part(b'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"',
                  b"Content-Transfer-Encoding: base64", body=base64.encodebytes(ENVELOPED))  # fmt: skip
    pgp = part(
        b'Content-Type: application/octet-stream; name="encrypted.asc"',
        body=b"-----BEGIN PGP MESSAGE-----\n\nhQ==\n-----END PGP MESSAGE-----\n",
    )
    return [
        Case("further: a form pasted into the page", mail(body=_page(shown, picture)), files=("4F2A@QQ.jpg",)),
        Case("further: a picture that stands in the page itself", mail(body=_page(inlined)), files=("附件1.jpg",)),
        Case("further: a multipart in base64", mail(body=multipart + b"base64\r\n\r\n" + base64.encodebytes(inner)), whole=(FORM,)),
        Case("further: a multipart called quoted-printable", mail(body=multipart + b"quoted-printable\r\n\r\n" + inner), whole=(FORM,)),
        Case("further: S/MIME", mail(body=sealed), files=("smime.p7m",), problems=("encrypted",)),
        Case("further: PGP", mail(parts=(pgp,)), files=("encrypted.asc",), problems=("encrypted",)),
        Case("further: to nobody in particular", form().replace(b"To: clerk@office.example", b"To: undisclosed-recipients:;")),
    ]  # fmt: skip


class _Stream(io.RawIOBase):
    """Cannot be sought: a zip into it says its sizes behind each member."""

    def __init__(self) -> None:
        self.data = b""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.data += bytes(data)
        return len(data)


def _zips() -> list[Case]:
    stream, large = _Stream(), io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(FORM, PDF)
    with (
        zipfile.ZipFile(large, "w") as archive,
        archive.open(zipfile.ZipInfo(FORM), "w", force_zip64=True) as member,
    ):
        member.write(PDF)
    rows = {"sizes behind the members": stream.data, "zip64": large.getvalue()}
    return [
        Case(f"further archive: {name}", mail(parts=(named("材料.zip", data),)), files=("材料.zip", FORM), whole=(FORM,))
        for name, data in rows.items()
    ]  # fmt: skip


CASES = [*_filed(), *_worded(), *_machines(), *_names(), *_structures(), *_zips()]
