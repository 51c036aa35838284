"""All looks for nails on drawn hands of light, middle and dark skin, one sheet.

The hands are those of `demo.hands`, which knows where their nails are: what is seen is the polish alone,
whatever a network finds. Writes nail_looks.png into the output folder.

Examples:
    python -m demo.nail_looks
    python -m demo.nail_looks --output folder
"""

import argparse
from pathlib import Path

import cv2
import numpy as np

from calculators.color.look import load_look
from calculators.color.look_nails import nail_effects
from calculators.color.look_sheet import contact_sheet, save_sheet
from calculators.nails.nail import Nail
from calculators.nails.polish import paint_nails
from calculators.nails.polish_coat import finger_coats
from demo.hands import Hand, NailStyle, Picture, render
from demo.hands_background import background

LOOKS = Path(__file__).resolve().parents[1] / "graphs" / "looks" / "nails"
WIDTH, HEIGHT = 330, 260
TONES = (0.1, 0.5, 0.9)  # of the skin, light to dark
SOFT = 0.7  # pixels by which the drawing's masks are softened, as those of a network are


def hand(tone: float) -> Picture:
    """A right hand from above, its fingers in view."""
    nails = NailStyle(shape="almond", length=0.3, gloss=0.4)
    drawn = Hand(left=False, x=165, y=285, size=210, spread=0.25, thumb=0.2, tone=tone, nails=nails, seed=2)
    return render([drawn], background("cloth", WIDTH, HEIGHT, seed=5, color="#B9B2A6"))


def true_nails(picture: Picture) -> list[Nail]:
    """The nails of a drawn picture, exactly."""
    nails = []
    for i, (finger, direction) in enumerate(zip(picture.fingers, picture.directions, strict=True)):
        inside = picture.instances == i + 1
        rows, columns = np.nonzero(inside)
        center = np.array([columns.mean(), rows.mean()])
        away = np.stack((columns, rows), axis=-1) - center
        mask = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), SOFT)
        top, left = max(rows.min() - 2, 0), max(columns.min() - 2, 0)
        nails.append(
            Nail(
                mask=np.ascontiguousarray(mask[top : rows.max() + 3, left : columns.max() + 3]),
                left=int(left),
                top=int(top),
                center=(float(center[0]), float(center[1])),
                angle=float(np.arctan2(direction[1], direction[0])),
                length=float(np.ptp(away @ direction)) + 1,
                width=float(np.ptp(away @ (-direction[1], direction[0]))) + 1,
                finger=finger,
                score=1.0,
                id=picture.ids[i],
            )
        )
    return nails


def painted() -> dict[str, list[np.ndarray]]:
    """The hands of all tones as they are ("before") and in every look, by its name."""
    pictures = [hand(tone) for tone in TONES]
    columns = {"before": [picture.rgb for picture in pictures]}
    for path in sorted(LOOKS.glob("*.json")):
        coats = finger_coats(nail_effects(load_look(path)))
        columns[path.stem] = [paint_nails(picture.rgb, true_nails(picture), coats) for picture in pictures]
    return columns


def main() -> None:
    """The command line of the demo."""
    parser = argparse.ArgumentParser(
        prog="python -m demo.nail_looks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--output", type=Path, default=Path("out"), help="folder (default %(default)s)")
    folder: Path = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    save_sheet(contact_sheet(painted()), folder / "nail_looks.png")
    print(f"wrote {folder / 'nail_looks.png'}")


if __name__ == "__main__":
    main()
