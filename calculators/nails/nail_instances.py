"""Make nails in the frame from the network's maps."""

import numpy as np

from calculators.nails import nails_pb2
from calculators.nails.instances import centroid, enlarged_mask, extent, nail_logits
from calculators.nails.nail import Nail
from calculators.nails.splitting import bounding_boxes
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

IMAGE = "IMAGE"
LABELS = "LABELS"
FOREGROUND = "FOREGROUND"
ORIENTATIONS = "ORIENTATIONS"
CLASS_IDS = "CLASS_IDS"
SCORES = "SCORES"
NAILS = "NAILS"

THRESHOLD = 0.5


@register
class NailInstancesCalculator(Calculator):
    """Makes nails in pixels of the frame: each cut out of the foreground, enlarged with a smooth soft edge.

    Lengths and widths are measured on the soft mask, along a nail's orientation and across it. The middle of
    the maps' upper left pixel lies on that of the frame's, as in what ImageToTensorCalculator makes of it.

    Inputs:
        IMAGE: frames [height, width, 3]; only their size is looked at.
        LABELS: int32 [h, w], 0 is background, 1 to n are nails. It spans the frame.
        FOREGROUND: float32 [h, w] in [0, 1], 1 is nail.
        ORIENTATIONS: list of n floats, from base to tip in radians.
        CLASS_IDS: list of n indices into `nail.CLASSES` or None.
        SCORES: list of n floats in [0, 1].

    Outputs:
        NAILS: list of `nail.Nail`, empty where no nail is.

    Options:
        tryon.NailInstancesCalculatorOptions
        threshold: foreground probability at which a mask is a half, in (0, 1), default 0.5; that of
            NailComponentsCalculator.

    Example:
        node {
          calculator: "NailInstancesCalculator"
          input_stream: "IMAGE:image"
          input_stream: "LABELS:labels"
          input_stream: "FOREGROUND:foreground"
          input_stream: "ORIENTATIONS:orientations"
          input_stream: "CLASS_IDS:class_ids"
          input_stream: "SCORES:scores"
          output_stream: "NAILS:nails"
          node_options {
            [type.googleapis.com/tryon.NailInstancesCalculatorOptions] { threshold: 0.5 }
          }
        }
    """

    Options = nails_pb2.NailInstancesCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        for tag in (IMAGE, LABELS, FOREGROUND):
            contract.inputs[tag].set(np.ndarray)
        for tag in (ORIENTATIONS, CLASS_IDS, SCORES):
            contract.inputs[tag].set(list)
        contract.outputs[NAILS].set(list[Nail])
        contract.timestamp_offset = 0
        options = contract.options(cls.Options)
        if options.HasField("threshold") and not 0 < options.threshold < 1:
            raise GraphError(f"threshold is {options.threshold:g}; it must lie between 0 and 1.")

    def open(self, context: CalculatorContext) -> None:
        options = context.options(self.Options)
        self._threshold = options.threshold if options.HasField("threshold") else THRESHOLD

    def process(self, context: CalculatorContext) -> None:
        if any(stream.is_empty for stream in context.inputs):
            return
        labels, foreground = context.inputs[LABELS].value, context.inputs[FOREGROUND].value
        lists = [context.inputs[tag].value for tag in (ORIENTATIONS, CLASS_IDS, SCORES)]
        boxes = bounding_boxes(labels, len(lists[0]))
        frame_height, frame_width = context.inputs[IMAGE].value.shape[:2]
        frame_size, map_size = (frame_width, frame_height), labels.shape[::-1]
        scale = frame_width / map_size[0]
        nails = []
        for i, (box, angle, finger, score) in enumerate(zip(boxes, *lists, strict=True)):
            logits, x, y = nail_logits(foreground, labels, i + 1, box, self._threshold)
            mask, left, top = enlarged_mask(logits, x, y, map_size, frame_size)
            center = centroid(mask)
            if center is not None:
                length, width = (scale * side for side in extent(logits, angle))
                nails.append(
                    Nail(
                        mask,
                        left,
                        top,
                        (left + center[0], top + center[1]),
                        angle,
                        length,
                        width,
                        finger,
                        score,
                    )
                )
        context.outputs[NAILS].add(nails, context.input_timestamp)
