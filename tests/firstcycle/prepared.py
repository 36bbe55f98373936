"""What entities send, drawn once for all runs of a plan, and what their documents read.

Both follow from the plan alone, and neither is what a run is about. Documents are read by
`ocr.read_document` as ever; what was read is kept by the document's SHA-256.
"""

import hashlib
import os
import pickle
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from clerk.readers import Readers, read_document
from clerk.wiring import load_cycle, load_form
from mailer.parse import parse
from procedure.forms import FormTemplate
from procedure.readings import DocumentReading
from tests.firstcycle.papers import form_mail, proof_mail
from tests.firstcycle.plan import Form, Plan, Proof


class KeptReaders(Readers):
    """Reads in this process; ``folder`` keeps what was read."""

    def __init__(self, template: FormTemplate, folder: Path) -> None:
        super().__init__(template)
        self._form = template
        self._folder = folder

    def read(self, data: bytes, name: str) -> tuple[DocumentReading, ...]:
        file = self._folder / hashlib.sha256(data).hexdigest()
        if not file.exists():
            _write(file, pickle.dumps(read_document(data, name, self._form)))
        kept: tuple[DocumentReading, ...] = pickle.loads(file.read_bytes())
        return kept


def _write(file: Path, data: bytes) -> None:
    """Whole or not at all: whoever writes may be killed at any moment."""
    fresh = file.with_suffix(f".{os.getpid()}")
    fresh.write_bytes(data)
    fresh.replace(file)


@dataclass(frozen=True)
class Prepared:
    """All mails and readings of a plan, in a folder."""

    folder: Path

    @classmethod
    def of(cls, plan: Plan, folder: Path, workers: int) -> "Prepared":
        """Draw and read everything, on so many cores."""
        made = cls(folder)
        made.folder.mkdir()
        sent: list[Form | Proof] = [*plan.forms, *plan.proofs]
        with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
            for _ in pool.map(made.prepare, sent, chunksize=8):
                continue
        return made

    def raw(self, one: Form | Proof) -> bytes:
        """The mail's bytes."""
        return self._mail(one).read_bytes()

    def prepare(self, one: Form | Proof) -> None:
        """Draw a mail and read its documents."""
        raw = form_mail(one) if isinstance(one, Form) else proof_mail(one)
        self._mail(one).write_bytes(raw)
        readers = KeptReaders(_template(), self.folder)
        for part in parse(raw).attachments:
            readers.read(part.data, part.name)

    def _mail(self, one: Form | Proof) -> Path:
        kind = f"{one.number}{'again' * one.copy}" if isinstance(one, Form) else "proof"
        return self.folder / f"{one.firm.number}.{kind}.eml"


@cache
def _template() -> FormTemplate:
    return load_form(load_cycle("2019-2020"))
