import random
from pathlib import Path

import numpy as np
import pytest

from calculators.inference.model import Model
from tests.calculators.inference.others import assert_others_run
from tests.calculators.inference.tiny import ADD, BATCH_MATMUL, CUSTOM, INT32, SUB, tiny_model
from tryon import GraphError

PEER = Path(__file__).parents[4] / "shared/peer/hair_segmentation.tflite"
LEFT = np.array([[1, 2], [3, 4]], np.float32)
RIGHT = np.array([[10, 20], [30, 40]], np.float32)
GOOD = tiny_model([2, 2], [ADD])


@pytest.fixture
def write(tmp_path):
    def write(content: bytes) -> Path:
        path = tmp_path / "tiny.tflite"
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("xnnpack", [True, False])
def test_values(write, threads, xnnpack):
    model = Model(write(tiny_model([2, 2], [ADD, SUB])), threads, xnnpack)
    total, difference = model([LEFT, RIGHT])
    assert total.tolist() == [[11, 22], [33, 44]]
    assert difference.tolist() == [[-9, -18], [-27, -36]]


def test_outputs_survive_the_next_call(write):
    model = Model(write(GOOD))
    (first,) = model([LEFT, RIGHT])
    (second,) = model([LEFT, LEFT])
    assert first.tolist() == [[11, 22], [33, 44]]
    assert second.tolist() == [[2, 4], [6, 8]]
    assert not np.shares_memory(first, second)


def test_outputs_that_nobody_holds_are_used_again(write):
    model = Model(write(GOOD))
    addresses = {model([LEFT, RIGHT])[0].ctypes.data for _ in range(5)}
    assert len(addresses) == 1


def test_takes_views(write):
    (total,) = Model(write(GOOD))([LEFT.T, RIGHT[::-1]])
    assert total.tolist() == [[31, 43], [12, 24]]


def test_file_may_be_replaced_while_it_runs(write):
    model = Model(write(GOOD))
    write(b"")
    assert model([LEFT, RIGHT])[0].tolist() == [[11, 22], [33, 44]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"no model", "is not a .tflite file", id="text"),
        pytest.param(random.Random(0).randbytes(3000), "is not a .tflite file", id="random"),
        pytest.param(
            b"\x20\0\0\0TFL3" + random.Random(0).randbytes(3000), "is damaged", id="random-behind-id"
        ),
        pytest.param(GOOD[: len(GOOD) // 2], "is damaged or cut short", id="half"),
        pytest.param(GOOD[:8], "is damaged or cut short", id="only-id"),
        pytest.param(tiny_model([2, 2], [CUSTOM]), "unresolved custom op: UnheardOf", id="custom-operator"),
        pytest.param(
            tiny_model([1, 2], [ADD], shape_signature=[-1, 2]),
            r'input "left" has the open shape \[-1, 2\]; export the model with a fixed shape',
            id="open-shape",
        ),
    ],
)
def test_bad_file(write, content, message):
    with pytest.raises(GraphError, match=rf'Model ".*tiny\.tflite".* {message}'):
        Model(write(content))


def test_folder_is_no_model(tmp_path):
    with pytest.raises(GraphError, match="cannot be read: Is a directory"):
        Model(tmp_path)


@pytest.mark.parametrize(
    ("tensors", "message"),
    [
        ([LEFT], r'takes 2 input tensors \("left", "right"\); received 1'),
        ([LEFT, RIGHT, RIGHT], "received 3"),
        ([LEFT, RIGHT[:1]], r'input "right" is float32 \[2, 2\]; received float32 \[1, 2\]'),
        ([LEFT[np.newaxis], RIGHT], r'input "left" is float32 \[2, 2\]; received float32 \[1, 2, 2\]'),
        ([LEFT.astype(np.uint8), RIGHT], r'input "left" is float32 \[2, 2\]; received uint8 \[2, 2\]'),
    ],
)
def test_wrong_tensors(write, tensors, message):
    with pytest.raises(GraphError, match=rf"tiny\.tflite.*{message}"):
        Model(write(GOOD))(tensors)


def test_model_of_another_type(write):
    with pytest.raises(GraphError, match=r"is int32 \[2, 2\]; received float32 \[2, 2\]"):
        Model(write(tiny_model([2, 2], [ADD], INT32)))([LEFT, RIGHT])


def test_other_threads_run_during_a_call(write):
    model = Model(write(tiny_model([512, 512], [BATCH_MATMUL])))
    square = np.ones((512, 512), np.float32)
    assert_others_run(lambda: model([square, square]), 200)


@pytest.mark.skipif(not PEER.exists(), reason="needs ../shared/peer/hair_segmentation.tflite")
def test_peer_with_custom_operators():
    (logits,) = Model(PEER, threads=2)([np.zeros((1, 512, 512, 4), np.float32)])
    assert logits.shape == (1, 512, 512, 2)
    assert np.isfinite(logits).all()
