"""What drawing hair, make-up and nails costs on the CPU and on the GPU, step by step.

For hair, the frame is the demo's, enlarged; its mask is what the effect's network finds. Make-up is on the
face in this frame, with its landmarks; eyes, lips and skin are known before. For nails, it is a drawn hand
with five of them. What is measured of make-up and of the light on nails is measured on the CPU in either
case. All steps take turns, over and over; medians are given. A step on the GPU is over when the GPU is
(glFinish), which in a graph nobody waits for but the one who reads the picture back. "maps" is the part of
the mask's refinement that stays on the CPU. "intensity" on the GPU is that of a frame that
was drawn there; the CPU would need it read back first. Freed memory is kept, as `tryon run` does it.

Without a GPU the driver draws in software (llvmpipe), on all cores: that says whether the shaders are lean,
and nothing about a GPU.
"""

import argparse
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.common import Others, say, write_json
from calculators.color.look import load_look
from calculators.color.look_makeup import PRODUCTS
from calculators.color.look_nails import nail_effects
from calculators.color.look_pb2 import LookEffect
from calculators.color.lut import SecondColor, apply_lut
from calculators.color.shade import Shade, shade_pair
from calculators.face.lit_face import lit_faces
from calculators.face.makeup import Paint, make_up
from calculators.hair.intensity import hair_intensity, scene_light
from calculators.hair.mask_refinement import MaskRefinementCalculator, checked_options
from calculators.hair.refine import refine_mask, refinement_maps
from calculators.nails.polish import paint_nails
from calculators.nails.polish_coat import finger_coats
from calculators.render.context import GlContext, gl_context
from calculators.render.gpu_image import GpuImage, upload
from calculators.render.making_up import makeup_drawing
from calculators.render.measuring import IntensityMeasurement
from calculators.render.polishing import PolishDrawing
from calculators.render.recoloring import LutDrawing, RefinementDrawing
from demo.clip import faces, frames
from demo.hands import still_scene
from demo.makeup_looks import paint_of
from demo.nail_looks import true_nails
from tryon.cli.memory import keep_freed_memory
from tryon.graph import CalculatorGraph

ROOT = Path(__file__).resolve().parents[1]
LOOKS = ROOT / "graphs" / "looks"
MASKS = ROOT / "graphs" / "subgraphs" / "hair_segmentation.pbtxt"
SIZES = ((640, 480), (1280, 720), (1920, 1080))
WARM_UP = 3
# The steps of hair with a plain look, on either side.
ON_CPU = ("cpu refine", "cpu recolor")
ON_GPU = ("gpu upload", "gpu maps", "gpu refine", "gpu recolor", "gpu read back")


class Given(NamedTuple):
    """What is drawn: a frame [height, width, 3], the network's mask, tables, and where the second goes."""

    frame: np.ndarray
    mask: np.ndarray
    first: Any
    second: SecondColor


def given(width: int, height: int) -> Given:
    """What is drawn at a size."""
    frame = cv2.resize(next(frames(1)), (width, height), interpolation=cv2.INTER_CUBIC)
    graph = CalculatorGraph(MASKS)
    masks: list[np.ndarray] = []
    graph.observe_output_stream("mask", lambda name, packet: masks.append(packet.value))
    with graph:
        graph.start_run()
        graph.add_packet_to_input_stream("image", frame, 0)
    pair = shade_pair(Shade("#B5532A"))
    ramp = np.linspace(0, 1, 256, dtype=np.float32)[:, None]
    return Given(frame, masks[0], pair.dark, SecondColor(pair.light, ramp))


def finished(gl: GlContext, draw: Callable[[], GpuImage]) -> Callable[[], GpuImage]:
    """Draws, and waits until the GPU has."""

    def step() -> GpuImage:
        result = draw()
        gl.finish()
        return result

    return step


def nail_steps(gl: GlContext, width: int, height: int) -> dict[str, Callable[[], object]]:
    """The steps of nails by name, as of `hair_steps`."""
    picture = still_scene(width, height)
    nails, drawing, image = true_nails(picture), PolishDrawing(gl), upload(gl, picture.rgb)
    steps: dict[str, Callable[[], object]] = {}
    for name, file in (("", "classic_red"), (", glitter", "midnight_glitter")):
        coats = finger_coats(nail_effects(load_look(LOOKS / "nails" / f"{file}.json")))
        steps[f"cpu nails{name}"] = partial(paint_nails, picture.rgb, nails, coats)
        steps[f"gpu nails{name}"] = finished(gl, partial(drawing.draw, image, nails, coats))
    return steps


