"""Engines behind one port: what recognises, and which of them this machine has."""

from ocr.engines.silent import tell_nobody

tell_nobody()

from ocr.engines.port import Engine, Family, Recognised, Recogniser  # noqa: E402  once it is silent
from ocr.engines.shelf import Shelf, engines_available, shelf  # noqa: E402
from ocr.engines.trial import engine_faults  # noqa: E402

__all__ = [
    "Engine",
    "Family",
    "Recognised",
    "Recogniser",
    "Shelf",
    "engine_faults",
    "engines_available",
    "shelf",
]
