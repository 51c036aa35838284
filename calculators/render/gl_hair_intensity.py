"""Measures how bright the hair is on the GPU."""

import numpy as np
import numpy.typing as npt

from calculators.hair.hair_intensity import (
    IMAGE,
    INTENSITY,
    SCENE_LIGHT,
    HairIntensityCalculator,
    Measured,
)
from calculators.render.context import gl_context
from calculators.render.gpu_image import GpuImage
from calculators.render.measuring import IntensityMeasurement
from tryon import CalculatorContext, CalculatorContract, register


@register
class GlHairIntensityCalculator(HairIntensityCalculator):
    """Measures the mean luma of the hair, and of the light in the scene, on the GPU, steady in time.

    The twin of HairIntensityCalculator, for frames that were drawn on the GPU: they stay there, and a few
    numbers come back. A frame that is in memory, too, is measured there in less time.

    Inputs:
        IMAGE: frames on the GPU.
        MASK: float32 hair masks in [0, 1], any size.

    Outputs:
        INTENSITY: mean luma of the hair, float in [0, 1].
        SCENE_LIGHT: optional; luma of what is bright besides the hair, float in [0, 1]: near 1 in a well
            exposed picture, less in a dim room.

    Options:
        tryon.HairIntensityCalculatorOptions
        time_constant: seconds to cover 63 % of the way to a new value, >= 0, default 0.5.

    Example:
        node {
          calculator: "GlHairIntensityCalculator"
          input_stream: "IMAGE:gpu_image"
          input_stream: "MASK:hair_mask"
          output_stream: "INTENSITY:hair_intensity"
          output_stream: "SCENE_LIGHT:scene_light"
          node_options: {
            [type.googleapis.com/tryon.HairIntensityCalculatorOptions] { time_constant: 0.5 }
          }
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        super().get_contract(contract)
        contract.inputs[IMAGE].set(GpuImage)
        contract.uses_gpu = True

    def open(self, context: CalculatorContext) -> None:
        super().open(context)
        self._gl = gl_context()
        with self._gl as gl:
            self._measurement = IntensityMeasurement(gl)

    def measured(self, image: GpuImage, mask: npt.NDArray[np.float32]) -> Measured:
        with self._gl:
            intensity, light = self._measurement.measure(image, mask)
        return {INTENSITY: intensity, SCENE_LIGHT: light}
