"""Labels of nails: from masks and hands to fingers and directions, on numbers that can be checked by hand."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from calculators.nails.nail import CLASSES
from training.data import DataError
from training.nail_labels import (
    BY_EYE,
    find_hands,
    main,
    read_cache,
    read_shapes,
    report,
    write_labels,
    write_report,
)
from training.nail_labels_hands import Hand, View, crops, unclaimed
from training.nail_labels_match import Verdict, angle_between, correct, judge, merge, palm_bend
from training.nail_labels_shape import TIPS, NailShape, nail_shapes, tip_distances, unit
from training.nail_labels_sheet import VIEW, draw_tile, join_tiles

ROOT = Path(__file__).parents[2]
NAILS = ROOT / "../shared/data/nails"
LABELS = ROOT / "training/labels/nails.csv"


def open_right_hand() -> np.ndarray:
    """A right hand from its back, fingers up, 10 pixels a bone, tips at y = 20: thumb left, little right."""
    points = np.zeros((21, 2))
    points[0] = (50, 100)
    for finger in range(5):
        for bone in range(4):
            points[1 + 4 * finger + bone] = (20 + 15 * finger, 50 - 10 * bone)
    return points


def nail(x: float, y: float, axis: tuple[float, float] = (0, 1), elongation: float = 1.0) -> NailShape:
    return NailShape(1, (x, y), 6.0, axis, elongation)


NAILS_ON_TIPS = [nail(20 + 15 * finger, 22) for finger in range(5)]


def seen(points: np.ndarray, right: float = 0.95) -> list[Hand]:
    return [Hand(points, right, False), Hand(points, right, True)]


def test_shape_of_a_nail():
    instances = np.zeros((20, 30), np.uint8)
    instances[5:15, 8:12] = 3
    [shape] = nail_shapes(instances)
    assert (shape.value, shape.center, shape.size) == (3, (9.5, 9.5), pytest.approx(40**0.5))
    assert np.abs(shape.axis) == pytest.approx((0, 1))
    assert shape.elongation == pytest.approx(2.5)


def test_no_nail_has_no_shape():
    assert nail_shapes(np.zeros((4, 4), np.uint8)) == []


def test_unit_is_a_last_bone_or_comes_from_a_palm():
    points = open_right_hand()
    assert unit(points) == pytest.approx(max(10, 0.22 * 50, 0.29 * 45))
    assert unit(points * 2) == pytest.approx(2 * unit(points))


def test_distance_to_a_tip_is_to_a_piece_of_its_bone():
    points = open_right_hand()
    distances = tip_distances([nail(35, 18), nail(35, 8), nail(38, 20)], points) * unit(points)
    assert distances[:, 1] == pytest.approx([0, 7, 3])


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_view_keeps_its_middle_and_its_scale(turns, mirrored):
    matrix = View((30, 40), 64, turns, mirrored).matrix()
    middle, right = matrix @ (30, 40, 1), matrix @ (31, 40, 1)
    assert middle == pytest.approx((320, 320))
    assert np.hypot(*(right - middle)) == pytest.approx(10)
    assert np.linalg.det(matrix[:, :2]) == pytest.approx(-100 if mirrored else 100)


def test_crops_go_round_clusters():
    views = crops([nail(10, 10), nail(30, 10), nail(200, 10)])
    assert [(view.center, view.side) for view in views] == [((20, 10), 50), ((200, 10), 48)]


def test_nails_are_claimed_by_a_plain_and_a_mirrored_view():
    hands = seen(open_right_hand())
    assert unclaimed(NAILS_ON_TIPS, hands) == []
    assert unclaimed(NAILS_ON_TIPS, hands[:1]) == NAILS_ON_TIPS
    far = nail(200, 200)
    assert unclaimed([*NAILS_ON_TIPS, far], hands) == [far]


@pytest.mark.parametrize(
    ("right", "finger"), [(0.95, 5), (0.5, 5), (0.05, None)], ids=["looks", "back", "contradiction"]
)
def test_left_or_right(right, finger):
    verdicts = judge(NAILS_ON_TIPS, merge(seen(open_right_hand(), right)))
    assert [v.finger for v in verdicts] == [None if finger is None else finger + i for i in range(5)]
    assert [v.direction for v in verdicts] == [pytest.approx((0, -1))] * 5


def test_a_mirrored_hand_is_a_left_one():
    points = open_right_hand() * (-1, 1) + (100, 0)
    nails = [nail(80 - 15 * finger, 22) for finger in range(5)]
    assert [v.finger for v in judge(nails, merge(seen(points, 0.5)))] == [0, 1, 2, 3, 4]


def test_the_mirrored_view_must_agree():
    points = open_right_hand() * (1, 0.4)  # too short to count as seen from the back
    hands = [Hand(points, 0.95, False), Hand(points, 0.1, True)]
    nails = [nail(20 + 15 * finger, 9) for finger in range(5)]
    assert {v.finger_doubt for v in judge(nails, merge(hands))} == {"left or right in doubt"}


def test_one_view_is_no_hand():
    [verdict] = judge([nail(20, 22)], merge(seen(open_right_hand())[:1]))
    assert verdict == Verdict(None, None, "no hand found", "no hand found")


def test_a_nail_far_from_all_tips():
    [verdict] = judge([nail(35, 60)], merge(seen(open_right_hand())))
    assert verdict == Verdict(None, None, "no fingertip near", "no fingertip near")


def test_a_nail_between_two_fingers_keeps_the_direction_they_share():
    [verdict] = judge([nail(42.5, 22)], merge(seen(open_right_hand())))
    assert (verdict.finger, verdict.finger_doubt) == (None, "two fingertips near")
    assert verdict.direction == pytest.approx((0, -1))


def test_two_nails_on_one_finger():
    verdicts = judge([nail(35, 22), nail(36, 18)], merge(seen(open_right_hand())))
    assert {v.finger_doubt for v in verdicts} == {"two nails near one fingertip"}


def test_views_that_disagree_on_a_finger():
    points = open_right_hand()
    other = points.copy()
    other[TIPS[2]] += (0, 8)
    other[TIPS[2] - 1] += (0, 8)
    hands = [Hand(points, 0.95, False), Hand(other, 0.95, True)]
    verdicts = judge(NAILS_ON_TIPS, merge(hands))
    assert [v.finger for v in verdicts] == [5, 6, None, 8, 9]
    assert verdicts[2].finger_doubt == "views disagree on the finger"


def test_hands_apart_stay_apart():
    points = open_right_hand()
    assert len(merge(seen(points) + seen(np.add(points, (100, 0))))) == 2


def test_palm_bend():
    points = open_right_hand()
    points[0] = (50, 100)
    assert palm_bend(points) == pytest.approx(0)
    points[0] = (50, 0)
    assert palm_bend(points) == pytest.approx(np.pi)


def test_angle_between():
    assert angle_between(np.array([0, 1]), np.array([1, 0])) == pytest.approx(np.pi / 2)


@pytest.mark.parametrize(
    ("bone", "axis", "elongation", "expected"),
    [
        ((1, 0), (0, 1), 1.0, (1, 0)),
        ((1, 0), (-0.8, -0.6), 2.0, None),
        ((1, 0), (-0.96, -0.28), 2.0, (0.96, 0.28)),
        ((1, 0), (0.96, 0.28), 1.15, (1, 0)),
        ((1, 0), (0, 1), 2.0, (1, 0)),
        ((0.2, 0), (0, 1), 1.0, None),
        ((0.2, 0), (0.96, 0.28), 2.0, (0.96, 0.28)),
    ],
    ids=["round", "disagree", "axis", "barely", "across", "short", "short but axis"],
)
def test_correct(bone, axis, elongation, expected):
    direction, doubt = correct(np.array(bone, float), nail(0, 0, axis, elongation))
    assert (direction is None) == (expected is None) == bool(doubt)
    if expected:
        assert direction == pytest.approx(expected)


VERDICTS = {
    ("b", 1): Verdict(7, (0.6, -0.8)),
    ("a", 2): Verdict(None, None, "no hand found", "no hand found"),
    ("a", 1): Verdict(None, (1.0, 0.0), "left or right in doubt"),
}


def test_table(tmp_path):
    write_labels(tmp_path / "nails.csv", VERDICTS)
    lines = (tmp_path / "nails.csv").read_text().splitlines()
    assert lines == ["picture,nail,finger,dx,dy", "a,1,-1,1.000,0.000", "a,2,-1,,", "b,1,7,0.600,-0.800"]


def test_report_counts_and_keeps_what_was_seen(tmp_path):
    text = report(VERDICTS)
    for line in (
        "3 nails of 2 pictures",
        "| **known** | 1 | 33.3% |",
        "| **known** | 2 | 66.7% |",
        "| middle | 0 | 1 |",
    ):
        assert line in text
    path = tmp_path / "nails.md"
    write_report(path, "old\n")
    assert path.read_text() == "old\n"
    path.write_text(f"old\n\n{BY_EYE}\nmine\n")
    write_report(path, "new\n")
    assert path.read_text() == f"new\n\n{BY_EYE}\nmine\n"


def write_instances(root: Path, name: str, instances: np.ndarray) -> None:
    (root / "instances").mkdir(exist_ok=True)
    assert cv2.imwrite(str(root / f"instances/{name}.png"), instances)


def test_nails_of_a_folder_without_a_table(tmp_path):
    """Pictures without nails are left out; 16 bits are read as such."""
    (tmp_path / "images").mkdir()
    instances = np.zeros((20, 30), np.uint16)
    for name in ("none", "one"):
        (tmp_path / f"images/{name}.jpg").touch()
        write_instances(tmp_path, name, instances)
        instances[5:15, 8:12] = 300
    shapes = read_shapes(tmp_path)
    assert {name: [nail.value for nail in nails] for name, nails in shapes.items()} == {"one": [300]}
    write_instances(tmp_path, "one", np.zeros((20, 30), np.uint8))
    with pytest.raises(DataError, match="no nails in these pictures"):
        read_shapes(tmp_path)


def test_sheet():
    image = np.full((60, 80, 3), 9, np.uint8)
    tile = draw_tile(image, "a", [nail(30, 30), nail(50, 30)], [VERDICTS["b", 1], VERDICTS["a", 2]])
    assert tile.shape == (VIEW, VIEW, 3)
    assert join_tiles([tile] * 6).shape == (2 * VIEW, 5 * VIEW, 3)
    assert not join_tiles([]).any()


def test_a_full_cache_needs_no_search(tmp_path):
    cache = tmp_path / "hands.jsonl"
    cache.write_text('{"picture": "a", "hands": [{"right": 0.9, "mirrored": false, "points": [[1, 2]]}]}\n')
    before = cache.read_bytes()
    find_hands(tmp_path, {"a": [nail(1, 2)]}, cache)
    assert cache.read_bytes() == before
    [hand] = read_cache(cache)["a"]
    assert (hand.points.tolist(), hand.right, hand.mirrored) == ([[1, 2]], 0.9, False)


@pytest.mark.parametrize("line", ['{"picture": "a", "ha', '{"name": "a"}', "1"])
def test_a_cache_that_is_none(tmp_path, line):
    (tmp_path / "hands.jsonl").write_text(line)
    with pytest.raises(DataError, match=r"hands\.jsonl: not the hands of an earlier run .*; delete it"):
        read_cache(tmp_path / "hands.jsonl")


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["data", "labels.txt"], 2, "labels.txt: name a file, .csv"),
        (["data", "labels.csv", "--sheet", "sheet.gif"], 2, "sheet.gif: a sheet is a file, .png or .jpg"),
        (["nowhere", "labels.csv"], "nowhere: no pictures; a data set is a folder", ""),
        (["--help"], 0, ""),
    ],
)
def test_mistakes_are_one_message(tmp_path, monkeypatch, capsys, arguments, status, message):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["nail_labels", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    assert str(ended.value.code).startswith(str(status))
    assert message in printed.err
    assert ("python -m training.nail_labels DATA " in printed.out) is (status == 0)


def test_the_command_on_a_left_hand(tmp_path):
    pytest.importorskip("mediapipe", reason="needs the extra mediapipe")
    if not NAILS.is_dir():
        pytest.skip("needs ../shared/data/nails")
    for part in ("images/nail_1621.jpg", "instances/nail_1621.png"):
        (tmp_path / part).parent.mkdir()
        shutil.copy(NAILS / part, tmp_path / part)
    out = tmp_path / "labels.csv"
    options = ["--cache", str(tmp_path / "hands.jsonl"), "--sheet", str(tmp_path / "sheet.png")]
    command = [sys.executable, "-m", "training.nail_labels", str(tmp_path), str(out), *options]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert sorted(int(row["finger"]) for row in rows) == [0, 1, 2, 3, 4]
    assert all(float(row["dy"]) < -0.7 for row in rows)
    assert (tmp_path / "labels.md").is_file()
    assert (tmp_path / "sheet.png").is_file()


def test_committed_labels_are_whole():
    rows = list(csv.DictReader(LABELS.read_text().splitlines()))
    assert len(rows) == len({(row["picture"], row["nail"]) for row in rows}) == 11464
    assert {int(row["finger"]) for row in rows} == {-1, *range(len(CLASSES))}
    known = np.array([(float(row["dx"]), float(row["dy"])) for row in rows if row["dx"]])
    assert len(known) > 8000
    assert np.linalg.norm(known, axis=1) == pytest.approx(1, abs=2e-3)
