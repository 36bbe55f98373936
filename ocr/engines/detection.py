"""The network of PP-OCRv6 that finds lines, run by OpenVINO or onnxruntime, whichever is quicker on
this machine for a picture's size: both find the same to the fifth decimal.

Only this network: those that read lines are as quick with onnxruntime everywhere, and OpenVINO
keeps something for every width of a line that it ever saw.

A process that used it must not be forked: its threads would not be there.
"""

import math
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ocr.engines.heap import memory_told
from ocr.engines.networks import Networks, Pixels, inferred
from ocr.engines.port import Picture

_OURS = "PP-OCRv6_det_small.onnx"
_TRIED = (1, 3, 480, 640)
"""The picture on which both are timed: large enough to tell, a tenth of a second each."""


class Detection:
    """A session as rapidocr's detector calls it: a `Preparation`'s pixels (1, 3, height, width) in,
    the likelihood of text (1, 1, height, width) out, both float32; sides are multiples of 32.

    ``own``: rapidocr's session of onnxruntime.

    Raises `Temporary` where OpenVINO does not run, MemoryError where a picture is too much for it.
    """

    def __init__(self, threads: int, own: Callable[[Pixels], Pixels]) -> None:
        import rapidocr

        self.networks = Networks(Path(rapidocr.__file__).with_name("models") / _OURS, threads)
        self._own = own

    def __call__(self, pixels: Pixels) -> Pixels:
        if pixels.shape[2] * pixels.shape[3] <= self.most_of_own:
            with memory_told():
                return self._own(pixels)
        return self.networks(pixels)

    @cached_property
    def most_of_own(self) -> float:
        """Pixels of the largest picture for which onnxruntime is the quicker one; it was so for
        260,000 on one machine, and for any on another."""
        blank, made_for = np.zeros(_TRIED, np.float32), self.networks.made_for
        begin, made = _seconds(lambda: made_for(_TRIED)), made_for(_TRIED)
        own, other = _seconds(lambda: self._own(blank)), _seconds(lambda: inferred(made, blank))
        return _crossing(own, begin, other) * blank.shape[2] * blank.shape[3]


def _seconds(work: Callable[[], object]) -> float:
    """Seconds of this process's processor time, since others may be at work on the machine; the
    lesser of two times, since the first one loads what it needs and makes memory ready."""
    taken = []
    for _ in range(2):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return min(taken)


def _crossing(own: float, begin: float, other: float) -> float:
    """How many times as much the one that begins at once does, at ``own`` seconds each, while the
    other one begins and does as much at ``other`` each."""
    return begin / (own - other) if own > other else math.inf


class Preparation:
    """What rapidocr does to a picture before lines are looked for in it, to the last bit, by a
    table of what each tone becomes: its own way works on doubles, and turns them in memory.

    ``own``: rapidocr's preparation.
    """

    def __init__(self, own: Any) -> None:
        self._own = own
        tones = np.arange(256, dtype=np.uint8).reshape(-1, 1).repeat(3, axis=1)
        self._tables = np.asarray(own.normalize(tones), np.float32).T.copy()

    def __call__(self, picture: Picture) -> Pixels | None:
        """From (height, width, 3) to (1, 3, height, width), sides rounded to multiples of 32; None
        where nothing would be left of the picture."""
        small = self._own.resize(picture)
        if small is None:
            return None
        pixels = np.empty((1, 3, *small.shape[:2]), np.float32)
        for tones, table, into in zip(cv2.split(small), self._tables, pixels[0], strict=True):
            cv2.LUT(tones, table, into)
        return pixels
