"""Subjects, file names and words in every charset and encoding, right and wrong."""
# ruff: noqa: E501 - one mail a line reads best

import base64

from tests.mailer.torture.build import (
    B64,
    FORM,
    SUBJECT,
    Case,
    cut,
    file,
    form,
    mail,
    mixed,
    named,
    part,
    percent,
    text,
    word,
    words,
)

GB, UTF = SUBJECT.encode("gb18030"), SUBJECT.encode()
RARE = "镕基堃喆祎龑㛃公司申请表"
"""Names that GB 2312 lacks, GBK has, and (the last) only GB 18030 has."""
BIG = "電力公司許功蓋申請表"

_SUBJECTS: dict[str, bytes] = {
    "gb2312 that is gbk": word(GB, "gb2312"),
    "GBK": word(GB, "GBK"),
    "gb18030": word(GB, "gb18030"),
    "cp936": word(GB, "cp936"),
    "ms936": word(GB, "MS936"),
    "x-gbk": word(GB, "x-gbk"),
    "cn-gb": word(GB, "CN-GB"),
    "euc-cn": word(GB, "euc-cn"),
    "windows-936": word(GB, "windows-936"),
    "q gb2312": word(GB, "gb2312", "Q"),
    "lower case b": word(UTF, "UTF-8", "b"),
    "utf8": word(UTF, "utf8"),
    "label in quotes": word(UTF, '"utf-8"'),
    "language tag": word(GB, "gb18030*zh-CN"),
    "utf-16be": word(SUBJECT.encode("utf-16-be"), "utf-16be"),
    "hz": word(SUBJECT.encode("hz"), "hz-gb-2312"),
    "utf-7": word(SUBJECT.encode("utf-7"), "utf-7"),
    "utf-7 in q": word(SUBJECT.encode("utf-7"), "UTF-7", "Q"),
    "unicode-1-1-utf-7": word(SUBJECT.encode("utf-7"), "unicode-1-1-utf-7"),
    "iso-2022-cn unknown here, utf-8 within": word(UTF, "iso-2022-cn"),
    "gb under utf-8": word(GB, "utf-8"),
    "utf-8 under gb2312": word(UTF, "gb2312"),
    "utf-8 under gb18030": word(UTF, "gb18030"),
    "utf-8 under big5": word(UTF, "big5"),
    "gb under iso-8859-1": word(GB, "iso-8859-1"),
    "gb under windows-1252": word(GB, "windows-1252"),
    "utf-8 under iso-8859-1": word(UTF, "ISO-8859-1"),
    "utf-8 under us-ascii": word(UTF, "us-ascii"),
    "gb under unknown-8bit": word(GB, "unknown-8bit"),
    "gb under nonsense": word(GB, "default_charset"),
    "raw utf-8": UTF,
    "raw gbk": GB,
    "raw gbk folded inside a character": GB[:21] + b"\r\n " + GB[21:],
    "raw utf-8 folded inside a character": UTF[:22] + b"\r\n " + UTF[22:],
    "cut utf-8 by 1": cut(UTF, "utf-8", 1),
    "cut utf-8 by 7": cut(UTF, "utf-8", 7),
    "cut utf-8 q by 10": cut(UTF, "utf-8", 10, encoding="Q"),
    "cut gb2312 by 9": cut(GB, "gb2312", 9),
    "cut gbk by 3, run together": cut(GB, "gbk", 3, b""),
    "cut gbk by 5, one space": cut(GB, "gbk", 5, b" "),
    "cut gbk by 5, many spaces and tabs": cut(GB, "gbk", 5, b"\r\n\t  "),
    "cut, labels of other case": cut(UTF[:25], "UTF-8", 8) + b"\r\n " + cut(UTF[25:], "utf-8", 8),
    "cut, aliases of one charset": word(GB[:9], "gb2312") + b"\r\n " + word(GB[9:], "gbk"),
    "two charsets": word(GB[:8], "gbk")
    + b"\r\n "
    + word(GB[8:].decode("gb18030").encode(), "utf-8"),
    "b and q mixed": word(UTF[:10], "utf-8") + b" " + word(UTF[10:], "utf-8", "Q"),
    "each word padded inside": cut(UTF, "utf-8", 4),
    "newline within a word": words(SUBJECT)[:40] + b"\r\n " + words(SUBJECT)[40:],
    "no padding": words(SUBJECT + "").replace(b"=?=", b"?="),
    "twice encoded": word(words(SUBJECT), "us-ascii"),
    "twice encoded, q over b": word(words(SUBJECT), "utf-8", "Q"),
    "never closed": words(SUBJECT)[:-2],
    "in quotes": b'"' + words(SUBJECT) + b'"',
    "spaces around": b"   " + words(SUBJECT) + b"  ",
    "underscore for blank": b"=?utf-8?q?" + percent(UTF).replace(b"%", b"=") + b"_?=",
    "lower case hex": b"=?utf-8?q?" + percent(UTF).replace(b"%", b"=").lower() + b"?=",
    "mojibake of a gateway": word(UTF.decode("latin-1").encode(), "utf-8"),
    "html entities": "".join(f"&#{ord(char)};" for char in SUBJECT).encode(),
    "zero-width and direction marks": words("\u200b\u202a" + SUBJECT + "\u202c\ufeff"),
    "null bytes": words(SUBJECT[:4] + "\0" + SUBJECT[4:]),
}

