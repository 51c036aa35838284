"""Export a trained model: `python -m training.export hair_256`.

The one place that goes through TensorFlow's converter. Reads the run of that name and writes, each beside and
then renamed, `models/NAME.tflite` (float16 weights, or float32 ones where these are too coarse), `NAME.json`
(scores and the run's history), `NAME_curves.png` and the card `NAME.md`.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

from calculators.inference.operators import read_operators
from models.weights import WeightsError, load_by_name
from training.card import write_card
from training.card_detector import write_detector_card
from training.card_landmarks import write_landmark_card
from training.card_nail import write_nail_card
from training.config import Config, ConfigError, find_config, read_config
from training.data import DataError, read_split
from training.evaluate_detector_faces import score_detector
from training.evaluate_landmarks_graph import find_detector
from training.evaluate_landmarks_pictures import score_landmark_pictures
from training.evaluate_nail_pictures import score_nail_pictures
from training.evaluate_pictures import score_pictures
from training.fit import TASKS
from training.gpu_check import gpu_problems
from training.gpu_layout import for_gpu
from training.metrics import Scores
from training.plot import write_curves

EXAMPLES = """\
examples:
  python -m training.export nail_352
  python -m training.export hair_256 --data my/hair    scored on another data set
"""
MODELS = Path(__file__).parents[1] / "models"
TOLERANCE = 1e-2
"""Largest difference that float16 weights may make in an output between 0 and 1, where it doubts most."""


class ExportError(RuntimeError):
    """The model must not be shipped; the message says why."""


class PrecisionError(ExportError):
    """The exported model's numbers are not those of Keras."""


def convert(model: keras.Model, float16: bool = True) -> bytes:
    """A .tflite of a model with one fixed-size input [*, H, W, C]; batch 1, float32 in and out.

    Several outputs get the names of their layers in the file's signature. What the TFLite GPU delegate would
    read in another way than the CPU is rewritten (`gpu_layout.py`).

    Raises:
        ExportError: if a side of the input is open.
    """
    _, height, width, channels = model.input_shape
    if height is None or width is None:
        raise ExportError(f"build the model at one size: its input is {model.input_shape}")
    frame = keras.Input(batch_shape=(1, height, width, channels), name=model.input.name)
    result = model(frame)
    if len(model.outputs) > 1:
        result = dict(zip(model.output_names, result, strict=True))
    converter = tf.lite.TFLiteConverter.from_keras_model(keras.Model(frame, result))
    if float16:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]
    return for_gpu(converter.convert())


def operators(tflite: bytes) -> dict[str, int]:
    """How often each operator occurs."""
    return dict(sorted(Counter(operator.name for operator in read_operators(tflite)).items()))


def multiply_adds(tflite: bytes) -> int:
    """Multiply-accumulates of one run, of the convolutions, fully connected layers and matrix products."""
    total = 0
    for operator in read_operators(tflite):
        shapes = [tensor.shape if tensor else () for tensor in operator.inputs]
        output = operator.outputs[0].shape
        if operator.name in ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"):
            # Kernels are [out, h, w, in], [1, h, w, out] and [out, in]: `out` is the output's last axis.
            total += math.prod(output) * (math.prod(shapes[1]) // output[-1])
        elif operator.name == "BATCH_MATMUL":
            total += math.prod(output) * shapes[0][-2 if operator.options.adjX else -1]
        elif operator.name == "TRANSPOSE_CONV":
            total += math.prod(shapes[2][:3]) * math.prod(shapes[1])
    return total


def difference(model: keras.Model, tflite: bytes, frames: np.ndarray) -> float:
    """Largest absolute difference of Keras and LiteRT in any output over `frames`, float32 [N, H, W, C]."""
    interpreter = Interpreter(model_content=tflite)
    run = interpreter.get_signature_runner()
    (source,) = run.get_input_details()
    largest = 0.0
    for frame in frames:
        found = run(**{source: frame[None]})
        expected = model(frame[None], training=False)
        if len(model.outputs) > 1:
            pairs = [(found[name], e) for name, e in zip(model.output_names, expected, strict=True)]
        else:
            pairs = [(next(iter(found.values())), expected)]
        largest = max(largest, *(float(np.abs(f - np.asarray(e)).max()) for f, e in pairs))
    return largest


def export(model: keras.Model, frames: np.ndarray, float16: bool = True) -> bytes:
    """Convert and check.

    Args:
        model: the network, at one input size.
        frames: inputs, float32 [N, H, W, C], over which Keras and LiteRT must agree within `TOLERANCE`.
        float16: store the weights as float16.

    Raises:
        ExportError: if an operator is not for the GPU delegate.
        PrecisionError: if the numbers differ.
    """
    tflite = convert(model, float16)
    if problems := gpu_problems(tflite):
        raise ExportError("\n".join(problems))
    if (found := difference(model, tflite, frames)) > TOLERANCE:
        raise PrecisionError(f"LiteRT differs from Keras by {found:.2g}, more than {TOLERANCE}")
    return tflite


def precise(model: keras.Model, frames: np.ndarray) -> tuple[bytes, str]:
    """The smallest file that agrees with Keras: with float16 weights, or else with float32 ones.

    Args:
        model, frames: as for `export`.

    Returns:
        The .tflite, and the type of its weights.

    Raises:
        ExportError: as `export`.
    """
    try:
        return export(model, frames), "float16"
    except PrecisionError as error:
        print(f"with float16 weights {error}: they are stored as float32", file=sys.stderr)
        return export(model, frames, float16=False), "float32"


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".partial") as folder:
        partial = Path(folder) / path.name
        write(partial)
        partial.replace(path)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training.export",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("config", help="name of a file in training/configs, without .toml")
    parser.add_argument(
        "--data", type=Path, help="folder of the data set to score on, instead of the config's"
    )
    args = parser.parse_args(arguments)
    name = args.config
    try:
        config = read_config(find_config(name))
        if config.task not in SHIPPED:
            raise ExportError(
                f"{name}: models of the task {config.task!r} are not shipped, "
                f"only those of {', '.join(SHIPPED)}"
            )
        facts, tflite = describe(name, config, args.data or Path(config.data))
    except (ConfigError, DataError, ExportError, WeightsError, OSError) as error:
        parser.exit(1, f"error: {error}\n")
    history, card = facts["history"], SHIPPED[config.task].card(facts)
    _replace(MODELS / f"{name}_curves.png", lambda path: write_curves(history, path))
    _replace(MODELS / f"{name}.json", lambda path: path.write_text(json.dumps(facts, indent=1) + "\n"))
    _replace(MODELS / f"{name}.md", lambda path: path.write_text(card, encoding="utf-8"))
    _replace(MODELS / f"{name}.tflite", lambda path: path.write_bytes(tflite))
    print(json.dumps({key: value for key, value in facts.items() if key != "history"}, indent=1))


