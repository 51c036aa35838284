"""Painting nails on the GPU, with the results of `nails.polish`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from calculators.color.flakes import TURNS, Flakes, FloatArray
from calculators.color.light import scene_light
from calculators.nails.nail import Nail
from calculators.nails.polish import THICKNESS, CoatLight, light_on_coat
from calculators.nails.polish_coat import BLEED, Coat
from calculators.nails.polish_warp import Laid, lay, lay_flakes
from calculators.render.context import GlContext
from calculators.render.gpu_image import GpuImage, Parts, Picture
from calculators.render.shader import SHADERS, Shader
from calculators.render.sheet import Sheet

if TYPE_CHECKING:
    import moderngl

# OpenCV lays a picture in this part of its pixels, and adds so much to round to 32nds.
STEPS: Final = 1024
ROUNDING: Final = 16
NOTHING: Final = np.zeros((1, 1, 3), np.float32)
NOWHERE: Final = Laid(NOTHING, np.zeros((2, 3)))


class PolishDrawing:
    """`paint_nails` on the GPU, within two grey levels of it; the light on nails is measured in memory.

    Where nails overlap, the light on the upper one is that of the frame without polish.

    Args:
        gl: the context, entered.

    Raises:
        GraphError: the driver does not take the shader.
    """

    def __init__(self, gl: GlContext) -> None:
        self._gl = gl
        self._shader = Shader(gl, SHADERS / "nail_polish.frag")
        self._coats: Mapping[int | None, Coat] = {}
        self._pictures: dict[int, tuple[FloatArray, moderngl.Texture]] = {}
        self._lights: list[Sheet] = []
        self._steps: list[Sheet] = []

    def draw(self, image: GpuImage, nails: Sequence[Nail], coats: Mapping[int | None, Coat]) -> GpuImage:
        """A picture with polish on its nails, as `paint_nails` makes it; the context is entered."""
        if coats is not self._coats:
            self._coats, self._pictures = coats, {}
        painted = [nail for nail in nails if nail.finger in coats]
        while len(self._lights) < len(painted):
            self._lights.append(Sheet(self._gl))
            self._steps.append(Sheet(self._gl))
        frame = image.pixels()
        scene = scene_light(frame)
        target = GpuImage(self._gl, image.size, Picture.FRAME)
        self._gl.context.copy_framebuffer(target.framebuffer, image.framebuffer)
        for nail, lights, steps in zip(painted, self._lights, self._steps, strict=False):
            coat = coats[nail.finger]
            light = light_on_coat(frame, nail, coat, scene)
            laid = _laid(coat, nail, light)
            self._shader.draw(
                target,
                _part(nail, image.size),
                over=True,
                image=image,
                origin=(nail.left, nail.top),
                light=lights.holding(np.dstack((nail.mask, light.inner, light.shade, light.shine))),
                steps=steps.holding(np.stack([_along(picture, nail) for picture in laid.values()])),
                turn=(float(np.cos(TURNS * nail.angle)), float(np.sin(TURNS * nail.angle))),
                scene=tuple(map(float, scene)),
                thickness=THICKNESS,
                bleed=BLEED,
                **{name: self._texture(picture) for name, picture in laid.items()},
                **_particles("", coat.flakes[:1]),
                **_particles("second_", coat.flakes[1:]),
            )
        return target

    def _texture(self, laid: Laid) -> moderngl.Texture:
        """The texture of a coat's picture, made when it is first seen."""
        key = id(laid.picture)
        if key not in self._pictures:
            self._pictures[key] = laid.picture, self._gl.floats(laid.picture)
        return self._pictures[key][1]


def _laid(coat: Coat, nail: Nail, light: CoatLight) -> dict[str, Laid]:
    """The pictures of a coat as they lie on a nail, by the shader's names, in the order of its steps."""
    laid = {"body": lay(coat.body, nail), "gleam": lay(coat.gleam, nail, light.lean)}
    for number, name in enumerate(("", "second_")):
        flakes = coat.flakes[number] if number < len(coat.flakes) else None
        laid[f"{name}field"] = lay_flakes(flakes, nail) if flakes else NOWHERE
        laid[f"{name}spread"] = lay(flakes.spread, nail) if flakes else NOWHERE
    return laid


def _along(laid: Laid, nail: Nail) -> FloatArray:
    """What each column and each row of a nail give to its pixels' places on a picture, [side, 4].

    As OpenCV reckons them, in whole steps: particles are small and bright, so that the least part of a pixel
    shows.
    """
    side = np.arange(max(nail.mask.shape))
    (xx, xy, x), (yx, yy, y) = laid.matrix
    columns = np.rint(xx * side * STEPS), np.rint(yx * side * STEPS)
    rows = np.rint((xy * side + x) * STEPS) + ROUNDING, np.rint((yy * side + y) * STEPS) + ROUNDING
    return np.asarray(np.stack((*columns, *rows), axis=1), np.float32)


def _particles(name: str, flakes: Sequence[Flakes]) -> dict[str, Any]:
    """The uniforms of one kind of particles, or of none."""
    if not flakes:
        return {f"{name}flake_color": (0.0, 0.0, 0.0), f"{name}flake": (0.0, 0.0, 0.0)}
    (some,) = flakes
    return {
        f"{name}flake_color": tuple(map(float, some.color)),
        f"{name}flake": (some.base, some.dark, some.strength),
    }


def _part(nail: Nail, size: tuple[int, int]) -> Parts:
    """The part of the picture that a nail's mask covers."""
    height, width = nail.mask.shape
    box = np.array([[nail.left, nail.top, nail.left + width, nail.top + height]], np.float32)
    return np.asarray(box / np.array((*size, *size)), np.float32)
