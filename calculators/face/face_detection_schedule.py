"""Say in which frames the face detector is to look."""

import numpy as np

from calculators.face import tracking_pb2
from calculators.formats.rect_pb2 import NormalizedRect
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

IMAGE = "IMAGE"
NORM_RECTS = "NORM_RECTS"
ALLOW = "ALLOW"
MAX_FACES = 1
INTERVAL = 5


@register
class FaceDetectionScheduleCalculator(Calculator):
    """Says in which frames the face detector has to look: where a face was lost, or a slot is free.

    It looks in every frame while there is no face, at once where one was lost, and now and then while there
    are fewer than there may be; not at all while there are as many.

    Inputs:
        IMAGE: frames; only that there is one counts.
        NORM_RECTS: list of NormalizedRect, the faces that are followed into this frame; no packet: none.

    Outputs:
        ALLOW: bool for every frame, True where the detector has to look; for GateCalculator.

    Options:
        tryon.FaceDetectionScheduleCalculatorOptions
        max_faces: faces that are followed at most, >= 1, default 1.
        interval: in which frame after the last one a free slot is looked for, >= 1, default 5.

    Example:
        node {
          calculator: "FaceDetectionScheduleCalculator"
          input_stream: "IMAGE:image"
          input_stream: "NORM_RECTS:previous_rects"
          output_stream: "ALLOW:detects"
          node_options {
            [type.googleapis.com/tryon.FaceDetectionScheduleCalculatorOptions] { max_faces: 2 }
          }
        }
    """

    Options = tracking_pb2.FaceDetectionScheduleCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[IMAGE].set(np.ndarray)
        contract.inputs[NORM_RECTS].set(list[NormalizedRect])
        contract.outputs[ALLOW].set(bool)
        contract.timestamp_offset = 0
        options = contract.options(cls.Options)
        for name in ("max_faces", "interval"):
            if options.HasField(name) and getattr(options, name) < 1:
                raise GraphError(f"{name} is {getattr(options, name)}; it must be at least 1.")

    def open(self, context: CalculatorContext) -> None:
        options = context.options(self.Options)
        self._max_faces = options.max_faces if options.HasField("max_faces") else MAX_FACES
        self._interval = options.interval if options.HasField("interval") else INTERVAL
        self._before = self._waited = 0

    def process(self, context: CalculatorContext) -> None:
        if context.inputs[IMAGE].is_empty:
            return
        rects = context.inputs[NORM_RECTS]
        faces = 0 if rects.is_empty else len(rects.value)
        self._waited += 1
        is_due = not faces or faces < self._before or self._waited >= self._interval
        detects = faces < self._max_faces and is_due
        if detects:
            self._waited = 0
        self._before = faces
        context.outputs[ALLOW].add(detects, context.input_timestamp)
