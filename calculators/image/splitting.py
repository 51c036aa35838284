"""Two pictures in one, side by side, as a pure function."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tryon import GraphError


@dataclass(frozen=True)
class Split:
    """How a picture is parted.

    Attributes:
        position: where, in parts of the width, in [0, 1].
        line_width: of the line between the parts, in pixels, 0 for none.
        line_color: its red, green, blue of 0 to 255.
    """

    position: float = 0.5
    line_width: int = 2
    line_color: tuple[int, int, int] = (255, 255, 255)

    def columns(self, width: int) -> tuple[int, int]:
        """The line's first column, and the first one behind it; where one part has all, there is no line.

        Args:
            width: the picture's, in pixels.
        """
        middle = int(self.position * width + 0.5)
        if middle in (0, width):
            return middle, middle
        first = middle - self.line_width // 2
        return max(first, 0), min(first + self.line_width, width)


def split_view(before: NDArray[Any], after: NDArray[Any], split: Split) -> NDArray[np.uint8]:
    """A picture that is `before` on its left and `after` on its right.

    Args:
        before, after: RGB uint8 [height, width, 3], of one size.

    Returns:
        A new picture.

    Raises:
        GraphError: a picture has another shape or type, or they differ in size.
    """
    for image in (before, after):
        if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
            raise GraphError(f"The picture must be uint8 [h, w, 3], not {image.dtype} {list(image.shape)}.")
    check_same_size(before.shape[1::-1], after.shape[1::-1])
    first, behind = split.columns(after.shape[1])
    view = after.copy()
    view[:, :first] = before[:, :first]
    view[:, first:behind] = split.line_color
    return view


def check_same_size(before: tuple[int, ...], after: tuple[int, ...]) -> None:
    """Two pictures can be parts of one.

    Args:
        before, after: width, height.

    Raises:
        GraphError: they differ.
    """
    if before != after:
        raise GraphError(
            f"The picture before has {before[0]} x {before[1]} pixels, that after {after[0]} x {after[1]}; "
            "side by side, they must be of one size."
        )
