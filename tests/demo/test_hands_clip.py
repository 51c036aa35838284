from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from calculators.nails.nail import CLASSES
from calculators.video.reader import VideoReader
from demo import hands_clip
from demo.hands import Picture
from demo.hands_clip import FRAME_RATE, FRAMES, HEIGHT, WIDTH, hands_at


@pytest.fixture(scope="module")
def pictures() -> list[Picture]:
    return list(hands_clip.pictures(6, 22))


def test_motion_is_continuous() -> None:
    moments = [hands_at(index / FRAME_RATE) for index in range(FRAMES)]
    for before, after in pairwise(moments):
        for one, other in zip(before, after, strict=False):
            assert np.hypot(other.x - one.x, other.y - one.y) < 30
            assert abs(other.angle - one.angle) < 0.06
            assert abs(other.size / one.size - 1) < 0.03
            assert abs(other.spread - one.spread) < 0.05
            assert np.abs(np.subtract(other.bend, one.bend)).max() < 0.05


def test_a_second_hand_comes_and_goes_from_outside() -> None:
    second = [len(hands_at(index / FRAME_RATE)) == 2 for index in range(FRAMES)]
    assert not second[0]
    assert not second[-1]
    assert sum(second) > 45
    first, last = second.index(True), FRAMES - 1 - second[::-1].index(True)
    for index in (first, last):
        assert hands_at(index / FRAME_RATE)[1].x > WIDTH + 200


def test_nails_keep_their_ids_and_move_little(pictures: list[Picture]) -> None:
    for before, after in pairwise(pictures):
        assert set(before.ids) <= set(after.ids)  # the hand comes in
        for key, finger in zip(before.ids, before.fingers, strict=True):
            other = after.ids.index(key)
            assert after.fingers[other] == finger
            one = np.argwhere(before.instances == before.ids.index(key) + 1).mean(0)
            two = np.argwhere(after.instances == other + 1).mean(0)
            assert np.linalg.norm(two - one) < 30
    assert {CLASSES[finger] for finger in pictures[-1].fingers} == set(CLASSES[:5])


def test_frames_and_the_file(tmp_path: Path) -> None:
    hands_clip.write_clip(tmp_path / "clip.mp4", 3)
    with VideoReader(tmp_path / "clip.mp4") as reader:
        pairs = list(reader)
    assert (
        [moment for moment, _ in pairs]
        == [hands_clip.timestamp(index) for index in range(3)]
        == [0, 33_333, 66_667]
    )
    for (_, read), drawn in zip(pairs, hands_clip.frames(3), strict=True):
        assert drawn.shape == (HEIGHT, WIDTH, 3)
        assert np.abs(read.astype(int) - drawn).mean() < 4
