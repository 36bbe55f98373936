"""Are the lines of a cell one value that is wrapped in it, or the values of several rows?"""

import itertools
import re
import unicodedata
from collections.abc import Sequence

from ocr.hits import Hit, Row
from ocr.rules import text_rows
from ocr.sheet import Line, centre
from ocr.tables import AMOUNT, NAMES, PROJECT_CODES
from procedure.fieldrules import RULES

_UNIT = re.compile(r"(?:[万千]?吨|T(?=CO2|$)|CO2).*")
_REMARK = re.compile(r"\([^()]*[)%]|约?占.*%")
_GROUPS = re.compile(r"\d{1,3}(?:[,.]\d{3})+")
_AMOUNT = re.compile(r"(?:\d{1,3}(?:[,.]\d{3})+|\d+)(?:\.\d+)?")
"""A number of which a part stands in the next line (1,324,86 and 1) is none."""
_REST = re.compile(r"\d{1,3}")
_CODE = re.compile(RULES["code"].whole)
_SPAN = re.compile(r"(?:.*\D)?(\d+)[~至到](?:.*\D)?(\d+)")
_RANGE = re.compile(r"(?:.*\D)?(\d{3,})[-‐–—−](?:[A-Z]+-)?(\d{3,})")
"""Numbers of two codes, and what may be these."""
_YEAR = re.compile(r"20[0-3]\d")
_CHINESE = re.compile(r"[㐀-鿿]")
_PHASE = r"(?:第?[一二三四五六七八九十\d]+期)?"
_PART = r"(?![（(]|[一二三四五六七八九十]期|配套|扩建|送出)"
_FEW = r"(?!节能|供[热暖水]|造林|碳汇|减排|回收|示范|建设|技改|土建|主体|[该本子].)"
_NAME = re.compile(rf"{_PART}(?:.{{3,}}|{_FEW}.{{1,2}})(?:项目|工程){_PHASE}")
_PLANT = re.compile(rf"{_PART}.{{2,}}电[场站厂]{_PHASE}")
_AND = re.compile("^[和及与]")
_JOINT = re.compile(
    r"[、,;/]|(?:(?<=项目)|(?<=工程)|(?<=期)|(?<=\)))[和及与]|(?<=电[场站厂])[和及与](?=.*电[场站厂])"
)
_TWO = re.compile(rf"(.+?项目{_PHASE})[-—]?(.+项目{_PHASE})")
"""Two names without a mark between them; many a name has 工程 twice."""
_KIND = re.compile("风|光|太阳|水[电力]|生物质|秸秆|填埋|垃圾|沼气|余热|瓦斯")
_TRADE = re.compile(
    r"(?:[A-Z\d.\s]|第?[一二三四五六七八九十]*(?:期|级|号|区|标段)|梯级|兆瓦|[万千]*瓦|风[力电]|水[力电]"
    r"|光[伏热]|[火热]电|太阳能|生物质|储能|垃圾|填埋气?|焚烧|沼气|余热|瓦斯|联产|发电|并网|地面"
    r"|分布式|集中式|.光互补|[新扩改]建|改造|增效|扩容|配套|利用|项目|工程|[电场站厂])+"
)
"""What names another one's part (二期49.5MW工程), and no project by itself."""
_BEHIND = re.compile(r"\([^()]*\)$")
_OF_WHICH = re.compile(r"其中|20[0-3]\d\s*年")
_FOOT = re.compile(r"备注|说明|附注|附件|[合总小共]\s*计")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_MARKS = ",.、;"


def is_several(row: Row) -> bool:
    """Whether a row's cells hold the values of two rows between which no rule was found.

    What stands below the others' cells says nothing: these have their rows.
    """
    foot = min((hit.box[3] for hit in row.values() if hit.ruled), default=0.0)
    return any(_has_values(hit, foot) for hit in row.values() if hit.ruled and hit.lines)


def amounts_in(rows: Sequence[Row]) -> int:
    """How many amounts stand in the rows' cells."""
    cells = (hit for row in rows for hit in row.values() if hit.field in AMOUNT.values())
    texts = [texts_of(hit.lines) for hit in cells if hit.lines]
    return sum(_figures(lines) if several_amounts(lines) else 1 for lines in texts)


def _figures(lines: Sequence[str]) -> int:
    return sum(bool(re.search(r"\d", _figure(x))) and not is_mobile(x) for x in lines)


def _has_values(hit: Hit, foot: float) -> bool:
    """Whether the lines of a cell, down to ``foot``, are several values, or one of a name's is what
    stands below a table."""
    texts = texts_of([line for line in hit.lines if centre(line.box)[1] < foot])
    if hit.field in AMOUNT.values():
        # What an amount is made of leaves that amount to a person, and the other rows alone.
        return several_amounts([text for text in texts if not _OF_WHICH.match(text)])
    if hit.field in NAMES:
        return several_names(texts) or with_foot(texts)
    return hit.field in PROJECT_CODES and several_codes(texts)


