"""An OpenGL context without a window, through EGL, for moderngl to draw with.

moderngl can make one by itself, but does not notice when it is lost: what is drawn then goes nowhere, without
an error. This one is made so that its driver tells, and says so when it can be entered no more.
"""

from __future__ import annotations

import ctypes
from ctypes import byref, c_char_p, c_int, c_uint, c_void_p
from typing import Any, Final

LIBRARY: Final = "libEGL.so.1"
PLATFORM_DEVICE: Final = 0x313F
OPENGL_API: Final = 0x30A2
NONE: Final = 0x3038
# A frame buffer is never asked for: any configuration for OpenGL will do.
CONFIG: Final = (0x3033, 0x0001, 0x3040, 0x0008)  # SURFACE_TYPE, PBUFFER_BIT, RENDERABLE_TYPE, OPENGL_BIT
MAJOR_VERSION: Final = 0x3098
MINOR_VERSION: Final = 0x30FB
# The driver tells after a reset of the GPU, and takes no more calls; where it cannot, it may end the process.
TELLS_RESETS: Final = (0x31BD, 0x31BF)  # CONTEXT_OPENGL_RESET_NOTIFICATION_STRATEGY, LOSE_CONTEXT_ON_RESET
MOST_DEVICES: Final = 16


class EglContext:
    """A context on the first of the computer's devices that has a driver for it; current in no thread.

    Args:
        version: of OpenGL at least, 430 for 4.3.

    Raises:
        OSError: there is no EGL, no device, or no such context.
    """

    def __init__(self, version: int) -> None:
        self._egl = ctypes.CDLL(LIBRARY)
        self._egl.eglGetProcAddress.restype = c_void_p
        self._egl.eglGetProcAddress.argtypes = [c_char_p]
        self._egl.eglCreateContext.restype = c_void_p
        self._egl.eglMakeCurrent.argtypes = [c_void_p] * 4
        self._egl.eglDestroyContext.argtypes = [c_void_p] * 2
        self._display, self._context = self._create(version)

    def _create(self, version: int) -> tuple[c_void_p, c_void_p]:
        """The display and the context of the first device that has one."""
        devices, count = (c_void_p * MOST_DEVICES)(), c_int()
        query = self._function("eglQueryDevicesEXT", c_uint, c_int, c_void_p, c_void_p)
        get_display = self._function("eglGetPlatformDisplayEXT", c_void_p, c_uint, c_void_p, c_void_p)
        if not query(MOST_DEVICES, devices, byref(count)) or not count.value:
            raise OSError("EGL finds no device with a driver")
        wanted = (MAJOR_VERSION, version // 100, MINOR_VERSION, version // 10 % 10)
        for device in devices[: count.value]:
            display = c_void_p(get_display(PLATFORM_DEVICE, device, None))
            if not (display and self._egl.eglInitialize(display, None, None)):
                continue
            self._egl.eglBindAPI(OPENGL_API)
            config = c_void_p()
            self._egl.eglChooseConfig(display, _attributes(*CONFIG), byref(config), 1, byref(c_int()))
            for attributes in ((*wanted, *TELLS_RESETS), wanted):
                context = self._egl.eglCreateContext(display, config, None, _attributes(*attributes))
                if context:
                    return display, c_void_p(context)
        raise OSError(f"no driver has a context ({self._egl.eglGetError():#x})")

    def _function(self, name: str, result: Any, *arguments: Any) -> Any:
        address = self.load_opengl_function(name)
        if not address:
            raise OSError(f"EGL has no {name}")
        return ctypes.CFUNCTYPE(result, *arguments)(address)

    def load_opengl_function(self, name: str) -> int:
        """The address of a function of OpenGL or EGL, 0 for none; moderngl asks."""
        return self._egl.eglGetProcAddress(name.encode()) or 0

    def enter(self) -> bool:
        """Makes the context current in this thread; False when it is lost."""
        self._egl.eglBindAPI(OPENGL_API)  # each thread has its own, which `leave` is about
        return bool(self._egl.eglMakeCurrent(self._display, None, None, self._context))

    def leave(self) -> None:
        """Makes it current in no thread."""
        self._egl.eglMakeCurrent(self._display, None, None, None)

    def destroy(self) -> None:
        """Frees the context and what was made in it; it must be current in no other thread."""
        self._egl.eglDestroyContext(self._display, self._context)


def _attributes(*values: int) -> Any:
    return (c_int * (len(values) + 1))(*values, NONE)
