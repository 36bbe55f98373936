"""Many small mails at once, each sent until somebody says 250, as mail servers do."""

import itertools
import queue
import smtplib
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from email.header import Header

from tests.sink import Sink

TO = "ccer@clerk.example"
PATIENCE = 600
"""Seconds that a client waits for the answer to a message (RFC 5321 section 4.5.3.2.6)."""


def mail(number: int) -> bytes:
    """A mail without the form that it speaks of: it is answered."""
    text = f"您好：现报送使用CCER抵销配额清缴申请表（第{number}份），请查收。"
    subject = Header(f"CCER抵销配额清缴申请表 {number}", "utf-8").encode()
    head = (
        f"From: <load{number}@163.example>\r\nTo: <{TO}>\r\nSubject: {subject}\r\n"
        f"Message-ID: <load.{number}@163.example>\r\nDate: Fri, 26 Nov 2021 09:00:00 +0800\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 8bit\r\n\r\n"
    )
    return head.encode("ascii") + text.encode() + b"\r\n"


class Load:
    """Senders in threads. Use as a context manager."""

    def __init__(
        self,
        ports: Sequence[int],
        senders: int = 4,
        make: Callable[[int], bytes] = mail,
    ) -> None:
        """``ports`` of the listeners, tried in turn; ``make`` gives a number's mail."""
        self._ports = itertools.cycle(ports)
        self._make = make
        self._todo: queue.Queue[int] = queue.Queue()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._work) for _ in range(senders)]
        self.posted = 0
        self.accepted: set[int] = set()
        self.refused: dict[int, int] = defaultdict(int)
        """SMTP answers that were not 250, and how often; 0 for a connection that broke."""

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def post(self, count: int) -> None:
        """So many more mails to send."""
        for number in range(self.posted, self.posted + count):
            self._todo.put(number)
        self.posted += count

    @property
    def settled(self) -> bool:
        """Whether each mail has its 250."""
        return len(self.accepted) == self.posted

    @property
    def unsettled(self) -> str:
        """Which mails have none yet, and what was answered so far."""
        lacking = sorted(set(range(self.posted)) - self.accepted)
        return f"for the 250 of {lacking}; refused {dict(self.refused)}"

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                number = self._todo.get(timeout=0.2)
            except queue.Empty:
                continue
            while not self._stop.is_set() and not self._sent(number):
                time.sleep(0.2)

    def _sent(self, number: int) -> bool:
        try:
            with smtplib.SMTP("127.0.0.1", next(self._ports), timeout=PATIENCE) as smtp:
                smtp.sendmail(f"load{number}@163.example", [TO], self._make(number))
        except smtplib.SMTPResponseException as error:
            self.refused[error.smtp_code] += 1
            return False
        except (OSError, smtplib.SMTPException):
            self.refused[0] += 1
            return False
        self.accepted.add(number)
        return True


def answers(sink: Sink) -> dict[str, set[str]]:
    """Message-ID of each mail → Message-IDs of the answers that came to it."""
    found: dict[str, set[str]] = defaultdict(set)
    for letter in sink.messages():
        if parent := str(letter["In-Reply-To"] or ""):
            found[parent].add(str(letter["Message-ID"]))
    return dict(found)
