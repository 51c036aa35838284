"""The shaders in a browser: it takes them all, and draws with them what the CPU draws."""

from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from calculators.color.look_pb2 import LookEffect, LookPalette
from calculators.color.lut import SecondColor, apply_lut
from calculators.color.shade import Shade, shade_pair
from calculators.face.lit_face import lit_faces
from calculators.face.makeup import make_up
from calculators.hair.refine import refine_mask, refinement_maps
from calculators.image.recoloring import recolor
from calculators.image.splitting import Split, split_view
from calculators.nails.polish import paint_nails
from calculators.nails.polish_coat import make_coat
from calculators.render.context import GlContext
from calculators.render.gpu_image import upload
from calculators.render.making_up import MakeupDrawing
from calculators.render.painting import PaintDrawing
from calculators.render.polishing import PolishDrawing
from calculators.render.recoloring import LutDrawing, RefinementDrawing
from calculators.render.shader import CORNERS, SHADERS, compile_message
from calculators.render.splitting import SplitDrawing
from tests.calculators.face.portrait import face, points, portrait
from tests.calculators.face.test_products import EFFECTS, paint_of
from tests.calculators.nails.ellipses import Ellipse, true_nail
from tests.calculators.render.browser import INSTALL, WebGl, find_browser, run_webgl
from tests.calculators.render.compare import assert_same
from tests.calculators.render.conftest import find_gl
from tests.calculators.render.draws import DrawRecorder
from tests.needed import missing

pytestmark = pytest.mark.gl

FILES = sorted(SHADERS.glob("*.frag"))
DESKTOP = "#version 300 es\nprecision highp float;\nout vec4 color;\nvoid main() { color = vec4(1) * 1; }\n"

Scene = Callable[[GlContext, np.ndarray, np.ndarray], np.ndarray]


def paints(gl: GlContext, picture: np.ndarray, mask: np.ndarray) -> np.ndarray:
    color = (0, 128, 140)
    PaintDrawing(gl).draw(upload(gl, picture), mask, color)
    return recolor(picture, mask, color)


def recolours(gl: GlContext, picture: np.ndarray, mask: np.ndarray) -> np.ndarray:
    lut = shade_pair(Shade("#B5532A")).dark
    LutDrawing(gl).draw(upload(gl, picture), lut, upload(gl, mask))
    return apply_lut(picture, lut, mask)


def recolours_twice(gl: GlContext, picture: np.ndarray, mask: np.ndarray) -> np.ndarray:
    lut, other = (shade_pair(Shade(color)).dark for color in ("#B5532A", "#E3C38C"))
    ramp = np.linspace(0, 1, 9, dtype=np.float32)[:, None]
    second, shadow = SecondColor(other, ramp), 1 - ramp
    LutDrawing(gl).draw(upload(gl, picture), lut, upload(gl, mask), second, shadow)
    return apply_lut(picture, lut, mask, second, shadow)


def refines(gl: GlContext, picture: np.ndarray, mask: np.ndarray) -> np.ndarray:
    options = {"radius": 8, "contrast": 0.03, "low": 0.1, "high": 0.85}
    RefinementDrawing(gl).draw(upload(gl, picture), *refinement_maps(picture, mask, **options))
    return np.rint(255 * refine_mask(picture, mask, **options))


def polishes(gl: GlContext, picture: np.ndarray, mask: np.ndarray) -> np.ndarray:
    size = picture.shape[:2]
    nails = [
        replace(true_nail(Ellipse(35, 45, angle=-1.5, length=36, width=24), size), finger=1, id=0),
        replace(true_nail(Ellipse(90, 60, angle=0.4, length=50, width=35), size), finger=2, id=1),
    ]
    palette = LookPalette(color="#B5121F", texture="glitter", shine=30)
    coats = dict.fromkeys(range(10), make_coat(LookEffect(palettes=[palette])))
    PolishDrawing(gl).draw(upload(gl, picture), nails, coats)
    return paint_nails(picture, nails, coats)


def splits(gl: GlContext, picture: np.ndarray, mask: np.ndarray) -> np.ndarray:
    other, split = 255 - picture, Split(0.3, 3, (200, 100, 50))
    SplitDrawing(gl).draw(upload(gl, picture), upload(gl, other), split)
    return split_view(picture, other, split)


def makes_up(gl: GlContext, picture: np.ndarray, mask: np.ndarray) -> np.ndarray:
    where = points(0.6)
    image = portrait(where)
    faces = lit_faces(image, [face(where.astype(np.float32), image.shape[:2])])
    drawing, drawn = MakeupDrawing(gl), upload(gl, image)
    for what in EFFECTS:
        paint = paint_of(what.category)
        drawn, image = drawing.draw(drawn, faces, [what], paint), make_up(image, faces, [what], paint)
    return image


# Each draws on the GPU, and returns what the CPU draws of the same.
SCENES: dict[str, Scene] = {
    scene.__name__: scene
    for scene in (paints, recolours, recolours_twice, refines, polishes, splits, makes_up)
}


@dataclass(frozen=True)
class InBrowser:
    """What the browser did, and what the CPU draws of the same scenes."""

    webgl: WebGl
    expected: dict[str, np.ndarray]


@pytest.fixture(scope="module")
def browser(picture, mask, tmp_path_factory) -> InBrowser:
    program = find_browser()
    if program is None:
        missing(f"there is no Chromium. {INSTALL}")
    scenes, expected = {}, {}
    with pytest.MonkeyPatch.context() as patch, find_gl() as gl:
        recorder = DrawRecorder(patch)
        for name, scene in SCENES.items():
            expected[name] = scene(gl, picture, mask)
            scenes[name] = recorder.take()
    shaders = {path.name: path.read_text() for path in FILES} | {"desktop.frag": DESKTOP}
    work = {"vertex": CORNERS.read_text(), "shaders": shaders, "scenes": scenes}
    return InBrowser(run_webgl(program, work, tmp_path_factory.mktemp("browser")), expected)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_browser_takes_the_shader(browser, path):
    said = browser.webgl.refused.get(path.name)
    assert said is None, compile_message(path, browser.webgl.device, said)


def test_a_browser_refuses_what_only_desktops_know(browser):
    path = SHADERS / "desktop.frag"
    message = compile_message(path, browser.webgl.device, browser.webgl.refused[path.name])
    assert message.startswith(f"{path}:4: WebGL 2.0 ")
    assert "does not take this shader: ERROR: 0:4: " in message


@pytest.mark.parametrize("scene", SCENES)
def test_a_browser_draws_what_the_cpu_does(browser, scene):
    assert scene not in browser.webgl.failed, browser.webgl.failed[scene]
    expected = browser.expected[scene]
    pixels = np.frombuffer(b64decode(browser.webgl.pictures[scene]), np.uint8)
    pixels = pixels.reshape(*expected.shape[:2], 4)
    assert_same(pixels[..., :3] if expected.ndim == 3 else pixels[..., 0], expected)
