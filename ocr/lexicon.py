"""Words that names of projects and entities are made of.

The engines differ most on single characters that look alike (填埋气 and 填理气). Where one read the
word of the trade and the other something that is no word, they do not really differ.
"""

import re
from collections.abc import Sequence

from procedure.lookalikes import LOOKALIKES

# fmt: off
TERMS = (
    "垃圾填埋气", "填埋气发电", "生物质热电联产", "生物质发电", "热电联产", "户用沼气", "光伏发电",
    "光伏电站", "碳汇造林", "造林项目", "发电项目", "利用项目", "联产项目", "电站工程", "煤矿瓦斯",
    "有限责任公司", "股份有限公司", "有限公司", "集团有限", "自备电厂", "黑龙江", "内蒙古",
)
WORDS = (
    "余热发电", "光热发电", "地热发电", "沼气发电", "燃气发电", "煤气发电", "瓦斯发电", "焚烧发电",
    "水力发电", "风力发电", "火力发电",
    "风电项目", "水电项目", "热电项目", "光电项目", "核电项目", "竹林项目", "森林项目", "营林项目",
    "电场工程", "工程", "光热电站", "农用沼气", "民用沼气", "白龙江", "乌龙江", "九龙江", "青龙江",
)
# fmt: on
"""`TERMS` resemble no other word; `WORDS` resemble a term or one another, and are never mended."""
_CAPACITY = re.compile(r"(?<=\d)(?:M[MW]?|mW)(?=[ph]?(?!瓦)[㐀-鿿])")
"""Of megawatts, of which 48MWp is the peak and 48MWh what they give in an hour."""
_LETTERS = re.compile("(?<=[0-9])[MKGkmgWwNVPHph]{1,3}(?=[㐀-鿿])")
_A_UNIT = re.compile("[MKkG]W[ph]?|MW[PH]|[MKk]w|[Kk]?V|[Kk]?m")
_UNIT = re.compile(r"(?<=\d)[MmW]{1,2}(?=[㐀-鿿])")
_RATED = re.compile(r"\d[\d.]*M?W?(?<=[MW])[ph]?(?=[㐀-鿿])")
_BEFORE = re.compile("[㐀-鿿()（）]")
"""What a capacity begins behind: what follows another mark (20×2MW) is part of something longer."""
_FIGURES = re.compile("[0-9A-Za-z]+")
_ZERO = re.compile(r"(?<=\d)[Oo](?=[\d.]*MW)")
_LONGEST_FIRST = sorted(TERMS, key=len, reverse=True)


def spelt(text: str) -> str:
    """``text`` with each near miss of a word (one character of its length wrong) as the word.

    What is part of a word already is not touched: 埋气发电 in 填埋气发电 is no 沼气发电. A capacity
    is as `in_megawatts` has it.
    """
    text = in_megawatts(text)
    words = _in_words(text)
    for term in _LONGEST_FIRST:
        text = _mended(text, term, words)
    return text


def in_megawatts(text: str) -> str:
    """``text`` with its capacity as it is told: 15M发电 has lost its W, and 2OMW光伏 has no letter
    in its figure."""
    return _ZERO.sub("0", _CAPACITY.sub("MW", text))


def has_odd_unit(text: str) -> bool:
    """Whether letters behind a figure look like a unit and are none (30.6Mh, 48NW, 201K): engines
    lose a W of small print, and take one for another letter."""
    return any(not _A_UNIT.fullmatch(one[0]) for one in _LETTERS.finditer(text))


def capacity_places(text: str, span: tuple[int, int]) -> list[int]:
    """Places of figures, points and the unit of each capacity (49.5MW, 20M) in a value; [] where
    one does not begin there (20×2MW, 1,200MW). ``span`` as in `doubtful`."""
    value = text[slice(*span)]
    rated = list(_RATED.finditer(value))
    if any(one.start() and not _BEFORE.match(value, one.start() - 1) for one in rated):
        return []
    return [span[0] + at for one in rated for at in range(*one.span())]


def doubtful(text: str, span: tuple[int, int], *, all_of: bool) -> list[int]:
    """Places of the Chinese characters that may stand for rarer ones; ``all_of`` them, or only
    those that engines are known to err towards. Words are what they are.

    ``span``: from where to where (excluded) the value stands in the line; a label is left out.
    """
    words = _in_words(text)
    return [
        at
        for at in range(*span)
        if "㐀" <= text[at] <= "鿿" and not words[at] and (all_of or text[at] in LOOKALIKES)
    ]


def own_places(text: str, span: tuple[int, int]) -> list[int]:
    """Places of the characters that no word of the trade vouches for: all but marks, blanks and the
    unit of a capacity (20MW), which follows its figure in whatever way it is read.

    ``span`` as in `doubtful`.
    """
    mended = spelt(text)
    words = _in_words(mended if len(mended) == len(text) else text)
    for unit in _UNIT.finditer(text):
        words[unit.start() : unit.end()] = [True] * len(unit[0])
    return [at for at in range(*span) if text[at].isalnum() and not words[at]]


def figures(text: str) -> list[str]:
    """Its figures and Latin letters: no comparing of Chinese characters looks at these."""
    return _FIGURES.findall(text)


def value_spans(lines: Sequence[str], value: str) -> list[tuple[int, int]]:
    """From where to where (excluded) a value stands in each of its lines, [] where it is not found
    just once: a line of two pairs (单位名称：… 联系人：…) holds other values too.

    Marks of both widths count as the same.
    """
    joined, value = _narrow("".join(lines)), _narrow(value)
    if not value or joined.count(value) != 1:
        return []
    begin, spans = joined.index(value), []
    for line in lines:
        spans.append((max(0, min(len(line), begin)), max(0, min(len(line), begin + len(value)))))
        begin -= len(line)
    return spans


def _narrow(text: str) -> str:
    """Each full-width mark or figure as its narrow one; as long as before."""
    return "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)


def _in_words(text: str) -> list[bool]:
    words = [False] * len(text)
    for term in (*TERMS, *WORDS):
        start = text.find(term)
        if start >= 0:
            words[start : start + len(term)] = [True] * len(term)
    return words


def _mended(text: str, term: str, words: list[bool]) -> str:
    size = len(term)
    for start in range(len(text) - size + 1):
        part = text[start : start + size]
        wrong = [a != b for a, b in zip(part, term, strict=True)]
        # Of a short word the first character tells which one it is (凤电项目 is no 发电项目).
        if size <= 4 and wrong[0]:
            continue
        if sum(wrong) == 1 and not words[start + wrong.index(True)]:
            words[start : start + size] = [True] * size
            return text[:start] + term + text[start + size :]
    return text
