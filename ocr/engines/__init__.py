"""Engines behind one port: what recognises, and which of them this machine has."""

from ocr.engines.port import Engine, Family, Recognised, Recogniser
from ocr.engines.shelf import Shelf, engines_available, shelf
from ocr.engines.silent import tell_nobody
from ocr.engines.trial import engine_faults

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

# The engines' own packages are imported where they are first used, so it is early enough.
tell_nobody()
