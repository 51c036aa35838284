"""The hair masks that users see: the effect's own graph, up to the mask, with a model of one's choice.

What other effects are measured with is here, too: `up_to` cuts a graph, `play` runs one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from training.evaluate_model import Signature, read_signature
from tryon.config import Config, GraphSource, read_graph
from tryon.contract import Node
from tryon.graph import CalculatorGraph
from tryon.packet import Packet

EFFECT = Path(__file__).resolve().parents[1] / "graphs" / "hair_recolor.pbtxt"
HAIR_MASK = "hair_mask"
SUBGRAPHS = {1: "HairSegmentationSubgraph", 2: "MediaPipeHairSegmentationSubgraph"}
"""The subgraph that suits a model with so many output channels."""

TO_MASK = "TensorsToSegmentationCalculator"
FRAME_US = 33_333


class Masks(NamedTuple):
    """What the graph found in a frame: float32 in [0, 1].

    Attributes:
        network: as the network computes it, at its own size.
        hair: the effect's `hair_mask`, of the frame's size.
    """

    network: np.ndarray
    hair: np.ndarray


class HairGraph:
    """The nodes of `graphs/hair_recolor.pbtxt` that its `hair_mask` depends on, around another model.

    Nodes, options and their order are those of the effect's file. A model with one channel takes the place of
    ours in `HairSegmentationSubgraph`, one with two channels of logits that of MediaPipe's in
    `MediaPipeHairSegmentationSubgraph`.

    Args:
        model: a .tflite.

    Raises:
        GraphError: the file is missing or no model.
        SignatureError: its tensors are not those of a hair model.
    """

    def __init__(self, model: Path) -> None:
        self.signature = read_signature(model)
        source, segmentation = _mask_graph(self.signature)
        size = self.signature.size
        self._graph = CalculatorGraph(
            source,
            settings=[
                f"{segmentation}__inference.model_path={model.resolve()}",
                f"{segmentation}__resize.output_width={size}",
                f"{segmentation}__resize.output_height={size}",
            ],
        )
        (to_mask,) = (node for node in self._graph.config.node if node.calculator == TO_MASK)
        self._network = _names(to_mask.output_stream)[0]
        self._found: dict[str, np.ndarray] = {}
        for stream in (self._network, HAIR_MASK):
            self._graph.observe_output_stream(stream, self._keep)

    def masks(self, frames: Iterable[np.ndarray]) -> Iterator[Masks]:
        """The masks of the frames of a video, RGB uint8 [H, W, 3], which begins without a previous mask."""
        for _ in play(self._graph, frames):
            yield Masks(self._found[self._network], self._found[HAIR_MASK])

    def mask(self, picture: np.ndarray) -> Masks:
        """The masks of a picture by itself: a run of one frame, so that no picture sees another's mask."""
        (masks,) = self.masks([picture])
        return masks

    def _keep(self, name: str, packet: Packet) -> None:
        self._found[name] = packet.value


def _mask_graph(signature: Signature) -> tuple[GraphSource, str]:
    """The effect up to its mask, with the subgraph for a model, and the name of the node that holds it."""
    source = up_to(read_graph(EFFECT), HAIR_MASK)
    (segmentation,) = (node for node in source.config.node if node.calculator == SUBGRAPHS[1])
    segmentation.calculator = SUBGRAPHS[signature.channels]
    return source, segmentation.name


def play(
    graph: CalculatorGraph, frames: Iterable[np.ndarray], side_packets: Mapping[str, object] | None = None
) -> Iterator[None]:
    """A run of a graph on the frames of a video; gives way after each of them, when all of it is computed."""
    with graph:
        graph.start_run(side_packets)
        for number, frame in enumerate(frames):
            graph.add_packet_to_input_stream("input_video", frame, number * FRAME_US)
            graph.wait_until_idle()
            yield


def up_to(effect: GraphSource, stream: str) -> GraphSource:
    """A graph of the nodes that a stream of an effect depends on; the stream is its only output."""
    wanted = {stream}
    kept: list[Node] = []
    # Each round finds the nodes that make what is wanted, until nothing new is wanted.
    while True:
        makers = [node for node in effect.config.node if wanted & _made_by(node)]
        if len(makers) == len(kept):
            break
        kept = makers
        wanted |= {name for n in kept for name in (*_names(n.input_stream), *_names(n.input_side_packet))}
    config = Config()
    config.CopyFrom(effect.config)
    del config.node[:], config.output_stream[:], config.input_side_packet[:]
    config.node.extend(kept)
    config.output_stream.append(stream)
    config.input_side_packet.extend(n for n in effect.config.input_side_packet if _names([n])[0] in wanted)
    return GraphSource(config, effect.name, effect.folder)


def _made_by(node: Node) -> set[str]:
    return {*_names(node.output_stream), *_names(node.output_side_packet)}


def _names(entries: Iterable[str]) -> list[str]:
    """The names in "TAG:index:name"."""
    return [entry.rpartition(":")[2] for entry in entries]
