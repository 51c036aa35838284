"""Make-up on the GPU: the products of `calculators.face`, laid on a picture there.

Where a product goes, in which colours and under which light is measured in memory, by the same functions as
for a picture there; what it makes of each pixel is up to shaders.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import cv2
import numpy as np

from calculators.color.light import ByteArray, FloatArray
from calculators.color.look_pb2 import LookEffect
from calculators.color.oklab import LAB_FROM_LMS, LMS_FROM_LAB, LMS_FROM_RGB, RGB_FROM_LMS
from calculators.color.oklab_picture import LINEAR, ROOTS, SRGB
from calculators.face import lipstick_paint as lipstick
from calculators.face.canvas import FLOOR, Canvas, Coat, Place
from calculators.face.eyeshadow_paint import LidCoats
from calculators.face.lipstick_paint import LipCoats
from calculators.face.lit_face import LitFace
from calculators.face.makeup import Paint
from calculators.face.paint import FAINT, HIGHLIGHTS, MOST_CHROMA, OWN_COLOR, SkinCoat
from calculators.face.parts import Box
from calculators.render.context import GlContext
from calculators.render.gpu_image import WHOLE, GpuImage, Parts, Picture, parts_of
from calculators.render.shader import SHADERS, Shader
from calculators.render.sheet import Sheet

# What the shader calls the parts of a face, and how many coats it can lay on one.
SKIN, LIDS, LIPS = range(3)
MOST_COATS: Final = 5
# The values of sRGB as a picture; the last goes on.
SRGB_SIDE: Final = 65
SRGB_PICTURE: Final = np.pad(SRGB, (0, SRGB_SIDE**2 - len(SRGB)), mode="edge").reshape(SRGB_SIDE, SRGB_SIDE)


class MakeupDrawing:
    """Draws products of make-up. Use `makeup_drawing()`: all nodes of a process share one.

    Args:
        gl: the context, entered.

    Raises:
        GraphError: the driver does not take a shader.
    """

    def __init__(self, gl: GlContext) -> None:
        self.gl = gl
        # OpenGL takes matrices column by column.
        self.coats = Shader(
            gl,
            SHADERS / "makeup_coats.frag",
            lms_from_rgb=tuple(LMS_FROM_RGB.T.flat),
            lab_from_lms=tuple(LAB_FROM_LMS.T.flat),
            lms_from_lab=tuple(LMS_FROM_LAB.T.flat),
            rgb_from_lms=tuple(RGB_FROM_LMS.T.flat),
            roots=ROOTS,
            highlights=HIGHLIGHTS,
            most_chroma=MOST_CHROMA,
        )
        self.powder = Shader(gl, SHADERS / "makeup_powder.frag", least=FLOOR)
        self.grain = Shader(gl, SHADERS / "makeup_grain.frag")
        self.linear, self.srgb = gl.floats(LINEAR[None]), gl.floats(SRGB_PICTURE)
        self.nowhere = gl.floats(np.zeros((1, 1), np.float32))
        self.one, self.four = Sheet(gl, 1), Sheet(gl, 4)

    def draw(
        self, image: GpuImage, faces: Sequence[LitFace], effects: Sequence[LookEffect], paint: Paint
    ) -> GpuImage:
        """A picture with a product on its faces, as `make_up` makes it; the context is entered.

        Returns:
            A new picture; the same one where there is nothing to paint.
        """
        canvas = GlCanvas(self, image)
        for face in faces:
            for effect in effects:
                paint(canvas, face, effect)
        return canvas.picture


@cache
def makeup_drawing(gl: GlContext) -> MakeupDrawing:
    """The one of a context, which is entered.

    Raises:
        GraphError: the driver does not take a shader.
    """
    return MakeupDrawing(gl)


class GlCanvas(Canvas):
    """A picture on the GPU that products are laid on; the context is entered.

    Args:
        drawing: what it is drawn with.
        picture: stays as it is.

    Attributes:
        picture: with what was laid on it.
    """

    def __init__(self, drawing: MakeupDrawing, picture: GpuImage) -> None:
        self._drawing = drawing
        self.picture = picture
        # A shader cannot read what it draws on. So this is the picture as it was, but for some boxes.
        self._before = picture
        self._changed: list[Box] = []

    def pixels(self, place: Place) -> ByteArray:
        return self.picture.part(place)

    def lay(self, place: Place, mask: FloatArray, coat: Coat) -> None:
        left, top, width, height = cv2.boundingRect((mask > FAINT).astype(np.uint8))
        if not width:
            return
        inside = slice(top, top + height), slice(left, left + width)
        self._draw(
            self._drawing.coats,
            (place[1].start + left, place[0].start + top, width, height),
            mask=self._drawing.one.holding(mask[inside]),
            rows=height,
            linear=self._drawing.linear,
            srgb=self._drawing.srgb,
            **self._values(coat, inside),
        )

    def multiply(self, box: Box, gain: FloatArray) -> None:
        # Each number counts as far as those beside it.
        changes = np.maximum.reduce(cv2.split(np.abs(gain - 1)))
        changes = np.asarray(cv2.dilate(changes, np.ones((3, 3), np.uint8)), np.float32)
        self._draw(
            self._drawing.powder,
            box,
            parts_of(changes),
            size=box[2:],
            gain=self._drawing.four.holding(np.asarray(cv2.cvtColor(gain, cv2.COLOR_RGB2RGBA), np.float32)),
            small=gain.shape[1::-1],
        )

    def add(self, place: Place, grey: ByteArray) -> None:
        box = place[1].start, place[0].start, *grey.shape[::-1]
        self._draw(self._drawing.grain, box, grain=self._drawing.one.holding(np.asarray(grey, np.float32)))

    def _draw(self, shader: Shader, box: Box, parts: Parts = WHOLE, **values: Any) -> None:
        """Draws a box of the picture, or parts of it."""
        if self.picture is self._before or any(_overlap(box, other) for other in self._changed):
            gl, self._before, self._changed = self._drawing.gl, self.picture, []
            self.picture = GpuImage(gl, self._before.size, Picture.FRAME)
            gl.context.copy_framebuffer(self.picture.framebuffer, self._before.framebuffer)
        self._changed.append(box)
        left, top, width, height = box
        corners = parts * (width, height, width, height) + (left, top, left, top)
        parts = np.asarray(corners / (*self.picture.size, *self.picture.size), np.float32)
        shader.draw(self.picture, parts, image=self._before, origin=(left, top), **values)

    def _values(self, coat: Coat, inside: Place) -> dict[str, Any]:
        """The shader's uniforms for a coat, of a part of its maps."""
        match coat:
            case SkinCoat():
                nowhere = self._drawing.nowhere
                return _uniforms(SKIN, coat.bare, [coat.color], nowhere, [coat.contrast], own=coat.own)
            case LidCoats():
                nothing = np.zeros_like(coat.coats[0].zone)
                planes = []
                for one in coat.coats:
                    planes += [one.cover * one.zone, nothing if one.gleam is None else one.gleam]
                maps = self._drawing.four.holding(_tiles(planes, inside))
                return _uniforms(LIDS, coat.bare, [one.color for one in coat.coats], maps)
            case LipCoats():
                return self._lips(coat, inside)
        raise TypeError(f"{type(coat).__name__} cannot be laid on a picture on the GPU.")

    def _lips(self, coat: LipCoats, inside: Place) -> dict[str, Any]:
        found, palettes = coat.found, coat.effect.palettes
        finishes = [lipstick.FINISHES[palette.texture or "satin"] for palette in palettes]
        nothing, white = np.zeros_like(coat.shine), float(coat.light.worn("#FFFFFF")[0])
        wet = lipstick.wet(found) if any(finish.wet for finish in finishes) else nothing
        broad = lipstick.broad(found) if any(finish.glow for finish in finishes) else nothing
        planes, contrasts, gleams = [coat.shine, wet, broad, nothing], [], []
        shares = lipstick.shares(coat.effect, found)
        for palette, finish, share in zip(palettes, finishes, shares, strict=True):
            more = 1 + palette.shine / 100
            grain = np.float32(more) * lipstick.grain(palette, found) if finish.grain else nothing
            planes += [share * lipstick.cover(palette), grain]
            contrasts.append(finish.contrast)
            gleams.append((more * finish.own, more * finish.wet * white, more * finish.glow))
        maps = self._drawing.four.holding(_tiles(planes, inside))
        colors = [coat.light.worn(palette.color) for palette in palettes]
        return _uniforms(LIPS, coat.bare, colors, maps, contrasts, gleams, white)