def describe(name: str, config: Config, data: Path) -> tuple[dict[str, Any], bytes]:
    """Convert a run's best weights, score them: the facts for `NAME.json` and the card, and the .tflite."""
    run, model = Path("runs") / name, TASKS[config.task].shipped(config)
    load_by_name(model, run / "best.weights.h5")
    _, height, width, channels = model.input_shape
    noise = np.random.default_rng(config.seed).random((4, height, width, channels), np.float32)
    tflite, weights = precise(model, noise)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.tflite"
        path.write_bytes(tflite)
        validation = SHIPPED[config.task].validate(path, data, config)
    history = json.loads((run / "metrics.json").read_text(encoding="utf-8"))
    outputs = zip(model.output_names, model.outputs, strict=True)
    shapes = {layer: [1, *output.shape[1:]] for layer, output in outputs}
    network = config.options.get("network", {})
    facts = {
        "name": name,
        "input": [1, height, width, channels],
        "output": shapes if len(shapes) > 1 else next(iter(shapes.values())),
        **({"inner_size": inner} if (inner := network.get("inner_size")) else {}),
        "parameters": model.count_params(),
        "multiply_adds": multiply_adds(tflite),
        "bytes": len(tflite),
        "weights": weights,
        "operators": operators(tflite),
        "keras_difference": difference(model, tflite, noise),
        "seed": config.seed,
        "epochs": len(history),
        "hours": round(sum(row["seconds"] for row in history) / 3600, 2),
        "validation": validation,
        "history": history,
    }
    return facts, tflite


def validate_hair(model: Path, data: Path, config: Config) -> dict[str, Any]:
    """The scores of a hair model on the held-out pictures, through the users' graph."""
    report = score_pictures(model, data, read_split(Path(config.split))).to_json()
    keys = (*(field.name for field in fields(Scores)), "per_set", "per_tag", "network")
    return {key: report[key] for key in keys}


def validate_nails(model: Path, data: Path, config: Config) -> dict[str, Any]:
    """The scores of a nail model on the held-out pictures, through the users' graph."""
    labels = config.options.get("labels")
    report = score_nail_pictures(
        model, data, read_split(Path(config.split)), labels=Path(labels) if labels else None
    )
    return asdict(report.scores)


def validate_landmarks(model: Path, data: Path, config: Config) -> dict[str, Any]:
    """The scores of a landmark model on the held-out faces: cut out by their annotation, and, where our
    detector is there, as `graph` those through the users' graph."""
    names = read_split(Path(config.split))
    report = score_landmark_pictures(model, data, names, detector=find_detector(None))
    graph = {"graph": asdict(report.graph.scores)} if report.graph else {}
    return asdict(report.scores) | {"missed": report.missed} | graph


def validate_detector(model: Path, data: Path, config: Config) -> dict[str, Any]:
    """The scores of a face detector on the held-out faces, through the users' nodes."""
    report = score_detector(model, data, Path(config.backgrounds), read_split(Path(config.split)))
    # Where the files lay while they were scored is nobody's business; no graph was asked.
    left_out = ("model", "data", "negatives", "graph_false_alarms")
    return {key: value for key, value in report.to_json().items() if key not in left_out}


class Kind(NamedTuple):
    """What models of a task are shipped with.

    Attributes:
        validate: the scores of a .tflite on the held-out pictures of a folder.
        card: the model card of the facts.
    """

    validate: Callable[[Path, Path, Config], dict[str, Any]]
    card: Callable[[dict[str, Any]], str]


SHIPPED = {
    "hair": Kind(validate_hair, write_card),
    "nail": Kind(validate_nails, write_nail_card),
    "landmarks": Kind(validate_landmarks, write_landmark_card),
    "face_detector": Kind(validate_detector, write_detector_card),
}
"""By task."""


if __name__ == "__main__":
    main()
