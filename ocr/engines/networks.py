"""A network run by OpenVINO, made ready for each picture's size; kept for sizes that come again, as
those of one phone's photos and of one scanner's pages do."""

from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from procedure.errors import Temporary

Pixels = npt.NDArray[np.float32]
Shape = tuple[int, ...]
_KEPT, _REMEMBERED = 4, 64
"""Networks that are kept, 16 MB each, and sizes of which is known that they were met."""


class Networks:
    """One network for every size.

    To be made ready for a size costs an eighth of a second, a fifth with memory that is fresh. A
    look then takes half the memory that it takes where the network is ready for any size, and
    leaves nothing behind.

    Raises `Temporary` where OpenVINO does not run or has no such file, MemoryError where a picture
    is too much for it.
    """

    def __init__(self, path: Path, threads: int) -> None:
        try:
            from openvino import Core
            from openvino._offline_transformations import apply_moc_transformations

            self._core: Any = Core()
            self._model: Any = self._core.read_model(path)
            # What does not hang on the size is simplified once, instead of for each: a quarter of
            # the time that it takes to be made ready. (Nothing public but the converter, which
            # sends word to its makers, does that.)
            apply_moc_transformations(self._model, cf=True)
        except (ImportError, OSError, RuntimeError) as error:
            raise Temporary(f"OpenVINO does not run: {error}", code="no-engine") from error
        self._settings = _settings(threads)
        self._met: OrderedDict[Shape, Any] = OrderedDict()

    def __call__(self, pixels: Pixels) -> Pixels:
        """What the network makes of its input, both float32."""
        try:
            return inferred(self._ready(pixels.shape), pixels)
        except MemoryError:
            self._met.clear()
            raise

    def made_for(self, shape: Shape) -> Any:
        """Made anew for a size."""
        model = self._model.clone()
        model.reshape(list(shape))
        try:
            return self._core.compile_model(model, "CPU", self._settings)
        except RuntimeError as error:
            # The network and its settings are always the same: what it lacks is memory, and says
            # so in no better words.
            raise MemoryError(str(error)) from error

    @property
    def kept(self) -> list[Shape]:
        """Sizes for which it is ready, that which was used last at the end."""
        return [shape for shape, made in self._met.items() if made is not None]

    def _ready(self, shape: Shape) -> Any:
        """Kept from the second time on that a size is met: most sizes never come again."""
        met, made = shape in self._met, self._met.pop(shape, None)
        if made is None:
            made = self.made_for(shape)
        self._met[shape] = made if met else None
        for one in self.kept[:-_KEPT]:
            self._met[one] = None
        while len(self._met) > _REMEMBERED:
            self._met.popitem(last=False)
        return made


def inferred(made: Any, pixels: Pixels) -> Pixels:
    """What a network that is ready for the input's size makes of it."""
    try:
        request = made.create_infer_request()
        request.infer([pixels], share_inputs=True, share_outputs=True)
        found = np.array(request.get_output_tensor().data)
        del request
        made.release_memory()
    except RuntimeError as error:
        raise MemoryError(str(error)) from error
    return found


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
