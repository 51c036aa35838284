"""Find out where nails point."""

import numpy as np

from calculators.nails.maps import nail_means
from calculators.nails.orientation import corrected_angle, principal_axes
from tryon import Calculator, CalculatorContext, CalculatorContract, register

LABELS = "LABELS"
FOREGROUND = "FOREGROUND"
DIRECTION = "DIRECTION"
ORIENTATIONS = "ORIENTATIONS"


@register
class NailOrientationCalculator(Calculator):
    """Finds where each nail points: the direction field's mean over the nail, weighted by the foreground.

    Where the field is weak or contradicts itself within a nail, its mean is short; the angle then goes over
    to the nail's own axis of symmetry, by all of the way where the mean is next to nothing.

    Inputs:
        LABELS: int32 [h, w], 0 is background, 1 to n are nails.
        FOREGROUND: float32 [h, w] in [0, 1], 1 is nail.
        DIRECTION: float32 [h / 4, w / 4, 2], x and y from a nail's base to its tip, of length 1 or so.

    Outputs:
        ORIENTATIONS: list of n floats, from base to tip, in radians in (-pi, pi]: 0 points right, pi / 2
            down.

    Example:
        node {
          calculator: "NailOrientationCalculator"
          input_stream: "LABELS:labels"
          input_stream: "FOREGROUND:foreground"
          input_stream: "DIRECTION:direction"
          output_stream: "ORIENTATIONS:orientations"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        for tag in (LABELS, FOREGROUND, DIRECTION):
            contract.inputs[tag].set(np.ndarray)
        contract.outputs[ORIENTATIONS].set(list)
        contract.timestamp_offset = 0

    def process(self, context: CalculatorContext) -> None:
        if any(stream.is_empty for stream in context.inputs):
            return
        labels, foreground = context.inputs[LABELS].value, context.inputs[FOREGROUND].value
        count = int(labels.max())
        means = nail_means(labels, count, foreground, context.inputs[DIRECTION].value)
        axes = principal_axes(labels, count, foreground)
        angles = [
            corrected_angle(x, y, axis) for (x, y), axis in zip(means.tolist(), axes.tolist(), strict=True)
        ]
        context.outputs[ORIENTATIONS].add(angles, context.input_timestamp)
