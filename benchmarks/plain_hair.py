"""Hair recolouring without a graph: the native work of graphs/hair_recolor.pbtxt in a plain loop."""

import math
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from calculators.color.look import hair_luts, hair_palette, load_look
from calculators.color.lut import apply_lut, light_share, mix_luts
from calculators.hair.hair_pb2 import MaskRefinementCalculatorOptions
from calculators.hair.intensity import hair_intensity
from calculators.hair.mask_refinement import with_defaults
from calculators.hair.refine import refine_mask
from calculators.image.tensor import image_mask_tensor
from calculators.image.transform import resize
from calculators.inference.model import Model
from calculators.segmentation.mask import mask_from_tensor, smooth_mask

SIZE = (256, 256)
RATIO = 0.5
TIME_CONSTANT = 0.5
GREY_LEVELS = 255


def recolored(
    video: Iterable[tuple[int, np.ndarray]], model_path: Path, look_path: Path
) -> Iterator[tuple[int, np.ndarray]]:
    """Recolours the hair in a video: the same functions in the same order as the graph calls them.

    Args:
        video: (timestamp in microseconds, RGB uint8 frame).
        model_path: the segmentation model.
        look_path: the look.

    Yields:
        (timestamp, recoloured frame); the colours are the graph's to within a grey level.
    """
    model = Model(model_path)
    pair = hair_luts(hair_palette(load_look(look_path)))
    outline = with_defaults(MaskRefinementCalculatorOptions())
    raw = smooth = lut = intensity = None
    share, seen_at = math.nan, 0
    for timestamp, frame in video:
        tensor = image_mask_tensor(resize(frame, SIZE), raw)
        raw = mask_from_tensor(model([tensor])[0])
        smooth = raw if smooth is None else smooth_mask(raw, smooth, RATIO)
        measured = hair_intensity(frame, smooth)
        if measured is not None:
            follow = 1.0 if intensity is None else -math.expm1((seen_at - timestamp) / 1e6 / TIME_CONSTANT)
            intensity = measured if intensity is None else intensity + follow * (measured - intensity)
            seen_at = timestamp
        mask = refine_mask(frame, smooth, outline.radius, outline.contrast, outline.low, outline.high)
        if intensity is not None:
            wanted = light_share(intensity, pair.light_intensity, pair.dark_intensity)
            rounded = round(GREY_LEVELS * wanted) / GREY_LEVELS
            if lut is None or rounded != share:
                share = rounded
                lut = mix_luts(pair, share, strength=1)
            frame = apply_lut(frame, lut, mask)
        yield timestamp, frame
