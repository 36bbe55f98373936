"""How long a form takes that is text already: .docx and PDF, each with a seal laid on it.

    python benchmarks/text_forms.py [--each 24] [--seed 8801]

Every form is another firm's, drawn anew in one of the fonts there are. It is read as
``clerk read`` does, and by a peer in the same run: the file's plain text (pdfplumber,
python-docx) and one call of the primary engine on one line, the least that a seal's ring can
cost. Seconds are of one core (CPU time of this process, one thread each), so that other work on
the machine counts little; the ratio of the medians is what compares machines. Nothing was read
before but one form of each kind, which loads the engines: the glyphs of a text layer are learnt
as the forms come, as they are in a worker. Then all are read again, by a worker that has met their
glyphs.
"""

import argparse
import io
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import docx
import numpy as np
import pdfplumber

from clerk.drawing import corpus
from clerk.drawing.documents import Drawn, Tier
from clerk.reading import world_of
from ocr import read_document
from ocr.engines import shelf
from ocr.engines.port import Picture
from procedure import names
from procedure.forms import FormTemplate

KINDS: tuple[Tier, ...] = ("digital", "docx")
_LINE = 640
"""Pixels of a line 48 high: a name of fifteen characters."""


@dataclass(frozen=True)
class Row:
    """Seconds of one form by the product and by the peer; whether its ring's name was right."""

    ours: float
    peer: float
    ring: bool


def timed(work: Callable[[], object]) -> float:
    """Seconds of a core."""
    started = time.process_time()
    work()
    return time.process_time() - started


def plain_text(drawn: Drawn) -> str:
    """The file's text as the usual library gives it."""
    data = io.BytesIO(drawn.data)
    if drawn.name.endswith(".docx"):
        document = docx.Document(data)
        cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
        return "\n".join((*(paragraph.text for paragraph in document.paragraphs), *cells))
    with pdfplumber.open(data) as pdf:
        return "\n".join(page.extract_text() for page in pdf.pages)


def measure(drawn: Drawn, template: FormTemplate, line: Picture) -> Row:
    """One form, the peer first."""
    peer = timed(lambda: (plain_text(drawn), shelf().primary.read_lines([line])))
    started = time.process_time()
    (document,) = read_document(drawn.data, drawn.name, template)
    ours = time.process_time() - started
    wanted = drawn.truth.seal_text or ""
    ring = any(names.seal_owner(one.text) == names.normalise(wanted) for one in document.seals)
    return Row(ours, peer, ring)


def report(kind: str, rows: list[Row]) -> None:
    """One line of the table."""
    ours, peer = (sorted(getattr(row, side) for row in rows) for side in ("ours", "peer"))
    middle, other = statistics.median(ours), statistics.median(peer)
    slow = ours[int(0.9 * len(ours))]
    print(
        f"{kind:12} {len(rows):4} forms  median {middle:.3f} s  nine of ten within {slow:.3f} s  "
        f"peer {other:.3f} s  ratio {middle / other:.2f}  "
        f"ring right {sum(row.ring for row in rows)}"
    )


def main() -> None:
    """Draw, read, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--each", type=int, default=24)
    parser.add_argument("--seed", type=int, default=8801)
    args = parser.parse_args()
    _, template = world_of("2019-2020")
    line = np.full((48, _LINE, 3), 255, np.uint8)
    for kind in KINDS:
        pairs = corpus(args.seed, args.each + 1, (kind,), 0.0)
        first, *forms = (pair.form for pair in pairs)
        measure(first, template, line)
        for state in ("new", "met"):
            report(f"{kind}, {state}", [measure(one, template, line) for one in forms])


if __name__ == "__main__":
    main()
