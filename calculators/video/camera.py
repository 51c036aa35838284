"""Reads a camera frame by frame, without a graph."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction

import cv2

from calculators.video.header import Frame, VideoHeader, seconds_text
from tryon import GraphError

DEFAULT_RATE = 30


class Camera:
    """A camera as an endless iterable, once, of (timestamp, frame).

    Timestamps are microseconds since the first frame, by a clock that never goes back. A recorded file may
    stand in for a camera: then they are the file's, and the iteration ends with it.

    Args:
        name: the camera's index ("0"), device, address (rtsp://, http://), or a recorded file.
        width, height, frame_rate: what to ask the camera for; 0 leaves it to the camera.

    Attributes:
        header: size and rate of the frames.

    Raises:
        GraphError: there is no such camera; while iterating: it gives no more frames.
    """

    def __init__(self, name: str, *, width: int = 0, height: int = 0, frame_rate: float = 0) -> None:
        self._name = name
        with _silence():
            self._capture = cv2.VideoCapture(int(name) if name.isdigit() else name)
        if not self._capture.isOpened():
            self._capture.release()
            raise GraphError(
                f'There is no camera "{name}"; give an index ("0": the first), a device, an address, a file.'
            )
        wishes = {
            cv2.CAP_PROP_FRAME_WIDTH: width,
            cv2.CAP_PROP_FRAME_HEIGHT: height,
            cv2.CAP_PROP_FPS: frame_rate,
        }
        for setting, wish in wishes.items():
            if wish:
                self._capture.set(setting, wish)
        self._is_recorded = self._capture.get(cv2.CAP_PROP_FRAME_COUNT) > 0
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        self.header = VideoHeader(
            width=int(self._capture.get(cv2.CAP_PROP_FRAME_WIDTH)),
            height=int(self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT)),
            frame_rate=Fraction(rate if rate > 0 else DEFAULT_RATE).limit_denominator(1001),
        )

    def __iter__(self) -> Iterator[tuple[int, Frame]]:
        start = None
        last = -1
        count = 0
        while True:
            was_read, picture = self._capture.read()
            if not was_read:
                break
            now = self._file_time() if self._is_recorded else time.monotonic_ns() // 1000
            start = now if start is None else start
            last = max(last + 1, now - start)
            count += 1
            yield last, cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
        if not self._is_recorded:
            raise GraphError(
                f'Camera "{self._name}" stopped after {count} frames ({seconds_text(max(last, 0))}): '
                "was it unplugged, or is another program using it?"
            )

    def close(self) -> None:
        """Gives the camera back."""
        self._capture.release()

    def _file_time(self) -> int:
        return round(self._capture.get(cv2.CAP_PROP_POS_MSEC) * 1000)


@contextmanager
def _silence() -> Iterator[None]:
    """Keeps OpenCV from printing, for each of its backends, that it has no such camera."""
    log = getattr(cv2.utils, "logging", cv2)  # OpenCV 5 moved the functions there
    level = log.getLogLevel()
    log.setLogLevel(0)
    try:
        yield
    finally:
        log.setLogLevel(level)