_NAMES: dict[str, bytes] = {
    "raw utf-8": b'attachment; filename="' + FORM.encode() + b'"',
    "raw gbk": b'attachment; filename="' + FORM.encode("gbk") + b'"',
    "raw gbk unquoted": b"attachment; filename=" + FORM.encode("gbk"),
    "2047 b": b'attachment; filename="' + words(FORM) + b'"',
    "2047 unquoted": b"attachment; filename=" + words(FORM),
    "2047 gb2312": b'attachment; filename="' + word(FORM.encode("gbk"), "gb2312") + b'"',
    "2047 q": b'attachment; filename="' + word(FORM.encode(), "utf-8", "Q") + b'"',
    "2047 cut": b'attachment; filename="' + cut(FORM.encode(), "utf-8", 8) + b'"',
    "2047 cut gbk": b'attachment; filename="' + cut(FORM.encode("gbk"), "gb18030", 5) + b'"',
    "2047 with the ending outside": b'attachment; filename="' + words(FORM[:-4]) + b'.pdf"',
    "2047 label lies": b'attachment; filename="' + word(FORM.encode("gbk"), "utf-8") + b'"',
    "2231": b"attachment; filename*=UTF-8''" + percent(FORM.encode()),
    "2231 language": b"attachment; filename*=utf-8'zh-cn'" + percent(FORM.encode()),
    "2231 gbk": b"attachment; filename*=gb2312''" + percent(FORM.encode("gbk")),
    "2231 gbk under utf-8": b"attachment; filename*=UTF-8''" + percent(FORM.encode("gbk")),
    "2231 utf-8 under gb2312": b"attachment; filename*=gb2312''" + percent(FORM.encode()),
    "2231 utf-8 under iso-8859-1": b"attachment; filename*=iso-8859-1''" + percent(FORM.encode()),
    "2231 no charset": b"attachment; filename*=''" + percent(FORM.encode()),
    "2231 no quotes at all": b"attachment; filename*=" + percent(FORM.encode()),
    "2231 quoted": b"attachment; filename*=\"UTF-8''" + percent(FORM.encode()) + b'"',
    "2231 raw inside": b"attachment; filename*=UTF-8''" + FORM.encode(),
    "2231 twice percent": b"attachment; filename*=UTF-8''"
    + percent(FORM.encode()).replace(b"%", b"%25"),
    "2231 segments": b"attachment; filename*0*=UTF-8''" + percent(FORM.encode()[:10])
    + b";\r\n filename*1*=" + percent(FORM.encode()[10:]),
    "2231 segments out of order": b"attachment; filename*1*=" + percent(FORM.encode()[10:])
    + b";\r\n filename*0*=UTF-8''" + percent(FORM.encode()[:10]),
    "2231 segments cut gbk": b"attachment; filename*0*=GB18030''" + percent(FORM.encode("gbk")[:9])
    + b";\r\n filename*1*=" + percent(FORM.encode("gbk")[9:]),
    "2231 a dozen segments": b"attachment;"
    + b";".join(
        b"\r\n filename*%d*=%s" % (at, (b"utf-8''" if at == 0 else b"") + percent(bytes([byte])))
        for at, byte in enumerate(FORM.encode())
    ),
    "2231 with an ascii end": b"attachment; filename*0*=UTF-8''" + percent(FORM[:-4].encode())
    + b'; filename*1=".pdf"',
    "2231 segments of words": b'attachment; filename*0="' + words(FORM)[:30]
    + b'";\r\n filename*1="' + words(FORM)[30:] + b'"',
    "both, the old one broken": b'attachment; filename="???????.pdf"; filename*=UTF-8\'\''
    + percent(FORM.encode()),
    "both, the new one broken": b'attachment; filename="' + words(FORM)
    + b"\"; filename*=UTF-8''%E7%9",
    "upper case parameter": b'ATTACHMENT; FILENAME="' + words(FORM) + b'"',
    "blanks around the sign": b'attachment; filename = "' + words(FORM) + b'"',
    "percent in a plain name": b'attachment; filename="' + percent(FORM.encode()) + b'"',
    "html entities": b'attachment; filename="'
    + "".join(f"&#{ord(char)};" if ord(char) > 127 else char for char in FORM).encode() + b'"',
    "quote never closed": b'attachment; filename="' + words(FORM),
    "single quotes": b"attachment; filename='" + words(FORM) + b"'",
    "folded inside": b'attachment;\r\n filename="' + words(FORM)[:30] + b"\r\n " + words(FORM)[30:] + b'"',
    "no semicolon before it": b'attachment filename="' + words(FORM) + b'"',
    "only a name, no disposition word": b'; filename="' + words(FORM) + b'"',
    "a size before": b'attachment; size=12345; filename="' + words(FORM) + b'"; foo=bar',
    "a path": b'attachment; filename="C:\\\\Users\\\\zhang\\\\' + words(FORM) + b'"',
    "a path that climbs": b'attachment; filename="../../../etc/' + words(FORM) + b'"',
    "direction trick": b'attachment; filename="' + words("\u202e" + FORM) + b'"',
    "control characters": b'attachment; filename="' + words(FORM[:4] + "\0\x07" + FORM[4:]) + b'"',
    "a blank at the end": b'attachment; filename="' + words(FORM + " ") + b'"',
}  # fmt: skip


