"""What a nail model takes and gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from training.evaluate_model import SignatureError, load, name_of, shape_of


def read_nail_size(model: Path | bytes) -> int:
    """The side of the square picture that a nail model takes.

    A nail model takes float32 [1, S, S, 3] and gives, in any order, float32 [1, S, S, 1], [1, S/4, S/4, 10]
    and [1, S/4, S/4, 2].

    Raises:
        GraphError: the file is missing, no .tflite or damaged.
        SignatureError: it takes or gives something else; says what and what was wanted.
    """
    interpreter = load(model)
    inputs, outputs = interpreter.get_input_details(), interpreter.get_output_details()
    # The size that the others are compared with is that of the first input, where it has one.
    shape = shape_of(inputs[0]) if inputs else []
    size = shape[1] if len(shape) == 4 and shape[1] > 0 else 0
    side, quarter = (size, size // 4) if size else ("S", "S/4")
    takes = [[1, side, side, 3]]
    gives = [[1, side, side, 1], [1, quarter, quarter, 10], [1, quarter, quarter, 2]]
    problems = [
        f"expected {_shapes(wanted)} as {kind}, got {_describe(tensors)}"
        for kind, wanted, tensors in (("input", takes, inputs), ("outputs", gives, outputs))
        if sorted(map(str, wanted)) != sorted(str(shape_of(tensor)) for tensor in tensors)
        or any(np.dtype(tensor["dtype"]) != np.float32 for tensor in tensors)
    ]
    if problems:
        raise SignatureError(f"{name_of(model)} is not a nail model: {'; '.join(problems)}.")
    return size


def _shapes(wanted: list[list[Any]]) -> str:
    return "float32 " + ", ".join(f"[{', '.join(map(str, shape))}]" for shape in wanted)


def _describe(tensors: list[dict[str, Any]]) -> str:
    rows = [f'"{t["name"]}" {np.dtype(t["dtype"]).name} {shape_of(t)}' for t in tensors]
    return ", ".join(rows) or "none"
