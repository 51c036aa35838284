"""Read a detector's tensors."""

import numpy as np

from calculators.face import detection_pb2
from calculators.face.detections import find_detections
from calculators.formats.detection_pb2 import Detection
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

TENSORS = "TENSORS"
ANCHORS = "ANCHORS"
DETECTIONS = "DETECTIONS"


@register
class TensorsToDetectionsCalculator(Calculator):
    """Finds the boxes in a detector's tensors, with their key points and scores.

    Inputs:
        TENSORS: list of float32 tensors, the first two being, in any order, [1, num_boxes, num_coords] and
            [1, num_boxes, num_classes].

    Outputs:
        DETECTIONS: list of Detection with relative boxes in shares of the detector's input, one score and one
            label_id each; empty where nothing is found.

    Input side packets:
        ANCHORS: float32 [num_boxes, 4], from SsdAnchorsCalculator.

    Options:
        mediapipe.TensorsToDetectionsCalculatorOptions
        num_classes: scores of each box.
        num_boxes: boxes in the tensors.
        num_coords: numbers of each box.
        x_scale: what x is divided by before it counts in widths of the anchor.
        y_scale: the same for y and the anchor's height.
        w_scale: the same for widths.
        h_scale: the same for heights.
        keypoint_coord_offset: first number of the key points, default 0.
        num_keypoints: key points of each box, default 0.
        box_coord_offset: first number of the place and size, default 0.
        apply_exponential_on_box_size: sizes are exponents of e, default false.
        reverse_output_order: x comes before y, default false.
        sigmoid_score: scores are logits, default false.
        score_clipping_thresh: largest logit, default none.
        min_score_thresh: smallest score of a box, default none.

    Example:
        node {
          calculator: "TensorsToDetectionsCalculator"
          input_stream: "TENSORS:tensors"
          input_side_packet: "ANCHORS:anchors"
          output_stream: "DETECTIONS:detections"
          node_options {
            [type.googleapis.com/mediapipe.TensorsToDetectionsCalculatorOptions] {
              num_classes: 1 num_boxes: 576 num_coords: 12
              x_scale: 1 y_scale: 1 w_scale: 1 h_scale: 1
              apply_exponential_on_box_size: true
              reverse_output_order: true
              keypoint_coord_offset: 4 num_keypoints: 4
              min_score_thresh: 0.5
            }
          }
        }
    """

    Options = detection_pb2.TensorsToDetectionsCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[TENSORS].set(list)
        contract.input_side_packets[ANCHORS].set(np.ndarray)
        contract.outputs[DETECTIONS].set(list[Detection])
        contract.timestamp_offset = 0
        options = contract.options(cls.Options)
        for name in ("num_classes", "num_boxes", "num_coords", "x_scale", "y_scale", "w_scale", "h_scale"):
            if getattr(options, name) <= 0:
                raise GraphError(f"{name} is {getattr(options, name):g}; it must be larger than 0.")
        points = options.keypoint_coord_offset + 2 * options.num_keypoints
        if max(options.box_coord_offset + 4, points) > options.num_coords:
            raise GraphError(
                f"num_coords is {options.num_coords}; the box and its key points need "
                f"{max(options.box_coord_offset + 4, points)}."
            )

    def open(self, context: CalculatorContext) -> None:
        self._options = context.options(self.Options)
        self._anchors = context.input_side_packets[ANCHORS].value
        if self._anchors.shape != (self._options.num_boxes, 4):
            raise GraphError(
                f"The anchors are {list(self._anchors.shape)}; num_boxes: {self._options.num_boxes} needs "
                f"[{self._options.num_boxes}, 4]."
            )

    def process(self, context: CalculatorContext) -> None:
        if context.inputs[TENSORS].is_empty:
            return
        options, tensors = self._options, context.inputs[TENSORS].value
        boxes, scores = (
            [1, options.num_boxes, options.num_coords],
            [1, options.num_boxes, options.num_classes],
        )
        shapes = [list(tensor.shape) for tensor in tensors]
        if sorted(shapes[:2]) != sorted([boxes, scores]):
            raise GraphError(
                f"The first two tensors must be float32 {boxes} and {scores}; they are {shapes}."
            )
        first, second = tensors[:2] if shapes[0] == boxes else tensors[1::-1]
        found = find_detections(first[0], second[0], self._anchors, options)
        context.outputs[DETECTIONS].add(found, context.input_timestamp)
