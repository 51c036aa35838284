"""How bright the hair in a picture is."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

# The share of the picture that must be hair for its brightness to be worth measuring.
LEAST_HAIR: Final = 0.001
# Of the light of a scene one pixel of so many tells enough; so many percent of them are no brighter.
STEP: Final = 8
BRIGHT: Final = 97


def hair_intensity(image: npt.NDArray[np.uint8], mask: npt.NDArray[np.float32]) -> float | None:
    """The mean luma (Rec. 601) of the hair, in [0, 1]; None where there is next to no hair.

    Only pixels that are rather hair than not count, the surer the more, so that the soft outline,
    which shows skin and background, has no part in it.

    Args:
        image: RGB uint8 [height, width, 3].
        mask: [0, 1], any size.
    """
    height, width = mask.shape
    sample = cv2.resize(image, (width, height), interpolation=cv2.INTER_NEAREST)
    luma = cv2.cvtColor(sample, cv2.COLOR_RGB2GRAY)
    return mean_level(luma.astype(np.float32), np.maximum(mask - 0.5, 0), mask.size)


def scene_light(image: npt.NDArray[np.uint8], mask: npt.NDArray[np.float32]) -> float | None:
    """The luma of what is bright in the picture besides the hair, in [0, 1]; None where all of it is hair.

    That is skin in the light, clothes, a wall: near 1 in a well exposed picture, less in a dim room.

    Args:
        image: RGB uint8 [height, width, 3].
        mask: [0, 1], any size.
    """
    sample = cv2.resize(image, sample_size(mask), interpolation=cv2.INTER_NEAREST)
    return bright_level(np.asarray(cv2.cvtColor(sample, cv2.COLOR_RGB2GRAY), np.uint8), mask)


def sample_size(mask: npt.NDArray[np.float32]) -> tuple[int, int]:
    """Width and height of the sample in which the light of a scene is looked for."""
    height, width = mask.shape
    return max(1, width // STEP), max(1, height // STEP)


def mean_level(luma: npt.NDArray[np.float32], weights: npt.NDArray[np.float32], area: int) -> float | None:
    """The mean luma in [0, 1]; None where the weights are next to nothing.

    Args:
        luma: [height, width], 0 to 255.
        weights: [height, width]; of a pixel that is hair for certain, 0.5.
        area: how many pixels the picture has.
    """
    total = float(weights.sum())
    if total < 0.5 * LEAST_HAIR * area:
        return None
    return float(np.vdot(luma, weights)) / total / 255


def bright_level(luma: npt.NDArray[np.uint8], mask: npt.NDArray[np.float32]) -> float | None:
    """What is bright besides the hair, in [0, 1]; None where all is hair.

    Args:
        luma: of a sample of the picture, uint8 [height, width].
        mask: [0, 1], any size.
    """
    height, width = luma.shape
    others = luma[cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST) < 0.1]
    if others.size < LEAST_HAIR * luma.size:
        return None
    return float(np.percentile(others, BRIGHT)) / 255
