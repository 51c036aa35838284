"""Stretch nails towards their tips."""

import math
from dataclasses import replace

import numpy as np

from calculators.nails import nails_pb2
from calculators.nails.nail import Nail
from calculators.nails.pose import Size, moved_box, moved_mask, stretching
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

IMAGE = "IMAGE"
NAILS = "NAILS"
AMOUNT = 0.08


@register
class NailStretchCalculator(Calculator):
    """Stretches each nail towards its tip, so that polish covers the light edge of natural nails.

    The base end stays where it is, the width as it is, the edge soft; what leaves the frame is cut off.

    Inputs:
        IMAGE: frames [height, width, 3]; only their size is looked at.
        NAILS: list of `nail.Nail`, of each frame.

    Outputs:
        NAILS: list of `nail.Nail`, longer.

    Options:
        tryon.NailStretchCalculatorOptions
        amount: share of its length by which a nail grows, in [0, 1], default 0.08.

    Example:
        node {
          calculator: "NailStretchCalculator"
          input_stream: "IMAGE:image"
          input_stream: "NAILS:nails"
          output_stream: "NAILS:long_nails"
          node_options {
            [type.googleapis.com/tryon.NailStretchCalculatorOptions] { amount: 0.08 }
          }
        }
    """

    Options = nails_pb2.NailStretchCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[IMAGE].set(np.ndarray)
        contract.inputs[NAILS].set(list[Nail])
        contract.outputs[NAILS].set(list[Nail])
        contract.timestamp_offset = 0
        amount = contract.options(cls.Options).amount
        if not 0 <= amount <= 1:
            raise GraphError(f"amount is {amount:g}; it must be in 0 to 1.")

    def open(self, context: CalculatorContext) -> None:
        options = context.options(self.Options)
        self._amount = options.amount if options.HasField("amount") else AMOUNT

    def process(self, context: CalculatorContext) -> None:
        if any(stream.is_empty for stream in context.inputs):
            return
        height, width = context.inputs[IMAGE].value.shape[:2]
        nails = context.inputs[NAILS].value
        stretched = [stretched_nail(nail, self._amount, (width, height)) for nail in nails]
        context.outputs[NAILS].add(stretched, context.input_timestamp)


def stretched_nail(nail: Nail, amount: float, frame_size: Size) -> Nail:
    """The nail longer by a share of its length, its base where it was, within the frame (width, height)."""
    x, y = math.cos(nail.angle) * nail.length / 2, math.sin(nail.angle) * nail.length / 2
    base = nail.center[0] - x, nail.center[1] - y
    longer = stretching(base, nail.angle, 1 + amount, 1.0)
    box = moved_box(nail, longer, frame_size)
    if box is None:
        return nail
    return replace(
        nail,
        mask=moved_mask(nail, longer, box),
        left=box[0],
        top=box[1],
        center=(nail.center[0] + amount * x, nail.center[1] + amount * y),
        length=nail.length * (1 + amount),
    )
