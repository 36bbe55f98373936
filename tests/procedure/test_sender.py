"""Who wrote a mail, as far as anybody vouches for it."""

from typing import Any

import pytest

from procedure.sender import Authentication
from procedure.surnames import usual


@pytest.mark.parametrize(
    ("given", "authentic", "disowned", "doubtful"),
    [
        ({}, False, False, False),
        ({"source": "login", "dmarc": "fail"}, True, False, False),
        ({"dmarc": "pass", "spf": "fail"}, True, False, False),
        ({"dmarc": "fail", "aligned": True}, False, True, False),
        ({"aligned": True, "spf": "fail"}, True, False, False),
        ({"spf": "fail"}, False, False, True),
        ({"spf": "softfail"}, False, False, True),
        ({"spf": "neutral"}, False, False, False),
        ({"dkim": "fail"}, False, False, True),
        ({"dkim": "fail", "spf": "pass"}, False, False, False),
        ({"dkim": "fail", "dmarc": "fail"}, False, True, False),
    ],
)
def test_what_the_results_say_of_the_author(
    given: dict[str, Any], authentic: bool, disowned: bool, doubtful: bool
) -> None:
    found = Authentication(**given)
    assert (found.authentic, found.disowned, found.doubtful) == (authentic, disowned, doubtful)


def test_results_as_staff_read_them() -> None:
    assert str(Authentication("pass", "fail", "none")) == "SPF pass，DKIM fail，DMARC none"
    assert str(Authentication(dkim="pass")) == "DKIM pass"
    assert str(Authentication()) == ""


@pytest.mark.parametrize(
    ("name", "known"), [("张某", True), ("上官某", True), ("上某", False), ("", False)]
)
def test_family_names_in_use(name: str, known: bool) -> None:
    assert usual(name) is known
