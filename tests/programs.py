"""Programs that a test needs: where one is missing a skip that says why, in CI a failure."""

import os
from typing import NoReturn

import pytest


def absent(why: str) -> NoReturn:
    """What this test needs is not installed: a skip, in CI a failure."""
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


def needed(program: str | None, package: str) -> str:
    """The program's path; ends the test where it is not installed."""
    if program is None:
        why = f"{package} is not installed: scripts/servers.sh installs it"
        absent(why)
    return program
