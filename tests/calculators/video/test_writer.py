from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from calculators.video.header import MICROSECOND, VideoHeader, to_microseconds, to_ticks
from calculators.video.reader import VideoReader
from calculators.video.writer import VideoWriter
from tryon import GraphError

from .conftest import MakeVideo, scene, tone

VARIABLE_US = [0, 40_000, 54_688, 117_188, 117_266, 312_500, 320_313, 703_125, 703_203, 763_828]


def write(path: Path, times: list[int], **options: object) -> Path:
    with VideoWriter(path, **options) as writer:
        for index, time in enumerate(times):
            writer.write(scene(index), time)
    return path


def read(path: Path) -> tuple[list[int], list[np.ndarray], VideoHeader]:
    with VideoReader(path) as reader:
        pairs = list(reader)
    return [time for time, _ in pairs], [frame for _, frame in pairs], reader.header


def header(time_base: Fraction, **known: int) -> VideoHeader:
    return VideoHeader(64, 48, Fraction(25), time_base=time_base, **known)


def sound(path: Path) -> tuple[float, np.ndarray]:
    """(time of the first sample in seconds, first channel)."""
    with av.open(str(path)) as container:
        frames = list(container.decode(audio=0))
    samples = [frame.to_ndarray().reshape(-1, frame.samples)[0] for frame in frames]
    return float(frames[0].pts * frames[0].time_base), np.concatenate(samples)


def sound_packets(path: Path) -> list[tuple[Fraction, bytes]]:
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux(audio=0) if packet.pts is not None]
        return [(packet.pts * packet.time_base, bytes(packet)) for packet in packets]


@pytest.mark.parametrize("suffix", ["mp4", "mov"])
@pytest.mark.parametrize("start", [0, 2_000_040, 77])
@pytest.mark.parametrize("time_base", [MICROSECOND, Fraction(1, 12_800), Fraction(1, 90_000)])
def test_times_are_exact(tmp_path: Path, suffix: str, start: int, time_base: Fraction) -> None:
    times = [to_microseconds(to_ticks(start + time, time_base), time_base) for time in VARIABLE_US]
    path = write(tmp_path / f"out.{suffix}", times, header=header(time_base))
    assert read(path)[0] == times
    assert read(path)[2].time_base == time_base


@pytest.mark.parametrize("suffix", ["mkv", "webm"])
def test_times_are_exact_to_the_millisecond(tmp_path: Path, suffix: str) -> None:
    times = [3_000, 43_000, 44_000, 60_000, 500_000]
    assert read(write(tmp_path / f"out.{suffix}", times))[0] == times


def test_coarse_clocks_are_kept(tmp_path: Path) -> None:
    """29.97 frames a second in ticks of one frame, as AVI has them; and frames between the ticks."""
    times = [round(index * 1001 / 30_000 * 1e6) for index in (0, 1, 2, 5, 6)]
    path = write(tmp_path / "out.mp4", times, header=header(Fraction(1001, 30_000)))
    assert read(path)[0] == times
    times = [0, 16_667, 33_333, 50_000]
    path = write(tmp_path / "out.mp4", times, header=header(Fraction(1, 30)))
    assert read(path)[0] == pytest.approx(times, abs=40)


def test_a_start_before_zero_moves_to_zero(tmp_path: Path) -> None:
    assert read(write(tmp_path / "out.mp4", [-80_000, -40_000, 0]))[0] == [0, 40_000, 80_000]