def _uniforms(
    part: int,
    bare: FloatArray,
    colors: Sequence[FloatArray],
    maps: object,
    contrasts: Sequence[float] = (),
    gleams: Sequence[tuple[float, float, float]] = (),
    white: float = 1.0,
    own: float = OWN_COLOR,
) -> dict[str, Any]:
    """The uniforms for coats; what is not given of them is 1 for contrasts and 0 for gleams."""
    left = MOST_COATS - len(colors)
    return {
        "part": part,
        "bare": tuple(map(float, bare)),
        "white": white,
        "count": len(colors),
        "colors": [tuple(map(float, color)) for color in colors] + left * [(0.0, 0.0, 0.0)],
        "contrasts": [*contrasts, *(MOST_COATS - len(contrasts)) * [1.0]],
        "gleams": [*gleams, *(MOST_COATS - len(gleams)) * [(0.0, 0.0, 0.0)]],
        "maps": maps,
        "own": own,
    }


def _tiles(planes: Sequence[FloatArray], inside: Place) -> FloatArray:
    """A part of some maps, four a tile, the tiles one below the other, [rows, columns, 4]."""
    parts = [plane[inside] for plane in planes]
    parts += -len(parts) % 4 * [np.zeros_like(parts[0])]
    return np.concatenate([cv2.merge(parts[index : index + 4]) for index in range(0, len(parts), 4)])


def _overlap(box: Box, other: Box) -> bool:
    return all(
        box[axis] < other[axis] + other[axis + 2] and other[axis] < box[axis] + box[axis + 2]
        for axis in (0, 1)
    )
