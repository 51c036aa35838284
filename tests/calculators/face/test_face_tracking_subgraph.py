"""The subgraph with networks whose answers are known: faces are red squares."""

from pathlib import Path

import numpy as np
import pytest

from calculators.face.types import Face
from tests.calculators.face.network import middle_of_red, red_is_face
from tests.calculators.image.run import run_node

SIDE = 16
"""Of a red square, two cells of the detector in a frame of 448 x 448."""

BOX = 64
"""Side of the detector's boxes in pixels of such a frame."""

CROP = 1.23 * BOX
"""Side of the crop that the subgraph makes of such a box; its middle lies a tenth of the box further down."""

Square = tuple[float, float]


@pytest.fixture(scope="module")
def models(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    (folder / "detector.tflite").write_bytes(red_is_face(BOX / 448))
    # Two thirds: the crop of the landmarks is as large as that of the detection.
    (folder / "landmarks.tflite").write_bytes(middle_of_red(2 / 3, (SIDE / CROP) ** 2))
    return folder


def frame(squares: list[Square], shape: tuple[int, int] = (448, 448)) -> np.ndarray:
    """Red squares about these middles on black."""
    image = np.zeros((*shape, 3), np.uint8)
    for x, y in squares:
        left, top = round(x - SIDE / 2), round(y - SIDE / 2)
        image[max(top, 0) : top + SIDE, max(left, 0) : left + SIDE, 0] = 255
    return image


def follow(models: Path, frames: list[np.ndarray], max_faces: int = 1) -> list[list[Face]]:
    node = f"""node {{
      calculator: "FaceTrackingSubgraph" input_stream: "IMAGE:in" output_stream: "FACES:out"
      node_options {{
        [type.googleapis.com/tryon.FaceTrackingSubgraphOptions] {{
          detector_path: "{models}/detector.tflite" landmarks_path: "{models}/landmarks.tflite"
          max_faces: {max_faces}
        }}
      }}
    }}"""
    inputs = {"in": [(33_333 * i, image) for i, image in enumerate(frames)]}
    outputs = run_node(node, inputs, observe=["out"])["out"]
    assert [time for time, _ in outputs] == [33_333 * i for i in range(len(frames))]
    return [faces for _, faces in outputs]


def middles(faces: list[Face], size: tuple[int, int] = (448, 448)) -> dict[int, tuple[float, float]]:
    """Of the landmarks' boxes in pixels, by id."""
    return {
        face.id: tuple(((face.landmarks.min(0) + face.landmarks.max(0)) / 2 * size).tolist())
        for face in faces
    }


def test_no_face(models):
    assert follow(models, [frame([])] * 3) == [[], [], []]


@pytest.mark.parametrize(
    ("shape", "start"), [((448, 448), (104, 120)), ((320, 448), (104, 120)), ((448, 304), (96, 120))]
)
def test_a_face_is_found_and_followed(models, shape, start):
    """In the first frame the square fills a cell between the bars, so that the detector finds it."""
    path = [(start[0] + 7 * i, start[1] + 4 * i) for i in range(10)]
    found = follow(models, [frame([square], shape) for square in path])
    for faces, square in zip(found, path, strict=True):
        assert middles(faces, shape[::-1]) == {0: pytest.approx(square, abs=2)}
        assert faces[0].landmarks.shape == (68, 2)


def test_a_face_that_is_lost_is_found_again(models):
    found = follow(models, [frame([(104, 104)]), frame([]), frame([(200, 200)]), frame([(200, 200)])])
    assert [list(middles(faces)) for faces in found] == [[0], [], [1], [1]]
    assert middles(found[3])[1] == pytest.approx((200, 200), abs=2)


def test_a_cut_to_another_person_elsewhere(models):
    """One frame without make-up, then at the new place: nothing slides there."""
    found = follow(models, [frame([(72, 72)])] * 5 + [frame([(232, 232)])] * 3)
    assert [list(middles(faces)) for faces in found] == [[0]] * 5 + [[], [1], [1]]
    assert middles(found[6])[1] == pytest.approx((232, 232), abs=1.5)


@pytest.mark.parametrize(("max_faces", "count"), [(1, 1), (2, 2), (3, 3), (4, 3)])
def test_several_faces(models, max_faces, count):
    squares = [(56, 56), (168, 56), (56, 200)]
    found = follow(models, [frame(squares)] * 3, max_faces)
    for faces in found:
        assert len(faces) == count
        for middle in middles(faces).values():
            assert min(np.hypot(middle[0] - x, middle[1] - y) for x, y in squares) < 2
    assert [middles(faces).keys() for faces in found] == [set(range(count))] * 3


def test_faces_that_come_and_go(models):
    one, other = (56, 56), (200, 200)
    shown = [[one]] * 2 + [[one, other]] * 6 + [[other]] * 2 + [[]]
    ids = [list(middles(faces)) for faces in follow(models, [frame(squares) for squares in shown], 2)]
    assert ids == [[0], [0], *([[0]] * 3), *([[0, 1]] * 3), [1], [1], []]


def test_the_first_frame_may_be_of_another_size(models):
    frames = [frame([(104, 104)]), frame([(104, 104)], (200, 448))]
    found = follow(models, frames)
    assert middles(found[0]) == {0: pytest.approx((104, 104), abs=2)}
    assert len(found) == 2
