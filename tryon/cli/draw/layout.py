"""Where the vertices of a drawing go: layers from left to right, subgraphs in horizontal bands.

After Sugiyama: vertices get layers by their depth, streams that cross layers get a bend in each, the order
within a layer follows the neighbours' (few crossings), and positions are pulled towards the neighbours'.
All edges of one stream share its bends, so that it is one line for as long as it can be.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

from tryon.cli.draw.drawing import Drawing, Edge, Kind

Band: TypeAlias = tuple[str, ...]
Stop: TypeAlias = tuple[int, str, Kind, int, Band]

SWEEPS = 12
NAME_WIDTH = 7.4  # of a letter of a vertex's name
SMALL_WIDTH = 5.7  # of a letter of a stream's name or of a detail
PORT_GAP = 16.0
VERTEX_GAP = 22.0
BEND_HEIGHT = 8.0
BAND_GAP = 34.0
BACK_EDGE_GAP = 16.0
COLUMN_GAP = 46.0
GROUP_GAP = 26.0  # more of it where subgraphs are boxed
MARGIN = 24.0


@dataclass
class Box:
    """A vertex's place, or that of a bend of an edge.

    Attributes:
        layer, band: its column and the subgraph whose row it is in.
        height, width, x, y: in pixels; y is that of the centre.
        before, after: the boxes that edges connect it with.
    """

    layer: int
    band: Band
    height: float = BEND_HEIGHT
    width: float = 0.0
    x: float = 0.0
    y: float = 0.0
    before: list["Box"] = field(default_factory=list)
    after: list["Box"] = field(default_factory=list)

    @property
    def right(self) -> float:
        """The x of its right side."""
        return self.x + self.width


@dataclass
class Layout:
    """Places for everything.

    Attributes:
        boxes: of the vertices, in their order.
        bends: for each edge the boxes it passes on its way; empty for back edges.
        lanes: for each back edge, by its index, the height at which it runs back below its band.
        bands: (top, bottom) of each subgraph's own row.
        width, height: of the picture.
    """

    boxes: list[Box]
    bends: list[list[Box]]
    bands: dict[Band, tuple[float, float]] = field(default_factory=dict)
    lanes: dict[int, float] = field(default_factory=dict)
    width: float = 0.0
    height: float = 0.0


def lay_out(drawing: Drawing) -> Layout:
    """Finds places for a drawing's vertices and the bends of its edges."""
    layers = _layers(drawing)
    outgoing: dict[int, set[str]] = defaultdict(set)
    incoming: dict[int, int] = defaultdict(int)
    for edge in drawing.edges:
        outgoing[edge.source].add(edge.name)
        incoming[edge.target] += 1
    boxes = []
    for index, vertex in enumerate(drawing.vertices):
        ports = max(len(outgoing[index]), incoming[index])
        height = max(40.0 if vertex.detail else 26.0, PORT_GAP * (ports + 0.5))
        width = 20 + max(NAME_WIDTH * len(vertex.name), SMALL_WIDTH * len(vertex.detail))
        boxes.append(Box(layers[index], vertex.group, height, width))
    shared: dict[Stop, Box] = {}
    bends = [
        _bend(edge, boxes[edge.source], boxes[edge.target], shared) if edge.kind is not Kind.BACK_EDGE else []
        for edge in drawing.edges
    ]
    columns: list[list[Box]] = [[] for _ in range(max(layers, default=0) + 1)]
    for box in (*boxes, *shared.values()):
        columns[box.layer].append(box)
    _order(columns)
    layout = Layout(boxes, bends)
    _place_columns(drawing, layout, columns)
    _place_rows(drawing, layout, columns)
    return layout


def _layers(drawing: Drawing) -> list[int]:
    """The longest way to each vertex; what has no way to it stands right before what it feeds."""
    ahead: dict[int, list[int]] = defaultdict(list)
    for edge in drawing.edges:
        if edge.kind is not Kind.BACK_EDGE:
            ahead[edge.source].append(edge.target)
    depths = [0] * len(drawing.vertices)
    for _ in depths:  # as many rounds as the longest way can have steps; more only where there is a cycle
        changed = False
        for source, targets in ahead.items():
            for target in targets:
                if depths[target] <= depths[source] < len(depths):
                    depths[target] = depths[source] + 1
                    changed = True
        if not changed:
            break
    fed = {target for targets in ahead.values() for target in targets}
    for index, targets in ahead.items():
        if index not in fed and drawing.vertices[index].kind is not Kind.INPUT:
            depths[index] = max(0, min(depths[target] for target in targets) - 1)
    last = max(depths, default=0)
    return [last if v.kind is Kind.OUTPUT else d for v, d in zip(drawing.vertices, depths, strict=True)]


