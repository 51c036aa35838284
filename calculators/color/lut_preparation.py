"""The preparation of a shade: what its two tables are made for, and the files that hold them.

After Tkachenka et al. 2019: an artist makes one table on a picture of light hair and one on a picture of dark
hair; how bright the hair in these two is says later in which proportion other hair takes them.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from calculators.color.cube import SIZE, Table, lut_table, read_cube, resample, write_cube
from calculators.color.look import HAIR
from calculators.color.oklab import parse_color
from calculators.color.shade import Shade, shade_table
from calculators.video.pictures import read_picture
from tryon.errors import GraphError
from tryon.graph import CalculatorGraph

# The nodes of graphs/hair_recolor.pbtxt that measure: the references are measured as the hair will be.
GRAPH: Final = """
input_stream: "picture"
node {
  calculator: "HairSegmentationSubgraph"
  input_stream: "IMAGE:picture"
  output_stream: "MASK:mask"
}
node {
  calculator: "HairIntensityCalculator"
  input_stream: "IMAGE:picture"
  input_stream: "MASK:mask"
  output_stream: "INTENSITY:intensity"
}
"""
# The least part of a reference picture that must be hair, and the least difference between two references:
# from closer ones every other brightness would be a guess.
LEAST_HAIR: Final = 0.01
LEAST_DIFFERENCE: Final = 0.05

Say = Callable[[str], object]


@dataclass(frozen=True)
class ShadeTables:
    """A shade as it is written: [size, size, size, 3] by blue, green, red, for light and for dark hair.

    Attributes:
        color: "#RRGGBB", the swatch.
    """

    light: Table
    dark: Table
    light_intensity: float
    dark_intensity: float
    color: str


def picture_intensity(path: Path) -> tuple[float, float]:
    """The mean luma of the hair in a picture and the part of the picture that is hair, both in [0, 1].

    Raises:
        GraphError: the picture cannot be read or shows no hair.
    """
    graph = CalculatorGraph(GRAPH)
    masks: list[npt.NDArray[np.float32]] = []
    intensities: list[float] = []
    graph.observe_output_stream("mask", lambda _, packet: masks.append(packet.value))
    graph.observe_output_stream("intensity", lambda _, packet: intensities.append(packet.value))
    graph.start_run()
    graph.add_packet_to_input_stream("picture", read_picture(path), 0)
    graph.close_all_packet_sources()
    graph.wait_until_done()
    part = float((masks[0] > 0.5).mean())
    if part < LEAST_HAIR or not intensities:
        raise GraphError(
            f'No hair was found in "{path}" ({part:.1%} of the picture): a reference shows hair, large and '
            "in even light."
        )
    return intensities[0], part


def measure(light: str, dark: str, say: Say) -> tuple[float, float]:
    """The intensities of the light and the dark reference: pictures, or numbers.

    Raises:
        GraphError: one cannot be measured, or they are no light and dark pair.
    """
    light_intensity, dark_intensity = (
        _measured(name, text, say) for name, text in (("light", light), ("dark", dark))
    )
    if light_intensity < dark_intensity:
        raise GraphError(
            f"The hair of the light reference ({light_intensity:.3f}) is darker than that of the dark one "
            f"({dark_intensity:.3f}): exchange --light and --dark."
        )
    if light_intensity - dark_intensity < LEAST_DIFFERENCE:
        raise GraphError(
            f"The references are too much alike ({light_intensity:.3f} and {dark_intensity:.3f}): they must "
            f"differ by {LEAST_DIFFERENCE:g}, by 0.3 or more is good."
        )
    return light_intensity, dark_intensity


def _measured(name: str, text: str, say: Say) -> float:
    try:
        value = float(text)
    except ValueError:
        value, part = picture_intensity(Path(text))
        say(f"{name:5}  intensity {value:.3f}  {text} ({part:.0%} of it hair)")
        return round(value, 4)
    if not 0 <= value <= 1:
        raise GraphError(f"--{name} is {value:g}; a brightness is from 0 (black) to 1 (white).")
    return value


def color_tables(color: str, light_intensity: float, dark_intensity: float) -> ShadeTables:
    """Tables that give hair of these intensities a colour.

    Raises:
        GraphError: the colour is not "#RRGGBB".
    """
    try:
        parse_color(color)
    except ValueError as error:
        raise GraphError(f"--color: {error}") from error
    light, dark = (shade_table(Shade(color), intensity) for intensity in (light_intensity, dark_intensity))
    return ShadeTables(light, dark, light_intensity, dark_intensity, color.upper())


def artist_tables(
    light_cube: Path, dark_cube: Path | None, light: str | None, dark: str | None, say: Say
) -> ShadeTables:
    """An artist's tables at the size and domain that recolouring uses.

    Args:
        light_cube, dark_cube: the files; without the second, the first serves all hair.
        light, dark: pictures or numbers that say what hair they were made for; None for what the files say.
        say: takes a line for each picture that was measured.

    Raises:
        GraphError: a file cannot be read, or the intensities are missing or no light and dark pair.
    """
    light_table, light_note = _artist_table(light_cube)
    dark_table, dark_note = _artist_table(dark_cube) if dark_cube else (light_table, None)
    notes = (("light", light_cube, light_note, light), ("dark", dark_cube or light_cube, dark_note, dark))
    for name, path, note, given in notes:
        if note is None and given is None:
            raise GraphError(
                f'Nothing says how bright the hair is that "{path}" was made for: give --{name} a picture of '
                "it, or its mean luma from 0 to 1."
            )
    light_intensity, dark_intensity = measure(light or f"{light_note}", dark or f"{dark_note}", say)
    color = _swatch(light_table, light_intensity)
    return ShadeTables(light_table, dark_table, light_intensity, dark_intensity, color)


def _artist_table(path: Path) -> tuple[Table, float | None]:
    lut, note = read_cube(path)
    table = lut_table(lut)
    return (table if len(table) == SIZE else resample(table, SIZE)), note


def _swatch(table: Table, intensity: float) -> str:
    """What grey hair of an intensity becomes."""
    greys = np.arange(len(table))
    steps = np.linspace(0, 1, len(table))
    color = [np.interp(intensity, steps, table[greys, greys, greys, channel]) for channel in range(3)]
    return "#" + "".join(f"{round(255 * float(value)):02X}" for value in color)


def refuse_existing(*paths: Path) -> None:
    """Checks that files can be written without taking another's place.

    Raises:
        GraphError: one is there already, or is no name of a file.
    """
    for path in paths:
        if path.exists():
            raise GraphError(f'"{path}" is there already; nothing was written.')


def write_shade(tables: ShadeTables, out: Path, look: Path | None) -> list[Path]:
    """Writes DIR/NAME_light.cube and DIR/NAME_dark.cube, and a look that uses them; folders are made.

    Returns:
        The files.

    Raises:
        GraphError: one of them is there already; nothing was written.
    """
    light, dark = (out.with_name(f"{out.name}_{hair}.cube") for hair in ("light", "dark"))
    files = [light, dark, look] if look else [light, dark]
    refuse_existing(*files)
    for path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
    title = out.name.replace("_", " ").replace('"', "'")
    write_cube(light, tables.light, f"{title}, for light hair", tables.light_intensity)
    write_cube(dark, tables.dark, f"{title}, for dark hair", tables.dark_intensity)
    if look:
        luts = {
            hair: Path(os.path.relpath(path, look.parent)).as_posix()
            for hair, path in (("light", light), ("dark", dark))
        }
        palette = {"color": tables.color, "color_intensity": 100, "texture": "natural", "luts": luts}
        content = {"effects": [{"category": HAIR, "pattern": "full", "palettes": [palette]}]}
        look.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return files
