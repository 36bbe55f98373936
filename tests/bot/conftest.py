"""An office with staff and its bot. Loopback only: the environment's proxies are left out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.botapi import BotApi
from tests.bot.house import HENGLAN, JINYUE, LI, SUN, WANG, ZHAO, House, bot, house


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def office(tmp_path: Path, database: str) -> Iterator[House]:
    with house(tmp_path, database) as made:
        made.stock(HENGLAN, JINYUE)
        for person, account in ((WANG, 1), (LI, 2), (ZHAO, 3), (SUN, 4)):
            made.bind(person, account)
        yield made


@pytest.fixture
def api(office: House) -> Iterator[BotApi]:
    with bot(office.desk) as running:
        yield running
