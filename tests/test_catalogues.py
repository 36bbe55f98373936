"""The catalogues of other languages: nothing missing, nothing unused, the same fields; CLDR."""

from datetime import UTC, date, datetime
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message

from cycles.catalogues import LOCALES, catalogue, language
from procedure.errors import WrongUse
from procedure.language import Text, n_, speaking, term
from tests.catalogue import messages

TRANSLATED = [one for one in LOCALES if one != "zh_CN"]


@pytest.fixture(scope="module")
def said() -> Catalog:
    return messages()


def _ids(found: Catalog) -> set[str | tuple[str, ...]]:
    return {tuple(m.id) if isinstance(m.id, list | tuple) else m.id for m in found if m.id}


def _strings(message: Message) -> tuple[str, ...]:
    assert message.string is not None
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("locale", TRANSLATED)
def test_no_text_is_missing_and_none_is_unused(said: Catalog, locale: str) -> None:
    """`python -m tests.catalogue` adds what is missing and drops what is unused."""
    there = catalogue(locale)
    assert _ids(said) - _ids(there) == set(), "missing"
    assert _ids(there) - _ids(said) == set(), "unused"
    assert [m.id for m in there if m.id and not all(_strings(m))] == [], "not translated"
    assert [m.id for m in there if m.id and m.fuzzy] == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_field_of_a_text_is_in_its_translation(locale: str) -> None:
    for message in catalogue(locale):
        if not message.id:
            continue
        plural = isinstance(message.id, tuple)
        chinese = message.id[0] if plural else str(message.id)
        # "1 case", or "the one finding": a single thing need not be counted.
        optional = {"count"} if plural else set()
        for said in _strings(message):
            assert _fields(said) | optional == _fields(chinese) | optional, chinese
        assert "count" in _fields(chinese) or not plural, chinese


@pytest.mark.parametrize("locale", TRANSLATED)
def test_a_translation_keeps_the_lines_of_its_text(locale: str) -> None:
    """Headings that a draft is read back by stand on lines of their own."""
    for message in catalogue(locale):
        chinese = message.id[0] if isinstance(message.id, tuple) else str(message.id)
        for said in _strings(message) if message.id else ():
            assert said.endswith("\n") == chinese.endswith("\n"), chinese


def test_english_counts_one_and_several() -> None:
    cases = n_("找到 {count} 个案件：")
    assert cases.format(count=2) == "找到 2 个案件："
    with speaking(language("en")):
        assert cases.format(count=1) == "1 case found:"
        assert cases.format(count=2) == "2 cases found:"
    assert cases.format(count=1) == "找到 1 个案件："


def test_numbers_and_dates_are_written_as_the_language_does() -> None:
    at = datetime(2021, 11, 30, 16, 5, tzinfo=UTC)
    assert language("zh_CN").moment(at) == "2021-12-01 00:05"
    assert language("en").moment(at) == "1 Dec 2021, 00:05"
    assert language("zh_CN").day(date(2021, 12, 1)) == "2021-12-01"
    assert language("en").day(date(2021, 12, 1)) == "1 Dec 2021"
    assert language("zh_CN").number(1234567) == language("en").number(1234567) == "1,234,567"


def test_what_no_catalogue_has_is_said_as_it_is() -> None:
    with speaking(language("en")):
        assert term("已确认") == "confirmed"
        assert term("无此词语") == "无此词语"
        assert term("") == ""
        assert Text("{x}未译").format(x="{y}") == "{y}未译"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(WrongUse, match="en"):
        language("fr")
