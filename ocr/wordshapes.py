"""Words of a shaken photo that no engine makes out, told by drawing those that may stand there.

Headings, operations and states are words of a short list. Sharpened, a smeared one is still unlike
what engines were taught, but more like its own drawing, as a whole, than like any other word of the
list. Numbers and names come from no list: they stay what engines read.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageDraw

from ocr.crops import crop
from ocr.drawings import Ink
from ocr.engines import Shelf
from ocr.engines.port import Picture
from ocr.faces import Face, faces
from ocr.scan import Scan
from ocr.shapes import advance
from ocr.sheet import Block, Line, Sheet
from procedure.fieldrules import VOCABULARY
from procedure.forms import FormTemplate, normalise_label

log = logging.getLogger(__name__)

SOURCE: Final = "drawn"
"""`Line.source` of a line whose text is such a word."""
PLAIN: Final = 0.8
"""Confidence from which a line reads as it reads: what is much like a word is no such word."""
_WHOLE = 0.98
"""The same of a label with its value: of one whose label was lost figures are read surely."""
_FEWEST, _LONGEST = 3, 12
"""Characters of a word: shorter ones are like anything but before a colon; and of a label there."""
_CUTS = (-0.3, 0.0, 0.3, 0.6, 0.9)
"""Where a label may end, in heights of the line from where its text says: some of it was lost."""
_HIGH = 24
"""Pixels that a word's ink is made high, and each of its characters wide, to be compared."""
_UP, _ASIDE = 3, 6
"""Pixels by which it may stand off its drawing."""
_LARGE = 48
_SOFT = 0.07
"""Deviation of the blur that drawings have, in ems."""
_INKED = 0.3
"""Share of the darkest ink from which a row or column has print."""
_WIDER = 1.2
"""Characters by which a word may be longer or shorter than its ink's shape tells."""
_NEAREST = 10
"""Words that are drawn in all faces."""
_LEAST, _OWN, _MARGIN = 0.77, 0.7, 0.15
"""Least likeness of a word and of each of its characters; and by how much likelier it must be than
any word of another meaning, as a share of what the two differ by. Of 500 words in 15 faces (most of
them in a face that they were not compared with), smeared by a quarter to a half of a character and
sharpened, 357 were told and none as another one; of 342 that are on no list, most of them a
character or two off one that is, 10 were told as that one."""
_SEARCHED = 3
"""Pixels by which a character may stand off its place in its word."""

# fmt: off
_OTHERS = frozenset({
    "已冻结", "已撤销", "未完成", "已取消", "已拒绝", "已驳回", "待处理", "已提交", "已退回",
    "已失效", "已关闭", "进行中", "办理中", "强制注销", "自动注销", "司法冻结", "强制划转",
    "自愿注册", "自愿核销", "自主注销", "自行注销", "主动注销", "代理注销", "账户划转",
    "登记时间", "创建时间", "签发时间", "批准时间", "受理时间", "申报时间", "备注信息", "操作说明",
    "注册数量", "申请注册数量", "已核销数量", "申请抵押量", "截止序列号", "账户余额", "经手人",
    "申报单位", "已生成", "已过期", "已完结", "已完毕", "交易划入", "交易划出",
})
# fmt: on
"""Words that screens may show and that are on no list: what is as like one of them is none that
is."""

Meanings = Mapping[str, tuple[str | None, ...]]
"""Each word with what it means in each list of words."""


@dataclass(frozen=True)
class Told:
    """A word that a picture shows, and how like its drawing the picture is (0…1)."""

    word: str
    likeness: float


class Words:
    """The words that papers of a template may show."""

    def __init__(self, template: FormTemplate) -> None:
        self._known = _meanings(template)
        self._long = {w: means for w, means in self._known.items() if len(w) >= _FEWEST}

    def told(self, strip: Picture) -> Told | None:
        """The word that a line's picture shows."""
        return told(strip, self._long)

    def short(self, strip: Picture) -> Told | None:
        """The same where it may have but two characters."""
        return told(strip, self._known)

    def has(self, text: str) -> bool:
        """Whether a text is one of the words."""
        return normalise_label(text) in self._known and text not in _OTHERS


def with_words(page: Scan, words: Words, shelf: Shelf) -> Sheet:
    """The page's sheet; on a shaken page, lines that were not read surely and are no known word as
    the word that they show, its likeness for confidence, and such labels cut from their values."""
    if not page.shaken:
        return page.sheet
    found: dict[Line, list[Line]] = {}
    for block in page.sheet.blocks:
        for line in block.lines:
            if line.confidence >= _WHOLE or words.has(line.text):
                continue
            unread = line.confidence < PLAIN
            if one := words.told(crop(page.picture, line)) if unread else None:
                found[line] = [_as_told(line, one)]
            elif not block.ruled and (parts := _cut_at_colon(page, line, words, shelf)):
                found[line] = parts
    if not found:
        return page.sheet
    blocks = (part for block in page.sheet.blocks for part in _with(block, found))
    return replace(page.sheet, blocks=tuple(blocks))


