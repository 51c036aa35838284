"""The guide for testers says of landmarks what the code does."""

from dataclasses import fields

import pytest

from calculators.face.landmark_crop import ENLARGED
from tests.training.test_evaluate_doc import GUIDE
from training import (
    evaluate_landmarks_clips,
    evaluate_landmarks_graph,
    evaluate_landmarks_sheet,
    evaluate_landmarks_video,
    measures_tracks,
    video_clips,
)
from training.evaluate_landmarks_pictures import PRESENT
from training.measures_landmarks import FAILED, FoundScores, LandmarkScores


@pytest.mark.parametrize(
    "of",
    [
        LandmarkScores,
        FoundScores,
        evaluate_landmarks_video.StillScore,
        evaluate_landmarks_video.VideoScore,
    ],
)
def test_every_score_is_explained(of):
    assert [field.name for field in fields(of) if f"`{field.name}`" not in GUIDE] == []


@pytest.mark.parametrize(
    "phrase",
    [
        f"{ENLARGED} times the larger side of the points' box",
        f"`inter_ocular` is above {100 * FAILED:g}",
        f"`presence` below {PRESENT}",
        f"Up to {evaluate_landmarks_graph.MAX_FACES} faces are looked for",
        f"{evaluate_landmarks_video.STILLS} pictures of `DATA`",
        f"two clips of {evaluate_landmarks_clips.FRAMES} frames each",
        f"JPEG, quality {evaluate_landmarks_clips.QUALITY}",
        f"their own mean over {measures_tracks.WINDOW} frames",
        f"by at least {100 * measures_tracks.MOVING:g} %",
        f"less than {100 * measures_tracks.STILL:g} %",
        f"{measures_tracks.WINDOW} in a row",
        f"Runs of {video_clips.RUN} consecutive frames are looked at, evenly over each, "
        f"{evaluate_landmarks_clips.FRAMES} frames in all",
        " and ".join(f"`{look.stem}`" for look in evaluate_landmarks_sheet.LOOKS),
    ],
)
def test_numbers_of_the_guide(phrase):
    assert phrase in " ".join(GUIDE.split())
