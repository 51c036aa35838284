"""Bring together rectangles of the same objects."""

from calculators.face import detection_pb2
from calculators.face.rects import associate
from calculators.formats.rect_pb2 import NormalizedRect
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register


@register
class AssociationNormRectCalculator(Calculator):
    """Joins lists of rectangles so that each object has one: those of later streams have precedence.

    A rectangle that takes the place of another takes its id.

    Inputs:
        0: list of NormalizedRect; as many streams as wanted, any of which may have no packet.

    Outputs:
        0: list of NormalizedRect, those of the last stream at the end.

    Options:
        mediapipe.AssociationCalculatorOptions
        min_similarity_threshold: intersection over union from which on two are the same, in [0, 1],
            default 1.

    Example:
        node {
          calculator: "AssociationNormRectCalculator"
          input_stream: "found_rects"
          input_stream: "followed_rects"
          output_stream: "rects"
          node_options {
            [type.googleapis.com/mediapipe.AssociationCalculatorOptions] { min_similarity_threshold: 0.5 }
          }
        }
    """

    Options = detection_pb2.AssociationCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        for rects in contract.inputs.all_of(""):
            rects.set(list[NormalizedRect])
        contract.outputs[0].set(list[NormalizedRect])
        contract.timestamp_offset = 0
        threshold = contract.options(cls.Options).min_similarity_threshold
        if not 0 <= threshold <= 1:
            raise GraphError(f"min_similarity_threshold is {threshold:g}; it must be in 0 to 1.")

    def open(self, context: CalculatorContext) -> None:
        self._threshold = context.options(self.Options).min_similarity_threshold

    def process(self, context: CalculatorContext) -> None:
        streams = (stream for stream in context.inputs.all_of("") if not stream.is_empty)
        rects = associate((rect for stream in streams for rect in stream.value), self._threshold)
        context.outputs[0].add(rects, context.input_timestamp)
