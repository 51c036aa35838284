"""Memory of a process that works on frames."""

import ctypes
import platform
from typing import Final

_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_LARGEST_BLOCK: Final = 32 << 20  # glibc allows no more
_KEPT: Final = 512 << 20


def keep_freed_memory() -> bool:
    """Lets glibc keep the memory of frames for the next ones instead of giving it back each time.

    Worker threads otherwise return frame-sized buffers to the kernel, which has to zero them again:
    some 400 to 600 page faults a frame at 640x480. It changes the whole process, so the command line
    does it, never the library. Returns False where the C library is another one.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    mallopt = ctypes.CDLL(None).mallopt
    return bool(mallopt(_M_MMAP_THRESHOLD, _LARGEST_BLOCK) and mallopt(_M_TRIM_THRESHOLD, _KEPT))
