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
_CHINESE = re.compile(r"[㐀-鿿]")
_NAME = re.compile(r"(?![（(]|[一二三四五六七八九十]期|配套|扩建).{3,}(?:项目|工程)")
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
        return several_amounts(texts)
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
        return False
    said = list(itertools.accumulate(parts))
    return not _CODE.fullmatch(said[-1]) or any(_CODE.fullmatch(one) for one in said[:-1])


def _lists_codes(line: str) -> bool:
    """0364、0365 or 0364/0365."""
    parts = [part for part in re.split(r"[、,;/和与及\s]+", line) if part]
    return len(parts) > 1 and all(map(_CODE.fullmatch, parts))


def several_names(texts: Sequence[str]) -> bool:
    """Whether two lines of a name's cell are whole names."""
    return sum(bool(_NAME.fullmatch(text)) for text in texts) > 1


def with_foot(texts: Sequence[str]) -> bool:
    """Whether one of several lines is what stands below a table."""
    plain = [unicodedata.normalize("NFKC", text).strip() for text in texts]
    return len(plain) > 1 and any(_FOOT.fullmatch(text) for text in plain)