def _bend(edge: Edge, source: Box, target: Box, shared: dict[Stop, Box]) -> list[Box]:
    """Connects two boxes through one more in each layer between them, shared by the stream's edges."""
    band = source.band[: _common(source.band, target.band)]
    passed = [
        shared.setdefault((edge.source, edge.name, edge.kind, layer, band), Box(layer, band))
        for layer in range(source.layer + 1, target.layer)
    ]
    for left, right in pairwise([source, *passed, target]):
        if not any(box is right for box in left.after):
            left.after.append(right)
            right.before.append(left)
    return passed


def _order(columns: list[list[Box]]) -> None:
    """Sorts each column by band and by the mean place of the neighbours, to and fro."""
    for column in columns:
        column.sort(key=lambda box: box.band)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        rank = {id(box): place for column in columns for place, box in enumerate(column)}

        def wanted(box: Box, forward: bool = forward, rank: dict[int, int] = rank) -> tuple[Band, float]:
            near = (box.before if forward else box.after) or box.before or box.after
            return box.band, sum(rank[id(b)] for b in near) / len(near) if near else rank[id(box)]

        for column in columns if forward else reversed(columns):
            column.sort(key=wanted)
            rank.update({id(box): place for place, box in enumerate(column)})


def _place_columns(drawing: Drawing, layout: Layout, columns: list[list[Box]]) -> None:
    labels = [0.0] * len(columns)
    for edge in drawing.edges:
        layer = layout.boxes[edge.source].layer
        labels[layer] = max(labels[layer], SMALL_WIDTH * len(edge.name))
    gap = COLUMN_GAP + (GROUP_GAP if any(vertex.group for vertex in drawing.vertices) else 0.0)
    vertices = {id(box) for box in layout.boxes}
    x = MARGIN
    for column, label in zip(columns, labels, strict=True):
        width = max((box.width for box in column), default=0.0)
        for box in column:
            box.x, box.width = x, width
            if id(box) not in vertices:  # what passes turns only where no stream's name can be
                box.width += label
        x += width + gap + label
    layout.width = x - gap - (labels[-1] if labels else 0.0) + MARGIN


def _place_rows(drawing: Drawing, layout: Layout, columns: list[list[Box]]) -> None:
    """Gives each band its height, then pulls the boxes towards their neighbours inside of it."""
    back_edges: dict[Band, list[int]] = defaultdict(list)
    for number, edge in enumerate(drawing.edges):
        if edge.kind is Kind.BACK_EDGE:
            back_edges[layout.boxes[edge.source].band].append(number)
    for band in sorted({box.band for column in columns for box in column}):
        members = [[box for box in column if box.band == band] for column in columns]
        need = max(sum(box.height + VERTEX_GAP for box in column) for column in members)
        top = _occupied(layout, band) + BAND_GAP * len(band)
        bottom = top + need
        for column in members:
            _stack(column, top, bottom)
        for sweep in range(SWEEPS):
            for column in members if sweep % 2 == 0 else members[::-1]:
                _pull(column, top, bottom)
        for number in back_edges[band]:
            bottom += BACK_EDGE_GAP
            layout.lanes[number] = bottom - BACK_EDGE_GAP / 2
        layout.bands[band] = (top, bottom)
    layout.height = max((bottom for _, bottom in layout.bands.values()), default=0.0) + MARGIN


def _occupied(layout: Layout, band: Band) -> float:
    """How far down bands were placed already that the next one has to stand below.

    These are the bands of the subgraphs around it, and of other subgraphs in the same columns.
    """
    deepest = MARGIN
    for other, (_, bottom) in layout.bands.items():
        depth = _common(band, other)
        if depth < len(other):
            first, last = _columns(layout, band[: depth + 1])
            other_first, other_last = _columns(layout, other[: depth + 1])
            if last < other_first or other_last < first:
                continue
        deepest = max(deepest, bottom + BAND_GAP)
    return deepest


def _columns(layout: Layout, group: Band) -> tuple[int, int]:
    layers = [box.layer for box in layout.boxes if box.band[: len(group)] == group]
    return min(layers), max(layers)


def _common(first: Band, second: Band) -> int:
    """How many of the subgraphs around two boxes are the same."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((depth for depth, (one, other) in pairs if one != other), min(len(first), len(second)))


def _stack(column: list[Box], top: float, bottom: float) -> None:
    """Puts a column's boxes below each other, in the middle of the band."""
    y = (top + bottom - sum(box.height + VERTEX_GAP for box in column)) / 2
    for box in column:
        box.y = y + (box.height + VERTEX_GAP) / 2
        y += box.height + VERTEX_GAP


def _pull(column: list[Box], top: float, bottom: float) -> None:
    """Moves boxes towards the mean height of their neighbours in the band, keeping order and distance."""
    for box in column:
        near = [other.y for other in (*box.before, *box.after) if other.band == box.band]
        box.y = sum(near) / len(near) if near else box.y
    limit = top
    for box in column:
        half = (box.height + VERTEX_GAP) / 2
        box.y = max(box.y, limit + half)
        limit = box.y + half
    limit = bottom
    for box in reversed(column):
        half = (box.height + VERTEX_GAP) / 2
        box.y = min(box.y, limit - half)
        limit = box.y - half
