"""People in front: which masks are believed, and the command on a tiny data set."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import pytest

from training.data_people import person_mask

ROOT = Path(__file__).parents[2]


def rows(*values: float) -> np.ndarray:
    return np.repeat(np.float32([values]).T, 10, axis=1)


@pytest.mark.parametrize(
    ("found", "hair", "expected"),
    [
        # Probability, hair and person of five rows of a picture
        ((0, 0.2, 0.5, 0.8, 1), (0, 0, 0, 0, 255), (0, 0, 128, 255, 255)),
        ((0, 0, 0, 1, 1), (0, 0, 255, 255, 0), None),
        ((0, 0.4, 1, 1, 1), (0, 255, 255, 255, 255), (0, 255, 255, 255, 255)),
        ((1, 1, 1, 1, 1), (0, 0, 0, 255, 255), None),
        ((0, 0, 0, 0, 0), (0, 0, 0, 0, 0), None),
        ((0, 0, 0, 1, 1), (0, 0, 0, 0, 0), (0, 0, 0, 255, 255)),
    ],
)
def test_person_mask(found, hair, expected):
    mask = person_mask(rows(*found), rows(*hair).astype(np.uint8))
    assert (None if mask is None else tuple(mask[:, 0])) == expected


@pytest.mark.skipif(find_spec("mediapipe") is None, reason="needs the extra mediapipe")
def test_command_writes_no_mask_for_a_wall(tmp_path):
    for folder in ("images", "masks"):
        (tmp_path / folder).mkdir()
    cv2.imwrite(str(tmp_path / "images/wall.jpg"), np.full((64, 64, 3), 120, np.uint8))
    cv2.imwrite(str(tmp_path / "masks/wall.png"), np.zeros((64, 64), np.uint8))
    command = [sys.executable, "-m", "training.data_people", str(tmp_path), str(tmp_path / "people")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"0 of 1 pictures -> {tmp_path / 'people'}\n"
