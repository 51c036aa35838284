"""A coat of polish on a nail of standard shape in full light, made once for each effect of a look.

All is in light, not in sRGB: the square of the sRGB value, which is near enough and quick both ways.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calculators.color.look_nails import effect_index
from calculators.color.look_pb2 import LookEffect, LookPalette
from calculators.color.oklab import parse_color
from calculators.nails.nail import CLASSES
from calculators.nails.polish_finish import FINISHES, glow, mirror, smooth_step, streak
from calculators.nails.polish_flakes import Flakes, FloatArray, glitter, grain

# Pixels of a coat's largest picture: rows from base to tip, columns from side to side.
SIZE: Final = 256
LEVELS: Final = 5
# What a white polish throws back, so that its highlights can still be seen.
WHITEST: Final = 0.9
# How much less light colours darken where the nail turns away, as light gets about in them.
BLEED: Final = 0.7
# How much darker pigment is that glows elsewhere: the nail as a whole keeps the polish's colour.
DIMMED: Final = 0.45
# How much paler than metal its highlights are.
PALER: Final = 0.35
# What holds where the look leaves a field out; numbers in percent.
POSITION, SOFTNESS = 55.0, 50.0
TIP_WIDTH, TIP_CURVE = 22.0, 50.0
FLAKE, DENSITY, PARTICLE = 35.0, 40.0, 30.0
PEARL_COLOR, GLITTER_COLOR = "#FFF4F0", "#FFFFFF"
# How much further the tip's colour reaches at the sides, in lengths of the nail, where the curve is 100.
DEEPEST: Final = 0.3
LINE: Final = 0.02


@dataclass(frozen=True)
class Coat:
    """A coat; pictures of it have the base at the upper edge and lie in levels, each half as large.

    Attributes:
        body: RGB in light as far as it covers, and how far that is, [size, size, 4].
        gleam: RGB of its highlights, [size, size, 3].
        flakes: its particles, if any.
        spread: how many of which flakes lie where, [size, size, len(flakes)].
        shading: see `Finish`.
        gloss: see `Finish`.
    """

    body: Sequence[FloatArray]
    gleam: Sequence[FloatArray]
    flakes: Sequence[Flakes]
    spread: Sequence[FloatArray]
    shading: float
    gloss: float


def make_coat(effect: LookEffect) -> Coat:
    """The coat of an effect for nails, checked before; takes some milliseconds."""
    across = (np.arange(SIZE, dtype=np.float32) + 0.5) / SIZE * 2 - 1
    along = (np.arange(SIZE, dtype=np.float32)[:, None] + 0.5) / SIZE
    second = _second_share(effect, across, along)
    shares = [1 - second, second][: len(effect.palettes)]
    body, gleam = np.zeros((SIZE, SIZE, 4), np.float32), np.zeros((SIZE, SIZE, 3), np.float32)
    flakes, spread = [], []
    for palette, share in zip(effect.palettes, shares, strict=True):
        strength = share * _percent(palette, "color_intensity", 100)
        layers = _body(palette, across, along), _gleam(palette, across, along)
        body += layers[0] * strength[..., None]
        gleam += layers[1] * strength[..., None]
        particles = _flakes(palette)
        if particles:
            flakes.append(particles)
            spread.append(strength)
    finishes = [FINISHES[palette.texture or "cream"] for palette in effect.palettes]
    return Coat(
        _levels(body),
        _levels(gleam),
        flakes,
        _levels(np.stack(spread, axis=-1)) if spread else [],
        float(np.mean([finish.shading for finish in finishes])),
        float(np.mean([finish.gloss for finish in finishes])),
    )


def finger_coats(effects: list[LookEffect]) -> dict[int | None, Coat]:
    """The coat of each finger that effects paint, by its class; None is a nail whose finger is not known."""
    chosen = {None: effect_index(effects, None)}
    chosen |= {index: effect_index(effects, name) for index, name in enumerate(CLASSES)}
    coats = {i: make_coat(effects[i]) for i in set(chosen.values()) if i is not None}
    return {finger: coats[i] for finger, i in chosen.items() if i is not None}


def _second_share(effect: LookEffect, across: FloatArray, along: FloatArray) -> FloatArray:
    """How much of the second palette lies where, [SIZE, SIZE]."""
    if effect.pattern == "ombre":
        position, softness = (
            _percent(effect.ombre, name, default)
            for name, default in (("position", POSITION), ("softness", SOFTNESS))
        )
        place = (along - position + 0 * across) / max(softness, LINE) + 0.5
    elif effect.pattern == "french":
        width = _percent(effect.french, "width", TIP_WIDTH)
        curve = _percent(effect.french, "curve", TIP_CURVE)
        border = 1 - width - DEEPEST * curve * across**2
        place = (along - border) / LINE + 0.5
    else:
        place = 0 * (along + across)
    return smooth_step(np.clip(place, 0, 1))


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
    color = (
        _light(palette.pearl_color or PEARL_COLOR) if palette.texture == "pearl" else _light(palette.color)
    )
    broad = (finish.glow * shine * glow(across, along))[..., None] * color
    white = finish.streak * shine * streak(across, along, finish)
    return np.asarray(broad + white[..., None], np.float32)


def _flakes(palette: LookPalette) -> Flakes | None:
    finish = FINISHES[palette.texture or "cream"]
    if palette.texture == "glitter":
        density = _percent(palette, "glitter_density", DENSITY)
        levels = glitter(density, _percent(palette, "glitter_size", PARTICLE))
        return Flakes(levels, _light(palette.glitter_color or GLITTER_COLOR), 0.5, 0.75, 6.0)
    if finish.grain:
        flake = _percent(palette, "flake", FLAKE)
        return Flakes(grain(flake), _glow_color(palette), 0.0, 0.0, 1.5 * finish.grain * flake)
    return None


def _glow_color(palette: LookPalette) -> FloatArray:
    """Of highlights in the pigment; on metal they are paler than the metal."""
    if palette.texture == "pearl":
        return _light(palette.pearl_color or PEARL_COLOR)
    color = _light(palette.color)
    return color + PALER * (color.max() - color) if palette.texture == "metallic" else color


def _light(color: str) -> FloatArray:
    """RGB in light."""
    return WHITEST * (np.array(parse_color(color), np.float32) / 255) ** 2


def _percent(message: object, field: str, default: float) -> float:
    """A field as a part of 1."""
    given = message.HasField(field)
    return float(getattr(message, field) if given else default) / 100


def _levels(picture: FloatArray) -> Sequence[FloatArray]:
    levels = [np.asarray(picture, np.float32)]
    while len(levels) < LEVELS:
        levels.append(cv2.resize(levels[-1], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    return levels
