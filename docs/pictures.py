"""Renews the pictures of the documentation: `python -m docs.pictures`.

The photographs show NASA's public-domain portrait of Eileen Collins, from scikit-image's wheel; hands are
drawn (`demo.hands`), and the diagrams are those of `docs.timelines`.
"""

import tempfile
from pathlib import Path

import numpy as np

from calculators.color import look_sheet
from demo.clip import FRAMES, frames, timestamp, write_clip
from demo.hair import COLUMNS, EFFECT, contact_sheet, recolor
from demo.nail_looks import painted
from docs import timelines
from tryon.graph import CalculatorGraph

IMAGES = Path(__file__).resolve().parent / "images"
LOOKS = sorted((EFFECT.parent / "looks" / "hair").glob("*.json"))
STRIP = 4  # shades in a row
NAIL_STRIP = 5  # looks for nails in a row
FRAME = 80  # the frame of the clip that shows the shades
WARM_UP = 10  # frames before it, until masks and brightness are steady
QUALITY = 85


def shade(look: Path) -> np.ndarray:
    """The frame `FRAME` of the clip in a shade."""
    graph = CalculatorGraph(EFFECT)
    poller = graph.add_output_stream_poller("output_video")
    graph.start_run({"look_path": str(look)})
    for index, frame in enumerate(frames(FRAME + 1)):
        if index >= FRAME - WARM_UP:
            graph.add_packet_to_input_stream("input_video", frame, timestamp(index))
    graph.close_all_packet_sources()
    result = [packet.value for packet in poller][-1]
    graph.wait_until_done()
    return result


def main() -> None:
    """Writes all pictures."""
    timelines.main()
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "clip.mp4"
        write_clip(clip)
        _, rows = recolor(clip, Path(folder) / "out.mp4", FRAMES)
    sheet = contact_sheet(rows[:2], list(COLUMNS.values()))
    sheet.save(IMAGES / "hair_demo.jpg", quality=QUALITY)
    pictures = [shade(look) for look in LOOKS]
    names = [look.stem.replace("_", " ") for look in LOOKS]
    for row in range(0, len(LOOKS), STRIP):
        strip = contact_sheet([pictures[row : row + STRIP]], names[row : row + STRIP])
        strip.save(IMAGES / f"shades_{row // STRIP + 1}.jpg", quality=QUALITY)
    columns = painted()
    names = [name for name in columns if name != "before"]
    for row in range(0, len(names), NAIL_STRIP):
        strip = look_sheet.contact_sheet({name: columns[name] for name in names[row : row + NAIL_STRIP]})
        strip.save(IMAGES / f"nail_looks_{row // NAIL_STRIP + 1}.jpg", quality=QUALITY)


if __name__ == "__main__":
    main()
