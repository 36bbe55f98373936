"""Commands and case numbers as people type them."""

import pytest

from bot import words
from bot.words import CaseWord, Command


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("/todo", Command("todo", "", True)),
        ("／ＴＯＤＯ", Command("todo", "", True)),
        ("待办", Command("todo", "")),
        ("/start", Command("help", "", True)),
        ("？", Command("help", "")),
        ("查询 河北某某热电有限公司", Command("status", "河北某某热电有限公司")),
        ("状态：CCER-2019-13-0007", Command("status", "CCER-2019-13-0007")),
        ("确认CCER-2019-13-0007", Command("confirm", "CCER-2019-13-0007")),
        ("退回ccer－2019－13－0007 未盖章", Command("return", "ccer－2019－13－0007 未盖章")),
        ("绑定　ABCDE23456", Command("bind", "ABCDE23456")),
        ("/return CCER-2019-13-0007 a_b*c<d", Command("return", "CCER-2019-13-0007 a_b*c<d", True)),
    ],
)
def test_command_words(typed: str, expected: Command) -> None:
    assert words.command(typed) == expected


@pytest.mark.parametrize(
    "typed", ["", "你好", "确认一下这个案件", "return the form", "/unknown", "CCER-2019-13-0007"]
)
def test_no_command(typed: str) -> None:
    assert words.command(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "CCER-2019-13-0007",
        "ccer-2019-13-0007",
        "ＣＣＥＲ－２０１９－１３－０００７",
        "CCER—2019—13—0007",
        "ccer 2019 13 0007",
        "CCER2019130007",
        "请看CCER-2019-13-0007",
    ],
)
def test_case_numbers_however_written(typed: str) -> None:
    assert words.case_word(typed) == CaseWord("CCER-2019-13-0007", None, "")


@pytest.mark.parametrize(
    ("typed", "application", "rest"),
    [
        ("CCER-2019-13-0007/2 是", 2, "是"),
        ("CCER-2019-13-0007 第2份 是 6,182", 2, "是 6,182"),
        ("CCER-2019-13-0007 6182", None, "6182"),
        ("CCER-2019-13-0007，原因：未盖章（第1页）。", None, "原因：未盖章（第1页）。"),
    ],
)
def test_application_and_rest(typed: str, application: int | None, rest: str) -> None:
    """A reason keeps its full-width punctuation: it goes to the entity."""
    found = words.case_word(typed)
    assert found is not None
    assert (found.application, found.rest) == (application, rest)


@pytest.mark.parametrize("typed", ["CCER-2019-13", "CCR-2019-13-0007", "2019-13-0007", ""])
def test_no_case_number(typed: str) -> None:
    assert words.case_word(typed) is None


@pytest.mark.parametrize(
    ("typed", "number"),
    [("6182", 6182), ("6,182 吨", 6182), ("６，１８２吨", 6182), ("0.6万吨", None), ("是", None)],
)
def test_tonnes_typed_again(typed: str, number: int | None) -> None:
    assert words.number_in(typed) == number
