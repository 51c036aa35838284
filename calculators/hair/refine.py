"""Hair masks at the resolution of the picture."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

TINY: Final = 1e-3
SOFTENING: Final = (3, 3)


def refine_mask(
    image: npt.NDArray[np.uint8], mask: FloatArray, radius: int, contrast: float, low: float, high: float
) -> FloatArray:
    """Brings a small mask to the picture's size, its outline along edges and strands of the picture.

    Around the outline, the brightness of the hair nearby and of what is beside it are measured under the
    small mask, and each pixel of the full picture becomes hair in proportion to where its own brightness
    lies between the two: a matte. Where the two do not differ (hair as bright as the skin beside it), and
    away from the outline, the mask stays as it was.

    Args:
        image: RGB uint8 [height, width, 3].
        mask: [0, 1], smaller than the picture.
        radius: half width of the window of "nearby", in mask pixels.
        contrast: difference in brightness, of 1, from which on the picture is trusted more than the mask.
        low: values up to this become 0.
        high: values from this on become 1.

    Returns:
        float32 mask in [0, 1], [height, width].
    """
    window = (2 * radius + 1, 2 * radius + 1)
    brightness = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    guide = cv2.resize(brightness, mask.shape[::-1], interpolation=cv2.INTER_AREA).astype(np.float32) / 255

    def mean(values: FloatArray) -> FloatArray:
        return np.asarray(cv2.blur(values, window, borderType=cv2.BORDER_REFLECT), np.float32)

    # Squared, so that the doubtful pixels in between hardly count on either side.
    hair, beside = mask * mask, (1 - mask) ** 2
    hair_level = mean(guide * hair) / (mean(hair) + TINY)
    beside_level = mean(guide * beside) / (mean(beside) + TINY)
    difference = hair_level - beside_level
    noise = mean((guide - np.where(mask > 0.5, hair_level, beside_level)) ** 2)
    squared = difference * difference
    coverage = mean(mask)
    trust = squared / (squared + 4 * noise + contrast**2) * np.minimum(8 * coverage * (1 - coverage), 1)

    # Hair = slope * brightness + offset. The stretch from [low, high] to [0, 1] is part of both: on the
    # small arrays it costs next to nothing.
    scale = 1 / (high - low)
    slope = trust * difference / (squared + TINY)
    offset = cv2.blur(-slope * beside_level, SOFTENING) + (1 - cv2.blur(trust, SOFTENING)) * mask
    slope = cv2.blur(slope, SOFTENING) * np.float32(scale / 255)
    size = image.shape[1::-1]
    refined = np.asarray(cv2.resize(slope, size), np.float32)
    cv2.multiply(refined, brightness, dst=refined, dtype=cv2.CV_32F)
    cv2.add(refined, cv2.resize((offset - low) * np.float32(scale), size), dst=refined)
    return np.clip(refined, 0, 1, out=refined)
