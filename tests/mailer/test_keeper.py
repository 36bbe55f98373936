"""What waits to be kept goes into one commit; whoever waits hears what became of his message."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from mailer.listener import Options
from mailer.listener import keeper as keeping
from mailer.listener.incoming import Spool
from mailer.listener.keeper import Keeper
from store import Store
from store.errors import StoreBusy
from store.rows import Envelope, Taken
from tests import made
from tests.clocks import SteppedClock
from tests.mailer.listening import MAIL, OWN, messages


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(made.database(tmp_path), SteppedClock(), create=True)
    yield opened
    opened.close()


class Counting(Store):
    """Counts commits; slow ones, as on a real disk."""

    groups: list[int]
    fail_on = b"\0"

    def take_many(self, messages: Sequence[tuple[Envelope, bytes]]) -> list[Taken]:
        self.groups.append(len(messages))
        time.sleep(0.05)
        if any(self.fail_on in raw for _, raw in messages):
            raise ValueError("not this one")
        return super().take_many(messages)


def spooled(raw: bytes, options: Options) -> Spool:
    spool = Spool(options)
    spool.write(raw)
    return spool


def _keep_all(store: Store, raws: list[bytes], options: Options) -> list[Taken | BaseException]:
    async def keep() -> list[Taken | BaseException]:
        keeper = Keeper(store, options)
        envelopes = [
            Envelope("smtp", f"smtp:{number}", "a@qq.example", (OWN,), SteppedClock().now())
            for number in range(len(raws))
        ]
        work = [
            keeper.keep(envelope, spooled(raw, options))
            for envelope, raw in zip(envelopes, raws, strict=True)
        ]
        return await asyncio.gather(*work, return_exceptions=True)

    return asyncio.run(keep())


def counting(store: Store) -> Counting:
    found = Counting(store.engine, SteppedClock())
    found.groups = []
    return found


def test_what_waits_goes_into_one_commit(store: Store) -> None:
    counted = counting(store)
    raws = [b"Subject: %d\r\n\r\n" % number for number in range(40)]
    kept = _keep_all(counted, raws, Options(group=30))
    assert all(isinstance(one, Taken) for one in kept)
    assert sorted(messages(store)) == sorted(raws)
    assert counted.groups == [30, 10]


def test_one_bad_message_of_a_group_harms_no_other(store: Store) -> None:
    counted = counting(store)
    counted.fail_on = b"Subject: 3\r"
    raws = [b"Subject: %d\r\n\r\n" % number for number in range(5)]
    kept = _keep_all(counted, raws, Options())
    assert [isinstance(one, Taken) for one in kept] == [True, True, True, False, True]
    assert len(messages(store)) == 4


def test_a_busy_store_is_asked_once_for_the_group(store: Store) -> None:
    class Busy(Counting):
        def take_many(self, messages: Sequence[tuple[Envelope, bytes]]) -> list[Taken]:
            self.groups.append(len(messages))
            raise StoreBusy("locked")

    busy = Busy(store.engine, SteppedClock())
    busy.groups = []
    kept = _keep_all(busy, [MAIL, MAIL + b"2"], Options())
    assert [type(one) for one in kept] == [StoreBusy, StoreBusy]
    assert busy.groups == [2]


def test_a_commit_takes_no_more_bytes_than_it_may(store: Store) -> None:
    counted = counting(store)
    raws = [b"Subject: %d\r\n\r\n" % number for number in range(5)]
    kept = _keep_all(counted, [*raws, b"x" * 1000], Options(group_bytes=2 * len(raws[0])))
    assert all(isinstance(one, Taken) for one in kept)
    # The last one is too large for any group, and so a group by itself.
    assert counted.groups == [2, 2, 1, 1]


def envelope(key: str) -> Envelope:
    return Envelope("smtp", key, "a@qq.example", (OWN,), SteppedClock().now())


def test_a_message_whose_sender_hung_up_is_kept_all_the_same(store: Store) -> None:
    async def hang_up() -> Taken:
        keeper, options = Keeper(counting(store), Options()), Options()
        gone = asyncio.ensure_future(keeper.keep(envelope("1"), spooled(MAIL, options)))
        await asyncio.sleep(0.02)
        gone.cancel()
        return await keeper.keep(envelope("2"), spooled(MAIL + b"2", options))

    assert asyncio.run(hang_up())
    assert sorted(messages(store)) == [MAIL, MAIL + b"2"]


class Panic(BaseException):
    """What code in another language raises: no `Exception`."""


def test_a_writer_that_ends_leaves_nobody_waiting(store: Store) -> None:
    class Panicking(Counting):
        def take_many(self, messages: Sequence[tuple[Envelope, bytes]]) -> list[Taken]:
            if any(self.fail_on in raw for _, raw in messages):
                time.sleep(0.05)
                raise Panic
            return super().take_many(messages)

    panicking = Panicking(store.engine, SteppedClock())
    panicking.groups, panicking.fail_on = [], b"panic"

    async def keep() -> list[object]:
        keeper, options = Keeper(panicking, Options()), Options()
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        gone, lost = (
            asyncio.ensure_future(keeper.keep(envelope(key), spooled(b"panic", options)))
            for key in ("1", "2")
        )
        await asyncio.sleep(0.02)
        gone.cancel()
        found = await asyncio.gather(gone, lost, return_exceptions=True)
        return [*found, await keeper.keep(envelope("3"), spooled(MAIL, options))]

    cancelled, lost, kept = asyncio.run(keep())
    assert isinstance(cancelled, asyncio.CancelledError)
    assert "not kept: Panic" in str(lost)
    assert isinstance(kept, Taken)
    assert messages(store) == [MAIL]


@pytest.mark.parametrize("fails", [False, True])
def test_after_much_was_kept_the_store_tidies_up_beside_the_next(
    store: Store, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    class Folding(Counting):
        folds = 0

        def fold(self) -> None:
            self.folds += 1
            if fails:
                raise StoreBusy("somebody reads")
            super().fold()

    folding = Folding(store.engine, SteppedClock())
    folding.groups = []
    monkeypatch.setattr(keeping, "FOLD", 2 * len(MAIL))

    async def keep() -> list[int]:
        keeper, options = Keeper(folding, Options()), Options()
        folds = []
        for number in range(4):
            await keeper.keep(envelope(str(number)), spooled(MAIL + b"%d" % number, options))
            if keeper._folding is not None:
                await keeper._folding
            folds.append(folding.folds)
        return folds

    assert asyncio.run(keep()) == [0, 1, 1, 2]
    assert len(messages(store)) == 4


def test_a_small_body_has_no_file_to_be_read_from() -> None:
    spool = spooled(MAIL, Options())
    assert (spool.large, spool.whole(), list(spool.pieces())) == (False, MAIL, [])
