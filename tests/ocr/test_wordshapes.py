"""Words that a shaken photo shows and no engine makes out are told; what is no such word is not."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from clerk.drawing.damage import shaken, whole
from ocr import wordshapes
from ocr.engines.port import Picture
from ocr.faces import Face, faces
from ocr.geometry import Flat
from ocr.scan import Scan
from ocr.shaken import Smear, sharpened
from ocr.sheet import Block, Sheet
from ocr.voices import WORD
from ocr.wordshapes import SOURCE, Words, with_words
from procedure.acceptance import accepts
from tests.ocr.scripted import First, line, shelf
from tests.ocr.test_voting import FORM, hit, read

WORDS = Words(FORM)
SMEAR = Smear(9.0, 30.0, 1.3)
HIGH = 22
INK, PAPER = "#404040", "#f4f2ec"


def _shown(
    text: str, face: Face | None = None, ink: str = INK, paper: str = PAPER, smear: Smear = SMEAR
) -> Picture:
    """A line of 22 pixels as a shaken photo has it once it is sharpened."""
    font = (face or faces()[0]).at(HIGH)
    left, top, right, foot = map(round, font.getbbox(text))
    image = Image.new("RGB", (right - left + 80, foot - top + 80), paper)
    ImageDraw.Draw(image).text((40 - left, 40 - top), text, font=font, fill=ink)
    page = shaken(whole(image), smear.length, smear.degrees, smear.blur).picture
    still = sharpened(np.ascontiguousarray(np.asarray(page)[:, :, ::-1]), smear)
    return np.ascontiguousarray(still[36:-36, 36:-36])


def _told(strip: Picture) -> str | None:
    found = WORDS.told(strip)
    return found.word if found else None


@pytest.mark.parametrize(
    "word", ["自愿注销", "交易转入", "已完成", "项目编号", "减排量序列号", "完成时间", "账户持有人"]
)
@pytest.mark.parametrize("face", faces(), ids=lambda face: f"{face.path[-12:]}-{face.index}")
def test_a_word_of_a_list_is_told_in_any_face(word: str, face: Face) -> None:
    assert _told(_shown(word, face)) == word


@pytest.mark.parametrize("degrees", [0.0, 60.0, 90.0, 150.0])
def test_a_word_is_told_however_the_hand_moved(degrees: float) -> None:
    assert _told(_shown("自愿注销数量", smear=replace(SMEAR, degrees=degrees))) == "自愿注销数量"


def test_pale_print_on_dark_ground_is_a_word_too() -> None:
    assert _told(_shown("操作类型", ink="#f0f0f0", paper="#15523c")) == "操作类型"


@pytest.mark.parametrize(
    "text",
    [
        "强制注销", "自动注销", "代理注销", "自愿放弃", "司法冻结", "未完成", "已冻结", "已撤销",
        "登记时间", "注册数量", "批准时间", "317156", "CCER-1194", "967949133018",
        "2021-12-11 15:09", "河北衡岚电力有限公司", "内蒙古琛凌碳汇造林项目", "注销", "",
    ],
)  # fmt: skip
def test_what_stands_on_no_list_is_no_word_of_it(text: str) -> None:
    """Short words are like anything; a word that shares half its characters with 自愿注销 must
    not make a row count."""
    assert _told(_shown(text)) is None


def _scan(*parts: tuple[str, str, float], was_shaken: bool = True) -> Scan:
    """A page of lines that show something and were read as something, surely or not."""
    strips = [_shown(shown) for shown, _, _ in parts]
    wide, high = max(one.shape[1] for one in strips) + 40, sum(60 + len(one) for one in strips)
    picture = np.full((high, wide, 3), (236, 242, 244), np.uint8)
    lines, top = [], 20
    for strip, (_, text, sure) in zip(strips, parts, strict=True):
        foot, right = top + strip.shape[0], 20 + strip.shape[1]
        picture[top:foot, 20:right] = strip
        lines.append(line(text, (20.0, float(top), float(right), float(foot)), sure))
        top = foot + 40
    blocks = tuple(Block((one,), one.box) for one in lines)
    nothing = np.zeros((high, wide), np.uint8)
    flat = Flat(np.eye(3), wide, high)
    sheet = Sheet(blocks, wide, high, 1)
    return Scan(sheet, picture, picture.copy(), flat, picture, nothing, nothing, 0, was_shaken)


def _texts(sheet: Sheet) -> list[str]:
    return [one.text for one in sheet.lines()]


def _reading(text: str, sure: float = 0.7) -> First:
    return First({(0, "raw"): (text, sure)}, height=26.0)


def test_unsure_lines_of_a_shaken_page_become_the_words_that_they_show() -> None:
    page = _scan(("操作类型", "换作类型", 0.69), ("317156", "317156", 0.7))
    sheet = with_words(page, WORDS, shelf(_reading("")))
    assert _texts(sheet) == ["操作类型", "317156"]
    told, number = sheet.lines()
    assert told.source == SOURCE
    assert 0.77 <= told.confidence < 1
    assert number == page.sheet.lines()[1]


@pytest.mark.parametrize(
    ("text", "sure", "was_shaken"),
    [("换作类型", 0.69, False), ("换作类型", 0.8, True), ("操作状态", 0.7, True)],
)
def test_other_pages_sure_lines_and_words_that_were_read_stay(
    text: str, sure: float, was_shaken: bool
) -> None:
    page = _scan(("操作类型", text, sure), was_shaken=was_shaken)
    assert with_words(page, WORDS, shelf(_reading(""))) is page.sheet


@pytest.mark.parametrize("said", ["号：967949133018", "联号:967949133018", "账导：967949133018"])
def test_a_label_that_nobody_could_read_is_cut_from_its_value(said: str) -> None:
    page = _scan(("账号：967949133018", said, 0.9))
    sheet = with_words(page, WORDS, shelf(_reading("967949133018")))
    assert _texts(sheet) == ["账号", "967949133018"]
    label, value = sheet.blocks
    assert label.box[2] < value.box[0] + 8
    assert page.sheet.blocks[0].box[0] == label.box[0]
    assert value.box[2] == page.sheet.blocks[0].box[2]


@pytest.mark.parametrize(
    ("said", "again"),
    [
        ("号：967949133018", "67949133018"),
        ("号：967949133018", "367949133018"),
        ("导：967949133018", "967949133018"),
    ],
)
def test_nothing_is_cut_where_the_value_would_change_or_nothing_of_the_label_was_read(
    said: str, again: str
) -> None:
    page = _scan(("账号：967949133018", said, 0.9))
    assert with_words(page, WORDS, shelf(_reading(again))) is page.sheet


def test_a_font_that_was_taken_away_costs_no_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    there = faces()[0]
    monkeypatch.setattr(wordshapes, "faces", lambda: (there, Face("/nowhere/gone.ttf")))
    assert WORDS.told(_shown("自愿注销")) is None


def test_no_picture_shows_no_word() -> None:
    assert WORDS.told(np.zeros((0, 0, 3), np.uint8)) is None


@pytest.mark.parametrize("said", ["账号：967949133018", "967949133018", "号：", "：967949133018"])
def test_nothing_is_cut_where_the_label_was_read_or_nothing_is_one(said: str) -> None:
    page = _scan(("账号：967949133018", said, 0.9))
    assert with_words(page, WORDS, shelf(_reading("1"))) is page.sheet


@pytest.mark.parametrize(
    ("shown", "first", "second", "value", "engines"),
    [
        ("自愿注销", "启惠注机", "#德注楼", "自愿注销", ("word-shape",)),
        ("自愿注销", "自愿注销", "#德注楼", "自愿注销", ("ppocr-v6", "word-shape")),
        ("强制注销", "启惠注机", "#德注楼", "启惠注机", ("ppocr-v6",)),
        # Much like it, but both engines read the same.
        ("自愿注册", "自愿注册", "自愿注册", "自愿注册", ("ppocr-v6", "ppocr-v4")),
    ],
)
def test_an_operation_is_the_word_that_its_page_shows(
    shown: str, first: str, second: str, value: str, engines: tuple[str, ...]
) -> None:
    page = _scan((shown, first, 0.6))
    said = shelf(_reading(first), {(0, "raw"): (second, 0.5)}, height=26.0)
    sheet = with_words(page, WORDS, said)
    found = read(hit("operation", *sheet.lines()), said, replace(page, sheet=sheet))
    assert (found.value, found.engines) == (value, engines)
    assert accepts("operation", found, handwritten=True) is (value == "自愿注销")


@pytest.mark.parametrize(("first", "accepted"), [("已完成", True), ("已究成", False)])
def test_a_state_that_but_one_engine_read_is_borne_out_by_its_shape(
    first: str, accepted: bool
) -> None:
    sure = 0.85 if accepted else 0.6
    page = _scan(("已完成", first, sure))
    said = shelf(_reading(first, sure), {(0, "raw"): ("巴究成", 0.5)}, height=26.0)
    sheet = with_words(page, WORDS, said)
    found = read(hit("status", *sheet.lines()), said, replace(page, sheet=sheet))
    assert found.value == "已完成"
    assert WORD[0] in found.engines
    assert accepts("status", found, handwritten=True) is accepted


def test_an_engine_that_reads_another_word_of_the_list_differs() -> None:
    page = _scan(("自愿注销", "启惠注机", 0.6))
    said = shelf(_reading("启惠注机"), {(0, "raw"): ("交易转出", 0.9)}, height=26.0)
    sheet = with_words(page, WORDS, said)
    found = read(hit("operation", *sheet.lines()), said, replace(page, sheet=sheet))
    assert "engine-disagrees" in found.against
    assert not accepts("operation", found, handwritten=True)


def test_which_words_are_known() -> None:
    assert WORDS.has("自愿注销数量")
    assert WORDS.has("已完成")
    assert not WORDS.has("已究成")
