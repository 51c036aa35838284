"""The guide for testers: its commands are taken, its numbers are those of the code."""

import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest

from training import metrics, video_clips, video_flow, video_score
from training.evaluate_command import command_line
from training.evaluate_pictures import WORST

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "evaluating_a_model.md").read_text()
COMMANDS = re.findall(r"^python -m training\.evaluate (.+)$", GUIDE, re.MULTILINE)


@pytest.mark.parametrize("arguments", COMMANDS)
def test_commands(arguments):
    command_line().parse_args(shlex.split(arguments))


@pytest.mark.parametrize("of", [metrics.Scores, video_score.ClipScore])
def test_every_score_is_explained(of):
    assert [field.name for field in fields(of) if f"`{field.name}`" not in GUIDE] == []


@pytest.mark.parametrize(
    "phrase",
    [
        f"within {metrics.BOUNDARY_TOLERANCE} pixels of the true one",
        f"counted in {metrics.ROC_BINS:,} bins",
        f"the worst {WORST} pictures",
        f"runs of {video_clips.RUN} consecutive",
        f"its first {video_score.WARM_UP} frames",
        f"within {video_flow.BAND} pixels of the outline",
        f"held for {video_score.HOLD} frames after {video_score.LEAD} of another clip",
        f"{video_score.HOLD - 1} or more is never",
        f"at {video_score.WORKING_SIDE} pixels on the longest side",
    ],
)
def test_numbers(phrase):
    assert phrase in " ".join(GUIDE.split())
