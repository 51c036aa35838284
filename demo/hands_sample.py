"""Random pictures of hands with the truth about their nails, for training."""

from dataclasses import replace
from math import pi

import numpy as np

from demo.hands import Camera, Hand, Light, NailStyle, render
from demo.hands_background import SURFACES, background

SKIN_SHADES = ("#F2C4B3", "#E8A79B", "#D98E86", "#B5656B", "#F6E3DA", "#C7A492")
SKINS = 24  # textures, made once each
BRIGHT = ("#B3122D", "#E01B3C", "#6E0F24", "#F25C8A", "#111114", "#FFFFFF", "#1F3FA8", "#0E8F8A", "#F0B429")


def sample(
    rng: np.random.Generator, size: int = 320
) -> tuple[np.ndarray, np.ndarray, tuple[int, ...], np.ndarray]:
    """A random picture of one or two hands, whole or in part.

    Args:
        rng: chooses everything.
        size: width and height in pixels.

    Returns:
        RGB uint8 [size, size, 3]; instances, int32 [size, size], 0 or 1 to n; the n nails' fingers, indices
        into `calculators.nails.nail.CLASSES`; their unit vectors from base to tip, float32 [n, 2], x right,
        y down.
    """
    width = size * float(np.exp(rng.uniform(np.log(0.13), np.log(1.6))))  # of the back of a hand
    both = width < 0.4 * size and rng.random() < 0.35
    tone, warmth, sleeve = rng.beta(1.1, 1.5), rng.uniform(-1, 1), _sleeve(rng)
    nails, slim = _nails(rng), rng.uniform(0.84, 1.12)
    seed = int(rng.integers(1 << 30))
    skin = int(rng.integers(SKINS))
    left, turn = bool(rng.random() < 0.5), rng.uniform(-pi, pi)
    hands = []
    for number in range(2 if both else 1):
        angle = turn + number * rng.normal(0, 0.7)
        hand = Hand(
            left=left != bool(number),
            x=0,
            y=0,
            size=width * (1 + 0.1 * number * rng.normal()),
            angle=angle,
            spread=rng.uniform(-0.05, 1.0),
            bend=_bend(rng),
            thumb=rng.uniform(0, 1),
            view=rng.choice(["back", "palm", "fist"], p=[0.82, 0.04, 0.14]),
            roll=rng.normal(0, 0.22),
            tone=tone,
            warmth=warmth,
            slim=slim,
            nails=nails,
            sleeve=sleeve,
            seed=skin,
        )
        hands.append(_aimed(rng, hand, size))
    light = Light(
        angle=rng.uniform(-pi, pi),
        height=rng.uniform(0.45, 1.4),
        ambient=rng.uniform(0.25, 0.8),
        shadow=rng.uniform(0.0, 0.75),
        distance=float(np.exp(rng.uniform(np.log(0.03), np.log(0.8)))),
    )
    warm = rng.normal(0, 0.10)
    camera = Camera(
        exposure=float(np.exp(rng.normal(0.12, 0.28))),
        gains=(1 + warm, 1 + rng.normal(0, 0.02), 1 - warm),
        blur=rng.uniform(0.4, 1.2),
        noise=rng.uniform(0, 5),
    )
    behind = background(SURFACES[rng.integers(len(SURFACES))], size, size, seed)
    picture = render(hands, behind, light, camera, seed, fine=1)
    return picture.rgb, picture.instances, picture.fingers, picture.directions


def _aimed(rng: np.random.Generator, hand: Hand, size: int) -> Hand:
    """The hand moved so that a place among its fingers, about the nails of a large one, is in the picture."""
    large = hand.size > 0.45 * size
    if hand.view == "fist":
        along = rng.uniform(-0.05, 0.4) if large else rng.uniform(-0.3, 0.3)
    else:
        along = rng.uniform(0.5, 1.15) if large else rng.uniform(0.2, 0.6)
    across = rng.uniform(-0.3, 0.5) if large else 0.1
    goal = rng.uniform(0.25, 0.75, 2) * size
    axes = hand.axes()
    x, y = goal - axes[:, :2] @ (along, across)
    return replace(hand, x=float(x), y=float(y))


def _bend(rng: np.random.Generator) -> tuple[float, float, float, float, float]:
    common, apart = rng.choice([0.0, 0.15, 0.4, 0.7]), rng.choice([0.05, 0.1, 0.3])
    values = np.clip(common + apart * rng.normal(size=5), -0.15, 0.65)
    return (values[0], values[1], values[2], values[3], values[4])


def _nails(rng: np.random.Generator) -> NailStyle:
    finish = rng.choice(["natural", "polish", "french", "glitter"], p=[0.52, 0.33, 0.1, 0.05])
    if finish == "french":
        color = "#F7F2EA"
    elif rng.random() < 0.4:
        color = rng.choice(SKIN_SHADES)
    elif rng.random() < 0.5:
        color = rng.choice(BRIGHT)
    else:
        color = _any_color(rng)
    long = 0.0 if rng.random() < 0.45 else rng.gamma(1.6, 0.28)
    return NailStyle(
        shape=rng.choice(["round", "square", "almond", "coffin"], p=[0.4, 0.2, 0.25, 0.15]),
        length=float(np.clip(long - rng.uniform(0, 0.08), -0.1, 1.6)),
        finish=finish,
        color=str(color),
        gloss=rng.uniform(0.1, 1.0),
        width=rng.uniform(0.85, 1.12),
        bed=rng.uniform(0.8, 1.15),
        seed=int(rng.integers(1 << 30)),
    )


def _sleeve(rng: np.random.Generator) -> str | None:
    return None if rng.random() < 0.5 else _any_color(rng)


def _any_color(rng: np.random.Generator) -> str:
    red, green, blue = rng.integers(0, 256, 3)
    return f"#{red:02X}{green:02X}{blue:02X}"