def _with(block: Block, found: Mapping[Line, list[Line]]) -> list[Block]:
    """The block with lines that were told; a line that was cut as blocks of its own."""
    lines = [part for line in block.lines for part in found.get(line, [line])]
    if block.ruled or len(lines) == len(block.lines):
        return [replace(block, lines=tuple(lines))]
    return [Block((line,), line.box) for line in lines]


def _cut_at_colon(page: Scan, line: Line, words: Words, shelf: Shelf) -> list[Line]:
    """The label that stands before a line's colon and shows a known word, of which a character was
    read, and its value; [] for none, where the label was read, and where the value reads otherwise
    once it is cut off: the colon may be a figure."""
    label, colon, value = line.text.replace("：", ":").partition(":")
    if not (colon and value and label) or len(label) > _LONGEST or words.has(label):
        return []
    strip = crop(page.picture, line, 0.0)
    word, at = _label_of(strip, advance(label) / (advance(line.text) or 1.0), words)
    if word is None or set(word.word).isdisjoint(label):
        return []
    begin = _after_colon(_ink_of(strip), at)
    if begin is None:
        return []
    wide = strip.shape[1]
    first, second = _part(page, line, 0.0, at / wide), _part(page, line, begin / wide, 1.0)
    (read,) = shelf.primary.read_lines([crop(page.picture, second)])
    if "".join(read.text.split()) != "".join(value.split()):
        return []
    second = replace(second, text=read.text, confidence=read.confidence, each=read.each)
    return [_as_told(first, word), second]


