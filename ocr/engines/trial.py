"""Whether an engine that is installed runs: it reads a blank picture in a process of its own.

A library that lacks another, a processor without the instructions that it needs or a missing model
show only then, and may end the process.
"""

import subprocess
import sys

import numpy as np

from ocr.engines.port import Family
from ocr.engines.shelf import shelf

_PATIENCE = 120
"""Seconds: on a slow machine a first start takes ten."""


def engine_fault(family: Family) -> str:
    """What its trial ended with, in English; "" where it runs."""
    command = [sys.executable, "-c", f"from ocr.engines.trial import run; run({family!r})"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return f"nothing within {_PATIENCE} s"
    if done.returncode == 0:
        return ""
    said = done.stderr.strip().splitlines()
    return said[-1] if said else f"its process ended with {done.returncode}"


def run(family: Family) -> None:
    """Has one engine of this process read a blank picture."""
    blank = np.full((64, 320, 3), 255, np.uint8)
    if family == "ppocr-v6":
        shelf().primary.places(blank)
        shelf().primary.read_lines([blank])
    else:
        shelf().second.read_lines([blank])
