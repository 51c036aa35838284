"""Light, camera and compression: the colours of a picture change, its outlines stay where they are."""

from __future__ import annotations

from statistics import NormalDist

import cv2
import numpy as np
from numpy.random import Generator

OFTEN = {
    "light": 0.8,
    "gamma": 0.3,
    "dark": 0.08,
    "colour": 0.3,
    "motion": 0.12,
    "defocus": 0.12,
    "noise": 0.15,
    "jpeg": 0.12,
}
"""How often each change is made."""

PASS = 10
"""Pixels that one pass of motion blur reaches: beyond 11 x 11 OpenCV filters by a slow Fourier transform."""

NORMAL = np.array([NormalDist().inv_cdf((i + 0.5) / 256) for i in range(256)])
"""A standard normal variable's 256 equally likely values."""


def change_light(image: np.ndarray, rng: Generator, blur: float = 1.0) -> np.ndarray:
    """Change uint8 [H, W, 3] in the order in which light, lens, sensor and encoder would.

    Args:
        image: the picture.
        rng: all randomness.
        blur: how strong motion blur and defocus are, in proportion; what is small vanishes in much of it.
    """
    drawn = {name: bool(rng.random() < often) for name, often in OFTEN.items()}
    table = light_table(image.mean() / 255, drawn["light"], drawn["gamma"], drawn["dark"], rng)
    image = cv2.LUT(image, table[None])
    if drawn["colour"]:
        image = change_colour(image, 0.0 if rng.random() < 0.3 else rng.uniform(0.2, 1.5))
    if drawn["motion"]:
        image = blur_motion(image, blur * rng.uniform(3, 12) * image.shape[0] / 128, rng.uniform(0, np.pi))
    elif drawn["defocus"]:
        image = cv2.GaussianBlur(image, (0, 0), blur * rng.uniform(0.4, 1.2) * image.shape[0] / 128)
    if drawn["noise"] or drawn["dark"]:
        image = add_noise(image, rng.uniform(1, 12), rng)
    if drawn["jpeg"]:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 80))]
        image = cv2.imdecode(cv2.imencode(".jpg", image, quality)[1], cv2.IMREAD_COLOR)
    return image


def light_table(middle: float, light: bool, gamma: bool, dark: bool, rng: Generator) -> np.ndarray:
    """Contrast about `middle`, exposure, tint, gamma and dim light as a table, uint8 [256, 3]."""
    levels = np.linspace(0, 1, 256)[:, None]
    if light:
        levels = (levels - middle) * rng.uniform(0.75, 1.3) + middle
        levels = levels * rng.uniform(0.7, 1.35) * rng.normal(1, 0.06, 3)
    if gamma:
        levels = np.clip(levels, 0, 1) ** np.exp(rng.normal(0, 0.3))
    if dark:
        levels = levels * rng.uniform(0.2, 0.6)
    return np.broadcast_to(np.round(np.clip(255 * levels, 0, 255)), (256, 3)).astype(np.uint8)


def change_colour(image: np.ndarray, strength: float) -> np.ndarray:
    """Saturation: 0 makes the picture grey, 1 leaves it."""
    grey = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    return cv2.addWeighted(image, strength, grey, 1 - strength, 0)


def blur_motion(image: np.ndarray, length: float, angle: float) -> np.ndarray:
    """Blur along a line of `length` pixels; the line is centred, so that nothing moves."""
    passes = int(np.ceil(length / PASS))
    length /= passes
    half = int(np.ceil(length / 2))
    end = length / 2 * np.array([np.cos(angle), np.sin(angle)])
    # Coordinates in sixteenths of a pixel: OpenCV draws them exactly.
    start, stop = (tuple(np.round(16 * (half + side * end)).astype(int).tolist()) for side in (-1, 1))
    line = np.zeros((2 * half + 1, 2 * half + 1), np.uint8)
    cv2.line(line, start, stop, 255, 1, cv2.LINE_AA, shift=4)
    kernel = line.astype(np.float32)
    kernel += kernel[::-1, ::-1]
    kernel /= kernel.sum()
    for _ in range(passes):
        image = cv2.filter2D(image, -1, kernel, borderType=cv2.BORDER_REFLECT_101)
    return image


def add_noise(image: np.ndarray, strength: float, rng: Generator) -> np.ndarray:
    """Gaussian noise of that standard deviation in grey levels, of its own in every channel.

    Random bytes through two tables of whole grey levels cost a tenth of normal numbers.
    """
    drawn = np.frombuffer(rng.bytes(image.size), np.uint8).reshape(image.shape)
    levels = np.round(strength * NORMAL)
    brighter, darker = (np.clip(sign * levels, 0, 255).astype(np.uint8) for sign in (1, -1))
    return cv2.subtract(cv2.add(image, cv2.LUT(drawn, brighter)), cv2.LUT(drawn, darker))
