"""How long the nodes of the nail effect take that follow its network, on exact tensors in its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.common import Worker, say
from calculators.nails.nail import CLASSES, FINGERS
from demo.hands import still_scene
from demo.hands_clip import HEIGHT, WIDTH, timestamp
from tryon.config import GraphSource
from tryon.graph import CalculatorGraph
from tryon.profile import NodeProfile

ROOT = Path(__file__).resolve().parents[1]
EFFECT = ROOT / "graphs" / "nail_polish.pbtxt"
LOOKS = ROOT / "graphs" / "looks" / "nails"
LOOK = LOOKS / "classic_red.json"
COUNTS = (1, 5, 10)
DRAWING = ("NailStretchCalculator", "NailPolishCalculator")
KINDS = ("post_processing", "drawing")
NETWORK = ("ImageToTensorCalculator", "InferenceCalculator")
SHIFTS = 8
SHIFT = 4


@dataclass
class Scene:
    """A frame and what a perfect network would say of it.

    Attributes:
        frame: RGB uint8 [480, 640, 3].
        tensors: foreground, fingers, direction, of a network's input of 352.
        padding: the bars in that input: [left, top, right, bottom].
        area: pixels of the frame in a nail, on average.
    """

    frame: np.ndarray
    tensors: list[np.ndarray]
    padding: list[float]
    area: float


def scenes(count: int) -> Iterator[Scene]:
    """Frames of two hands, each moved by some pixels; `count` of their ten nails are in the tensors."""
    hand = still_scene(WIDTH, HEIGHT)
    columns = np.flatnonzero((hand.instances > 0).any(0))
    left = int(np.clip((columns[0] + columns[-1] - WIDTH // 2) // 2, 0, WIDTH // 2))
    half = np.s_[:, left : left + WIDTH // 2]
    instances = hand.instances[half]
    frame = np.hstack([hand.rgb[half]] * 2)
    instances = np.hstack([instances, instances + (instances > 0) * len(hand.fingers)])
    fingers = [finger % len(FINGERS) + len(FINGERS) * side for side in (0, 1) for finger in hand.fingers]
    directions = np.vstack([hand.directions] * 2)
    for number in range(SHIFTS):
        shift = SHIFT * min(number, SHIFTS - number)
        yield perfect_scene(
            np.roll(frame, shift, 1), np.roll(instances, shift, 1), fingers[:count], directions[:count]
        )


def perfect_scene(
    frame: np.ndarray, instances: np.ndarray, fingers: list[int], directions: np.ndarray, side: int = 352
) -> Scene:
    """A frame with the tensors of its first nails.

    Args:
        frame: RGB uint8 [height, width, 3].
        instances: [height, width], 0 is background, 1 to n are nails.
        fingers: of nails 1, 2, ..., as many as are to be in the tensors.
        directions: of the same, [n, 2].
        side: of the network's input.
    """
    height, width = instances.shape
    scale = side / max(height, width)
    inner = round(width * scale), round(height * scale)
    left, top = (side - inner[0]) // 2, (side - inner[1]) // 2
    seen = np.where(instances <= len(fingers), instances, 0)
    foreground, numbers = np.zeros((side, side), np.float32), np.zeros((side, side), np.int32)
    box = slice(top, top + inner[1]), slice(left, left + inner[0])
    foreground[box] = cv2.resize((seen > 0).astype(np.float32), inner, interpolation=cv2.INTER_AREA)
    numbers[box] = cv2.resize(seen.astype(np.float32), inner, interpolation=cv2.INTER_NEAREST)
    # Inside a quarter-size pixel the highest number counts, so that thin nails stay.
    coarse = numbers.reshape(side // 4, 4, side // 4, 4).max((1, 3))
    chances = np.full((side // 4, side // 4, len(CLASSES)), 1 / len(CLASSES), np.float32)
    field = np.zeros((side // 4, side // 4, 2), np.float32)
    for number, (finger, direction) in enumerate(zip(fingers, directions, strict=True), 1):
        chances[coarse == number] = np.eye(len(CLASSES))[finger]
        field[coarse == number] = direction
    padding = [left / side, top / side, left / side, top / side]
    tensors = [foreground[None, ..., None], chances[None], field[None]]
    return Scene(np.ascontiguousarray(frame), tensors, padding, np.count_nonzero(seen) / len(fingers))


def without_network() -> tuple[GraphSource, str, str]:
    """The effect without its network: a graph that takes frames, tensors and padding.

    Returns:
        The graph, and its streams of tensors and of padding.
    """
    config = CalculatorGraph(EFFECT).config
    kept = [node for node in config.node if node.calculator not in NETWORK]
    made = {name for node in config.node if node not in kept for name in node.output_stream}
    used = {name for node in kept for name in node.input_stream}
    streams = {entry.partition(":")[0]: entry.rpartition(":")[2] for entry in used & made}
    del config.node[:]
    config.node.extend(kept)
    config.input_stream.extend(streams.values())
    return GraphSource(config, EFFECT.name, EFFECT.parent), streams["TENSORS"], streams["LETTERBOX_PADDING"]


def time_nodes(count: int, look: Path, frames: int) -> tuple[list[NodeProfile], int]:
    """The nodes behind the network, one frame after the other: their times, and how many nails they found."""
    source, tensors, padding = without_network()
    graph = CalculatorGraph(source)
    found: list[int] = []
    graph.observe_output_stream("nails", lambda name, packet: found.append(len(packet.value)))
    some = list(scenes(count))
    with graph:
        graph.start_run({"look_path": str(look)})
        for index in range(frames):
            scene = some[index % len(some)]
            graph.add_packet_to_input_stream(tensors, scene.tensors, timestamp(index))
            graph.add_packet_to_input_stream(padding, scene.padding, timestamp(index))
            graph.add_packet_to_input_stream("input_video", scene.frame, timestamp(index))
            graph.wait_until_idle()
    return graph.profile(), max(found)


def node_figures(frames: int, repetitions: int) -> dict[str, Any]:
    """What the nodes behind the network cost, by number of nails, and drawing by look."""
    tasks = [(count, LOOK) for count in COUNTS]
    tasks += [(COUNTS[1], look) for look in sorted(LOOKS.glob("*.json")) if look != LOOK]
    times: dict[tuple[int, str], dict[str, float]] = {(count, look.stem): {} for count, look in tasks}
    kinds: dict[str, str] = {}
    found: dict[int, int] = {}
    with Worker(1) as worker:
        for repetition in range(repetitions):
            say(f"{repetition + 1}/{repetitions} nodes behind the network ...")
            for count, look in tasks:
                profile, found[count] = worker(time_nodes, count, look, frames)
                known = times[count, look.stem]
                for node in profile:
                    kinds[node.name] = "drawing" if node.calculator in DRAWING else "post_processing"
                    known[node.name] = min(node.p50_ms, known.get(node.name, node.p50_ms))
    totals = {
        task: {kind: sum(ms for name, ms in nodes.items() if kinds[name] == kind) for kind in KINDS}
        for task, nodes in times.items()
    }
    lines = {kind: np.polyfit(COUNTS, [totals[c, LOOK.stem][kind] for c in COUNTS], 1) for kind in KINDS}
    return {
        "nails": {
            str(count): {
                "found": found[count],
                **{f"{kind}_ms": totals[count, LOOK.stem][kind] for kind in KINDS},
                "nodes": times[count, LOOK.stem],
            }
            for count in COUNTS
        },
        "nail_pixels": next(scenes(COUNTS[-1])).area,
        "per_nail_ms": {kind: float(line[0]) for kind, line in lines.items()},
        "per_frame_ms": {kind: float(line[1]) for kind, line in lines.items()},
        "drawing_of_5_nails_ms": {look.stem: totals[c, look.stem]["drawing"] for c, look in tasks if c == 5},
    }
