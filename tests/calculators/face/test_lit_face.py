"""What the products share: faces with their light, eyes, lips and skin, and the node that sends them."""

import numpy as np
import pytest

from calculators.face.face_light import face_light
from calculators.face.lit_face import lit_faces
from calculators.face.parts import face_outline, fill, lips, mouth
from tests.calculators.face.portrait import SIZE, face, points, portrait, shape_of
from tests.calculators.image.run import run_node

IMAGE = portrait(points())
NODE = """node {
  calculator: "FaceShapesCalculator"
  input_stream: "IMAGE:image" input_stream: "FACES:faces" output_stream: "SHAPES:shapes"
}"""


def test_faces_that_cannot_be_painted_are_left_out() -> None:
    tiny, lost = points() * 0.05, points() * np.nan
    (found,) = lit_faces(IMAGE, [face(tiny), face(points()), face(lost)])
    assert found.image is IMAGE
    assert found.shape.points == pytest.approx(points(), abs=1e-3)
    assert lit_faces(IMAGE, []) == []


def test_each_face_has_its_light() -> None:
    """The light on a face does not depend on which others there are."""
    small = (points() * 0.4 + (120, 0)).astype(np.float32)
    both = lit_faces(IMAGE, [face(points()), face(small)])
    for found in both:
        alone = face_light(IMAGE, found.shape, both[0].light.scene)
        assert (found.light.skin == alone.skin).all()


def test_what_is_shared_is_reckoned_once() -> None:
    (found,) = lit_faces(IMAGE, [face(points())])
    assert found.eyes is found.eyes
    assert found.lips is found.lips
    assert found.small is found.small
    assert len(found.eyes) == 2


@pytest.mark.parametrize(("offset", "eyes", "seen"), [((0, -150), 0, True), ((0, -400), 0, False)])
def test_parts_outside_the_frame(offset: tuple[int, int], eyes: int, seen: bool) -> None:
    (found,) = lit_faces(IMAGE, [face((points() + offset).astype(np.float32))])
    assert len(found.eyes) == eyes
    assert (found.lips is not None) == (found.small is not None) == seen


def test_free_lips() -> None:
    """The mask of the lips, without the opening of the mouth, and without a hand before them."""
    where = points(1.0)
    image = portrait(where)
    image[150:200, 110:140] = image[130, 60]
    (found,) = lit_faces(image, [face(where)])
    assert found.lips is not None
    free = np.zeros(SIZE, np.float32)
    free[found.lips.region.place] = found.lips.free
    whole = fill([lips(shape_of(where))], (0, 0, SIZE[1], SIZE[0]), holes=[mouth(shape_of(where))]) > 0.95
    hand = np.zeros(SIZE, bool)
    hand[150:200, 113:140] = True
    assert free[whole & ~hand][:, None].mean() > 0.85
    assert free[whole & hand].mean() < 0.1
    assert free[170, 100] == 0, "the opening"
    assert free.max() <= 1


def test_lips_too_small_to_paint() -> None:
    far = points()
    far[48:68] = far[48]
    assert lit_faces(IMAGE, [face(far)])[0].lips is None


def test_small_face() -> None:
    """A small picture of the face in which skin is told from hair, eyes and lips."""
    image = portrait(points())
    image[100:170, 50:60] = (20, 16, 14)
    small = lit_faces(image, [face(points())])[0].small
    assert small is not None
    assert small.shape.size == pytest.approx(56, rel=0.03)
    assert small.picture.shape == small.lab.shape == (*small.skin.shape, 3)
    assert small.shape.frame == small.skin.shape[::-1]
    left, top, width, height = small.box
    outline = face_outline(shape_of(points()))
    assert (left, top) == pytest.approx(outline.min(axis=0) - 2, abs=1.01)

    def skin_at(x: int, y: int) -> float:
        rows, columns = small.skin.shape
        return float(small.skin[(y - top) * rows // height, (x - left) * columns // width])

    assert skin_at(100, 130) > 0.9
    assert skin_at(135, 130) > 0.9
    for x, y in ((55, 135), (63, 93), (100, 168), (left + 1, top + 1)):
        assert skin_at(x, y) < 0.1, (x, y)


def test_layers() -> None:
    """The strongest counts where layers overlap; what lies outside the picture is nothing."""
    small = lit_faces(IMAGE, [face(points())])[0].small
    assert small is not None
    square = np.array([(10, 10), (30, 10), (30, 30), (10, 30)], np.float32)
    strongest = small.layers([(square, 0.0, 0.5), (square + 10, 0.0, 1.0), (square + 1000, 0.1, 1.0)])
    assert strongest.shape == small.skin.shape
    assert (strongest[15, 15], strongest[25, 25], strongest[35, 35], strongest[5, 5]) == (0.5, 1, 1, 0)
    assert small.layers([]).max() == 0


def test_the_node() -> None:
    one = face(points())
    inputs = {
        "image": [(1, IMAGE), (2, IMAGE), (3, IMAGE)],
        "faces": [(1, [one]), (2, []), (4, [one])],
    }
    first, second, third = run_node(NODE, inputs)["shapes"]
    assert [len(sent[1]) for sent in (first, second, third)] == [1, 0, 0]
    assert [sent[0] for sent in (first, second, third)] == [1, 2, 3]
    assert first[1][0].image is IMAGE
