"""Shows pictures before and after something was done to them."""

from typing import Any

import numpy as np

from calculators.color.oklab import parse_color
from calculators.image import before_after_pb2
from calculators.image.splitting import Split, split_view
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

BEFORE = "BEFORE"
AFTER = "AFTER"
IMAGE = "IMAGE"


@register
class BeforeAfterCalculator(Calculator):
    """Shows the left part of a picture as it was before, the right part as it is after an effect.

    `tryon run --split 0.5` puts one behind any effect.

    Inputs:
        BEFORE: RGB uint8 frames [height, width, 3]. At a timestamp without one the other frame passes whole.
        AFTER: the same frames with the effect, of the same size; there is no output without one.

    Outputs:
        IMAGE: RGB uint8 frames [height, width, 3], of both parts.

    Options:
        tryon.BeforeAfterCalculatorOptions
        position: where the parts meet, in parts of the width, in [0, 1], default 0.5; 0 shows nothing of the
            picture before, 1 nothing of the one after.
        line_width: of the line between them, in pixels, default 2; 0 draws none.
        line_color: its colour, default "#FFFFFF".

    Example:
        node {
          calculator: "BeforeAfterCalculator"
          input_stream: "BEFORE:input_video"
          input_stream: "AFTER:recolored_video"
          output_stream: "IMAGE:split_video"
          node_options: {
            [type.googleapis.com/tryon.BeforeAfterCalculatorOptions] { position: 0.4 line_width: 4 }
          }
        }
    """

    Options = before_after_pb2.BeforeAfterCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        for tag in (BEFORE, AFTER):
            contract.inputs[tag].set(np.ndarray)
        contract.outputs[IMAGE].set(np.ndarray)
        contract.timestamp_offset = 0
        split_options(contract.options(cls.Options))

    def open(self, context: CalculatorContext) -> None:
        self._split = split_options(context.options(self.Options))

    def process(self, context: CalculatorContext) -> None:
        before, after = context.inputs[BEFORE], context.inputs[AFTER]
        if after.is_empty:
            return
        view = after.value if before.is_empty else self.shown(before.value, after.value)
        context.outputs[IMAGE].add(view, context.input_timestamp)

    def shown(self, before: Any, after: Any) -> Any:
        """A frame of both parts, from two of one size."""
        return split_view(before, after, self._split)


def split_options(given: before_after_pb2.BeforeAfterCalculatorOptions) -> Split:
    """How the options part a picture; what they leave out as `Split` has it.

    Raises:
        GraphError: one is out of its range.
    """
    position = given.position if given.HasField("position") else Split.position
    line_width = given.line_width if given.HasField("line_width") else Split.line_width
    if not 0 <= position <= 1:
        raise GraphError(f"position is {position:g}; it must be from 0 to 1, in parts of the width.")
    if line_width < 0:
        raise GraphError(f"line_width is {line_width}; it must be 0, for no line, or more pixels.")
    if not given.HasField("line_color"):
        return Split(position, line_width)
    try:
        return Split(position, line_width, parse_color(given.line_color))
    except ValueError as error:
        raise GraphError(f"line_color: {error}") from error
