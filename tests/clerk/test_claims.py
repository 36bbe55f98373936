"""Which of the forms of one call a screenshot is held against."""

from dataclasses import replace

import pytest

from clerk.reading import _own
from procedure.acceptance import decide
from procedure.checks import claim_of_reading
from procedure.readings import DocumentReading
from tests.procedure.made import NAME, form, native, poor, shot

OTHER = "河南禹辰示例水泥有限公司"


def _shot(name: str, account: str, *, read: bool) -> DocumentReading:
    make = native if read else poor
    doc = shot()
    fields = {**doc.fields, "account_name": make(name), "account_no": make(account)}
    return decide(replace(doc, fields=fields))


@pytest.mark.parametrize(
    ("name", "account", "read", "held"),
    [
        (NAME, "93927925T417", True, True),
        # Another firm's, plainly.
        (OTHER, "CN-100-7654321", True, False),
        # Nobody could read whose it is.
        (f"口{NAME[1:]}", "9392T925T417", False, True),
    ],
)
def test_a_screenshot_of_nobody_knows_whom_is_held_against_the_only_form(
    name: str, account: str, read: bool, held: bool
) -> None:
    claim = claim_of_reading(decide(form()))
    doc = _shot(name, account, read=read)
    assert _own([claim], doc) == ((claim,) if held else ())


def test_of_two_forms_none_is_taken_for_that_of_an_unread_screenshot() -> None:
    claims = [claim_of_reading(decide(form())), claim_of_reading(decide(form()))]
    assert _own(claims, _shot(f"口{NAME[1:]}", "9392T925T417", read=False)) == ()
