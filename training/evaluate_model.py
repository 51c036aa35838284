"""What a hair model takes and gives, and running one without a graph; loading any model."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from calculators.inference.model import check_model
from tryon import GraphError


class SignatureError(ValueError):
    """A model has other tensors than its task's models; the message lists every difference."""


class Signature(NamedTuple):
    """The tensors of a hair model: float32 [1, size, size, 4] to float32 [1, size, size, channels].

    Attributes:
        size: side of the picture it takes.
        channels: 1 is a probability, 2 are logits of background and hair.
    """

    size: int
    channels: int


def read_signature(model: Path | bytes) -> Signature:
    """Look at a model's tensors.

    Raises:
        GraphError: the file is missing, no .tflite or damaged.
        SignatureError: it takes or gives something else than a hair model.
    """
    return _signature(load(model), model)


class HairModel:
    """A hair .tflite on the CPU, without a graph: one frame with its previous mask to one mask.

    Args:
        model: path of a file, or the file's bytes.

    Raises:
        GraphError: the file is missing, no .tflite or damaged.
        SignatureError: it takes or gives something else than a hair model.
    """

    def __init__(self, model: Path | bytes, threads: int = 2) -> None:
        self._interpreter = load(model, threads)
        self.size = _signature(self._interpreter, model).size
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._output = self._interpreter.get_output_details()[0]["index"]

    def __call__(self, frame: np.ndarray) -> np.ndarray:
        """One frame, float32 [S, S, 4] (RGB / 255 and the previous mask), to a mask, float32 [S, S, 1]."""
        self._interpreter.set_tensor(self._input, frame[None])
        self._interpreter.invoke()
        result = self._interpreter.get_tensor(self._output)[0]
        if result.shape[-1] == 1:
            return result
        return 1 / (1 + np.exp(result[..., :1] - result[..., 1:]))

    def batch(self, frames: np.ndarray) -> np.ndarray:
        """Frames [N, S, S, 4], one after the other, to masks [N, S, S, 1]."""
        return np.stack([self(frame) for frame in frames])


def load(model: Path | bytes, threads: int = 1) -> Interpreter:
    """An interpreter with its tensors allocated.

    Raises:
        GraphError: the file is missing, no .tflite or damaged.
    """
    name = name_of(model)
    try:
        content = model.read_bytes() if isinstance(model, Path) else model
    except OSError as error:
        raise GraphError(f"{name} cannot be read: {error.strerror}.") from error
    check_model(content, name)
    try:
        interpreter = Interpreter(model_content=content, num_threads=threads)
        interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        reason = " ".join(str(error).split())
        raise GraphError(f"{name} is damaged or cannot be run: {reason}") from error
    return interpreter


def name_of(model: Path | bytes) -> str:
    """How messages call a model."""
    return f'Model "{model}"' if isinstance(model, Path) else "The model"


def _signature(interpreter: Interpreter, model: Path | bytes) -> Signature:
    inputs, outputs = interpreter.get_input_details(), interpreter.get_output_details()
    # The size that the others are compared with is that of the first input, where it has one.
    shape = shape_of(inputs[0]) if inputs else []
    size = shape[1] if len(shape) == 4 and shape[1] > 0 else 0
    side = size or "S"
    problems = [
        *_differences("input", inputs, [[1, size, size, 4]], f"[1, {side}, {side}, 4]"),
        *_differences(
            "output", outputs, [[1, size, size, n] for n in (1, 2)], f"[1, {side}, {side}, 1 or 2]"
        ),
    ]
    if problems:
        raise SignatureError(f"{name_of(model)} is not a hair model: {'; '.join(problems)}.")
    return Signature(size, shape_of(outputs[0])[3])


def _differences(
    kind: str, tensors: list[dict[str, Any]], allowed: list[list[int]], wanted: str
) -> list[str]:
    if len(tensors) != 1:
        names = ", ".join(f'"{tensor["name"]}"' for tensor in tensors)
        return [f"expected one {kind}, got {len(tensors)} ({names})"]
    (tensor,) = tensors
    shape, dtype = shape_of(tensor), np.dtype(tensor["dtype"]).name
    if shape in allowed and 0 not in shape and dtype == "float32":
        return []
    return [f'{kind} "{tensor["name"]}": expected a float32 {kind} of {wanted}, got {shape} of {dtype}']


def shape_of(tensor: dict[str, Any]) -> list[int]:
    """The shape that a tensor's details give, -1 where it is open."""
    return list(map(int, tensor["shape_signature"]))
