"""An OpenGL ES 3 context through EGL itself: a compiler that takes nothing else."""

import ctypes
from ctypes import byref, c_char_p, c_int, c_uint, c_void_p

SURFACELESS, NONE = 0x31DD, 0x3038
OPENGL_ES_API = 0x30A0
RENDERABLE_TYPE, OPENGL_ES3_BIT, SURFACE_TYPE, PBUFFER_BIT = 0x3040, 0x40, 0x3033, 1
MAJOR_VERSION, MINOR_VERSION = 0x3098, 0x30FB
VERTEX_SHADER, FRAGMENT_SHADER = 0x8B31, 0x8B30
COMPILE_STATUS, LINK_STATUS = 0x8B81, 0x8B82


class StrictEs:
    """A surfaceless ES 3.0 context, current in the thread that made it.

    Raises:
        OSError: there is no libEGL.so.1, no libGLESv2.so.2 or no such context.
    """

    def __init__(self) -> None:
        self._egl, self._gl = ctypes.CDLL("libEGL.so.1"), ctypes.CDLL("libGLESv2.so.2")
        egl = self._egl
        for name in ("eglGetProcAddress", "eglCreateContext"):
            getattr(egl, name).restype = c_void_p
        address = egl.eglGetProcAddress(b"eglGetPlatformDisplayEXT")
        if not address:
            raise OSError("EGL has no eglGetPlatformDisplayEXT")
        get_display = ctypes.CFUNCTYPE(c_void_p, c_uint, c_void_p, c_void_p)(address)
        self._display = c_void_p(get_display(SURFACELESS, None, None))
        if not egl.eglInitialize(self._display, None, None):
            raise OSError(f"eglInitialize failed ({egl.eglGetError():#x})")
        egl.eglBindAPI(OPENGL_ES_API)
        wanted = (c_int * 5)(RENDERABLE_TYPE, OPENGL_ES3_BIT, SURFACE_TYPE, PBUFFER_BIT, NONE)
        config, count = c_void_p(), c_int()
        egl.eglChooseConfig(self._display, wanted, byref(config), 1, byref(count))
        version = (c_int * 5)(MAJOR_VERSION, 3, MINOR_VERSION, 0, NONE)
        self._context = c_void_p(egl.eglCreateContext(self._display, config, None, version))
        if not self._context or not egl.eglMakeCurrent(self._display, None, None, self._context):
            raise OSError(f"there is no ES 3.0 context ({egl.eglGetError():#x})")

    def link(self, vertex: str, fragment: str) -> str:
        """Compiles and links a program; what the driver says against it, "" for nothing."""
        gl = self._gl
        program = gl.glCreateProgram()
        for kind, text in ((VERTEX_SHADER, vertex), (FRAGMENT_SHADER, fragment)):
            shader = gl.glCreateShader(kind)
            gl.glShaderSource(shader, 1, byref(c_char_p(text.encode())), None)
            gl.glCompileShader(shader)
            problem = self._problem(gl.glGetShaderiv, gl.glGetShaderInfoLog, shader, COMPILE_STATUS)
            if problem:
                return problem
            gl.glAttachShader(program, shader)
        gl.glLinkProgram(program)
        return self._problem(gl.glGetProgramiv, gl.glGetProgramInfoLog, program, LINK_STATUS)

    def _problem(self, get_status, get_log, thing: int, status: int) -> str:
        good, log = c_int(), ctypes.create_string_buffer(4096)
        get_status(thing, status, byref(good))
        get_log(thing, len(log), None, log)
        return "" if good.value else log.value.decode() or "refused without a message"

    def close(self) -> None:
        """Frees the context."""
        self._egl.eglMakeCurrent(self._display, None, None, None)
        self._egl.eglDestroyContext(self._display, self._context)
