"""Turns, skew and perspective. Recognition never sees a warped page: only places are mapped.

A page that is flattened wrongly would lose characters; so lines are recognised where they stand
and only their corners go through the homography, which is checked against the lines' own slopes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.engines.port import Picture
from ocr.sheet import Line, Rect, union

Matrix = NDArray[np.float64]
_MAX_FLAT = 2600
_MIN_SEGMENT = 0.03
_BACK = (
    None,
    cv2.ROTATE_90_COUNTERCLOCKWISE,
    cv2.ROTATE_180,
    cv2.ROTATE_90_CLOCKWISE,
)
"""What undoes 0 to 3 quarter turns clockwise."""


@dataclass(frozen=True)
class Flat:
    """The flattened page: ``forward`` maps the picture's pixels to the flat page's."""

    forward: Matrix
    width: int
    height: int

    def warp(self, image: Picture) -> Picture:
        """The picture as the flat page shows it; white where the picture has nothing."""
        size = (self.width, self.height)
        flat = cv2.warpPerspective(
            image, self.forward, size, flags=cv2.INTER_AREA, borderValue=(255, 255, 255)
        )
        return np.asarray(flat, dtype=np.uint8)

    def line(self, line: Line) -> Line:
        """A line with its box on the flat page; its quad stays in the picture's pixels."""
        points = transform(self.forward, line.quad)
        return replace(line, box=_upright_box(points))

    def back(self, box: Rect) -> tuple[tuple[float, float], ...]:
        """A flat box's four corners in the picture, clockwise from top left."""
        x0, y0, x1, y1 = box
        corners = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
        return tuple(map(tuple, transform(np.linalg.inv(self.forward), corners)))  # type: ignore[arg-type]


def transform(
    matrix: Matrix, points: Sequence[Sequence[float]] | NDArray[np.float64]
) -> NDArray[np.float64]:
    """Points (n x 2) through a homography."""
    source = np.asarray(points, dtype=np.float64).reshape(-1, 1, 2)
    return np.asarray(cv2.perspectiveTransform(source, matrix), dtype=np.float64).reshape(-1, 2)


def _upright_box(points: NDArray[np.float64]) -> Rect:
    """Mean edges rather than extremes: what is left of the slope must not thicken a line."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = points
    return (
        float(min(ax, dx)),
        float((ay + by) / 2),
        float(max(bx, cx)),
        float((cy + dy) / 2),
    )


def turned(image: Picture, degrees: int) -> Picture:
    """The picture turned back by ``degrees`` clockwise (0, 90, 180, 270)."""
    back = _BACK[degrees // 90 % 4]
    return image if back is None else np.asarray(cv2.rotate(image, back), np.uint8)


def flatten(lines: Sequence[Line], image: Picture) -> Flat:
    """The best flattening that the page's own straight edges give; at least its skew."""
    height, width = image.shape[:2]
    quads = [line for line in lines if _is_long(line)]
    if not quads:
        return _framed(np.eye(3), width, height)
    across, upright = _segments(quads, image)
    best = _rotation(across, width, height)
    projective = _projective(across, upright, width, height)
    if projective is not None and _cost(projective, across) < 0.85 * _cost(best, across):
        best = projective
    return _framed(best, width, height)


def _is_long(line: Line) -> bool:
    if len(line.quad) != 4:
        return False
    (ax, ay), (bx, by), _, (dx, dy) = line.quad
    return float(np.hypot(bx - ax, by - ay)) > 2.5 * float(np.hypot(dx - ax, dy - ay))


def _slopes(matrix: Matrix, segments: list[Any]) -> tuple[Any, Any]:
    """Slopes of segments and their lengths, after a homography."""
    ends = transform(matrix, np.asarray(segments, dtype=np.float64).reshape(-1, 2))
    run = ends[1::2] - ends[::2]
    return np.arctan2(run[:, 1], run[:, 0]), np.linalg.norm(run, axis=1)


def _cost(matrix: Matrix, segments: list[Any]) -> float:
    """Mean slope that is left, long edges counting more, outliers no more than 3°."""
    slopes, lengths = _slopes(matrix, segments)
    return float((np.minimum(np.abs(slopes), 0.05) * lengths).sum() / lengths.sum()) + 1e-5


def _rotation(segments: list[Any], width: int, height: int) -> Matrix:
    slopes, lengths = _slopes(np.eye(3), segments)
    order = np.argsort(slopes)
    share = np.cumsum(lengths[order]) / lengths.sum()
    angle = float(np.degrees(slopes[order][int(np.searchsorted(share, 0.5))]))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return np.vstack([turn, [0, 0, 1]]).astype(np.float64)


def _projective(across: list[Any], upright: list[Any], width: int, height: int) -> Matrix | None:
    """From the vanishing points of horizontal and vertical edges; None where they are too few.

    A page without upright edges is at least given level rows.
    """
    if len(across) < 6:
        return None
    scale = np.diag([2 / width, 2 / width, 1.0]) @ np.array(
        [[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1]], dtype=np.float64
    )
    horizontal = _vanishing(across, scale, np.array([1.0, 0, 0]))
    slope = float(np.median(_slopes(np.eye(3), across)[0]))
    vertical: NDArray[np.float64] | None = np.array([-np.sin(slope), np.cos(slope), 0.0])
    if len(upright) >= 6:
        vertical = _vanishing(upright, scale, np.array([0, 1.0, 0]))
    if horizontal is None or vertical is None:
        return None
    return _rectify(horizontal, vertical, scale)


