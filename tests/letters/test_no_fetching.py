"""Whoever opens a letter fetches nothing and runs nothing, whatever stands in it."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from typing import Any

import pytest

from letters import dress
from procedure.facts import Facts
from tests.letters import made

HOSTILE = (
    '"><img src=http://evil.example/x onerror=alert(1)><style>@import url(//evil.example)</style>'
    "<a href='javascript:1'>x</a><link rel=stylesheet href=//evil.example>'\"&"
)
TAGS = {"html", "head", "meta", "title", "body", "table", "tr", "td", "th", "div", "p"}
TAGS |= {"h2", "h3", "ul", "ol", "li", "br", "b", "strong", "span", "img"}
FETCHING = frozenset({"href", "background", "action", "srcset", "data", "poster", "cite"})


class Looked(HTMLParser):
    """Collects what would fetch or run something."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag not in TAGS:
            self.wrong.append(tag)
        for name, value in attrs:
            text = (value or "").lower()
            remote = name == "src" and not text.startswith("cid:")
            if remote or name in FETCHING or name.startswith("on"):
                self.wrong.append(f"{tag} {name}={value}")
            if name == "style" and ("url(" in text or "@import" in text):
                self.wrong.append(f"{tag} {name}={value}")
            if name == "http-equiv":
                self.wrong.append(f"{tag} {name}={value}")


def hostile(value: Any) -> Any:
    """The same facts with markup behind every text for people; codes stay what they are."""
    if isinstance(value, str):
        return value if value.isascii() else value + HOSTILE
    if is_dataclass(value) and not isinstance(value, type):
        # What a row is (新增, 更正) is a word of ours that sheets have a code for.
        given = {one.name: getattr(value, one.name) for one in fields(value) if one.init}
        return replace(value, **{k: v if k == "change" else hostile(v) for k, v in given.items()})
    if isinstance(value, Mapping):
        return {hostile(key): hostile(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return tuple(hostile(one) for one in value)
    return value


@pytest.mark.parametrize(("kind", "facts"), sorted(made.everything().items()))
def test_no_letter_fetches_or_runs_anything(kind: str, facts: Facts) -> None:
    for one in (facts, hostile(facts)):
        dressed = dress(kind, one)
        look = Looked()
        look.feed(dressed.html)
        assert look.wrong == []
        assert {"html", "body", "table"} <= look.seen
    # The markup is there, as text: it was not lost on the way.
    assert "&lt;img src=http://evil.example" in dressed.html
    assert "\n" not in dressed.subject
