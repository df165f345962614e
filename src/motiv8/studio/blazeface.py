"""BlazeFace: from an image to boxes and six landmarks each (Bazarevsky et al. 2019, arXiv:1907.05047).

Anchors, decoding and weighted non-maximum suppression follow the graphs that MediaPipe ships with the models
(`face_detection_short_range.pbtxt`, `face_detection_full_range.pbtxt`, `ssd_anchors_calculator.cc`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from motiv8.studio import weights

if TYPE_CHECKING:
    from ai_edge_litert.interpreter import Interpreter

_LEAST_OVERLAP = 0.3


@dataclass(frozen=True, slots=True)
class Model:
    """A model file, its input side in pixels, its anchor grids (cells a side, anchors a cell), its score threshold."""

    file: str
    side: int
    grids: tuple[tuple[int, int], ...]
    least_score: float


# MediaPipe asks for 0.5; patterns that are not faces reach 0.6 here, and real faces begin at 0.86.
SHORT_RANGE = Model("face_detection_short_range.tflite", 128, ((16, 2), (8, 6)), 0.65)
FULL_RANGE = Model("face_detection_full_range_sparse.tflite", 192, ((48, 1),), 0.6)


@dataclass(frozen=True, slots=True)
class Detection:
    """`box` is x, y, width, height; `landmarks` is `float32[6, 2]`; both in pixels of the image that was searched."""

    score: float
    box: tuple[float, float, float, float]
    landmarks: np.ndarray


def detect(image: np.ndarray, model: Model) -> list[Detection]:
    """All faces in `uint8[H, W, 3]` RGB, best score first."""
    height, width = image.shape[:2]
    side = max(height, width)
    left, top = (side - width) // 2, (side - height) // 2
    scale = model.side / side
    small = Image.fromarray(image).resize(
        (max(1, round(width * scale)), max(1, round(height * scale))), Image.Resampling.BILINEAR, reducing_gap=2.0
    )
    square = Image.new("RGB", (model.side, model.side))
    square.paste(small, (round(left * scale), round(top * scale)))
    pixels = np.asarray(square, np.float32)[None] / 127.5 - 1.0
    regressors, scores = _run(model, pixels)
    found = scores >= model.least_score
    boxes = _decode(regressors[found], _anchors(model)[found], model.side)
    return [_to_image(score, points, side, left, top) for score, points in _weighted_suppression(boxes, scores[found])]


def _run(model: Model, pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    interpreter = _interpreter(model)
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], pixels)
    interpreter.invoke()
    regressors, logits = (interpreter.get_tensor(each["index"])[0] for each in interpreter.get_output_details())
    return regressors, 1.0 / (1.0 + np.exp(-np.clip(logits[:, 0], -80, 80)))


def _decode(raw: np.ndarray, anchors: np.ndarray, side: int) -> np.ndarray:
    """Rows of x1, y1, x2, y2 and six x, y pairs, all in 0-1 of the square."""
    centre = raw[:, 0:2] / side + anchors
    half = raw[:, 2:4] / side / 2
    points = (raw[:, 4:16].reshape(-1, 6, 2) / side + anchors[:, None]).reshape(-1, 12)
    return np.concatenate([centre - half, centre + half, points], axis=1)


def _weighted_suppression(boxes: np.ndarray, scores: np.ndarray) -> list[tuple[float, np.ndarray]]:
    """Overlapping boxes become their mean, weighted by score, as MediaPipe's WEIGHTED suppression does."""
    kept = []
    left = np.argsort(-scores, kind="stable")
    while left.size:
        overlap = _overlap(boxes[left[0]], boxes[left])
        same = left[overlap > _LEAST_OVERLAP]
        same = same if same.size else left[:1]
        weight = scores[same, None]
        kept.append((float(scores[left[0]]), (boxes[same] * weight).sum(axis=0) / weight.sum()))
        left = left[~np.isin(left, same)]
    return kept


def _overlap(box: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    low = np.maximum(box[:2], boxes[:, :2])
    high = np.minimum(box[2:4], boxes[:, 2:4])
    shared = np.prod(np.clip(high - low, 0, None), axis=1)
    areas = np.prod(boxes[:, 2:4] - boxes[:, :2], axis=1)
    overlap: np.ndarray = shared / np.maximum(np.prod(box[2:4] - box[:2]) + areas - shared, 1e-9)
    return overlap


def _to_image(score: float, row: np.ndarray, side: int, left: int, top: int) -> Detection:
    points = row.reshape(-1, 2) * side - (left, top)
    (x1, y1), (x2, y2) = points[0], points[1]
    box = (float(x1), float(y1), float(x2 - x1), float(y2 - y1))
    return Detection(score, box, points[2:].astype(np.float32))


@cache
def _anchors(model: Model) -> np.ndarray:
    """`float32[N, 2]`: the centre of each anchor in 0-1; their size is fixed at the whole square."""
    grids = []
    for cells, each in model.grids:
        centres = (np.arange(cells, dtype=np.float32) + 0.5) / cells
        grid = np.stack(np.meshgrid(centres, centres), axis=-1).reshape(-1, 2)
        grids.append(np.repeat(grid, each, axis=0))
    return np.concatenate(grids)


@cache
def _interpreter(model: Model) -> Interpreter:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(weights.FILES.path(model.file)), num_threads=1)
    interpreter.allocate_tensors()
    return interpreter
