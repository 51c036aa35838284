from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from calculators.video.header import VideoHeader, to_microseconds
from calculators.video.reader import VideoReader
from tryon import GraphError

from .conftest import MakeVideo, scene

VARIABLE = [0, 512, 700, 1500, 1501, 4000, 4100, 9000, 9001, 9777]
DATA = Path(__file__).parents[4] / "shared/data/videos"


def is_held_open(path: Path) -> bool:
    links = Path("/proc/self/fd").iterdir()
    return any(link.readlink() == path for link in links if link.is_symlink())


def test_times_are_the_containers(make_video: MakeVideo) -> None:
    path = make_video("variable.mp4", VARIABLE, time_base=Fraction(1, 12_800))
    with VideoReader(path) as reader:
        times = [timestamp for timestamp, _ in reader]
    assert times == [(tick * 1_000_000 + 6_400) // 12_800 for tick in VARIABLE]
    assert reader.header.time_base == Fraction(1, 12_800)


@pytest.mark.parametrize(
    ("name", "ticks", "options"),
    [
        ("late.mp4", range(50, 60), {}),
        (
            "early.mkv",
            range(-2, 8),
            {"codec": "mjpeg", "pixels": "yuvj420p", "avoid_negative_ts": "disabled"},
        ),
    ],
)
def test_a_start_before_or_after_zero_is_kept(
    make_video: MakeVideo, name: str, ticks: range, options: dict[str, str]
) -> None:
    path = make_video(name, ticks, **options)
    with VideoReader(path) as reader:
        assert [timestamp for timestamp, _ in reader] == [tick * 40_000 for tick in ticks]
    assert reader.header.duration_us == 400_000


def test_only_what_the_edit_list_shows_is_read(make_video: MakeVideo) -> None:
    with VideoReader(make_video("trimmed.mp4", range(-75, 75))) as reader:
        assert [timestamp for timestamp, _ in reader] == [40_000 * index for index in range(75)]
    assert (reader.header.duration_us, reader.header.frame_count) == (3_000_000, 75)


def test_bare_streams_get_times_from_their_rate(make_video: MakeVideo) -> None:
    with VideoReader(make_video("bare.h264")) as reader:
        assert [timestamp for timestamp, _ in reader] == [40_000 * index for index in range(10)]


def test_frames_and_header(make_video: MakeVideo) -> None:
    path = make_video(
        "plain.mp4", size=(62, 46)
    )  # lines of the decoder's buffer are longer than the picture's
    with VideoReader(path) as reader:
        frames = [frame for _, frame in reader]
    assert reader.header == VideoHeader(62, 46, Fraction(25), 400_000, 10, Fraction(1, 12_800))
    for index, frame in enumerate(frames):
        assert frame.flags.c_contiguous
        assert frame.dtype == np.uint8
        assert np.abs(frame.astype(int) - scene(index, 62, 46)).mean() < 6


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("degrees", [0, 90, 180, -90])
def test_frames_are_upright(make_video: MakeVideo, degrees: int, mirrored: bool) -> None:
    """PyAV writes a matrix that turns counter-clockwise first and then mirrors."""
    path = make_video("turned.mp4", rotation=(degrees, mirrored))
    expected = np.rot90(scene(0), degrees // 90)
    expected = expected[:, ::-1] if mirrored else expected
    with VideoReader(path) as reader:
        _, frame = next(iter(reader))
    assert frame.shape == expected.shape == (reader.header.height, reader.header.width, 3)
    assert frame.flags.c_contiguous
    assert np.abs(frame.astype(int) - expected).mean() < 6


@pytest.mark.parametrize(
    ("height", "matrix", "full_range", "is_bt709"),
    [
        (48, 1, False, True),
        (48, 6, False, False),
        (48, 2, False, False),
        (720, 2, False, True),
        (720, 6, False, False),
        (48, 6, True, False),
    ],
)
def test_colours(tmp_path: Path, height: int, matrix: int, full_range: bool, is_bt709: bool) -> None:
    """Y, Cb, Cr = 120, 100, 170 by the standards' own formulas."""
    path = tmp_path / "colour.mp4"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=25, options={"crf": "0"})
        stream.width, stream.height, stream.pix_fmt = 64, height, "yuv420p"
        stream.codec_context.colorspace = matrix
        stream.codec_context.color_range = 2 if full_range else 1
        frame = av.VideoFrame(64, height, "yuv420p")
        for plane, value in zip(frame.planes, (120, 100, 170), strict=True):
            plane.update(bytes([value]) * plane.buffer_size)
        frame.colorspace, frame.color_range = matrix, stream.codec_context.color_range
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))

    red_weight, blue_weight = (0.2126, 0.0722) if is_bt709 else (0.299, 0.114)
    luma = 120 / 255 if full_range else (120 - 16) / 219
    cb, cr = ((value - 128) / (255 if full_range else 224) for value in (100, 170))
    red = luma + 2 * (1 - red_weight) * cr
    blue = luma + 2 * (1 - blue_weight) * cb
    green = (luma - red_weight * red - blue_weight * blue) / (1 - red_weight - blue_weight)

    with VideoReader(path) as reader:
        _, rgb = next(iter(reader))
    assert np.abs(rgb[5, 5] - 255 * np.array([red, green, blue])).max() < 2.5


