"""Measures how bright the hair is."""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from calculators.hair import hair_pb2
from calculators.hair.intensity import hair_intensity, scene_light
from calculators.hair.steady import Steady
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

IMAGE = "IMAGE"
MASK = "MASK"
INTENSITY = "INTENSITY"
SCENE_LIGHT = "SCENE_LIGHT"
TIME_CONSTANT = 0.5

Measured: TypeAlias = dict[str, float | None]
"""By tag; None for what a picture does not show."""


@register
class HairIntensityCalculator(Calculator):
    """Measures the mean luma of the hair, and of the light in the scene, steady in time.

    The values follow changes of light within the time constant, whatever the frame rate. Where the
    picture shows no hair they stay as they were; before any hair was seen nothing is sent.

    Inputs:
        IMAGE: RGB uint8 frames [height, width, 3].
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
          calculator: "HairIntensityCalculator"
          input_stream: "IMAGE:image"
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
        contract.inputs[IMAGE].set(np.ndarray)
        contract.inputs[MASK].set(np.ndarray)
        contract.outputs[INTENSITY].set(float)
        if SCENE_LIGHT in contract.outputs:
            contract.outputs[SCENE_LIGHT].set(float)
        contract.timestamp_offset = 0
        time_constant(contract.options(cls.Options))

    def open(self, context: CalculatorContext) -> None:
        seconds = time_constant(context.options(self.Options))
        self._steady = {tag: Steady(seconds) for tag in (INTENSITY, SCENE_LIGHT) if tag in context.outputs}

    def process(self, context: CalculatorContext) -> None:
        image, mask = context.inputs[IMAGE], context.inputs[MASK]
        measured: Measured = {}
        if not (image.is_empty or mask.is_empty):
            measured = self.measured(image.value, mask.value)
        for tag, steady in self._steady.items():
            found = measured.get(tag)
            if found is not None:
                steady.follow(np.array([found]), context.input_timestamp)
            if steady.values is not None:
                context.outputs[tag].add(float(steady.values[0]), context.input_timestamp)

    def measured(self, image: Any, mask: npt.NDArray[np.float32]) -> Measured:
        """What a frame shows at least of what is wanted."""
        measures = {INTENSITY: hair_intensity, SCENE_LIGHT: scene_light}
        return {tag: measures[tag](image, mask) for tag in self._steady}


def time_constant(given: hair_pb2.HairIntensityCalculatorOptions) -> float:
    """The time constant in seconds.

    Raises:
        GraphError: it is negative.
    """
    seconds = given.time_constant if given.HasField("time_constant") else TIME_CONSTANT
    if not seconds >= 0:
        raise GraphError(f"time_constant is {seconds:g}; it is a number of seconds, 0 or more.")
    return seconds
