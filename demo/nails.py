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
from pathlib import Path

from rich.progress import track

from demo.effect import GRAPHS, show
from demo.hands_clip import FRAMES, frames, timestamp, write_frames

SHOWN = ("classic_red", "french_manicure", "rose_gold", "midnight_glitter")
LOOKS = {name: (GRAPHS / "nail_polish.pbtxt", GRAPHS / "looks" / "nails" / f"{name}.json") for name in SHOWN}


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
    write_frames(folder / "nails_clip.mp4", track(frames(FRAMES), "drawing the hands", FRAMES))
    show(folder, "nails", LOOKS, FRAMES, timestamp)


if __name__ == "__main__":
    main()
