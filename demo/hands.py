"""Draws hands whose nails are known exactly: the nails' demo clip, and the ground truth of tests.

`render` draws any number of hands (`demo.hands_model.Hand`) over a picture. Fingers and the back of the hand
are height fields with skin on them; they are lit together, so that they shade each other, at twice the
picture's size. What the nails cover comes from the same drawing.
"""

from typing import NamedTuple

import cv2
import numpy as np

from demo.hands_background import background
from demo.hands_layer import DrawnNail, Placed, draw_hand
from demo.hands_model import Hand, Light, NailStyle

__all__ = ["Camera", "Hand", "Light", "NailStyle", "Picture", "render", "still_scene"]

SMALLEST = 8  # nails of fewer pixels are drawn, but are none of the truth


class Camera(NamedTuple):
    """What the camera does: exposure, (red, green, blue) gains, blur in pixels, noise in grey levels."""

    exposure: float = 1.0
    gains: tuple[float, float, float] = (1.0, 1.0, 1.0)
    blur: float = 0.5
    noise: float = 1.5


class Picture(NamedTuple):
    """A drawn picture and the truth about its nails; value i of `instances` is entry i - 1 of the others."""

    rgb: np.ndarray  # uint8 [height, width, 3]
    instances: np.ndarray  # int32 [height, width], 0 is no nail
    fingers: tuple[int, ...]  # indices into `CLASSES`
    directions: np.ndarray  # float32 [n, 2], unit vectors from base to tip, x right, y down
    ids: tuple[int, ...]  # 5 * (place in the list of hands) + finger, the same in every picture


def render(
    hands: list[Hand],
    behind: np.ndarray,
    light: Light | None = None,
    camera: Camera | None = None,
    seed: int = 0,
    fine: int = 2,
) -> Picture:
    """Draws hands, the last one in front.

    Args:
        hands: from back to front.
        behind: RGB uint8 [height, width, 3], what is behind them.
        light: default: from the upper left.
        camera: default: a good one.
        seed: of the camera's noise.
        fine: pixels drawn across one of the picture: 1 is quick, 2 is smooth.
    """
    light, camera = light or Light(), camera or Camera()
    height, width = behind.shape[:2]
    canvas = np.square(behind.astype(np.float32) / 255)
    found: list[tuple[int, int, DrawnNail]] = []  # id, class
    for number, hand in enumerate(hands):
        layer = draw_hand(hand, width, height, light, fine)
        if layer is None:
            continue
        _cast_shadow(canvas, layer.cover, hand.size, light)
        for *_, nail in found:
            nail.cover.values[nail.cover.part(layer.cover)] *= (
                1 - layer.cover.values[layer.cover.part(nail.cover)]
            )
        part = Placed(0, 0, canvas).part(layer.cover)
        canvas[part] = canvas[part] * (1 - layer.cover.values)[..., None] + layer.light.values
        found += [(5 * number + nail.finger, hand.finger_class(nail.finger), nail) for nail in layer.nails]

    instances = np.zeros((height, width), np.int32)
    kept = []
    for key, finger_class, nail in found:
        inside = nail.cover.values > 0.5
        if np.count_nonzero(inside) >= SMALLEST:
            kept.append((key, finger_class, nail.direction))
            instances[Placed(0, 0, instances).part(nail.cover)][inside] = len(kept)
    return Picture(
        rgb=_photographed(canvas, camera, seed),
        instances=instances,
        fingers=tuple(finger_class for _, finger_class, _ in kept),
        directions=np.array([direction for *_, direction in kept], np.float32).reshape(-1, 2),
        ids=tuple(key for key, *_ in kept),
    )


def still_scene(width: int = 320, height: int = 240) -> Picture:
    """A right hand with five natural nails, all in the picture."""
    size = 0.30 * min(width, 1.2 * height)
    hand = Hand(left=False, x=0.48 * width, y=0.66 * height, size=size, spread=0.5, seed=3)
    return render([hand], background("cloth", width, height, seed=1))


def _cast_shadow(canvas: np.ndarray, cover: Placed, size: float, light: Light) -> None:
    """Darkens what is behind a hand, away from the light."""
    height, width = canvas.shape[:2]
    scale = 4
    whole = np.zeros((height, width), np.float32)
    whole[Placed(0, 0, whole).part(cover)] = cover.values
    small = cv2.resize(whole, (width // scale, height // scale), interpolation=cv2.INTER_AREA)
    away = -light.vector()[:2] * light.distance * size / max(0.35, light.vector()[2]) / scale
    moved = cv2.warpAffine(
        small,
        np.array([[1, 0, away[0]], [0, 1, away[1]]]),
        small.shape[::-1],
        borderMode=cv2.BORDER_REPLICATE,
    )
    soft = cv2.GaussianBlur(moved, (0, 0), max(0.6, 0.5 * light.distance * size / scale))
    near = cv2.GaussianBlur(small, (0, 0), max(0.5, 0.05 * size / scale))
    dark = cv2.resize(np.maximum(soft, 0.5 * near), (width, height), interpolation=cv2.INTER_LINEAR)
    canvas *= (1 - light.shadow * dark)[..., None]


def _photographed(canvas: np.ndarray, camera: Camera, seed: int) -> np.ndarray:
    """Light to RGB uint8."""
    gains = np.array(camera.gains, np.float32) * np.float32(camera.exposure)
    picture: np.ndarray = cv2.sqrt(np.maximum(canvas * gains, 0))
    if camera.blur > 0:
        picture = cv2.GaussianBlur(picture, (0, 0), camera.blur)
    picture *= 255
    if camera.noise > 0:
        rng = np.random.default_rng(seed)
        picture += camera.noise * rng.standard_normal(picture.shape, dtype=np.float32)
    return cv2.convertScaleAbs(np.maximum(picture, 0))
