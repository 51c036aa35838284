import numpy as np

from calculators.color.cube import lut_from_table
from tests.calculators.image.run import run_node

NODE = """node {
  calculator: "LutApplicationCalculator"
  input_stream: "IMAGE:image" input_stream: "MASK:mask" input_stream: "LUT:lut" output_stream: "IMAGE:out"
}"""
IMAGE = np.full((2, 2, 3), [10, 20, 30], np.uint8)
MASK = np.array([[1, 0], [0, 0]], np.float32)
WHITE = lut_from_table(np.ones((2, 2, 2, 3)))


def test_values():
    outputs = run_node(NODE, {"image": [(1, IMAGE)], "mask": [(1, MASK)], "lut": [(1, WHITE)]})
    ((timestamp, result),) = outputs["out"]
    assert timestamp == 1
    assert result.tolist() == [[[255, 255, 255], [10, 20, 30]], [[10, 20, 30], [10, 20, 30]]]
    assert (IMAGE == [10, 20, 30]).all()


def test_frames_without_mask_or_table_pass():
    inputs = {"image": [(1, IMAGE), (2, IMAGE)], "mask": [(1, MASK)], "lut": [(2, WHITE)]}
    assert [image is IMAGE for _, image in run_node(NODE, inputs)["out"]] == [True, True]


def test_second_color_and_shadow():
    node = NODE.replace(
        "output_stream",
        'input_stream: "SECOND_LUT:second" input_stream: "SHARE:share" input_stream: "SHADOW:shadow" '
        "output_stream",
    )
    black, whole = lut_from_table(np.zeros((2, 2, 2, 3))), np.ones((2, 2), np.float32)
    inputs = {
        "image": [(t, IMAGE) for t in (1, 2, 3, 4)],
        "mask": [(t, MASK) for t in (1, 2, 3, 4)],
        "lut": [(t, WHITE) for t in (1, 2, 3, 4)],
        "second": [(2, black), (3, black)],
        "share": [(2, whole)],
        "shadow": [(4, whole)],
    }
    corners = [image[0, 0].tolist() for _, image in run_node(node, inputs)["out"]]
    assert corners == [[255, 255, 255], [0, 0, 0], [255, 255, 255], [51, 42, 36]]
