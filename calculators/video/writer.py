"""Writes a video file frame by frame, without a graph.

x264's preset `superfast` is the default: for the 640x480 demo clip (crf 18) it takes 4.3 ms of one core a
frame (`ultrafast` 2.5, `veryfast` 6.5, `medium` 19) and gives 45.9 dB PSNR, the best of these, at 1.5 Mbit/s
(3.4, 0.75, 0.6). Encoding thus takes an eighth of two cores at 60 frames a second.
"""

from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import cv2
import numpy as np
from av.codec.context import Flags
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from av.video.stream import VideoStream

from calculators.video.audio import AudioTrack
from calculators.video.container import CONTAINERS, H264, Container
from calculators.video.header import MICROSECOND, Frame, VideoHeader, seconds_text, to_microseconds, to_ticks
from calculators.video.reader import HD_LINES
from tryon import GraphError

DEFAULT_RATE = Fraction(30)
DEFAULT_PRESET = "superfast"
PRESETS = ("ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow")
BT709, BT601 = 1, 6  # AVColorSpace; the first is also the number of BT.709's primaries and transfer curve
MP4_TICKS = 10_000  # a second; the MP4 muxer doubles a clock that has fewer


class VideoWriter:
    """A video file that grows by `write`: H.264 in .mp4, .mov and .mkv, VP9 in .webm.

    - The file grows as `NAME.partial` and gets its name in `close`. A run that fails leaves an earlier file
      of that name alone, and what was encoded so far, playable, in the partial one.
    - Times are kept to the tick of the source's clock (`header`); to the millisecond in .mkv and .webm, whose
      clock is no finer. A start before 0, which no player shows, is moved to 0.
    - Frames of odd width or height get their last column or row twice: 4:2:0 video has even sizes.
    - Colours are BT.709 from 720 lines upwards and BT.601 below, and the file says so.

    Args:
        path: the file; its suffix decides what is written.
        header: rate, clock and length of the source, as far as known; may be set until the first frame.
        audio: the file whose sound goes along, from the first frame to the end of the last one; what has no
            sound (a silent video, a camera, a folder) gives none.
        quality: constant rate factor, small is good, large is small: 0 to 51 for H.264, default 18; 0 to 63
            for VP9, default 30.
        preset: x264's, `ultrafast` to `veryslow`: quick and large, or slow and small; default `superfast`.

    Attributes:
        header: as above.

    Raises:
        GraphError: `path` cannot be written, or an argument is out of range.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        header: VideoHeader | None = None,
        audio: Path | str | None = None,
        quality: int | None = None,
        preset: str = DEFAULT_PRESET,
    ) -> None:
        self.header = header
        self._path = Path(path)
        self._partial = self._path.with_name(f"{self._path.name}.partial")
        self._audio = audio
        self._container = _container(self._path)
        self._options = _encoder_options(self._container, quality, preset)
        self._encoding: _Encoding | None = None
        self._is_open = True
        self._is_broken = False
        _reserve(self._path, self._partial, audio)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close(failed=kind is not None)

    def write(self, frame: Frame, timestamp: int) -> None:
        """Adds a frame, RGB uint8 [height, width, 3], shown from `timestamp` in microseconds.

        Raises:
            GraphError: it is no picture, its size is not the first one's, its time not later than the last
                one's, or the file cannot be written.
        """
        if frame.ndim != 3 or frame.shape[2] != 3 or frame.dtype != np.uint8:
            raise GraphError(
                f"A video takes RGB uint8 frames [height, width, 3], not {frame.dtype} {list(frame.shape)}."
            )
        try:
            if self._encoding is None:
                self._encoding = self._begin(frame, timestamp)
            self._encoding.write(frame, timestamp)
        except av.FFmpegError as error:
            self._is_broken = True
            raise GraphError(f'"{self._path}" cannot be written: {error.strerror}.') from error

    def close(self, *, failed: bool = False) -> None:
        """Finishes the file and gives it its name; closing again does nothing.

        Args:
            failed: the run ended with an error: what there is stays in `NAME.partial`.

        Raises:
            GraphError: there was no frame, or the file cannot be written.
        """
        if not self._is_open:
            return
        self._is_open = False
        try:
            if self._encoding is not None:
                self._encoding.close(is_broken=self._is_broken)
            elif not failed:
                raise GraphError(f'Not one frame came: "{self._path}" was not written.')
            if not failed:
                self._partial.replace(self._path)
        except (av.FFmpegError, OSError) as error:
            if not failed:
                raise GraphError(f'"{self._path}" cannot be finished: {error.strerror}.') from error
        finally:
            if self._partial.exists() and not self._partial.stat().st_size:
                self._partial.unlink()

    def _begin(self, frame: Frame, timestamp: int) -> "_Encoding":
        height, width = frame.shape[:2]
        header = self.header or VideoHeader(width, height, DEFAULT_RATE)
        return _Encoding(self._partial, self._container, self._options, header, self._audio, frame, timestamp)


class _Encoding:
    """The file from its first frame on."""

    def __init__(
        self,
        path: Path,
        container: Container,
        options: dict[str, str],
        header: VideoHeader,
        audio: Path | str | None,
        frame: Frame,
        start: int,
    ) -> None:
        self._header = header
        self._height, self._width = frame.shape[:2]
        self._start = start
        self._shift = min(start, 0)
        self._has_edit_list = container.has_edit_list
        self._time_base = _time_base(header.time_base, container)
        self._duration = max(1, to_ticks(round(1 / (header.frame_rate * MICROSECOND)), self._time_base))
        self._held: VideoFrame | None = None  # until the next one tells how long it lasts
        self._held_ticks = 0
        self._first_dts: int | None = None
        self._count = 0
        self._reformatter = VideoReformatter()
        muxer_options = {}
        if container.has_edit_list:  # the index in front; a late start to the tick
            muxer_options = {"movflags": "faststart", "movie_timescale": str(self._time_base.denominator)}
        with ExitStack() as files:
            self._output = av.open(str(path), "w", format=container.format, container_options=muxer_options)
            files.enter_context(self._output)
            self._stream = self._add_stream(container, options)
            self._track = None
            if audio is not None:
                self._track = AudioTrack.of_file(audio, self._output, container, start)
            if self._track is not None:
                files.callback(self._track.close)
            self._files = files.pop_all()

    def write(self, frame: Frame, timestamp: int) -> None:
        height, width = frame.shape[:2]
        if (height, width) != (self._height, self._width):
            raise GraphError(
                f"The frame at {seconds_text(timestamp)} (timestamp {timestamp}) is {width}x{height}, "
                f"the first one was {self._width}x{self._height}: a video has one size."
            )
        ticks = to_ticks(timestamp - self._shift, self._time_base)
        if self._held is not None:
            if ticks <= self._held_ticks:
                raise GraphError(
                    f"The frame at {seconds_text(timestamp)} (timestamp {timestamp}) is not later than the "
                    f"one before it on the file's clock, whose ticks last {self._time_base} s."
                )
            self._duration = ticks - self._held_ticks
            self._output.mux(self._encode(self._held))
        self._held, self._held_ticks = self._to_yuv(frame), ticks
        self._count += 1
        if self._track is not None:
            self._track.advance(timestamp)

    def close(self, *, is_broken: bool) -> None:
        with self._files:
            if self._held is not None and not is_broken:  # FFmpeg may crash on writing after an error
                end = self._end()
                self._duration = max(1, to_ticks(end - self._shift, self._time_base) - self._held_ticks)
                packets = [*self._encode(self._held), *self._stream.encode(None)]
                self._stretch(packets)
                self._output.mux(packets)
                if self._track is not None:
                    self._track.finish(end)

    def _end(self) -> int:
        """When the last frame ends: as in the source if nothing is missing, else it lasts like the others."""
        last = to_microseconds(self._held_ticks, self._time_base) + self._shift
        end = self._start + self._header.duration_us
        if self._count == self._header.frame_count and end > last:
            return end
        return last + to_microseconds(self._duration, self._time_base)

    def _encode(self, picture: VideoFrame) -> "list[Packet[VideoStream]]":
        picture.pts = self._held_ticks
        picture.duration = self._duration
        picture.time_base = self._time_base
        packets = self._stream.encode(picture)
        if packets and self._first_dts is None:
            self._first_dts = packets[0].dts
        return packets

    def _stretch(self, packets: "list[Packet[VideoStream]]") -> None:
        """Lets the last packet last until the end: MP4 adds up lengths in the order of decoding."""
        first_dts = packets[0].dts if self._first_dts is None else self._first_dts
        last = packets[-1]
        if self._has_edit_list and first_dts is not None and last.dts is not None:
            length = self._held_ticks + self._duration - to_ticks(self._start - self._shift, self._time_base)
            last.duration = length - (last.dts - first_dts)

    def _add_stream(self, container: Container, options: dict[str, str]) -> VideoStream:
        stream = self._output.add_stream(container.video_codec, rate=self._header.frame_rate, options=options)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = _even(self._width), _even(self._height)
        stream.pix_fmt = "yuv420p"
        stream.time_base = self._time_base
        encoder = stream.codec_context
        encoder.time_base = self._time_base
        encoder.flags |= Flags.frame_duration
        encoder.thread_type = "FRAME"  # PyAV's default, slices, compresses less
        encoder.sample_aspect_ratio = self._header.pixel_aspect
        encoder.color_range = ColorRange.MPEG
        encoder.color_primaries = encoder.color_trc = BT709
        encoder.colorspace = BT709 if self._is_hd() else BT601
        return stream

    def _is_hd(self) -> bool:
        return self._height >= HD_LINES

    def _to_yuv(self, frame: Frame) -> VideoFrame:
        bottom, right = self._height % 2, self._width % 2
        if bottom or right:
            frame = cv2.copyMakeBorder(frame, 0, bottom, 0, right, cv2.BORDER_REPLICATE)
        return self._reformatter.reformat(
            VideoFrame.from_numpy_buffer(np.ascontiguousarray(frame)),
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709 if self._is_hd() else Colorspace.ITU601,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.AREA,  # colours are means over 2x2 pixels
            threads=1,
        )


def _even(size: int) -> int:
    return size + size % 2


def _time_base(source: Fraction, container: Container) -> Fraction:
    """The file's clock: the source's, or one in which its ticks are a whole number of ticks."""
    ticks = source.denominator
    while ticks < MP4_TICKS:
        ticks *= 2
    return max(Fraction(1, ticks), container.tick)


def _container(path: Path) -> Container:
    container = CONTAINERS.get(path.suffix.lower())
    if container is None:
        known = ", ".join(CONTAINERS)
        raise GraphError(f'"{path}": the name of a video to be written ends with one of {known}.')
    return container


def _encoder_options(container: Container, quality: int | None, preset: str) -> dict[str, str]:
    quality = container.quality if quality is None else quality
    if quality not in container.quality_range:
        best, worst = container.quality_range[0], container.quality_range[-1]
        raise GraphError(
            f"quality is {quality}; {container.video_codec} takes {best} (best) to {worst} (smallest)."
        )
    if container.video_codec != H264:
        return {"crf": str(quality), "b:v": "0", "deadline": "realtime", "cpu-used": "8", "row-mt": "1"}
    if preset not in PRESETS:
        raise GraphError(f'There is no preset "{preset}"; x264 has {", ".join(PRESETS)}.')
    return {"crf": str(quality), "preset": preset}


def _reserve(path: Path, partial: Path, audio: Path | str | None) -> None:
    """Makes sure, by creating the partial file, that there will be a place for the video."""
    if path.is_dir():
        raise GraphError(f'"{path}" is a folder; name a file to be written.')
    if not path.parent.is_dir():
        raise GraphError(f'"{path}" cannot be written: there is no folder "{path.parent}".')
    if audio is not None and path.exists() and Path(audio).exists() and path.samefile(audio):
        raise GraphError(f'"{path}" is both read and written; give the output another name.')
    try:
        partial.open("wb").close()
    except OSError as error:
        raise GraphError(f'"{path}" cannot be written: {error.strerror}.') from error
