"""Recolours the hair in the embedded clip and shows what came of it.

Writes into the output folder:
- hair_clip.mp4: the clip before;
- hair_demo.mp4: the clip after;
- hair_demo.png: a few frames before, their masks, and after.

Examples:
    python -m demo.hair
    python -m demo.hair --output folder
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from rich.console import Console

from demo.clip import FRAMES, timestamp, write_clip
from tryon.cli.host import host
from tryon.cli.progress import node_table
from tryon.config import read_graph
from tryon.graph import CalculatorGraph
from tryon.packet import Packet

GRAPHS = Path(__file__).resolve().parents[1] / "graphs"
EFFECT = GRAPHS / "hair_recolor.pbtxt"
LOOK = GRAPHS / "looks" / "hair" / "burgundy.json"
COLUMNS = {"input_video": "before", "hair_mask": "hair", "output_video": "after"}
ROWS = 4
CELL = (400, 300)
LINE = 28  # height of a line of text


def recolor(clip: Path, output: Path, count: int) -> tuple[CalculatorGraph, list[list[np.ndarray]]]:
    """Recolours a clip of `count` frames.

    Returns:
        The graph after its run, and the rows of the contact sheet.
    """
    hosted = host(read_graph(EFFECT), str(clip), output, None)
    graph = CalculatorGraph(hosted.source)
    moments = [timestamp(count * row // ROWS) for row in range(ROWS)]
    kept: dict[tuple[str, int], np.ndarray] = {}

    def keep(name: str, packet: Packet) -> None:
        if packet.timestamp in moments:
            kept[name, packet.timestamp] = packet.value

    for stream in COLUMNS:
        graph.observe_output_stream(stream, keep)
    graph.start_run(hosted.side_packets | {"look_path": str(LOOK)})
    graph.wait_until_done()
    return graph, [[kept[stream, moment] for stream in COLUMNS] for moment in moments]


def contact_sheet(rows: Sequence[Sequence[np.ndarray]], titles: Sequence[str]) -> Image.Image:
    """Pictures in rows under the titles of their columns.

    Args:
        rows: RGB uint8 [height, width, 3] or masks, float32 in [0, 1], [height, width].
        titles: one a column.
    """
    width, height = CELL
    sheet = Image.new("RGB", (width * len(titles), LINE + height * len(rows)), "white")
    draw = ImageDraw.Draw(sheet)
    for column, title in enumerate(titles):
        place = (column * width + width // 2, LINE // 2)
        draw.text(place, title, "black", ImageFont.load_default(LINE * 0.7), anchor="mm")
        for row, pictures in enumerate(rows):
            picture = pictures[column]
            if picture.ndim == 2:
                picture = np.rint(255 * picture).astype(np.uint8)
            scaled = Image.fromarray(picture).resize(CELL, Image.Resampling.BOX)
            sheet.paste(scaled, (column * width, LINE + row * height))
    return sheet


def main() -> None:
    """The command line of the demo."""
    parser = argparse.ArgumentParser(
        prog="python -m demo.hair",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--output", type=Path, default=Path("out"), help="folder (default %(default)s)")
    folder: Path = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    clip, video, sheet = (folder / name for name in ("hair_clip.mp4", "hair_demo.mp4", "hair_demo.png"))
    write_clip(clip)
    start = time.perf_counter()
    graph, rows = recolor(clip, video, FRAMES)
    seconds = time.perf_counter() - start
    contact_sheet(rows, list(COLUMNS.values())).save(sheet)
    Console().print(node_table(graph.profile(), seconds))
    print(f"{FRAMES} frames in {seconds:.2f} s, {FRAMES / seconds:.1f} fps, models and files opened included")
    print(f"wrote {clip}, {video} and {sheet}")


if __name__ == "__main__":
    main()
