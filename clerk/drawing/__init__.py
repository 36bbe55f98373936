"""Synthetic documents with their truth: application forms and registry screenshots.

Public: `draw_application`, `draw_cancellation` (one document), `corpus` (hundreds of pairs over all
tiers with planted faults), `Drawn` and `Truth`. Everything is seeded: the same arguments and the
same font files give the same bytes. Companies, persons, codes and accounts are invented.
"""

from clerk.drawing.content import Application, Cancellation, Company, ProjectLine, RecordLine
from clerk.drawing.documents import Drawn, draw_application, draw_cancellation
from clerk.drawing.pairs import Pair, corpus
from clerk.drawing.style import Style, random_style
from clerk.drawing.truth import Truth, TruthField

__all__ = [
    "Application",
    "Cancellation",
    "Company",
    "Drawn",
    "Pair",
    "ProjectLine",
    "RecordLine",
    "Style",
    "Truth",
    "TruthField",
    "corpus",
    "draw_application",
    "draw_cancellation",
    "random_style",
]
