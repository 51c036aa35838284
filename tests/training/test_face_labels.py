from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from tests.training.square_faces import write_faces, write_pictures
from training.data_detector import read_face_labels
from training.face_labels import FaceFinder, Found, box_iou, judge, label, main, measure


def found(score: float, left: float = 0.25) -> Found:
    return Found(score, (left, 0.25, 0.5, 0.5), np.full((4, 2), 0.5))


class Known(FaceFinder):
    """Gives the pictures' faces in turn, whatever they show."""

    def __init__(self, *pictures: list[Found]) -> None:
        self._pictures = list(pictures)

    def find(self, image: np.ndarray) -> list[Found]:
        return self._pictures.pop(0)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([], "none"),
        ([0.6], "faces"),
        ([0.9, 0.5], "dropped: a doubtful face"),
        ([0.59], "dropped: a doubtful face"),
    ],
)
def test_judge(scores, expected):
    assert judge([found(score) for score in scores]) == expected


def test_the_table_says_what_was_found(tmp_path):
    folder = write_pictures(tmp_path / "people", ["a", "b", "c"])
    finder = Known([found(0.8), found(0.7, 0.5)], [], [found(0.4)])
    table, text = label([folder], finder, Console(stderr=True))
    (tmp_path / "labels.csv").write_text(table)
    labels = read_face_labels(tmp_path / "labels.csv")
    assert {key: len(faces) for key, faces in labels.items()} == {("people", "a"): 2, ("people", "b"): 0}
    np.testing.assert_allclose(labels["people", "a"][1].box, [0.5, 0.25, 1.0, 0.75])
    assert "| people | 3 | 1 | 2 | 1 | 1 |" in text


def test_measure(tmp_path):
    """MediaPipe's box is the face's own: factors of one, no shift, key points in its middle."""
    root = write_faces(tmp_path / "faces", ["one"])
    side = 1 / 2.2
    box = ((1 - side) / 2, (1 - 1.5 * side) / 2, side, 1.25 * side)
    text = measure(root, Known([Found(0.9, box, np.full((4, 2), 0.5))]), Console(stderr=True))
    lines = {line.split()[0]: line.split()[1:] for line in text.splitlines()}
    assert text.startswith("1 of 1 faces found")
    assert lines["width"] == lines["height"] == ["1.000"] * 3
    assert float(lines["shift"][1]) == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize(
    ("other", "expected"), [((0, 0, 2, 2), 1), ((1, 0, 2, 2), 1 / 3), ((5, 5, 1, 1), 0), ((0, 0, 0, 0), 0)]
)
def test_box_iou(other, expected):
    assert box_iou((0, 0, 2, 2), other) == pytest.approx(expected)


@pytest.mark.parametrize("arguments", [[], ["out.csv"], ["out.csv", "FOLDER", "--measure", "FOLDER"]])
def test_arguments(arguments, capsys):
    with pytest.raises(SystemExit):
        main(arguments)
    assert "give OUT.csv and folders, or --measure FOLDER" in capsys.readouterr().err


def test_a_missing_folder(tmp_path, capsys):
    pytest.importorskip("mediapipe")
    with pytest.raises(SystemExit):
        main(["--measure", str(tmp_path / "none")])
    assert "none" in capsys.readouterr().err


COMMITTED = Path(__file__).parents[2] / "training/labels/faces.csv"


def test_the_committed_table_is_complete():
    labels = read_face_labels(COMMITTED)
    text = COMMITTED.with_suffix(".md").read_text()
    for folder in ("faces", "hair", "nails"):
        pictures = [faces for (of, _), faces in labels.items() if of == folder]
        with_faces = [faces for faces in pictures if faces]
        row = next(line for line in text.splitlines() if line.startswith(f"| {folder} |")).split(" | ")
        assert [int(row[2]), int(row[3]), int(row[4])] == [
            len(with_faces),
            sum(map(len, with_faces)),
            len(pictures) - len(with_faces),
        ]
