"""Automatic replies: RFC 3834, and what stands for it elsewhere."""

import re

from mailer.kinds.traits import Traits

HEADER = re.compile(r"^x-(?:mail-)?auto-?(?:reply|respond|responder|generated)(?:-from)?$", re.I)
NO = frozenset({"no", "false", "0", "none"})
"""Some servers write the header with each mail, to say that it is none."""
ELSEWHERE = (
    ("Precedence", r"auto[_-]?reply"),
    ("Preference", r"auto[_-]?reply"),
    ("Delivered-To", r"autoresponder"),
    ("X-FC-MachineGenerated", r"true"),
    ("X-POST-MessageClass", r"9;\s*autoresponder"),
    ("X-MS-Exchange-Inbox-Rules-Loop", r"."),
    ("Content-Class", r"urn:content-classes:mdn"),
    ("X-MS-Exchange-Generated-Message-Source", r".*(?:oof|autoreply)"),
)
SUBJECT = re.compile(
    r"^\s*(?:(?:(?:休假|假期|外出|出差|系统|邮件|外出办公)的?)?自[动動](?:回[复復覆]|答[复復覆]|应答|應答|回信)"
    r"(?=$|[:：\s\]】）)\-—–|,，。])"
    r"|auto(?:mat(?:ic|ed))?[ -]?(?:reply|response|answer|responder)\b|auto(?:matic)?\s*[:：]"
    r"|(?:i am |i'm )?(?:out of|away from) (?:the |my )?office|vacation (?:reply|response|notice)"
    r"|abwesenheitsnotiz|automatische (?:antwort|abwesenheit)|réponse automatique"
    r"|respuesta automática|不在办公室|不在辦公室|自動(?:返信|応答)|자동 ?(?:회신|응답|답장))"
    r"|^\s*[\[【（(]\s*自[动動](?:回[复復覆]|答[复復覆]|应答|應答)\s*[\]】）)]"
    r"|[\[【（(]\s*自[动動](?:回[复復覆]|答[复復覆]|应答|應答)\s*[\]】）)]\s*$",
    re.IGNORECASE,
)
"""Answered by a person it begins with Re: or 回复：, and what talks *about* automatic replies goes
on after the word."""
SAYS_SO = re.compile(
    r"(?:这|這|此|本)(?:是|邮件是|邮件为|郵件為|邮件由|封邮件是)?(?:一?封|一?个)?(?:系统|系統)?自[动動]"
    r"(?:回[复復覆]|答[复復覆])"
    r"|(?:系统|系統|平台|程序)自[动動](?:发送|發送|发出|發出|生成).{0,40}(?:勿|不要|无需|不必)[^，。]{0,4}回[复復覆]"
    r"|this is an auto(?:matic|mated|matically generated) (?:reply|response|answer)",
    re.IGNORECASE,
)
NO_ANSWER = re.compile(r"(?:do not|don't) reply to this (?:e-?mail|message)", re.I)
DISCLAIMER = re.compile(r"confidential|privileged|intended recipient|addressee|disclos", re.I)
"""Below what lawyers want there, "do not reply" is meant for somebody else."""
OPENED = re.compile(
    r"^\s*(?:已读|已讀|已阅读|未读|未讀|阅读回执|已读回执|read|not read|read receipt)\s*[:：]", re.I
)
OPENED_SAYS = re.compile(
    r"(?:已|被)(?:于|於|在)?.{0,40}(?:阅读|閱讀|查看|打开|显示)|未[经經]?(?:阅|閱)?[读讀][^，。]{0,6}(?:被)?(?:删|刪)除"
    r"|was read on|was displayed on|deleted without being read|已讀取|已打开",
    re.I | re.S,
)
"""Read receipts of clients that write them in words only."""
AWAY = re.compile(
    r"(?:正在|正|最近|目前|现在|现|已|因公|因私)?(?:休假|度假|出差|外出|休年假|放假|离岗).{0,60}"
    r"(?:返回|回来|回复|回覆|联系|處理|处理|恢复)"
    r"|(?:out of|away from) (?:the |my )?office|on (?:annual leave|vacation|holiday) until",
    re.IGNORECASE | re.DOTALL,
)
ASKS = re.compile(r"请问|請問|能否|可否|吗|嗎|是否|[?？]|怎么|如何(?!急)")
ANSWER = re.compile(r"^\s*(?:re|aw|回复|答复|回覆)\s*[:：]", re.I)
ABOUT = 300
"""Characters in which an automatic answer says what it is."""


def submitted(mail: Traits) -> str:
    """RFC 3834 §5: the keyword of Auto-Submitted, "" for none and for ``no``."""
    found = re.match(r"[a-z0-9-]*", mail.header("Auto-Submitted").lstrip())
    keyword = found[0] if found else ""
    return "" if keyword == "no" else keyword


def matches(mail: Traits) -> bool:
    """Written by a machine in answer to a mail of ours."""
    keyword = submitted(mail)
    # A program may well send what is wanted here, such as the day's registry file.
    if keyword == "auto-generated" and mail.files:
        return False
    if keyword or mail.report or _headers(mail):
        return True
    # Words alone: nobody's automatic answer brings a file.
    return not mail.files and (bool(SUBJECT.search(mail.subject)) or _words(mail))


def _headers(mail: Traits) -> bool:
    for name, value in mail.message.items():
        if HEADER.match(name) and str(value).strip().lower() not in NO:
            return True
    return any(re.match(value, mail.header(name)) for name, value in ELSEWHERE)


def _words(mail: Traits) -> bool:
    """Where no header says it, its own first words may; one that asks is answered."""
    said = mail.own_text[:ABOUT]
    if SAYS_SO.search(said) or (NO_ANSWER.search(said) and not DISCLAIMER.search(said)):
        return True
    if OPENED.match(mail.subject) and OPENED_SAYS.search(said):
        return True
    answer = ANSWER.match(mail.subject) or mail.header("In-Reply-To")
    return bool(answer and AWAY.search(said) and not ASKS.search(said))
