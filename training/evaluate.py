"""Measure a segmentation model: `python -m training.evaluate hair MODEL.tflite DATA_DIR`.

Every picture is stretched to the model's square, the previous mask is empty, the mask is stretched back and
compared with the truth at the picture's own size, at threshold 0.5.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter

from training import metrics
from training.data import DataError, read_index, read_pair, read_split


@dataclass(frozen=True)
class Report:
    """Scores in [0, 1]; `per_set` and `mean_iou` average over pictures, `pooled_iou` over pixels."""

    mean_iou: float
    pooled_iou: float
    pictures: int
    per_set: dict[str, float]


class HairModel:
    """A hair .tflite on the CPU: float32 [1, S, S, 4] to one mask channel or to two channels of logits.

    Args:
        model: path of a file, or the file's bytes.

    Raises:
        ValueError: if the input or the output has another shape.
    """

    def __init__(self, model: Path | bytes, threads: int = 2) -> None:
        source = {"model_content": model} if isinstance(model, bytes) else {"model_path": str(model)}
        self._interpreter = Interpreter(**source, num_threads=threads)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]
        self._output = self._interpreter.get_output_details()[0]
        shape, out = tuple(self._input["shape"]), tuple(self._output["shape"])
        if len(shape) != 4 or shape[0] != 1 or shape[1] != shape[2] or shape[3] != 4:
            raise ValueError(f"expected an input of [1, S, S, 4], got {list(shape)}")
        if out[:3] != shape[:3] or out[3:] not in ((1,), (2,)):
            raise ValueError(f"expected an output of [1, {shape[1]}, {shape[1]}, 1 or 2], got {list(out)}")
        self.size = int(shape[1])

    def __call__(self, frame: np.ndarray) -> np.ndarray:
        """One frame, float32 [S, S, 4] (RGB / 255 and the previous mask), to a mask, float32 [S, S, 1]."""
        self._interpreter.set_tensor(self._input["index"], frame[None])
        self._interpreter.invoke()
        result = self._interpreter.get_tensor(self._output["index"])[0]
        if result.shape[-1] == 1:
            return result
        return 1 / (1 + np.exp(result[..., :1] - result[..., 1:]))

    def batch(self, frames: np.ndarray) -> np.ndarray:
        """Frames [N, S, S, 4], one after the other, to masks [N, S, S, 1]."""
        return np.stack([self(frame) for frame in frames])


def first_frame(image: np.ndarray, size: int) -> np.ndarray:
    """The network's input for an RGB uint8 picture without a previous mask: float32 [size, size, 4]."""
    frame = np.zeros((size, size, 4), np.float32)
    frame[..., :3] = metrics.resize(image, size, size).astype(np.float32) / 255
    return frame


def evaluate_masks(
    predict: Callable[[np.ndarray], np.ndarray],
    size: int,
    pictures: Iterable[tuple[str, np.ndarray, np.ndarray]],
    batch: int = 16,
) -> Report:
    """Score a segmenter.

    Args:
        predict: takes float32 [N, size, size, 4] and returns masks float32 [N, size, size, 1].
        size: side of the network's input.
        pictures: set, RGB picture uint8 [H, W, 3] and mask uint8 [H, W] of every example.
        batch: how many pictures are given to `predict` at once.
    """
    scores: dict[str, list[float]] = {}
    intersections = unions = 0
    waiting: list[tuple[str, np.ndarray, np.ndarray]] = []

    def score() -> None:
        nonlocal intersections, unions
        masks = predict(np.stack([first_frame(image, size) for _, image, _ in waiting]))
        for (name, image, truth), mask in zip(waiting, masks, strict=True):
            height, width = image.shape[:2]
            found = cv2.resize(mask[..., 0], (width, height), interpolation=cv2.INTER_LINEAR) > 0.5
            intersection, union = metrics.overlap(found, truth > 127)
            intersections, unions = intersections + intersection, unions + union
            scores.setdefault(name, []).append(metrics.iou(intersection, union))
        waiting.clear()

    for example in pictures:
        waiting.append(example)
        if len(waiting) == batch:
            score()
    if waiting:
        score()
    every = [value for values in scores.values() for value in values]
    return Report(
        mean_iou=float(np.mean(every)),
        pooled_iou=metrics.iou(intersections, unions),
        pictures=len(every),
        per_set={name: float(np.mean(values)) for name, values in sorted(scores.items())},
    )


def evaluate_hair(model: Path | bytes, data: Path, names: set[str] | None) -> Report:
    """Score a hair .tflite on the pictures of `data`, on those in `names` only if given.

    Raises:
        DataError: if the data set cannot be read or holds none of `names`.
    """
    examples = [e for e in read_index(data) if names is None or e.name in names]
    if not examples:
        raise DataError(f"{data}: holds no picture of the split")
    hair = HairModel(model)
    return evaluate_masks(hair.batch, hair.size, ((e.set, *read_pair(data, e.name)) for e in examples))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=["hair"])
    parser.add_argument("model", type=Path, help="a .tflite")
    parser.add_argument("data", type=Path, help="folder with images/, masks/ and index.csv")
    parser.add_argument("--split", type=Path, help="only the pictures named in this file")
    parser.add_argument("--json", type=Path, help="write the scores here as JSON; - is standard output")
    args = parser.parse_args()
    report = evaluate_hair(args.model, args.data, read_split(args.split) if args.split else None)
    text = json.dumps(asdict(report), indent=1)
    if args.json == Path("-"):
        print(text)
        return
    if args.json:
        args.json.write_text(text + "\n", encoding="utf-8")
    for name, value in {**report.per_set, "all": report.mean_iou, "all pixels": report.pooled_iou}.items():
        print(f"{name:12} {value:.4f}")


if __name__ == "__main__":
    main()
