"""What products of make-up are laid on: a picture in memory, or one on the GPU that changes alike."""

from abc import ABC, abstractmethod
from typing import Final

import cv2
import numpy as np

from calculators.color.light import ByteArray, FloatArray
from calculators.face.parts import Box

# Keeps the change of nearly black pixels within bounds, in sRGB values.
FLOOR: Final = 6.0

# The rows and columns of a part of a picture.
Place = tuple[slice, slice]


class Coat(ABC):
    """What a product makes of the pixels of a part where it is opaque."""

    @abstractmethod
    def lay(self, picture: ByteArray, place: Place, mask: FloatArray) -> None:
        """Lays it on a part of a picture.

        Args:
            picture: RGB uint8 [height, width, 3], changed in place.
            place: the part.
            mask: how opaque the product is in the part, [height, width] in [0, 1].
        """


class Canvas(ABC):
    """A picture that products are laid on, one after the other."""

    @abstractmethod
    def pixels(self, place: Place) -> ByteArray:
        """A part as it is now, RGB uint8 [height, width, 3]; nobody changes it through this array."""

    @abstractmethod
    def lay(self, place: Place, mask: FloatArray, coat: Coat) -> None:
        """Goes over to a coat in a part where a mask, [height, width] in [0, 1], is."""

    @abstractmethod
    def multiply(self, box: Box, gain: FloatArray) -> None:
        """Makes a part lighter and darker: its sRGB values plus FLOOR are multiplied.

        Args:
            box: the part.
            gain: float32 [small height, small width, 3], enlarged to the part; where it is 1 the part stays.
        """

    @abstractmethod
    def add(self, place: Place, grey: ByteArray) -> None:
        """Adds as many sRGB values to a part as an array, uint8 [height, width], has."""


class MemoryCanvas(Canvas):
    """A picture in memory.

    Attributes:
        picture: RGB uint8 [height, width, 3], changed in place.
    """

    def __init__(self, picture: ByteArray) -> None:
        self.picture = picture

    def pixels(self, place: Place) -> ByteArray:
        return self.picture[place]

    def lay(self, place: Place, mask: FloatArray, coat: Coat) -> None:
        coat.lay(self.picture, place, mask)

    def multiply(self, box: Box, gain: FloatArray) -> None:
        left, top, width, height = box
        pixels = self.picture[top : top + height, left : left + width]
        values = pixels.astype(np.float32)
        values += np.float32(FLOOR)
        values *= cv2.resize(gain, (width, height), interpolation=cv2.INTER_LINEAR)
        # What falls below 0, as only nearly black pixels do, comes out as far above it.
        pixels[:] = cv2.convertScaleAbs(values, alpha=1, beta=-FLOOR)

    def add(self, place: Place, grey: ByteArray) -> None:
        pixels = self.picture[place]
        cv2.add(pixels, cv2.merge((grey, grey, grey)), dst=pixels)
