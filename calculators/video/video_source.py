"""VideoSourceCalculator."""

import numpy as np

from calculators.video.header import VideoHeader
from calculators.video.reader import VideoReader
from tryon import STOP, Calculator, CalculatorContext, CalculatorContract, ProcessStatus, Timestamp, register

INPUT_FILE_PATH = "INPUT_FILE_PATH"
VIDEO = "VIDEO"
VIDEO_PRESTREAM = "VIDEO_PRESTREAM"


@register
class VideoSourceCalculator(Calculator):
    """Reads a video file frame by frame, upright, at the container's exact times.

    A file that is missing, empty, cut off, not a video or without a frame is an error before anything runs;
    damage and a change of resolution further on are errors that name the time.

    Outputs:
        VIDEO: RGB uint8 frames [height, width, 3] at their presentation times, in microseconds.
        VIDEO_PRESTREAM: a VideoHeader at Timestamp.PRESTREAM: size, rate, length, clock (optional).

    Input side packets:
        INPUT_FILE_PATH: the file, a string.

    Example:
        node {
          calculator: "VideoSourceCalculator"
          input_side_packet: "INPUT_FILE_PATH:input_path"
          output_stream: "VIDEO:frames"
          output_stream: "VIDEO_PRESTREAM:header"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.input_side_packets[INPUT_FILE_PATH].set(str)
        contract.outputs[VIDEO].set(np.ndarray)
        if VIDEO_PRESTREAM in contract.outputs:
            contract.outputs[VIDEO_PRESTREAM].set(VideoHeader)

    def open(self, context: CalculatorContext) -> None:
        self._reader = VideoReader(context.input_side_packets[INPUT_FILE_PATH].value)
        self._frames = iter(self._reader)
        if VIDEO_PRESTREAM in context.outputs:
            context.outputs[VIDEO_PRESTREAM].add(self._reader.header, Timestamp.PRESTREAM)

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        item = next(self._frames, None)
        if item is None:
            return STOP
        timestamp, frame = item
        context.outputs[VIDEO].add(frame, timestamp)
        return None

    def close(self, context: CalculatorContext) -> None:
        self._reader.close()
