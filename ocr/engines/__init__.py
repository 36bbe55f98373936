"""Engines behind one port: what recognises, and which of them this machine has."""

from ocr.engines.port import Engine, Family, Recognised, Recogniser
from ocr.engines.shelf import Shelf, engines_available, shelf

__all__ = [
    "Engine",
    "Family",
    "Recognised",
    "Recogniser",
    "Shelf",
    "engines_available",
    "shelf",
]
