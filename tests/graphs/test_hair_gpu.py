"""Hair recoloured on the GPU, in software where there is none, beside the CPU."""

from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from calculators.render.context import gl_context
from calculators.render.renderer import RENDERER
from calculators.video.reader import VideoReader
from demo.clip import frames
from tests.calculators.render.compare import assert_same
from tryon import GraphError
from tryon.graph import CalculatorGraph

ROOT = Path(__file__).parents[2]
VIDEO = ROOT / "../shared/data/videos/liveportrait_d10.mp4"
EFFECT = ROOT / "graphs" / "hair_recolor.pbtxt"
LOOKS = ROOT / "graphs" / "looks" / "hair"
COUNT = 3


def clip() -> list[np.ndarray]:
    return list(islice(frames(), COUNT))


def video() -> list[np.ndarray]:
    if not VIDEO.is_file():
        pytest.skip(f"there is no {VIDEO}")
    with VideoReader(VIDEO) as reader:
        return [cv2.resize(frame, (640, 360)) for _, frame in islice(reader, COUNT)]


def recolor(pictures: list[np.ndarray], look: str, on_gpu: bool) -> dict[str, list[np.ndarray]]:
    """The frames and masks that the graph gives."""
    graph = CalculatorGraph(EFFECT, renderer=RENDERER if on_gpu else None)
    given: dict[str, list[np.ndarray]] = {"output_video": [], "hair_mask": []}
    for name, seen in given.items():
        graph.observe_output_stream(name, lambda _, packet, seen=seen: seen.append(packet.value))
    with graph:
        graph.start_run({"look_path": str(LOOKS / look)})
        for index, picture in enumerate(pictures):
            graph.add_packet_to_input_stream("input_video", picture, index * 33_333)
    return given


@pytest.mark.parametrize("source", [clip, video])
@pytest.mark.parametrize("look", ["copper.json", "caramel_ombre.json"])
def test_draws_as_the_cpu_does(source, look):
    try:
        gl_context()
    except GraphError as error:
        pytest.skip(str(error))
    pictures = source()
    expected, drawn = (recolor(pictures, look, on_gpu) for on_gpu in (False, True))
    assert len(drawn["output_video"]) == len(drawn["hair_mask"]) == COUNT
    for picture, before, after in zip(pictures, expected["output_video"], drawn["output_video"], strict=True):
        assert_same(after, before)
        assert np.count_nonzero((after != picture).any(axis=-1)) > 0.02 * picture[..., 0].size
    for before, after in zip(expected["hair_mask"], drawn["hair_mask"], strict=True):
        assert_same(255 * after, np.rint(255 * before))