def shortened(path: Path, share: float) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def scratched(path: Path) -> Path:
    """Overwrites a part in the middle: of the pictures, as the index is at the end."""
    data = bytearray(path.read_bytes())
    middle = len(data) // 3
    data[middle : middle + 200] = bytes(200)
    path.write_bytes(data)
    return path


def two_sizes(folder: Path, make_video: MakeVideo) -> Path:
    path = folder / "two sizes.h264"
    small, large = make_video("small.h264"), make_video("large.h264", size=(96, 80))
    path.write_bytes(small.read_bytes() + large.read_bytes())
    return path


def text(path: Path) -> Path:
    path.write_text("a graph is a file\n" * 100)
    return path


def empty(path: Path) -> Path:
    path.touch()
    return path


def without_pictures(path: Path) -> Path:
    with av.open(str(path), "w") as output:
        stream = output.add_stream("aac", rate=44_100, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4410), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 44_100
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def without_frames(path: Path) -> Path:
    """The stream is announced, its pictures are not there: an AVI that ends with its headers."""
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"movi") + 4])
    return path


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (lambda folder, make: folder / "missing.mp4", "There is no video file"),
        (lambda folder, make: folder, "is a folder, not a video file"),
        (lambda folder, make: empty(folder / "empty.mp4"), "is empty"),
        (lambda folder, make: text(folder / "text.txt"), "is a text file, not a video"),
        (lambda folder, make: text(folder / "text.mp4"), "is not a video, or cut off"),
        (lambda folder, make: shortened(make("cut.mp4"), 0.5), r"is cut off: its index \(moov\) is missing"),
        (lambda folder, make: without_pictures(folder / "sound.mp4"), "has no video stream"),
        (lambda folder, make: without_frames(make("frameless.avi", codec="mpeg4")), "not one frame in it"),
    ],
)
def test_refused_at_once(tmp_path: Path, make_video: MakeVideo, case, message: str) -> None:
    path = case(tmp_path, make_video)
    with pytest.raises(GraphError, match=message) as caught:
        VideoReader(path)
    assert f'"{path}"' in str(caught.value)
    assert not is_held_open(path)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (
            lambda folder, make: two_sizes(folder, make),
            r"The resolution of .* changes from 64x48 to 96x80 at 0\.400 s",
        ),
        (
            lambda folder, make: scratched(make("scratched.mp4", range(60))),
            r"is damaged (at|after) \d\.\d+ s",
        ),
        (
            lambda folder, make: shortened(make("cut.mp4", range(100), movflags="faststart"), 0.6),
            r"is damaged or cut off after \d\.\d+ s",
        ),
        (
            lambda folder, make: shortened(make("cut.mkv", range(100)), 0.6),
            r"is cut off: it ends at \d\.\d+ s, not at 4\.000 s",
        ),
    ],
)
def test_refused_on_the_way(tmp_path: Path, make_video: MakeVideo, case, message: str) -> None:
    path = case(tmp_path, make_video)
    frames = 0
    with pytest.raises(GraphError, match=message) as caught, VideoReader(path) as reader:
        for _ in reader:
            frames += 1
    assert frames > 0
    assert f'"{path}"' in str(caught.value)
    assert not is_held_open(path)


def test_the_file_is_closed(make_video: MakeVideo) -> None:
    path = make_video("plain.mp4")
    with VideoReader(path) as reader:
        next(iter(reader))
        assert is_held_open(path)
    assert not is_held_open(path)


@pytest.mark.skipif(not DATA.exists(), reason="needs ../shared/data/videos")
@pytest.mark.parametrize("name", ["liveportrait_d3.mp4", "liveportrait_d10.mp4"])
def test_recorded_clips(name: str) -> None:
    path = DATA / name
    with av.open(str(path)) as container:
        expected = sorted(
            to_microseconds(packet.pts, packet.time_base)
            for packet in container.demux(video=0)
            if packet.pts is not None
        )
    with VideoReader(path) as reader:
        assert [timestamp for timestamp, _ in reader] == expected
