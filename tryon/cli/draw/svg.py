"""SVG, written by hand: no drawing program is needed to look at a graph."""

from collections import defaultdict
from html import escape

from tryon.cli.draw.drawing import Drawing, Kind
from tryon.cli.draw.layout import SMALL_WIDTH, Box, Layout, lay_out

FILLS = {
    Kind.NODE: "#e8f0fe",
    Kind.SUBGRAPH: "#efe6fb",
    Kind.INPUT: "#e3f4e6",
    Kind.OUTPUT: "#e3f4e6",
    Kind.SIDE_PACKET: "#fdf3dc",
}
STROKES = {
    Kind.NODE: "#4a6fa5",
    Kind.SUBGRAPH: "#7a55a8",
    Kind.INPUT: "#3f8a4c",
    Kind.OUTPUT: "#3f8a4c",
    Kind.SIDE_PACKET: "#b08a2e",
}
LINES = {
    Kind.STREAM: 'class="stream" stroke="#44546a"',
    Kind.BACK_EDGE: 'class="back" stroke="#c2571a" stroke-dasharray="7 4"',
    Kind.SIDE_PACKET: 'class="side" stroke="#b08a2e" stroke-dasharray="2 3"',
}
ARROWS = {Kind.STREAM: "arrow", Kind.BACK_EDGE: "arrow-back", Kind.SIDE_PACKET: "arrow-side"}
GROUP_MARGIN = 22.0
GROUP_TITLE = 16.0
CORNER = 5.0

HEAD = """<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" \
viewBox="0 0 {width:.0f} {height:.0f}" font-family="Helvetica, Arial, sans-serif">
<title>{title}</title>
<defs>
{markers}
</defs>
<style>
text {{ font-size: 10px; fill: #333 }}
.name {{ font-size: 12.5px; font-weight: bold; text-anchor: middle; fill: #111 }}
.detail {{ text-anchor: middle; fill: #666 }}
.label, .group {{ paint-order: stroke; stroke: #fff; stroke-width: 3px; stroke-linejoin: round }}
.group {{ fill: #7a55a8; font-size: 11px; font-weight: bold }}
path {{ fill: none; stroke-width: 1.3 }}
</style>
<rect width="100%" height="100%" fill="#fff"/>
"""
MARKER = (
    '<marker id="{name}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" '
    'orient="auto"><polygon points="0,0.5 8,4 0,7.5" fill="{color}"/></marker>'
)


def to_svg(drawing: Drawing) -> str:
    """The drawing as SVG: subgraphs boxed, back edges dashed, side packets dotted."""
    layout = lay_out(drawing)
    colors = {"arrow": "#44546a", "arrow-back": "#c2571a", "arrow-side": "#b08a2e"}
    markers = "\n".join(MARKER.format(name=name, color=color) for name, color in colors.items())
    title = escape(drawing.name)
    head = HEAD.format(width=layout.width, height=layout.height, title=title, markers=markers)
    parts = [*_groups(drawing, layout), *_edges(drawing, layout), *_vertices(drawing, layout)]
    return head + "\n".join(parts) + "\n</svg>\n"


def _groups(drawing: Drawing, layout: Layout) -> list[str]:
    """A box around the bands of each subgraph and the names of its streams, the outermost first."""
    stubs = _stubs(drawing)
    groups = {band[:depth] for band in layout.bands for depth in range(1, len(band) + 1)}
    deepest = max(map(len, groups), default=0)
    parts = []
    for group in sorted(groups, key=lambda g: (len(g), g)):
        numbers = [number for number, box in enumerate(layout.boxes) if box.band[: len(group)] == group]
        inside = [layout.boxes[number] for number in numbers]
        reach = [
            max((stub for (n, _), stub in stubs.items() if n == number), default=0.0) for number in numbers
        ]
        rows = [rows for band, rows in layout.bands.items() if band[: len(group)] == group]
        margin = GROUP_MARGIN + 8.0 * (deepest - len(group))
        left = min(box.x for box in inside) - margin
        right = max(box.right + stub for box, stub in zip(inside, reach, strict=True)) + margin
        top = min(row[0] for row in rows) - GROUP_TITLE * (deepest - len(group) + 1)
        height = max(row[1] for row in rows) - top + margin / 2
        parts.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{height:.1f}" '
            'rx="8" fill="#faf7fe" stroke="#7a55a8" stroke-dasharray="4 3"/>'
            f'<text class="group" x="{left + 10:.1f}" y="{top + 14:.1f}">{escape(group[-1])}</text>'
        )
    return parts


def _vertices(drawing: Drawing, layout: Layout) -> list[str]:
    parts = []
    for vertex, box in zip(drawing.vertices, layout.boxes, strict=True):
        round_ = box.height / 2 if vertex.kind in (Kind.INPUT, Kind.OUTPUT) else 5.0
        style = f'fill="{FILLS[vertex.kind]}" stroke="{STROKES[vertex.kind]}"'
        top = box.y - box.height / 2
        parts.append(
            f'<rect x="{box.x:.1f}" y="{top:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" '
            f'rx="{round_:.1f}" {style}/>'
        )
        if vertex.kind is Kind.SUBGRAPH:
            parts.append(
                f'<rect x="{box.x + 3:.1f}" y="{top + 3:.1f}" width="{box.width - 6:.1f}" '
                f'height="{box.height - 6:.1f}" rx="3" {style}/>'
            )
        middle = box.x + box.width / 2
        shift = 1.0 if vertex.detail else -4.5
        parts.append(
            f'<text class="name" x="{middle:.1f}" y="{box.y - shift:.1f}">{escape(vertex.name)}</text>'
        )
        if vertex.detail:
            parts.append(
                f'<text class="detail" x="{middle:.1f}" y="{box.y + 13:.1f}">{escape(vertex.detail)}</text>'
            )
    return parts


