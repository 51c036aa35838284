import numpy as np
import pytest

from calculators.nails.fingers import hand_shares, name_fingers
from calculators.nails.hands import places_and_sizes
from demo.hands import Hand, Picture, render, still_scene
from demo.hands_background import background

UP = -np.pi / 2
ROW = np.array([(0, 40), (33, 4), (56, -2), (75, 5), (96, 23)], float)
"""Places of a right hand's nails of ten pixels, from the thumb on the left."""


def shares(*nails: dict[int, float]) -> np.ndarray:
    values = np.zeros((len(nails), 10), np.float32)
    for i, nail in enumerate(nails):
        for finger, share in nail.items():
            values[i, finger] = share
    return values


@pytest.mark.parametrize(
    ("nails", "expected"),
    [
        ([], []),
        ([{3: 0.9}], [3]),
        ([{3: 0.3, 4: 0.2}], [None]),
        ([{3: 0.9}, {4: 0.8}], [3, 4]),
        # The less certain one gives way to the next best, wherever it stands.
        ([{3: 0.9}, {3: 0.5, 4: 0.4}], [3, 4]),
        ([{3: 0.5, 4: 0.4}, {3: 0.9}], [4, 3]),
        # Both are sure: two people's hands.
        ([{3: 0.9, 4: 0.1}, {3: 0.8, 4: 0.1}], [3, 3]),
        # The next best is taken as well; the third is not half as probable.
        ([{3: 0.9}, {4: 0.8}, {3: 0.5, 4: 0.4, 2: 0.1}], [3, 4, 3]),
        # Who is in doubt takes nobody's place.
        ([{3: 0.3}, {3: 0.5}], [None, 3]),
    ],
)
def test_fingers(nails, expected):
    assert name_fingers(shares(*nails), 0.4) == expected


def pooled(seen: np.ndarray, centers: np.ndarray, angles: np.ndarray | None = None) -> list[int]:
    """The fingers of nails of ten pixels, which point up unless something else is said."""
    angles = np.full(len(seen), UP) if angles is None else angles
    pooled_shares = hand_shares(seen, centers, np.full(len(seen), 10.0), angles)
    assert np.allclose(pooled_shares.sum(axis=1), 1, atol=1e-4)
    return pooled_shares.argmax(axis=1).tolist()


def wavering(fingers: list[int]) -> np.ndarray:
    """Each nail looks somewhat like a finger, and nearly as much like that of the other hand."""
    return shares(*({finger: 0.4, (finger + 5) % 10: 0.36, (finger + 1) % 5: 0.24} for finger in fingers))


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        # Places say which hand it is, whatever the network took it for.
        ([5, 6, 7, 8, 9], [5, 6, 7, 8, 9]),
        ([0, 1, 2, 3, 4], [5, 6, 7, 8, 9]),
        # One or two nails are taken for others.
        ([5, 6, 7, 7, 9], [5, 6, 7, 8, 9]),
        ([5, 6, 6, 8, 8], [5, 6, 7, 8, 9]),
        ([0, 6, 2, 4, 4], [5, 6, 7, 8, 9]),
    ],
)
def test_a_whole_hand(seen, expected):
    assert pooled(wavering(seen), ROW) == expected
    # Upside down, as in a fist that is seen from the palm, it is the same hand.
    assert pooled(wavering(seen), -ROW, np.full(5, -UP)) == expected
    # In a mirror it is the other one.
    assert pooled(wavering(seen), ROW * (-1, 1)) == [finger - 5 for finger in expected]
    # And the order of the nails in the labels does not matter.
    shuffled = [3, 0, 4, 2, 1]
    assert pooled(wavering(seen)[shuffled], ROW[shuffled]) == [expected[nail] for nail in shuffled]


def test_a_thumb_across_the_hand():
    """It lies before the middle finger and points to the right."""
    centers = np.vstack([ROW[1:], (63, 30)])
    angles = np.array([UP, UP, UP, UP, 0.1])
    assert pooled(wavering([6, 7, 8, 9, 5]), centers, angles) == [6, 7, 8, 9, 5]
    assert pooled(wavering([6, 6, 8, 9, 6]), centers, angles) == [6, 7, 8, 9, 5]


def test_four_fingers_are_more_likely_neighbours():
    assert pooled(wavering([6, 7, 8, 8]), ROW[1:]) == [6, 7, 8, 9]


def test_two_hands():
    """Side by side, thumbs together: each hand is one for itself."""
    left = ROW * (-1, 1)
    centers = np.vstack([left, ROW + np.array([40, 0])])
    angles = np.tile([UP] * 5, 2) + np.array([0.6, 0, 0, 0, 0, -0.6, 0, 0, 0, 0])
    assert pooled(wavering([0, 1, 1, 3, 4, 5, 6, 7, 7, 9]), centers, angles) == list(range(10))


@pytest.mark.parametrize("count", [0, 1, 2, 6, 11, 40])
def test_any_number_of_nails(count):
    generator = np.random.default_rng(count)
    seen = generator.dirichlet(np.ones(10), count).astype(np.float32)
    centers, angles = generator.uniform(0, 60, (count, 2)), generator.uniform(-3, 3, count)
    found = hand_shares(seen, centers, np.full(count, 10.0), angles)
    assert found.dtype == np.float32
    assert found.shape == (count, 10)
    assert np.allclose(found.sum(axis=1), 1, atol=1e-4)
    if count == 1:
        assert np.array_equal(found, seen)


def test_nails_on_one_place():
    assert np.isfinite(hand_shares(wavering([1, 2, 3]), np.zeros((3, 2)), np.ones(3), np.zeros(3))).all()


def test_nails_that_fit_no_hand():
    """One is six times as large as the other: each is what the network sees in it."""
    sure = shares({2: 0.995, 7: 0.005}, {8: 0.995, 3: 0.005})
    centers, angles = np.array([(0, 0), (60, 0)], float), np.full(2, UP)
    assert hand_shares(sure, centers, np.array([60.0, 10.0]), angles).argmax(axis=1).tolist() == [2, 8]


def drawn() -> dict[str, Picture]:
    plain = background("plain", 320, 240, seed=1)
    return {
        "right": still_scene(),
        "left fist": render([Hand(True, 160, 90, 90, np.pi / 3, view="fist")], plain, fine=1),
        "both": render([Hand(True, 85, 190, 70, spread=0.6), Hand(False, 235, 190, 70)], plain, fine=1),
    }


@pytest.mark.parametrize(("name", "count"), [("right", 5), ("left fist", 4), ("both", 10)])
def test_drawn_hands(name, count):
    """The network is right about one nail in two or so, and often takes a hand for the other."""
    picture = drawn()[name]
    assert len(picture.fingers) >= count
    centers, sizes = places_and_sizes(picture.instances, len(picture.fingers))
    angles = np.arctan2(picture.directions[:, 1], picture.directions[:, 0])
    truth = np.array(picture.fingers)
    off = np.abs(truth[:, None] % 5 - np.arange(10) % 5) + (truth[:, None] // 5 != np.arange(10) // 5)
    generator = np.random.default_rng(4)
    alone, together = [], []
    for _ in range(40):
        logits = 2 * generator.normal(-off, 1.0)
        seen = (np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)).astype(np.float32)
        alone.append(np.equal(name_fingers(seen, 0.4), truth))
        together.append(np.equal(name_fingers(hand_shares(seen, centers, sizes, angles), 0.4), truth))
    assert np.mean(alone) < 0.65
    assert np.mean(together) > 0.85
