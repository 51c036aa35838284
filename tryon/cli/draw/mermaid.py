"""Mermaid text: GitHub and most documentation tools show it as a picture."""

from tryon.cli.draw.drawing import Drawing, Kind, Vertex

SHAPES = {
    Kind.NODE: '["{}"]',
    Kind.SUBGRAPH: '[["{}"]]',
    Kind.INPUT: '(["{}"])',
    Kind.OUTPUT: '(["{}"])',
    Kind.SIDE_PACKET: '[/"{}"/]',
}
INDENT = "    "


def to_mermaid(drawing: Drawing) -> str:
    """The drawing as a Mermaid flow chart: back edges dashed, side packets dotted."""
    lines = ["flowchart LR"]
    open_groups: tuple[str, ...] = ()
    numbered = sorted(enumerate(drawing.vertices), key=lambda item: item[1].group)
    for index, vertex in numbered:
        common = 0
        while open_groups[: common + 1] == vertex.group[: common + 1] and common < len(vertex.group):
            common += 1
        lines += [INDENT * (depth + 1) + "end" for depth in reversed(range(common, len(open_groups)))]
        for depth in range(common, len(vertex.group)):
            identity = "__".join(vertex.group[: depth + 1])
            lines.append(f'{INDENT * (depth + 1)}subgraph {identity}["{vertex.group[depth]}"]')
        open_groups = vertex.group
        lines.append(f"{INDENT * (len(open_groups) + 1)}v{index}{_shape(vertex)}")
    lines += [INDENT * (depth + 1) + "end" for depth in reversed(range(len(open_groups)))]
    for edge in drawing.edges:
        arrow = f'-. "{edge.name}" .->' if edge.kind is Kind.SIDE_PACKET else f'-- "{edge.name}" -->'
        lines.append(f"{INDENT}v{edge.source} {arrow} v{edge.target}")
    back = [str(number) for number, edge in enumerate(drawing.edges) if edge.kind is Kind.BACK_EDGE]
    if back:
        lines.append(f"{INDENT}linkStyle {','.join(back)} stroke-dasharray: 8 5")
    return "\n".join(lines) + "\n"


def to_markdown(drawing: Drawing) -> str:
    """The Mermaid text as a page."""
    return f"# {drawing.name}\n\n```mermaid\n{to_mermaid(drawing)}```\n"


def _shape(vertex: Vertex) -> str:
    text = f"<b>{vertex.name}</b><br/>{vertex.detail}" if vertex.detail else vertex.name
    return SHAPES[vertex.kind].format(text)
