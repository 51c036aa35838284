import numpy as np
import pytest

from calculators.image.recoloring import recolor
from calculators.render.context import GlContext
from calculators.render.gpu_image import upload
from calculators.render.painting import PaintDrawing
from calculators.render.renderer import RENDERER
from tests.calculators.render.compare import assert_same
from tryon import GraphError
from tryon.graph import CalculatorGraph

pytestmark = pytest.mark.gl

TEAL = (0, 128, 140)


@pytest.mark.parametrize("inverts", [False, True])
@pytest.mark.parametrize("keeps_dark", [False, True])
def test_paints_as_the_cpu_does(gl, picture, mask, inverts, keeps_dark):
    drawn = PaintDrawing(gl).draw(upload(gl, picture), mask, TEAL, 0, inverts, keeps_dark)
    assert_same(drawn.pixels(), recolor(picture, mask, TEAL, 0, inverts, keeps_dark))


@pytest.mark.parametrize("channel", [0, 3])
@pytest.mark.parametrize("step", [1, 5])
def test_bytes_channels_and_sizes(gl, picture, mask, channel, step):
    levels = (255 * mask[::step, ::step]).astype(np.uint8)
    given = np.dstack((levels, levels // 2, levels // 3, 255 - levels))
    drawn = PaintDrawing(gl).draw(upload(gl, picture), given, TEAL, channel)
    assert_same(drawn.pixels(), recolor(picture, given, TEAL, channel))


@pytest.mark.parametrize(("level", "expected"), [(0, None), (1, TEAL)])
def test_bounds(gl, picture, level, expected):
    flat = np.full((1, 1), level, np.float32)
    drawn = PaintDrawing(gl).draw(upload(gl, picture), flat, TEAL, keeps_dark=False).pixels()
    assert np.array_equal(drawn, picture if expected is None else np.broadcast_to(expected, picture.shape))


def test_a_mask_that_is_none(gl, picture):
    with pytest.raises(GraphError, match=r"The mask must be uint8 or float32 \[h, w\], not int64 \[3, 3\]"):
        PaintDrawing(gl).draw(upload(gl, picture), np.zeros((3, 3), np.int64), TEAL)


def test_in_a_graph(left_gl: GlContext, picture, mask):
    """Also a frame without a mask, which comes back as it is."""
    text = """
        input_stream: "in" input_stream: "mask" output_stream: "out"
        node {
          calculator: "RecolorCalculator"
          input_stream: "IMAGE:in"
          input_stream: "MASK:mask"
          output_stream: "IMAGE:out"
          node_options {
            [type.googleapis.com/mediapipe.RecolorCalculatorOptions] { color { r: 0 g: 128 b: 140 } }
          }
        }
    """
    graph, seen = CalculatorGraph(text, renderer=RENDERER), []
    graph.observe_output_stream("out", lambda name, packet: seen.append(packet.value))
    with graph:
        graph.start_run()
        graph.add_packet_to_input_stream("in", picture, 0)
        graph.add_packet_to_input_stream("mask", mask, 1)
        graph.add_packet_to_input_stream("in", picture, 1)
    assert seen[0] is picture
    assert_same(seen[1], recolor(picture, mask, TEAL))
