"""Words that are written down in Chinese and told in another language later."""

import json
import pickle
from contextvars import copy_context
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar

import pytest
from pydantic import ValidationError

from procedure.jsonable import adapter, dump, load
from procedure.language import (
    AND,
    Said,
    Text,
    Words,
    _,
    joined,
    n_,
    packed,
    remembered,
    speak,
    speaking,
    spoken,
    term,
    termed,
    told,
    unpacked,
)
from procedure.language import CHINESE as ZH


class Reversed:
    """A language for this test: known texts are translated, others stay."""

    tag = "xx"
    texts: ClassVar = {
        "项目 {code} 的 {what}不足": "{what} too small: {code}",
        "申请表": "form",
        "、": " & ",
        "共 {count} 项": "{count} in all",
    }

    def message(self, chinese: str, count: int | None = None) -> str:
        return self.texts.get(chinese, chinese)

    number = moment = day = full_day = full_moment = str


@dataclass(frozen=True)
class Kept:
    said: Words
    more: tuple[Words, ...] = ()


NAME = "{共}“、申请表"
SHORT = _("项目 {code} 的 {what}不足").said(
    code=NAME, what=joined([termed("申请表"), "申请表"], AND)
)
CHINESE = "项目 {共}“、申请表 的 申请表、申请表不足"
OTHER = "form & 申请表 too small: {共}“、申请表"


def _in_another(words: str) -> str:
    with speaking(Reversed()):
        return told(words)


def test_words_are_chinese_until_they_are_told() -> None:
    assert SHORT == CHINESE
    assert told(SHORT) == CHINESE
    with speaking(Reversed()):
        assert f"{SHORT}" == CHINESE


def test_a_name_that_is_a_text_stays_a_name() -> None:
    assert _in_another(SHORT) == OTHER
    assert _in_another("申请表") == "申请表"
    assert _in_another(termed("申请表")) == "form"


def test_counted_words_keep_their_count() -> None:
    words = n_("共 {count} 项").said(count=3)
    again = unpacked(packed(words))
    assert again == "共 3 项"
    assert isinstance(again, Said)
    assert again.text.counted
    assert again.values == {"count": 3}
    assert _in_another(again) == "3 in all"


@pytest.mark.parametrize("words", [SHORT, termed("申请表"), joined(["a", SHORT], AND)])
def test_memory_outlives_json_a_column_and_another_process(words: Said) -> None:
    expected = _in_another(words)
    kept = Kept(words, (words, "plain"))
    back = load(Kept, dump(kept, memory=True))
    assert back == kept
    assert [_in_another(one) for one in (back.said, *back.more)] == [expected, expected, "plain"]
    assert _in_another(unpacked(packed(words))) == expected
    assert _in_another(pickle.loads(pickle.dumps(words))) == expected


def test_others_get_plain_words() -> None:
    assert dump(Kept(SHORT, (SHORT,))) == {"said": CHINESE, "more": [CHINESE]}
    assert load(Kept, {"said": "old", "more": []}) == Kept("old")
    assert unpacked(packed("plain")) == "plain"


@pytest.mark.parametrize("data", [7, {"words": "x"}, {"text": 3}, None])
def test_what_is_no_words_is_refused(data: object) -> None:
    with pytest.raises(ValidationError):
        load(Kept, {"said": data})


@pytest.mark.parametrize("term", ["项目{", "{x}", "{}", "{{"])
def test_words_without_fields_are_no_template(term: str) -> None:
    for words in (termed(term), unpacked(packed(termed(term)))):
        assert told(words) == words == term


@pytest.mark.parametrize(
    "words",
    [
        '{"text": ',
        '{"text": 3}',
        '{"text": "没有 {n}", "values": {"m": 1}}',
        '{"text": "{", "values": {"m": 1}}',
        '{"text": "{0}", "values": {"m": 1}}',
        '{"text": "{m.x}", "values": {"m": 1}}',
        '{"text": "x", "values": [1]}',
        '{"text": "x", "values": {"self": 1}}',
        '{"text": "x", "parts": 1}',
        '{"text": ' + "[" * 100_000,
    ],
)
def test_what_only_looks_like_a_memory_stays_as_it_is(words: str) -> None:
    assert unpacked(words) == words
    assert told(unpacked(packed(words))) == words