def _label_of(strip: Picture, share: float, words: Words) -> tuple[Told | None, int]:
    """The word that a line begins with, and the column where it ends, near a ``share`` of its
    width; None for none."""
    high, wide = strip.shape[:2]
    cuts = [int(wide * share + by * high) for by in _CUTS]
    told = [(words.short(strip[:, :at]), at) for at in cuts if high // 2 < at < wide]
    found = [(one.likeness, at, one) for one, at in told if one]
    _, at, best = max(found, key=lambda it: it[:2], default=(0.0, 0, None))
    return best, at


def _after_colon(ink: Ink, at: int) -> int | None:
    """The column between a colon, which stands from ``at`` on, and what follows it."""
    inked = ink.max(axis=0) > _INKED * float(ink.max(initial=0.0))
    edges = np.flatnonzero(np.diff(inked[at:].astype(np.int8)))
    ends = [at + int(edge) + 1 for edge in edges if not inked[at + edge + 1]]
    begins = [at + int(edge) + 1 for edge in edges if inked[at + edge + 1]]
    value = next((one for one in begins if ends and one > ends[0]), None)
    return (ends[0] + value) // 2 if value is not None else None


def _part(page: Scan, line: Line, begin: float, end: float) -> Line:
    """A line's part, from and to a share of its width."""
    x0, y0, x1, y1 = line.box
    box = (x0 + begin * (x1 - x0), y0, x0 + end * (x1 - x0), y1)
    return replace(line, box=box, quad=page.flat.back(box))


def told(strip: Picture, known: Meanings) -> Told | None:
    """Which of the ``known`` words a line's picture shows; None where it shows none of them, or it
    cannot be told from one of another meaning, each in the face that it is most like."""
    ink = _trimmed(_ink_of(strip)) if strip.size else None
    if ink is None:
        return None
    try:
        return _told(ink, known)
    except (OSError, ValueError, cv2.error) as error:
        # A font that was taken away while the program runs, or has odd outlines.
        log.warning("a line is not compared with the typefaces: %s", error)
        return None


def _told(ink: Ink, known: Meanings) -> Told | None:
    ranked = sorted((_Fit.best(ink, word) for word in _likely(ink, known)), key=lambda fit: -fit.of)
    if not ranked or ranked[0].of < _LEAST or ranked[0].weakest() < _OWN:
        return None
    best, *others = ranked
    rivals = [fit for fit in others if known[fit.word] != known[best.word]]
    clear = all(best.of - fit.of >= _MARGIN * _apart(best.word, fit.word) for fit in rivals)
    return Told(best.word, best.of) if clear and best.word not in _OTHERS else None


def _likely(ink: Ink, known: Meanings) -> list[str]:
    """The words of about the ink's length that are most like it as the packaged face draws them."""
    count = ink.shape[1] / ink.shape[0]
    long = [word for word in known if abs(len(word) - count) <= _WIDER]
    return sorted(long, key=lambda word: -_Fit.of_face(ink, word, faces()[0]).of)[:_NEAREST]


@dataclass(frozen=True)
class _Fit:
    """Ink laid over a word's drawing where it fits best, and how like it is there."""

    word: str
    drawn: Ink
    framed: Ink
    at: tuple[int, int]
    """Column and row of ``framed`` where the drawing begins."""
    of: float

    @classmethod
    def best(cls, ink: Ink, word: str) -> "_Fit":
        """In the face that the ink is most like."""
        return max((cls.of_face(ink, word, face) for face in faces()), key=lambda fit: fit.of)

    @classmethod
    def of_face(cls, ink: Ink, word: str, face: Face) -> "_Fit":
        return cls.over(ink, word, _drawn(word, face))

    @classmethod
    def over(cls, ink: Ink, word: str, drawn: Ink) -> "_Fit":
        wide = cv2.resize(ink, drawn.shape[::-1], interpolation=cv2.INTER_AREA)
        around = (_UP, _UP, _ASIDE, _ASIDE)
        framed = cv2.copyMakeBorder(wide, *around, cv2.BORDER_CONSTANT, value=0)
        _, most, _, at = cv2.minMaxLoc(cv2.matchTemplate(framed, drawn, cv2.TM_CCOEFF_NORMED))
        return cls(word, drawn, np.asarray(framed, np.float32), (at[0], at[1]), float(most))

    def weakest(self) -> float:
        """Likeness of the character that is least like its drawing."""
        return min(map(self._of_character, range(len(self.word))))

    def _of_character(self, index: int) -> float:
        left, top = self.at[0] + index * _HIGH, self.at[1]
        rows = slice(max(0, top - _SEARCHED), top + _HIGH + _SEARCHED)
        columns = slice(max(0, left - _SEARCHED), left + _HIGH + _SEARCHED)
        drawn = self.drawn[:, index * _HIGH : (index + 1) * _HIGH]
        found = cv2.matchTemplate(self.framed[rows, columns], drawn, cv2.TM_CCOEFF_NORMED)
        return float(found.max())


def _as_told(line: Line, one: Told) -> Line:
    return replace(line, text=one.word, confidence=one.likeness, each=(), source=SOURCE)


def _meanings(template: FormTemplate) -> Meanings:
    """Each word that labels a field or heads a column, and each operation and state, with what it
    means in every list of them."""
    tables = [*template.fields.values(), *template.columns.values()]
    lists = [*(table.aliases for table in tables)]
    lists += map(_as_themselves, (*VOCABULARY.values(), _OTHERS))
    words = {word for one in lists for word in one if len(word) > 1}
    return {word: tuple(one.get(word) for one in lists) for word in sorted(words)}


def _as_themselves(words: Iterable[str]) -> Mapping[str, str]:
    return {word: word for word in words}


def _ink_of(strip: Picture) -> Ink:
    """How far each pixel is from the paper: darker print, or paler print on dark ground."""
    grey = cv2.GaussianBlur(cv2.cvtColor(strip, cv2.COLOR_BGR2GRAY).astype(np.float32), (0, 0), 1.0)
    away = grey - np.median(grey)
    darker = -float(away.min()) > float(away.max())
    return np.asarray(np.clip(-away if darker else away, 0, None), np.float32)


def _trimmed(ink: Ink) -> Ink | None:
    """The part that has print, `_HIGH` pixels high; None where there is none."""
    least = _INKED * float(ink.max(initial=0.0))
    rows, columns = (np.flatnonzero(ink.max(axis=axis) > least) for axis in (1, 0))
    if not rows.size or not columns.size:
        return None
    part = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    wide = max(1, round(_HIGH * part.shape[1] / part.shape[0]))
    return np.asarray(cv2.resize(part, (wide, _HIGH), interpolation=cv2.INTER_AREA), np.float32)


def _apart(word: str, other: str) -> float:
    """How unlike two words are as drawn, each as wide as the first: 0 for the same."""
    first, second = (_drawn(one, faces()[0]) for one in (word, other))
    return 1 - _Fit.over(second, word, first).of


@lru_cache(maxsize=4096)
def _drawn(word: str, face: Face) -> Ink:
    font = face.at(_LARGE)
    left, top, right, foot = map(round, font.getbbox(word))
    pad = _LARGE // 4
    image = Image.new("L", (right - left + 2 * pad, foot - top + 2 * pad))
    ImageDraw.Draw(image).text((pad - left, pad - top), word, font=font, fill=255)
    soft = cv2.GaussianBlur(np.asarray(image, np.float32), (0, 0), _SOFT * _LARGE)
    ink, size = _trimmed(np.asarray(soft, np.float32)), (_HIGH * len(word), _HIGH)
    if ink is None:
        raise ValueError(f"{face.path} draws nothing for {word}")
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.float32)
