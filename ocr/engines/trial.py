"""Whether the engines that are installed run: they read a blank picture in a process of their own.

A library that lacks another, a processor without the instructions that it needs or a missing model
show only then, and may end the process.
"""

import subprocess
import sys
from collections.abc import Sequence

import numpy as np

from ocr.engines.shelf import shelf

_PATIENCE = 120
"""Seconds: on a slow machine a first start takes ten."""
_PROGRAM = "import sys; from ocr.engines.trial import run; [run(one) for one in sys.argv[1:]]"


def engine_faults(families: Sequence[str]) -> dict[str, str]:
    """What each trial ended with, in English; "" where the engine runs."""
    command = [sys.executable, "-c", _PROGRAM, *families]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return dict.fromkeys(families, f"nothing within {_PATIENCE} s")
    told = dict(line.split("\t", 1) for line in done.stdout.splitlines() if "\t" in line)
    return {one: told.get(one, f"its process ended with {done.returncode}") for one in families}


def run(family: str) -> None:
    """Has one engine of this process read a blank picture, and prints what it ended with."""
    blank, fault = np.full((64, 320, 3), 255, np.uint8), ""
    try:
        engines = shelf()
        if family == engines.primary.family:
            engines.primary.places(blank)
            engines.primary.read_lines([blank])
        else:
            engines.second.read_lines([blank])
    except Exception as error:
        fault = f"does not run: {' '.join(str(error).split()) or type(error).__name__}"
    print(family, fault, sep="\t", flush=True)  # noqa: T201
