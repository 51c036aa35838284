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
    """A graph that draws where it is wanted or, where that cannot be, on the CPU.

    Returns:
        The graph, and what the run's summary says of it, like "gpu (llvmpipe): refinement, recolor"; ""
        where no node can draw on the GPU.

    Raises:
        GraphError: the graph is not valid.
    """
    graph = CalculatorGraph(source, settings=settings)
    renderer = find_renderer()
    if renderer is None or not renderer.can_draw(graph.validated):
        return graph, ""
    reason = "as asked"
    if wanted is not RendererChoice.CPU:
        try:
            device = renderer.find_device(wanted is RendererChoice.GPU)
        except GraphError as error:
            reason = str(error)
        else:
            graph = CalculatorGraph(source, settings=settings, renderer=renderer)
            return graph, f"gpu ({device.name}): {', '.join(renderer.nodes(graph.validated))}"
    if wanted is RendererChoice.GPU:
        warn(f"{reason} The CPU draws instead.")
        reason = "the GPU cannot, see above"
    return graph, f"cpu ({reason})"


def warn(message: str) -> None:
    """Says what does not go as it was asked."""
    typer.secho(f"warning: {message}", fg=typer.colors.YELLOW, err=True)
