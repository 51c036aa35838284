import numpy as np
import pytest

from tests.calculators.image.run import run_node
from tryon import GraphError

ONE = "num_layers: 1 strides: 8 aspect_ratios: 1 interpolated_scale_aspect_ratio: 0 fixed_anchor_size: true"


def anchors(options: str, width: int = 16, height: int = 8, scales: str = "min_scale: 0.2 max_scale: 0.8"):
    """What a graph's node gets as its side packet."""
    size = f"input_size_width: {width} input_size_height: {height} {scales} {options}"
    node = f"""
    node {{
      calculator: "SsdAnchorsCalculator" output_side_packet: "anchors"
      node_options {{ [type.googleapis.com/mediapipe.SsdAnchorsCalculatorOptions] {{ {size} }} }}
    }}
    node {{
      calculator: "SidePacketToStreamCalculator" input_side_packet: "anchors" output_stream: "AT_ZERO:out"
    }}"""
    ((_, found),) = run_node(node, {}, observe=["out"])["out"]
    assert found.dtype == np.float32
    return found


def test_one_anchor_a_cell():
    np.testing.assert_allclose(anchors(ONE), [[0.25, 0.5, 1, 1], [0.75, 0.5, 1, 1]])


def test_offset():
    found = anchors(f"{ONE} anchor_offset_x: 0 anchor_offset_y: 1")
    np.testing.assert_allclose(found[:, :2], [[0, 1], [0.5, 1]])


def test_sizes_of_layers():
    """Two layers of one anchor each and one between; the second layer's cells are larger."""
    found = anchors("num_layers: 2 strides: [8, 16] aspect_ratios: 4", 16, 16)
    assert len(found) == 2 * 4 + 2
    np.testing.assert_allclose(found[0], [0.25, 0.25, 0.4, 0.1], atol=1e-6)
    np.testing.assert_allclose(found[1, 2:], np.sqrt([0.16, 0.16]), atol=1e-6)
    np.testing.assert_allclose(found[8], [0.5, 0.5, 1.6, 0.4], atol=1e-6)
    np.testing.assert_allclose(found[9, 2:], np.sqrt([0.8, 0.8]), atol=1e-6)


def test_layers_of_one_stride_share_cells():
    """The short-range face detector of MediaPipe: 16 x 16 x 2 and 8 x 8 x 6 anchors."""
    options = "num_layers: 4 strides: [8, 16, 16, 16] aspect_ratios: 1 fixed_anchor_size: true"
    found = anchors(options, 128, 128)
    assert found.shape == (896, 4)
    np.testing.assert_allclose(found[1], found[0])
    np.testing.assert_allclose(found[512:518], [[1 / 16, 1 / 16, 1, 1]] * 6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("num_layers: 2 strides: 8", "1 strides for 2 layers"),
        ("num_layers: 1 strides: 0", "must be larger than 0"),
        ("", "num_layers is 0"),
    ],
)
def test_options_out_of_range(options, message):
    with pytest.raises(GraphError, match=message):
        anchors(options)
