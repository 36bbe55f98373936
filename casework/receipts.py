"""The answer to a mail: what was read, what is missing or wrong, what to do next."""

from casework.desk import Desk
from procedure.cycle import Cycle
from procedure.facts import ReadLine, ReceiptSection
from procedure.readings import DocumentReading


def read_lines(reading: DocumentReading) -> tuple[ReadLine, ...]:
    """The fields of a document for people, in the order of the form."""
    raise NotImplementedError


def next_steps(desk: Desk, cycle: Cycle, sections: tuple[ReceiptSection, ...]) -> tuple[str, ...]:
    """What the sender does now (Chinese), under which clause."""
    raise NotImplementedError