def _segments(quads: Sequence[Line], image: Picture) -> tuple[list[Any], list[Any]]:
    """Edges inside the text's hull, as x0, y0, x1, y1 (the table under a photo is left out)."""
    across = [(*line.quad[0], *line.quad[1]) for line in quads]
    across += [(*line.quad[3], *line.quad[2]) for line in quads]
    angle = float(np.median(_slopes(np.eye(3), across)[0]))
    upright = []
    least = _MIN_SEGMENT * max(image.shape[:2])
    for x0, y0, x1, y1 in _edges(quads, image):
        length = float(np.hypot(x1 - x0, y1 - y0))
        lean = (np.arctan2(y1 - y0, x1 - x0) - angle + np.pi / 2) % np.pi - np.pi / 2
        if length > least and abs(lean) < 0.2:
            across.append((x0, y0, x1, y1) if x1 > x0 else (x1, y1, x0, y0))
        elif length > least and abs(abs(lean) - np.pi / 2) < 0.3:
            upright.append((x0, y0, x1, y1))
    return across, upright


def _edges(quads: Sequence[Line], image: Picture) -> NDArray[np.float64]:
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    shrink = min(1.0, 1600 / max(grey.shape))
    small = cv2.resize(grey, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    corners = np.array([c for line in quads for c in line.quad], dtype=np.float32) * shrink
    hull = cv2.convexHull(corners).reshape(-1, 2)
    centre = hull.mean(axis=0)
    mask = np.zeros_like(small)
    cv2.fillConvexPoly(mask, (centre + (hull - centre) * 1.06).astype(np.int32), 255)
    found = cv2.createLineSegmentDetector().detect(small)[0]
    if found is None:
        return np.zeros((0, 4))
    segments = found.reshape(-1, 4)
    middle = ((segments[:, :2] + segments[:, 2:]) / 2).astype(int)
    middle[:, 0] = middle[:, 0].clip(0, small.shape[1] - 1)
    middle[:, 1] = middle[:, 1].clip(0, small.shape[0] - 1)
    kept = segments[mask[middle[:, 1], middle[:, 0]] > 0]
    return np.asarray(kept / shrink, dtype=np.float64)


def _vanishing(segments: list[Any], scale: Matrix, start: Any) -> NDArray[np.float64] | None:
    """The point that all lines meet, by least squares that forget outliers step by step."""
    ends = np.asarray(segments, dtype=np.float64)
    ones = np.ones(len(ends))
    first = np.column_stack([ends[:, :2], ones]) @ scale.T
    second = np.column_stack([ends[:, 2:], ones]) @ scale.T
    lines = np.cross(first, second)
    length = np.linalg.norm(lines[:, :2], axis=1)
    lines /= length[:, None] + 1e-9
    weight = length.copy()
    point = start
    for _ in range(12):
        _, vectors = np.linalg.eigh((lines * weight[:, None]).T @ lines)
        point = vectors[:, 0]
        missed = np.abs(lines @ point)
        typical = float(np.median(missed)) + 1e-5
        weight = length / (1 + (missed / (2 * typical)) ** 2)
    # A vanishing point inside the picture is no page seen at a slant.
    inside = abs(point[2]) > 1e-9 and float(np.hypot(*(point[:2] / point[2]))) < 2.5
    return None if inside else point


def _rectify(horizontal: Any, vertical: Any, scale: Matrix) -> Matrix | None:
    line = np.cross(horizontal, vertical)
    if abs(line[2]) < 1e-6:
        return None
    project = np.array([[1, 0, 0], [0, 1, 0], line / line[2]], dtype=np.float64)
    right, down = (project @ horizontal)[:2], (project @ vertical)[:2]
    right = right / np.linalg.norm(right) * (1 if right[0] >= 0 else -1)
    down = down / np.linalg.norm(down) * (1 if down[1] >= 0 else -1)
    axes = np.column_stack([right, down])
    if abs(np.linalg.det(axes)) < 0.5:
        return None
    affine = np.eye(3)
    affine[:2, :2] = np.linalg.inv(axes)
    return np.linalg.inv(scale) @ affine @ project @ scale


def _framed(matrix: Matrix, width: int, height: int) -> Flat:
    """Moved and scaled so that the whole picture fits a page of about its own size."""
    corners = transform(matrix, [(0, 0), (width, 0), (width, height), (0, height)])
    low, high = corners.min(axis=0), corners.max(axis=0)
    size = np.maximum(high - low, 1)
    shrink = float(min(_MAX_FLAT / size.max(), max(width, height) * 1.25 / size.max(), 1.0))
    move = np.array([[shrink, 0, -low[0] * shrink], [0, shrink, -low[1] * shrink], [0, 0, 1]])
    flat_w, flat_h = np.ceil(size * shrink).astype(int)
    return Flat(move @ matrix, int(flat_w), int(flat_h))


def page_box(flat: Flat, box: Rect, degrees: int, width: int, height: int) -> Rect:
    """A flat box as fractions of the page as its reader sees it, before any turn of ours.

    ``width`` and ``height`` are the turned picture's; ``degrees`` what was turned back.
    """
    points = np.asarray(flat.back(box)) / np.array([width, height])
    x, y = points[:, 0], points[:, 1]
    for _ in range((degrees // 90) % 4):
        x, y = 1 - y, x
    spans = union((float(a), float(b), float(a), float(b)) for a, b in zip(x, y, strict=True))
    return tuple(min(1.0, max(0.0, round(v, 4))) for v in spans)  # type: ignore[return-value]
