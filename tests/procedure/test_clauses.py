"""Clauses as people read them."""

import pytest

from cycles.catalogues import language
from procedure.clauses import cited
from procedure.language import CHINESE, _, speaking, told
from tests.procedure.made import CYCLE


@pytest.mark.parametrize(
    ("kept", "chinese", "english"),
    [
        ("附件3 §2 step 4", "附件3 §2 第4步", "Annex 3 §2 step 4"),
        ("附件3 §1(1)", "附件3 §1(1)", "Annex 3 §1(1)"),
        ("GB 32100-2015", "GB 32100-2015", "GB 32100-2015"),
        ("某办法 step 12", "某办法 第12步", "某办法 第12步"),
        ("", "", ""),
    ],
)
def test_a_clause_is_said_in_the_language_that_is_spoken(
    kept: str, chinese: str, english: str
) -> None:
    found = cited(kept)
    assert found == chinese
    with speaking(CHINESE):
        assert told(found) == chinese
    with speaking(language("en")):
        assert told(found) == english


def test_a_text_that_cites_a_clause_is_told_with_it() -> None:
    words = _("请等待省级生态环境主管部门确认（{clause}）。").said(
        clause=CYCLE.cited("step-confirm")
    )
    assert "（附件3 §2 第4步）" in words
    with speaking(language("en")):
        assert "Annex 3 §2 step 4" in told(words)


def test_what_others_rely_on_keeps_its_form() -> None:
    assert CYCLE.clause("step-confirm") == "附件3 §2 step 4"
