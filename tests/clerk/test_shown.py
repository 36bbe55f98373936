"""What commands show is in the language of the staff; their JSON is the same in every one."""

import json
import os
import re
from pathlib import Path

import pytest

from tests import forked
from tests.bot.house import HENGLAN, house

CHINESE = re.compile("[一-鿿]+")


@pytest.fixture
def case(tmp_path: Path) -> str:
    """A case whose form came twice, with findings, in the data directory."""
    with house(tmp_path) as office:
        office.stock(HENGLAN)
        office.file(HENGLAN, 50_000)
        return office.file(HENGLAN, 40_000)


def _shown(folder: Path, locale: str, *command: str) -> str:
    done = forked.run(
        command,
        {
            **os.environ, "CLERK_DATA__DIRECTORY": str(folder), "CLERK_OFFICE__CHAT_LOCALE": locale,
            "CLERK_OFFICE__ADDRESS": "c@example.org", "CLERK_OFFICE__PROVINCES": "13,14",
            "CLERK_OFFICE__OWN_ADDRESSES": "c@example.org",
            "CLERK_CLOCK__START": "2021-11-03T10:00:00+08:00",
        },
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_json_is_the_same_in_every_language(tmp_path: Path, case: str) -> None:
    for command in (("case", "show", case), ("case", "list"), ("tray", "list")):
        chinese, english = (
            _shown(tmp_path, locale, *command, "--json") for locale in ("zh_CN", "en")
        )
        assert english == chinese, command
        assert all(json.loads(line) for line in chinese.splitlines())
    assert "请省级生态环境主管部门确认或退回" in _shown(
        tmp_path, "en", "case", "show", case, "--json"
    )


def test_a_list_of_cases_is_in_the_language_of_the_staff(tmp_path: Path, case: str) -> None:
    for locale, words in (
        ("zh_CN", "待省级确认  河北省"),
        ("en", "waiting for the province's confirmation  Hebei"),
    ):
        assert words in _shown(tmp_path, locale, "case", "list")
    english = _shown(tmp_path, "en", "case", "list").replace(HENGLAN.name, "")
    assert CHINESE.findall(english) == []
