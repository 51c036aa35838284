from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data

from calculators.video.reader import VideoReader
from demo import clip
from demo.portrait import ASTRONAUT


@pytest.fixture(scope="module")
def frames() -> list[np.ndarray]:
    return [frame for index, frame in enumerate(clip.frames(clip.FRAMES + 11)) if index % 10 == 0]


def change(before: np.ndarray, after: np.ndarray) -> float:
    return float(np.abs(before.astype(int) - after).mean())


def test_frames(frames: list[np.ndarray]) -> None:
    for frame in frames:
        assert frame.shape == (480, 640, 3)
        assert frame.dtype == np.uint8
        assert frame.flags.c_contiguous


def test_it_moves_and_loops(frames: list[np.ndarray]) -> None:
    for before, after in pairwise(frames):
        assert change(before, after) > 5
    assert np.array_equal(frames[0], frames[12])  # frame 120 is frame 0 again
    assert np.array_equal(frames[1], frames[13])


def test_light_changes_without_clipping(frames: list[np.ndarray]) -> None:
    light = [frame.mean() for frame in frames]
    assert max(light) > 1.15 * min(light)
    assert all((frame == 255).mean() < 0.05 for frame in frames)


def test_the_head_stays_in_the_picture_and_large(frames: list[np.ndarray]) -> None:
    """Her hair is the only brown of its kind: darker than the wall, between it and the suit in colour."""
    for frame in frames:
        red, green, blue = (frame[..., channel].astype(int) for channel in range(3))
        hair = (red - blue > 45) & (red - green > 15) & (red - green < 60) & (red < 200) & (red > 60)
        hair[300:] = False
        rows, columns = np.nonzero(hair[:, 80:560])
        assert hair.mean() > 0.05
        assert 100 < columns.mean() + 80 < 540
        assert rows.mean() < 240


def test_it_is_the_same_every_time() -> None:
    first, second = (next(clip.frames(1)) for _ in range(2))
    assert np.array_equal(first, second)


def test_write_clip(tmp_path: Path) -> None:
    clip.write_clip(tmp_path / "clip.mp4", 5)
    with VideoReader(tmp_path / "clip.mp4") as reader:
        pairs = list(reader)
    assert [timestamp for timestamp, _ in pairs] == [0, 33_333, 66_667, 100_000, 133_333]
    assert [timestamp for timestamp, _ in pairs] == [clip.timestamp(index) for index in range(5)]
    for (_, read), written in zip(pairs, clip.frames(5), strict=True):
        assert change(written, read) < 4


def test_faces_are_where_the_frames_show_them(frames: list[np.ndarray]) -> None:
    """Around each landmark a frame has the colours that the photograph has there, but for the exposure."""
    photograph = cv2.GaussianBlur(skimage.data.astronaut(), (0, 0), 1.5).astype(float)
    wanted = np.array([photograph[round(y), round(x)] for x, y in np.reshape(ASTRONAUT, (-1, 2))])
    faces = [face for index, face in enumerate(clip.faces(31)) if index % 10 == 0]
    for frame, face in zip(frames, faces, strict=False):
        soft = cv2.GaussianBlur(frame, (0, 0), 1.5 * clip.ZOOM).astype(float)
        points = face.landmarks * (clip.WIDTH, clip.HEIGHT) - 0.5
        seen = np.array([soft[round(y), round(x)] for x, y in points])
        assert np.corrcoef(seen.ravel(), wanted.ravel())[0, 1] > 0.985
