"""Measures how bright the hair is."""

import math

import numpy as np

from calculators.hair import hair_pb2
from calculators.hair.intensity import hair_intensity
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

IMAGE = "IMAGE"
MASK = "MASK"
INTENSITY = "INTENSITY"
TIME_CONSTANT = 0.5


@register
class HairIntensityCalculator(Calculator):
    """Measures the mean luma of the hair, steady in time.

    The value follows changes of light within the time constant, whatever the frame rate. Where the
    picture shows no hair it stays as it was; before any hair was seen nothing is sent.

    Inputs:
        IMAGE: RGB uint8 frames [height, width, 3].
        MASK: float32 hair masks in [0, 1], any size.

    Outputs:
        INTENSITY: mean luma of the hair, float in [0, 1].

    Options:
        tryon.HairIntensityCalculatorOptions
        time_constant: seconds to cover 63 % of the way to a new value, >= 0, default 0.5.

    Example:
        node {
          calculator: "HairIntensityCalculator"
          input_stream: "IMAGE:image"
          input_stream: "MASK:hair_mask"
          output_stream: "INTENSITY:hair_intensity"
          node_options: {
            [type.googleapis.com/tryon.HairIntensityCalculatorOptions] { time_constant: 0.5 }
          }
        }
    """

    Options = hair_pb2.HairIntensityCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[IMAGE].set(np.ndarray)
        contract.inputs[MASK].set(np.ndarray)
        contract.outputs[INTENSITY].set(float)
        contract.timestamp_offset = 0
        time_constant = contract.options(cls.Options).time_constant
        if not time_constant >= 0:
            raise GraphError(f"time_constant is {time_constant:g}; it is a number of seconds, 0 or more.")

    def open(self, context: CalculatorContext) -> None:
        options = context.options(self.Options)
        self._time_constant = options.time_constant if options.HasField("time_constant") else TIME_CONSTANT
        self._intensity: float | None = None
        self._seen_at = 0

    def process(self, context: CalculatorContext) -> None:
        image, mask = context.inputs[IMAGE], context.inputs[MASK]
        if not (image.is_empty or mask.is_empty):
            measured = hair_intensity(image.value, mask.value)
            if measured is not None:
                self._follow(measured, context.input_timestamp)
        if self._intensity is not None:
            context.outputs[INTENSITY].add(self._intensity, context.input_timestamp)

    def _follow(self, measured: float, timestamp: int) -> None:
        if self._intensity is None or self._time_constant == 0:
            self._intensity = measured
        else:
            seconds = (timestamp - self._seen_at) / 1e6
            self._intensity += (measured - self._intensity) * -math.expm1(-seconds / self._time_constant)
        self._seen_at = timestamp
