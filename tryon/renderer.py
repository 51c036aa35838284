"""Where pictures are drawn: calculators that do on the GPU what others do on the CPU.

The runtime knows no pixels: a package brings the calculators and says here which takes whose place. The GPU
twin of a calculator has its tags, side packets and options, but for streams of pictures that stay on the
GPU. `tryon.twins` puts twins into a graph.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tryon.errors import GraphError
from tryon.registry import load_calculators
from tryon.validated_graph import ValidatedGraph


class DeviceLost(GraphError):
    """What drew is gone in the middle of a run, with the pictures on it; another run may find it again."""


@dataclass(frozen=True)
class Device:
    """What draws.

    Attributes:
        name: as its driver gives it.
        is_software: the driver computes on the CPU.
    """

    name: str
    is_software: bool


@dataclass(frozen=True)
class Renderer:
    """A GPU and what can run on it.

    Attributes:
        image: the type of packets with pictures on the GPU.
        twins: the names of calculators and of their twins.
        upload, read_back: the names of the calculators, with one stream each way, that bring pictures to the
            GPU and back.
        find_device: finds the GPU; its argument says whether one in software will do. Raises GraphError where
            there is none; the message says why, and what to install where that would help.
    """

    image: type
    twins: Mapping[str, str]
    upload: str
    read_back: str
    find_device: Callable[[bool], Device]

    def can_draw(self, graph: ValidatedGraph) -> bool:
        """True when a node of a graph for the CPU has a twin."""
        return any(info.calculator.__name__ in self.twins for info in graph.nodes)

    def nodes(self, graph: ValidatedGraph) -> list[str]:
        """The names of a graph's nodes that are twins."""
        twins = set(self.twins.values())
        return [info.name for info in graph.nodes if info.calculator.__name__ in twins]


_renderers: list[Renderer] = []


def register_renderer(renderer: Renderer) -> Renderer:
    """Makes a renderer known; the first one is used."""
    _renderers.append(renderer)
    return renderer


def find_renderer() -> Renderer | None:
    """The renderer that an installed package brings, None where none does."""
    load_calculators()
    return next(iter(_renderers), None)
