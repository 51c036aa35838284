"""What a landmark model takes and gives, and running one without a graph."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from calculators.face.landmark_crop import crop_face, to_picture
from calculators.face.landmark_layout import LAYOUTS, LandmarkLayout
from calculators.inference.region import Region, scaled_tensor
from training.evaluate_model import SignatureError, load, name_of, shape_of


class Found(NamedTuple):
    """What a model says of a face.

    Attributes:
        points: float64 [n, 2], in pixels of the picture, (0, 0) its top left corner.
        presence: in [0, 1], how sure the model is that there is a face.
    """

    points: np.ndarray
    presence: float


class LandmarkModel:
    """A landmark .tflite on the CPU.

    A landmark model takes float32 [1, S, S, 3] and gives, in any order, float32 [1, n, 2] and [1, 1].

    Args:
        model: path of a file, or the file's bytes.

    Raises:
        GraphError: the file is missing, no .tflite or damaged.
        SignatureError: it takes or gives something else, or n is of no known annotation.
    """

    def __init__(self, model: Path | bytes, threads: int = 2) -> None:
        self._interpreter = load(model, threads)
        inputs, outputs = self._interpreter.get_input_details(), self._interpreter.get_output_details()
        layouts = {layout.count: layout for layout in LAYOUTS.values()}
        by_rank = {len(shape_of(tensor)): tensor for tensor in outputs}
        shapes = [shape_of(tensor) for tensor in inputs]
        count = shape_of(by_rank[3])[1] if 3 in by_rank else 0
        fits = (
            all(np.dtype(tensor["dtype"]) == np.float32 for tensor in (*inputs, *outputs))
            and len(shapes) == 1
            and shapes[0] == [1, shapes[0][1], shapes[0][1], 3]
            and sorted(map(shape_of, outputs)) == [[1, 1], [1, count, 2]]
            and count in layouts
        )
        if not fits:
            counts = " or ".join(map(str, layouts))
            raise SignatureError(
                f"{name_of(model)} is not a landmark model: expected float32 [1, S, S, 3] as input and "
                f"[1, {counts}, 2] and [1, 1] as outputs, got {_describe(inputs)} and {_describe(outputs)}."
            )
        self.size: int = shapes[0][1]
        self.layout: LandmarkLayout = layouts[count]
        self._input = inputs[0]["index"]
        self._landmarks, self._presence = by_rank[3]["index"], by_rank[2]["index"]

    def __call__(self, image: np.ndarray, region: Region) -> Found:
        """Look at a square region of uint8 [H, W, 3], RGB."""
        crop = crop_face(image, region, self.size)
        self._interpreter.set_tensor(self._input, scaled_tensor(crop, -1.0, 1.0))
        self._interpreter.invoke()
        points = to_picture(self._interpreter.get_tensor(self._landmarks)[0], region)
        return Found(points, float(self._interpreter.get_tensor(self._presence)[0, 0]))


def _describe(tensors: list[dict[str, Any]]) -> str:
    rows = [f'"{t["name"]}" {np.dtype(t["dtype"]).name} {shape_of(t)}' for t in tensors]
    return ", ".join(rows) or "none"
