"""Which pictures belong together."""

import cv2
import numpy as np

from training.picture_groups import join, points, same_hash, same_scene, turned_hashes


def noise(seed: int) -> np.ndarray:
    """A picture with edges."""
    small = np.random.default_rng(seed).integers(0, 256, (12, 12, 3), np.uint8)
    return cv2.resize(small, (200, 200), interpolation=cv2.INTER_NEAREST)


def test_groups_are_joined_transitively():
    assert join(5, [(0, 1), (3, 1)]) == [[0, 1, 3], [2], [4]]


def test_turned_and_flipped_copies_have_the_same_hash():
    picture = noise(1)
    copies = [picture, noise(2), np.rot90(picture), picture[:, ::-1], np.rot90(picture, 2)[::-1]]
    hashes = [turned_hashes(np.ascontiguousarray(copy)) for copy in copies]
    assert {pair for pair in same_hash(hashes) if pair[1] == 0} == {(2, 0), (3, 0), (4, 0)}
    assert all(1 not in pair for pair in same_hash(hashes))


def test_turned_copies_on_black_show_the_same():
    picture = noise(1)
    turn = cv2.getRotationMatrix2D((100, 100), 30, 0.6)
    turned = cv2.warpAffine(picture, turn, (200, 200))
    assert set(same_scene([points(picture), points(noise(2)), points(turned)])) == {(2, 0)}


def test_a_picture_without_points_is_like_none():
    blank = np.zeros((50, 50, 3), np.uint8)
    assert list(same_scene([points(noise(1)), points(blank), points(blank)])) == []
