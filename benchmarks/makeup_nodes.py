"""What drawing make-up costs a face, product by product, with known landmarks in place of a network's."""

import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common import Worker, say
from calculators.color.look import load_look
from calculators.color.look_makeup import PRODUCTS
from calculators.face.lit_face import lit_faces
from calculators.face.makeup import make_up
from calculators.face.types import Face
from demo.clip import FRAMES, faces, frames
from demo.makeup_looks import LOOKS, paint_of
from tryon import Calculator, CalculatorContext, CalculatorContract, register

NATURAL, STRONG = "natural", "evening_red"
SHAPES = "shapes and light"
# What several products share of a face is reckoned for the first of them.
SHARED = {
    "small": ("foundation", "contour", "blush", "highlighter"),
    "eyes": ("eyeshadow", "eyeliner", "mascara"),
    "lips": ("lipstick", "lip_liner"),
}


@register
class ClipFacesCalculator(Calculator):
    """Sends the faces of the demo's clip, whatever the frames show: what tracking would say if it were exact.

    Inputs:
        IMAGE: the frames of the clip, from the first on.

    Outputs:
        FACES: a list of one Face for each.

    Example:
        node {
          calculator: "ClipFacesCalculator"
          input_stream: "IMAGE:image"
          output_stream: "FACES:faces"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs["IMAGE"].set(np.ndarray)
        contract.outputs["FACES"].set(list[Face])
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        self._faces, self._next = list(faces()), 0

    def process(self, context: CalculatorContext) -> None:
        face = self._faces[self._next % FRAMES]
        self._next += 1
        context.outputs["FACES"].add([face], context.input_timestamp)


def time_drawing(look: Path, count: int) -> dict[str, list[float]]:
    """Milliseconds of processor time of each part of a look, for each frame of the clip.

    Args:
        look: its file.
        count: of frames.

    Returns:
        By part: `SHAPES`, those of `SHARED` that the look needs, its products, and "all".
    """
    effects = load_look(look).effects
    wanted = {category: [one for one in effects if one.category == category] for category in PRODUCTS}
    wanted = {category: some for category, some in wanted.items() if some}
    paints = {category: paint_of(category) for category in wanted}
    spent: dict[str, list[float]] = defaultdict(list)
    for image, face in zip(frames(count), faces(count), strict=True):
        marks = [time.process_time()]
        lit = lit_faces(image, [face])
        marks.append(time.process_time())
        names = [SHAPES]
        for name, categories in SHARED.items():
            if wanted.keys() & set(categories):
                getattr(lit[0], name)
                marks.append(time.process_time())
                names.append(name)
        for category, some in wanted.items():
            image = make_up(image, lit, some, paints[category])
            marks.append(time.process_time())
            names.append(category)
        for name, begin, end in zip(names, marks[:-1], marks[1:], strict=True):
            spent[name].append(1000 * (end - begin))
        spent["all"].append(1000 * (marks[-1] - marks[0]))
    return dict(spent)


def drawing_figures(looks: list[Path], count: int, repetitions: int) -> dict[str, Any]:
    """Median and 10th percentile of what each part of each look costs, by look and part."""
    spent: dict[str, dict[str, list[float]]] = {look.stem: defaultdict(list) for look in looks}
    with Worker(1) as worker:
        for repetition in range(repetitions):
            say(f"{repetition + 1}/{repetitions} drawing of {len(looks)} looks ...")
            for look in looks:
                for part, taken in worker(time_drawing, look, count).items():
                    # The first frame finds nothing in the caches.
                    spent[look.stem][part] += taken[1:]
    return {
        look: {
            part: {
                "median_ms": float(np.median(taken)),
                "p10_ms": float(np.percentile(taken, 10)),
            }
            for part, taken in parts.items()
        }
        for look, parts in spent.items()
    }


def all_looks() -> list[Path]:
    """The looks of the effect."""
    return sorted(LOOKS.glob("*.json"))
