from dataclasses import replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from calculators.color.look import load_look
from calculators.color.look_nails import FINISHES, nail_effects
from calculators.color.look_pb2 import LookEffect, LookPalette
from calculators.nails.nail import Nail
from calculators.nails.polish import paint_nails
from calculators.nails.polish_coat import Coat, finger_coats, make_coat
from calculators.render.gpu_image import upload
from calculators.render.polishing import PolishDrawing
from tests.calculators.nails.ellipses import Ellipse, true_nail
from tests.calculators.render.compare import assert_same

pytestmark = pytest.mark.gl

ROOT = Path(__file__).parents[3]
SIZE = (120, 160)
LOOKS = sorted((ROOT / "graphs" / "looks" / "nails").glob("*.json"))
NAILS = [
    (Ellipse(40, 40, angle=-np.pi / 2, length=36, width=24), 1),
    (Ellipse(110, 60, angle=0.4, length=61, width=43), 6),
    (Ellipse(30, 95, angle=2.5, length=14, width=9), 2),
    (Ellipse(150, 112, angle=-2, length=40, width=30), 8),  # leaves the frame
]


@cache
def scene() -> np.ndarray:
    """Skin in uneven light."""
    coarse = np.random.default_rng(0).integers(120, 230, (6, 8, 1), dtype=np.uint8)
    light = cv2.resize(coarse, SIZE[::-1], interpolation=cv2.INTER_CUBIC)
    return np.dstack((light, light * 0.8, light * 0.7)).astype(np.uint8)


def nails() -> list[Nail]:
    return [
        replace(true_nail(ellipse, SIZE), finger=finger, id=number)
        for number, (ellipse, finger) in enumerate(NAILS)
    ]


def both(gl, image: np.ndarray, some: list[Nail], coats: dict[int | None, Coat]) -> None:
    drawn = PolishDrawing(gl).draw(upload(gl, image), some, coats)
    assert_same(drawn.pixels(), paint_nails(image, some, coats))


@pytest.mark.parametrize("texture", FINISHES)
def test_paints_each_finish_as_the_cpu_does(gl, texture):
    coat = make_coat(LookEffect(palettes=[LookPalette(color="#B5121F", texture=texture, shine=30)]))
    both(gl, scene(), nails(), dict.fromkeys(range(10), coat))


@pytest.mark.parametrize("look", LOOKS, ids=lambda path: path.stem)
def test_paints_each_look_as_the_cpu_does(gl, look):
    both(gl, scene(), nails(), finger_coats(nail_effects(load_look(look))))


def test_only_nails_change(gl):
    some = nails()
    coats = {1: make_coat(LookEffect(palettes=[LookPalette(color="#112233", texture="glitter")]))}
    drawn = PolishDrawing(gl).draw(upload(gl, scene()), some, coats).pixels()
    changed = (drawn != scene()).any(axis=-1)
    height, width = some[0].mask.shape
    inside = np.zeros(SIZE, bool)
    inside[some[0].top : some[0].top + height, some[0].left : some[0].left + width] = some[0].mask > 0
    assert changed[inside].mean() > 0.9
    assert not changed[~inside].any()


def test_frame_after_frame(gl):
    """Nails that grow, go and come back, with other coats in between."""
    drawing, image = PolishDrawing(gl), upload(gl, scene())
    red, glitter = (
        dict.fromkeys(range(10), make_coat(LookEffect(palettes=[LookPalette(color=color, texture=texture)])))
        for color, texture in (("#B5121F", "gloss"), ("#D0D0E0", "glitter"))
    )
    some = nails()
    for shown, coats in ((some[2:3], red), (some, red), ([], red), (some[1:], glitter), (some, red)):
        assert_same(drawing.draw(image, shown, coats).pixels(), paint_nails(scene(), shown, coats))
