import numpy as np
import pytest

from calculators.image.splitting import Split, split_view
from tryon import GraphError

BEFORE = np.full((1, 6, 3), 10, np.uint8)
AFTER = np.full((1, 6, 3), 90, np.uint8)


@pytest.mark.parametrize(
    ("position", "line_width", "expected"),
    [
        (0.5, 0, [10, 10, 10, 90, 90, 90]),
        (0.5, 1, [10, 10, 10, 7, 90, 90]),
        (0.5, 2, [10, 10, 7, 7, 90, 90]),
        (0.5, 9, [7, 7, 7, 7, 7, 7]),
        (0.2, 2, [7, 7, 90, 90, 90, 90]),
        (0.2, 4, [7, 7, 7, 90, 90, 90]),
        (0.9, 3, [10, 10, 10, 10, 7, 7]),
        (0, 2, [90, 90, 90, 90, 90, 90]),
        (0.08, 2, [90, 90, 90, 90, 90, 90]),
        (1, 2, [10, 10, 10, 10, 10, 10]),
    ],
)
def test_values(position, line_width, expected):
    view = split_view(BEFORE, AFTER, Split(position, line_width, (7, 8, 9)))
    assert view[0, :, 0].tolist() == expected
    assert (view[view[..., 0] == 7] == (7, 8, 9)).all()
    assert (BEFORE == 10).all()
    assert (AFTER == 90).all()


@pytest.mark.parametrize(
    ("before", "message"),
    [
        (BEFORE[..., 0], r"picture must be uint8 \[h, w, 3\], not uint8 \[1, 6\]"),
        (BEFORE.astype(np.float32), r"not float32 \[1, 6, 3\]"),
        (BEFORE[:, :4], r"The picture before has 4 x 1 pixels, that after 6 x 1; .* of one size"),
    ],
)
def test_exception(before, message):
    with pytest.raises(GraphError, match=message):
        split_view(before, AFTER, Split())
