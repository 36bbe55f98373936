"""Documents are read in worker processes: one that dies takes its document with it, nothing else.

The workers import this module and what reads, not the rest of the program.
"""

import logging
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from clerk.lifeline import end_with_parent
from procedure.errors import Temporary
from procedure.forms import FormTemplate
from procedure.language import _
from procedure.readings import DocumentReading, Problem

log = logging.getLogger(__name__)

POLITE = 10
"""How far reading stands back (nice) behind whoever answers a mail server or a person."""
READ_SECONDS = 300
"""Longest reading of one document."""
LOST = DocumentReading(
    kind="other",
    problem=Problem(
        "timeout", _("文件识读未能完成，工作人员将人工查看。也可改发 .docx 或清晰的扫描件。").said()
    ),
)
"""What stands for a document whose reader was lost or stuck each time."""


class ReaderLost(Temporary):
    """The process that read a document ended or was stuck: of the document, or of the machine."""

    code = "reader-lost"


def read_document(data: bytes, name: str, template: FormTemplate) -> tuple[DocumentReading, ...]:
    """`ocr.read_document`, of which only the worker processes load the engines."""
    import ocr

    return ocr.read_document(data, name, template)


def _begin() -> None:
    """A worker process begins: it lets others go first, and ends with the one that made it."""
    os.nice(POLITE)
    end_with_parent()


class Readers:
    """Worker processes that read documents; made anew when one is lost."""

    def __init__(
        self,
        template: FormTemplate,
        workers: int = 1,
        read: Callable[..., tuple[DocumentReading, ...]] | None = None,
        seconds: float = READ_SECONDS,
    ) -> None:
        """``read`` as `ocr.read_document`, importable by a new process; ``seconds`` a document at
        most, the start of its process included."""
        self._template = template
        self._workers = workers
        self._read = read or read_document
        self.seconds = seconds
        self._pool: ProcessPoolExecutor | None = None

    def read(self, data: bytes, name: str) -> tuple[DocumentReading, ...]:
        """Read one document. `ReaderLost` where the worker was lost or stuck."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._workers, get_context("spawn"), initializer=_begin
            )
        try:
            work = self._pool.submit(self._read, data, name, self._template)
            return work.result(self.seconds)
        except (BrokenProcessPool, TimeoutError) as error:
            self.close()
            raise ReaderLost(f"a reader was lost or stuck on {len(data)} bytes") from error

    def close(self) -> None:
        """End the workers."""
        if self._pool is not None:
            for process in list((self._pool._processes or {}).values()):
                process.kill()
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
