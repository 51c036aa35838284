"""The finishes of nail polish: how each takes up light, as numbers."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from calculators.color.flakes import FloatArray


@dataclass(frozen=True)
class Finish:
    """How a finish looks on a nail that is curved like a barrel and lit from above.

    Attributes:
        cover: opacity of a coat, 1 hides the nail.
        haze: light that the surface itself throws back, white.
        depth: how much darker the colour is towards the sides, where the nail turns away.
        glow: strength of a broad, soft highlight in the polish's own colour, as pigment in it gives; the rest
            of the nail is darker for it.
        streak: strength of the white reflection along the nail.
        streak_width: of that reflection, in half widths of the nail.
        hardness: of its sides: 1 fades, 3 is a sharp edge.
        shading: how much of the real nail's shading stays: 1 all, 0 is flat.
        gloss: how much of the real nail's own highlights stays.
        grain: strength of the pigment's grain; the look's `flake` scales it.
    """

    cover: float = 1.0
    haze: float = 0.0
    depth: float = 0.3
    glow: float = 0.0
    streak: float = 0.0
    streak_width: float = 0.2
    hardness: float = 1.0
    shading: float = 0.7
    gloss: float = 0.0
    grain: float = 0.0


FINISHES: Final = {
    "cream": Finish(haze=0.012, glow=0.3, streak=0.25, streak_width=0.22, gloss=0.5),
    "matte": Finish(haze=0.013, depth=0.35, shading=0.8),
    "gloss": Finish(
        haze=0.006, depth=0.4, glow=0.35, streak=0.65, streak_width=0.15, hardness=1.5, gloss=1.0
    ),
    "metallic": Finish(
        depth=0.65, glow=0.9, streak=0.12, streak_width=0.3, shading=0.9, gloss=0.6, grain=0.4
    ),
    "pearl": Finish(cover=0.92, glow=0.45, streak=0.1, streak_width=0.3, gloss=0.6, grain=0.15),
    "sheer": Finish(cover=0.45, depth=0.12, streak=0.4, streak_width=0.14, hardness=1.5, gloss=1.0),
    "glitter": Finish(depth=0.35, glow=0.2, streak=0.5, streak_width=0.12, hardness=1.5, gloss=0.7),
    "chrome": Finish(shading=1.0, gloss=1.0),
}

# What a chrome nail mirrors from one side to the other, as places and light: floor and window, the dark
# finger, the sky.
MIRRORED: Final = (
    ((-1.0, 0.4), (-0.92, 0.2), (-0.8, 0.3), (-0.71, 1.25), (-0.42, 1.45), (-0.34, 0.85), (-0.28, 0.5)),
    ((-0.1, 0.38), (0.06, 0.2), (0.3, 0.42), (0.52, 0.62)),
    ((0.6, 1.0), (0.71, 1.05), (0.77, 0.4), (1.0, 0.18)),
)


def glow(across: FloatArray, along: FloatArray) -> FloatArray:
    """The broad highlight of pigment, at most 1: widest and strongest behind the middle of the nail."""
    return np.asarray(np.exp(-(((across + 0.2) / 0.5) ** 2) - ((along - 0.42) / 0.45) ** 2), np.float32)


def streak(across: FloatArray, along: FloatArray, finish: Finish) -> FloatArray:
    """The reflection of a light along the nail, about 1 at most, and the faint one of another light."""
    bend = (2 * along - 1) ** 2
    main = _bar((across + 0.45 - 0.16 * bend) / (finish.streak_width * (1.2 - 0.5 * along)), finish.hardness)
    main = main * _window(along, 0.17, 0.72, 0.13, 0.3) * (1.15 - 0.5 * along)
    other = _bar((across - 0.68 + 0.2 * bend) / 0.09, 1.0) * _window(along, 0.25, 0.7, 0.2, 0.2)
    return main + 0.15 * other


def mirror(across: FloatArray, along: FloatArray) -> FloatArray:
    """The light that chrome mirrors, about 1 where it is bright, bent as the nail is."""
    bent = across / (1 - 0.45 * np.abs(2 * along - 1) ** 3) - 0.1 * (along - 0.5)
    light = np.interp(bent, *np.concatenate(MIRRORED).T)
    horizon = smooth_step(np.clip((along - 0.66 - 0.12 * across**2) / 0.1 + 0.5, 0, 1))
    ends = 0.5 + 0.5 * _window(along, 0.05, 0.95, 0.1, 0.1)
    return np.asarray(light * ends * (1.1 - 0.2 * along - 0.3 * horizon), np.float32)


def _bar(place: FloatArray, hardness: float) -> FloatArray:
    return np.asarray(np.exp(-(np.abs(place) ** (2 * hardness))), np.float32)


def _window(along: FloatArray, begin: float, end: float, rise: float, fall: float) -> FloatArray:
    """1 between two places, 0 outside them, a half at both."""
    up = np.clip((along - begin) / rise + 0.5, 0, 1)
    down = np.clip((end - along) / fall + 0.5, 0, 1)
    return smooth_step(np.minimum(up, down))


def smooth_step(values: FloatArray) -> FloatArray:
    """From 0 at 0 to 1 at 1, without corners; the values must be in [0, 1]."""
    return values * values * (3 - 2 * values)
