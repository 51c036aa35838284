"""Whether a run draws on the GPU or on the CPU, and why."""

from collections.abc import Sequence

import typer

from tryon.cli.common import RendererChoice
from tryon.config import GraphSource
from tryon.errors import GraphError
from tryon.graph import CalculatorGraph
from tryon.renderer import find_renderer


def make_graph(
    source: GraphSource, settings: Sequence[str], wanted: RendererChoice
) -> tuple[CalculatorGraph, str]:
    """A graph that draws where it is wanted or, else, on the CPU.

    Returns:
        The graph, and what the run's summary says: "gpu (NVIDIA H200): refinement, recolor".

    Raises:
        GraphError: the graph is not valid.
    """
    renderer = find_renderer()
    if wanted is RendererChoice.CPU or renderer is None:
        reason = "as asked" if wanted is RendererChoice.CPU else "no installed package draws on the GPU"
        return CalculatorGraph(source, settings=settings), f"cpu ({reason})"
    graph = CalculatorGraph(source, settings=settings, renderer=renderer)
    nodes = renderer.nodes(graph.validated)
    if not nodes:
        return graph, "cpu (no node of this graph can draw on the GPU)"
    try:
        device = renderer.find_device(wanted is RendererChoice.GPU)
    except GraphError as error:
        if wanted is RendererChoice.GPU:
            typer.secho(f"warning: {error} The CPU draws instead.", fg=typer.colors.YELLOW, err=True)
        reason = "there is no GPU, see above" if wanted is RendererChoice.GPU else str(error)
        return CalculatorGraph(source, settings=settings), f"cpu ({reason})"
    return graph, f"gpu ({device.name}): {', '.join(nodes)}"
