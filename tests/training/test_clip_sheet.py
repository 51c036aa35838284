"""Contact sheets and videos of clips before and after an effect."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from calculators.video.reader import VideoReader
from training.clip_sheet import COLUMNS, PAPER, SIDE, VIDEO_SIDE, check_sheet, choose_columns, write_sheet
from training.data import DataError
from tryon import GraphError


def versions(frames: int, count: int = 2) -> list[tuple[np.ndarray, ...]]:
    """Wide frames, brighter from one to the next; the versions differ in red."""
    return [
        tuple(np.full((20, 40, 3), (100 * version, 10 * number, 0), np.uint8) for version in range(count))
        for number in range(frames)
    ]


@pytest.mark.parametrize(
    ("frames", "columns"),
    [(36, [5, 11, 17, 23, 29, 35]), (6, [0, 1, 2, 3, 4, 5]), (3, [0, 1, 2]), (13, [2, 4, 6, 8, 10, 12])],
)
def test_columns_are_evenly_over_a_clip(frames, columns):
    assert choose_columns(frames) == columns


def test_a_sheet_has_a_row_a_version(tmp_path):
    """The second clip is shorter: what it lacks is paper."""
    done = []
    clips = {"long": lambda: versions(12), "short": lambda: versions(2)}
    write_sheet(tmp_path / "new" / "sheet.png", clips, lambda number, total: done.append((number, total)))
    sheet = cv2.imread(str(tmp_path / "new" / "sheet.png"))[..., ::-1]
    assert sheet.shape == (4 * SIDE, COLUMNS * SIDE, 3)
    middles = sheet[SIDE // 2 :: SIDE, SIDE // 2 :: SIDE]
    assert middles[0].tolist() == [[0, 10 * number, 0] for number in (1, 3, 5, 7, 9, 11)]
    assert middles[1, 0].tolist() == [100, 10, 0]
    assert middles[3].tolist() == [[100, 0, 0], [100, 10, 0]] + [[PAPER] * 3] * 4
    assert sheet[0, 0].tolist() == [PAPER] * 3
    assert done == [(0, 2), (1, 2)]


def test_a_video_has_the_versions_side_by_side(tmp_path):
    write_sheet(
        tmp_path / "new" / "sheet.mp4", {"one": lambda: versions(3, 3), "two": lambda: versions(2, 3)}
    )
    with VideoReader(tmp_path / "new" / "sheet.mp4") as reader:
        frames = [frame for _, frame in reader]
    assert [frame.shape for frame in frames] == [(VIDEO_SIDE, 3 * VIDEO_SIDE, 3)] * 5
    red = frames[0][VIDEO_SIDE // 2, VIDEO_SIDE // 2 :: VIDEO_SIDE, 0]
    np.testing.assert_allclose(red.astype(int), (0, 100, 200), atol=8)


def test_what_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"x\.gif: a sheet is a \.png, a video an \.mp4"):
        check_sheet(Path("x.gif"), [])
    with pytest.raises(GraphError, match="nowhere"):
        check_sheet(Path("x.png"), [tmp_path / "nowhere.json"])
