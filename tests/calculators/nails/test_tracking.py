"""Tracks and the tracker, on ellipses that are known exactly."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from calculators.nails.nail import Nail
from calculators.nails.track import Calmness
from calculators.nails.tracking import Tracker
from tests.calculators.nails.ellipses import Ellipse, full_mask, iou, true_nail

SIZE = (240, 400)
FRAME_TIME = 33_333
NAIL = Ellipse(100, 120, -1.2, 44, 30, 2)


def track(
    frames: list[list[Nail]],
    appear_after: int = 1,
    keep_for: int = 2,
    frame_size: tuple[int, int] = SIZE[::-1],
) -> list[list[Nail]]:
    tracker = Tracker(Calmness(0.5, 10.0, 0.7), appear_after, keep_for)
    return [tracker(nails, FRAME_TIME * i, frame_size) for i, nails in enumerate(frames)]


def nails(*ellipses: Ellipse) -> list[Nail]:
    return [true_nail(ellipse, SIZE) for ellipse in ellipses]


def moved(x: float, y: float = 0.0, **values: float) -> Ellipse:
    return Ellipse(**{**vars(NAIL), "x": NAIL.x + x, "y": NAIL.y + y, **values})


def overlaps(path: list[Ellipse]) -> list[float]:
    """How well the one nail on a path is followed, frame by frame."""
    outputs = track([nails(ellipse) for ellipse in path])
    assert [[nail.id for nail in shown] for shown in outputs] == [[0]] * len(path)
    return [
        iou(full_mask(shown[0], SIZE), full_mask(true_nail(ellipse, SIZE), SIZE))
        for shown, ellipse in zip(outputs, path, strict=True)
    ]


@pytest.mark.parametrize("speed", [1, 4, 8])
def test_steady_motion_does_not_lag(speed):
    found = overlaps([moved(speed * i) for i in range(30)])
    assert min(found) > 0.95


def test_starting_and_stopping():
    path = [0] * 8 + [8 * i for i in range(1, 20)] + [8 * 19] * 8
    found = overlaps([moved(x) for x in path])
    assert min(found) > 0.92


def test_to_and_fro():
    found = overlaps([moved(60 + 60 * math.sin(2 * math.pi * i / 30)) for i in range(60)])
    assert min(found) > 0.93


def test_turning_and_growing():
    assert min(overlaps([moved(0, length=60, angle=-1.2 + 0.08 * i) for i in range(30)])) > 0.93
    assert min(overlaps([moved(0, length=30 * 1.03**i, width=20 * 1.03**i) for i in range(30)])) > 0.93


def test_at_rest_noise_drops_several_fold():
    generator = np.random.default_rng(0)
    frames = [
        nails(
            moved(
                generator.normal(0, 0.4),
                generator.normal(0, 0.4),
                angle=-1.2 + generator.normal(0, 0.03),
                length=44 + generator.normal(0, 0.6),
                width=30 + generator.normal(0, 0.5),
            )
        )
        for _ in range(60)
    ]
    outputs = track(frames)

    def tremble(sequence: list[list[Nail]]) -> tuple[np.ndarray, float]:
        poses = [(*nail.center, nail.angle, nail.length, nail.width) for (nail,) in sequence[10:]]
        masks = [full_mask(nail, SIZE) for (nail,) in sequence[10:]]
        changes = [np.abs(now - before).sum() for before, now in pairwise(masks)]
        return np.abs(np.diff(poses, axis=0)).mean(axis=0), float(np.mean(changes))

    (raw_pose, raw_mask), (pose, mask) = tremble(frames), tremble(outputs)
    assert (raw_pose / pose > 3).all(), raw_pose / pose
    assert raw_mask / mask > 2


def test_angles_beyond_half_a_turn():
    path = [moved(0, length=60, angle=3.0 + 0.05 * i) for i in range(12)]
    for (nail,), true in zip(track([nails(ellipse) for ellipse in path]), path, strict=True):
        assert -math.pi < nail.angle <= math.pi
        assert math.cos(nail.angle - true.angle) > math.cos(0.05)


def test_base_and_tip_confused_for_a_moment():
    path = [moved(0)] * 6 + [moved(0, angle=NAIL.angle + math.pi)] * 2 + [moved(0)] * 6
    angles = [nail.angle for (nail,) in track([nails(ellipse) for ellipse in path])]
    assert angles == pytest.approx([NAIL.angle] * len(path), abs=1e-6)


def test_base_and_tip_changed_for_good():
    path = [moved(0)] * 6 + [moved(0, angle=NAIL.angle + math.pi)] * 6
    angles = [nail.angle for (nail,) in track([nails(ellipse) for ellipse in path])]
    assert angles[8] == pytest.approx(NAIL.angle)
    assert angles[-1] == pytest.approx(NAIL.angle + math.pi)


def test_finger_by_vote():
    fingers = [2, 2, 2, 2, 3, 2, None, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3]
    frames = [[replace(true_nail(NAIL, SIZE), finger=finger)] for finger in fingers]
    found = [nail.finger for (nail,) in track(frames)]
    assert found[:10] == [2] * 10
    assert found[-1] == 3


def test_a_finger_in_doubt_is_named_later():
    frames = [[replace(true_nail(NAIL, SIZE), finger=finger)] for finger in (None, None, 4)]
    assert [nail.finger for (nail,) in track(frames)] == [None, None, 4]


def test_ten_nails_keep_their_ids_in_any_order():
    generator = np.random.default_rng(1)
    frames, names = [], []
    for i in range(8):
        order = generator.permutation(10).tolist()
        frames.append(
            nails(*(Ellipse(40 + 70 * (j % 5) + 6 * i, 60 + 110 * (j // 5), -1.5, 44, 30, j) for j in order))
        )
        names.append(order)
    outputs = track(frames)
    first = {name: nail.id for name, nail in zip(names[0], outputs[0], strict=True)}
    assert sorted(first.values()) == list(range(10))
    for order, shown in zip(names, outputs, strict=True):
        assert [nail.id for nail in shown] == [first[name] for name in order]


SECOND = Ellipse(300, 120, -1.2, 44, 30, 3)


def ids(frames: list[list[Ellipse]], **options: int) -> list[list[int | None]]:
    return [[nail.id for nail in shown] for shown in track([nails(*frame) for frame in frames], **options)]


@pytest.mark.parametrize(
    ("appear_after", "expected"),
    [
        (0, [[0], [0, 1], [0, 1], [0, 1]]),
        (1, [[0], [0], [0, 1], [0, 1]]),
        (2, [[0], [0], [0], [0, 1]]),
    ],
)
def test_a_new_nail(appear_after, expected):
    assert ids([[NAIL]] + 3 * [[NAIL, SECOND]], appear_after=appear_after) == expected


def test_false_nails_of_one_frame_are_never_shown():
    assert ids([[NAIL], [NAIL, SECOND], [NAIL], [NAIL]]) == [[0], [0], [0], [0]]


@pytest.mark.parametrize(
    ("seen", "keep_for", "expected"),
    [
        (6, 0, [[]] * 3),
        (6, 1, [[0], [], []]),
        (6, 2, [[0], [0], []]),
        (3, 2, [[]] * 3),  # not steady yet
    ],
)
def test_a_missing_nail(seen, keep_for, expected):
    assert ids([[NAIL]] * seen + [[]] * 3, keep_for=keep_for)[seen:] == expected


@pytest.mark.parametrize("missing", [(8, 9), (8, 9, 11, 12)])
def test_a_missing_nail_moves_on(missing):
    path = [moved(6 * i) for i in range(14)]
    outputs = track([[] if i in missing else nails(ellipse) for i, ellipse in enumerate(path)])
    for shown, ellipse in zip(outputs[6:], path[6:], strict=True):
        (nail,) = shown
        assert nail.id == 0
        assert nail.center == (pytest.approx(ellipse.x, abs=1.5), pytest.approx(ellipse.y, abs=1))
        assert iou(full_mask(nail, SIZE), full_mask(true_nail(ellipse, SIZE), SIZE)) > 0.93


def test_a_nail_that_leaves_the_frame_leaves_no_ghost():
    frames = [[moved(230 + 8 * i)] for i in range(10)] + [[]] * 3
    assert ids(frames) == [[0]] * 10 + [[]] * 3


def test_a_nail_at_the_border_passes_as_it_is():
    """Of a nail that comes in, each frame shows more: nothing of that is held back."""
    for ellipse, shown in zip(
        path := [Ellipse(-10 + 5 * i, 100, 0.0, 40, 30, 1) for i in range(7)],
        track([nails(ellipse) for ellipse in path]),
        strict=True,
    ):
        assert iou(full_mask(shown[0], SIZE), full_mask(true_nail(ellipse, SIZE), SIZE)) > 0.95


def test_a_nail_that_comes_in_grows_at_once():
    """Its middle and length, too, however slowly it comes."""
    frames = [
        [replace(true_nail(Ellipse(0, 100), SIZE), center=(i, 100.0), length=6.0 + i)] for i in range(8)
    ]
    for (shown,), (given,) in zip(track(frames), frames, strict=True):
        assert shown.center == pytest.approx(given.center)
        assert shown.length == pytest.approx(given.length)


def test_a_cut():
    """Other nails, shown at once under new ids; nothing of the old ones is kept."""
    before = [NAIL, SECOND]
    after = [
        Ellipse(60, 40, 0.5, 30, 20, 6),
        Ellipse(200, 200, 0.5, 30, 20, 7),
        Ellipse(370, 60, 0.5, 30, 20, 8),
    ]
    assert ids([before] * 7 + [after] * 2) == [[0, 1]] * 7 + [[2, 3, 4]] * 2


def test_most_nails_missing_is_no_cut():
    assert ids([[NAIL, SECOND, Ellipse(200, 60)]] * 6 + [[NAIL]] * 3) == [[0, 1, 2]] * 8 + [[0]]


def test_ids_are_not_used_again():
    frames = [[NAIL], [], [NAIL], [], [], [NAIL]]
    assert ids(frames, appear_after=0) == [[0], [], [1], [], [], [2]]


def test_no_nails_at_all():
    assert ids([[], [], []]) == [[], [], []]


def test_another_frame_size_starts_anew():
    tracker = Tracker(Calmness(0.5, 10.0, 0.7), 1, 2)
    assert [nail.id for nail in tracker(nails(NAIL), 0, (400, 240))] == [0]
    assert [nail.id for nail in tracker(nails(NAIL), 1, (401, 240))] == [1]


@pytest.mark.parametrize(("length", "width"), [(2, 2), (900, 700)])
def test_tiny_and_huge(length, width):
    path = [moved(i, length=length, width=width) for i in range(4)]
    for (nail,) in track([nails(ellipse) for ellipse in path]):
        assert nail.id == 0
        assert np.isfinite([*nail.center, nail.angle, nail.length, nail.width]).all()
        assert 0 <= nail.mask.min() <= nail.mask.max() <= 1


def test_nails_are_not_modified():
    frames = [nails(moved(i)) for i in range(3)]
    copies = [frame[0].mask.copy() for frame in frames]
    track(frames)
    assert all(np.array_equal(frame[0].mask, copy) for frame, copy in zip(frames, copies, strict=True))
