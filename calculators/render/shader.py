"""Fragment shaders: files in GLSL ES 3.00, run for every pixel of a picture."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from calculators.render.context import GlContext
from calculators.render.gpu_image import WHOLE, GpuImage, Parts
from tryon import GraphError

SHADERS: Final = Path(__file__).parent / "shaders"
CORNERS: Final = SHADERS / "picture.vert"
# Half of the cells of a grid of 64 x 64: more runs of them there cannot be.
MOST_PARTS: Final = 2048
# "0:12(5): error", "ERROR: 0:12:", "0(12) : error": what drivers put before the number of a line.
LINE: Final = re.compile(r"\b0[:(](\d+)")


class Shader:
    """A fragment shader that draws a picture, or a part of it.

    Args:
        gl: the context, entered.
        path: the file.
        constants: uniforms that are the same whenever it draws, numbers and tuples of numbers.

    Raises:
        GraphError: it is missing or does not compile; the message gives file, line and what the driver says.
    """

    def __init__(self, gl: GlContext, path: Path, **constants: object) -> None:
        import moderngl

        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise GraphError(f'The shader "{path}" cannot be read: {error}') from error
        try:
            self._program = gl.context.program(CORNERS.read_text(encoding="utf-8"), text)
        except moderngl.Error as error:
            raise GraphError(compile_message(path, gl.device.name, str(error))) from error
        for name, value in constants.items():
            self._program[name] = value
        self._context = gl.context
        self._strip = moderngl.TRIANGLE_STRIP
        self._parts = gl.context.buffer(reserve=MOST_PARTS * WHOLE.nbytes)
        self._vertices = gl.context.vertex_array(self._program, [(self._parts, "4f/i", "part")])

    def draw(self, target: GpuImage, parts: Parts = WHOLE, over: bool = False, **values: object) -> None:
        """Draws into a picture that was not sent yet.

        Args:
            target: the picture.
            parts: what of it is drawn, see `GpuImage`; at most MOST_PARTS.
            over: what is drawn is laid over what is there, as opaque as its alpha says.
            values: the shader's other uniforms: pictures, textures, numbers and tuples of numbers.
        """
        if not len(parts):
            return
        self._parts.write(parts)
        target.framebuffer.use()
        unit = 0
        for name, value in values.items():
            texture = value.texture if isinstance(value, GpuImage) else value
            if hasattr(texture, "use"):
                texture.use(unit)
                self._program[name] = unit
                unit += 1
            else:
                self._program[name] = value
        if over:
            self._context.enable(self._context.BLEND)
        self._vertices.render(self._strip, vertices=4, instances=len(parts))
        if over:
            self._context.disable(self._context.BLEND)


def compile_message(path: Path, device: str, said: str) -> str:
    """The message for a shader that a driver refuses.

    Args:
        said: what moderngl says: a few lines of its own, then the driver's.
    """
    lines = [line for line in map(str.strip, said.splitlines()) if line]
    for index, line in enumerate(lines):
        if match := LINE.search(line):
            return f"{path}:{match[1]}: {device} does not take this shader: {' '.join(lines[index:])}"
    return f"{path}: {device} does not take this shader: {' '.join(lines)}"
