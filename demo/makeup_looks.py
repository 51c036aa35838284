"""All looks for faces on a photograph and on drawn faces of light, middle and dark skin, two sheets.

Where the landmarks are is known exactly: what is seen is the make-up alone, whatever a network finds. Writes
makeup_looks.png (complete looks) and lipsticks.png into the output folder.

Examples:
    python -m demo.makeup_looks
    python -m demo.makeup_looks --output folder
"""

import argparse
import importlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from calculators.color.look import load_look
from calculators.color.look_makeup import PRODUCTS
from calculators.color.look_pb2 import Look
from calculators.color.look_sheet import contact_sheet, save_sheet
from calculators.face.lit_face import lit_faces
from calculators.face.makeup import Paint, make_up
from calculators.face.types import Face
from demo.portrait import Portrait, drawn, photograph

LOOKS = Path(__file__).resolve().parents[1] / "graphs" / "looks" / "makeup"
LIPSTICK = "lipstick_"


def made_up(image: np.ndarray, faces: Sequence[Face], look: Look) -> np.ndarray:
    """A picture with all products of a look, in the order in which the graph `makeup` applies them."""
    lit = lit_faces(image, faces)
    for category in PRODUCTS:
        effects = [effect for effect in look.effects if effect.category == category]
        image = make_up(image, lit, effects, paint_of(category))
    return image


def paint_of(category: str) -> Paint:
    """The function that paints a product."""
    paint: Paint = getattr(importlib.import_module(f"calculators.face.{category}_paint"), f"paint_{category}")
    return paint


def portraits() -> list[Portrait]:
    """A smile with teeth, light skin, middle skin with an open mouth, dark skin with closed eyes."""
    return [photograph(), drawn(0.0), drawn(0.5, open_mouth=0.8), drawn(1.0, open_eyes=0.0)]


def columns(looks: Sequence[Path]) -> dict[str, list[np.ndarray]]:
    """The faces as they are ("before") and in each look, by its name."""
    faces = portraits()
    shown = {"before": [portrait.rgb for portrait in faces]}
    for path in looks:
        look = load_look(path)
        shown[path.stem.removeprefix(LIPSTICK)] = [
            made_up(portrait.rgb, [portrait.face], look) for portrait in faces
        ]
    return shown


def main() -> None:
    """The command line of the demo."""
    parser = argparse.ArgumentParser(
        prog="python -m demo.makeup_looks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--output", type=Path, default=Path("out"), help="folder (default %(default)s)")
    folder: Path = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    looks = sorted(LOOKS.glob("*.json"))
    complete = [path for path in looks if not path.stem.startswith(LIPSTICK)]
    lipsticks = [path for path in looks if path.stem.startswith(LIPSTICK)]
    for name, chosen in (("makeup_looks.png", complete), ("lipsticks.png", lipsticks)):
        save_sheet(contact_sheet(columns(chosen)), folder / name)
        print(f"wrote {folder / name}")


if __name__ == "__main__":
    main()
