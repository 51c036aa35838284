"""Makes up the face in the embedded clip and shows what came of it.

Writes into the output folder:
- makeup_clip.mp4: the clip before;
- makeup_demo.mp4: the clip after;
- makeup_demo.png: a few frames before, and after with several looks; the last colours the hair, too.

Examples:
    python -m demo.makeup
    python -m demo.makeup --output folder
"""

import argparse
from pathlib import Path

from demo.clip import FRAMES, timestamp, write_clip
from demo.effect import GRAPHS, show

SHOWN = ("evening_red", "natural", "peacock")
LOOKS = {name: (GRAPHS / "makeup.pbtxt", GRAPHS / "looks" / "makeup" / f"{name}.json") for name in SHOWN} | {
    "gala": (GRAPHS / "full_look.pbtxt", GRAPHS / "looks" / "full" / "gala.json")
}


def main() -> None:
    """The command line of the demo."""
    parser = argparse.ArgumentParser(
        prog="python -m demo.makeup",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--output", type=Path, default=Path("out"), help="folder (default %(default)s)")
    folder: Path = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    write_clip(folder / "makeup_clip.mp4", FRAMES)
    show(folder, "makeup", LOOKS, FRAMES, timestamp)


if __name__ == "__main__":
    main()
