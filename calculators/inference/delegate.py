"""Choosing what computes a model."""

import ctypes
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ai_edge_litert.interpreter import Delegate

from calculators.inference.model import Model
from tryon import GraphError

if TYPE_CHECKING:
    from calculators.inference.gpu_model import GpuModel

ENTRY_POINTS = ("tflite_plugin_create_delegate", "tflite_plugin_destroy_delegate")


class Choice(NamedTuple):
    """A model and what computes it.

    Attributes:
        model: the model, ready to be called.
        note: what computes it, and why nothing better does, as a sentence.
    """

    model: "Model | GpuModel"
    note: str


def on_gpu(source: Path | bytes, allow_precision_loss: bool) -> Choice:
    """A model on the GPU.

    Raises:
        GraphError: as `GpuModel`.
    """
    from calculators.inference.gpu_model import GpuModel  # which only those load who ask for it

    precision = "float16 where it can" if allow_precision_loss else "float32"
    return Choice(GpuModel(source, allow_precision_loss), f"computes on the GPU, in {precision}.")


def on_gpu_or_cpu(source: Path | bytes, allow_precision_loss: bool, threads: int) -> Choice:
    """A model on the GPU or, where that cannot be, on the CPU.

    Raises:
        GraphError: as `Model`.
    """
    try:
        return on_gpu(source, allow_precision_loss)
    except GraphError as error:
        return Choice(Model(source, threads), f"computes on the CPU. {error}")


def on_external(source: Path | bytes, library: Path, options: Mapping[str, str], threads: int) -> Choice:
    """A model on a delegate library, and on the CPU as far as that does not take it.

    Raises:
        GraphError: the library cannot be used; or as `Model`.
    """
    model = Model(source, threads, delegate=open_library(library, options))
    counts = Counter(model.fallen_back).items()
    rest = ", ".join(f"{name} ({count})" for name, count in counts)
    return Choice(model, f'computes on "{library}"; on the CPU: {rest or "nothing"}.')


def open_library(library: Path, options: Mapping[str, str]) -> Delegate:
    """A delegate from a shared library.

    Raises:
        GraphError: it cannot be loaded, is no delegate's, or does not make one with these options.
    """
    try:
        functions = ctypes.CDLL(str(library))
    except OSError as error:
        raise GraphError(f'The delegate library "{library}" cannot be loaded: {error}.') from error
    missing = [name for name in ENTRY_POINTS if not hasattr(functions, name)]
    if missing:
        raise GraphError(
            f'The library "{library}" is no TFLite delegate: it has no function {" or ".join(missing)}; '
            "give one that is built with TFLite's external delegate interface."
        )
    try:
        return Delegate(str(library), dict(options))
    except ValueError as error:
        why = str(error) or "it does not say why"
        raise GraphError(
            f'The delegate library "{library}" makes no delegate: {why}; see its options.'
        ) from error
