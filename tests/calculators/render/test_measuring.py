from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from calculators.hair.intensity import hair_intensity, scene_light
from calculators.render.context import GlContext
from calculators.render.gpu_image import upload
from calculators.render.measuring import IntensityMeasurement
from calculators.render.renderer import RENDERER
from calculators.video.reader import VideoReader
from demo.clip import frames
from tryon.graph import CalculatorGraph

pytestmark = pytest.mark.gl

ROOT = Path(__file__).resolve().parents[3]
MASKS = ROOT / "graphs" / "subgraphs" / "hair_segmentation.pbtxt"
VIDEO = ROOT / "../shared/data/videos/liveportrait_d10.mp4"
TOLERANCE = 0.001

MEASURE = """
    node {
      calculator: "HairIntensityCalculator"
      input_stream: "IMAGE:video" input_stream: "MASK:mask"
      output_stream: "INTENSITY:intensity" output_stream: "SCENE_LIGHT:light"
    }
"""
STREAMS = """
    input_stream: "in" input_stream: "mask" output_stream: "intensity" output_stream: "light"
"""
PAINT = """
    node {
      calculator: "RecolorCalculator"
      input_stream: "IMAGE:in" input_stream: "MASK:mask" output_stream: "IMAGE:video"
      node_options {
        [type.googleapis.com/mediapipe.RecolorCalculatorOptions] { color { r: 190 g: 60 b: 40 } }
      }
    }
"""


def assert_measured(measured: tuple[float | None, ...], image: np.ndarray, mask: np.ndarray) -> None:
    for found, expected in zip(
        measured, (hair_intensity(image, mask), scene_light(image, mask)), strict=True
    ):
        assert found == (expected if expected is None else pytest.approx(expected, abs=TOLERANCE))


@pytest.mark.parametrize(
    "size", [(93, 127), (256, 256), (64, 48), (40, 41), (15, 15), (7, 9), (1, 1), (300, 3)], ids=str
)
def test_measures_as_the_cpu_does(gl, picture, mask, size):
    given = np.ascontiguousarray(cv2.resize(mask, size[::-1]))
    assert_measured(IntensityMeasurement(gl).measure(upload(gl, picture), given), picture, given)


@pytest.mark.parametrize("side", [256, 100])
@pytest.mark.parametrize("part", [1, 0.5, 0.02, 0.0004, 0])
def test_more_and_less_hair(gl, part, side):
    """From all of the picture to so little that it is not worth measuring."""
    image = next(frames(1))
    mask = np.zeros((side, side), np.float32)
    mask[: round(side * part**0.5), : round(side * part**0.5)] = 0.9
    assert_measured(IntensityMeasurement(gl).measure(upload(gl, image), mask), image, mask)


def test_exact_values(gl):
    """The picture and the masks of the CPU's test."""
    image = np.zeros((2, 2, 3), np.uint8)
    image[0], image[1] = 51, [255, 0, 0]
    measurement = IntensityMeasurement(gl)
    for rows, expected in (((1, 0), 0.2), ((0, 1), 76 / 255), ((0.75, 0.625), (2 * 51 + 76) / 3 / 255)):
        mask = np.repeat(np.array(rows, np.float32)[:, None], 2, axis=1)
        assert measurement.measure(upload(gl, image), mask)[0] == pytest.approx(expected, abs=TOLERANCE)


def test_masks_of_other_sizes_take_turns(gl, picture, mask):
    measurement, image = IntensityMeasurement(gl), upload(gl, picture)
    for step in (1, 2, 1, 3):
        given = np.ascontiguousarray(mask[::step, ::step])
        assert_measured(measurement.measure(image, given), picture, given)


def video() -> list[np.ndarray]:
    if not VIDEO.is_file():
        pytest.skip(f"there is no {VIDEO}")
    with VideoReader(VIDEO) as reader:
        return [frame for _, frame in islice(reader, 2)]


@pytest.mark.parametrize("source", [lambda: list(frames(2)), video], ids=["portrait", "video"])
def test_real_frames_and_the_masks_that_the_network_finds(gl, source):
    pictures, masks = source(), []
    graph = CalculatorGraph(MASKS)
    graph.observe_output_stream("mask", lambda name, packet: masks.append(packet.value))
    with graph:
        graph.start_run()
        for index, picture in enumerate(pictures):
            graph.add_packet_to_input_stream("image", picture, index)
    measurement = IntensityMeasurement(gl)
    for picture, mask in zip(pictures, masks, strict=True):
        measured = measurement.measure(upload(gl, picture), mask)
        assert None not in measured
        assert_measured(measured, picture, mask)


def run(text: str, picture: np.ndarray, mask: np.ndarray, on_gpu: bool) -> dict[str, list[float]]:
    """What a graph sends for a picture with a mask, and then one without."""
    graph = CalculatorGraph(text, renderer=RENDERER if on_gpu else None)
    calculators = {node.calculator for node in graph.config.node}
    assert ("GlHairIntensityCalculator" in calculators) == on_gpu
    assert RENDERER.read_back not in calculators
    seen: dict[str, list[float]] = {"intensity": [], "light": []}
    for name, values in seen.items():
        graph.observe_output_stream(name, lambda _, packet, values=values: values.append(packet.value))
    with graph:
        graph.start_run()
        graph.add_packet_to_input_stream("mask", mask, 0)
        graph.add_packet_to_input_stream("in", picture, 0)
        graph.add_packet_to_input_stream("in", picture, 1)
    return seen


def test_a_frame_that_was_drawn_on_the_gpu_is_not_brought_back(left_gl: GlContext, picture, mask):
    text = STREAMS + PAINT + MEASURE
    expected, found = (run(text, picture, mask, on_gpu) for on_gpu in (False, True))
    for name, values in expected.items():
        assert len(values) == 2
        assert found[name] == pytest.approx(values, abs=TOLERANCE)


def test_a_frame_from_memory_is_measured_there(left_gl: GlContext):
    effect = CalculatorGraph(ROOT / "graphs" / "hair_recolor.pbtxt", renderer=RENDERER)
    assert RENDERER.nodes(effect.validated) == ["refinement", "recolor"]
