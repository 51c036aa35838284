"""From labelled pictures to the shape of a hand."""

import json

import cv2
import numpy as np
import pytest

from calculators.nails.hand_shape import FILE, choices
from training.data_nails import NailLabel
from training.nail_hand_shape import hand_table, main, picture_hands

UP = (0.0, -1.0)
PLACES = ((20, 60), (45, 30), (60, 25), (75, 30), (90, 45))
"""A right hand's nails from the thumb on the left."""


def drawn(places, size=4) -> np.ndarray:
    instances = np.zeros((80, 110), np.int32)
    for nail, (x, y) in enumerate(places, start=1):
        instances[y - size : y + size, x - size : x + size] = nail
    return instances


def labels(*fingers: int | None) -> dict[int, NailLabel]:
    return {nail: NailLabel(finger, UP) for nail, finger in enumerate(fingers, start=1)}


class TestPictureHands:
    def test_a_right_hand_is_a_left_one_in_a_mirror(self):
        ((right, found),) = picture_hands(drawn(PLACES), labels(5, 6, 7, 8, 9))
        mirrored = [(109 - x, y) for x, y in PLACES]
        ((left, other),) = picture_hands(drawn(mirrored), labels(0, 1, 2, 3, 4))
        assert left == right == (0, 1, 2, 3, 4)
        np.testing.assert_allclose(found, other, atol=1e-9)
        assert found[0, 0] > found[1, 0] > found[4, 0]
        assert found[0, 1] < found[1, 1]

    def test_fingers_are_in_order_whatever_the_nails_numbers(self):
        ((_, straight),) = picture_hands(drawn(PLACES), labels(5, 6, 7, 8, 9))
        ((fingers, found),) = picture_hands(drawn(PLACES[::-1]), labels(9, 8, 7, 6, 5))
        assert fingers == (0, 1, 2, 3, 4)
        np.testing.assert_allclose(found, straight)

    @pytest.mark.parametrize(
        ("known", "expected"),
        [
            (labels(0, None, 2, 3, None), [(0, 2, 3)]),
            (labels(0, 1, 7, 8, 9), [(0, 1), (2, 3, 4)]),
            # One nail is no hand; one finger twice is two hands.
            (labels(0, None, None, None, 9), []),
            (labels(0, 1, 2, 2, 3), []),
            ({1: NailLabel(0, None), 2: NailLabel(1, UP)}, []),
        ],
    )
    def test_what_is_known(self, known, expected):
        assert [fingers for fingers, _ in picture_hands(drawn(PLACES), known)] == expected


def test_hand_table():
    generator = np.random.default_rng(0)
    whole = generator.normal(size=(5, 4))
    hands = [((0, 1, 2, 3, 4), whole + 0.1 * generator.normal(size=(5, 4))) for _ in range(50)]
    # Two hands taken for one, and fingers too seldom seen to have a shape of their own
    hands += [((0, 1, 2, 3, 4), whole + 30)] + [((1, 2), whole[1:3])] * 99
    table = hand_table(hands)
    assert table["seen"] == [{"fingers": (0, 1, 2, 3, 4), "hands": 51}, {"fingers": (1, 2), "hands": 99}]
    (shape,) = table["shapes"]
    assert (shape["fingers"], shape["hands"]) == ((0, 1, 2, 3, 4), 50)
    np.testing.assert_allclose(shape["mean"], whole, atol=0.1)
    np.testing.assert_allclose(np.diag(shape["covariance"]), 0.01, atol=0.01)
    more = hand_table([*hands, ((1, 2), whole[1:3])])
    assert [shape["fingers"] for shape in more["shapes"]] == [(0, 1, 2, 3, 4), (1, 2)]


def test_the_committed_table_is_whole():
    table = json.loads(FILE.read_text(encoding="utf-8"))
    assert table["shapes"][0]["fingers"] == [0, 1, 2, 3, 4]
    assert table["shapes"][0]["hands"] >= 800
    # The thumb is apart from the others, the little finger's nail is the smallest.
    across, along, _, size = choices(5).means.reshape(5, 4).T
    assert across[0] - across[1] > across[1] - across[2]
    assert along[0] == along.min()
    assert size[4] == size.min()


class TestCommand:
    @pytest.fixture
    def data(self, tmp_path):
        (tmp_path / "instances").mkdir()
        rows = ["picture,nail,finger,dx,dy"]
        for number in range(3):
            moved = [(x + number, y - number * (x > 30)) for x, y in PLACES]
            cv2.imwrite(str(tmp_path / "instances" / f"p{number}.png"), drawn(moved).astype(np.uint8))
            rows += [f"p{number},{nail},{nail + 4},0,-1" for nail in range(1, 6)]
        (tmp_path / "labels.csv").write_text("\n".join(rows) + "\n")
        (tmp_path / "split.txt").write_text("p2\n")
        return tmp_path

    def run(self, data, labels="labels.csv") -> None:
        files = ["--split", str(data / "split.txt"), "--output", str(data / "shape.json")]
        main([str(data), str(data / labels), *files])

    def test_writes_the_table_without_the_held_out_pictures(self, data, capsys):
        self.run(data)
        assert "2 hands" in capsys.readouterr().out
        table = json.loads((data / "shape.json").read_text())
        assert table["seen"] == [{"fingers": [0, 1, 2, 3, 4], "hands": 2}]
        assert table["features"] == ["across", "along", "turn", "size"]
        assert not list(data.glob("*.partial"))

    def test_without_a_whole_hand(self, data, capsys):
        text = (data / "labels.csv").read_text().replace(",9,0,-1", ",-1,0,-1")
        (data / "some.csv").write_text(text)
        with pytest.raises(SystemExit) as ended:
            self.run(data, "some.csv")
        assert ended.value.code == 1
        assert "fewer than two hands in" in capsys.readouterr().err
        assert not (data / "shape.json").exists()
