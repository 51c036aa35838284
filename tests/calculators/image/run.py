"""Runs nodes in a real graph."""

from collections.abc import Mapping, Sequence
from typing import Any

from tryon.graph import CalculatorGraph

Stream = Sequence[tuple[int, Any]]


def run_node(
    node: str,
    inputs: Mapping[str, Stream],
    side_packets: Mapping[str, Any] | None = None,
    observe: Sequence[str] | None = None,
) -> dict[str, list[tuple[int, Any]]]:
    """What comes out, stream by stream, as (timestamp, value).

    Args:
        node: `node { ... }` text, of one or more nodes.
        inputs: the packets of each graph input stream, as (timestamp, value).
        side_packets: values by name.
        observe: the streams to watch; by default all outputs of the first node.
    """
    interface = "".join(f'input_stream: "{name}"\n' for name in inputs)
    interface += "".join(f'input_side_packet: "{name}"\n' for name in side_packets or {})
    graph = CalculatorGraph(interface + node)
    outputs: dict[str, list[tuple[int, Any]]] = {}
    if observe is None:
        observe = [text.rpartition(":")[2] for text in graph.config.node[0].output_stream]
    for name in observe:
        outputs[name] = []
        graph.observe_output_stream(
            name, lambda name, packet: outputs[name].append((packet.timestamp, packet.value))
        )
    graph.start_run(side_packets)
    packets = [(timestamp, name, value) for name, stream in inputs.items() for timestamp, value in stream]
    for timestamp, name, value in sorted(packets, key=lambda packet: packet[0]):
        graph.add_packet_to_input_stream(name, value, timestamp)
    graph.close_all_packet_sources()
    graph.wait_until_done()
    return outputs
