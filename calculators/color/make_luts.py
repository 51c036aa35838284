"""Makes the LUTs of the hair shades: `python -m calculators.color.make_luts [--shade NAME] [--out DIR]`.

Writes `<shade>_light.cube` and `<shade>_dark.cube` for every shade of the table below.
"""

import argparse
from pathlib import Path
from typing import Final

from calculators.color.cube import write_cube
from calculators.color.shade import DARK_INTENSITY, LIGHT_INTENSITY, Shade, shade_table

FOLDER: Final = Path(__file__).resolve().parents[2] / "graphs" / "luts"

SHADES: Final = {
    "copper": Shade("#B3552B", contrast=1.2, highlight=0.93, hue_shift=0.8),
    "burgundy": Shade("#6A1A2E", contrast=1.2, highlight=0.78, hue_shift=0.3),
    "platinum": Shade("#E2CEB1", contrast=1.5, highlight=1.0, hue_shift=0.2),
    "honey_blond": Shade("#CBA06C", contrast=1.4, highlight=0.98, hue_shift=0.7),
    "chestnut": Shade("#683A26", contrast=1.2, highlight=0.82, hue_shift=0.6),
    "jet_black": Shade("#1B191C", contrast=1.15, highlight=0.78),
    "rose": Shade("#D07A8A", contrast=1.35, highlight=0.97, hue_shift=0.2),
    "ocean_blue": Shade("#2A6896", contrast=1.2, highlight=0.9, hue_shift=-0.6),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m calculators.color.make_luts", description=__doc__)
    parser.add_argument("--shade", choices=SHADES, help="make this one only")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder to write to")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name in [arguments.shade] if arguments.shade else SHADES:
        for hair, intensity in (("light", LIGHT_INTENSITY), ("dark", DARK_INTENSITY)):
            path = arguments.out / f"{name}_{hair}.cube"
            title = f"{name.replace('_', ' ')}, for {hair} hair"
            write_cube(path, shade_table(SHADES[name], intensity), title, intensity)
            print(path)


if __name__ == "__main__":
    main()
