"""Lines are found by OpenVINO where onnxruntime finds them, and nobody is told of it."""

import math
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from ocr.engines import detection, engine_faults, trial
from ocr.engines.networks import Pixels
from ocr.engines.neural import DETECTION_LIMIT, Orientation, PpOcrV4, PpOcrV6
from ocr.sheet import Line
from procedure.errors import Temporary

SAMPLES = Path(__file__).with_name("samples")


def _by_onnxruntime() -> PpOcrV6:
    found = PpOcrV6()
    found._engine.text_det = None
    session = found._engine._load_det_model().session
    assert "onnxruntime" in type(session).__module__
    return found


def _places(engine: PpOcrV6, name: str, longest: int) -> list[Line]:
    picture = cv2.imdecode(np.frombuffer((SAMPLES / name).read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return engine.places(np.asarray(picture, np.uint8), longest)


@pytest.mark.parametrize("name", ["c0003-form.jpg", "c0000-screenshot.png"])
def test_lines_are_found_where_onnxruntime_finds_them(name: str) -> None:
    engine, other = PpOcrV6(), _by_onnxruntime()
    assert isinstance(engine._engine._load_det_model().session, detection.Detection)
    for longest in (DETECTION_LIMIT, 700):
        found = _places(engine, name, longest)
        assert len(found) > 10
        assert found == _places(other, name, longest)


@pytest.mark.parametrize("shape", [(480, 640, 3), (47, 33, 3), (1700, 900, 3)])
def test_pictures_are_prepared_as_rapidocr_prepares_them(shape: tuple[int, int, int]) -> None:
    own = _by_onnxruntime()._engine.text_det.get_preprocess()
    picture = np.random.default_rng(7).integers(0, 256, shape, dtype=np.uint8)
    ours = detection.Preparation(own)(picture)
    assert ours is not None
    assert ours.dtype == np.float32
    assert np.array_equal(ours, own(picture))


def test_nothing_is_prepared_of_a_picture_of_no_size() -> None:
    own = _by_onnxruntime()._engine.text_det.get_preprocess()
    assert detection.Preparation(own)(np.zeros((10, 900, 3), np.uint8)) is None


def _unasked(pixels: Pixels) -> Pixels:
    raise AssertionError(pixels.shape)


def _openvino_alone() -> detection.Detection:
    session = detection.Detection(1, _unasked)
    session.most_of_own = 0
    return session


def test_both_find_the_same_and_each_has_the_pictures_for_which_it_is_quicker() -> None:
    own = _by_onnxruntime()._engine.text_det.session
    small, large = (
        np.random.default_rng(7).random((1, 3, 96, side), np.float32) for side in (96, 640)
    )
    alone = _openvino_alone()
    for pixels in (small, large):
        assert float(np.abs(alone(pixels) - own(pixels)).max()) < 1e-4
    session = detection.Detection(1, own)
    session.most_of_own = 96 * 96
    assert np.array_equal(session(small), own(small))
    session.networks.made_for = lambda shape: _unasked(np.zeros(shape, np.float32))  # type: ignore[method-assign]
    assert np.array_equal(session(small), own(small))
    with pytest.raises(AssertionError):
        session(large)


@pytest.mark.parametrize(
    ("own", "begin", "other", "times"),
    [(0.28, 0.16, 0.09, 0.842), (0.11, 0.22, 0.11, math.inf), (0.1, 0.2, 0.11, math.inf)],
)
def test_one_that_begins_at_once_is_quicker_until_the_other_has_made_that_good(
    own: float, begin: float, other: float, times: float
) -> None:
    assert detection._crossing(own, begin, other) == pytest.approx(times, abs=0.001)


def test_a_network_is_kept_for_a_size_that_comes_again() -> None:
    networks = _openvino_alone().networks
    once = networks(np.full((1, 3, 64, 96), 0.5, np.float32))
    assert networks.kept == []
    again = networks(np.full((1, 3, 64, 96), 0.5, np.float32))
    assert networks.kept == [(1, 3, 64, 96)]
    networks.made_for = lambda shape: _unasked(np.zeros(shape, np.float32))  # type: ignore[method-assign]
    kept = networks(np.full((1, 3, 64, 96), 0.5, np.float32))
    assert np.array_equal(once, again)
    assert np.array_equal(once, kept)
    # What it kept of one picture is not seen in the next.
    assert not np.array_equal(kept, networks(np.full((1, 3, 64, 96), -1.5, np.float32)))


def test_only_the_last_sizes_are_kept_and_none_where_memory_lacks() -> None:
    networks = _openvino_alone().networks
    for side in (32, 64, 96, 128, 160):
        for _ in range(2):
            networks(np.zeros((1, 3, 32, side), np.float32))
    networks(np.zeros((1, 3, 32, 64), np.float32))
    assert [shape[3] for shape in networks.kept] == [96, 128, 160, 64]
    networks._settings = {"NUM_STREAMS": "many"}
    with pytest.raises(MemoryError):
        networks(np.zeros((1, 3, 32, 192), np.float32))
    assert networks.kept == []


def test_only_so_many_sizes_are_remembered() -> None:
    networks = _openvino_alone().networks
    networks.made_for = lambda shape: None  # type: ignore[method-assign]
    for side in range(32, 32 * 101, 32):
        networks._ready((1, 3, 32, side))
    assert len(networks._met) == 64


def test_which_is_quicker_is_measured_where_they_run() -> None:
    """One that takes no time has all pictures, one that takes a second next to none."""
    blank = np.zeros((1, 1, 480, 640), np.float32)

    def slow(_: Pixels) -> Pixels:
        until = time.process_time() + 1.0
        while time.process_time() < until:
            np.add(blank, blank)
        return blank

    assert detection.Detection(1, lambda _: blank).most_of_own == math.inf
    assert 0 < detection.Detection(1, slow).most_of_own < 480 * 640 * 2


def test_it_reckons_with_all_digits_and_stays_where_it_is_put() -> None:
    compiled = _openvino_alone().networks.made_for((1, 3, 64, 64))
    assert "float32" in str(compiled.get_property("INFERENCE_PRECISION_HINT"))
    assert compiled.get_property("ENABLE_CPU_PINNING") is False
    assert compiled.get_property("INFERENCE_NUM_THREADS") == 1


_SIZES = """
import random
from pathlib import Path

import numpy as np

from ocr.engines.detection import Detection
from ocr.engines.heap import _resident, give_back, keep_memory

keep_memory()
session, chance = Detection(1, print), random.Random(7)
session.most_of_own = 0

def look():
    sides = [32 * chance.randint(12, 30) for _ in range(2)]
    session(np.zeros((1, 3, *sides), np.float32))

for _ in range(8):
    look()
give_back(0)
before = _resident()
Path("/proc/self/clear_refs").write_text("5")
session(np.zeros((1, 3, 1600, 1184), np.float32))
most = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
give_back(0)
print((int(most) * 1024 - before) // (1600 * 1184), (_resident() - before) // 1_000_000)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc gives memory back so")
def test_a_look_takes_150_bytes_a_pixel_and_leaves_nothing() -> None:
    """Ready for any size it would take twice that, and the process more than it may."""
    command = [sys.executable, "-c", _SIZES]
    told = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    each, left = map(int, told.stdout.split())
    assert 50 < each < 150
    assert left < 30


_TOLD = """
import sys
from pathlib import Path

folder = Path(sys.argv[1])
(folder / "openvino_telemetry").mkdir()
(folder / "openvino_telemetry" / "__init__.py").write_text("raise SystemExit('told')")
sys.path.insert(0, str(folder))
from ocr.engines.trial import run

run("ppocr-v6")
run("ppocr-v4")
print(sys.modules["openvino_telemetry"], "openvino" in sys.modules, "onnxruntime" in sys.modules)
"""


def test_their_makers_are_not_told_of_them(tmp_path: Path) -> None:
    """OpenVINO sends word of every import where openvino-telemetry is installed; onnxruntime makes
    itself a name in the user's home and sends that with word of every session."""
    home = tmp_path / "home"
    home.mkdir()
    # Where a build server or a test is seen, onnxruntime keeps silent by itself.
    kept = {key: os.environ[key] for key in ("PATH", "LD_LIBRARY_PATH") if key in os.environ}
    told = subprocess.run(
        [sys.executable, "-c", _TOLD, str(tmp_path)],
        env={**kept, "HOME": str(home)},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert told.stdout.splitlines() == ["ppocr-v6\t", "ppocr-v4\t", "None True True"]
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("family", ["ppocr-v6", "ppocr-v4"])
def test_an_engine_that_is_there_and_does_not_run_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, family: str
) -> None:
    other = "ppocr-v4" if family == "ppocr-v6" else "ppocr-v6"
    broken = tmp_path / ("openvino" if family == "ppocr-v6" else "onnxruntime")
    broken.mkdir()
    (broken / "__init__.py").write_text("raise ImportError('libtbb.so.12: no such file')")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{Path(__file__).parents[2]}")
    found = engine_faults([family, other])
    assert "libtbb.so.12" in found[family]
    # onnxruntime carries both, OpenVINO one of them.
    assert bool(found[other]) is (broken.name == "onnxruntime")


def test_engines_that_run_have_no_fault_and_a_dead_process_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert engine_faults(["ppocr-v6", "ppocr-v4"]) == {"ppocr-v6": "", "ppocr-v4": ""}
    monkeypatch.setattr(trial, "_PROGRAM", "import os; os.abort()")
    assert engine_faults(["ppocr-v4"]) == {"ppocr-v4": "its process ended with -6"}


def test_a_broken_machine_is_no_fault_of_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(Temporary) as caught:
        detection.Detection(1, _unasked)
    assert caught.value.code == "no-engine"


def test_too_little_memory_is_called_that() -> None:
    session = _openvino_alone()
    session.networks._settings = {"NUM_STREAMS": "many"}
    with pytest.raises(MemoryError):
        session(np.zeros((1, 3, 64, 64), np.float32))


def _told(message: str) -> detection.Detection:
    """A session whose onnxruntime ends with this."""

    def own(_: Pixels) -> Pixels:
        raise RuntimeError(f"[ONNXRuntimeError] : 1 : FAIL : {message}")

    session = detection.Detection(1, own)
    session.most_of_own = math.inf
    return session


def test_too_little_memory_for_onnxruntime_is_called_that_too() -> None:
    pixels = np.zeros((1, 3, 64, 64), np.float32)
    for message in ("std::bad_alloc", "Failed to allocate memory for requested buffer of size 9"):
        with pytest.raises(MemoryError):
            _told(message)(pixels)
    with pytest.raises(RuntimeError):
        _told("Got invalid dimensions")(pixels)


class _Short:
    """A network without memory, of any of the wheels."""

    def __call__(self, *_: object) -> None:
        raise RuntimeError("[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : std::bad_alloc")


def test_too_little_memory_for_a_line_is_called_that(monkeypatch: pytest.MonkeyPatch) -> None:
    crop = np.full((40, 300, 3), 255, np.uint8)
    first, second, upright = PpOcrV6(), PpOcrV4(), Orientation()
    monkeypatch.setattr(first._engine._load_rec_model(), "session", _Short())
    monkeypatch.setattr(first._engine._load_cls_model(), "session", _Short())
    monkeypatch.setattr(second._engine.text_rec, "session", _Short())
    monkeypatch.setattr(upright._engine, "session", _Short())
    for work in (first.read_lines, first.upside_down, second.read_lines):
        with pytest.raises(MemoryError):
            work([crop])
    with pytest.raises(MemoryError):
        upright.turn(crop)


def test_what_tells_them_is_no_requirement() -> None:
    lock = Path(__file__).parents[2] / "requirements" / "runtime.txt"
    lines = [one for one in lock.read_text().splitlines() if one.startswith("openvino-telemetry")]
    assert all("sys_platform == 'never'" in one for one in lines)
