"""What the peers of the WebSocket doors share: an aiohttp server in a thread of its own."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import web


class Peer:
    """State that the server's loop changes and the test's thread waits on."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.loop: asyncio.AbstractEventLoop | None = None
        self.sockets: list[web.WebSocketResponse] = []
        self.ids = 0

    def routes(self, app: web.Application) -> None:
        """Add what the service answers."""
        raise NotImplementedError

    def next_id(self) -> int:
        with self.changed:
            self.ids += 1
            return self.ids

    def note(self, act: Callable[[], Any]) -> None:
        """Change the state and wake who waits."""
        with self.changed:
            act()
            self.changed.notify_all()

    def wait(self, until: Callable[[], Any], seconds: float = 60.0) -> Any:
        """What ``until`` gives as soon as it is true."""
        with self.changed:
            assert self.changed.wait_for(until, seconds), "nothing came"
            return until()

    def push(self, frame: dict[str, Any]) -> None:
        """Send a frame to the newest connection."""
        self.wait(lambda: self.sockets)
        assert self.loop is not None
        sent = asyncio.run_coroutine_threadsafe(self.sockets[-1].send_json(frame), self.loop)
        sent.result(10)

    def hang_up(self) -> None:
        """An orderly close of the newest connection."""
        assert self.loop is not None
        asyncio.run_coroutine_threadsafe(self.sockets[-1].close(), self.loop).result(10)


@contextmanager
def serving(peer: Peer, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve on loopback; ``host:port``."""
    started, port, end = threading.Event(), [], []

    async def body() -> None:
        peer.loop, ended = asyncio.get_running_loop(), asyncio.Event()
        end.append(ended)
        app = web.Application()
        peer.routes(app)
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
        await site.start()
        port.append(runner.addresses[0][1])
        started.set()
        await ended.wait()
        await runner.cleanup()

    # `asyncio.run`: what is closing at the end gets the turns that close its sockets.
    thread = threading.Thread(target=lambda: asyncio.run(body()))
    thread.start()
    try:
        assert started.wait(30)
        yield f"127.0.0.1:{port[0]}"
    finally:
        assert peer.loop is not None
        peer.loop.call_soon_threadsafe(end[0].set)
        thread.join(10)
