"""3D colour tables: .cube files, pairs for light and dark hair, application under a mask.

A table is Pillow's `Color3DLUT`: size x size x size sRGB colours in [0, 1], red running fastest,
which Pillow applies in C with trilinear interpolation and without the interpreter lock. A pair holds
one table made for light hair and one for dark hair and the mean luma ("intensity", [0, 1]) of the
hair each was made for; hair in between takes a mixture of the two.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.ImageFilter import Color3DLUT
from pillow_lut import load_cube_file

from tryon.errors import GraphError

FloatArray = npt.NDArray[np.float32]
ByteArray = npt.NDArray[np.uint8]
Table = npt.NDArray[np.float32] | npt.NDArray[np.float64]


@dataclass(frozen=True)
class LutPair:
    """The tables of one shade for light and for dark hair, and the intensities they were made for."""

    light: Color3DLUT
    dark: Color3DLUT
    light_intensity: float
    dark_intensity: float

    def __post_init__(self) -> None:
        if self.light.size != self.dark.size:
            raise ValueError(
                f"The light LUT has {self.light.size[0]} steps a side and the dark one "
                f"{self.dark.size[0]}; both need the same number."
            )
        if not 0 <= self.dark_intensity < self.light_intensity <= 1:
            raise ValueError(
                f"The intensities of the LUTs are {self.light_intensity:g} (light) and "
                f"{self.dark_intensity:g} (dark); needed is 0 <= dark < light <= 1."
            )


def lut_from_table(table: Table) -> Color3DLUT:
    """A LUT from an array [size, size, size, 3], indexed blue, green, red."""
    size = table.shape[0]
    return Color3DLUT(size, np.ascontiguousarray(table, np.float32).reshape(-1), _copy_table=False)


def read_cube(path: Path) -> tuple[Color3DLUT, float | None]:
    """Reads a .cube file: the table, and the intensity that a line `# intensity 0.6` gives, if any.

    Raises:
        GraphError: the file is missing or is no 3D LUT over [0, 1].
    """
    try:
        lines = path.read_text().splitlines()
        lut = load_cube_file(lines)
    except (OSError, ValueError, IndexError) as error:
        raise GraphError(f'Cannot read the LUT "{path}": {error}.') from error
    header = [line for line in lines if line[:1] in ("#", "D")]
    for line in header:
        if line.startswith("DOMAIN_") and [float(x) for x in line.split()[1:]] != [line[7:10] == "MAX"] * 3:
            raise GraphError(f'The LUT "{path}" has "{line}"; only the domain 0 to 1 is supported.')
    noted = re.search(r"^#\s*intensity\s+([\d.]+)\s*$", "\n".join(header), re.MULTILINE)
    return lut_from_table(lut_table(lut)), float(noted[1]) if noted else None


def write_cube(path: Path, table: Table, title: str, intensity: float) -> None:
    """Writes a table [size, size, size, 3], indexed blue, green, red, as a .cube file."""
    rows = table.reshape(-1, 3)
    text = "\n".join(f"{r:.4f} {g:.4f} {b:.4f}" for r, g, b in rows)
    header = f'TITLE "{title}"\n# intensity {intensity:g}\nLUT_3D_SIZE {table.shape[0]}\n'
    path.write_text(f"{header}{text}\n")


def lut_table(lut: Color3DLUT) -> FloatArray:
    """The table as an array [size, size, size, 3], indexed blue, green, red."""
    red, green, blue = lut.size
    return np.asarray(lut.table, np.float32).reshape(blue, green, red, 3)


def light_share(intensity: float, light_intensity: float, dark_intensity: float) -> float:
    """How much of the light table hair of this intensity takes, in [0, 1]: the rest comes from the dark one.

    Hair beyond a reference takes that reference's table whole: further along the line, highlights that
    one table flattens would turn into their negative.
    """
    share = (intensity - dark_intensity) / (light_intensity - dark_intensity)
    return min(max(share, 0.0), 1.0)


def mix_luts(pair: LutPair, share: float, strength: float) -> Color3DLUT:
    """Mixes the pair's tables: `share` of the light one, the rest of the dark one.

    Args:
        pair: the tables.
        share: from `light_share`.
        strength: 0 leaves colours as they are, 1 is the full effect.
    """
    light, dark = lut_table(pair.light), lut_table(pair.dark)
    mixed = dark + np.float32(share) * (light - dark)
    if strength < 1:
        unchanged = identity_table(len(mixed))
        mixed = unchanged + np.float32(strength) * (mixed - unchanged)
    return lut_from_table(mixed)


def identity_table(size: int) -> FloatArray:
    """The table that leaves colours as they are, [size, size, size, 3]."""
    steps = np.linspace(0, 1, size, dtype=np.float32)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")
    return np.stack((red, green, blue), axis=-1)


def apply_lut(image: ByteArray, lut: Color3DLUT, mask: FloatArray) -> ByteArray:
    """Recolours the pixels under a mask.

    Only pixels whose mask is at least half a grey level (1/510) are looked at; all others come back
    bit for bit. The picture given is not changed; it is the result where the mask is empty.

    Args:
        image: RGB uint8 [height, width, 3].
        lut: the colours.
        mask: [0, 1], any size: scaled to the picture. 0 keeps a pixel, 1 gives it the LUT's colour.
    """
    alpha = cv2.convertScaleAbs(mask, alpha=255)
    height, width = image.shape[:2]
    if alpha.shape != (height, width):
        alpha = cv2.resize(alpha, (width, height), interpolation=cv2.INTER_LINEAR)
    x, y, box_width, box_height = cv2.boundingRect(alpha)
    if not box_width:
        return image
    box = slice(y, y + box_height), slice(x, x + box_width)
    # Four bytes a pixel make a pixel one number, which NumPy gathers and scatters quickly, and
    # Pillow's own layout, which it reads in place.
    padded = cv2.cvtColor(image[box], cv2.COLOR_RGB2RGBA)
    pixels = padded.reshape(-1, 4).view(np.uint32)[:, 0]
    covers = alpha[box].reshape(-1)
    covered = np.flatnonzero(covers != 0)
    line = (len(covered), 1)
    plain = Image.frombuffer("RGBX", line, pixels[covered], "raw", "RGBX", 0, 1)
    cover = Image.frombuffer("L", line, covers[covered], "raw", "L", 0, 1)
    blended = Image.composite(plain.filter(lut), plain, cover)
    pixels[covered] = np.frombuffer(blended.tobytes(), np.uint32)
    result = image.copy()
    cv2.cvtColor(padded, cv2.COLOR_RGBA2RGB, dst=result[box])
    return result
