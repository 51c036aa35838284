"""Nails: their outline on the fingertip, and what they look like under a light."""

from math import cos, sin
from typing import NamedTuple

import cv2
import numpy as np

from demo.hands_model import ANATOMY, Chain, Hand, Light, NailStyle
from demo.hands_skin import linear, skin_color

HALF = 0.78  # angle from the middle of a nail to its side
EDGE = 1.42  # angle where a nail on a finger's side is out of sight
ARCH = 0.55  # a nail's curvature along it, radians a nail's length
FLAT = 0.3
FREE_EDGE = linear("#EFE4D2")
Normal = tuple[np.ndarray, np.ndarray, np.ndarray]  # x, y and z of vectors


class NailPatch(NamedTuple):
    """A nail in the picture."""

    left: int
    top: int
    cover: np.ndarray  # float32 [height, width] in [0, 1]
    color: np.ndarray  # light, float32 [height, width, 3]
    direction: np.ndarray  # [2], unit vector from base to tip
    height: float  # of its middle to the viewer, in hand widths


class _Place(NamedTuple):
    """A nail's measures in hand widths, in the frame of the last bone: x along it."""

    base: float  # where it begins, along the bone from the axis' end
    length: float  # of the bed
    total: float  # of the nail
    curve: float  # radius of the nail's arch across
    shift: float  # of that arch's middle from the bone
    flexion: float
    roll: float


def nail_patch(hand: Hand, finger: int, axis: Chain, light: Light) -> NailPatch | None:
    """The nail of finger 0 (thumb) to 4; None where it has no area."""
    place = _place(hand, finger, axis)
    end, lateral = np.array([axis.x[-1], axis.y[-1]]), axis.lateral[-1]
    turn = np.array([[cos(lateral), -sin(lateral), end[0]], [sin(lateral), cos(lateral), end[1]], [0, 0, 1]])
    frame = axis.frame(hand) @ turn
    polygon = _outline(hand.nails, place) @ frame[:, :2].T + frame[:, 2]
    left, top = 2 * np.floor(polygon.min(0) / 2).astype(int) - 2  # even: whole pixels of the picture
    right, bottom = 2 * np.ceil(polygon.max(0) / 2).astype(int) + 4
    if right - left < 6 or bottom - top < 6:
        return None
    drawn = np.zeros((bottom - top, right - left), np.uint8)
    cv2.fillPoly(drawn, [np.rint((polygon - (left, top)) * 16).astype(np.int32)], (255.0,), cv2.LINE_AA, 4)

    inverse = cv2.invertAffineTransform(frame)
    columns, rows = np.meshgrid(np.arange(left, right) - frame[0, 2], np.arange(top, bottom) - frame[1, 2])
    x = (inverse[0, 0] * columns + inverse[0, 1] * rows).astype(np.float32)
    y = (inverse[1, 0] * columns + inverse[1, 1] * rows).astype(np.float32)
    turned = np.arcsin(np.clip((y - place.shift * sin(place.roll)) / place.curve, -1, 1))
    v = (turned - place.roll) / HALF
    high = _high(place, turned)
    u = ((x - high * sin(place.flexion)) / cos(place.flexion) - place.base) / place.length

    units = frame[:, :2] / hand.size
    towards = np.array([*(units.T @ light.vector()[:2]), light.vector()[2]])
    tilt = place.flexion + ARCH * (u - 0.35)
    flat = np.cos(turned)
    normal = np.sin(tilt) * flat, np.sin(turned), np.cos(tilt) * flat
    color = _shaded(
        _albedo(hand, finger, u, v, place.total / place.length), normal, towards, hand.nails, light
    )
    side, root = np.maximum(1.02 - np.abs(v), 0), np.maximum(u, 0)
    color *= (1 - 0.35 * np.exp(-side / 0.10) - 0.25 * np.exp(-root / 0.05))[..., None]
    direction = units[:, 0]
    return NailPatch(
        int(left),
        int(top),
        drawn.astype(np.float32) / 255,
        np.maximum(color, 0).astype(np.float32),
        direction / np.linalg.norm(direction),
        float(axis.z[-1] + axis.radius[-1] * cos(place.flexion)),
    )


def _place(hand: Hand, finger: int, axis: Chain) -> _Place:
    length, width = ANATOMY[finger].nail
    length *= hand.nails.bed
    radius = hand.slim * ANATOMY[finger].radii[-1]
    curve = hand.nails.width * width * (0.5 + 0.5 * hand.slim) / (2 * HALF)
    total = length * (1 + hand.nails.length)
    return _Place(
        base=0.75 * radius - length,
        length=length,
        total=total,
        curve=curve,
        shift=1.06 * radius - curve,
        flexion=float(np.clip(axis.flexion[-1], -0.3, 1.3)),
        roll=_roll(hand, finger),
    )


def _roll(hand: Hand, finger: int) -> float:
    if hand.view == "back":
        return ANATOMY[finger].roll + hand.roll
    return hand.roll if finger == 0 else hand.roll - ANATOMY[finger].roll  # folded fingers point backwards