def _edges(drawing: Drawing, layout: Layout) -> list[str]:
    """The lines, then each stream's name, once, where it leaves its node."""
    starts, ends = _ports(drawing, layout)
    stubs = _stubs(drawing)
    labels = {
        (index, name): (layout.boxes[index].right + 5, starts[index, name] - 4) for index, name in stubs
    }
    paths: list[str] = []
    texts: list[tuple[tuple[float, float], str]] = []
    drawn: set[str] = set()
    for number, edge in enumerate(drawing.edges):
        source, target = layout.boxes[edge.source], layout.boxes[edge.target]
        stub, start, end = (
            stubs.get((edge.source, edge.name), 0.0),
            starts[edge.source, edge.name],
            ends[number],
        )
        if edge.kind is Kind.BACK_EDGE:
            path, label = _loop(source, start, stub, target, end, layout.lanes[number], len(texts))
            texts.append((label, edge.name))
        else:
            pieces = _curve(source, start, stub, layout.bends[number], target, end)
            path = " ".join(_from_fork(pieces, drawn))
        paths.append(f'<path d="{path}" {LINES[edge.kind]} marker-end="url(#{ARROWS[edge.kind]})"/>')
    texts += [(place, name) for (_, name), place in labels.items()]
    names = [f'<text class="label" x="{x:.1f}" y="{y:.1f}">{escape(name)}</text>' for (x, y), name in texts]
    return paths + names


def _from_fork(pieces: list[str], drawn: set[str]) -> list[str]:
    """The pieces of an edge from where it leaves what its stream's other edges drew already."""
    new = next(place for place, piece in enumerate(pieces) if piece not in drawn)
    drawn.update(pieces[:-1])
    return pieces[new:]


def _stubs(drawing: Drawing) -> dict[tuple[int, str], float]:
    """How far each named stream goes straight on from its node: as far as its name reaches.

    An input or side packet of the graph has its name inside already.
    """
    return {
        (edge.source, edge.name): SMALL_WIDTH * len(edge.name) + 8
        for edge in drawing.edges
        if drawing.vertices[edge.source].name != edge.name
    }


def _ports(drawing: Drawing, layout: Layout) -> tuple[dict[tuple[int, str], float], dict[int, float]]:
    """The heights at which streams leave vertices, and at which edges arrive, sorted so that few cross."""
    leaving: dict[int, dict[str, float]] = defaultdict(dict)
    arriving: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for number, edge in enumerate(drawing.edges):
        if edge.kind is Kind.BACK_EDGE:  # below all others, where it comes from and goes to
            leaving[edge.source].setdefault(edge.name, layout.lanes[number])
            arriving[edge.target].append((layout.lanes[number], number))
            continue
        way = [layout.boxes[edge.source], *layout.bends[number], layout.boxes[edge.target]]
        before = leaving[edge.source].get(edge.name, layout.height)
        leaving[edge.source][edge.name] = min(before, way[1].y)
        arriving[edge.target].append((way[-2].y, number))
    starts = {
        (index, name): y
        for index, streams in leaving.items()
        for name, y in zip(
            sorted(streams, key=streams.__getitem__), _spread(layout.boxes[index], len(streams)), strict=True
        )
    }
    ends = {
        number: y
        for index, edges in arriving.items()
        for (_, number), y in zip(sorted(edges), _spread(layout.boxes[index], len(edges)), strict=True)
    }
    return starts, ends


def _spread(box: Box, count: int) -> list[float]:
    step = box.height / (count + 1)
    return [box.y - box.height / 2 + step * (place + 1) for place in range(count)]


def _curve(source: Box, start: float, stub: float, bends: list[Box], target: Box, end: float) -> list[str]:
    """From the right of a box straight on for the length of its name, then to the left of another one.

    In pieces that each begin with their own place, so that any of them may be the first.
    """
    x, y = source.right, start
    pieces = [f"M{x:.1f},{y:.1f} H{x + stub:.1f}"] if stub else []
    x += stub
    for bend in (*bends, Box(target.layer, target.band, x=target.x, y=end)):
        middle = (x + bend.x) / 2
        curve = f"{middle:.1f},{y:.1f} {middle:.1f},{bend.y:.1f} {bend.x:.1f},{bend.y:.1f}"
        straight = f" H{bend.right:.1f}" if bend.width else ""
        pieces.append(f"M{x:.1f},{y:.1f} C{curve}{straight}")
        x, y = bend.right, bend.y
    return pieces


def _loop(
    source: Box, start: float, stub: float, target: Box, end: float, lane: float, number: int
) -> tuple[str, tuple[float, float]]:
    """Out at the right, down between the columns, back below the band, and up again to the left of a box."""
    right = source.right + stub + 6 + 4 * (number % 4)
    left = target.x - 12 - 4 * (number % 3)
    path = (
        f"M{source.right:.1f},{start:.1f} H{right - CORNER:.1f} "
        f"Q{right:.1f},{start:.1f} {right:.1f},{start + CORNER:.1f} V{lane - CORNER:.1f} "
        f"Q{right:.1f},{lane:.1f} {right - CORNER:.1f},{lane:.1f} H{left + CORNER:.1f} "
        f"Q{left:.1f},{lane:.1f} {left:.1f},{lane - CORNER:.1f} V{end + CORNER:.1f} "
        f"Q{left:.1f},{end:.1f} {left + CORNER:.1f},{end:.1f} H{target.x:.1f}"
    )
    return path, (left + 14, lane - 4)
