"""Printed text → the value of one field. Everything that cannot be read for certain is None."""

import re
from collections.abc import Callable, Mapping

import cycles
from ocr.cellvalues import breaks_at_mark, is_mobile, several_amounts
from procedure import uscc, values
from procedure.errors import BadInput
from procedure.provinces import Provinces
from procedure.radicals import as_written
from procedure.readings import Value
from procedure.values import Unit

Converter = Callable[[str, Unit | None], Value]

_PROVINCES = Provinces.parse(cycles.provinces())
AMOUNTS = frozenset({"obligation_t", "offset_t", "amount_t", "quantity_t", "total"})
CODES = frozenset(
    {"uscc", "account_no", "phone", "code", "project_code", "serial", "date", "time"} | AMOUNTS
)
"""Fields of digits and letters, where one wrong character is another value."""
NAMES = frozenset({"enterprise_name", "account_name"})
_THREE_BEHIND = re.compile(r"[^\d.·•]*\d{1,3}\s*[.·•．]\s*\d{3}(?![\d\s.·•．]*\d).*")
_SEAL_HINT = re.compile(r"\s*[（(](?:加?盖(?:单位)?公?章|公章|签章|印章)(?:处)?[）)]\s*$")
_TICKS, _UNTICKED = "☑☒√✓✔■▣●", "□☐○"
_NO_PERSON = re.compile("电话|手机|方式|邮箱|地址|传真|签字|签名|职务|部门|^[及和与、/]")
_LISTED = re.compile(r"、.*[,，]|[,，].*、", re.S)
"""Two marks of thousands in one amount: 6,000、720 are two."""
_TWO_COMMAS = re.compile(r",.*，|，.*,", re.S)
_FIRM = re.compile("(?:公司|厂|集团|企业|中心|研究院|局|矿|社|站|场|部|大学|学校|基地|电厂|院|所)$")


def convert(field: str, text: str, unit: Unit | None = None) -> Value | None:
    """The value that ``text`` means for ``field``; None where it is none or ambiguous."""
    text = as_written(_without_line(text))
    if not text.strip():
        return None
    try:
        return _CONVERTERS[field](text, unit)
    except BadInput:
        return None


def _without_line(text: str) -> str:
    """Lines to write on are drawn with underscores."""
    return re.sub(r"[_＿]{2,}|^[_＿]+|[_＿]+$", " ", text)


def looks_like_firm(text: str) -> bool:
    """Whether a name ends as names of firms and bodies do (brackets at the end left out)."""
    return bool(_FIRM.search(re.sub(r"[（(][^（()）]*[)）]$", "", plain(text)).rstrip("。.、，, ")))


def may_be_half(name: str) -> bool:
    """Whether a firm's name stops before a word that firms' names end in; behind one may stand what
    is not Chinese, and a name without any is another matter."""
    chinese = re.sub(r"[^㐀-鿿]+$", "", name)
    return bool(chinese) and not looks_like_firm(name) and not looks_like_firm(chinese)


def plain(text: str) -> str:
    """Lines joined as they are read: words keep their space, Chinese and figures none."""
    joined = re.sub(r"\s*\n\s*", "\n", text.strip())
    return re.sub(r"(?<=[A-Za-z])\n(?=[A-Za-z])", " ", joined).replace("\n", "")


def _name(text: str, _unit: Unit | None) -> str:
    """A hint where to seal the paper (盖章) is no part of the name before it."""
    return values.name(_SEAL_HINT.sub("", plain(text)))


def _amount(text: str, unit: Unit | None) -> int:
    if several_amounts(text.strip().split("\n")):
        raise BadInput("two lines in an amount: one number or two?")
    if is_mobile(text):
        raise BadInput("a telephone")
    return values.read_tonnes(plain(text), unit or "吨").value


def _uscc(text: str, _unit: Unit | None) -> str:
    code = uscc.normalise(plain(text))
    if not re.fullmatch(r"[0-9A-Z]{18}", code):
        raise BadInput("a credit code has 18 characters")
    return code


def _province(text: str, _unit: Unit | None) -> str:
    found = _PROVINCES.find(re.sub(r"\s", "", _ticked(plain(text))))
    if found is None:
        raise BadInput("no such province")
    return found.name


def _ticked(text: str) -> str:
    """The one choice that is ticked; the text itself where there is nothing to tick."""
    if not re.search(f"[{_TICKS}{_UNTICKED}]", text):
        return text
    chosen = re.findall(f"[{_TICKS}]([^{_TICKS}{_UNTICKED}]+)", text)
    if len(chosen) != 1:
        raise BadInput("not exactly one choice is ticked")
    return str(chosen[0])


def _contact(text: str, _unit: Unit | None) -> str:
    name = values.name(plain(text))
    if re.search(r"\d", name) or len(name) > 20 or _NO_PERSON.search(name):
        raise BadInput("no person's name")
    return name


def _word(text: str, _unit: Unit | None) -> str:
    word = re.sub(r"\s", "", plain(text))
    if not re.fullmatch(r"[㐀-鿿]{2,12}", word):
        raise BadInput("no word")
    return word


_CONVERTERS: Mapping[str, Converter] = {
    "enterprise_name": _name,
    "account_name": _name,
    "name": _name,
    "project_name": _name,
    "uscc": _uscc,
    "province": _province,
    "obligation_t": _amount,
    "offset_t": _amount,
    "amount_t": _amount,
    "quantity_t": _amount,
    "total": _amount,
    "account_no": lambda text, _: values.account(plain(text)),
    "contact": _contact,
    "phone": lambda text, _: values.phone(plain(text)),
    "date": lambda text, _: values.day(plain(text)).isoformat(),
    "year": lambda text, _: values.year(plain(text)),
    "code": lambda text, _: values.project_code(plain(text)),
    "project_code": lambda text, _: values.project_code(plain(text)),
    "time": lambda text, _: values.iso_moment(values.moment(text.replace("\n", " "))),
    "serial": lambda text, _: values.serial(plain(text)),
    "operation": _word,
    "status": _word,
}


def suspicious(field: str, text: str, unit: Unit | None) -> bool:
    """Whether an amount's text can be meant in another way too (418.871 in 吨)."""
    if field not in AMOUNTS:
        return False
    if _LISTED.search(text) or breaks_at_mark(text.strip().split("\n")):
        return True
    try:
        return values.read_tonnes(plain(_without_line(text)), unit or "吨").suspicious
    except BadInput:
        return True


def two_commas(text: str) -> bool:
    """Whether an amount has commas of both widths: 6,000，720 may be two. Engines take the one for
    the other, so this tells something of text alone that nobody had to recognise."""
    return bool(_TWO_COMMAS.search(text))


def may_be_thousands(text: str) -> bool:
    """Whether an amount's only point stands before just three figures: engines take a worn comma
    for one, and 2.724万吨 may be 2,724万吨."""
    return bool(_THREE_BEHIND.fullmatch(plain(_without_line(text)).strip()))
