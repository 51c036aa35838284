"""A coat of polish on a nail of standard shape in full light, made once for each effect of a look.

All is in light, not in sRGB: the square of the sRGB value, which is near enough and quick both ways.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from calculators.color.flakes import Flakes, FloatArray, glitter, grain, halvings
from calculators.color.look_nails import effect_index
from calculators.color.look_pb2 import LookEffect, LookPalette
from calculators.color.look_values import percent
from calculators.color.oklab import parse_color
from calculators.nails.nail import CLASSES
from calculators.nails.polish_finish import FINISHES, glow, mirror, streak
from calculators.nails.polish_pattern import second_share

# Pixels of a coat's largest picture: rows from base to tip, columns from side to side.
SIZE: Final = 256
# What a white polish throws back, so that its highlights can still be seen.
WHITEST: Final = 0.9
# How much less light colours darken where the nail turns away, as light gets about in them.
BLEED: Final = 0.7
# How much darker pigment is that glows elsewhere: the nail as a whole keeps the polish's colour.
DIMMED: Final = 0.45
# How much paler than metal its highlights are.
PALER: Final = 0.35
# What holds where the look leaves a field out; numbers in percent.
FLAKE, DENSITY, PARTICLE = 35.0, 40.0, 30.0
PEARL_COLOR, GLITTER_COLOR = "#FFF4F0", "#FFFFFF"


@dataclass(frozen=True)
class Coat:
    """A coat; pictures of it have the base at the upper edge and lie in levels, each half as large.

    Attributes:
        body: RGB in light as far as it covers, and how far that is, [size, size, 4].
        gleam: RGB of its highlights, [size, size, 3].
        flakes: its particles, if any.
        shading: see `Finish`.
        gloss: see `Finish`.
    """

    body: Sequence[FloatArray]
    gleam: Sequence[FloatArray]
    flakes: Sequence[Flakes]
    shading: float
    gloss: float


def make_coat(effect: LookEffect) -> Coat:
    """The coat of an effect for nails, checked before; takes 10 to 50 ms."""
    across = (np.arange(SIZE, dtype=np.float32) + 0.5) / SIZE * 2 - 1
    along = (np.arange(SIZE, dtype=np.float32)[:, None] + 0.5) / SIZE
    second = second_share(effect, across, along)
    shares = [1 - second, second][: len(effect.palettes)]
    body, gleam = np.zeros((SIZE, SIZE, 4), np.float32), np.zeros((SIZE, SIZE, 3), np.float32)
    flakes = []
    for palette, share in zip(effect.palettes, shares, strict=True):
        strength = share * percent(palette, "color_intensity", 100)
        layers = _body(palette, across, along), _gleam(palette, across, along)
        body += layers[0] * strength[..., None]
        gleam += layers[1] * strength[..., None]
        particles = _flakes(palette, strength)
        if particles:
            flakes.append(particles)
    finishes = [FINISHES[palette.texture or "cream"] for palette in effect.palettes]
    return Coat(
        halvings(body),
        halvings(gleam),
        flakes,
        float(np.mean([finish.shading for finish in finishes])),
        float(np.mean([finish.gloss for finish in finishes])),
    )


def finger_coats(effects: list[LookEffect]) -> dict[int | None, Coat]:
    """The coat of each finger that effects paint, by its class; None is a nail whose finger is not known."""
    chosen: dict[int | None, int | None] = {None: effect_index(effects, None)}
    chosen |= {index: effect_index(effects, name) for index, name in enumerate(CLASSES)}
    coats = {i: make_coat(effects[i]) for i in set(chosen.values()) if i is not None}
    return {finger: coats[i] for finger, i in chosen.items() if i is not None}


def _body(palette: LookPalette, across: FloatArray, along: FloatArray) -> FloatArray:
    finish, color = FINISHES[palette.texture or "cream"], _light(palette.color)
    if palette.texture == "chrome":
        paint = mirror(across, along)[..., None] * color
    else:
        dark = finish.depth * np.abs(across[:, None]) ** 2.5 * (1 - BLEED * color)
        paint = np.broadcast_to(
            (1 - dark) * (color * (1 - DIMMED * finish.glow) + finish.haze), (SIZE, SIZE, 3)
        )
    cover = np.full((SIZE, SIZE), finish.cover)
    return np.dstack((paint * finish.cover, cover)).astype(np.float32)


def _gleam(palette: LookPalette, across: FloatArray, along: FloatArray) -> FloatArray:
    finish = FINISHES[palette.texture or "cream"]
    shine = 1 + palette.shine / 100
    broad = (finish.glow * shine * glow(across, along))[..., None] * _glow_color(palette)
    white = finish.streak * shine * streak(across, along, finish)
    return np.asarray(broad + white[..., None], np.float32)


def _flakes(palette: LookPalette, strength: FloatArray) -> Flakes | None:
    finish = FINISHES[palette.texture or "cream"]
    if palette.texture == "glitter":
        density = percent(palette, "glitter_density", DENSITY)
        field = glitter(density, percent(palette, "glitter_size", PARTICLE))
        color = _light(palette.glitter_color or GLITTER_COLOR)
        return Flakes(field, halvings(strength), color, base=0.4, dark=0.75, strength=6.0)
    flake = finish.grain * percent(palette, "flake", FLAKE)
    if not flake:
        return None
    field = grain(flake / finish.grain)
    return Flakes(field, halvings(strength), _glow_color(palette), base=0, dark=0, strength=1.5 * flake)


def _glow_color(palette: LookPalette) -> FloatArray:
    """Of highlights in the pigment; on metal they are paler than the metal."""
    if palette.texture == "pearl":
        return _light(palette.pearl_color or PEARL_COLOR)
    color = _light(palette.color)
    return color + PALER * (color.max() - color) if palette.texture == "metallic" else color


def _light(color: str) -> FloatArray:
    """RGB in light."""
    return WHITEST * (np.array(parse_color(color), np.float32) / 255) ** 2