def test_words_that_somebody_wrote_as_a_memory_stay_his() -> None:
    note = '{"text": "申请表"}'
    assert _in_another(unpacked(packed(note))) == note


def test_what_a_catalogue_lacks_is_told_in_chinese() -> None:
    assert _in_another(Text("没有 {n}").said(n=1)) == "没有 1"


def test_chinese_writes_numbers_and_moments_as_letters_do() -> None:
    at = datetime(2021, 12, 14, 17, 5, tzinfo=UTC)  # one in the morning, in Beijing
    assert ZH.number(6_182) == "6,182"
    assert ZH.moment(at) == "2021-12-15 01:05"
    assert ZH.day(date(2021, 2, 3)) == "2021-02-03"
    assert ZH.full_day(date(2021, 12, 5)) == "2021年12月5日（星期日）"
    assert ZH.full_moment(at) == "2021年12月15日（星期三）01:05"
    assert (ZH.message("甲", 3), ZH.tag) == ("甲", "zh_CN")


class Counting(Reversed):
    """Says which count it was asked for."""

    def message(self, chinese: str, count: int | None = None) -> str:
        return f"{chinese}[{count}]"


@pytest.mark.parametrize(
    ("text", "values", "said"),
    [
        (n_("共 {count} 项"), {"count": 3}, "共 3 项[3]"),
        (n_("共 {count} 项"), {"count": "3"}, "共 3 项[None]"),
        (_("共 {count} 项"), {"count": 3}, "共 3 项[None]"),
        (Text("共 {count} 项"), {"count": 3}, "共 3 项[None]"),
    ],
)
def test_only_a_counted_text_is_asked_for_its_count(
    text: Text, values: dict[str, object], said: str
) -> None:
    with speaking(Counting()):
        assert text.format(**values) == said
        assert str(text) == f"{text.chinese}[None]"
    assert repr(text) == "Text('共 {count} 项')"


def test_a_term_is_said_in_the_language_that_is_spoken() -> None:
    with speaking(Reversed()):
        assert (term("申请表"), term("")) == ("form", "")
        with speaking(ZH):
            assert term("申请表") == "申请表"
        assert spoken().tag == "xx"
    assert spoken() is ZH


def test_whoever_speaks_a_language_speaks_it_from_now_on() -> None:
    def within() -> str:
        speak(Reversed())
        return term("申请表")

    assert copy_context().run(within) == "form"
    assert term("申请表") == "申请表"


@pytest.mark.parametrize(
    ("words", "record"),
    [
        (termed("申请表"), {"text": "申请表"}),
        (_("{n} 于 {day}").said(n=3, day=date(2021, 12, 15)),
         {"text": "{n} 于 {day}", "values": {"n": 3, "day": "2021-12-15"}}),
        (joined(["甲", termed("申请表")], AND),
         {"text": "、", "parts": ["甲", {"text": "申请表"}]}),
        (n_("共 {count} 项").said(count=3),
         {"text": "共 {count} 项", "values": {"count": 3}, "counted": True}),
    ],
)  # fmt: skip
def test_a_memory_as_it_is_kept(words: Said, record: dict[str, object]) -> None:
    assert words.record() == record
    back = remembered(record)
    assert isinstance(back, Said)
    assert (back, back.record()) == (words, record)
    assert json.loads(packed(words)) == record
    assert "\\u" not in packed(words)


def test_what_is_no_memory_says_so() -> None:
    with pytest.raises(ValueError, match=r"^neither words nor the record of words$"):
        remembered({"text": 3})


def test_a_class_is_read_and_written_by_one_adapter() -> None:
    @dataclass(frozen=True)
    class Fresh:
        at: date

    assert adapter(Fresh) is adapter(Fresh)
    assert load(Fresh, dump(Fresh(date(2021, 12, 15)))) == Fresh(date(2021, 12, 15))
    assert dump(Fresh(date(2021, 12, 15))) == {"at": "2021-12-15"}
