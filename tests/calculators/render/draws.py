"""Draws taken down with all that goes into them, to be repeated elsewhere."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from calculators.render.context import GlContext
from calculators.render.gpu_image import WHOLE, GpuImage, Parts
from calculators.render.shader import Shader

if TYPE_CHECKING:
    import moderngl


class DrawRecorder:
    """Takes down what shaders draw from its making on, in the form that webgl.js reads.

    Args:
        patch: undoes it.
    """

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._draws: list[dict[str, Any]] = []
        self._targets: list[GpuImage] = []
        made_of: dict[Shader, tuple[str, dict[str, Any]]] = {}
        make, draw = Shader.__init__, Shader.draw

        def made(shader: Shader, gl: GlContext, path: Path, **constants: Any) -> None:
            make(shader, gl, path, **constants)
            made_of[shader] = path.name, constants

        def drawn(
            shader: Shader, target: GpuImage, parts: Parts = WHOLE, over: bool = False, **values: Any
        ) -> None:
            name, constants = made_of[shader]
            self._take_down(name, target, parts, over, constants | values)
            draw(shader, target, parts, over, **values)

        patch.setattr(Shader, "__init__", made)
        patch.setattr(Shader, "draw", drawn)

    def take(self) -> list[dict[str, Any]]:
        """The draws since the last call."""
        draws, self._draws, self._targets = self._draws, [], []
        return draws

    def _take_down(
        self, shader: str, target: GpuImage, parts: Parts, over: bool, values: dict[str, Any]
    ) -> None:
        # What was drawn before is drawn again: only what else there is needs to be written down.
        given = {name: self._value(value) for name, value in values.items()}
        before = None
        if target not in self._targets:
            before = self._contents(target)
            self._targets.append(target)
        self._draws.append(
            {
                "shader": shader,
                "target": self._targets.index(target),
                "before": before,
                "parts": base64(parts.tobytes()),
                "over": over,
                "values": given,
            }
        )

    def _contents(self, target: GpuImage) -> dict[str, Any]:
        """What a picture holds that nothing was drawn on: a copy of what was, or something else."""
        contents = describe(target.texture)
        for number, other in enumerate(self._targets):
            if describe(other.texture) == contents:
                return {"drawn": number}
        return contents

    def _value(self, value: Any) -> Any:
        """What a shader reads: a number, a texture, or the picture of an earlier draw."""
        if isinstance(value, GpuImage):
            return (
                {"drawn": self._targets.index(value)} if value in self._targets else describe(value.texture)
            )
        return describe(value) if hasattr(value, "use") else value


def describe(texture: moderngl.Texture | moderngl.Texture3D) -> dict[str, Any]:
    """A texture with all that it holds."""
    context = texture.ctx
    return {
        "size": texture.size,
        "components": texture.components,
        "dtype": texture.dtype,
        "linear": texture.filter == (context.LINEAR, context.LINEAR),
        "repeat": texture.repeat_x,
        "data": base64(texture.read(alignment=1)),
    }


def base64(data: bytes) -> str:
    """Bytes as text."""
    return b64encode(data).decode()
