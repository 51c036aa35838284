import numpy as np
import pytest

from calculators.image.splitting import Split, split_view
from calculators.render.gpu_image import GpuImage, upload
from calculators.render.renderer import RENDERER
from calculators.render.splitting import SplitDrawing
from tryon import GraphError
from tryon.graph import CalculatorGraph

pytestmark = pytest.mark.gl


@pytest.mark.parametrize("position", [0, 0.01, 0.3, 0.5, 0.999, 1])
@pytest.mark.parametrize("line_width", [0, 1, 7])
def test_splits_as_the_cpu_does(gl, picture, position, line_width):
    other, split = 255 - picture, Split(position, line_width, (1, 127, 254))
    drawn = SplitDrawing(gl).draw(upload(gl, picture), upload(gl, other), split)
    assert np.array_equal(drawn.pixels(), split_view(picture, other, split))


def test_exception(gl, picture, mask):
    frame = upload(gl, picture)
    with pytest.raises(GraphError, match=r"The picture must be a frame, .* not a mask"):
        SplitDrawing(gl).draw(frame, upload(gl, mask), Split())
    with pytest.raises(GraphError, match=r"The picture before has 127 x 93 pixels, that after 126 x 93"):
        SplitDrawing(gl).draw(frame, upload(gl, picture[:, 1:]), Split())


def test_in_a_graph(left_gl, picture):
    """Also a frame of the effect alone, which comes back as it is."""
    text = """
        input_stream: "before" input_stream: "after" output_stream: "out"
        node {
          calculator: "BeforeAfterCalculator"
          input_stream: "BEFORE:before"
          input_stream: "AFTER:after"
          output_stream: "IMAGE:out"
          node_options { [type.googleapis.com/tryon.BeforeAfterCalculatorOptions] { position: 0.3 } }
        }
    """
    graph, seen, kinds = CalculatorGraph(text, renderer=RENDERER), [], []
    graph.observe_output_stream("out", lambda name, packet: seen.append(packet.value))
    graph.observe_output_stream("out__on_gpu", lambda name, packet: kinds.append(type(packet.value)))
    other = 255 - picture
    with graph:
        graph.start_run()
        graph.add_packet_to_input_stream("before", picture, 0)
        for timestamp in (0, 1):
            graph.add_packet_to_input_stream("after", other, timestamp)
    assert kinds == [GpuImage, GpuImage]
    assert np.array_equal(seen[0], split_view(picture, other, Split(np.float32(0.3))))
    assert seen[1] is other