def texts_of(lines: Sequence[Line]) -> list[str]:
    """What the lines say from the top, pieces of one line as one."""
    return ["".join(line.text for line in row) for row in text_rows(lines)]


def several_amounts(texts: Sequence[str]) -> bool:
    """Whether the lines of an amount's cell are more than one amount.

    They are one only where the last line is just what completes the group of three that the lines
    before it leave open.
    """
    figures = [figure for figure in map(_figure, texts) if re.search(r"\d", figure)]
    if len(figures) < 2:
        return False
    *begun, rest = figures
    whole = any(_AMOUNT.fullmatch(said) for said in (*begun, *itertools.accumulate(begun)))
    return whole or not (_REST.fullmatch(rest) and _GROUPS.fullmatch("".join(figures)))


def breaks_at_mark(texts: Sequence[str]) -> bool:
    """Whether a line ends in a mark behind what may be a whole amount: 6,000, above 720."""
    figures = [figure for figure in map(_figure, texts) if re.search(r"\d", figure)]
    begun = itertools.accumulate(figures[:-1])
    return any(said[-1] in _MARKS and _AMOUNT.fullmatch(said.rstrip(_MARKS)) for said in begun)


def _figure(text: str) -> str:
    """A line without its unit, a remark in brackets, and blanks."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    return _UNIT.sub("", _REMARK.sub("", plain))


def is_mobile(text: str) -> bool:
    """Whether a number is a mobile telephone's, which no amount is as large as."""
    return bool(_MOBILE.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", text))))


def several_codes(texts: Sequence[str]) -> bool:
    """Whether the lines of a code's cell are more than one code: together they are none of the
    usual ones and wrapped at no hyphen, or a part of them is one already; or one lists several."""
    folded = [unicodedata.normalize("NFKC", text).upper() for text in texts]
    if any(map(_lists_codes, folded)):
        return True
    plain = [re.sub(r"\s", "", text) for text in folded]
    parts = [text for text in plain if not _CHINESE.search(text)]
    if sum(bool(re.search(r"\d", text)) for text in parts) < 2:
        return False
    if all(part.endswith("-") for part in parts[:-1]) and not re.match("[A-Z]", parts[-1]):
        return _is_span("".join(parts))
    said = list(itertools.accumulate(parts))
    return not _CODE.fullmatch(said[-1]) or any(_CODE.fullmatch(one) for one in said[:-1])


def _lists_codes(line: str) -> bool:
    """0364、0365 or 0364/0365, or from 0364 to 0366."""
    parts = [part for part in re.split(r"[、,;/和与及\s]+", line) if part]
    return (len(parts) > 1 and all(map(_CODE.fullmatch, parts))) or any(map(_is_span, parts))


def _is_span(text: str) -> bool:
    """Whether a code goes from one number to another: 0001~0003, or 0001-0003, which are as long
    and rise. JX-2013-2545 does not: it is of a year."""
    said = _SPAN.fullmatch(text)
    found = said or _RANGE.fullmatch(text)
    if not found:
        return False
    rises = len(found[1]) == len(found[2]) and found[1] < found[2]
    dated = any(_YEAR.match(part) for part in found.groups())
    return rises or not dated if said else rises and not dated


def several_names(texts: Sequence[str]) -> bool:
    """Whether a name's cell lists whole names: of two projects, or of two plants. A plant and a
    project behind it (甲风电场 above 发电项目) are one name, and so is what names a part of it."""
    lines = [unicodedata.normalize("NFKC", text) for text in texts]
    first, *more = [part.strip() for line in lines for part in re.split("[、;]", line)] or [""]
    return _are_two([first, *(_AND.sub("", part) for part in more)])


def joins_names(text: str) -> bool:
    """Whether one text says two whole names: 甲项目和丁项目, 甲风电项目水电站项目."""
    said = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    two = _TWO.fullmatch(said)
    return _are_two(_JOINT.split(said)) or (two is not None and _are_two(two.groups()))


def _are_two(parts: Sequence[str]) -> bool:
    named = _named(parts)
    return any(sum(bool(kind.fullmatch(x)) for x in named) > 1 for kind in (_NAME, _PLANT))


def _named(parts: Sequence[str]) -> list[str]:
    """Those that name more than a part of the one before, without brackets behind them."""
    own = (x for at, x in enumerate(parts) if not _TRADE.fullmatch(x.upper()) or _is_new(parts, at))
    return [_BEHIND.sub("", x) for x in own]


def _is_new(parts: Sequence[str], at: int) -> bool:
    """Whether a text is of another kind than the whole project before it (水电站项目)."""
    before = "".join(parts[:at])
    kinds = [set(_KIND.findall(x)) for x in (before, parts[at])]
    return bool(_NAME.fullmatch(before)) and all(kinds) and kinds[0].isdisjoint(kinds[1])


def with_foot(texts: Sequence[str]) -> bool:
    """Whether one of several lines is what stands below a table."""
    plain = [unicodedata.normalize("NFKC", text).strip() for text in texts]
    return len(plain) > 1 and any(_FOOT.fullmatch(text) for text in plain)
