"""The torture set: every mail against its truth, one by one and in sum."""

import shutil
import time

import pytest

from mailer.mail import Mail
from mailer.parse import parse
from mailer.parse.limited import limited
from tests.mailer.torture import (
    bombs,
    encodings,
    further,
    machines,
    packed,
    people,
    structures,
)
from tests.mailer.torture.build import OWN, PDF, Case

CASES = [
    *encodings.CASES, *structures.CASES, *packed.CASES, *machines.CASES, *people.CASES,
    *further.CASES,
]  # fmt: skip
GOOD = next(case for case in people.CASES if case.name == "person: form and proof")


def check(case: Case, mail: Mail) -> None:
    """Everything that the case claims."""
    assert mail.kind == case.kind
    assert mail.may_reply is case.answered
    if case.subject is not None:
        assert mail.subject == case.subject
    if case.files is not None:
        assert tuple(part.name for part in mail.attachments) == case.files
    for name in case.whole:
        assert [part.data for part in mail.attachments if part.name == name] == [PDF]
    if case.text is not None:
        assert case.text in mail.text
    assert {problem.code for problem in mail.problems} >= set(case.problems)
    if case.from_addr is not None:
        assert mail.from_addr == case.from_addr


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_mail(case: Case) -> None:
    began = time.process_time()
    check(case, parse(case.raw, OWN, case.envelope_from))
    assert time.process_time() - began < 2


@pytest.mark.skipif(not shutil.which("unar"), reason="rar needs unar: apt-get install unar")
def test_rar() -> None:
    check(packed.RAR, parse(packed.RAR.raw, OWN, packed.RAR.envelope_from))


def test_there_are_enough() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 150


@pytest.fixture(scope="module")
def hostile() -> list[Case]:
    return bombs.cases()


def test_bombs_are_bounded_and_the_next_mail_is_unharmed(hostile: list[Case]) -> None:
    for case in hostile:
        began = time.monotonic()
        # Under this limit on its whole address space, with time to spare, and not given up.
        mail = limited(case.raw, OWN, case.envelope_from, megabytes=400)
        assert time.monotonic() - began < 10, case.name
        assert len(mail.attachments) <= 1000, case.name
        assert "unparsable" not in {problem.code for problem in mail.problems}, case.name
    check(GOOD, limited(GOOD.raw, OWN, GOOD.envelope_from))


@pytest.mark.parametrize("name", ["10,000 parts", "1,000 levels", "a zip of 300 MB zeros"])
def test_what_was_not_opened_is_told(hostile: list[Case], name: str) -> None:
    (case,) = (one for one in hostile if one.name == f"bomb: {name}")
    codes = {problem.code for problem in limited(case.raw, OWN).problems}
    assert codes & {"too-complex", "archive-too-large"}
