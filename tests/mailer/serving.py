"""What the small servers of these tests share: at work in a thread while a `with` lasts."""

import socketserver
import threading
from typing import Self


class Serving(socketserver.BaseServer):
    """Beside a server of `socketserver`, before it: use as a context manager."""

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join(5)
        self.server_close()
