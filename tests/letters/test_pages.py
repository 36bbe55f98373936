"""The letters as a client shows them: a real browser, as wide as a phone and as a desk."""

import pytest

from clerk.picture import browser
from letters import dress
from letters.blocks import Table, text
from tests.letters.pages import DESK, PHONE, letters, measured
from tests.programs import needed


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_nothing_is_cut_off_at_any_width(width: int) -> None:
    needed(browser(), "chromium")
    pages = {kind: dress(kind, facts) for kind, facts in letters().items()}
    seen = measured(pages, width)
    assert {kind: (one["wide"], one["cut"]) for kind, one in seen.items()} == dict.fromkeys(
        pages, (width, 0)
    )
    pictures = {k: sum(bool(f.inline_id) for f in p.attachments) for k, p in pages.items()}
    assert {kind: one["drawn"] for kind, one in seen.items()} == pictures
    assert pictures["weekly"] == 1


def test_a_sentence_in_a_row_of_plain_text_ends_before_the_next_cell() -> None:
    said = text([Table(("意见", "依据"), [("请盖公章。", "附件3。")])])
    assert said == "- 意见：请盖公章；依据：附件3。\n"
