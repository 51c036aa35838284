"""`tryon draw`: a graph as Mermaid or SVG."""

from collections.abc import Callable

from tryon.cli.draw.drawing import Drawing, make_drawing
from tryon.cli.draw.mermaid import to_markdown, to_mermaid
from tryon.cli.draw.svg import to_svg
from tryon.config import GraphSource
from tryon.errors import GraphError
from tryon.renderer import find_renderer

FORMATS: dict[str, Callable[[Drawing], str]] = {".md": to_markdown, ".mmd": to_mermaid, ".svg": to_svg}


def draw(source: GraphSource, suffix: str, expand: bool, on_gpu: bool = False) -> str:
    """The picture of a graph as the text of a file with this suffix.

    Args:
        source: the graph.
        suffix: of one of FORMATS.
        expand: show subgraphs' insides.
        on_gpu: show, expanded, what runs where the GPU draws.

    Raises:
        GraphError: the graph is not valid, or there is no such format.
    """
    if suffix not in FORMATS:
        raise GraphError(f'No picture can be written as "{suffix}"; the formats are {", ".join(FORMATS)}.')
    return FORMATS[suffix](make_drawing(source, expand, find_renderer() if on_gpu else None))
