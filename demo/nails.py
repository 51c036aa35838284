"""Paints the nails of the hands in the embedded clip and shows what came of it.

Writes into the output folder:
- nails_clip.mp4: the clip before;
- nails_demo.mp4: the clip after;
- nails_demo.png: a few frames before, and after with several looks.

Examples:
    python -m demo.nails
    python -m demo.nails --output folder
"""

import argparse
import time
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track

from calculators.color.look_sheet import contact_sheet, recolored
from demo.hands_clip import FRAMES, frames, timestamp, write_frames
from tryon.cli.host import host
from tryon.cli.progress import node_table
from tryon.config import read_graph
from tryon.graph import CalculatorGraph
from tryon.packet import Packet

GRAPHS = Path(__file__).resolve().parents[1] / "graphs"
EFFECT = GRAPHS / "nail_polish.pbtxt"
LOOKS = GRAPHS / "looks" / "nails"
LOOK = "classic_red"
SHOWN = ("classic_red", "french_manicure", "rose_gold", "midnight_glitter")
MOMENTS = (0.25, 0.55, 0.95)  # of the clip, on the contact sheet


def paint(clip: Path, output: Path, count: int) -> tuple[CalculatorGraph, list[np.ndarray]]:
    """Paints the nails in a clip of `count` frames.

    Returns:
        The graph after its run, and the frames for the contact sheet as they were.
    """
    hosted = host(read_graph(EFFECT), str(clip), output, None)
    graph = CalculatorGraph(hosted.source)
    moments = {timestamp(int(count * moment)) for moment in MOMENTS}
    kept: list[np.ndarray] = []

    def keep(_: str, packet: Packet) -> None:
        if packet.timestamp in moments:
            kept.append(packet.value)

    graph.observe_output_stream("input_video", keep)
    graph.start_run(hosted.side_packets | {"look_path": str(LOOKS / f"{LOOK}.json")})
    graph.wait_until_done()
    return graph, kept


def main() -> None:
    """The command line of the demo."""
    parser = argparse.ArgumentParser(
        prog="python -m demo.nails",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--output", type=Path, default=Path("out"), help="folder (default %(default)s)")
    folder: Path = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    clip, video, sheet = (folder / name for name in ("nails_clip.mp4", "nails_demo.mp4", "nails_demo.png"))
    console = Console()
    write_frames(clip, track(frames(FRAMES), "drawing the hands", FRAMES, console=console))
    start = time.perf_counter()
    graph, kept = paint(clip, video, FRAMES)
    seconds = time.perf_counter() - start
    effect = read_graph(EFFECT)
    columns = {"before": kept} | {look: recolored(effect, LOOKS / f"{look}.json", kept) for look in SHOWN}
    contact_sheet(columns).save(sheet)
    console.print(node_table(graph.profile(), seconds))
    print(f"{FRAMES} frames in {seconds:.2f} s, {FRAMES / seconds:.1f} fps, models and files opened included")
    print(f"wrote {clip}, {video} and {sheet}")


if __name__ == "__main__":
    main()
