import numpy as np
import pytest

from tests.training.square_faces import landmarks
from training.augment_detector import Frame, Scene, compose, cover, draw_frame, put, targets, visible
from training.data_detector import COORDS_FROM, COUNTS, HEAT, WEIGHT, Face, FacePicture, landmarks_face

SIZE = 160
WHOLE = Frame(0, 0, SIZE, SIZE)


def picture(size: int = 96) -> FacePicture:
    """A white face before black."""
    side = size / 2.2
    face = landmarks_face(landmarks((size - side) / 2, (size - side) / 2, side))
    image = np.zeros((size, size, 3), np.uint8)
    left, top, right, bottom = np.round(face.box).astype(int)
    image[top:bottom, left:right] = 255
    return FacePicture(image, (face,))


def grey(height: int = 60, width: int = 80) -> FacePicture:
    return FacePicture(np.full((height, width, 3), 90, np.uint8), ())


def square(x: float, y: float, side: float) -> Face:
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * side / 2 + (x, y)
    return Face(corners, np.full((4, 2), (x, y)))


def target_of(*faces: Face, seen: float = 1.0, frame: Frame = WHOLE) -> np.ndarray:
    scene = Scene(np.zeros((SIZE, SIZE, 3), np.uint8), list(faces), [seen] * len(faces))
    return targets(scene, frame, SIZE)


class TestTargets:
    def test_no_face(self):
        target = target_of()
        assert target.shape == (20, 20, 15)
        assert (target[..., COUNTS] == 1).all()
        assert target.sum() == 400

    @pytest.mark.parametrize(("x", "cells"), [(84, [10]), (88, [10, 11]), (86, [10])])
    def test_the_cells_of_the_middle(self, x, cells):
        target = target_of(square(x, 44, 20))
        assert np.argwhere(target[..., HEAT] >= 1).tolist() == [[5, cell] for cell in cells]

    def test_values_lead_from_every_cell_to_the_face(self):
        target = target_of(square(90, 50, 40))
        learned = np.argwhere(target[..., WEIGHT] > 0)
        assert len(learned) > 4
        for row, column in learned:
            values = target[row, column, COORDS_FROM:]
            assert ((column + 0.5 + values[0]) * 8, (row + 0.5 + values[1]) * 8) == pytest.approx((90, 50))
            assert np.exp(values[2:4]) * SIZE == pytest.approx([40, 40])
            points = (values[4:].reshape(4, 2) + np.array([column + 0.5, row + 0.5])) * 8
            np.testing.assert_allclose(points, [[90, 50]] * 4, atol=1e-4)

    @pytest.mark.parametrize(
        ("face", "seen"), [(square(80, 80, 40), 0.5), (square(155, 80, 40), 1.0), (square(80, 80, 9), 1.0)]
    )
    def test_faces_that_nobody_asks_for(self, face, seen):
        target = target_of(face, seen=seen)
        row, column = (min(int(v // 8), 19) for v in (face.box[1::2].mean(), face.box[::2].mean()))
        assert target[row, column, COUNTS] == 0
        assert target[..., HEAT].max() == 0
        assert target[..., WEIGHT].max() == 0

    def test_a_hidden_face_does_not_take_from_its_neighbour(self):
        scene = Scene(
            np.zeros((SIZE, SIZE, 3), np.uint8), [square(80, 80, 40), square(84, 80, 40)], [0.2, 1.0]
        )
        target = targets(scene, WHOLE, SIZE)
        assert target[10, 10, COUNTS] == 1
        assert target[10, 10, HEAT] == 1


class TestPut:
    @pytest.mark.parametrize("cut_out", [False, True])
    @pytest.mark.parametrize("tilt", [0.0, 0.5, 3.0])
    @pytest.mark.parametrize("height", [0.1, 0.4])
    def test_the_face_is_where_the_label_says(self, height, tilt, cut_out):
        rng = np.random.default_rng(4)
        scene = cover(grey(), WHOLE, SIZE, rng)
        put(scene, picture(), WHOLE, height, tilt, rng, cut_out)
        (face,) = scene.faces
        assert np.ptp(face.box[1::2]) == pytest.approx(height * SIZE, rel=1e-6)
        x, y = np.round(face.keypoints[2] - 0.5).astype(int)
        assert scene.image[y, x].min() > 150
        if tilt == 0 and not cut_out:
            white = np.argwhere(scene.image[..., 0] > 150)
            low, high = white.min(0)[::-1], white.max(0)[::-1] + 1
            np.testing.assert_allclose(face.box, [*low, *high], atol=2)

    def test_crowded_scenes_take_no_more(self):
        rng = np.random.default_rng(4)
        scene = cover(grey(), WHOLE, SIZE, rng)
        for _ in range(30):
            put(scene, picture(), WHOLE, 0.45, 0.0, rng, False)
        assert 1 < len(scene.faces) < 12

    def test_wide_faces_fit_into_narrow_frames(self):
        frame = Frame(60, 0, 40, SIZE)
        rng = np.random.default_rng(4)
        scene = cover(grey(), frame, SIZE, rng)
        put(scene, picture(), frame, 1.0, 0.0, rng, False)
        assert np.ptp(scene.faces[0].box[::2]) == pytest.approx(1.1 * 40)


def test_cover_leaves_no_gap_and_moves_faces():
    rng = np.random.default_rng(2)
    for _ in range(10):
        frame = draw_frame(SIZE, rng)
        scene = cover(picture(), frame, SIZE, rng)
        (face,) = scene.faces
        x, y = np.round(face.keypoints[2] - 0.5).astype(int)
        if 0 <= x < SIZE and 0 <= y < SIZE:
            assert scene.image[y, x].min() > 200
        # Mirrored or not, the right eye is on the left.
        assert face.keypoints[0, 0] < face.keypoints[1, 0]


def test_compose_is_seeded_and_keeps_bars_black():
    one, two = (compose(grey(), [picture()] * 2, SIZE, np.random.default_rng(8)) for _ in range(2))
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a, b)
    image, target = one
    assert image.shape == (SIZE, SIZE, 3)
    assert -1 <= image.min() <= image.max() <= 1
    frame = draw_frame(SIZE, np.random.default_rng(8))
    bars = np.ones((SIZE, SIZE), bool)
    bars[frame.part] = False
    assert bars.any()
    assert (image[bars] == -1).all()
    assert target.shape == (20, 20, 15)


def test_visible():
    assert visible(np.array([-10, 0, 10, 20.0]), WHOLE) == pytest.approx(0.5)
    assert visible(np.array([-30, 0, -10, 20.0]), WHOLE) == 0
