"""Which frames of which clips are looked at."""

from pathlib import Path

import numpy as np
import pytest

from calculators.video.writer import VideoWriter
from training.data import DataError
from training.video_clips import choose_runs, find_clips, read_runs


@pytest.mark.parametrize(
    ("total", "frames", "expected"),
    [
        (100, 200, [(0, 100)]),
        (100, 100, [(0, 100)]),
        (100, 20, [(40, 60)]),
        (100, 30, [(35, 65)]),
        (100, 60, [(0, 30), (70, 100)]),
        (110, 100, [(0, 30), (40, 70), (80, 110)]),
        # They would overlap
        (70, 69, [(0, 30), (40, 70)]),
        (50, 49, [(10, 40)]),
        (95, 94, [(0, 30), (32, 62), (65, 95)]),
    ],
)
def test_choose_runs(total, frames, expected):
    assert [(run.start, run.stop) for run in choose_runs(total, frames)] == expected


def test_choose_short_runs():
    runs = choose_runs(100, 30, 10)
    assert [(run.start, run.stop) for run in runs] == [(0, 10), (45, 55), (90, 100)]


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv"])
def test_read_runs(tmp_path, name):
    """Frames of growing brightness, 2 grey levels each; the header of .mkv tells another number."""
    clip = tmp_path / name
    with VideoWriter(clip) as writer:
        for number in range(100):
            writer.write(np.full((32, 32, 3), 10 + 2 * number, np.uint8), number * 40_000)
    found = [(run, round((frame.mean() - 10) / 2)) for run, frame in read_runs(clip, 60)]
    assert [run for run, _ in found] == [0] * 30 + [1] * 30
    expected = [*range(30), *range(70, 100)]
    assert np.abs(np.subtract([number for _, number in found], expected)).max() <= 1


def test_find_clips(tmp_path):
    folder = tmp_path / "clips"
    folder.mkdir()
    for name in ("b.mp4", "a.MOV", "notes.txt"):
        (folder / name).touch()
    single = tmp_path / "c.mkv"
    single.touch()
    assert find_clips([folder, single]) == {"a": folder / "a.MOV", "b": folder / "b.mp4", "c": single}


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["nowhere"], "nowhere: no such clip or folder"),
        (["empty"], r"empty: no clip in this folder \(\.avi, "),
        (["a.mp4", "a.mov"], r"a\.mov: another clip is named a, too: .*a\.mp4"),
    ],
)
def test_no_clips(tmp_path: Path, names, message):
    (tmp_path / "empty").mkdir()
    for name in ("a.mp4", "a.mov"):
        (tmp_path / name).touch()
    with pytest.raises(DataError, match=message):
        find_clips([tmp_path / name for name in names])
