"""Moved stills: truth that moves exactly along, and measures of what is found in them."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from calculators.nails.nail import Nail
from training.data import DataError
from training.evaluate_nail_clips import MovedFrame, move_still
from training.evaluate_nail_score import match_nails
from training.evaluate_nail_video import MOVING, MovedReport, choose_stills, score_clip, unexplained


def still(height: int = 60, width: int = 80) -> tuple[np.ndarray, np.ndarray]:
    """Two nails in the middle, white on black."""
    instances = np.zeros((height, width), np.int32)
    y, x = height // 2, width // 2
    instances[y - 10 : y + 6, x - 20 : x] = 1
    instances[y - 10 : y + 10, x + 8 : x + 18] = 7
    return np.dstack([np.uint8(255) * (instances > 0)] * 3), instances


def test_a_clip_is_always_the_same_and_another_for_another_name():
    one, again, other = (list(move_still(name, *still(), frames=6)) for name in ("a", "a", "b"))
    for frame, same in zip(one, again, strict=True):
        np.testing.assert_array_equal(frame.image, same.image)
        np.testing.assert_array_equal(frame.matrix, same.matrix)
    assert any((frame.image != another.image).any() for frame, another in zip(one, other, strict=True))


@pytest.mark.parametrize("size", [(120, 160), (160, 120), (101, 101)])
def test_the_truth_moves_with_the_picture(size):
    picture, instances = still(*size)
    before = (picture.copy(), instances.copy())
    frames = list(move_still("any", picture, instances, frames=36))
    np.testing.assert_array_equal(picture, before[0])
    np.testing.assert_array_equal(instances, before[1])
    assert {number for frame in frames for number in np.unique(frame.instances)} <= {0, 1, 7}
    for frame in frames:
        assert (frame.image.shape, frame.image.dtype) == (picture.shape, np.uint8)
        assert (frame.instances.shape, frame.instances.dtype) == (instances.shape, np.int32)
        # What is white is nail, but for a pixel at the outlines, which blur in a fast frame
        inside = cv2.erode(np.uint8(frame.instances > 0), np.ones((5, 5))) > 0
        outside = cv2.dilate(np.uint8(frame.instances > 0), np.ones((5, 5))) == 0
        if frame.speed < 1:
            assert frame.image[inside].min(initial=255) > 180
            assert frame.image[outside].max(initial=0) < 30


def test_slivers_are_none_of_the_truth():
    """2 x 2 pixels are fewer than 16, 4 x 4 more, in every zoom."""
    picture, instances = np.zeros((100, 100, 3), np.uint8), np.zeros((100, 100), np.int32)
    instances[49:51, 49:51], instances[60:64, 49:53] = 1, 2
    frames = list(move_still("any", picture, instances, frames=4))
    assert {number for frame in frames for number in np.unique(frame.instances)} == {0, 2}


def test_a_clip_rests_and_moves():
    frames = list(move_still("any", *still(480, 360)))
    moving = [frame.speed >= MOVING for frame in frames]
    # It rests at both ends and between two movements.
    changes = [number for number in range(1, len(frames)) if moving[number] != moving[number - 1]]
    assert not moving[0]
    assert len(changes) == 4
    assert 5 < max(frame.speed for frame in frames) < 25
    assert frames[0].angle != frames[-1].angle


def frames_of(shifts: list[tuple[float, float]]) -> list[MovedFrame]:
    """A still that is moved by whole pixels."""
    picture, instances = still(60, 200)
    frames: list[MovedFrame] = []
    for x, y in shifts:
        matrix = np.array([[1.0, 0, x], [0, 1, y]])
        moved = cv2.warpAffine(instances.astype(np.float32), matrix, (200, 60), flags=cv2.INTER_NEAREST)
        speed = float(np.hypot(*(matrix - frames[-1].matrix)[:, 2])) if frames else 0.0
        frames.append(MovedFrame(picture, moved.astype(np.int32), matrix, 0.0, speed))
    return frames


def perfect(frame: MovedFrame) -> list[Nail]:
    """The nails of a frame exactly as they are."""
    nails = []
    for number in np.unique(frame.instances[frame.instances > 0]).tolist():
        mask = frame.instances == number
        left, top, width, height = cv2.boundingRect(mask.astype(np.uint8))
        part = mask[top : top + height, left : left + width].astype(np.float32)
        nails.append(Nail(part, left, top, (0, 0), frame.angle, 1, 1, None, 1.0, id=number))
    return nails


REST, RIGHT = [(0, 0)] * 4, [(4.0 * step, 0.0) for step in range(1, 6)]


def test_perfect_nails():
    frames = frames_of(REST + RIGHT)
    score = score_clip((frame, perfect(frame)) for frame in frames)
    assert (score.iou_rest, score.iou_moving, score.recall_rest, score.recall_moving) == (1, 1, 1, 1)
    assert (score.flicker_rest, score.flicker_moving, score.jitter_rest, score.jitter_moving) == (0, 0, 0, 0)
    assert (score.lag, score.switches, score.nail_frames, score.frames) == (0, 0, 18, 9)


def test_perfect_nails_of_a_turned_and_zoomed_still():
    score = score_clip((frame, perfect(frame)) for frame in move_still("any", *still(240, 320), frames=24))
    assert (score.iou_rest, score.iou_moving, score.flicker_rest, score.flicker_moving) == (1, 1, 0, 0)
    assert score.jitter_moving == pytest.approx(0, abs=1e-9)
    assert score.lag == pytest.approx(0)


def test_nails_of_the_frame_before_lag_by_one():
    frames = frames_of(REST + RIGHT)
    score = score_clip(zip(frames[1:], map(perfect, frames), strict=False))
    assert score.lag == pytest.approx(1)
    assert score.iou_rest == 1
    # Nails 20 and 10 wide are 4 behind: 16 of 24 and 6 of 14, the second too little to be found
    assert score.iou_moving == pytest.approx((16 * 16 + 6 * 20) / (24 * 16 + 14 * 20))
    assert (score.recall_rest, score.recall_moving) == (1, 0.5)


def test_a_nail_that_goes_and_comes_back_flickers():
    """It is missing in the second of three frames: 200 of 520 pixels change, twice."""
    frames = frames_of(REST[:3])
    found = [perfect(frame) for frame in frames]
    found[1].pop()
    score = score_clip(zip(frames, found, strict=True))
    assert score.flicker_rest == pytest.approx(200 / 520)
    assert (score.flicker_moving, score.iou_moving, score.jitter_moving, score.lag) == (None,) * 4
    assert score.recall_rest == pytest.approx(5 / 6)
    assert score.switches == 0


def test_ids_that_change_are_counted_also_across_gaps():
    frames = frames_of(REST)
    found = [perfect(frame) for frame in frames]
    found[1] = [replace(nail, id=nail.id + 1) for nail in found[1]]
    found[2] = found[1][:1]
    # Both change from the first to the second, the first nail once more to the last, the other one, too
    assert score_clip(zip(frames, found, strict=True)).switches == 4


def test_jitter_is_the_change_of_direction_that_the_picture_does_not_make():
    frames = [frame._replace(angle=0.1 * number) for number, frame in enumerate(frames_of(REST[:3]))]
    turns = (3.1, 3.1 + 0.1, 3.1 + 0.2 - 2 * np.pi - np.radians(6))
    found = [
        [replace(nail, angle=turn) for nail in perfect(f)] for f, turn in zip(frames, turns, strict=True)
    ]
    assert score_clip(zip(frames, found, strict=True)).jitter_rest == pytest.approx((0 + 6) / 2)


def test_what_the_truth_explains_is_no_flicker_and_what_comes_in_does_not_count():
    before, now = np.zeros((2, 4, 8, 2), np.float32)
    before[:, 2, 0] = 1
    before[:, 2, 1] = 1
    now[:, 4, 1] = 1  # moves as the picture does
    now[1, 7, 0] = 1  # something false
    now[2, 0, 0] = 1  # comes in from outside
    step = np.array([[1.0, 0, 2], [0, 1, 0]])
    assert unexplained(before, now, step) == 4 + 1
    now[:, 4, 0] = 1
    assert unexplained(before, now, step) == 1
    now[..., 1] = 0
    assert unexplained(before, now, step) == 1


def test_nothing_to_measure():
    frames = [frame._replace(instances=np.zeros((60, 200), np.int32)) for frame in frames_of(REST)]
    score = score_clip((frame, []) for frame in frames)
    assert (score.iou_rest, score.recall_rest, score.flicker_rest, score.lag) == (None,) * 4
    assert (score.switches, score.nail_frames, score.frames) == (0, 0, 4)


def test_the_mean_over_clips():
    frames = frames_of(REST)
    good = score_clip((frame, perfect(frame)) for frame in frames)
    bad = score_clip((frame, []) for frame in frames)
    report = MovedReport("m", "d", {"good": good, "bad": replace(bad, switches=3)}, [], [])
    assert (report.scores.recall_rest, report.scores.iou_rest, report.scores.jitter_rest) == (0.5, 0.5, 0)
    assert (report.scores.switches, report.scores.nail_frames, report.scores.frames) == (3, 8, 8)
    assert report.scores.lag is None
    written = report.to_json()
    assert (written["clips"], written["recall_rest"], written["per_clip"]["good"]["iou_rest"]) == (2, 0.5, 1)


def test_stills_are_chosen_evenly_among_those_with_nails(tmp_path):
    for folder in ("images", "instances"):
        (tmp_path / folder).mkdir()
    for number in range(8):
        cv2.imwrite(str(tmp_path / f"images/{number}.png"), np.zeros((4, 4, 3), np.uint8))
        cv2.imwrite(
            str(tmp_path / f"instances/{number}.png"), np.full((4, 4), number in (1, 2, 5, 7), np.uint8)
        )
    names = [str(number) for number in range(8)]
    assert choose_stills(tmp_path, names, 2) == ["1", "5"]
    assert choose_stills(tmp_path, names, 100) == ["1", "2", "5", "7"]
    with pytest.raises(DataError, match="no nails in these pictures"):
        choose_stills(tmp_path, ["0", "3"], 2)


def test_perfect_is_what_the_truth_is():
    frame = frames_of(REST[:1])[0]
    assert [match.iou for match in match_nails(frame.instances, perfect(frame))] == [1, 1]
