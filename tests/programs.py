"""Programs that a test needs: where one is missing a skip that says why, in CI a failure."""

import os

import pytest


def needed(program: str | None, package: str) -> str:
    """The program's path; ends the test where it is not installed."""
    if program is None:
        why = f"{package} is not installed: scripts/servers.sh installs it"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    return program
