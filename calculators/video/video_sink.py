"""VideoSinkCalculator."""

import numpy as np

from calculators.video import video_pb2
from calculators.video.header import VideoHeader
from calculators.video.writer import DEFAULT_PRESET, VideoWriter
from tryon import Calculator, CalculatorContext, CalculatorContract, register

OUTPUT_FILE_PATH = "OUTPUT_FILE_PATH"
AUDIO_FILE_PATH = "AUDIO_FILE_PATH"
VIDEO = "VIDEO"
VIDEO_PRESTREAM = "VIDEO_PRESTREAM"


@register
class VideoSinkCalculator(Calculator):
    """Writes frames, and the sound of their source, into a video file at the frames' exact times.

    The suffix decides: H.264 in .mp4, .mov and .mkv, VP9 in .webm (.mkv and .webm keep times to the
    millisecond). The file grows as NAME.partial beside its place and gets its name when the run ends well;
    after an error the partial file stays, playable, and a file of that name from before is untouched.
    Frames of odd width or height get their last column or row twice, which 4:2:0 video needs.

    Inputs:
        VIDEO: RGB uint8 frames [height, width, 3], all of one size.
        VIDEO_PRESTREAM: the source's VideoHeader at Timestamp.PRESTREAM: the file takes over its clock and
            the length of the last frame (optional).

    Input side packets:
        OUTPUT_FILE_PATH: the file to be written, a string.
        AUDIO_FILE_PATH: the source, a string: its sound is copied, or encoded anew where the output does not
            take its codec, from the first frame to the end of the last one. What has no sound (a silent
            video, a camera, a folder) is fine (optional).

    Options:
        tryon.VideoSinkCalculatorOptions
        quality: constant rate factor, small is good, large is small: 0 to 51 for H.264, default 18; 0 to 63
            for VP9, default 30.
        preset: x264's, "ultrafast" (the quickest) to "veryslow" (the smallest file), default "superfast".

    Example:
        node {
          calculator: "VideoSinkCalculator"
          input_stream: "VIDEO:output_frames"
          input_stream: "VIDEO_PRESTREAM:header"
          input_side_packet: "OUTPUT_FILE_PATH:output_path"
          input_side_packet: "AUDIO_FILE_PATH:input_path"
          node_options {
            [type.googleapis.com/tryon.VideoSinkCalculatorOptions] { quality: 23 }
          }
        }
    """

    Options = video_pb2.VideoSinkCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.input_side_packets[OUTPUT_FILE_PATH].set(str)
        if AUDIO_FILE_PATH in contract.input_side_packets:
            contract.input_side_packets[AUDIO_FILE_PATH].set(str).optional()
        contract.inputs[VIDEO].set(np.ndarray)
        if VIDEO_PRESTREAM in contract.inputs:
            contract.inputs[VIDEO_PRESTREAM].set(VideoHeader)

    def open(self, context: CalculatorContext) -> None:
        options = context.options(self.Options)
        sides = context.input_side_packets
        has_audio = AUDIO_FILE_PATH in sides and not sides[AUDIO_FILE_PATH].is_empty
        self._writer = VideoWriter(
            sides[OUTPUT_FILE_PATH].value,
            audio=sides[AUDIO_FILE_PATH].value if has_audio else None,
            quality=options.quality if options.HasField("quality") else None,
            preset=options.preset if options.HasField("preset") else DEFAULT_PRESET,
        )

    def process(self, context: CalculatorContext) -> None:
        if VIDEO_PRESTREAM in context.inputs and not context.inputs[VIDEO_PRESTREAM].is_empty:
            self._writer.header = context.inputs[VIDEO_PRESTREAM].value
        if not context.inputs[VIDEO].is_empty:
            self._writer.write(context.inputs[VIDEO].value, context.input_timestamp)

    def close(self, context: CalculatorContext) -> None:
        self._writer.close(failed=context.graph_failed)
