"""Printed text → values. Everything raises `BadInput` for what it cannot read for certain."""

import re
import unicodedata
from datetime import date, datetime

from procedure.clock import BEIJING, beijing
from procedure.errors import BadInput
from procedure.language import Text, _
from procedure.tonnes import FACTORS, Tonnes, Unit, format_tonnes, read_tonnes, tonnes, unit_of

__all__ = [
    "FACTORS",
    "Tonnes",
    "Unit",
    "account",
    "day",
    "format_tonnes",
    "iso_moment",
    "moment",
    "name",
    "phone",
    "project_code",
    "read_tonnes",
    "serial",
    "serial_spans",
    "serial_total",
    "tonnes",
    "unit_of",
]

_CHINESE_DIGITS = str.maketrans("〇零○O一二三四五六七八九", "0000123456789")
_YMD = re.compile(
    r"(?P<y>\d{4})\s*(?:年|[-/.、])\s*(?P<m>\d{1,2})\s*(?:月|[-/.、])\s*(?P<d>\d{1,2})\s*[日号]?"
)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})")
_SPACED = re.compile(r"(?P<y>\d{4})\s+(?P<m>\d{1,2})\s+(?P<d>\d{1,2})")
_TIME = re.compile(
    r"[T\s,]*(?:星期[一二三四五六日天]\s*)?(?P<half>上午|下午|AM|PM)?\s*(?P<h>\d{1,2})\s*[:时点]\s*(?P<min>\d{2})"
    r"(?:\s*[:分]\s*(?:(?P<s>\d{2})(?:\.\d{1,6})?秒?)?)?\s*(?P<half2>AM|PM)?"
    r"\s*(?P<zone>Z|\+\d{2}:?\d{2})?"
)
_CHINESE_YMD = re.compile(
    r"([〇零○O0一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]"
)
_DASHES = re.compile(r"[‐-―−﹣ー一—–~～]")
_CJK = re.compile(r"[㐀-鿿]")


def name(text: str) -> str:
    """A Chinese name or title in one line: no spaces between Chinese, full-width brackets.

    Words of Latin letters keep one space between them.
    """
    joined = re.sub(r"\s+", " ", text.strip())
    joined = re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", joined)
    if not joined:
        raise _refuse("name", text, _("名称"))
    if not _CJK.search(joined):
        return joined
    return joined.translate(str.maketrans("()", "（）"))


def day(text: str) -> date:
    """A date in any common spelling: 2021-11-03, 2021/11/3, 2021年11月3日, 二〇二一年十一月三日 …

    A time after it is ignored. Two-figure years, 11/3/2021 and blanks (年 月 日) are refused.
    """
    found, _ = _day_and_rest(text)
    return found


def moment(text: str) -> datetime:
    """A date with a time of day, in Beijing time unless the text carries an offset; aware."""
    found, rest = _day_and_rest(text)
    match = _TIME.fullmatch(rest)
    if not match:
        raise _refuse("moment", text, _("时间"))
    hour = int(match["h"])
    half = match["half"] or match["half2"]
    if half in {"下午", "PM"} and hour < 12:
        hour += 12
    elif half == "AM" and hour == 12:
        hour = 0
    iso = f"{found}T{hour:02}:{match['min']}:{match['s'] or '00'}{match['zone'] or ''}"
    try:
        read = datetime.fromisoformat(iso)
    except ValueError as error:
        raise _refuse("moment", text, _("时间")) from error
    return beijing(read) if read.tzinfo else read.replace(tzinfo=BEIJING)


def iso_moment(value: datetime) -> str:
    """ISO 8601 in +08:00, seconds, as readings hold it."""
    return beijing(value).isoformat(timespec="seconds")


def account(text: str) -> str:
    """An account number: NFKC, upper case, without spaces, plain hyphens (CN-100-2055383)."""
    plain = _code(text)
    if not re.fullmatch(r"[A-Z0-9]+(?:-[A-Z0-9]+)*", plain) or not 5 <= len(plain) <= 40:
        raise _refuse("account number", text, _("账户号码"))
    if sum(char.isdigit() for char in plain) < 4:
        raise _refuse("account number", text, _("账户号码"))
    return plain


def project_code(text: str) -> str:
    """A project's number: NFKC, upper case, without spaces (CCER-1194, JX-2013-304, 0364)."""
    plain = _code(text)
    if not re.fullmatch(r"[A-Z0-9]+(?:[-/.][A-Z0-9]+)*", plain) or not re.search(r"\d", plain):
        raise _refuse("project number", text, _("项目编号"))
    return plain


