"""Which of the forms of one call a screenshot is held against."""

from dataclasses import replace

import pytest

from clerk.reading import _own
from procedure.acceptance import decide
from procedure.readings import DocumentReading, Reading
from tests.procedure.made import ACCOUNT, NAME, form, native, poor, shot

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
    paper = decide(form())
    doc = _shot(name, account, read=read)
    assert _own([paper], doc) == ((paper,) if held else ())


def test_of_two_forms_none_is_taken_for_that_of_an_unread_screenshot() -> None:
    papers = [decide(form()), decide(form())]
    assert _own(papers, _shot(f"口{NAME[1:]}", "9392T925T417", read=False)) == ()


def test_an_account_that_is_not_accepted_on_the_form_still_tells_whose_screenshot_it_is() -> None:
    paper = decide(form(account_no=poor(ACCOUNT)))
    assert not paper.fields["account_no"].accepted
    doc = shot()
    fields = {"account_name": poor(f"口{NAME[1:]}"), "account_no": native(ACCOUNT)}
    other = decide(form(enterprise_name=OTHER, account_no="CN-100-7654321"))
    assert _own([other, paper], decide(replace(doc, fields=fields))) == (paper,)


@pytest.mark.parametrize(("account", "held"), [(poor("CN-100-2055388"), True), (ACCOUNT, False)])
def test_a_single_form_is_held_against_unless_what_is_accepted_of_both_differs(
    account: Reading | str, held: bool
) -> None:
    paper = decide(form(enterprise_name=poor(f"口{NAME[1:]}"), account_no=account))
    doc = _shot(NAME, "CN-100-7654321", read=True)
    assert _own([paper], doc) == ((paper,) if held else ())
