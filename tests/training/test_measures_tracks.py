"""Measures of points over time."""

import numpy as np
import pytest

from training.evaluate_landmarks_video import Followed, VideoScore, mean_clip, score_still, score_video
from training.measures_tracks import STILL, WINDOW, jitter, lag, stays, tremble

NAN = float("nan")


def tracks(x: np.ndarray, count: int = 3) -> np.ndarray:
    """Points side by side that move along x alike."""
    places = np.zeros((len(x), count, 2))
    places[..., 0] = np.asarray(x)[:, None] + np.arange(count)
    return places


def to_and_fro(frames: int = 40) -> np.ndarray:
    return 0.5 * (1 - np.cos(np.arange(frames) * 2 * np.pi / frames))


@pytest.mark.parametrize(("x", "y"), [(0, 0), (0.3, 0), (0.2, -0.1)])
def test_even_movement_does_not_tremble(x, y):
    moving = np.arange(9)[:, None, None] * np.array([x, y]) + np.ones((9, 3, 1))
    assert jitter(tremble(moving)) == pytest.approx(0, abs=1e-9)


def test_points_that_go_back_and_forth():
    """By 1 % each way: the mean of five of them is a fifth of one, off by 0.8 or 1.2."""
    squares = tremble(tracks(0.01 * (-1.0) ** np.arange(9)))
    assert squares.shape == (9 - WINDOW + 1, 3)
    assert jitter(squares) == pytest.approx(0.8)


def test_slow_movement_is_no_jitter_and_fast_is():
    time = np.arange(300) / 30
    slow, fast = (jitter(tremble(tracks(0.01 * np.sin(2 * np.pi * hertz * time)))) for hertz in (0.5, 10))
    assert slow < 0.02
    assert fast > 0.6


def test_frames_without_a_face_do_not_count():
    places = tracks(np.array([0, 0, 0, 0, 0, NAN, 1, 1, 1, 1, 1]))
    assert jitter(tremble(places)) == 0
    assert jitter(tremble(places[3:8])) is None
    assert tremble(places[:3]).shape == (0, 3)


def test_where_a_face_stays():
    steps = np.cumsum([0.0, 0, 0, 0, 0, 0, 2 * STILL, 0, 0, 0, 0, 0])
    assert stays(tracks(steps)).tolist() == [True, True, False, False, False, False, True, True]
    assert stays(tracks(np.array([0, 0, NAN, 0, 0]))).tolist() == [False]
    assert stays(tracks(np.zeros(2))).size == 0


@pytest.mark.parametrize("late", [0.0, 1.0, 2.5, -1.0])
def test_lag(late):
    way = to_and_fro()
    found = np.interp(np.arange(40) - late, np.arange(40), way)
    assert lag(tracks(found) + np.array([0.3, -0.2]), tracks(way)) == pytest.approx(late, abs=0.06)


def test_lag_of_frames_with_a_face():
    way = to_and_fro()
    found = np.interp(np.arange(40) - 2, np.arange(40), way)
    found[5:15] = NAN
    assert lag(tracks(found), tracks(way)) == pytest.approx(2, abs=0.06)
    assert lag(tracks(np.full(40, NAN)), tracks(way)) is None
    assert lag(tracks(np.zeros(40)), tracks(np.zeros(40))) is None


def test_score_of_a_still():
    """A constant error is no jitter and no lag."""
    rest, way = np.zeros(40), to_and_fro()
    late = np.interp(np.arange(40) - 3, np.arange(40), way)
    trembling = tracks(0.01 * (-1.0) ** np.arange(40))
    trembling[:20] = NAN
    resting = Followed(tracks(rest), tracks(rest) + np.array([0, 0.05]), trembling)
    score = score_still(resting, Followed(tracks(way), tracks(late), tracks(way)))
    assert score.error_rest == pytest.approx(5)
    assert score.error_moving == pytest.approx(100 * np.abs(late - way).mean())
    assert (score.jitter, score.jitter_raw) == (pytest.approx(0, abs=1e-9), pytest.approx(0.8))
    assert (score.lag, score.lag_raw) == (pytest.approx(100, abs=2), pytest.approx(0, abs=2))
    assert (score.lost, score.frames) == (0, 80)


def test_a_face_that_is_lost():
    nothing = np.full((40, 3, 2), NAN)
    score = score_still(
        Followed(tracks(np.zeros(40)), nothing, nothing), Followed(*[tracks(to_and_fro())] * 3)
    )
    assert (score.error_rest, score.jitter, score.jitter_raw) == (None, None, None)
    assert (score.error_moving, score.lost) == (0, 0.5)


def test_score_of_a_video():
    """Ten frames at rest, ten in which the face goes on, in a run of its own ten of which half have none."""
    trembling = 0.001 * (-1.0) ** np.arange(10)
    way = np.concatenate([trembling, trembling[-1] + 0.1 * np.arange(1, 11)])
    lost = np.concatenate([trembling[:5], np.full(5, NAN)])
    runs = [np.stack([tracks(0 * x), tracks(x)]) for x in (way, lost)]
    score = score_video(runs)
    assert (score.jitter, score.jitter_raw) == (0, pytest.approx(0.08))
    assert score.still == pytest.approx(7 / 30)
    assert (score.without_face, score.frames) == (pytest.approx(5 / 30), 30)


def test_a_video_without_faces():
    score = score_video([np.full((2, 10, 3, 2), NAN)])
    assert score == VideoScore(None, None, 0, 1, 10)


def test_means_leave_out_what_was_not_measured():
    one, other = VideoScore(1, 3, 0.5, 0, 10), VideoScore(None, 5, 0.1, 1, 20)
    assert mean_clip([one, other]) == VideoScore(1, 4, 0.3, 0.5, 30)
