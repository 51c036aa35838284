"""Join the boxes of one object."""

from calculators.face import detection_pb2
from calculators.face.detections import suppress
from calculators.formats.detection_pb2 import Detection
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register


@register
class NonMaxSuppressionCalculator(Calculator):
    """Joins detections that overlap: a detector finds an object in several cells.

    Inputs:
        0: list of Detection with relative boxes and one score each.

    Outputs:
        0: list of Detection, the surest first; nothing for an empty list.

    Options:
        mediapipe.NonMaxSuppressionCalculatorOptions
        min_suppression_threshold: overlap from which on two are the same, in [0, 1], default 1.
        overlap_type: JACCARD (default), MODIFIED_JACCARD or INTERSECTION_OVER_UNION.
        return_empty_detections: send an empty list for an empty list, default false.
        min_score_threshold: detections of smaller scores are dropped, default -1.
        algorithm: DEFAULT keeps the surest as it is, WEIGHTED makes it the mean, weighted by the scores.

    Example:
        node {
          calculator: "NonMaxSuppressionCalculator"
          input_stream: "all_detections"
          output_stream: "detections"
          node_options {
            [type.googleapis.com/mediapipe.NonMaxSuppressionCalculatorOptions] {
              min_suppression_threshold: 0.3
              overlap_type: INTERSECTION_OVER_UNION
              algorithm: WEIGHTED
            }
          }
        }
    """

    Options = detection_pb2.NonMaxSuppressionCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[0].set(list[Detection])
        contract.outputs[0].set(list[Detection])
        contract.timestamp_offset = 0
        threshold = contract.options(cls.Options).min_suppression_threshold
        if not 0 <= threshold <= 1:
            raise GraphError(f"min_suppression_threshold is {threshold:g}; it must be in 0 to 1.")

    def open(self, context: CalculatorContext) -> None:
        self._options = context.options(self.Options)

    def process(self, context: CalculatorContext) -> None:
        if context.inputs[0].is_empty:
            return
        detections = suppress(context.inputs[0].value, self._options)
        if context.inputs[0].value or self._options.return_empty_detections:
            context.outputs[0].add(detections, context.input_timestamp)
