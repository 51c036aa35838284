"""Effects drawn on the GPU, in software where there is none, beside the CPU."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from calculators.render.context import gl_context
from calculators.render.renderer import RENDERER
from calculators.video.reader import VideoReader
from demo import clip, hands_clip
from tests.calculators.render.compare import assert_same
from tryon import GraphError
from tryon.graph import CalculatorGraph

pytestmark = pytest.mark.gl

ROOT = Path(__file__).resolve().parents[2]
LOOKS = ROOT / "graphs" / "looks"
VIDEO = ROOT / "../shared/data/videos/liveportrait_d10.mp4"
HANDS = ROOT / "../shared/data/nails/images"
COUNT = 2


def portrait() -> list[np.ndarray]:
    return list(clip.frames(COUNT))


def drawn_hands() -> list[np.ndarray]:
    return [picture.rgb for picture in hands_clip.pictures(COUNT, 40)]


def video() -> list[np.ndarray]:
    if not VIDEO.is_file():
        pytest.skip(f"there is no {VIDEO}")
    with VideoReader(VIDEO) as reader:
        return [cv2.resize(frame, (640, 360)) for _, frame in islice(reader, COUNT)]


def hands() -> list[np.ndarray]:
    if not HANDS.is_dir():
        pytest.skip(f"there is no {HANDS}")
    read = (cv2.imread(str(path)) for path in sorted(HANDS.glob("*.jpg"))[:COUNT])
    return [cv2.cvtColor(cv2.resize(picture, (480, 480)), cv2.COLOR_BGR2RGB) for picture in read]


def run(effect: str, look: str, pictures: list[np.ndarray], on_gpu: bool) -> dict[str, list[np.ndarray]]:
    """What the graph gives out."""
    graph = CalculatorGraph(ROOT / "graphs" / f"{effect}.pbtxt", renderer=RENDERER if on_gpu else None)
    assert bool(RENDERER.nodes(graph.validated)) == on_gpu
    given: dict[str, list[np.ndarray]] = {"output_video": []}
    if effect == "hair_recolor":
        given["hair_mask"] = []
    for name, seen in given.items():
        graph.observe_output_stream(name, lambda _, packet, seen=seen: seen.append(packet.value))
    with graph:
        graph.start_run({"look_path": str(LOOKS / look)})
        for index, picture in enumerate(pictures):
            graph.add_packet_to_input_stream("input_video", picture, index * 33_333)
    return given


@pytest.mark.parametrize(
    ("effect", "look", "source"),
    [
        ("hair_recolor", "hair/copper.json", portrait),
        ("hair_recolor", "hair/copper.json", video),
        ("hair_recolor", "hair/caramel_ombre.json", portrait),
        ("hair_recolor", "hair/honey_highlights.json", video),
        ("nail_polish", "nails/classic_red.json", drawn_hands),
        ("nail_polish", "nails/classic_red.json", hands),
        ("nail_polish", "nails/midnight_glitter.json", hands),
        ("makeup", "makeup/natural.json", portrait),
        ("makeup", "makeup/peacock.json", portrait),
        ("makeup", "makeup/evening_red.json", video),
        ("makeup", "makeup/rock.json", video),
        ("lipstick", "makeup/lipstick_wine_ombre.json", portrait),
        ("full_look", "full/gala.json", portrait),
        # Foundation on hair in two colours: what one gets wrong the other makes more of.
        ("full_look", "full/beach_day.json", portrait),
        ("full_look", "full/night_out.json", video),
    ],
)
def test_draws_as_the_cpu_does(effect: str, look: str, source: Callable[[], list[np.ndarray]]) -> None:
    try:
        gl_context()
    except GraphError as error:
        pytest.skip(str(error))
    pictures = source()
    expected, drawn = (run(effect, look, pictures, on_gpu) for on_gpu in (False, True))
    changed = 0
    for picture, before, after in zip(pictures, expected["output_video"], drawn["output_video"], strict=True):
        assert_same(after, before)
        changed += np.count_nonzero((after != picture).any(axis=-1))
    assert changed > 100
    for before, after in zip(expected.get("hair_mask", []), drawn.get("hair_mask", []), strict=True):
        assert_same(255 * after, np.rint(255 * before))


@pytest.mark.parametrize("effect", ["makeup", "full_look"])
def test_frames_stay_on_the_gpu_from_product_to_product(effect: str) -> None:
    graph = CalculatorGraph(ROOT / "graphs" / f"{effect}.pbtxt", renderer=RENDERER)
    carriers = {
        node.name for node in graph.config.node if node.calculator in (RENDERER.upload, RENDERER.read_back)
    }
    masks = {"hair_mask__read_back"} if effect == "full_look" else set()
    assert carriers == {"input_video__upload", "output_video__read_back"} | masks
