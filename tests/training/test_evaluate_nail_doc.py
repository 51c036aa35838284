"""The guide for testers says of nails what the code does."""

from dataclasses import fields

import pytest

from tests.training.test_evaluate_doc import GUIDE
from training import evaluate_nail_clips, evaluate_nail_score, evaluate_nail_sheet, evaluate_nail_video

PLAIN = " ".join(GUIDE.split())


@pytest.mark.parametrize(
    "of",
    [
        evaluate_nail_score.NailScores,
        evaluate_nail_score.SizeScores,
        evaluate_nail_score.NailScore,
        evaluate_nail_score.NailPicture,
        evaluate_nail_video.ClipScore,
    ],
)
def test_every_score_is_explained(of):
    assert [field.name for field in fields(of) if f"`{field.name}`" not in GUIDE] == []


@pytest.mark.parametrize(
    "phrase",
    [
        f"where the soft mask of a nail is at least {evaluate_nail_score.THRESHOLD}",
        f"an IoU of at least {evaluate_nail_score.MATCH} with it",
        f"the root of its area, is {evaluate_nail_score.NOTABLE:g} pixels or more",
        f"`small` (sides below {evaluate_nail_score.SIZES['medium']:g} pixels)",
        f"`large` (from {evaluate_nail_score.SIZES['large']:g} on)",
        f"whose longest side is {evaluate_nail_score.LONGEST_SIDE}",
        f"{evaluate_nail_video.CLIPS} of its pictures with nails",
        f"clips of {evaluate_nail_clips.FRAMES} frames",
        f"leaves fewer than {evaluate_nail_clips.SMALLEST} pixels",
        f"moves by at least {evaluate_nail_video.MOVING:g} pixel",
        f"`{evaluate_nail_sheet.LOOK.stem}` unless `--look` names another",
    ],
)
def test_numbers(phrase):
    assert phrase in PLAIN
