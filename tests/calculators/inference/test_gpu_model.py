import random
from pathlib import Path

import numpy as np
import pytest

from calculators.inference.gpu_model import GpuModel
from calculators.inference.model import Model
from tests.calculators.inference.others import assert_others_run
from tests.calculators.inference.tiny import (
    ADD,
    BATCH_MATMUL,
    BITWISE_XOR,
    CUSTOM,
    INT32,
    MEAN,
    SUB,
    Node,
    any_model,
    reducer,
    tiny_model,
)
from tests.gpu import need_gpu
from tryon import GraphError

LEFT = np.array([[1, 2], [3, 4]], np.float32)
RIGHT = np.array([[10, 20], [30, 40]], np.float32)
GOOD = tiny_model([2, 2], [ADD, SUB])


@pytest.fixture(autouse=True)
def gpu():
    need_gpu()


@pytest.mark.parametrize("allow_precision_loss", [False, True])
def test_values(allow_precision_loss):
    model = GpuModel(GOOD, allow_precision_loss)
    total, difference = model([LEFT, RIGHT])
    assert total.tolist() == [[11, 22], [33, 44]]
    assert difference.tolist() == [[-9, -18], [-27, -36]]
    assert total.dtype == np.float32
    model.close()


def test_outputs_survive_the_next_call_and_the_model():
    model = GpuModel(GOOD)
    first, _ = model([LEFT.T, RIGHT[::-1]])
    second, _ = model([LEFT, LEFT])
    model.close()
    assert first.tolist() == [[31, 43], [12, 24]]
    assert second.tolist() == [[2, 4], [6, 8]]


def test_outputs_are_in_the_models_order():
    """Two of other shapes, which the file's signature names in another order."""
    path = Path(__file__).resolve().parents[3] / "models/landmarks_tiny.tflite"
    noise = [np.random.default_rng(0).random((1, 128, 128, 3), np.float32)]
    model = GpuModel(path, allow_precision_loss=False)
    found, expected = model(noise), Model(path)(noise)
    assert [tensor.shape for tensor in found] == [tensor.shape for tensor in expected]
    for gpu, cpu in zip(found, expected, strict=True):
        np.testing.assert_allclose(gpu, cpu, atol=1e-3)
    model.close()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"no model", "is not a .tflite file", id="text"),
        pytest.param(b"\x20\0\0\0TFL3" + random.Random(0).randbytes(3000), "is damaged", id="random"),
        pytest.param(tiny_model([2, 2], [ADD])[:100], "is damaged or cut short", id="cut"),
        pytest.param(
            tiny_model([2, 2], [CUSTOM]),
            "the GPU does not take UnheardOf: not among the GPU delegate's operators",
            id="custom-operator",
        ),
        pytest.param(
            tiny_model([2, 2], [ADD, BITWISE_XOR], INT32),
            "the GPU does not take BITWISE_XOR",
            id="unsupported",
        ),
        pytest.param(tiny_model([1, 1, 1, 2, 2], [ADD]), "the GPU does not take ADD", id="dimensions"),
        pytest.param(
            tiny_model([1, 2], [ADD], shape_signature=[-1, 2]), 'input "left" has the open shape', id="open"
        ),
    ],
)
def test_exception(tmp_path, content, message):
    path = tmp_path / "tiny.tflite"
    path.write_bytes(content)
    with pytest.raises(GraphError, match=rf'Model ".*tiny\.tflite".* {message}'):
        GpuModel(path)


def test_wrong_tensors():
    model = GpuModel(GOOD)
    with pytest.raises(GraphError, match=r'input "right" is float32 \[2, 2\]; received float32 \[1, 2\]'):
        model([LEFT, RIGHT[:1]])
    model.close()


def test_nothing_is_written(capfd):
    """LiteRT would write two dozen lines, some to standard output."""
    model = GpuModel(GOOD)
    model([LEFT, RIGHT])
    model.close()
    with pytest.raises(GraphError):
        GpuModel(tiny_model([2, 2], [CUSTOM]))
    assert capfd.readouterr() == ("", "")


def test_mean_that_moves_dimensions():
    """LiteRT's own GPU code gets it right, unlike the TFLite GPU delegate of phones."""
    tensors = [[1, 2, 3, 4], np.array([3]), [1, 2, 3]]
    model = any_model(tensors, [Node(MEAN, [0, 1], [2], reducer(False))], [0], [2])
    picture = np.arange(24, dtype=np.float32).reshape(1, 2, 3, 4)
    gpu = GpuModel(model)
    np.testing.assert_allclose(gpu([picture])[0], picture.mean(axis=3), rtol=1e-3)
    gpu.close()


def test_other_threads_run_during_a_call():
    model = GpuModel(tiny_model([1, 512, 512], [BATCH_MATMUL]))
    square = np.ones((1, 512, 512), np.float32)
    try:
        assert_others_run(lambda: model([square, square]), 50)
    finally:
        model.close()