def phone(text: str) -> str:
    """A telephone number: mobile, or area code-number with its extension (0571-87654321转12)."""
    plain = re.sub(r"\s", "", _DASHES.sub("-", unicodedata.normalize("NFKC", text)))
    plain = re.sub(r"^(?:\+?86|0086)-?(?=1\d{10}$|0?\d{2,3}-)", "", plain)
    plain = re.sub(r"^\((0\d{2,3})\)-?", r"\1-", plain)
    if not re.fullmatch(r"[\d-]{7,}(?:(?:转|-|\*)\d{1,6})?", plain):
        raise _refuse("phone number", text, _("电话"))
    digits = re.sub(r"\D", "", plain.split("转")[0])
    if not 7 <= len(digits) <= 18:
        raise _refuse("phone number", text, _("电话"))
    return plain


def serial(text: str) -> str:
    """A serial-number block as text: NFKC, no spaces, plain hyphens. Its format is not fixed."""
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"\s", "", plain).replace("至", "-").upper()
    if not re.search(r"\d", plain) or _CJK.search(plain):
        raise _refuse("serial number", text, _("序列号"))
    return plain


def serial_spans(text: str) -> tuple[tuple[int, int], ...] | None:
    """Blocks ``a-b`` (several with ; or ,) as pairs; None where the text is anything else."""
    spans = []
    for block in re.split(r"[;,、]", text):
        match = re.fullmatch(r"(\d{4,})-(\d{4,})", block)
        if not match or int(match[2]) < int(match[1]):
            return None
        spans.append((int(match[1]), int(match[2])))
    return tuple(spans)


def serial_total(text: str) -> int | None:
    """Units in the blocks of a serial text, both ends counted; None where it is no span."""
    spans = serial_spans(text)
    return None if spans is None else sum(last - first + 1 for first, last in spans)


def _day_and_rest(text: str) -> tuple[date, str]:
    plain = _chinese_date(" ".join(unicodedata.normalize("NFKC", text).split()))
    for pattern in (_YMD, _COMPACT, _SPACED):
        match = pattern.match(plain)
        rest = plain[match.end() :] if match else ""
        if match and (not rest[:1].isdigit() or pattern is _YMD):
            return _real_day(match, rest, text)
    raise _refuse("date", text, _("日期"))


def _real_day(match: re.Match[str], rest: str, text: str) -> tuple[date, str]:
    try:
        found = date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError as error:
        raise _refuse("date", text, _("日期")) from error
    if not 2000 <= found.year < 2100:
        raise _refuse("date", text, _("日期"))
    # "2021-11-2515:18:46" is a dropped space; any other rest makes the day itself doubtful.
    if rest.strip(" .。;)") and not _TIME.fullmatch(rest):
        raise _refuse("date", text, _("日期"))
    return found, rest


def _chinese_date(plain: str) -> str:
    match = _CHINESE_YMD.match(plain.replace(" ", ""))
    if not match:
        return plain
    year = match[1].translate(_CHINESE_DIGITS)
    rest = plain.replace(" ", "")[match.end() :]
    try:
        return f"{year}-{_chinese_number(match[2])}-{_chinese_number(match[3])}{rest}"
    except ValueError:
        # 三十十日 is no number, and so no date.
        return plain


def _chinese_number(text: str) -> int:
    """一 … 九十九; a lone 十 is ten."""
    tens, ten, ones = text.rpartition("十")
    value = int(ones.translate(_CHINESE_DIGITS)) if ones else 0
    if not ten:
        return value
    return value + 10 * (int(tens.translate(_CHINESE_DIGITS)) if tens else 1)


def _code(text: str) -> str:
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text)).upper()
    return re.sub(r"\s", "", plain).strip(":;.,")


def _refuse(what: str, text: str, said: Text) -> BadInput:
    return BadInput(
        f"{what}: cannot read {text!r}",
        code="bad-value",
        user_message=_("{what}“{text}”无法识别。").format(what=said, text=text),
    )


_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


def year(text: str) -> int:
    """The one year that a text names (2021年度). `BadInput` where it names none, or several."""
    found = set(_YEAR.findall(unicodedata.normalize("NFKC", text)))
    if len(found) != 1:
        raise _refuse("year", text, _("年度"))
    return int(found.pop())
