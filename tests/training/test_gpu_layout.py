import numpy as np
import pytest

from calculators.inference.gpu_rules import refusals
from calculators.inference.model import Model
from calculators.inference.operators import read_operators
from tests.calculators.inference.tiny import ADD, MEAN, RESHAPE, Node, any_model, reducer
from training.gpu_layout import for_gpu

PICTURE = np.arange(36, dtype=np.float32).reshape(1, 4, 3, 3)
CONTEXT = any_model(
    [[1, 4, 3, 3], np.array([1, 2]), [1, 1, 1, 3], np.array([3]), [3], [1, 4, 3, 3]],
    [Node(MEAN, [0, 1], [2], reducer(True)), Node(RESHAPE, [2, 3], [4]), Node(ADD, [0, 4], [5])],
    inputs=[0],
    outputs=[5],
)
GROUPS = any_model(
    [[1, 4, 3, 3], np.array([-1]), [1, 4, 3]],
    [Node(MEAN, [0, 1], [2], reducer(False))],
    inputs=[0],
    outputs=[2],
)
WHOLE = any_model(
    [[1, 4, 3, 3], np.array([1, 2]), [1, 3]],
    [Node(MEAN, [0, 1], [2], reducer(False))],
    inputs=[0],
    outputs=[2],
)
ASKED_FOR = any_model(
    [[1, 1, 1, 3], np.array([3]), [3], [1, 1, 1, 3]],
    [Node(RESHAPE, [0, 1], [2]), Node(ADD, [0, 2], [3])],
    inputs=[0],
    outputs=[2, 3],
)


@pytest.mark.parametrize(
    ("model", "before", "after"),
    [
        (CONTEXT, ["MEAN", "RESHAPE", "ADD"], ["MEAN", "ADD"]),
        (GROUPS, ["MEAN"], ["MEAN", "RESHAPE"]),
    ],
)
def test_values(model, before, after):
    changed = for_gpu(model)
    assert [operator.name for operator in read_operators(model)] == before
    assert [operator.name for operator in read_operators(changed)] == after
    assert refusals(read_operators(model)) != []
    assert refusals(read_operators(changed)) == []
    np.testing.assert_array_equal(Model(changed)([PICTURE])[0], Model(model)([PICTURE])[0])
    assert for_gpu(changed) is changed


@pytest.mark.parametrize(
    "model",
    [pytest.param(WHOLE, id="harmless mean"), pytest.param(ASKED_FOR, id="reshape that is an output")],
)
def test_left_alone(model):
    assert for_gpu(model) is model
