"""A teacher's masks as a data set; the teacher here calls the red part of a picture hair."""

import av
import cv2
import numpy as np
import pytest

from training.data import DataError, load_pictures, read_index
from training.distill import frames, label, labelled, soft_target, teacher_mask, unlabelled


def red(inputs: np.ndarray) -> np.ndarray:
    return inputs[..., :1]


def half(value: int, height: int = 20, width: int = 40) -> np.ndarray:
    """A picture whose left half is red."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[:, : width // 2, 0] = value
    return picture


def test_teacher_sees_plain_and_mirrored():
    seen = []

    def predict(inputs):
        seen.append(inputs)
        return np.stack([np.full((32, 32, 1), 0.2), np.full((32, 32, 1), 0.6)])

    mask = teacher_mask(predict, half(255), 32)
    np.testing.assert_allclose(mask, np.full((20, 40), 0.4), atol=1e-6)
    np.testing.assert_array_equal(seen[0][0], seen[0][1][:, ::-1])


def test_mirrored_answer_is_turned_back():
    mask = teacher_mask(red, half(255), 32)
    assert mask[:, :18].min() > 0.9
    assert mask[:, 22:].max() < 0.1


@pytest.mark.parametrize(
    ("probability", "truth", "expected"),
    [
        (0.0, None, 0),
        (0.05, None, 0),
        (0.5, None, 128),
        (0.95, None, 255),
        (1.0, 0, 128),
        (1.0, 255, 255),
        (0.5, 255, 191),
    ],
)
def test_soft_target(probability, truth, expected):
    truth = None if truth is None else np.full((1, 1), truth, np.uint8)
    assert soft_target(np.full((1, 1), probability, np.float32), truth)[0, 0] == expected


@pytest.fixture
def data(tmp_path):
    for folder in ("data/images", "data/masks", "photos", "out/images", "out/masks"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("one", "held"):
        cv2.imwrite(str(tmp_path / f"data/images/{name}.png"), half(255)[..., ::-1])
        cv2.imwrite(str(tmp_path / f"data/masks/{name}.png"), np.full((20, 40), 255, np.uint8))
    (tmp_path / "data/index.csv").write_text("name,set,tag\none,figaro,curly\nheld,figaro,wavy\n")
    cv2.imwrite(str(tmp_path / "photos/cat.png"), half(255, 216, 864)[..., ::-1])
    return tmp_path


def test_labelled_pictures_get_the_mean_and_held_out_ones_the_truth(data):
    rows = list(label(red, 32, labelled(data / "data"), data / "out", {"held"}))
    assert rows == [("one", "figaro", "curly"), ("held", "figaro", "wavy")]
    one, held = load_pictures(data / "out", ["one", "held"], soft=True)
    assert (one[:, :18, 3] == 255).all()
    assert (one[:, 22:, 3] == 128).all()
    assert (held[..., 3] == 255).all()
    assert [e.name for e in read_index(data / "out")] == ["held", "one"]


def test_pictures_without_labels_get_the_teachers_masks(data):
    rows = list(label(red, 32, unlabelled([data / "photos"]), data / "out", set()))
    assert rows == [("photos_cat", "photos", "")]
    (picture,) = load_pictures(data / "out", ["photos_cat"], soft=True)
    assert picture.shape == (108, 432, 4)
    assert (picture[:, :200, 3] == 255).all()
    assert (picture[:, 232:, 3] == 0).all()


def test_an_empty_folder_is_named(tmp_path):
    with pytest.raises(DataError, match="no pictures"):
        list(unlabelled([tmp_path]))


def test_frames_of_a_clip(tmp_path):
    path = tmp_path / "walk.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height = 64, 48
        for _ in range(7):
            container.mux(
                stream.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24"))
            )
        container.mux(stream.encode())
    found = list(frames([path], 3))
    assert [(name, group, tag) for name, group, tag, _, _ in found] == [
        (f"walk_{i:05}", "clips", "walk") for i in (0, 3, 6)
    ]
    assert found[0][3].shape == (48, 64, 3)
    assert found[0][4] is None
