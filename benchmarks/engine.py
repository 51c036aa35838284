"""The two engines that `benchmarks.runtime` measures: ours and MediaPipe's C++, driven alike from Python.

Both have the same `CalculatorGraph`; packets are made and read differently.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True)
class Engine:
    """What a measurement needs to know of an engine.

    Attributes:
        graph: `CalculatorGraph`.
        make: by kind ("ints", "frames"): a packet from a value and a timestamp.
        read: by kind: the value of a packet.
    """

    graph: Callable[[str], Any]
    make: dict[str, Callable[[Any, int], Any]]
    read: dict[str, Callable[[Any], Any]]


@cache
def load(name: str) -> Engine:
    """The engine "ours" or "reference"; the latter needs the extra mediapipe, whose import takes seconds."""
    return _reference() if name == "reference" else _ours()


def _ours() -> Engine:
    from tryon.graph import CalculatorGraph
    from tryon.packet import Packet

    def value(packet: Packet) -> Any:
        return packet.value

    return Engine(
        CalculatorGraph, dict.fromkeys(("ints", "frames"), Packet), {"ints": value, "frames": value}
    )


def _reference() -> Engine:
    import mediapipe as mp
    from mediapipe.python import packet_creator, packet_getter

    def make_int(value: int, timestamp: int) -> Any:
        return packet_creator.create_int(value).at(timestamp)

    def make_frame(value: Any, timestamp: int) -> Any:
        return packet_creator.create_image_frame(image_format=mp.ImageFormat.SRGB, data=value).at(timestamp)

    def read_frame(packet: Any) -> Any:
        return packet_getter.get_image_frame(packet).numpy_view()

    return Engine(
        lambda text: mp.CalculatorGraph(graph_config=text),
        {"ints": make_int, "frames": make_frame},
        {"ints": packet_getter.get_int, "frames": read_frame},
    )
