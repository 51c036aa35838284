"""Small real video files, written by PyAV itself so that reader and writer are tested apart."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

SIZE = (64, 48)


def scene(index: int, width: int = SIZE[0], height: int = SIZE[1]) -> np.ndarray:
    """A picture that tells its number and which way up it is: red, green, blue and a grey of its own."""
    picture = np.empty((height, width, 3), np.uint8)
    picture[: height // 2, : width // 2] = (200, 40, 40)
    picture[: height // 2, width // 2 :] = (40, 200, 40)
    picture[height // 2 :, : width // 2] = (40, 40, 200)
    picture[height // 2 :, width // 2 :] = 40 + 4 * (index % 40)
    return picture


def tone(seconds: float, rate: int, channels: int = 1) -> np.ndarray:
    """A sine of 440 Hz as float32 [channels, samples]."""
    time = np.arange(round(seconds * rate)) / rate
    return np.tile(0.3 * np.sin(2 * np.pi * 440 * time), (channels, 1)).astype(np.float32)


def make_video(
    path: Path,
    ticks: list[int] | range = range(10),
    *,
    time_base: Fraction = Fraction(1, 25),
    size: tuple[int, int] = SIZE,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    rotation: tuple[float, bool] | None = None,
    audio: str | None = None,
    audio_rate: int = 44_100,
    seconds: float = 1,
    draw: Callable[[int, int, int], np.ndarray] = scene,
    **muxer_options: str,
) -> Path:
    """Writes scenes at `ticks`; `rotation`: (degrees, mirrored); `audio`: codec of a tone of `seconds`.

    `draw` makes other pictures, from their number, width and height.
    """
    with av.open(str(path), "w", container_options=muxer_options) as output:
        stream = output.add_stream(codec, rate=25, options={"crf": "10"} if codec == "libx264" else {})
        stream.width, stream.height = size
        stream.pix_fmt = pixels
        stream.codec_context.time_base = stream.time_base = time_base
        if rotation is not None:
            stream.set_display_rotation(rotation[0], hflip=rotation[1])
        sound = output.add_stream(audio, rate=audio_rate, layout="mono") if audio else None
        for index, tick in enumerate(ticks):
            frame = av.VideoFrame.from_ndarray(draw(index, *size)).reformat(format=pixels)
            frame.pts, frame.time_base = tick, time_base
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
        if sound is not None:
            frame = av.AudioFrame.from_ndarray(tone(seconds, audio_rate), format="fltp", layout="mono")
            frame.sample_rate, frame.pts = audio_rate, 0
            output.mux(sound.encode(frame))
            output.mux(sound.encode(None))
    return path


MakeVideo = Callable[..., Path]


@pytest.fixture(name="make_video")
def make_video_fixture(tmp_path: Path) -> MakeVideo:
    """`make_video` below the test's own folder: takes a file name."""
    return lambda name, *args, **options: make_video(tmp_path / name, *args, **options)