def _subjects() -> list[Case]:
    return [Case(f"subject: {name}", form(subject=raw)) for name, raw in _SUBJECTS.items()]


def _names() -> list[Case]:
    return [
        Case(
            f"name: {name}", mail(subject="材料", parts=(file(raw),)), subject="材料", whole=(FORM,)
        )
        for name, raw in _NAMES.items()
    ]


def _others() -> list[Case]:
    rare = form(subject=word(RARE.encode("gb18030"), "gb2312"))
    return [
        Case("subject: characters beyond gb2312", rare, subject=RARE),
        Case("subject: big5", form(subject=word(BIG.encode("big5"), "big5")), subject=BIG),
        Case("subject: cp950", form(subject=word(BIG.encode("big5"), "cp950")), subject=BIG),
        Case("subject: raw big5", form(subject=BIG.encode("big5")), subject=BIG),
        Case("subject: big5 under utf-8", form(subject=word(BIG.encode("big5"), "utf-8")), subject=BIG),
        Case("subject: a dash of windows-1252", form(subject=word("a–b".encode("cp1252"), "windows-1252", "Q")),
             subject="a–b"),
        Case("subject: latin-1 that is", form(subject=word("Müller café".encode("latin-1"), "iso-8859-1", "Q")),
             subject="Müller café"),
        Case("subject: shift_jis", form(subject=word("申請書".encode("shift_jis"), "Shift_JIS")), subject="申請書"),
        Case("subject: gbk that is valid utf-8", form(subject=word("联通".encode("gbk"), "gbk")), subject="联通"),
        Case("subject: glued to words", form(subject=b"CCER" + words("申请表") + b"2021"), subject="CCER申请表2021"),
        Case("subject: raw utf-8 folded at a blank", form(subject="申请表".encode() + b"\r\n " + "一份".encode()),
             subject="申请表 一份"),
        Case("subject: words and blanks", form(subject=b"Re: " + words("申请表") + b" CCER " + words("一")),
             subject="Re: 申请表 CCER 一"),
        Case("subject: none", form(subject=b""), subject=""),
        Case("subject: a fake header inside", form(subject=words(SUBJECT + "\r\nBcc: x@y.example")),
             subject=SUBJECT + " Bcc: x@y.example"),
        Case("subject: emoji", form(subject="申请表📎"), subject="申请表📎"),
        Case("subject: a hundred characters", form(subject=cut((SUBJECT * 5).encode(), "utf-8", 30)),
             subject=SUBJECT * 5),
        Case("name: backslash as a trail byte", mail(parts=(
            file(b'attachment; filename="' + "許功蓋申請表.pdf".encode("big5") + b'"'),)),
            files=("許功蓋申請表.pdf",)),
        Case("name: only in the content type", mail(parts=(
            file(b"attachment", b'application/pdf; name="' + words(FORM) + b'"'),)), whole=(FORM,)),
        Case("name: two different ones", mail(parts=(
            file(b'attachment; filename="' + words(FORM) + b'"', b'application/pdf; name="ATT00001"'),))),
        Case("name: in the description", mail(parts=(part(
            b"Content-Type: application/pdf", b"Content-Transfer-Encoding: base64",
            b"Content-Description: " + words(FORM)),)), whole=(FORM,)),
        Case("name: semicolon and comma", mail(parts=(
            file(b'attachment; filename="' + "申请表;一,二.pdf".encode() + b'"'),)),
            files=("申请表;一,二.pdf",)),
        Case("name: escaped quote", mail(parts=(
            file(b'attachment; filename="' + '申请表\\"甲\\".pdf'.encode() + b'"'),)),
            files=('申请表"甲".pdf',)),
        Case("name: very long", mail(parts=(named("申请表" * 400 + ".pdf"),)), files=None),
        *_bodies(),
    ]  # fmt: skip


