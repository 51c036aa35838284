from pathlib import Path

import numpy as np
import pytest

from tests.training.square_faces import landmarks, write_faces, write_labels, write_pictures
from training.data import DataError
from training.data_detector import (
    BLAZE_SCALE,
    BLAZE_SHIFT,
    FOREHEAD,
    box_face,
    from_blaze,
    landmarks_face,
    load_crops,
    load_labelled,
    names_with_faces,
    names_without_faces,
    read_face_labels,
    read_landmarks,
    shared,
)

ROW = "0.9,0.25,0.25,0.5,0.5,0.4,0.4,0.6,0.4,0.5,0.5,0.5,0.6"


def test_a_face_reaches_above_its_brows():
    face = landmarks_face(landmarks(10, 20, 40))
    np.testing.assert_allclose(face.box, [10, 20 - FOREHEAD * 40, 50, 60])
    np.testing.assert_allclose(face.keypoints, [[22, 30], [38, 30], [30, 40], [30, 50]])


def test_the_box_turns_with_the_face():
    """A quarter turn: what was up is left."""
    points = landmarks(-20, -20, 40)
    turned = points @ np.array([[0, 1], [-1, 0]])
    np.testing.assert_allclose(
        landmarks_face(turned).box, [-20, -20, 20 + FOREHEAD * 40, 20] @ np.eye(4), atol=1e-9
    )


def test_mirrored_eyes_change_their_names():
    face = landmarks_face(landmarks(0, 0, 40)).moved(np.array([[-1.0, 0, 40], [0, 1, 0]]))
    np.testing.assert_allclose(face.keypoints[:2], [[12, 10], [28, 10]])
    np.testing.assert_allclose(face.box, [0, -FOREHEAD * 40, 40, 40])


def test_from_blaze_moves_along_the_face():
    keypoints = np.array([[40.0, 40], [60, 40], [50, 50], [50, 60]])
    left, top, width, height = from_blaze((30, 30, 40, 40), keypoints)
    assert (width, height) == pytest.approx((40 * BLAZE_SCALE[0], 40 * BLAZE_SCALE[1]))
    assert (left + width / 2, top + height / 2) == pytest.approx((50, 50 + 40 * BLAZE_SHIFT))


def test_an_ellipse_keeps_its_box_and_turns():
    face = box_face((10, 20, 40, 60), np.zeros((4, 2)))
    np.testing.assert_allclose(face.box, [10, 20, 50, 80])
    quarter = np.array([[0.0, -1, 0], [1, 0, 0]])
    np.testing.assert_allclose(face.moved(quarter).box, [-80, 10, -20, 50])


def test_points_are_counted_from_the_edge(tmp_path):
    root = write_faces(tmp_path / "faces", ["one"])
    side = 96 / 2.2
    np.testing.assert_allclose(read_landmarks(root, "one").min(0), 48 - side / 2, atol=1e-3)
    (root / "images/one.pts").write_text("version: 1\n{\n1 2\n}\n")
    with pytest.raises(DataError, match=r"one\.pts: n_points is missing, but there are 1 points"):
        read_landmarks(root, "one")


def test_crops_are_reduced_and_know_other_people(tmp_path):
    root = write_faces(tmp_path / "faces", ["one"])
    labels = read_face_labels(
        write_labels(
            tmp_path / "labels.csv",
            [f"faces,one,{ROW}", "faces,one,0.9,0,0,0.15,0.15" + ",0.05,0.05" * 4],
        )
    )
    (picture,) = load_crops(root, ["one"], labels, 48)
    assert picture.image.shape == (48, 48, 3)
    first, other = picture.faces
    assert first.box[2] - first.box[0] == pytest.approx(48 / 2.2, abs=0.01)
    assert (other.box[2] - other.box[0]) == pytest.approx(48 * 0.15 * BLAZE_SCALE[0])


def test_labelled_pictures(tmp_path):
    folder = write_pictures(tmp_path / "people", ["a", "b", "c"])
    empty = ",".join(["0", *[""] * 12])
    path = write_labels(
        tmp_path / "labels.csv",
        [f"people,a,{ROW}", f"people,b,{empty}", f"people,c,{ROW}", f"nails,d,{empty}"],
    )
    labels = read_face_labels(path)
    assert [len(faces) for faces in labels.values()] == [1, 0, 1, 0]
    assert names_with_faces(folder, labels) == ["a", "c"]
    with_faces = load_labelled(folder, labels, ["a", "c"], 200)
    assert [len(picture.faces) for picture in with_faces] == [1, 1]
    assert with_faces[0].faces[0].box[2] - with_faces[0].faces[0].box[0] == pytest.approx(40 * BLAZE_SCALE[0])
    np.testing.assert_allclose(with_faces[0].faces[0].keypoints[0], [32, 24])
    assert [picture.faces for picture in load_labelled(folder, labels, ["b"], 200)] == [()]
    with pytest.raises(DataError, match="the labels know no picture with faces of a folder of this name"):
        names_with_faces(tmp_path / "other", labels)


def test_pictures_without_faces_are_kept_apart():
    labels = {("nails", f"{i:02}"): [] for i in reversed(range(12))} | {("hair", "x"): []}
    training, apart = names_without_faces(Path("anywhere/nails"), labels)
    assert apart == ["00", "10"]
    assert training == [f"{i:02}" for i in (1, 2, 3, 4, 5, 6, 7, 8, 9, 11)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("folder,picture\na,b\n", "column missing: score, left"),
        ("", "column missing: folder"),
    ],
)
def test_bad_tables(tmp_path, text, message):
    (tmp_path / "labels.csv").write_text(text)
    with pytest.raises(DataError, match=message):
        read_face_labels(tmp_path / "labels.csv")


def test_a_bad_line(tmp_path):
    path = write_labels(tmp_path / "labels.csv", [f"people,a,{ROW}", "people,b,0.9,x"])
    with pytest.raises(DataError, match="line 3"):
        read_face_labels(path)


@pytest.mark.parametrize(
    ("other", "expected"), [([0, 0, 2, 2], 1), ([1, 0, 3, 2], 0.5), ([0, 0, 1, 1], 1), ([5, 5, 6, 6], 0)]
)
def test_shared(other, expected):
    assert shared(np.array([0, 0, 2, 2.0]), np.array(other, float)) == pytest.approx(expected)
