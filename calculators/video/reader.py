"""Reads a video file frame by frame, without a graph.

What becomes of odd files:
- frames come out upright: the rotation and mirroring that a container asks for (phones) are applied;
- YUV becomes RGB by the matrix and range that the file states; where it states no matrix, by BT.709 from
  720 lines upwards and BT.601 below, as players do. swscale's vectorised path does it: it rounds down, by
  half a grey level on average, and takes a tenth of the time of the exact one;
- a frame that is not later than the one before it is left out, as players do;
- a damaged frame, a file that is cut off and a change of resolution are errors that name the time. The
  decoder would invent the missing picture, and nobody would know why the effect went wrong there.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from math import cos, radians, sin
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, VideoReformatter
from av.video.stream import VideoStream

from calculators.video.header import MICROSECOND, Frame, VideoHeader, seconds_text, to_microseconds
from tryon import GraphError

HD_LINES = 720
UNSPECIFIED = 2  # VideoFrame.colorspace where the file states no matrix
CUT_OFF_US = 1_000_000  # a video may end this much earlier than its container says
TEXT_ART = "tty"  # the video format that FFmpeg sees in any text file
MATROSKA_DURATION = re.compile(r"(\d+):(\d+):(\d+\.\d+)")


class VideoReader:
    """A video file as an iterable, once, of (timestamp, frame).

    Timestamps are the container's, in microseconds; a stream that starts before or after 0 keeps that.
    Frames are RGB uint8 [height, width, 3], C-contiguous.

    Args:
        path: the file.

    Attributes:
        header: size, rate and clock of the video.

    Raises:
        GraphError: the file is missing, empty, cut off, not a video or without a frame; while iterating:
            it is damaged or cut off, or its resolution changes.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._reformatter = VideoReformatter()
        self._container = _open(self.path)
        try:
            self._stream = self._find_stream()
            self._time_base = self._stream.time_base or MICROSECOND
            self._frame_rate = self._stream.average_rate or self._stream.guessed_rate or Fraction(25)
            decoded = self._decode()
            first = next(decoded, None)
            if first is None:
                raise GraphError(f'"{self.path}" has a video stream, but not one frame in it.')
            self._decoded = chain([first], decoded)
            self._orientation = _orientation(first[1])
            self.header = self._describe(*first)
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[tuple[int, Frame]]:
        for timestamp, frame in self._decoded:
            yield timestamp, _upright(self._to_rgb(frame), self._orientation)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self._container.close()

    def _find_stream(self) -> VideoStream:
        for stream in self._container.streams.video:
            if not stream.disposition & Disposition.attached_pic:  # the cover of a piece of music
                stream.thread_type = "AUTO"
                return stream
        raise GraphError(f'"{self.path}" has no video stream.')

    def _describe(self, start: int, first: VideoFrame) -> VideoHeader:
        width, height, aspect = first.width, first.height, self._stream.sample_aspect_ratio or Fraction(1)
        if self._orientation.transposed:
            width, height, aspect = height, width, 1 / aspect
        end = self._announced_end()
        duration = (self._container.duration or 0) if end is None else end - start
        estimate = round(duration * MICROSECOND * self._frame_rate)
        return VideoHeader(
            width=width,
            height=height,
            frame_rate=self._frame_rate,
            duration_us=duration,
            frame_count=min(self._stream.frames or estimate, estimate),  # an edit list may show fewer
            time_base=self._time_base,
            pixel_aspect=aspect,
        )

    def _announced_end(self) -> int | None:
        """The end of the stream in microseconds, if the container tells it."""
        stream = self._stream
        if stream.duration is not None:
            return to_microseconds((stream.start_time or 0) + stream.duration, self._time_base)
        if match := MATROSKA_DURATION.match(stream.metadata.get("DURATION", "")):
            hours, minutes, seconds = map(Fraction, match.groups())
            return round((hours * 3600 + minutes * 60 + seconds) / MICROSECOND)
        return None

    def _decode(self) -> Iterator[tuple[int, VideoFrame]]:
        step = round(1 / (self._frame_rate * MICROSECOND))
        size = last = None
        reached = 0
        for frame in self._decode_packets():
            if frame.pts is not None:
                timestamp = to_microseconds(frame.pts, self._time_base)
            else:  # bare streams, such as .h264, have no clock
                timestamp = 0 if last is None else last + step
            if frame.is_corrupt:
                raise GraphError(f'"{self.path}" is damaged at {seconds_text(timestamp)}.')
            if size is None:
                size = (frame.width, frame.height)
            elif size != (frame.width, frame.height):
                raise GraphError(
                    f'The resolution of "{self.path}" changes from {size[0]}x{size[1]} to '
                    f"{frame.width}x{frame.height} at {seconds_text(timestamp)}; "
                    "re-encode it to one size, or cut it there."
                )
            if last is None or timestamp > last:
                last = timestamp
                reached = timestamp + to_microseconds(frame.duration, self._time_base)
                yield timestamp, frame
        end = self._announced_end()
        if last is not None and end is not None and reached + CUT_OFF_US < end:
            raise GraphError(
                f'"{self.path}" is cut off: it ends at {seconds_text(reached)}, not at {seconds_text(end)}.'
            )

    def _decode_packets(self) -> Iterator[VideoFrame]:
        reached = "at its beginning"
        try:
            for packet in self._container.demux(self._stream):
                if packet.is_corrupt:
                    raise GraphError(f'"{self.path}" is damaged or cut off {reached}.')
                for frame in packet.decode():
                    yield frame
                    if frame.pts is not None:
                        reached = f"after {seconds_text(to_microseconds(frame.pts, self._time_base))}"
        except av.FFmpegError as error:
            raise GraphError(f'"{self.path}" is damaged {reached} ({error.strerror}).') from error

    def _to_rgb(self, frame: VideoFrame) -> Frame:
        matrix = None
        if frame.colorspace == UNSPECIFIED and frame.height >= HD_LINES and not frame.format.is_rgb:
            matrix = Colorspace.ITU709
        return self._reformatter.reformat(
            frame, format="rgb24", src_colorspace=matrix, threads=1
        ).to_ndarray()


