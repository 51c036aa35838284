"""Take weights from a file by the names of the layers, whatever network wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import h5py
import keras
import numpy as np

FOLDED_EPSILON = 1e-3
"""Of the batch normalisation that is folded: MobileNet's."""


class WeightsError(ValueError):
    """A weights file cannot be used; the message names the file."""


def load_by_name(model: keras.Model, path: Path) -> list[str]:
    """Fill the layers whose name and shapes agree with a layer in a file; the others stay as they are.

    Args:
        model: any network, built.
        path: a .weights.h5 of Keras 3, or a .h5 of its predecessors such as `keras.applications` loads.

    Returns:
        The names of the layers that were filled.

    Raises:
        WeightsError: if the file is missing, is no weights file, or fills no layer.
    """
    stored = read_layers(path)
    filled = []
    for layer in model.layers:
        if layer.weights and (arrays := fitting(stored, layer, layer.name)):
            layer.set_weights(arrays)
            filled.append(layer.name)
    if not filled:
        some = ", ".join(list(stored)[:3])
        raise WeightsError(f"{path}: none of its {len(stored)} layers ({some}, ...) fits one of {model.name}")
    return filled


def fitting(
    stored: Mapping[str, list[np.ndarray]], layer: keras.layers.Layer, name: str
) -> list[np.ndarray] | None:
    """The arrays stored under a name, if they fit a layer; None if not.

    A convolution with a bias also takes one without, followed by batch normalisation (`NAME_BN`, in
    MobileNetV2 bn_Conv1 for Conv1), which is folded into both: Jacob et al., "Quantization and Training of
    Neural Networks", CVPR 2018, section 3.2.
    """
    arrays = stored.get(name, [])
    statistics = stored.get(f"{name}_BN") or stored.get(name.replace("Conv1", "bn_Conv1"))
    shapes = [tuple(weight.shape) for weight in layer.weights]
    if len(shapes) == 2 and len(arrays) == 1 and statistics and len(statistics) == 4:
        gamma, beta, mean, variance = statistics
        scale = gamma / np.sqrt(variance + FOLDED_EPSILON)
        # The kernel of a depthwise convolution is [h, w, channels, 1].
        depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
        arrays = [arrays[0] * (scale[:, None] if depthwise else scale), beta - mean * scale]
    return arrays if [array.shape for array in arrays] == shapes else None


def read_layers(path: Path) -> dict[str, list[np.ndarray]]:
    """The arrays of every layer in a weights file that has any, in Keras's order.

    Raises:
        WeightsError: if the file is missing or is no weights file.
    """
    if not path.is_file():
        raise WeightsError(f"{path}: no such file")
    if not h5py.is_hdf5(path):
        raise WeightsError(f"{path}: not a Keras weights file (.weights.h5 or .h5)")
    with h5py.File(path) as file:
        root = file.get("model_weights", file)
        layers = _read_legacy(root) if "layer_names" in root.attrs else _read_keras3(root)
    if not layers:
        raise WeightsError(f"{path}: holds no weights of Keras layers")
    return layers


def _read_legacy(root: h5py.Group) -> dict[str, list[np.ndarray]]:
    groups = {name: root[name] for name in map(_text, root.attrs["layer_names"])}
    layers = {
        name: [group[_text(weight)][()] for weight in group.attrs["weight_names"]]
        for name, group in groups.items()
    }
    return {name: arrays for name, arrays in layers.items() if arrays}


def _read_keras3(root: h5py.Group) -> dict[str, list[np.ndarray]]:
    """Each layer is a group `vars` with the layer's name as attribute and the arrays 0, 1, ... inside."""
    layers: dict[str, list[np.ndarray]] = {}

    def visit(path: str, item: h5py.Group | h5py.Dataset) -> None:
        if isinstance(item, h5py.Group) and "name" in item.attrs and len(item):
            layers[_text(item.attrs["name"])] = [item[str(i)][()] for i in range(len(item))]

    root.visititems(visit)
    return layers


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
