"""Make-up on what cameras and people give it, with the shipped networks: a photograph moved about."""

import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from calculators.face.types import Face
from calculators.video.reader import VideoReader
from demo.portrait import drawn, photograph
from tests.tryon.cli.command import tryon
from tryon.config import read_graph
from tryon.graph import CalculatorGraph

GRAPHS = Path(__file__).resolve().parents[2] / "graphs"
EFFECTS = ("makeup", "lipstick")
FRAME_TIME = 33_333
# Frames of a run, with the faces that were found in each.
Frames = list[tuple[np.ndarray, list[Face]]]


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Blue lips, so that what is painted can be told from what was there."""
    path = tmp_path_factory.mktemp("makeup") / "look.json"
    palette = {"color": "#0000FF", "texture": "matte"}
    path.write_text(json.dumps({"effects": [{"category": "lipstick", "palettes": [palette]}]}))
    return path


def made_up(look: Path, frames: Sequence[np.ndarray], max_faces: int = 1, effect: str = "lipstick") -> Frames:
    """What the effect makes of frames, in one run."""
    settings = [f"face_tracking.max_faces={max_faces}"]
    graph = CalculatorGraph(read_graph(GRAPHS / f"{effect}.pbtxt"), settings=settings)
    seen: dict[str, list] = {"output_video": [], "faces": []}
    for name, packets in seen.items():
        graph.observe_output_stream(name, lambda _, packet, packets=packets: packets.append(packet.value))
    graph.start_run({"look_path": str(look)})
    for i, frame in enumerate(frames):
        graph.add_packet_to_input_stream("input_video", frame, FRAME_TIME * i)
    graph.close_all_packet_sources()
    graph.wait_until_done()
    return list(zip(*seen.values(), strict=True))


def is_blue(after: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Where a frame became bluer."""
    moved = after.astype(int) - before
    return np.asarray(moved[..., 2] - moved[..., 0] > 40)


def scene(*faces: tuple[float, float, float], size: tuple[int, int] = (640, 480)) -> np.ndarray:
    """The photograph at places (its middle in pixels) and heights, on grey."""
    frame = np.full((size[1], size[0], 3), 128, np.uint8)
    shown = photograph().rgb
    for x, y, height in faces:
        scale = height / shown.shape[0]
        matrix = np.array([[scale, 0, x - scale * shown.shape[1] / 2], [0, scale, y - height / 2]])
        part = cv2.warpAffine(shown, matrix, size, flags=cv2.INTER_AREA)
        cover = cv2.warpAffine(np.ones_like(shown), matrix, size)
        frame = np.where(cover > 0, part, frame)
    return frame


def mouth(x: float, y: float, height: float) -> tuple[float, float]:
    """The middle of the lips of the photograph in a scene."""
    shown = photograph()
    place = shown.face.landmarks[48:60].mean(axis=0) - 0.5
    ratio = shown.rgb.shape[1] / shown.rgb.shape[0]
    return x + place[0] * height * ratio, y + place[1] * height


@pytest.mark.parametrize("effect", EFFECTS)
def test_no_face(look, effect):
    frames = [np.full((120, 160, 3), 90, np.uint8), np.zeros((90, 70, 3), np.uint8)]
    for (after, faces), before in zip(made_up(look, frames, effect=effect), frames, strict=True):
        assert after is before
        assert faces == []


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("height", [200, 400])
def test_lips_are_painted_and_nothing_else(look, effect, height):
    place = (300, 240, height)
    before = scene(place)
    kept = before.copy()
    ((after, (face,)),) = made_up(look, [before], effect=effect)
    assert (before == kept).all(), "frames are shared"
    lips = face.landmarks[48:60] * (640, 480)
    assert lips.mean(axis=0) == pytest.approx(mouth(*place), abs=0.02 * height)
    hull = np.zeros((480, 640), np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(np.rint(lips).astype(np.int32)), 1)
    near = cv2.dilate(hull, np.ones((height // 20, height // 20))) > 0
    blue = is_blue(after, before)
    assert blue[hull > 0].mean() > 0.3
    assert not blue[~near].any()
    assert (after == before)[~near].all()


def test_several_faces_that_come_and_go(look):
    one, other = (160, 240, 240), (480, 240, 240)
    shown = [[one]] * 2 + [[one, other]] * 8 + [[other]] * 3 + [[]] * 2
    frames = [scene(*places) for places in shown]
    for (after, _), before, places in zip(
        made_up(look, frames, max_faces=2)[7:], frames[7:], shown[7:], strict=True
    ):
        blue = is_blue(after, before)
        for place in (one, other):
            x, y = (round(value) for value in mouth(*place))
            assert blue[y - 20 : y + 20, x - 20 : x + 20].any() == (place in places)
        assert bool(blue.any()) == bool(places)


@pytest.mark.parametrize("place", [(0, 240), (640, 240), (320, 0), (320, 480), (20, 20)], ids=str)
def test_half_out_of_the_frame(look, place):
    """Found or not, nothing but lips becomes blue, and those in view."""
    where = (*place, 400)
    frames = [scene(where)] * 3
    x, y = mouth(*where)
    for after, faces in made_up(look, frames):
        assert len(faces) <= 1
        rows, columns = np.nonzero(is_blue(after, frames[0]))
        assert (np.hypot(columns - x, rows - y) < 80).all()


def test_upside_down(look):
    before = scene((320, 240, 400))[::-1].copy()
    for after, faces in made_up(look, [before] * 3):
        assert len(faces) <= 1
        x, y = mouth(320, 240, 400)
        rows, columns = np.nonzero(is_blue(after, before))
        if faces and (faces[0].landmarks[8] - faces[0].landmarks[27])[1] < 0:
            assert (np.hypot(columns - x, rows - (479 - y)) < 80).all()


def test_a_cut_to_another_person(look):
    """At no frame is there lipstick where the other one's lips were."""
    drawing = cv2.resize(drawn(1.0).rgb, (640, 480))
    frames = [scene((480, 240, 360))] * 4 + [scene((150, 240, 360))] * 4 + [drawing] * 4
    run = made_up(look, frames)
    for i, ((after, _), before) in enumerate(zip(run, frames, strict=True)):
        x, _ = mouth(480 if i < 4 else 150, 240, 360)
        if i < 8:
            columns = np.nonzero(is_blue(after, before))[1]
            assert (np.abs(columns - x) < 80).all()
    assert is_blue(run[3][0], frames[3]).any()
    assert is_blue(run[7][0], frames[7]).any()


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA"])
def test_pictures(capsys, tmp_path, look, mode):
    before = scene((320, 240, 400))
    for i in range(2):
        Image.fromarray(before).convert(mode).save(tmp_path / f"{i}.png")
    output = tmp_path / "out.mp4"
    arguments = ["--input", str(tmp_path / "*.png"), "--output", str(output), "--look", str(look)]
    outcome = tryon(capsys, "run", str(GRAPHS / "lipstick.pbtxt"), *arguments)
    assert outcome.status == 0, outcome.err
    with VideoReader(output) as video:
        frames = [frame for _, frame in video]
    given = np.asarray(Image.fromarray(before).convert(mode).convert("RGB"))
    x, y = (round(value) for value in mouth(320, 240, 400))
    for frame in frames:
        assert frame.shape == before.shape
        assert is_blue(frame, given)[y - 30 : y + 30, x - 40 : x + 40].mean() > 0.05
