import itertools

import cv2
import numpy as np
import pytest

from calculators.hair.strands import (
    LONGEST,
    MOST,
    bright_strands,
    light_levels,
    settled_light,
    strand_light,
)


def strands(angle: float, level: int = 90, contrast: int = 30, noise: float = 0, seed: int = 0) -> np.ndarray:
    """Strands 12 pixels apart that run at an angle from the x axis."""
    rows, columns = np.mgrid[:160, :160]
    wave = np.cos(2 * np.pi / 12 * (rows * np.cos(angle) - columns * np.sin(angle)))
    grey = level + contrast * wave + np.random.default_rng(seed).normal(0, 1, (160, 160)) * noise
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=-1)


HAIR = np.zeros((160, 160), np.float32)
HAIR[20:140, 20:140] = 1
INSIDE = slice(40, 120), slice(40, 120)


def share(image: np.ndarray, amount: float = 0.4) -> np.ndarray:
    light, hair = strand_light(image, HAIR)
    levels = light_levels(light, hair, amount)
    assert levels is not None
    return bright_strands(light, *levels)


@pytest.mark.parametrize("angle", [0, 0.6, np.pi / 2, 2.5])
def test_bright_strands_are_found(angle):
    image = strands(angle)
    found, grey = share(image)[INSIDE], image[..., 0][INSIDE].astype(float)
    assert found[grey > 110].mean() > found[grey < 80].mean() + 0.3
    assert found[grey < 80].max() < 0.05
    assert 0 <= found.min() <= found.max() <= MOST


@pytest.mark.parametrize("angle", [0, 0.6, np.pi / 2])
def test_noise_does_not_show(angle):
    """Two frames of the same hair with other noise: the strands stay where they are, and whole."""
    clean, first, second = (
        share(strands(angle, noise=noise, seed=seed))[INSIDE] for noise, seed in ((0, 0), (8, 1), (8, 2))
    )
    assert np.abs(first - second).mean() < 0.2 * clean.mean()
    assert np.corrcoef(first.ravel(), clean.ravel())[0, 1] > 0.9


def test_noise_settles_and_motion_holds_at_once():
    frames = [strands(0.4, noise=8, seed=seed) for seed in range(8)]
    light, hair = strand_light(frames[0], HAIR)
    deviation = light_levels(light, hair, 0.4)[1]
    settled, steps, plain = light, [], []
    for before, frame in itertools.pairwise(frames):
        new = strand_light(frame, HAIR)[0]
        plain.append(np.abs(new - strand_light(before, HAIR)[0])[INSIDE].mean())
        last, settled = settled, settled_light(new, settled, deviation)
        steps.append(np.abs(settled - last)[INSIDE].mean())
    assert np.mean(steps) < 0.5 * np.mean(plain)
    moved = strand_light(np.roll(frames[0], 6, axis=0), HAIR)[0]
    followed = settled_light(moved, light, deviation)
    assert np.abs(followed - moved)[INSIDE].mean() < 0.15 * np.abs(light - moved)[INSIDE].mean()


def test_strands_move_with_the_hair():
    image = strands(0.4)
    moved = np.roll(image, (3, 5), axis=(0, 1))
    before, after = share(image), share(moved)
    assert np.abs(np.roll(before, (3, 5), axis=(0, 1)) - after)[INSIDE].mean() < 0.02


def test_dark_hair_has_strands_as_light_hair_has():
    dark, light = (share(strands(0.4, level, contrast))[INSIDE] for level, contrast in ((24, 9), (150, 40)))
    assert np.corrcoef(dark.ravel(), light.ravel())[0, 1] > 0.9


def test_amount():
    parts = [(share(strands(0.4), amount)[INSIDE] > 0.05).mean() for amount in (0.1, 0.3, 0.6)]
    assert parts == sorted(parts)
    assert parts[0] < 0.15
    assert parts[2] > 0.4


def test_the_rim_is_no_strand():
    """Bright skin beside dark hair."""
    image = strands(0.4, 30, 8)
    image[HAIR == 0] = 220
    soft = cv2.GaussianBlur(HAIR, (0, 0), 3)
    light, hair = strand_light(image, soft)
    levels = light_levels(light, hair, 0.3)
    found = bright_strands(light, *levels)
    assert found[:18].max() == 0
    assert found[20:26, 60:100].mean() < 2 * found[INSIDE].mean()


def test_no_hair():
    light, hair = strand_light(strands(0), np.zeros((16, 16), np.float32))
    assert light_levels(light, hair, 0.3) is None
    assert not light.any()


def test_large_pictures_are_made_smaller():
    light, hair = strand_light(np.zeros((400, 800, 3), np.uint8), np.ones((9, 9), np.float32))
    assert light.shape == hair.shape == (LONGEST // 2, LONGEST)
