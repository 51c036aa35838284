"""The process's one GL context, and the textures that pictures on the GPU live in.

The context belongs to no thread: whoever enters it (`with gl:`) may make GL calls until the end of the block,
one thread at a time. In a graph that is the thread of the executor "gpu". Objects that nobody holds any more
are never freed by the thread that let go of them, but by the next one that enters.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections import deque
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

import cv2
import numpy as np
import numpy.typing as npt

from calculators.render.egl import EglContext
from tryon import GraphError
from tryon.renderer import Device, DeviceLost

if TYPE_CHECKING:
    import moderngl

# The first version of OpenGL that takes shaders in GLSL ES 3.00.
VERSION: Final = 430
# What software names itself that draws on the CPU.
SOFTWARE: Final = ("llvmpipe", "softpipe", "swrast", "swiftshader")
# Where Linux shows a GPU: most drivers, NVIDIA's, and that of the Windows subsystem for Linux.
DEVICE_FILES: Final = ("dri/renderD*", "nvidia[0-9]*", "dxg")
INSTALL: Final = "apt-get install libegl1 libgl1 libgl1-mesa-dri libgles2"
DITHER: Final = 0x0BD0
NO_ERROR: Final = "GL_NO_ERROR"
LOST: Final = "GL_CONTEXT_LOST"
# What Mesa's drivers that compile shaders with LLVM name, and a module that brings an LLVM of its own.
WITH_LLVM: Final = "llvm"
OTHER_LLVM: Final = "tensorflow"

_CREATION: Final = threading.Lock()


@dataclass(frozen=True, eq=False)
class Surface:
    """A texture and the frame buffer that draws into it."""

    texture: moderngl.Texture
    framebuffer: moderngl.Framebuffer


class GlContext:
    """A GL context without a window; a context manager around GL calls. Use `gl_context()`.

    What the driver did not do in such a block is an error at its end: nothing that was not drawn gets out.

    Attributes:
        context: moderngl's.
        device: what draws.
        largest: the longest side that a texture may have.
        is_lost: nothing can be drawn with it any more.

    Raises:
        GraphError: there is no EGL or no driver, and the message says what to install; or, at the end of a
            block, the driver refused something.
        DeviceLost: in a block or when one is entered, the context was lost, as after a reset of the GPU.
    """

    def __init__(self) -> None:
        try:
            import moderngl

            self._egl = EglContext(VERSION)
            self._egl.enter()
            given: dict[str, Any] = {"context": self._egl}
            self.context = moderngl.create_context(VERSION, standalone=True, **given)
        except Exception as error:  # moderngl raises no class of its own
            raise GraphError(
                f"Nothing can be drawn on the GPU: {error}. It takes EGL and a driver for OpenGL "
                f"{VERSION / 100:.1f}: on Debian and Ubuntu, {INSTALL}; for NVIDIA's GPUs, their driver."
            ) from error
        name = str(self.context.info["GL_RENDERER"])
        self.device = Device(name, any(word in name.lower() for word in SOFTWARE))
        self.largest = int(self.context.info["GL_MAX_TEXTURE_SIZE"])
        self.context.gc_mode = "context_gc"
        self.context.disable_direct(DITHER)
        tells = "GL_ARB_robustness" in self.context.extensions
        status = self._egl.load_opengl_function("glGetGraphicsResetStatusARB") if tells else 0
        self._reset_status = ctypes.CFUNCTYPE(ctypes.c_uint)(status) if status else lambda: 0
        self.is_lost = False
        self._lock = threading.RLock()
        self._depth = 0
        self._finish = ctypes.CFUNCTYPE(None)(self._egl.load_opengl_function("glFinish"))
        self._free: deque[Surface] = deque()
        # Those in use are held here, too: a picture that ends in a cycle of garbage would take along its
        # surface, whose frame buffer is then freed although the picture has just given it back.
        self._taken: set[Surface] = set()
        _ = self.context.error  # what moderngl asked after and this driver does not know
        self._egl.leave()

    def __enter__(self) -> Self:
        self._lock.acquire()
        if not self._depth:
            if self.is_lost or not self._egl.enter():
                error = self._lost()
                self._lock.release()
                raise error
            self.context.gc()
        self._depth += 1
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._depth -= 1
        try:
            if not self._depth:
                self._leave(error)
        finally:
            self._lock.release()

    def _leave(self, error: BaseException | None) -> None:
        """Ends the outermost block, which `error` ended if it is given."""
        said = self.context.error
        is_lost = said == LOST or self._reset_status() != 0
        self._egl.leave()
        if is_lost:
            raise self._lost() from error
        if said != NO_ERROR and error is None:
            raise GraphError(f"{self.device.name} failed to draw: {said}. Draw on the CPU: --renderer cpu.")

    def _lost(self) -> DeviceLost:
        """The context is lost: frees it, and says so."""
        if not self.is_lost:
            self.is_lost = True
            self._egl.destroy()
        return DeviceLost(
            f"{self.device.name} was lost, as after a reset of the GPU or its driver. The next run finds it "
            "if it is back; --renderer cpu draws on the CPU."
        )

    def finish(self) -> None:
        """Waits until the GPU has drawn all that it was told to; the context is entered.

        Other threads run meanwhile: moderngl's own calls keep Python's lock while they wait.
        """
        self._finish()

    def take_surface(self, size: tuple[int, int], components: int) -> Surface:
        """A surface that is free again, or a new one: bytes, of 1 or 4 components.

        Args:
            size: width, height.

        Raises:
            GraphError: no texture of the driver can be so large.
        """
        for _ in range(len(self._free)):
            surface = self._free.popleft()
            if surface.texture.size == size and surface.texture.components == components:
                self._taken.add(surface)
                return surface
            self._free.append(surface)
        if max(size) > self.largest:
            raise GraphError(
                f"A picture of {size[0]} x {size[1]} pixels is too large for {self.device.name}, whose "
                f"textures have sides of at most {self.largest}: draw it on the CPU, --renderer cpu."
            )
        # Another size is asked for: those that are free were for pictures that are over.
        self._free.clear()
        texture = self.context.texture(size, components, alignment=1)
        texture.repeat_x = texture.repeat_y = False
        surface = Surface(texture, self.context.framebuffer([texture]))
        self._taken.add(surface)
        return surface

    def give_back(self, surface: Surface) -> None:
        """Takes a surface that nobody uses any more, from any thread, in the block or not."""
        self._taken.discard(surface)
        self._free.append(surface)

    def floats(self, values: npt.NDArray[np.float32]) -> moderngl.Texture:
        """A texture that holds numbers [rows, columns] or [rows, columns, channels], for texelFetch."""
        rows, columns, *channels = values.shape
        texture = self.context.texture((columns, rows), channels[0] if channels else 1, dtype="f4")
        texture.filter = self.context.NEAREST, self.context.NEAREST
        texture.write(np.ascontiguousarray(values, np.float32))
        return texture

    def map(self, values: npt.NDArray[np.float32], old: moderngl.Texture | None = None) -> moderngl.Texture:
        """A texture for numbers [rows, columns] to interpolate between; `old` where it has the size.

        A driver need not interpolate floats by itself, and those that do take few steps. So texel (x, y)
        holds the four numbers around a corner, of columns x - 1 and x and rows y - 1 and y: one to fetch in
        place of four. It has a column and a row more than the numbers; beyond the border the last go on.
        """
        rows, columns = values.shape
        padded = cv2.copyMakeBorder(values, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
        upper, lower = padded[:-1], padded[1:]
        corners = cv2.merge((upper[:, :-1], upper[:, 1:], lower[:, :-1], lower[:, 1:]))
        size = columns + 1, rows + 1
        if old is None or old.size != size:
            old = self.context.texture(size, 4, dtype="f4")
            old.filter = self.context.NEAREST, self.context.NEAREST
        old.write(np.asarray(corners))
        return old

    def table(
        self, colors: npt.NDArray[np.float32], old: moderngl.Texture3D | None = None
    ) -> moderngl.Texture3D:
        """A texture that holds colours in [0, 1], [blue, green, red, 3]; `old` itself where it has the size.

        Floats: with half floats, as drivers of phones may need them to interpolate, one colour in a few
        hundred is off by a grey level; with bytes, many are.
        """
        blue, green, red = colors.shape[:3]
        padded = np.ones((blue, green, red, 4), np.float32)
        padded[..., :3] = colors
        if old is None or old.size != (red, green, blue):
            old = self.context.texture3d((red, green, blue), 4, dtype="f4")
            old.repeat_x = old.repeat_y = old.repeat_z = False
        old.write(padded)
        return old


@cache
def _make_context() -> GlContext:
    return GlContext()


def gl_context() -> GlContext:
    """The context of this process, made at the first call, and anew when it was lost.

    Raises:
        GraphError: there is no EGL or no driver, and the message says what to install; or its LLVM and that
            of TensorFlow would meet in this process.
    """
    with _CREATION:
        gl = _make_context()
        if gl.is_lost:
            _make_context.cache_clear()
            gl = _make_context()
    if OTHER_LLVM in sys.modules and WITH_LLVM in gl.device.name.lower():
        raise GraphError(
            f"Nothing can be drawn on the GPU: {gl.device.name} would crash, as TensorFlow is loaded in this "
            "process and its LLVM takes the driver's place. Draw in a process without it, or on the CPU."
        )
    return gl


def find_device(software: bool) -> Device:
    """What the process would draw with.

    Args:
        software: a driver that computes on the CPU will do, too.

    Raises:
        GraphError: there is none.
    """
    if not software and not any(True for pattern in DEVICE_FILES for _ in Path("/dev").glob(pattern)):
        raise GraphError("there is no GPU")
    device = gl_context().device
    if device.is_software and not software:
        raise GraphError(f"the only driver is {device.name}, which computes on the CPU, too")
    return device
