"""When do two voices say the same, and what does it mean where they do not?"""

import itertools
import re

from ocr.convert import NAMES
from ocr.lexicon import figures, spelt
from procedure.acceptance import nearly_usual
from procedure.fieldrules import HALF_DIFFERS, PREFIXES, SEAL_DIFFERS, VOCABULARY
from procedure.readings import Value

FREE = NAMES | {"name", "project_name"}
"""Names, which no mark begins or ends."""
Voice = tuple[str, str]
"""Family, and whether it read the page as it is (``raw``) or without its seal (``clean``)."""
Values = dict[Voice, Value | None]
_SHORT_SERIAL = 12
_ROUND = str.maketrans("OQ0", "CCC")
_CROSSED = re.compile(r"(?<=[\d-])[+±](?=\d)")
_WORN = re.compile("[自白目百][愿惠慧思腾题恩够愚憨]?注[销铺锁]")
"""What both families read for 自愿注销 on worn prints."""
_NUMBERS = frozenset({"serial", "account_no", "phone"})
_LETTER_IN = re.compile(r"\d[BDGILOQSZ]+(?![A-Z])|(?<![A-Z])[BDGIOLQSZ]+\d")
_TURNED = re.compile("转[人八]$")


def open_fours(text: str) -> str:
    """+ and ± among figures, which is what engines make of a 4 that is open above."""
    return _CROSSED.sub("4", text)


def agreed(values: Values) -> bool:
    return len(set(values.values())) == 1 and None not in values.values()


def alike(field: str, values: Values) -> Values:
    """What differs from another voice's value, or from the only word it can be, in one stroke."""
    if field == "operation":
        return {voice: only_word(v) for voice, v in values.items()}
    if field in PREFIXES:
        return _prefixed(field, values)
    if field == "serial":
        return _hyphened(values)
    if field not in FREE:
        return values
    literal = {v for v in values.values() if v is not None and spelt(str(v)) == v}
    return {
        voice: spelt(str(v)) if v is not None and spelt(str(v)) in literal else v
        for voice, v in values.items()
    }


def _prefixed(field: str, values: Values) -> Values:
    """Letters that resemble the usual ones (OCER, QN), or lack one of them (CER, C), are these
    where a voice read them so: there is no other number with the same figures. Tesseract alone is
    no such voice but where they are round ones (HN is no worn CN)."""
    known = {v for v in values.values() if str(v).partition("-")[0] in PREFIXES[field]}
    sure = {v for (family, _), v in values.items() if v in known and family != "tesseract"}
    return {
        voice: next((one for one in known if _is_usual(field, v, one, alone=one not in sure)), v)
        for voice, v in values.items()
    }


def _is_usual(field: str, value: Value | None, usual: Value | None, *, alone: bool) -> bool:
    letters = str(value).partition("-")[0].translate(_ROUND)
    round_only = letters == str(usual).partition("-")[0]
    return _same_figures(field, value, usual) and (round_only or not alone)


def _hyphened(values: Values) -> Values:
    """Engines lose hyphens and make none: the same figures without one are no other span."""
    known = {str(v).replace("-", ""): v for v in values.values() if str(v).count("-") == 1}
    return {
        voice: known.get(str(v), v) if v is not None and "-" not in str(v) else v
        for voice, v in values.items()
    }


def hyphened_as(number: Value | None, values: Values) -> Values:
    """What was read of a number that begins with letters without some of its hyphens, with them.

    For looks at an undamaged picture of which both families read ``number``: engines lose hyphens
    when they look from near (CN100-3626911). On worn paper a speck may pass for one.
    """
    text = str(number)
    return {voice: number if _lost_hyphens(str(v), text) else v for voice, v in values.items()}


def _lost_hyphens(said: str, number: str) -> bool:
    same = said.replace("-", "") == number.replace("-", "")
    return number[:1].isalpha() and same and _hyphens(said) <= _hyphens(number)


def _hyphens(text: str) -> set[int]:
    """Behind how many other characters each of a number's hyphens stands."""
    return set(itertools.accumulate(map(len, text.split("-")[:-1])))


def _same_figures(field: str, value: Value | None, usual: Value | None) -> bool:
    letters, _, number = str(value).partition("-")
    first, _, same = str(usual).partition("-")
    return nearly_usual(field, str(value)) and len(letters) <= len(first) and number == same


def reads_figures(value: Value, values: Values) -> bool:
    """Whether any of these voices read the figures and letters of a name as they are in it."""
    wanted = figures(str(value))
    return any(v is not None and figures(str(v)) == wanted for v in values.values())


def odd(field: str, values: Values) -> bool:
    """What both families may misread alike: letters like the usual ones, a span's lost hyphen."""
    found = [str(v) for v in values.values() if v is not None]
    hyphen = field == "serial" and any(v.isdigit() and len(v) > _SHORT_SERIAL for v in found)
    return hyphen or any(nearly_usual(field, v) for v in found)


def crossed(field: str, text: str) -> bool:
    """Whether a letter that looks like a figure stands beside figures of a number (4086323Q9).

    Both families take a worn 0 for Q alike. Credit codes mix both, and have a check character.
    """
    return field in _NUMBERS and bool(_LETTER_IN.search(text.upper()))


def only_word(value: Value | None) -> Value | None:
    """自惠注销, 白愿注销 and 自注销 are worn, and no operation's name; 自动注销 might be one.

    Both families read 转入 as 转人 in some types.
    """
    if value is None:
        return None
    return "自愿注销" if _WORN.fullmatch(str(value)) else _TURNED.sub("转入", str(value))


def contradicted(value: Value | None, values: Values) -> str:
    """What is against a value that a voice read otherwise, "" for nothing.

    Where both families read it from the same picture, with or without the seal, the doubt is about
    the picture: a seal hides strokes, and taking it off takes strokes away, from both alike.
    """
    others = {voice for voice, v in values.items() if v is not None and v != value}
    if not others:
        return ""
    for source in ("raw", "clean"):
        both = [f for f in ("ppocr-v6", "ppocr-v4") if values.get((f, source)) == value]
        if len(both) == 2 and not any(voice[1] == source for voice in others):
            return SEAL_DIFFERS
    # What Tesseract makes of a line on which the others differ is often no number at all.
    engines = {str(values[voice]) for voice in others if voice[0] != "tesseract"}
    if engines and all(_share_a_half(str(value), other) for other in engines):
        return HALF_DIFFERS
    return "engine-disagrees"


def _share_a_half(span: str, other: str) -> bool:
    """Whether two spans of serial numbers begin or end with the same number."""
    begin, _, end = span.partition("-")
    first, _, last = other.partition("-")
    return _is_serial(begin) and _is_serial(end) and (begin == first or end == last)


def _is_serial(text: str) -> bool:
    return text.isdecimal() and 2 * len(text) >= _SHORT_SERIAL


def in_vocabulary(field: str, value: Value | None, values: Values) -> Values:
    """Of few words a misread one (自惠注销) is none of them, and so no other opinion."""
    known = VOCABULARY.get(field, frozenset())
    # 完成 may be what is left of 已完成: of short words both engines must read the same.
    if value not in known or len(str(value)) < 3:
        return values
    return {voice: v if v in known else None for voice, v in values.items()}
