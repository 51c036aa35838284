"""CameraSourceCalculator."""

import numpy as np

from calculators.video import video_pb2
from calculators.video.camera import Camera
from calculators.video.header import VideoHeader
from tryon import (
    STOP,
    Calculator,
    CalculatorContext,
    CalculatorContract,
    GraphError,
    ProcessStatus,
    Timestamp,
    register,
)

CAMERA = "CAMERA"
VIDEO = "VIDEO"
VIDEO_PRESTREAM = "VIDEO_PRESTREAM"


@register
class CameraSourceCalculator(Calculator):
    """Reads a camera until the graph's sources are closed, or a recorded file in its place until it ends.

    Frames come as fast as the camera gives them; put a FlowLimiterCalculator behind it to drop what the
    effect cannot follow. A camera that is not there, and one that stops giving frames, are errors.

    Outputs:
        VIDEO: RGB uint8 frames [height, width, 3], at microseconds since the first one; a recorded file's at
            its own times.
        VIDEO_PRESTREAM: a VideoHeader at Timestamp.PRESTREAM: size and rate (optional).

    Input side packets:
        CAMERA: index ("0" is the first camera), device, address (rtsp://, http://) or file, a string.

    Options:
        tryon.CameraSourceCalculatorOptions
        width: to ask the camera for, in pixels; it takes the nearest it has. Default 0: the camera's own.
        height: likewise.
        frame_rate: frames a second to ask the camera for. Default 0: the camera's own.

    Example:
        node {
          calculator: "CameraSourceCalculator"
          input_side_packet: "CAMERA:camera"
          output_stream: "VIDEO:frames"
          output_stream: "VIDEO_PRESTREAM:header"
          node_options {
            [type.googleapis.com/tryon.CameraSourceCalculatorOptions] { width: 640 height: 480 }
          }
        }
    """

    Options = video_pb2.CameraSourceCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        options = contract.options(cls.Options)
        if min(options.width, options.height, options.frame_rate) < 0:
            raise GraphError("width, height and frame_rate are positive, or 0 for the camera's own.")
        contract.input_side_packets[CAMERA].set(str)
        contract.outputs[VIDEO].set(np.ndarray)
        if VIDEO_PRESTREAM in contract.outputs:
            contract.outputs[VIDEO_PRESTREAM].set(VideoHeader)

    def open(self, context: CalculatorContext) -> None:
        options = context.options(self.Options)
        self._camera = Camera(
            context.input_side_packets[CAMERA].value,
            width=options.width,
            height=options.height,
            frame_rate=options.frame_rate,
        )
        self._frames = iter(self._camera)
        if VIDEO_PRESTREAM in context.outputs:
            context.outputs[VIDEO_PRESTREAM].add(self._camera.header, Timestamp.PRESTREAM)

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        item = next(self._frames, None)
        if item is None:
            return STOP
        timestamp, frame = item
        context.outputs[VIDEO].add(frame, timestamp)
        return None

    def close(self, context: CalculatorContext) -> None:
        self._camera.close()
