import numpy as np
import pytest

from calculators.render.gpu_image import GpuImage, Picture, upload
from tryon import GraphError
from tryon.graph import CalculatorGraph


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


def test_there_and_back_in_a_graph(gl, picture):
    """Also a frame that comes and goes while others are under way, on the thread of the executor "gpu"."""
    gl.__exit__(None, None, None)  # the graph's thread draws, not this one
    try:
        graph = CalculatorGraph("""
            input_stream: "in"
            node { calculator: "ImageFrameToGpuBufferCalculator" input_stream: "in" output_stream: "gpu" }
            node { calculator: "GpuBufferToImageFrameCalculator" input_stream: "gpu" output_stream: "out" }
        """)
        kinds, seen = [], []
        graph.observe_output_stream("gpu", lambda name, packet: kinds.append(packet.value.picture))
        graph.observe_output_stream("out", lambda name, packet: seen.append((packet.timestamp, packet.value)))
        with graph:
            graph.start_run()
            for index in range(5):
                graph.add_packet_to_input_stream("in", picture, index)
        assert kinds == 5 * [Picture.FRAME]
        assert [time for time, _ in seen] == [0, 1, 2, 3, 4]
        assert all(value is picture for _, value in seen)
    finally:
        gl.__enter__()
