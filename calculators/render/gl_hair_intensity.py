"""Measures how bright the hair is on the GPU."""

import numpy as np

from calculators.hair import hair_pb2
from calculators.hair.hair_intensity import NOTHING, SteadyOutputs, time_constant
from calculators.render.context import gl_context
from calculators.render.gpu_image import GpuImage
from calculators.render.measuring import IntensityMeasurement
from tryon import Calculator, CalculatorContext, CalculatorContract, register

IMAGE = "IMAGE"
MASK = "MASK"
INTENSITY = "INTENSITY"
SCENE_LIGHT = "SCENE_LIGHT"


@register
class GlHairIntensityCalculator(Calculator):
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

    Options = hair_pb2.HairIntensityCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[IMAGE].set(GpuImage)
        contract.inputs[MASK].set(np.ndarray)
        contract.outputs[INTENSITY].set(float)
        if SCENE_LIGHT in contract.outputs:
            contract.outputs[SCENE_LIGHT].set(float)
        contract.timestamp_offset = 0
        contract.uses_gpu = True
        time_constant(contract.options(cls.Options))

    def open(self, context: CalculatorContext) -> None:
        self._steady = SteadyOutputs(time_constant(context.options(self.Options)))
        self._gl = gl_context()
        with self._gl as gl:
            self._measurement = IntensityMeasurement(gl)

    def process(self, context: CalculatorContext) -> None:
        image, mask = context.inputs[IMAGE], context.inputs[MASK]
        measured = NOTHING
        if not (image.is_empty or mask.is_empty):
            with self._gl:
                measured = self._measurement.measure(image.value, mask.value)
        self._steady.send(context, measured)
