"""A picture of what the threads of a run do when, from its trace."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from calculators.color.look_makeup import PRODUCTS
from tryon.renderer import find_renderer
from tryon.trace import Call
from tryon.validated_graph import ValidatedGraph

# The kinds of work and their colours.
DECODE, INFERENCE, DRAWING, ENCODE, OTHER = "decode", "inference", "drawing", "encode", "other"
COLORS = {DECODE: "#2a6fb0", INFERENCE: "#c2571a", DRAWING: "#3f8a4c", ENCODE: "#7a55a8", OTHER: "#b9c0c8"}
# Of all others, those draw that are products of make-up or have a twin on the GPU.
CALCULATORS = {
    "VideoSourceCalculator": DECODE,
    "InferenceCalculator": INFERENCE,
    "VideoSinkCalculator": ENCODE,
    "HairIntensityCalculator": OTHER,
    "GlHairIntensityCalculator": OTHER,
}
LABELLED = 0.014  # the part of the width from which on a bar bears its frame's number


class Timeline(NamedTuple):
    """A run.

    Attributes:
        title: what it shows.
        calls: of its trace.
        kinds: the kind of work of each node.
    """

    title: str
    calls: Sequence[Call]
    kinds: Mapping[str, str]


def work_kinds(graph: ValidatedGraph) -> dict[str, str]:
    """The kind of work that each node of an effect does, by its name."""
    renderer = find_renderer()
    assert renderer is not None, "calculators brings one"
    drawing = {*renderer.twins, *renderer.twins.values(), renderer.upload, renderer.read_back}
    kinds = {}
    for info in graph.nodes:
        calculator = info.calculator.__name__
        draws = calculator in drawing or info.name in PRODUCTS
        kinds[info.name] = CALCULATORS.get(calculator, DRAWING if draws else OTHER)
    return kinds


def write_timelines(runs: Sequence[Timeline], span_ms: float, path: Path) -> None:
    """Draws runs as a PNG, one below the other: a row a thread, a bar a call, with the number of its frame.

    Args:
        runs: each is shown from the decoding of its middle frame on.
        span_ms: how much of each is shown.
        path: the file.
    """
    rows = [len(_threads(run)) + 1 for run in runs]
    figure = Figure(figsize=(14, 0.45 * sum(rows) + 0.9), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(len(runs), 1, squeeze=False, sharex=True, height_ratios=rows)[:, 0]
    for axes, run in zip(panels, runs, strict=True):
        _draw(axes, run, span_ms)
    panels[-1].set_xlabel("milliseconds")
    handles = [Patch(color=color, label=kind) for kind, color in COLORS.items()]
    figure.legend(handles=handles, loc="outside upper right", ncols=len(handles), frameon=False)
    figure.savefig(path, dpi=100)


def _draw(axes: Axes, run: Timeline, span_ms: float) -> None:
    decoded = [call for call in run.calls if run.kinds[call.node] == DECODE and call.outputs]
    frames = {_moment(call): index for index, call in enumerate(decoded)}
    zero = decoded[len(decoded) // 2].start_ns
    threads = _threads(run)
    for call in run.calls:
        start, length = (call.start_ns - zero) / 1e6, (call.end_ns - call.start_ns) / 1e6
        if start + length < 0 or start > span_ms:
            continue
        row = threads.index(call.thread)
        color = COLORS[run.kinds[call.node]]
        axes.barh(row, length, 0.8, start, color=color, edgecolor="white", linewidth=0.4)
        frame = frames.get(_moment(call))
        if frame is not None and length > LABELLED * span_ms:
            middle = start + length / 2
            axes.text(middle, row, str(frame), color="white", ha="center", va="center", clip_on=True)
    axes.set_xlim(0, span_ms)
    axes.set_ylim(len(threads) - 0.5, -0.5)
    axes.set_yticks(range(len(threads)), threads)
    axes.set_title(run.title, loc="left", fontsize=10)


def _moment(call: Call) -> int:
    """The timestamp of the frame that a call works on."""
    return call.timestamp if call.inputs or not call.outputs else call.outputs[0][1]


def _threads(run: Timeline) -> list[str]:
    return sorted({call.thread for call in run.calls if call.step == "Process"})