def makeup_steps(gl: GlContext, width: int, height: int) -> dict[str, Callable[[], object]]:
    """The steps of make-up by name, as of `hair_steps`: all products of a look, one after the other."""
    frame = np.asarray(cv2.resize(next(frames(1)), (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)
    shapes, drawing, uploaded = lit_faces(frame, list(faces(1))), makeup_drawing(gl), upload(gl, frame)
    steps: dict[str, Callable[[], object]] = {}
    for look in ("natural", "evening_red"):
        effects = load_look(LOOKS / "makeup" / f"{look}.json").effects
        wanted = [[one for one in effects if one.category == category] for category in PRODUCTS]
        products = [(some, paint_of(some[0].category)) for some in wanted if some]

        def on_cpu(products: list[tuple[list[LookEffect], Paint]] = products) -> np.ndarray:
            image = frame
            for some, paint in products:
                image = make_up(image, shapes, some, paint)
            return image

        def on_gpu(products: list[tuple[list[LookEffect], Paint]] = products) -> GpuImage:
            image = uploaded
            for some, paint in products:
                image = drawing.draw(image, shapes, some, paint)
            return image

        steps[f"cpu make-up, {look}"] = on_cpu
        steps[f"gpu make-up, {look}"] = finished(gl, on_gpu)
    return steps


def hair_steps(gl: GlContext, width: int, height: int) -> dict[str, Callable[[], object]]:
    """The steps of hair by name, in the order of the effect; those of the GPU need the context entered."""
    frame, small, lut, second = given(width, height)
    chosen = checked_options(MaskRefinementCalculator.Options())
    options = chosen.radius, chosen.contrast, chosen.low, chosen.high
    refined = refine_mask(frame, small, *options)
    maps = refinement_maps(frame, small, *options)
    refinement, recoloring, measurement = RefinementDrawing(gl), LutDrawing(gl), IntensityMeasurement(gl)
    image = upload(gl, frame)
    mask = refinement.draw(image, *maps)

    drawn: list[GpuImage] = []

    def recolor() -> None:
        drawn[:] = [recoloring.draw(image, lut, mask)]
        gl.finish()

    return {
        "cpu intensity": lambda: (hair_intensity(frame, small), scene_light(frame, small)),
        "cpu refine": lambda: refine_mask(frame, small, *options),
        "cpu recolor": lambda: apply_lut(frame, lut, refined),
        "cpu recolor, two colours": lambda: apply_lut(frame, lut, refined, second),
        "gpu upload": finished(gl, lambda: upload(gl, frame)),
        "gpu maps": lambda: refinement_maps(frame, small, *options),
        "gpu refine": finished(gl, lambda: refinement.draw(image, *maps)),
        "gpu recolor, two colours": finished(gl, lambda: recoloring.draw(image, lut, mask, second)),
        "gpu recolor": recolor,
        "gpu intensity": lambda: measurement.measure(drawn[0], small),
        "gpu read back": lambda: drawn[0].pixels(),
    }


def measure(repetitions: int) -> dict[str, Any]:
    """All figures of the benchmark: milliseconds by size and step; see the module."""
    keep_freed_memory()
    others = Others()
    figures: dict[str, Any] = {}
    with gl_context() as gl:
        for width, height in SIZES:
            say(f"{width}x{height} ...")
            steps = hair_steps(gl, width, height) | makeup_steps(gl, width, height)
            steps |= nail_steps(gl, width, height)
            times: dict[str, list[float]] = {name: [] for name in steps}
            for _ in range(WARM_UP + repetitions):
                for name, step in steps.items():
                    start = time.perf_counter()
                    step()
                    times[name].append(1000 * (time.perf_counter() - start))
            ms = {name: median(some[WARM_UP:]) for name, some in times.items()}
            ms["cpu hair in all"] = sum(ms[name] for name in ON_CPU)
            ms["gpu hair in all"] = sum(ms[name] for name in ON_GPU)
            figures[f"{width}x{height}"] = ms
        return {"device": gl.device.name, "ms": figures, "cores_used_by_others": others.cores()}


def show(figures: dict[str, Any]) -> None:
    """Prints the figures as a table."""
    console = Console()
    sizes = figures["ms"]
    table = Table("ms a frame", *sizes, box=None, pad_edge=False)
    for name in next(iter(sizes.values())):
        table.add_row(name, *(f"{ms[name]:.2f}" for ms in sizes.values()))
    console.print(table)
    console.print(f"the GPU: {figures['device']}")
    console.print(f"cores that other programs used meanwhile: {figures['cores_used_by_others']:.2f}")


def main() -> None:
    """The command line of the benchmark."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.gpu",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--repetitions", type=int, default=30, help="of each step (default %(default)s)")
    parser.add_argument("--json", metavar="FILE", help='write the figures as one JSON object, "-" to stdout')
    arguments = parser.parse_args()
    figures = measure(arguments.repetitions)
    if arguments.json != "-":
        show(figures)
    if arguments.json:
        write_json(figures, arguments.json)


if __name__ == "__main__":
    main()
