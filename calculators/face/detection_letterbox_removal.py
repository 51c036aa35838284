"""Take the bars of a letterbox off detections."""

from calculators.face.detections import without_padding
from calculators.formats.detection_pb2 import Detection
from tryon import Calculator, CalculatorContext, CalculatorContract, register

DETECTIONS = "DETECTIONS"
LETTERBOX_PADDING = "LETTERBOX_PADDING"


@register
class DetectionLetterboxRemovalCalculator(Calculator):
    """Turns places in a picture with bars into places in the picture itself.

    Inputs:
        DETECTIONS: list of Detection with relative boxes, in shares of the picture with bars.
        LETTERBOX_PADDING: the bars as fractions [left, top, right, bottom] of that picture's sides.

    Outputs:
        DETECTIONS: list of Detection in shares of the picture between the bars.

    Example:
        node {
          calculator: "DetectionLetterboxRemovalCalculator"
          input_stream: "DETECTIONS:detections"
          input_stream: "LETTERBOX_PADDING:padding"
          output_stream: "DETECTIONS:frame_detections"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[DETECTIONS].set(list[Detection])
        contract.inputs[LETTERBOX_PADDING].set(list)
        contract.outputs[DETECTIONS].set(list[Detection])
        contract.timestamp_offset = 0

    def process(self, context: CalculatorContext) -> None:
        if any(stream.is_empty for stream in context.inputs):
            return
        padding = context.inputs[LETTERBOX_PADDING].value
        detections = [without_padding(d, padding) for d in context.inputs[DETECTIONS].value]
        context.outputs[DETECTIONS].add(detections, context.input_timestamp)
