"""Faces with .pts files: what is read, and what is said of what cannot be."""

import re

import cv2
import numpy as np
import pytest

from calculators.face.landmark_crop import face_region
from calculators.face.landmark_layout import IBUG_68
from tests.training.tiny_faces import face_points, write_faces, write_points
from training.data import DataError
from training.data_landmarks import Kind, find_problems, list_faces, load_face, read_face, read_points

THREE = "version: 1\nn_points: 3\n{\n1 2\n\n3.5 -4\n5 6e1\n}\n"


def test_points_as_written(tmp_path):
    path = tmp_path / "a.pts"
    path.write_text(THREE)
    np.testing.assert_array_equal(read_points(path, 3), np.float32([[1, 2], [3.5, -4], [5, 60]]))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "a.pts: no such file"),
        ("1 2\n3 4\n", 'a.pts: not a .pts file: expected lines "x y" between'),
        ("}\n{\n", "a.pts: not a .pts file"),
        (THREE.replace("n_points: 3", "n_points: 4"), "a.pts: n_points is 4, but there are 3 points"),
        (THREE.replace("n_points: 3\n", ""), "a.pts: n_points is missing, but there are 3 points"),
        (THREE.replace("5 6e1\n", "").replace(": 3", ": 2"), "a.pts: has 2 points; this annotation has 3"),
        (THREE.replace("3.5 -4", "3.5"), "a.pts: line 6: expected two numbers \"x y\", got '3.5'"),
        (THREE.replace("3.5", "x"), "a.pts: line 6: expected two numbers \"x y\", got 'x -4'"),
        (THREE.replace("3.5", "nan"), "a.pts: a coordinate is not finite"),
    ],
)
def test_bad_points(tmp_path, text, message):
    path = tmp_path / "a.pts"
    if text is not None:
        path.write_text(text)
    with pytest.raises(DataError, match=re.escape(message)):
        read_points(path, 3)


@pytest.mark.parametrize("images", ["", "images"])
def test_a_face_from_either_kind_of_folder(tmp_path, images):
    write_faces(tmp_path / images, ["b", "a"])
    assert [example.name for example in list_faces(tmp_path)] == ["a", "b"]
    face = read_face(tmp_path, "a", IBUG_68)
    assert face.image.shape == (120, 120, 3)
    assert face.points.dtype == np.float32
    # The points were drawn white about their pixels.
    x, y = np.floor(face.points[30]).astype(int)
    assert (face.image[y, x] == 255).all()


def test_an_index_names_sets(tmp_path):
    write_faces(tmp_path / "images", ["a", "b"])
    (tmp_path / "index.csv").write_text("name,set\nb,one\n")
    assert [(example.name, example.set) for example in list_faces(tmp_path)] == [("b", "one")]


def test_an_empty_folder_is_described(tmp_path):
    with pytest.raises(DataError, match=r"no pictures; a data set is a folder of NAME\.jpg"):
        list_faces(tmp_path)


@pytest.mark.parametrize(
    ("shift", "message"),
    [((500, 0), "all points lie outside the picture of 120x120 pixels"), (None, "outer eye corners")],
)
def test_points_that_are_no_face(tmp_path, shift, message):
    write_faces(tmp_path, ["a"])
    points = face_points()
    if shift is None:
        points[45] = points[36]
    else:
        points += shift
    write_points(tmp_path / "a.pts", points)
    with pytest.raises(DataError, match=message):
        read_face(tmp_path, "a", IBUG_68)


def test_a_face_to_train_on_is_cut_and_shrunk(tmp_path):
    """A face of 60 in a photograph of 1000 pixels: 0.8 faces beside it stay; its square of 90 becomes 45."""
    image = np.zeros((1000, 1000, 3), np.uint8)
    points = face_points((500, 400))
    whole = face_region(points, IBUG_68)
    cv2.imwrite(str(tmp_path / "a.png"), image)
    write_points(tmp_path / "a.pts", points)
    face = load_face(tmp_path, "a", IBUG_68, 45)
    region = face_region(face.points, IBUG_68)
    assert region.width == pytest.approx(45, rel=0.02)
    box = whole.width / 1.5
    assert face.image.shape[1] == pytest.approx((1 + 2 * 0.8) * box / 2, abs=2)
    assert region.center_x == pytest.approx(face.image.shape[1] / 2, abs=1)


def test_all_problems_at_once(tmp_path):
    write_faces(tmp_path / "images", ["good", "bad", "bare", "lost", "twice"])
    images = tmp_path / "images"
    (images / "bad.pts").write_text("x")
    (images / "bare.pts").unlink()
    (images / "lost.png").unlink()
    cv2.imwrite(str(images / "twice.jpg"), np.zeros((9, 9, 3), np.uint8))
    (tmp_path / "index.csv").write_text("name\ngood\ngood\nbad\nbare\nlost\ntwice\nnowhere\n")
    found = {(problem.name, problem.kind) for problem in find_problems(tmp_path, None, IBUG_68)}
    assert {
        ("good", Kind.TWICE),
        ("bad", Kind.UNUSABLE),
        ("bare", Kind.NO_POINTS),
        ("lost", Kind.NO_PICTURE),
        ("twice", Kind.SEVERAL),
        ("nowhere", Kind.UNLISTED),
    } <= found
    assert {problem.name for problem in find_problems(tmp_path, {"bare"}, IBUG_68)} == {"bare"}
