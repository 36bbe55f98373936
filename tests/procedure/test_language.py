"""Words that are written down in Chinese and told in another language later."""

import pickle
from dataclasses import dataclass
from typing import ClassVar

import pytest
from pydantic import ValidationError

from procedure.jsonable import dump, load
from procedure.language import (
    AND,
    Said,
    Text,
    Words,
    _,
    joined,
    n_,
    packed,
    speaking,
    termed,
    told,
    unpacked,
)


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
