""".cube files: 3D colour tables as grading programs write them, in the table that recolouring uses.

Read are files of any size, with any domain, comments, either kind of line end, with or without a byte order
mark. Written are tables over [0, 1] with a line `# intensity 0.6`: how bright the hair is that the table
was made for.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL.ImageFilter import Color3DLUT
from pillow_lut import load_cube_file

from tryon.errors import GraphError

Table = npt.NDArray[np.float32] | npt.NDArray[np.float64]

# Steps a side of the tables that are written; Pillow applies tables of up to LARGEST.
SIZE: Final = 33
LARGEST: Final = 65
# Rounding and film stocks go a little beyond [0, 1]; from here on a file counts in another unit.
LARGEST_VALUE: Final = 2.0
RANGES: Final = ("DOMAIN_MIN", "DOMAIN_MAX", "LUT_3D_INPUT_RANGE")
INTENSITY: Final = re.compile(r"#\s*intensity\s+([\d.]+)\s*")


@dataclass
class Header:
    """What a .cube file says besides its colours.

    Attributes:
        low, high: the first and the last step of the table stand for these red, green and blue.
        intensity: mean luma of the hair it was made for, if noted.
    """

    low: tuple[float, ...] = (0.0, 0.0, 0.0)
    high: tuple[float, ...] = (1.0, 1.0, 1.0)
    intensity: float | None = None


def read_cube(path: Path) -> tuple[Color3DLUT, float | None]:
    """Reads a .cube file: the table over [0, 1], and the intensity that its comment gives, if any.

    Raises:
        GraphError: the file is missing or is no 3D LUT; the message says what is wrong with it.
    """
    try:
        lines = path.read_bytes().decode("utf-8-sig", errors="replace").splitlines()
        header = _read_header(lines)
        # What is read already becomes comments, so that the numbers of lines stay.
        kept = ["#" if line.startswith(("TITLE", *RANGES)) else line for line in map(str.strip, lines)]
        size, numbers = load_cube_file(kept, cls=_parts)
        table = _checked_table(size, numbers)
    except (OSError, ValueError, IndexError) as error:
        raise GraphError(f'Cannot read the LUT "{path}": {error}.') from error
    if (header.low, header.high) != (Header.low, Header.high):
        table = resample(table, max(SIZE, min(size, LARGEST)), header.low, header.high)
    elif size > LARGEST:
        table = resample(table, LARGEST)
    return lut_from_table(table), header.intensity


def _parts(size: Any, numbers: list[float], **_: object) -> tuple[Any, list[float]]:
    return size, numbers


def _read_header(lines: Sequence[str]) -> Header:
    header = Header()
    names = {line.split()[0] for line in lines if line.strip()}
    if names & {"LUT_1D_SIZE", "LUT_1D_INPUT_RANGE"}:
        what = "a 1D curve before its 3D table" if "LUT_3D_SIZE" in names else "a 1D LUT"
        raise ValueError(f"it is {what}, which cannot be used: export it as a 3D LUT alone (LUT_3D_SIZE)")
    for number, text in enumerate(lines, 1):
        line = text.strip()
        noted = INTENSITY.fullmatch(line)
        if noted:
            header.intensity = float(noted[1])
        if not line.startswith(RANGES):
            continue
        name, *words = line.split()
        try:
            values = tuple(float(word) for word in words)
        except ValueError as error:
            raise ValueError(f"not a number on line {number}") from error
        if len(values) != (2 if name == "LUT_3D_INPUT_RANGE" else 3):
            raise ValueError(f"wrong number of values on line {number}")
        if name == "LUT_3D_INPUT_RANGE":
            header.low, header.high = values[:1] * 3, values[1:] * 3
        elif name == "DOMAIN_MIN":
            header.low = values
        else:
            header.high = values
    if not all(low < high for low, high in zip(header.low, header.high, strict=True)):
        raise ValueError("the smallest value of its domain is not below the largest")
    return header


def _checked_table(size: Any, numbers: Sequence[float]) -> Table:
    if not (isinstance(size, int) and size >= 2):
        raise ValueError("LUT_3D_SIZE is not a number of steps from 2 on")
    if len(numbers) != 3 * size**3:
        raise ValueError(f"it has {len(numbers) // 3} colours; LUT_3D_SIZE {size} asks for {size**3}")
    table = np.asarray(numbers, np.float32)
    if not np.isfinite(table).all():
        raise ValueError("it has values that are no numbers")
    if table.max() > LARGEST_VALUE:
        raise ValueError(f"it has values up to {table.max():g}: export it with values from 0 to 1")
    return np.clip(table, 0, 1).reshape(size, size, size, 3)


def resample(
    table: Table, size: int, low: Sequence[float] = Header.low, high: Sequence[float] = Header.high
) -> npt.NDArray[np.float32]:
    """A table over [0, 1] with `size` steps, interpolated from one over [low, high] (red, green, blue).

    Colours beyond [low, high] are those at its ends.
    """
    steps = len(table)
    colors = np.linspace(0, 1, size)

    def weights(channel: int) -> npt.NDArray[np.float64]:
        place = (colors - low[channel]) / (high[channel] - low[channel]) * (steps - 1)
        distance = np.abs(np.clip(place, 0, steps - 1)[:, None] - np.arange(steps))
        return np.asarray(np.maximum(1 - distance, 0))

    red, green, blue = (weights(channel) for channel in range(3))
    found = np.einsum("bi,gj,rk,ijkc->bgrc", blue, green, red, table, optimize=True)
    return np.asarray(found, np.float32)


def write_cube(path: Path, table: Table, title: str, intensity: float) -> None:
    """Writes a table [size, size, size, 3], indexed blue, green, red, as a .cube file."""
    rows = table.reshape(-1, 3)
    text = "\n".join(f"{r:.4f} {g:.4f} {b:.4f}" for r, g, b in rows)
    header = f'TITLE "{title}"\n# intensity {intensity:g}\nLUT_3D_SIZE {table.shape[0]}\n'
    path.write_text(f"{header}{text}\n", encoding="utf-8")


def lut_from_table(table: Table) -> Color3DLUT:
    """A LUT from an array [size, size, size, 3], indexed blue, green, red."""
    size = table.shape[0]
    return Color3DLUT(size, np.ascontiguousarray(table, np.float32).reshape(-1), _copy_table=False)


def lut_table(lut: Color3DLUT) -> npt.NDArray[np.float32]:
    """The table as an array [size, size, size, 3], indexed blue, green, red."""
    red, green, blue = lut.size
    return np.asarray(lut.table, np.float32).reshape(blue, green, red, 3)


def identity_table(size: int) -> npt.NDArray[np.float32]:
    """The table that leaves colours as they are, [size, size, size, 3]."""
    steps = np.linspace(0, 1, size, dtype=np.float32)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")
    return np.stack((red, green, blue), axis=-1)
