"""Pictures on the GPU in recordings: written as they are in memory."""

from typing import Any

import numpy.typing as npt

from calculators.render.context import gl_context
from calculators.render.gpu_image import GpuImage, upload
from tryon.recording import make_recordable


def to_gpu(pixels: npt.NDArray[Any]) -> GpuImage:
    """The picture on the GPU of this process.

    Raises:
        GraphError: there is none.
    """
    with gl_context() as gl:
        return upload(gl, pixels)


make_recordable(GpuImage, GpuImage.pixels, to_gpu)
