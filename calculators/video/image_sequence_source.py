"""ImageSequenceSourceCalculator."""

import numpy as np

from calculators.video import video_pb2
from calculators.video.header import VideoHeader
from calculators.video.pictures import Pictures
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

INPUT_PATH = "INPUT_PATH"
VIDEO = "VIDEO"
VIDEO_PRESTREAM = "VIDEO_PRESTREAM"
DEFAULT_RATE = 30.0


@register
class ImageSequenceSourceCalculator(Calculator):
    """Reads the pictures of a folder as the frames of a video, in natural order (9.png before 10.png).

    They are turned as their EXIF orientation says, and alpha is dropped. No picture, one that cannot be read
    and one of another size are errors that name it.

    Outputs:
        VIDEO: RGB uint8 frames [height, width, 3], the first one at 0.
        VIDEO_PRESTREAM: a VideoHeader at Timestamp.PRESTREAM: size, rate and number (optional).

    Input side packets:
        INPUT_PATH: a folder, or a pattern such as "shots/*.png", a string.

    Options:
        tryon.ImageSequenceSourceCalculatorOptions
        frame_rate: pictures a second, > 0, default 30.

    Example:
        node {
          calculator: "ImageSequenceSourceCalculator"
          input_side_packet: "INPUT_PATH:pictures"
          output_stream: "VIDEO:frames"
          output_stream: "VIDEO_PRESTREAM:header"
          node_options {
            [type.googleapis.com/tryon.ImageSequenceSourceCalculatorOptions] { frame_rate: 25 }
          }
        }
    """

    Options = video_pb2.ImageSequenceSourceCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        if _frame_rate(contract.options(cls.Options)) <= 0:
            raise GraphError("frame_rate is more than 0.")
        contract.input_side_packets[INPUT_PATH].set(str)
        contract.outputs[VIDEO].set(np.ndarray)
        if VIDEO_PRESTREAM in contract.outputs:
            contract.outputs[VIDEO_PRESTREAM].set(VideoHeader)

    def open(self, context: CalculatorContext) -> None:
        rate = _frame_rate(context.options(self.Options))
        pictures = Pictures(context.input_side_packets[INPUT_PATH].value, rate)
        self._frames = iter(pictures)
        if VIDEO_PRESTREAM in context.outputs:
            context.outputs[VIDEO_PRESTREAM].add(pictures.header, Timestamp.PRESTREAM)

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        item = next(self._frames, None)
        if item is None:
            return STOP
        timestamp, frame = item
        context.outputs[VIDEO].add(frame, timestamp)
        return None


def _frame_rate(options: video_pb2.ImageSequenceSourceCalculatorOptions) -> float:
    return options.frame_rate if options.HasField("frame_rate") else DEFAULT_RATE
