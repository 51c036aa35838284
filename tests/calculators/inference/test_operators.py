from pathlib import Path

import numpy as np
import pytest

from calculators.inference.operators import read_operators
from tests.calculators.inference.tiny import ADD, CUSTOM, MEAN, SUB, Node, any_model, reducer, tiny_model
from tryon import GraphError

MODELS = Path(__file__).resolve().parents[3] / "models"


def test_values():
    tensors = [[1, 2, 2, 3], np.array([1, 2]), [1, 1, 1, 3], [1, 2, 2, 3]]
    nodes = [Node(MEAN, [0, 1], [2], reducer(True)), Node(ADD, [0, 2], [3])]
    mean, add = read_operators(any_model(tensors, nodes, [0], [3]))
    assert (mean.index, mean.name, mean.version, mean.users) == (0, "MEAN", 1, ("ADD",))
    assert mean.options.keepDims
    (source,), (axes,), (result,) = mean.given, mean.constants, mean.outputs
    assert (source.name, source.shape, source.dtype, source.is_open) == ("t0", (1, 2, 2, 3), "FLOAT32", False)
    assert (axes.dtype, axes.integers()) == ("INT32", [1, 2])
    assert (result.index, result.is_constant, result.integers()) == (2, False, [])
    assert (add.name, len(add.given), add.users) == ("ADD", 2, ())


def test_custom_and_open_shape():
    (custom,) = read_operators(tiny_model([2], [CUSTOM]))
    assert custom.name == "UnheardOf"
    (sub,) = read_operators(tiny_model([1, 2], [SUB], shape_signature=[-1, 2]))
    assert [tensor.is_open for tensor in sub.given] == [True, True]


def test_weights_in_float16_are_constants():
    operators = read_operators((MODELS / "hair_256.tflite").read_bytes())
    first = next(operator for operator in operators if operator.name == "CONV_2D")
    assert [tensor.shape for tensor in first.given] == [(1, 256, 256, 4)]
    assert [tensor.dtype for tensor in first.constants] == ["FLOAT32", "FLOAT32"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "hair is empty"),
        (b"#!/bin/sh", "hair is not a .tflite file; give a TFLite model"),
        (tiny_model([2], [ADD])[:100], "hair is damaged or cut short"),
    ],
)
def test_exception(content, message):
    with pytest.raises(GraphError, match=message):
        read_operators(content, "hair")
