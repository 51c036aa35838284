import numpy as np
import pytest

from calculators.render.gpu_image import GpuImage, Picture, upload
from calculators.render.gpu_image_recording import to_gpu
from tryon import GraphError
from tryon.graph import CalculatorGraph

pytestmark = pytest.mark.gl


def copy(gl, image: GpuImage) -> GpuImage:
    """The same picture in a texture that the GPU filled."""
    result = GpuImage(gl, image.size, image.picture)
    gl.context.copy_framebuffer(result.framebuffer, image.framebuffer)
    return result


@pytest.mark.parametrize("shape", [(93, 127, 3), (1, 1, 3), (5, 7, 3), (93, 127), (1, 1), (5, 7)])
def test_what_is_uploaded_comes_back(gl, shape):
    generator = np.random.default_rng(0)
    levels = generator.integers(0, 256, shape, dtype=np.uint8)
    pixels = levels if len(shape) == 3 else levels * np.float32(1 / 255)
    image = upload(gl, pixels)
    assert image.pixels() is pixels
    back = copy(gl, image)
    assert np.array_equal(back.pixels(), pixels)
    assert back.pixels() is back.pixels()


@pytest.mark.parametrize("place", [np.s_[0:93, 0:127], np.s_[5:6, 120:127], np.s_[80:93, 3:40]], ids=str)
def test_a_part(gl, picture, place):
    """Of what was uploaded, of what the GPU drew, and of this when it was read back."""
    image = upload(gl, picture)
    drawn = copy(gl, image)
    assert np.shares_memory(image.part(place), picture)
    assert np.array_equal(drawn.part(place), picture[place])
    whole = drawn.pixels()
    assert np.shares_memory(drawn.part(place), whole)


def test_masks_are_rounded_to_bytes(gl):
    mask = np.array([[0, 0.4 / 255, 0.6 / 255, 0.5, 1]], np.float32)
    assert (255 * copy(gl, upload(gl, mask)).pixels()).round(3).tolist() == [[0, 0, 1, 128, 255]]


def test_pictures_of_any_layout(gl, picture):
    assert np.array_equal(copy(gl, upload(gl, picture[::2, ::-1])).pixels(), picture[::2, ::-1])


@pytest.mark.parametrize(
    ("shape", "dtype"),
    [
        ((4, 4, 4), np.uint8),
        ((4, 4), np.uint8),
        ((4, 4, 3), np.float32),
        ((0, 4, 3), np.uint8),
        ((4,), np.float32),
    ],
)
def test_other_arrays_are_refused(gl, shape, dtype):
    with pytest.raises(GraphError, match=r"A picture for the GPU is a frame, .* not (uint8|float32) \["):
        upload(gl, np.zeros(shape, dtype))


THERE_AND_BACK = """
    input_stream: "in"
    node { calculator: "ImageFrameToGpuBufferCalculator" input_stream: "in" output_stream: "gpu" }
    node { calculator: "GpuBufferToImageFrameCalculator" input_stream: "gpu" output_stream: "out" }
"""


def test_there_and_back_in_graphs_that_run_at_once(left_gl, picture):
    graphs = [CalculatorGraph(THERE_AND_BACK) for _ in range(2)]
    kinds, seen = [], [[], []]
    for graph, some in zip(graphs, seen, strict=True):
        graph.observe_output_stream("gpu", lambda name, packet: kinds.append(packet.value.picture))
        graph.observe_output_stream(
            "out", lambda name, packet, some=some: some.append((packet.timestamp, packet.value))
        )
    with graphs[0], graphs[1]:
        for graph in graphs:
            graph.start_run()
        for index in range(5):
            for graph in graphs:
                graph.add_packet_to_input_stream("in", picture, index)
    assert kinds == 10 * [Picture.FRAME]
    for some in seen:
        assert [time for time, _ in some] == [0, 1, 2, 3, 4]
        assert all(value is picture for _, value in some)


def test_a_recorded_picture_comes_back(left_gl, picture):
    assert to_gpu(picture).pixels() is picture
