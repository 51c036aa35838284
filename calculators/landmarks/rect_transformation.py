"""Move, widen and square rectangles."""

from calculators.formats import rect_pb2
from calculators.landmarks import landmarks_pb2
from calculators.landmarks.points import UNIT
from calculators.landmarks.rect import transform_rect
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

NORM_RECT = "NORM_RECT"
NORM_RECTS = "NORM_RECTS"
RECT = "RECT"
RECTS = "RECTS"
IMAGE_SIZE = "IMAGE_SIZE"

KINDS: dict[str, type] = {
    NORM_RECT: rect_pb2.NormalizedRect,
    NORM_RECTS: list[rect_pb2.NormalizedRect],
    RECT: rect_pb2.Rect,
    RECTS: list[rect_pb2.Rect],
}


@register
class RectTransformationCalculator(Calculator):
    """Moves, squares and scales rectangles: from the box around a face to the crop that a model wants.

    Inputs:
        NORM_RECT: NormalizedRect; exactly one of the four kinds of rectangles is connected.
        NORM_RECTS: list of NormalizedRect.
        RECT: Rect.
        RECTS: list of Rect.
        IMAGE_SIZE: (width, height) of the picture, needed for normalised rectangles. At a timestamp without
            one there is no output.

    Outputs:
        0: what came in, transformed, of the same type.

    Options:
        mediapipe.RectTransformationCalculatorOptions
        scale_x: factor of the width, applied last; default 1.
        scale_y: factor of the height, applied last; default 1.
        rotation: turns the direction of the shift, clockwise, in radians; the rectangle's own rotation stays,
            as in the reference. Default 0.
        rotation_degrees: the same in degrees; at most one of the two is given.
        shift_x: moves along the rectangle's width: 1 moves by the whole width; default 0.
        shift_y: moves along the rectangle's height; default 0.
        square_long: makes a square as large as the longer side; default false.
        square_short: makes a square as large as the shorter side; at most one of the two is given.

    Example:
        node {
          calculator: "RectTransformationCalculator"
          input_stream: "NORM_RECT:face_rect"
          input_stream: "IMAGE_SIZE:image_size"
          output_stream: "crop_rect"
          node_options {
            [type.googleapis.com/mediapipe.RectTransformationCalculatorOptions] {
              scale_x: 1.5
              scale_y: 1.5
              square_long: true
            }
          }
        }
    """

    Options = landmarks_pb2.RectTransformationCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        tags = [tag for tag in KINDS if tag in contract.inputs]
        if len(tags) != 1:
            raise GraphError(
                f"Connect exactly one of the input streams {', '.join(KINDS)}; there are {tags or 'none'}."
            )
        kind = contract.inputs[tags[0]].set(KINDS[tags[0]])
        if tags[0] in (NORM_RECT, NORM_RECTS):
            if IMAGE_SIZE not in contract.inputs:
                raise GraphError(f"{tags[0]} needs the input stream IMAGE_SIZE, (width, height).")
            contract.inputs[IMAGE_SIZE].set(tuple)
        contract.outputs[0].set_same_as(kind)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        change = self._change = context.options(self.Options)
        if change.HasField("rotation") and change.HasField("rotation_degrees"):
            raise GraphError(
                "The options rotation and rotation_degrees exclude each other; give one of them."
            )
        if change.HasField("square_long") and change.HasField("square_short"):
            raise GraphError("The options square_long and square_short exclude each other; give one of them.")
        self._tag = next(tag for tag in KINDS if tag in context.inputs)

    def process(self, context: CalculatorContext) -> None:
        if any(stream.is_empty for stream in context.inputs):
            return
        size = context.inputs[IMAGE_SIZE].value if IMAGE_SIZE in context.inputs else UNIT
        value = context.inputs[self._tag].value
        result = (
            [transform_rect(rect, self._change, size) for rect in value]
            if isinstance(value, list)
            else transform_rect(value, self._change, size)
        )
        context.outputs[0].add(result, context.input_timestamp)
