import numpy as np
import pytest

from calculators.image.tensor import image_mask_tensor
from tests.calculators.image.run import run_node
from tryon import GraphError

NODE = """node {
  calculator: "ImageMaskToTensorCalculator"
  input_stream: "IMAGE:image" input_stream: "MASK:mask" output_stream: "TENSORS:tensors"
}"""
IMAGE = np.array([[[0, 51, 255], [255, 0, 102]]], np.uint8)


def test_values():
    mask = np.array([[0.25, 1]], np.float32)
    tensor = image_mask_tensor(IMAGE, mask)
    assert tensor.dtype == np.float32
    assert tensor.flags.c_contiguous
    assert np.array_equal(tensor, np.float32([[[[0, 0.2, 1, 0.25], [1, 0, 0.4, 1]]]]))


def test_every_grey_level_is_divided_exactly():
    image = np.repeat(np.arange(256, dtype=np.uint8).reshape(16, 16, 1), 3, axis=2)
    expected = np.arange(256, dtype=np.float32).reshape(16, 16) / np.float32(255)
    assert np.array_equal(image_mask_tensor(image, None)[0, ..., 0], expected)


def test_no_mask_is_zeros():
    assert image_mask_tensor(IMAGE, None)[..., 3].tolist() == [[[0, 0]]]


def test_mask_is_scaled_to_the_frame():
    mask = np.array([[0, 0, 1, 1], [0, 0, 0.5, 0.5]], np.float32)
    frame = np.zeros((1, 2, 3), np.uint8)
    assert image_mask_tensor(frame, mask)[..., 3].tolist() == [[[0, 0.75]]]


@pytest.mark.parametrize(
    ("image", "mask", "message"),
    [
        (np.zeros((2, 2, 4), np.uint8), None, r"frame must be uint8 \[h, w, 3\], not uint8 \[2, 2, 4\]"),
        (np.zeros((2, 2, 3), np.float32), None, "not float32"),
        (IMAGE, np.zeros((1, 2), np.uint8), r"mask must be float32 \[h, w\], not uint8"),
        (IMAGE, np.zeros((1, 2, 1), np.float32), r"not float32 \[1, 2, 1\]"),
    ],
)
def test_exception(image, mask, message):
    with pytest.raises(GraphError, match=message):
        image_mask_tensor(image, mask)


def test_first_frame_has_no_mask():
    mask = np.ones((1, 2), np.float32)
    outputs = run_node(NODE, {"image": [(1, IMAGE), (2, IMAGE)], "mask": [(2, mask)]})
    (first,), (second,) = (tensors for _, tensors in outputs["tensors"])
    assert first[..., 3].tolist() == [[[0, 0]]]
    assert second[..., 3].tolist() == [[[1, 1]]]
    assert not np.shares_memory(first, second)