@pytest.mark.parametrize(
    ("known", "duration"),
    [
        ({"frame_count": 3, "duration_us": 1_080_000}, 1_080_000),  # the last frame stays for a second
        ({"frame_count": 9, "duration_us": 1_080_000}, 120_000),  # frames are missing: like the one before
        ({"frame_count": 3, "duration_us": 50_000}, 120_000),  # a source that contradicts itself
        ({}, 120_000),
    ],
)
@pytest.mark.parametrize("suffix", ["mp4", "mkv", "webm"])
def test_the_last_frame_keeps_its_length(
    tmp_path: Path, suffix: str, known: dict[str, int], duration: int
) -> None:
    times = [0, 40_000, 80_000]
    path = write(tmp_path / f"out.{suffix}", times, header=header(Fraction(1, 12_800), **known))
    assert read(path)[2].duration_us == duration
    assert read(path)[0] == times


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv", "webm"])
@pytest.mark.parametrize(("height", "matrix"), [(48, 6), (720, 1)])
def test_colours_and_tags(tmp_path: Path, suffix: str, height: int, matrix: int) -> None:
    path = tmp_path / f"out.{suffix}"
    with VideoWriter(path, quality=10) as writer:
        for index in range(3):
            writer.write(scene(0, 64, height), index * 40_000)
    _, frames, _ = read(path)
    corners = [(height // 4, 16), (height // 4, 48), (3 * height // 4, 16), (3 * height // 4, 48)]
    for y, x in corners:
        assert np.abs(frames[1][y, x].astype(int) - scene(0, 64, height)[y, x]).max() <= 5
    with av.open(str(path)) as container:
        codec = container.streams.video[0].codec_context
        assert (codec.colorspace, codec.color_range, codec.pix_fmt) == (matrix, 1, "yuv420p")
        if suffix != "webm":
            assert (codec.color_primaries, codec.color_trc) == (1, 1)


@pytest.mark.parametrize(("width", "height"), [(63, 47), (64, 47), (63, 48), (1, 1)])
def test_odd_sizes_repeat_their_border(tmp_path: Path, width: int, height: int) -> None:
    picture = scene(5, 64, 48)[:height, :width]  # not contiguous either
    with VideoWriter(tmp_path / "out.mp4", quality=0) as writer:
        writer.write(picture, 0)
    _, (frame,), _ = read(tmp_path / "out.mp4")
    expected = np.pad(picture, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    assert frame.shape == expected.shape
    assert np.abs(frame.astype(int) - expected).mean() < 4


def test_frames_are_left_alone(tmp_path: Path) -> None:
    picture = scene(3)
    picture.flags.writeable = False
    with VideoWriter(tmp_path / "out.mp4") as writer:
        writer.write(picture, 0)
    assert np.array_equal(picture, scene(3))


def test_pixel_aspect_is_kept(tmp_path: Path) -> None:
    wide = VideoHeader(64, 48, Fraction(25), pixel_aspect=Fraction(16, 11))
    assert read(write(tmp_path / "out.mp4", [0, 40_000], header=wide))[2].pixel_aspect == Fraction(16, 11)


def test_the_index_is_in_front(tmp_path: Path) -> None:
    data = write(tmp_path / "out.mp4", [0, 40_000]).read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv"])
def test_sound_is_copied(tmp_path: Path, make_video: MakeVideo, suffix: str) -> None:
    source = make_video("source.mp4", range(25), audio="aac", seconds=1)
    times, _, known = read(source)
    path = write(tmp_path / f"out.{suffix}", times, header=known, audio=source)
    before, after = sound_packets(source), sound_packets(path)
    if suffix == "mkv":  # it has no place for sound before 0, with which AAC begins
        before = [packet for packet in before if packet[0] >= 0]
    before = [packet for packet in before if packet[0] < 1]  # AAC's last packet begins after the last frame
    assert [data for _, data in after] == [data for _, data in before]
    assert [float(time) for time, _ in after] == pytest.approx([float(time) for time, _ in before], abs=6e-4)
    assert read(path)[0] == times


@pytest.mark.parametrize(
    ("name", "audio", "rate"), [("out.webm", "aac", 44_100), ("out.mp4", "libopus", 48_000)]
)
def test_sound_is_encoded_where_it_cannot_be_copied(
    tmp_path: Path, make_video: MakeVideo, name: str, audio: str, rate: int
) -> None:
    source = make_video("source.mkv", range(25), audio=audio, audio_rate=rate)
    times, _, _ = read(source)
    path = write(tmp_path / name, times, audio=source)
    start, samples = sound(path)
    with av.open(str(path)) as container:
        codec = container.streams.audio[0].codec_context
        assert codec.name.endswith("opus" if name.endswith("webm") else "aac")
        rate = codec.sample_rate
    assert start == pytest.approx(0, abs=0.03)
    assert len(samples) / rate == pytest.approx(1, abs=0.05)
    middle = slice(rate // 4, rate * 3 // 4)
    expected = tone(1, rate)[0, middle]
    shift = round(start * rate)
    heard = samples[middle.start - shift : middle.stop - shift]
    assert np.corrcoef(heard, expected)[0, 1] > 0.98
    assert read(path)[0] == times


@pytest.mark.parametrize(("first", "count"), [(0, 10), (10, 10)])
def test_sound_is_trimmed_to_the_pictures(
    tmp_path: Path, make_video: MakeVideo, first: int, count: int
) -> None:
    source = make_video("source.mp4", range(50), audio="aac", seconds=2)
    times = read(source)[0][first : first + count]
    path = write(tmp_path / "out.mp4", times, audio=source)
    packets = sound_packets(path)
    assert packets[0][0] == pytest.approx(first / 25, abs=0.11)
    assert packets[-1][0] == pytest.approx((first + count) / 25, abs=0.03)
    start, samples = sound(path)
    rate = 44_100
    position = round((first / 25 + 0.2 - start) * rate)
    expected = tone(2, rate)[0, round((first / 25 + 0.2) * rate) :][:4000]
    assert np.corrcoef(samples[position : position + 4000], expected)[0, 1] > 0.98


@pytest.mark.parametrize("source", ["silent.mp4", "0", "rtsp://camera", ".", "notes.txt", "missing.mp4"])
def test_sources_without_sound(
    tmp_path: Path, make_video: MakeVideo, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.chdir(tmp_path)
    make_video("silent.mp4")
    Path("notes.txt").write_text("no sound\n")
    Path("0").mkdir()
    path = write(Path("out.mp4"), [0, 40_000], audio=source)
    with av.open(str(path)) as container:
        assert not container.streams.audio


def test_the_file_gets_its_name_at_the_end(tmp_path: Path) -> None:
    path, partial = tmp_path / "out.mp4", tmp_path / "out.mp4.partial"
    path.write_text("from before")
    writer = VideoWriter(path)
    writer.write(scene(0), 0)
    assert path.read_text() == "from before"
    assert partial.exists()
    writer.close()
    writer.close()
    assert not partial.exists()
    assert read(path)[0] == [0]


def test_a_failed_run_keeps_what_there_was_and_what_there_is(tmp_path: Path) -> None:
    path, partial = tmp_path / "out.mp4", tmp_path / "out.mp4.partial"
    path.write_text("from before")
    with pytest.raises(ZeroDivisionError), VideoWriter(path) as writer:
        for index in range(10):
            writer.write(scene(index), index * 40_000)
        raise ZeroDivisionError
    assert path.read_text() == "from before"
    assert read(partial)[0] == [index * 40_000 for index in range(10)]


def test_a_failed_run_without_frames_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), VideoWriter(tmp_path / "out.mp4"):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_no_frames_is_an_error(tmp_path: Path) -> None:
    with (
        pytest.raises(GraphError, match=r"Not one frame came: .*out\.mp4"),
        VideoWriter(tmp_path / "out.mp4"),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk(tmp_path: Path) -> None:
    (tmp_path / "out.mp4.partial").symlink_to("/dev/full")
    noise = np.random.default_rng(0)
    with pytest.raises(GraphError, match="No space left"), VideoWriter(tmp_path / "out.mp4") as writer:
        for index in range(20):
            writer.write(noise.integers(0, 256, (240, 320, 3), np.uint8), index * 40_000)
    assert not (tmp_path / "out.mp4").exists()


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("out.gif", {}, r"ends with one of \.mp4, \.mov, \.mkv, \.webm"),
        ("out", {}, "ends with one of"),
        ("missing/out.mp4", {}, r"there is no folder .*missing"),
        ("folder.mp4", {}, "is a folder"),
        ("source.mp4", {"audio": "source.mp4"}, "is both read and written"),
        ("out.mp4", {"quality": 52}, r"quality is 52; libx264 takes 0 \(best\) to 51"),
        ("out.webm", {"quality": -1}, "quality is -1; libvpx-vp9 takes 0"),
        ("out.mp4", {"preset": "warp"}, 'no preset "warp"; x264 has ultrafast'),
        ("locked/out.mp4", {}, "cannot be written: Is a directory"),
    ],
)
def test_refused_at_once(
    tmp_path: Path,
    make_video: MakeVideo,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    options: dict[str, object],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    source = make_video("source.mp4").read_bytes()
    Path("folder.mp4").mkdir()
    Path("locked/out.mp4.partial").mkdir(parents=True)
    before = sorted(Path().rglob("*"))
    with pytest.raises(GraphError, match=message):
        VideoWriter(name, **options)
    assert sorted(Path().rglob("*")) == before
    assert Path("source.mp4").read_bytes() == source


@pytest.mark.parametrize(
    ("frame", "time", "message"),
    [
        (scene(1, 66, 48), 40_000, r"at 0\.040 s \(timestamp 40000\) is 66x48, the first one was 64x48"),
        (scene(1), 0, r"at 0\.000 s \(timestamp 0\) is not later than the one before it"),
        (scene(1)[..., 0], 40_000, r"not uint8 \[48, 64\]"),
        (scene(1) / 255, 40_000, r"not float64 \[48, 64, 3\]"),
    ],
)
def test_frames_that_do_not_fit(tmp_path: Path, frame: np.ndarray, time: int, message: str) -> None:
    with pytest.raises(GraphError, match=message), VideoWriter(tmp_path / "out.mp4") as writer:
        writer.write(scene(0), 0)
        writer.write(frame, time)
    assert read(tmp_path / "out.mp4.partial")[0] == [0]
