"""Reads a folder of pictures as the frames of a video, without a graph."""

import glob
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from calculators.video.header import MICROSECOND, Frame, VideoHeader
from tryon import GraphError

SUFFIXES = (".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")


class Pictures:
    """Pictures as an iterable of (timestamp, frame), the first one at 0.

    Args:
        where: a folder, or a pattern such as "shots/*.png". They come in natural order: 9.png before 10.png.
        frame_rate: pictures a second, > 0.

    Attributes:
        header: size and rate of the frames.

    Raises:
        GraphError: there is no picture, or the first one cannot be read; while iterating: one cannot be read
            or has another size.
    """

    def __init__(self, where: str, frame_rate: float) -> None:
        self._paths = find_pictures(where)
        rate = Fraction(frame_rate).limit_denominator(1001)
        height, width = read_picture(self._paths[0]).shape[:2]
        count = len(self._paths)
        self._step = 1 / (rate * MICROSECOND)
        self.header = VideoHeader(
            width=width,
            height=height,
            frame_rate=rate,
            duration_us=round(count * self._step),
            frame_count=count,
        )

    def __iter__(self) -> Iterator[tuple[int, Frame]]:
        size = (self.header.height, self.header.width)
        for index, path in enumerate(self._paths):
            frame = read_picture(path)
            if frame.shape[:2] != size:
                raise GraphError(
                    f'Pictures of a sequence have one size: "{path}" is {frame.shape[1]}x{frame.shape[0]}, '
                    f'"{self._paths[0]}" is {size[1]}x{size[0]}.'
                )
            yield round(index * self._step), frame


def find_pictures(where: str) -> list[Path]:
    """The pictures of a folder or a pattern, in natural order.

    Raises:
        GraphError: there is none.
    """
    if Path(where).is_dir():
        paths = [path for path in Path(where).iterdir() if path.suffix.lower() in SUFFIXES]
    else:
        paths = [Path(path) for path in glob.glob(where)]  # noqa: PTH207 - Path.glob takes no absolute pattern
    if not paths:
        raise GraphError(f'There is no picture ({", ".join(SUFFIXES)}) in "{where}".')
    return sorted(paths, key=_natural)


def read_picture(path: Path) -> Frame:
    """A picture, turned as its EXIF orientation says, without its alpha channel.

    Raises:
        GraphError: it cannot be read.
    """
    try:
        with Image.open(path) as picture:
            if picture.mode[0] in "IF":
                raise GraphError(f'"{path}" has more than 8 bits of grey; save it with 8 bits a channel.')
            return np.asarray(ImageOps.exif_transpose(picture).convert("RGB"))
    except (OSError, SyntaxError, UnidentifiedImageError) as error:
        raise GraphError(f'The picture "{path}" cannot be read: {error}.') from error


def _natural(path: Path) -> list[tuple[int, str]]:
    """Sorts numbers in names by their value: split into (number, text) pairs."""
    return [(int(number or 0), text) for number, text in re.findall(r"(\d*)(\D*)", str(path).lower())]
