"""Lines whose label nobody could make out are looked at again where a field is missing."""

import pytest

from ocr.engines.neural import PpOcrV4, PpOcrV6
from ocr.engines.port import Recogniser
from ocr.hits import Hit, Layout
from ocr.relook import read_again
from ocr.sheet import Line, Rect
from tests.ocr.scripted import First, Said, line, shelf
from tests.ocr.test_shapes import _line as printed
from tests.ocr.test_voting import page

NAME: Rect = (40.0, 40.0, 440.0, 80.0)
ACCOUNT: Rect = (40.0, 100.0, 440.0, 140.0)


def _read(lines: list[Line], again: Said, *fields: Line) -> list[str]:
    """The texts of a screen's lines after the look; ``fields`` are account_name and account_no."""
    names = ("account_name", "account_no")
    found = {
        name: (Hit(name, one.text, (one,), one.box),)
        for name, one in zip(names, fields, strict=False)
    }
    scan = page(lines)
    sheet = read_again(scan, Layout("cancellation", found), shelf(First(again)))
    return [one.text for one in sheet.lines()]


def test_a_label_that_was_cut_is_read_with_paper_round_it() -> None:
    name, account = line("长厂名称：西藏凌驰", NAME, 0.94), line("长号：CN-100-1", ACCOUNT, 0.97)
    again = {(200, "raw"): ("账户名称：西藏凌驰", 0.97), (190, "raw"): ("账号：CN-100-1", 1.0)}
    assert _read([name, account], again) == ["账户名称：西藏凌驰", "账号：CN-100-1"]


@pytest.mark.parametrize(
    ("sure", "again", "known"),
    [(0.996, 1.0, False), (0.94, 0.93, False), (0.94, 1.0, True)],
    ids=["sure at first", "less sure", "has its field"],
)
def test_what_reads_as_it_reads_stays(sure: float, again: float, known: bool) -> None:
    one = line("长厂名称：西藏凌驰", NAME, sure)
    fields = (one,) if known else ()
    texts = _read([one], {(200, "raw"): ("账户名称：西藏凌驰", again)}, *fields)
    assert texts == ["长厂名称：西藏凌驰"]


def test_where_every_field_was_found_nothing_is_read_again() -> None:
    lines = [line("一", NAME, 0.9), line("二", ACCOUNT, 0.9)]
    extra = line("三", (40.0, 160.0, 440.0, 200.0), 0.5)
    again = {(180, "raw"): ("四", 1.0)}
    assert _read([*lines, extra], again, *lines) == ["一", "二", "三"]
    assert _read([*lines, extra], again, lines[0]) == ["一", "二", "四"]


@pytest.mark.parametrize("engine", [PpOcrV6(), PpOcrV4()], ids=lambda one: one.family)
def test_a_line_reads_the_same_whatever_stands_beside_it(engine: Recogniser) -> None:
    """Lines recognised together are padded to the longest one, which engines see."""
    short, long = printed("5,333,516", 24), printed("海南弘达生物质热电联产项目" * 4, 24)
    assert engine.read_lines([short])[0] == engine.read_lines([long, short, long])[1]
