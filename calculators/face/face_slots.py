"""Choose the faces that are followed."""

from calculators.face import tracking_pb2
from calculators.formats.rect_pb2 import NormalizedRect
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

NORM_RECTS = "NORM_RECTS"
MAX_FACES = 1


@register
class FaceSlotsCalculator(Calculator):
    """Gives new faces an id, and keeps no more faces than wanted: first those that are followed already.

    Inputs:
        NORM_RECTS: list of NormalizedRect; those with rect_id are followed already.

    Outputs:
        NORM_RECTS: list of NormalizedRect, all with rect_id; an id is never given twice.

    Options:
        tryon.FaceSlotsCalculatorOptions
        max_faces: faces that are followed at most, >= 1, default 1.

    Example:
        node {
          calculator: "FaceSlotsCalculator"
          input_stream: "NORM_RECTS:all_rects"
          output_stream: "NORM_RECTS:rects"
          node_options {
            [type.googleapis.com/tryon.FaceSlotsCalculatorOptions] { max_faces: 2 }
          }
        }
    """

    Options = tracking_pb2.FaceSlotsCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[NORM_RECTS].set(list[NormalizedRect])
        contract.outputs[NORM_RECTS].set(list[NormalizedRect])
        contract.timestamp_offset = 0
        options = contract.options(cls.Options)
        if options.HasField("max_faces") and options.max_faces < 1:
            raise GraphError(f"max_faces is {options.max_faces}; it must be at least 1.")

    def open(self, context: CalculatorContext) -> None:
        options = context.options(self.Options)
        self._max_faces = options.max_faces if options.HasField("max_faces") else MAX_FACES
        self._count = 0

    def process(self, context: CalculatorContext) -> None:
        if context.inputs[NORM_RECTS].is_empty:
            return
        rects = context.inputs[NORM_RECTS].value
        followed = sorted((r for r in rects if r.HasField("rect_id")), key=lambda rect: rect.rect_id)
        chosen = followed + [rect for rect in rects if not rect.HasField("rect_id")]
        numbered = [self._numbered(rect) for rect in chosen[: self._max_faces]]
        context.outputs[NORM_RECTS].add(numbered, context.input_timestamp)

    def _numbered(self, rect: NormalizedRect) -> NormalizedRect:
        if rect.HasField("rect_id"):
            return rect
        result = NormalizedRect(rect_id=self._count)
        result.MergeFrom(rect)
        self._count += 1
        return result
