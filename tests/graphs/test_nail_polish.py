"""The effect for nails on what cameras and people give it, with a network whose answers are known."""

import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from calculators.nails.nail import Nail
from calculators.video.reader import VideoReader
from tests.calculators.nails.network import nail_color, red_is_nail
from tests.calculators.video.conftest import make_video
from tests.tryon.cli.command import tryon
from tryon.config import read_graph
from tryon.graph import CalculatorGraph

EFFECT = Path(__file__).resolve().parents[2] / "graphs" / "nail_polish.pbtxt"
SIDE = 96
FRAME_TIME = 33_333
SKIN = (110, 90, 80)
# Frames of a run, with the nails that were found in each.
Frames = list[tuple[np.ndarray, list[Nail]]]


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A look, matte and blue on every nail, and the settings that put the known network in."""
    folder = tmp_path_factory.mktemp("nail_polish")
    palette = {"color": "#0000FF", "texture": "matte"}
    look = {"effects": [{"category": "nail_polish", "palettes": [palette]}]}
    (folder / "look.json").write_text(json.dumps(look))
    (folder / "nail.tflite").write_bytes(red_is_nail(SIDE))
    model = folder / "nail.tflite"
    return folder / "look.json", [f"nail_tracking.model_path={model}", f"nail_tracking.input_size={SIDE}"]


def painted(
    given: tuple[Path, list[str]], frames: Sequence[np.ndarray], times: Sequence[int] | None = None
) -> Frames:
    """What the effect makes of frames, in one run."""
    graph = CalculatorGraph(read_graph(EFFECT), settings=given[1])
    seen: dict[str, list] = {"output_video": [], "nails": []}
    for name, packets in seen.items():
        graph.observe_output_stream(name, lambda _, packet, packets=packets: packets.append(packet.value))
    graph.start_run({"look_path": str(given[0])})
    for time, frame in zip(times or range(0, FRAME_TIME * len(frames), FRAME_TIME), frames, strict=True):
        graph.add_packet_to_input_stream("input_video", frame, time)
    graph.close_all_packet_sources()
    graph.wait_until_done()
    return list(zip(*seen.values(), strict=True))


def hand(
    *nails: tuple[int, int], width: int = 192, height: int = 144, size: tuple[int, int] = (14, 10)
) -> np.ndarray:
    """A frame with nails at places, of the fingers 0, 1, 2 ...; `size` is half their length and width."""
    frame = np.full((height, width, 3), SKIN, np.uint8)
    for i, place in enumerate(nails):
        angle = 36.0 * i
        cv2.ellipse(frame, place, size, angle, 0, 360, nail_color(i % 10), -1)
    return frame


def is_blue(frame: np.ndarray) -> np.ndarray:
    """Where polish is: the frames are all brown and red but for it."""
    return np.asarray(cv2.subtract(frame[..., 2], frame[..., 0])) > 40


def test_no_hand(given):
    frames = [hand() for _ in range(3)]
    for (after, nails), before in zip(painted(given, frames), frames, strict=True):
        assert after is before
        assert nails == []


PLACES = [(24 + 36 * (i % 5), 36 + 72 * (i // 5)) for i in range(10)]


@pytest.mark.parametrize("count", [1, 10])
def test_nails_and_only_nails_are_painted(given, count):
    before = hand(*PLACES[:count])
    kept = before.copy()
    ((after, nails),) = painted(given, [before])
    assert (before == kept).all(), "frames are shared"
    assert len({nail.id for nail in nails}) == count
    for x, y in PLACES[:count]:
        assert is_blue(after)[y, x]
    around = cv2.dilate((before != SKIN).any(axis=-1).astype(np.uint8), np.ones((9, 9))) == 0
    assert (after == before)[around].all()


def test_more_than_two_hands(given):
    """Three: fifteen nails, whoever's they are."""
    places = [(18 + 30 * (i % 6), 24 + 44 * (i // 6)) for i in range(15)]
    ((after, nails),) = painted(given, [hand(*places, size=(11, 9))])
    assert len({nail.id for nail in nails}) == 15
    assert all(is_blue(after)[y, x] for x, y in places)


@pytest.mark.parametrize("place", [(0, 70), (191, 70), (90, 0), (90, 143), (0, 0), (191, 143)])
def test_partly_visible(given, place):
    ((after, nails),) = painted(given, [hand(place)])
    assert len(nails) == 1
    assert is_blue(after)[place[1], place[0]]


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [
        (192, 144, (3, 2)),  # of 6 x 4 pixels
        (192, 144, (400, 400)),  # the whole frame
        (48, 64, (6, 5)),  # a frame smaller than the network's
        (1920, 1080, (200, 140)),
        (1080, 1920, (200, 140)),
        (3840, 2160, (400, 280)),
        (300, 20, (9, 8)),
    ],
)
def test_sizes(given, width, height, size):
    place = width // 2, height // 2
    before = hand(place, width=width, height=height, size=size)
    ((after, nails),) = painted(given, [before])
    assert len(nails) == 1
    found, true = is_blue(after), (before != SKIN).any(axis=-1)
    assert found[place[1], place[0]]
    if min(size) > 4:
        assert (found & true).sum() > 0.75 * (found | true).sum()


def test_the_frame_size_changes(given):
    frames = [hand((40, 50)), hand((40, 50)), hand((50, 40), width=120, height=160), hand((40, 50))]
    run = painted(given, frames)
    assert [[nail.id for nail in nails] for _, nails in run] == [[0], [0], [1], [2]]
    for (after, _), before in zip(run, frames, strict=True):
        assert after.shape == before.shape
        assert is_blue(after).sum() == pytest.approx(np.pi * 14 * 10, rel=0.3)


def test_timestamps_with_gaps(given):
    """A nail that is where it was stays the same one, however long that took."""
    times = [0, 33_333, 66_666, 5_000_000, 5_000_001, 3_600_000_000]
    run = painted(given, [hand((60, 60))] * len(times), times)
    assert [[nail.id for nail in nails] for _, nails in run] == [[0]] * len(times)
    assert all(is_blue(after)[60, 60] for after, _ in run)


def run_command(capsys, given, source: str, output: Path) -> list[np.ndarray]:
    """The frames that `tryon run` writes."""
    settings = [argument for setting in given[1] for argument in ("--set", setting)]
    arguments = ["--input", source, "--output", str(output), "--look", str(given[0]), *settings]
    outcome = tryon(capsys, "run", str(EFFECT), *arguments)
    assert outcome.status == 0, outcome.err
    with VideoReader(output) as video:
        return [frame for _, frame in video]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA"])
def test_pictures(capsys, tmp_path, given, mode):
    """In a grey one a nail is white."""
    before = hand((60, 60)) if "RGB" in mode else hand()
    if "L" in mode:
        cv2.ellipse(before, (60, 60), (14, 10), 45, 0, 360, (255, 255, 255), -1)
    for i in range(2):
        Image.fromarray(before).convert(mode).save(tmp_path / f"{i}.png")
    frames = run_command(capsys, given, str(tmp_path / "*.png"), tmp_path / "out.mp4")
    assert [frame.shape for frame in frames] == [before.shape] * 2
    assert all(is_blue(frame)[60, 60] and not is_blue(frame)[100:, 100:].any() for frame in frames)


def test_portrait_video_with_rotation_metadata(capsys, tmp_path, given):
    """Coded lying down, shown upright: found, painted and written upright."""
    clip = make_video(
        tmp_path / "clip.mp4",
        range(4),
        size=(192, 144),
        rotation=(90, False),
        draw=lambda index, width, height: hand((50, 40), width=width, height=height, size=(24, 18)),
    )
    with VideoReader(clip) as video:
        before = [frame for _, frame in video]
    after = run_command(capsys, given, str(clip), tmp_path / "out.mp4")
    assert [frame.shape for frame in after] == [frame.shape for frame in before] == [(192, 144, 3)] * 4
    for shown, seen in zip(after, before, strict=True):
        nail = seen[..., 0].astype(int) > 180
        assert (is_blue(shown) & nail).sum() > 0.75 * (is_blue(shown) | nail).sum()
