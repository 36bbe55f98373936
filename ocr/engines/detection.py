"""The network of PP-OCRv6 that finds lines, run by OpenVINO: in a third of the time, and with the
same result to the fifth decimal, as by onnxruntime.

Only this network: those that read lines are as quick with onnxruntime, and OpenVINO keeps something
for every width of a line that it ever saw.

A process that used it must not be forked: its threads would not be there.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from ocr.engines.port import Picture
from procedure.errors import Temporary

Pixels = npt.NDArray[np.float32]
_OURS = "PP-OCRv6_det_small.onnx"
SMALL = 600_000
"""Pixels of a picture that onnxruntime looks at."""


class Detection:
    """A session as rapidocr's detector calls it: a `Preparation`'s pixels (1, 3, height, width) in,
    the likelihood of text (1, 1, height, width) out, both float32; sides are multiples of 32.

    ``small``: rapidocr's own session, which looks at small pictures: before it begins, OpenVINO
    takes as long as that one does for half a million pixels.

    Raises `Temporary` where OpenVINO does not run, MemoryError where a picture is too much for it.
    """

    def __init__(self, threads: int, small: Callable[[Pixels], Pixels]) -> None:
        import rapidocr

        try:
            from openvino import Core

            self._core: Any = Core()
            self._model = self._core.read_model(Path(rapidocr.__file__).with_name("models") / _OURS)
        except (ImportError, OSError, RuntimeError) as error:
            raise Temporary(f"OpenVINO does not run: {error}", code="no-engine") from error
        self._settings = _settings(threads)
        self._small = small

    def __call__(self, pixels: Pixels) -> Pixels:
        if pixels.shape[2] * pixels.shape[3] <= SMALL:
            return self._small(pixels)
        # Made anew for each picture's size: that costs a sixth of a second; a look takes half the
        # memory that it takes where it is ready for any size, and leaves nothing behind.
        model = self._model.clone()
        model.reshape(list(pixels.shape))
        try:
            request = self._core.compile_model(model, "CPU", self._settings).create_infer_request()
            request.infer([pixels], share_inputs=True, share_outputs=True)
        except RuntimeError as error:
            # The network and its settings are always the same: what it lacks is memory, and says
            # so in no better words.
            raise MemoryError(str(error)) from error
        return np.array(request.get_output_tensor().data)


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


def _settings(threads: int) -> dict[str, str | int]:
    return {
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": 1,
        # Left alone it takes half the digits where the processor has instructions for them, and a
        # page would read otherwise on another machine.
        "INFERENCE_PRECISION_HINT": "f32",
        # Two workers would be pinned to the same core.
        "ENABLE_CPU_PINNING": False,
    }
