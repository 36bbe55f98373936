"""Work on PostgreSQL: procrastinate's workers, woken by the jobs of `store.hints`.

A job is a hint: the task looks at the ledger and does what is due there, the same as the loop does
that polls SQLite. What guards a row is its claim or its lease, never the job: a job that comes
twice, or after its row is done, finds nothing to do.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from procrastinate import App, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import ConnectorException

from clerk.wiring import House
from store.errors import StoreFault
from store.hints import LETTERS, MESSAGES
from store.postgres import connection_options

log = logging.getLogger(__name__)

HEARTBEAT = 5.0
"""Seconds between two signs of life of one of procrastinate's workers."""
STALLED = 15.0
"""Seconds without one after which its jobs are given to others."""
SWEEP = 2.0
"""Seconds between two looks for stalled jobs, and for rows that are due without a job."""
POLL = 2.0
"""Seconds between two looks of a worker that hears of no job: notifications may get lost."""
AGAIN = RetryStrategy(max_attempts=10, linear_wait=5)
"""For a look that failed as a whole (the database is away). Errors of a mail are the ledger's."""

AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
"""A moment that is past for every server's clock."""

Looks = Mapping[str, Callable[[], object]]
"""Queue → what looks at the ledger; runs in a thread, one at a time for each queue."""


def work(house: House, looks: Looks, stop: threading.Event) -> None:
    """Look whenever there is a hint, until told to stop. Sets ``stop`` when it ends.

    Raises what ended it: the database that went away ends it too, to be started again.
    """
    # A line for each job's start and end says nothing that the ledger does not.
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    try:
        asyncio.run(_work(house, looks, stop))
    finally:
        stop.set()


async def _work(house: House, looks: Looks, stop: threading.Event) -> None:
    options = connection_options(house.store.url)
    app = App(connector=PsycopgConnector(kwargs=options, min_size=1, max_size=6))
    for queue, look in looks.items():
        app.task(name=queue, queue=queue, retry=AGAIN)(_task(look))
    async with app.open_async():
        running = [asyncio.create_task(_worker(app, queue)) for queue in looks]
        running.append(asyncio.create_task(_sweep(app, house, looks)))
        running.append(asyncio.create_task(_until(stop)))
        done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        asked = stop.is_set()
        stop.set()
        for one in running:
            one.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        for one in done:
            one.result()
        if not asked:
            # A worker whose connections broke says so in the log, and ends as if it were told to.
            raise StoreFault("the queue in the database is gone: this part has to start again")


def _task(look: Callable[[], object]) -> Callable[[str], None]:
    def task(about: str) -> None:
        look()

    return task


async def _worker(app: App, queue: str) -> None:
    await app.run_worker_async(
        queues=[queue],
        name=queue,
        concurrency=1,
        fetch_job_polling_interval=POLL,
        delete_jobs="always",
        install_signal_handlers=False,
        update_heartbeat_interval=HEARTBEAT,
        stalled_worker_timeout=STALLED,
    )


async def _until(stop: threading.Event) -> None:
    await asyncio.to_thread(stop.wait)


async def _sweep(app: App, house: House, looks: Looks) -> None:
    """Beside the workers, so that none of them can keep it waiting."""
    while True:
        for queue in looks:
            await _retry_stalled(app, queue)
        await asyncio.to_thread(top_up, house)
        await asyncio.sleep(SWEEP)


async def _retry_stalled(app: App, queue: str) -> None:
    """Jobs of workers that gave no sign of life are for others."""
    stalled = app.job_manager.get_stalled_jobs(queue=queue, seconds_since_heartbeat=STALLED)
    for job in await stalled:
        assert job.id is not None  # noqa: S101 - it comes from the database
        try:
            await app.job_manager.retry_job_by_id_async(job.id, retry_at=AT_ONCE)
        except ConnectorException as error:
            # Another process's sweep was faster; or its worker was late, and is done.
            log.info("stalled job %d was not given to others: %s", job.id, error)
        else:
            log.warning("job %d of a worker that gave no sign of life is given to others", job.id)


def top_up(house: House) -> int:
    """Jobs for what is due without one; how many."""
    now = house.now()
    with house.store.write(beside=True) as tx:
        due = {MESSAGES: tx.messages.count_due(now), LETTERS: int(tx.outbox.due(now))}
        return tx.hints.top_up(due)
