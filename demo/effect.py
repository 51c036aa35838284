"""What the demos that paint an embedded clip have in common: the run, and what came of it."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from rich.console import Console

from calculators.color.look_sheet import contact_sheet, recolored
from tryon.cli.host import host
from tryon.cli.progress import node_table
from tryon.config import read_graph
from tryon.graph import CalculatorGraph
from tryon.packet import Packet

GRAPHS = Path(__file__).resolve().parents[1] / "graphs"
MOMENTS = (0.25, 0.55, 0.95)  # of the clip, on the contact sheet

Looks = Mapping[str, tuple[Path, Path]]
"""What a contact sheet shows: the effect's graph and its look, by title."""


def paint(
    effect: Path, look: Path, clip: Path, output: Path, moments: set[int]
) -> tuple[CalculatorGraph, list[np.ndarray]]:
    """Paints a clip.

    Args:
        effect: the graph.
        look: what it paints.
        clip, output: videos.
        moments: timestamps of the frames to keep.

    Returns:
        The graph after its run, and the kept frames as they were.
    """
    hosted = host(read_graph(effect), str(clip), output, None)
    graph = CalculatorGraph(hosted.source)
    kept: list[np.ndarray] = []

    def keep(_: str, packet: Packet) -> None:
        if packet.timestamp in moments:
            kept.append(packet.value)

    graph.observe_output_stream("input_video", keep)
    graph.start_run(hosted.side_packets | {"look_path": str(look)})
    graph.wait_until_done()
    return graph, kept


def show(folder: Path, name: str, looks: Looks, count: int, timestamp: Callable[[int], int]) -> None:
    """Paints the clip NAME_clip.mp4 of a folder with the first look, and draws all on one sheet.

    Writes NAME_demo.mp4 and NAME_demo.png beside the clip, and prints where the time went.

    Args:
        folder: of the clip.
        name: of the demo.
        looks: what to show.
        count: frames of the clip.
        timestamp: of a frame.
    """
    clip, video, sheet = (folder / f"{name}_{end}" for end in ("clip.mp4", "demo.mp4", "demo.png"))
    moments = {timestamp(int(count * moment)) for moment in MOMENTS}
    start = time.perf_counter()
    graph, kept = paint(*next(iter(looks.values())), clip, video, moments)
    seconds = time.perf_counter() - start
    columns = {"before": kept}
    for title, (effect, look) in looks.items():
        columns[title] = recolored(read_graph(effect), look, kept)
    contact_sheet(columns).save(sheet)
    Console().print(node_table(graph.profile(), seconds))
    print(f"{count} frames in {seconds:.2f} s, {count / seconds:.1f} fps, models and files opened included")
    print(f"wrote {clip}, {video} and {sheet}")
