"""The guide for testers says of landmarks what the code does."""

from dataclasses import fields

import pytest

from calculators.face.landmark_crop import ENLARGED
from tests.training.test_evaluate_doc import GUIDE
from training.evaluate_landmarks_pictures import PRESENT
from training.measures_landmarks import FAILED, LandmarkScores


def test_every_score_is_explained():
    assert [field.name for field in fields(LandmarkScores) if f"`{field.name}`" not in GUIDE] == []


@pytest.mark.parametrize(
    "phrase",
    [
        f"{ENLARGED} times the larger side of the points' box",
        f"`inter_ocular` is above {100 * FAILED:g}",
        f"`presence` below {PRESENT}",
    ],
)
def test_numbers_of_the_guide(phrase):
    assert phrase in " ".join(GUIDE.split())
