"""The graph of a whole look: the nodes of three effects, each part at rest where the look leaves it alone."""

import json
from pathlib import Path

import numpy as np
import pytest
from google.protobuf import text_format

from calculators.color.look import PARTS, load_look
from tests.calculators.face.network import middle_of_red, red_is_face
from tests.calculators.nails.network import red_is_nail
from tryon.config import read_graph
from tryon.graph import CalculatorGraph
from tryon.proto.calculator_pb2 import CalculatorGraphConfig

GRAPHS = Path(__file__).resolve().parents[2] / "graphs"
EFFECTS = ("hair_recolor", "makeup", "nail_polish")
# Streams that are others in the graph of the whole look, by node and name.
OTHERS = {
    "segmentation": {"input_video": "hair_video"},
    "face_tracking": {"input_video": "face_video"},
    "nail_tracking": {"input_video": "nails_video"},
    "recolor": {"output_video": "with_hair"},
    "face_shapes": {"input_video": "face_video"},
    "foundation": {"input_video": "with_hair"},
    "lip_liner": {"output_video": "with_makeup"},
    "polish": {"input_video": "with_makeup"},
}
SIDE = 160
EFFECT_OF = {
    "hair": {"category": "hair_color", "palettes": [{"color": "#2040C0"}]},
    "face": {"category": "lipstick", "palettes": [{"color": "#2040C0"}]},
    "nails": {"category": "nail_polish", "palettes": [{"color": "#2040C0", "texture": "matte"}]},
}


def nodes(effect: str) -> dict[str, CalculatorGraphConfig.Node]:
    return {node.name: node for node in read_graph(GRAPHS / f"{effect}.pbtxt").config.node}


@pytest.mark.parametrize("effect", EFFECTS)
def test_nodes_are_those_of_the_effects(effect):
    whole = nodes("full_look")
    for name, node in nodes(effect).items():
        if name == "look":
            continue
        for streams in (node.input_stream, node.output_stream):
            for i, stream in enumerate(streams):
                tag, _, given = stream.rpartition(":")
                streams[i] = f"{tag}:{OTHERS.get(name, {}).get(given, given)}"
        assert text_format.MessageToString(whole[name]) == text_format.MessageToString(node)


def test_nothing_else_is_in_it():
    known = {name for effect in EFFECTS for name in nodes(effect)}
    assert set(nodes("full_look")) - known == {"parts", "hair_gate", "face_gate", "nails_gate"}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Networks whose answers are known: red squares are faces, and nails."""
    folder = tmp_path_factory.mktemp("full_look")
    for name, content in {
        "detector": red_is_face(64 / 320),
        "landmarks": middle_of_red(2 / 3, (16 / (1.23 * 64)) ** 2),
        "nails": red_is_nail(SIDE),
    }.items():
        (folder / f"{name}.tflite").write_bytes(content)
    return [
        f"face_tracking.detector_path={folder}/detector.tflite",
        f"face_tracking.landmarks_path={folder}/landmarks.tflite",
        f"nail_tracking.model_path={folder}/nails.tflite",
        f"nail_tracking.input_size={SIDE}",
    ]


def run(settings: list[str], look: Path, frames: list[np.ndarray]) -> dict[str, list]:
    """What comes out of the graph, by stream."""
    graph = CalculatorGraph(read_graph(GRAPHS / "full_look.pbtxt"), settings=settings)
    seen: dict[str, list] = {name: [] for name in ("output_video", "hair_mask", "faces", "nails")}
    for name, packets in seen.items():
        graph.observe_output_stream(name, lambda _, packet, packets=packets: packets.append(packet.value))
    graph.start_run({"look_path": str(look)})
    for i, frame in enumerate(frames):
        graph.add_packet_to_input_stream("input_video", frame, 33_333 * i)
    graph.close_all_packet_sources()
    graph.wait_until_done()
    return seen


@pytest.mark.parametrize("parts", [["hair"], ["face"], ["nails"], ["hair", "face", "nails"]], ids="-".join)
def test_only_the_parts_of_the_look_are_at_work(parts, settings, tmp_path):
    frame = np.zeros((320, 320, 3), np.uint8)
    frame[144:160, 144:160] = (255, 0, 0)
    look = tmp_path / "look.json"
    look.write_text(json.dumps({"effects": [EFFECT_OF[part] for part in parts]}))
    seen = run(settings, look, [frame] * 2)
    assert len(seen["output_video"]) == 2
    streams = {"hair": "hair_mask", "face": "faces", "nails": "nails"}
    for part, stream in streams.items():
        assert len(seen[stream]) == (2 if part in parts else 0), stream
    if "face" in parts:
        assert [len(faces) for faces in seen["faces"]] == [1, 1]
    if "nails" in parts:
        assert [len(nails) for nails in seen["nails"]] == [1, 1]
        assert (seen["output_video"][0] != frame).any()
    # The corners show neither a face nor a nail.
    if "hair" not in parts:
        assert (seen["output_video"][1][:8, :8] == 0).all()


@pytest.mark.parametrize(
    "path", sorted((GRAPHS / "looks" / "full").glob("*.json")), ids=lambda path: path.stem
)
def test_looks_paint_all_parts(path):
    categories = {effect.category for effect in load_look(path).effects}
    assert categories >= {"hair_color", "nail_polish", "foundation", "lipstick"}
    assert categories <= set(PARTS)
