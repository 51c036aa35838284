"""All looks on four subjects, one sheet: light, dark, grey and dyed hair.

The subjects are one public-domain photograph (see demo.clip) whose hair is made light, dark, grey and red
first. Writes shades.jpg into the output folder. `tryon lut sheet` does the same with pictures of your own.

Examples:
    python -m demo.shades
    python -m demo.shades --output folder
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np

from calculators.color.look_sheet import EFFECT, installed_looks, look_sheet, recolored, save_sheet
from demo.clip import frames
from tryon.cli.graphs import load_graph

SUBJECTS = {"light": "#C9A878", "dark": "#221C1A", "grey": "#9C9B98", "dyed": "#A03A52"}
HEAD = slice(40, 400)  # the columns of the frame that show it


def subjects() -> list[np.ndarray]:
    """The pictures, RGB uint8 [480, 360, 3]."""
    photograph = np.ascontiguousarray(next(frames(1))[:, HEAD])
    effect = load_graph(EFFECT)
    found = []
    with tempfile.TemporaryDirectory() as folder:
        look = Path(folder) / "subject.json"
        for color in SUBJECTS.values():
            palettes = [{"color": color}]
            look.write_text(json.dumps({"effects": [{"category": "hair_color", "palettes": palettes}]}))
            found += recolored(effect, look, [photograph])
    return found


def main() -> None:
    """The command line of the demo."""
    parser = argparse.ArgumentParser(
        prog="python -m demo.shades",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--output", type=Path, default=Path("out"), help="folder (default %(default)s)")
    folder: Path = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    save_sheet(look_sheet(subjects(), installed_looks()), folder / "shades.jpg")
    print(f"wrote {folder / 'shades.jpg'}")


if __name__ == "__main__":
    main()
