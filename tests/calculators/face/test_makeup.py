"""The nodes of all products: what they share, each in a real graph."""

import numpy as np
import pytest

from calculators.color.look_makeup import PRODUCTS
from calculators.color.look_pb2 import Look, LookPalette
from calculators.face.lit_face import LitFace, lit_faces
from tests.calculators.face.portrait import face, points, portrait
from tests.calculators.image.run import run_node
from tryon import GraphError

NAMES = {category: f"{category.title().replace('_', '')}Calculator" for category in PRODUCTS}
NODE = """node {
  calculator: "%s"
  input_stream: "IMAGE:image" input_stream: "SHAPES:shapes" input_side_packet: "LOOK:look"
  output_stream: "IMAGE:painted"
}"""
STREAM = NODE.replace('input_side_packet: "LOOK:look"', 'input_stream: "LOOK:looks"')
FRAME = portrait(points())
FACES = lit_faces(FRAME, [face(points())])


def look(*categories: str, color: str = "#701020") -> Look:
    made = Look()
    for category in categories:
        made.effects.add(category=category, palettes=[LookPalette(color=color)])
    return made


def run(category: str, chosen: Look, shapes: list[LitFace]) -> np.ndarray:
    inputs = {"image": [(1, FRAME)], "shapes": [(1, shapes)]}
    ((timestamp, frame),) = run_node(NODE % NAMES[category], inputs, {"look": chosen})["painted"]
    assert timestamp == 1
    return frame


@pytest.mark.parametrize("category", PRODUCTS)
def test_paints(category):
    frame = run(category, look("nail_polish", category), FACES)
    assert frame.shape == FRAME.shape
    assert frame.dtype == np.uint8
    assert (frame != FRAME).any()


@pytest.mark.parametrize("category", PRODUCTS)
def test_passes_the_packet_on(category):
    """Without a face, and with a look that has other products."""
    others = [other for other in PRODUCTS if other != category]
    assert run(category, look(category), []) is FRAME
    assert run(category, look("hair_color", "nail_polish", *others), FACES) is FRAME


def test_frames_without_faces_pass():
    inputs = {"image": [(1, FRAME), (2, FRAME)], "shapes": [(2, FACES)]}
    first, second = run_node(NODE % NAMES["lipstick"], inputs, {"look": look("lipstick")})["painted"]
    assert first[1] is FRAME
    assert second[1] is not FRAME


def test_several_faces():
    """Each is painted under its own light, and as if it were alone."""
    small = (points() * 0.4 + (120, 0)).astype(np.float32)
    others = lit_faces(FRAME, [face(small)])
    both = run("lipstick", look("lipstick"), FACES + others)
    assert (both != run("lipstick", look("lipstick"), FACES)).any()
    other = run("lipstick", look("lipstick"), others)
    assert (both[(other != FRAME).any(axis=-1)] == other[(other != FRAME).any(axis=-1)]).all()


def test_the_look_changes_in_mid_run():
    times = range(1, 5)
    inputs = {"image": [(t, FRAME) for t in times], "shapes": [(t, FACES) for t in times]}
    looks = [
        (2, look("lipstick", color="#FF0000")),
        (3, look("lipstick", color="#0000FF")),
        (4, look("blush")),
    ]
    frames = run_node(STREAM % NAMES["lipstick"], inputs | {"looks": looks})["painted"]
    lips = [frame[172, 100].argmax() for _, frame in frames]
    assert frames[0][1] is frames[3][1] is FRAME
    assert lips[1:3] == [0, 2]


def test_a_look_is_needed():
    node = (NODE % NAMES["blush"]).replace('input_side_packet: "LOOK:look"', "")
    with pytest.raises(GraphError, match="connect LOOK, as a side packet or as a stream"):
        run_node(node, {"image": [], "shapes": []})


def test_bad_looks():
    bad = look("lipstick")
    bad.effects[0].palettes[0].texture = "mat"
    with pytest.raises(GraphError, match=r'palettes\[0\]\.texture is "mat"; did you mean "matte"'):
        run("lipstick", bad, FACES)
