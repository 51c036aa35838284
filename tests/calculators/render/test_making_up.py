"""Every product of make-up on the GPU, beside the same on the CPU."""

import cv2
import numpy as np
import pytest

from calculators.color.light import ByteArray, FloatArray
from calculators.color.look_makeup import PRODUCTS
from calculators.color.look_pb2 import Look, LookEffect
from calculators.face.canvas import Coat, Place
from calculators.face.lit_face import LitFace, lit_faces
from calculators.face.makeup import make_up
from calculators.render.context import GlContext
from calculators.render.gpu_image import upload
from calculators.render.making_up import GlCanvas, makeup_drawing
from calculators.render.renderer import RENDERER
from tests.calculators.face.portrait import face, points, portrait
from tests.calculators.face.test_products import ANYWHERE, EFFECTS, NAMES, effect, paint_of
from tests.calculators.render.compare import assert_same
from tryon.graph import CalculatorGraph

pytestmark = pytest.mark.gl

WHERE = points(0.6)
SMALL = portrait(WHERE)
# The order in which the graphs have them.
ALL = [
    effect("foundation", {"texture": "dewy"}, skin={"evenness": 100}),
    effect("contour"),
    effect("blush", {"texture": "shimmer"}),
    effect("highlighter", {"texture": "shimmer"}),
    effect("brows", pattern="defined"),
    effect("eyeshadow", {"texture": "shimmer"}, {"color": "#80FF00"}, {"color": "#FF0040"}),
    effect("eyeliner", pattern="cat_eye"),
    effect("mascara"),
    effect("lipstick", {"texture": "gloss", "shine": 60}),
    effect("lip_liner"),
]


def large() -> np.ndarray:
    """The face three times as large, with a texture in three colours."""
    image = cv2.resize(SMALL, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    texture = np.random.default_rng(3).normal(0, 6, image.shape)
    return np.clip(np.rint(image + texture), 0, 255).astype(np.uint8)


LARGE = large()


def found(image: np.ndarray, *places: np.ndarray) -> list[LitFace]:
    return lit_faces(image, [face(where.astype(np.float32), image.shape[:2]) for where in places])


FACES = found(SMALL, WHERE)
LARGE_FACES = found(LARGE, 3 * WHERE + 1)


def both(
    gl: GlContext, image: np.ndarray, faces: list[LitFace], effects: list[LookEffect]
) -> tuple[np.ndarray, np.ndarray]:
    """What the GPU and the CPU draw, one product after the other."""
    drawn, expected = upload(gl, image), image
    for what in effects:
        paint = paint_of(what.category)
        drawn = makeup_drawing(gl).draw(drawn, faces, [what], paint)
        expected = make_up(expected, faces, [what], paint)
    return drawn.pixels(), expected


@pytest.mark.parametrize("what", EFFECTS, ids=NAMES)
@pytest.mark.parametrize(("image", "faces"), [(SMALL, FACES), (LARGE, LARGE_FACES)], ids=["small", "large"])
def test_paints_as_the_cpu_does(gl, image, faces, what):
    drawn, expected = both(gl, image, faces, [what])
    assert_same(drawn, expected)
    assert (drawn != image).any()
    kept = (expected == image).all(axis=-1)
    assert (drawn == image)[kept].mean() > 0.999


@pytest.mark.parametrize(("image", "faces"), [(SMALL, FACES), (LARGE, LARGE_FACES)], ids=["small", "large"])
def test_all_products_one_on_the_other(gl, image, faces):
    assert [what.category for what in ALL] == list(PRODUCTS)
    assert_same(*both(gl, image, faces, ALL))


@pytest.mark.parametrize(
    "image",
    [
        np.zeros_like(SMALL),
        np.full_like(SMALL, 255),
        np.random.default_rng(1).integers(0, 256, SMALL.shape, np.uint8),
    ],
    ids=["black", "white", "noise"],
)
def test_any_pixels(gl, image):
    faces = found(image, WHERE)
    for what in ALL:
        assert_same(*both(gl, image, faces, [what]))


@ANYWHERE
def test_faces_anywhere(gl, offset, scale):
    assert_same(*both(gl, SMALL, found(SMALL, scale * WHERE + np.array(offset)), ALL))


def test_faces_and_effects_that_overlap(gl):
    """What is painted later is painted over the earlier, in one product, too."""
    faces = found(SMALL, WHERE, 0.9 * WHERE + (25, 20))
    for one in ALL:
        other = LookEffect()
        other.CopyFrom(one)
        other.palettes[0].color = "#20C080"
        paint = paint_of(one.category)
        drawn = makeup_drawing(gl).draw(upload(gl, SMALL), faces, [one, other], paint).pixels()
        assert_same(drawn, make_up(SMALL, faces, [one, other], paint))


def test_nothing_to_paint_is_the_same_picture(gl):
    image = upload(gl, SMALL)
    for faces, effects in (([], ALL[2:3]), (FACES, [])):
        assert makeup_drawing(gl).draw(image, faces, effects, paint_of("blush")) is image


def test_the_picture_given_stays(gl):
    image = upload(gl, SMALL)
    makeup_drawing(gl).draw(image, FACES, ALL[:1], paint_of("foundation"))
    whole = slice(0, SMALL.shape[0]), slice(0, SMALL.shape[1])
    copy = GlCanvas(makeup_drawing(gl), image)
    copy.add(whole, np.zeros(SMALL.shape[:2], np.uint8))
    assert (copy.pixels(whole) == SMALL).all()


def test_a_coat_that_the_gpu_does_not_know(gl):
    class Strange(Coat):
        def lay(self, picture: ByteArray, place: Place, mask: FloatArray) -> None:
            picture[place] = 0

    canvas = GlCanvas(makeup_drawing(gl), upload(gl, SMALL))
    with pytest.raises(TypeError, match="Strange cannot be laid on a picture on the GPU"):
        canvas.lay((slice(0, 2), slice(0, 2)), np.ones((2, 2), np.float32), Strange())


@pytest.mark.parametrize("category", PRODUCTS)
def test_in_a_graph(left_gl: GlContext, category: str):
    """Also a frame without a face, and one with another look, which come back as they are."""
    text = f"""
        input_stream: "in" input_stream: "shapes" input_stream: "looks" output_stream: "out"
        node {{
          calculator: "{category.title().replace("_", "")}Calculator"
          input_stream: "IMAGE:in" input_stream: "SHAPES:shapes" input_stream: "LOOK:looks"
          output_stream: "IMAGE:out"
        }}
    """
    index = list(PRODUCTS).index(category)
    what, other = ALL[index], ALL[index - 1]
    graph, seen = CalculatorGraph(text, renderer=RENDERER), []
    assert [node.calculator.startswith("Gl") for node in graph.config.node] == [False, True, False]
    graph.observe_output_stream("out", lambda name, packet: seen.append(packet.value))
    with graph:
        graph.start_run()
        graph.add_packet_to_input_stream("looks", Look(effects=[what]), 0)
        for time in range(3):
            graph.add_packet_to_input_stream("shapes", FACES if time else [], time)
            graph.add_packet_to_input_stream("in", SMALL, time)
        graph.add_packet_to_input_stream("looks", Look(effects=[other]), 2)
    assert seen[0] is seen[2] is SMALL
    assert_same(seen[1], make_up(SMALL, FACES, [what], paint_of(category)))
