"""Curves of any history."""

import cv2
import pytest

from training.plot import write_curves

ROW = {"epoch": 1, "size": 8, "loss": 1.0, "learning_rate": 0.1, "pictures_per_second": 9.0, "seconds": 2.0}
SCORES = {"figaro": 0.8, "mean": 0.7}
PANEL = 360
"""Pixels across."""


@pytest.mark.parametrize(
    ("rows", "panels"),
    [
        ([{}], 1),
        ([SCORES], 2),
        ([SCORES, SCORES], 2),
        ([SCORES, {**SCORES, "f1": 0.5, "validation_loss": 3.0}], 2),
        ([SCORES, {**SCORES, "flicker": 3.5}], 3),
        ([{"jitter": -1.0}, {}], 2),
    ],
    ids=[
        "loss only",
        "one epoch",
        "two",
        "a score from the second on",
        "beyond one",
        "below zero, then none",
    ],
)
def test_panels(tmp_path, rows, panels):
    """A panel for the losses, one for what is in [0, 1], one for the rest."""
    history = [{**ROW, **row, "epoch": i} for i, row in enumerate(rows, start=1)]
    write_curves(history, tmp_path / "curves.png")
    assert [path.name for path in tmp_path.iterdir()] == ["curves.png"]
    assert cv2.imread(str(tmp_path / "curves.png")).shape[1] == panels * PANEL


def test_another_size_is_marked(tmp_path):
    history = [{**ROW, **SCORES}, {**ROW, **SCORES, "epoch": 2}]
    write_curves(history, tmp_path / "one.png")
    history[1]["size"] = 16
    write_curves(history, tmp_path / "two.png")
    one, two = (cv2.imread(str(tmp_path / f"{name}.png")) for name in ("one", "two"))
    assert (one != two).any()