def _bodies() -> list[Case]:
    said = "附上申请表，请查收，谢谢"
    files = (named(FORM),)
    html = f"<html><head><meta charset=gb2312><style>p{{}}</style></head><p>{said}</p></html>"
    b64 = part(b"Content-Type: text/plain; charset=utf-8", b"Content-Transfer-Encoding: base64",
               body=B64.replace(B64, base64.encodebytes(said.encode())))  # fmt: skip
    bodies = {
        "gb2312 label, gbk": text(said + "镕", "gb2312", "gbk"),
        "utf-8 under gb2312": text(said, "gb2312", "utf-8"),
        "gbk under utf-8": text(said, "utf-8", "gbk"),
        "gbk under us-ascii": text(said, "us-ascii", "gbk"),
        "big5": text("附上申請表，請查收", "big5"),
        "utf-16": part(
            b"Content-Type: text/plain; charset=utf-16", b"Content-Transfer-Encoding: base64",
            body=base64.encodebytes(said.encode("utf-16"))),
        "utf-7": text(said, "utf-7"),
        "no header at all": b"\r\n" + said.encode("gbk"),
        "html gbk": part(b"Content-Type: text/html; charset=gbk", body=html.encode("gbk")),
        "html, charset in its head alone": part(b"Content-Type: text/html", body=html.encode("gbk")),
        "base64": b64,
        "base64 in one long line": part(
            b"Content-Type: text/plain; charset=utf-8", b"Content-Transfer-Encoding: base64",
            body=base64.b64encode(said.encode() * 40)),
        "quoted-printable with bare equals": part(
            b"Content-Type: text/plain; charset=utf-8", b"Content-Transfer-Encoding: quoted-printable",
            body=percent(said.encode()).replace(b"%", b"=") + b"=\n a=b =ZZ"),
        "charset with a comment": part(
            b"Content-Type: text/plain; charset=gbk (Simplified Chinese)", body=said.encode("gbk")),
    }  # fmt: skip
    return [
        Case(f"body: {name}", mail(body=mixed(body, *files)),
             text="申請表" if name == "big5" else "附上申请表", whole=(FORM,))
        for name, body in bodies.items()
    ]  # fmt: skip


CASES = [*_subjects(), *_names(), *_others()]
