"""Putting GPU twins in the place of a graph's nodes, and what carries pictures between the two kinds.

A stream that a twin sends from the GPU gets the name "NAME__on_gpu"; where a node reads it on the CPU, or the
graph gives it out, it is read back under its own name. A stream that twins read on the GPU and that no twin
makes is uploaded once. A twin that sends no pictures, as it only measures them, takes its node's place where
another twin makes one of them: all others are in memory.
"""

from dataclasses import dataclass

from tryon.config import Config
from tryon.contract import CalculatorContract, Node, PacketTypeSet
from tryon.errors import GraphError
from tryon.registry import find_calculator
from tryon.renderer import Renderer
from tryon.subgraph import Origin

SUFFIX = "__on_gpu"


@dataclass(frozen=True)
class _Twin:
    """A node that can run on the GPU.

    Attributes:
        node: its config.
        inputs, outputs: the positions of the streams that carry pictures on the GPU, and their names.
    """

    node: Node
    inputs: dict[int, str]
    outputs: dict[int, str]


def place_twins(config: Config, origins: list[Origin], renderer: Renderer) -> list[Origin]:
    """Replaces the nodes of an expanded graph that have a twin, and adds uploads and read-backs.

    A node whose streams close a cycle stays where it is, and so does one that its twin does not accept, or
    that measures what is in memory.

    Args:
        config: changed in place.
        origins: where each node was written.
        renderer: the twins.

    Returns:
        Where each node of the changed graph was written: an added one, where the twin was that it serves.
    """
    twins = [_twin(node, renderer) for node in config.node]
    made = {name for twin in twins if twin for name in twin.outputs.values()}
    twins = [twin if twin and (twin.outputs or made & {*twin.inputs.values()}) else None for twin in twins]
    read = {_name(text) for text in config.output_stream}
    for node, twin in zip(config.node, twins, strict=True):
        on_gpu = twin.inputs if twin else {}
        read |= {_name(text) for index, text in enumerate(node.input_stream) if index not in on_gpu}
    placed: list[tuple[Node, Origin]] = []
    uploaded: set[str] = set()
    for node, twin, origin in zip(config.node, twins, origins, strict=True):
        if twin is None:
            placed.append((node, origin))
            continue
        for name in sorted({*twin.inputs.values()} - made - uploaded):
            uploaded.add(name)
            placed.append((_carrier(f"{name}__upload", renderer.upload, name, name + SUFFIX), origin))
        for entries, names in (
            (twin.node.input_stream, twin.inputs),
            (twin.node.output_stream, twin.outputs),
        ):
            for index in names:
                entries[index] += SUFFIX
        placed.append((twin.node, origin))
        for name in twin.outputs.values():
            if name in read:
                carrier = _carrier(f"{name}__read_back", renderer.read_back, name + SUFFIX, name)
                placed.append((carrier, origin))
    changed = [node for node, _ in placed]
    del config.node[:]
    config.node.extend(changed)
    return [origin for _, origin in placed]


def _twin(node: Node, renderer: Renderer) -> _Twin | None:
    """The twin of a node, its streams still under their own names; None where it has none."""
    calculator = find_calculator(renderer.twins.get(node.calculator.removeprefix("."), ""))
    if calculator is None or any(info.back_edge for info in node.input_stream_info):
        return None
    changed = Node()
    changed.CopyFrom(node)
    changed.calculator = calculator.__name__
    try:
        contract = CalculatorContract(changed)
        calculator.get_contract(contract)
    except GraphError:
        return None
    return _Twin(changed, _pictures(contract.inputs, renderer), _pictures(contract.outputs, renderer))


def _pictures(types: PacketTypeSet, renderer: Renderer) -> dict[int, str]:
    return {
        index: entry.name
        for index, (entry, kind) in enumerate(zip(types.tags, types, strict=True))
        if kind.types == (renderer.image,)
    }


def _carrier(name: str, calculator: str, source: str, target: str) -> Node:
    return Node(name=name, calculator=calculator, input_stream=[source], output_stream=[target])


def _name(text: str) -> str:
    return text.rpartition(":")[2]
