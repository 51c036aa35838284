"""Hair recolouring without a graph: the native work of graphs/hair_recolor.pbtxt in a plain loop."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from calculators.color.look import hair_luts, load_look
from calculators.color.lut import apply_lut, exposure, light_share, mix_luts
from calculators.hair.hair_pb2 import MaskRefinementCalculatorOptions
from calculators.hair.intensity import hair_intensity, scene_light
from calculators.hair.mask_refinement import checked_options
from calculators.hair.refine import refine_mask
from calculators.hair.steady import Steady
from calculators.image.tensor import image_mask_tensor
from calculators.image.transform import resize
from calculators.inference.model import Model
from calculators.segmentation.mask import mask_from_tensor
from calculators.segmentation.motion import steady_mask, thumbnail
from calculators.segmentation.motion_smoothing import STRENGTH

SIZE = (256, 256)
TIME_CONSTANT = 0.5
GREY_LEVELS = 255
LIGHTS = 128


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
    pair = hair_luts(load_look(look_path).effects[0].palettes[0])
    outline = checked_options(MaskRefinementCalculatorOptions())
    raw = last = lut = place = None
    intensity, light = Steady(TIME_CONSTANT), Steady(TIME_CONSTANT)
    for timestamp, frame in video:
        small = resize(frame, SIZE)
        raw = mask_from_tensor(model([image_mask_tensor(small, raw)])[0])
        now = thumbnail(small)
        smooth = raw if last is None else steady_mask(raw, last[0], now, last[1], STRENGTH)
        last = smooth, now
        measured = (intensity, hair_intensity(frame, smooth)), (light, scene_light(frame, smooth))
        for steady, value in measured:
            if value is not None:
                steady.follow(np.array([value]), timestamp)
        mask = refine_mask(frame, smooth, outline.radius, outline.contrast, outline.low, outline.high)
        if intensity.values is not None:
            share = light_share(float(intensity.values[0]), pair.light_intensity, pair.dark_intensity)
            bright = 1.0 if light.values is None else exposure(float(light.values[0]))
            wanted = round(GREY_LEVELS * share) / GREY_LEVELS, round(LIGHTS * bright) / LIGHTS
            if lut is None or wanted != place:
                place = wanted
                lut = mix_luts(pair, place[0], strength=1, exposure=place[1])
            frame = apply_lut(frame, lut, mask)
        yield timestamp, frame