def _outline(style: NailStyle, place: _Place) -> np.ndarray:
    """A closed polygon [n, 2] in the last bone's frame."""
    total = place.total / place.length
    free = max(0.0, total - 1)
    root, power = 0.34, 2.3
    cap, tip_power, narrow = {
        "round": (0.28 + 0.2 * free, 2.2, 0.96),
        "square": (0.14, 4.5, 0.97),
        "almond": (0.45 + 0.75 * free, 1.75, 0.95),
        "coffin": (0.12, 4.0, 1 - 0.45 * min(free, 1)),
    }[style.shape]
    part = 1 - np.cos(np.linspace(0, np.pi / 2, 12))
    begin = root * part
    close = total - cap + cap * np.sin(np.linspace(0, np.pi / 2, 14))
    u = np.concatenate([begin, np.linspace(root, total - cap, 6)[1:-1], close])
    taper = 1 - (1 - narrow) * np.clip((u - 0.7) / max(total - 0.7, 0.1), 0, 1)
    at_root = np.maximum(1 - np.clip(1 - u / root, 0, 1) ** power, 0) ** (1 / power)
    at_tip = np.maximum(1 - np.clip((u - total + cap) / cap, 0, 1) ** tip_power, 0) ** (1 / tip_power)
    v = taper * np.minimum(at_root, at_tip)
    return np.concatenate([_projected(place, u, -v), _projected(place, u[::-1], v[::-1])])


def _projected(place: _Place, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    turned = np.clip(v * HALF + place.roll, -EDGE, EDGE)
    high = _high(place, turned)
    x = (place.base + u * place.length) * cos(place.flexion) + high * sin(place.flexion)
    return np.stack([x, place.shift * sin(place.roll) + place.curve * np.sin(turned)], -1)


def _high(place: _Place, turned: np.ndarray) -> np.ndarray:
    """How far a nail is above the bone; its base is flatter than the finger that it lies on."""
    return place.shift * cos(place.roll) + place.curve * (1 - FLAT + FLAT * np.cos(turned))


def _albedo(hand: Hand, finger: int, u: np.ndarray, v: np.ndarray, total: float) -> np.ndarray:
    """The nail's own colour, [height, width, 3]."""
    rng = np.random.default_rng((hand.nails.seed, finger))
    style = hand.nails
    skin = skin_color(hand.tone, hand.warmth)
    bed = (0.80 * skin + 0.20 * linear("#E79C92")) * np.array([1.04, 0.90, 0.92])
    pale = 0.75 * bed + 0.25 * linear("#F4DDD2")
    lunula = rng.uniform(0.1, 0.26) * (1 - 0.9 * np.minimum(v * v, 1))
    moon = rng.uniform(0.2, 1.0) * _step(lunula - u, 0.05) * _step(u - 0.01, 0.03)
    edge = min(0.93, total - rng.uniform(0.04, 0.10)) - 0.13 * np.abs(v) ** 2.5
    free = _step(u - edge, 0.025)
    before = np.exp(-(((u - edge + 0.05) / 0.04) ** 2))
    ridges = 1 + 0.012 * (np.sin(v * rng.uniform(9, 14)) + np.sin(v * rng.uniform(17, 26) + 1))
    white = rng.uniform(0.45, 0.85)
    free_color = white * FREE_EDGE + (1 - white) * pale
    color = bed + moon[..., None] * (pale - bed)
    color = color * (1 - 0.10 * before * (total > 1))[..., None]
    color = (color + free[..., None] * (free_color - color)) * ridges[..., None]
    if style.finish == "natural":
        return color
    polish = linear(style.color)
    if style.finish in ("polish", "glitter"):
        if style.finish == "glitter":
            flakes = rng.standard_normal(u.shape)
            polish = (
                polish * (0.8 + 0.25 * flakes + 2 * (flakes > 2))[..., None]
                + 0.15 * (flakes > 1.6)[..., None]
            )
        bare = rng.uniform(-0.02, 0.05)  # along the cuticle
        return color + _step(u - bare, 0.02)[..., None] * (polish - color)
    smile = max(0.62, total - 0.32 - 0.4 * max(0, total - 1)) - 0.10 + 0.16 * (1 - v * v) - 0.08
    return color + _step(u - smile, 0.02)[..., None] * (polish - color)


def _shaded(
    albedo: np.ndarray, normal: Normal, towards: np.ndarray, style: NailStyle, light: Light
) -> np.ndarray:
    """Lambert, a sharp and a soft highlight, and a little of the surroundings at grazing angles."""
    facing = np.maximum((_dot(normal, towards) + 0.15) / 1.15, 0)
    up = normal[2]
    half = towards + np.array([0, 0, 1])
    shine = np.maximum(_dot(normal, half / np.linalg.norm(half)), 0)
    other = np.array([-0.6 * towards[0], -0.6 * towards[1], 1.2])
    second = np.maximum(_dot(normal, other / np.linalg.norm(other)), 0)
    hard = 1 - light.ambient
    diffuse = light.ambient * (0.45 + 0.55 * up) + hard * facing
    glare = style.gloss * (
        (0.25 + 0.5 * hard) * shine**70
        + 0.16 * shine**14
        + 0.10 * second**40
        + 0.10 * (1 - np.clip(up, 0, 1)) ** 3
    )
    return albedo * diffuse[..., None] + glare[..., None]


def _dot(normal: Normal, towards: np.ndarray) -> np.ndarray:
    return normal[0] * towards[0] + normal[1] * towards[1] + normal[2] * towards[2]


def _step(value: np.ndarray, soft: float) -> np.ndarray:
    """0 below, 1 above 0, within `soft`."""
    part = np.clip(value / soft + 0.5, 0, 1)
    return part * part * (3 - 2 * part)