class Orientation(NamedTuple):
    """How a stored picture becomes upright: rows and columns swapped first, then mirrored."""

    transposed: bool
    mirrored: bool
    upside_down: bool


def _open(path: Path) -> InputContainer:
    if not path.exists():
        raise GraphError(f'There is no video file "{path}".')
    if path.is_dir():
        raise GraphError(
            f'"{path}" is a folder, not a video file; ImageSequenceSourceCalculator reads a folder.'
        )
    if not path.stat().st_size:
        raise GraphError(f'The video file "{path}" is empty.')
    try:
        container = av.open(str(path))
    except av.InvalidDataError as error:
        with path.open("rb") as file:
            is_mp4 = file.read(12)[4:8] == b"ftyp"
        reason = (
            "is cut off: its index (moov) is missing" if is_mp4 else "is not a video, or cut off too early"
        )
        raise GraphError(f'"{path}" {reason}.') from error
    except (av.FFmpegError, OSError) as error:
        raise GraphError(f'The video file "{path}" cannot be opened: {error.strerror}.') from error
    if container.format.name == TEXT_ART:
        container.close()
        raise GraphError(f'"{path}" is a text file, not a video.')
    return container


def _orientation(frame: VideoFrame) -> Orientation:
    a, b, c, d = _display_matrix(frame)
    if abs(b) > abs(a):
        return Orientation(transposed=True, mirrored=c < 0, upside_down=b < 0)
    return Orientation(transposed=False, mirrored=a < 0, upside_down=d < 0)


def _display_matrix(frame: VideoFrame) -> tuple[float, float, float, float]:
    """(a, b, c, d) of the way to the screen: x' = a x + c y, y' = b x + d y."""
    try:
        matrix = frame.side_data["DISPLAYMATRIX"]  # type: ignore[typeddict-item]  # the stub names one kind only
    except KeyError:
        return 1, 0, 0, 1
    except ValueError:  # the frame carries data of a kind that PyAV has no name for
        angle = radians(frame.rotation)
        return cos(angle), -sin(angle), sin(angle), cos(angle)
    a, b, _, c, d = np.frombuffer(bytes(matrix), np.int32)[:5].tolist()
    return a, b, c, d


def _upright(picture: Frame, orientation: Orientation) -> Frame:
    transposed, mirrored, upside_down = orientation
    if transposed:
        picture = cv2.transpose(picture)
    if mirrored or upside_down:
        picture = cv2.flip(picture, -1 if mirrored and upside_down else int(mirrored))
    return np.ascontiguousarray(picture)
