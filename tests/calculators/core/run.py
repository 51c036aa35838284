"""Runs a graph of core calculators on a script of packets, written in one line."""

import ast
from collections.abc import Mapping
from typing import Any

from tryon.graph import CalculatorGraph

EMPTY = None
Seen = list[tuple[int, Any]]


def node(calculator: str, streams: str, options: str = "", message: str = "") -> str:
    """A node; `streams` is "in TAG:in -> out", "$" marks side packets, "^" a back edge."""
    sources, _, targets = streams.partition("->")
    lines = [f'calculator: "{calculator}"']
    for side, words in (("input", sources.split()), ("output", targets.split())):
        for word in words:
            kind = "side_packet" if "$" in word else "stream"
            lines.append(f'{side}_{kind}: "{word.strip("^").replace("$", "")}"')
            if word.startswith("^"):
                tag = word.strip("^").partition(":")[0]
                lines.append(f'input_stream_info {{ tag_index: "{tag}" back_edge: true }}')
    if options:
        message = message or f"{calculator}Options"
        lines.append(f"node_options {{ [type.googleapis.com/mediapipe.{message}] {{ {options} }} }}")
    return f"node {{ {' '.join(lines)} }}\n"


def run_graph(
    graph_text: str,
    script: str,
    *observed: str,
    bounds: bool = False,
    side_packets: Mapping[str, Any] | None = None,
) -> list[Seen]:
    """What the observed streams carried, as (timestamp, value); with `bounds` also (timestamp, EMPTY).

    Args:
        graph_text: the graph; its `input_stream`s are made from the script, side packets declared.
        script: "in@3=7" adds 7 to "in" at 3; "in!" closes "in". The graph settles after each word.
            A value is a Python literal.
        observed: stream names.
        bounds: also notes timestamps that settle without a packet.
        side_packets: by name.
    """
    steps = [_parse(word) for word in script.split()]
    names = dict.fromkeys(name for name, _, _ in steps)
    interface = "".join(f'input_stream: "{name}" ' for name in names)
    interface += "".join(f'input_side_packet: "{name}" ' for name in side_packets or {})
    graph = CalculatorGraph(interface + graph_text)
    seen: dict[str, Seen] = {name: [] for name in observed}
    for name in observed:
        graph.observe_output_stream(
            name,
            lambda name, packet: seen[name].append(
                (packet.timestamp, EMPTY if packet.is_empty else packet.value)
            ),
            bounds,
        )
    graph.start_run(side_packets)
    graph.wait_until_idle()
    for name, timestamp, value in steps:
        if timestamp is None:
            graph.close_input_stream(name)
        else:
            graph.add_packet_to_input_stream(name, value, timestamp)
        graph.wait_until_idle()
    graph.close_all_packet_sources()
    graph.wait_until_done()
    return list(seen.values())


def _parse(word: str) -> tuple[str, int | None, Any]:
    if word.endswith("!"):
        return word[:-1], None, None
    name, _, rest = word.partition("@")
    timestamp, _, value = rest.partition("=")
    return name, int(timestamp), ast.literal_eval(value)
