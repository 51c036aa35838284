"""Contact sheets."""

import numpy as np
import pytest

from training.sheet import PREDICTION, TRUTH, VIEW, Tile, draw_sheet, outlined


def tile(height: int = 300, width: int = 150, name: str = "somebody") -> Tile:
    """A grey picture; the truth is its left half, the prediction its upper half."""
    truth, prediction = np.zeros((height, width), bool), np.zeros((height, width), bool)
    truth[:, : width // 2], prediction[: height // 2] = True, True
    return Tile(np.full((height, width, 3), 90, np.uint8), truth, prediction, name, "IoU 0.333")


def test_outlines():
    view = outlined(tile())
    assert view.shape == (VIEW, VIEW // 2, 3)
    assert (view[VIEW // 2 - 1] == PREDICTION).all()
    rows = np.arange(VIEW) != VIEW // 2 - 1
    assert (view[rows, VIEW // 4 - 1] == TRUTH).all()
    assert (view[0, : VIEW // 4 - 1] == 90).all()


@pytest.mark.parametrize(("count", "columns", "rows"), [(1, 1, 1), (4, 4, 1), (5, 4, 2), (20, 4, 5)])
def test_sheet_has_room_for_all(count, columns, rows):
    sheet = draw_sheet([tile(40 + i, 60, "a long name " * 9) for i in range(count)], "worst")
    assert sheet.dtype == np.uint8
    assert columns * 2 * VIEW < sheet.shape[1] < columns * 2.2 * VIEW
    assert rows * VIEW < sheet.shape[0] < (rows + 0.5) * 1.3 * VIEW
