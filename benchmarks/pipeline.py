"""How much of an effect's work overlaps: decoding, inference, drawing, encoding of one frame and the next.

Each effect runs over its demo's clip, 640x480, from file to file (H.264), in a process of its own:

- "one by one": one thread runs all nodes; it takes the next frame when it is done with the one before;
- "pipelined": as `tryon run` does, with some threads beside those that the graph has for itself;
- "pipelined, GPU": the same, and nodes that can do so draw on the GPU. Where there is none, the driver draws
  in software (llvmpipe) on all cores, which says nothing of a GPU's speed.

All have the same cores. Decoder and encoder start threads of their own, also beside "one by one", and so
does a network whose graph gives it more than one. All take turns, over and over; medians are given. Speed
counts from the first result to the end of the run. The columns, in milliseconds:

- "frame": the time of a frame, from the speed;
- "nodes": what all nodes take for it, one after the other; where this is more than the frame, they overlap.
  Nodes that share a core or Python's lock take longer than alone;
- "CPU": processor time for it, those threads included;
- "slowest": what takes longest, a node, or a thread that some nodes have for themselves: no pipeline is
  faster;
- "gain": how many times the speed of "one by one" in the same turn.

A folder gets what can be looked at, of the last run of each: traces for ui.perfetto.dev or chrome://tracing
(EFFECT_pipelined.json ...), and a picture for each effect (EFFECT.png) with a row a thread, colours for kinds
of work, and the numbers of the frames. The clips are kept there, too. Drawing takes the extra train.
"""

import argparse
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks.common import Others, Timing, Worker, say, write_json
from benchmarks.nail import whole
from benchmarks.timeline import Timeline, work_kinds, write_timelines
from demo import clip, hands_clip
from tryon.cli.host import host
from tryon.config import GraphSource, read_graph
from tryon.errors import GraphError
from tryon.graph import CalculatorGraph
from tryon.packet import Packet
from tryon.renderer import find_renderer
from tryon.trace import Trace
from tryon.trace_file import write_trace

EXAMPLES = """examples:
  python -m benchmarks.pipeline
  python -m benchmarks.pipeline --effects hair_recolor makeup --json figures.json
  python -m benchmarks.pipeline --effects nail_polish --frames 30 --repetitions 1 --output out/nails
"""
ROOT = Path(__file__).resolve().parents[1]
GRAPHS = ROOT / "graphs"
ONE_BY_ONE, PIPELINED, ON_GPU = "one by one", "pipelined", "pipelined, GPU"
SHOWN = 8  # frames, of "one by one", in the pictures


class Effect(NamedTuple):
    """What runs, over which clip."""

    look: str
    clip: str
    write_clip: Callable[[Path, int], None]


EFFECTS = {
    "hair_recolor": Effect("hair/copper.json", "portrait", clip.write_clip),
    "nail_polish": Effect("nails/classic_red.json", "hands", hands_clip.write_clip),
    "makeup": Effect("makeup/evening_red.json", "portrait", clip.write_clip),
}


@dataclass
class Run:
    """One measured run.

    Attributes:
        timing: from the first result to the end.
        nodes_ms: what all nodes took for a frame.
        cpu_ms: processor time a frame.
        slowest: the node or thread that took longest.
        slowest_ms: how long, for a frame.
        timeline: what ran when.
    """

    timing: Timing
    nodes_ms: float
    cpu_ms: float
    slowest: str
    slowest_ms: float
    timeline: Timeline


def find_gpu() -> tuple[str, str]:
    """What draws, in software where need be; or "", and why nothing does."""
    renderer = find_renderer()
    assert renderer is not None, "calculators brings one"
    try:
        return renderer.find_device(True).name, ""
    except GraphError as error:
        return "", str(error)


def on_one_thread(effect: GraphSource) -> None:
    """Takes the threads that an effect has for some nodes from it."""
    del effect.config.executor[:]
    for node in effect.config.node:
        node.ClearField("executor")


def run_effect(effect: str, video: Path, way: str, threads: int, trace_file: Path) -> Run:
    """Runs an effect over a video, from file to file.

    Args:
        effect: its name.
        video: the clip.
        way: how, see the module.
        threads: that run nodes, unless they go one by one.
        trace_file: where the trace goes.
    """
    source = read_graph(GRAPHS / f"{effect}.pbtxt")
    if way == ONE_BY_ONE:
        on_one_thread(source)
        threads = 1
    ends: list[tuple[float, float]] = []

    def watch(name: str, packet: Packet) -> None:
        ends.append((time.perf_counter(), time.process_time()))

    with tempfile.TemporaryDirectory() as folder:
        hosted = host(source, str(video), Path(folder) / "out.mp4", threads)
        graph = CalculatorGraph(hosted.source, renderer=find_renderer() if way == ON_GPU else None)
        graph.observe_output_stream(hosted.frames, watch)
        trace = Trace()
        look = GRAPHS / "looks" / EFFECTS[effect].look
        graph.start_run(hosted.side_packets | {"look_path": str(look)}, trace)
        graph.wait_until_done()
        seconds, busy = time.perf_counter() - ends[0][0], time.process_time() - ends[0][1]
    write_trace(trace, graph.validated, trace_file)
    times: dict[str, float] = defaultdict(float)
    nodes = 0.0
    for call in trace.calls:
        if call.step == "Process":
            taken = (call.end_ns - call.start_ns) / 1e6 / len(ends)
            nodes += taken
            times[call.node] += taken
            if not call.thread.startswith("tryon-"):
                times[f"{call.thread.rpartition('-')[0]} (thread)"] += taken
    slowest, frames = max(times, key=times.__getitem__), len(ends) - 1
    timeline = Timeline(f"{effect}, {way}", trace.calls, work_kinds(graph.validated))
    return Run(Timing(frames, seconds), nodes, 1000 * busy / frames, slowest, times[slowest], timeline)


def row(effect: str, way: str, runs: Sequence[Run], one_by_one: Sequence[Run]) -> dict[str, Any]:
    """The figures of an effect that ran in a way."""
    fps = median(run.timing.fps for run in runs)
    return {
        "effect": effect,
        "way": way,
        "fps": fps,
        "frame_ms": 1000 / fps,
        "nodes_ms": median(run.nodes_ms for run in runs),
        "cpu_ms": median(run.cpu_ms for run in runs),
        "slowest": runs[-1].slowest,
        "slowest_ms": median(run.slowest_ms for run in runs),
        "gain": median(a.timing.fps / b.timing.fps for a, b in zip(runs, one_by_one, strict=True)),
    }


def measure(
    effects: Sequence[str], frames: int, threads: int, repetitions: int, folder: Path
) -> dict[str, Any]:
    """All figures of the benchmark, see the module; traces and pictures go into the folder."""
    others = Others()
    folder.mkdir(parents=True, exist_ok=True)
    with Worker() as worker:
        device, no_device = worker(find_gpu)
    rows: list[dict[str, Any]] = []
    for effect in effects:
        ways = [ONE_BY_ONE, PIPELINED, *([ON_GPU] if device else [])]
        chosen = EFFECTS[effect]
        video = folder / f"{chosen.clip}_{frames}.mp4"
        if not video.is_file():
            say(f"{video} ...")
            chosen.write_clip(video, frames)
        with ExitStack() as stack:
            tasks = {
                way: partial(run_effect, effect, video, way, threads, folder / trace_name(effect, way))
                for way in ways
            }
            workers = {way: stack.enter_context(Worker(threads)) for way in ways}
            runs: dict[str, list[Run]] = {way: [] for way in ways}
            for repetition in range(repetitions):
                for way, task in tasks.items():
                    runs[way].append(workers[way](task))
                    say(f"{repetition + 1}/{repetitions} {effect}, {way}: {runs[way][-1].timing.fps:.1f} fps")
        rows += [row(effect, way, some, runs[ONE_BY_ONE]) for way, some in runs.items()]
        span_ms = SHOWN * 1000 / runs[ONE_BY_ONE][-1].timing.fps
        write_timelines([some[-1].timeline for some in runs.values()], span_ms, folder / f"{effect}.png")
    return {
        "clip": {"frames": frames, "repetitions": repetitions, "threads": threads},
        "runs": rows,
        "device": device,
        "absent": [f"{ON_GPU}: {no_device}"] if no_device else [],
        "folder": str(folder),
        "cores_used_by_others": others.cores(),
    }


def trace_name(effect: str, way: str) -> str:
    """The name of the file of a trace."""
    return f"{effect}_{way.replace(', ', '_').replace(' ', '_').lower()}.json"


def show(figures: dict[str, Any]) -> None:
    """Prints the figures as a table."""
    console = Console()
    table = Table("effect", box=None, pad_edge=False)
    for title in ("fps", "frame ms", "nodes ms", "CPU ms", "gain", "slowest ms"):
        table.add_column(title, justify="right")
    table.add_column("slowest")
    effect = ""
    for line in figures["runs"]:
        if line["effect"] != effect:
            effect = line["effect"]
            table.add_row(effect, style="bold")
        times = (f"{line[name]:.1f}" for name in ("fps", "frame_ms", "nodes_ms", "cpu_ms"))
        slowest = f"{line['slowest_ms']:.1f}", line["slowest"]
        table.add_row(f"  {line['way']}", *times, f"{line['gain']:.2f}", *slowest)
    console.print(table)
    if figures["device"]:
        console.print(f"the GPU: {figures['device']}")
    console.print(f"cores that other programs used meanwhile: {figures['cores_used_by_others']:.2f}")
    for line in figures["absent"]:
        console.print(f"left out: {line}")
    console.print(f"traces (.json, for ui.perfetto.dev) and pictures (.png): {figures['folder']}")


def main(given: Sequence[str] | None = None) -> None:
    """The command line of the benchmark."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pipeline",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--effects", nargs="+", choices=EFFECTS, default=list(EFFECTS), metavar="NAME", help="which (all)"
    )
    for name, least, default, what in (
        ("--frames", 4, 100, "frames of a run"),
        ("--threads", 1, 2, "threads that run nodes, and cores"),
        ("--repetitions", 1, 3, "runs of each kind"),
    ):
        parser.add_argument(
            name, type=whole(least), default=default, metavar="N", help=f"{what} (default %(default)s)"
        )
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("out/pipeline"),
        metavar="FOLDER",
        help="for traces and pictures (default %(default)s)",
    )
    parser.add_argument("--json", metavar="FILE", help='write the figures as one JSON object, "-" to stdout')
    arguments = parser.parse_args(given)
    # Known before the work, not after it.
    if arguments.json and Path(arguments.json).is_dir():
        parser.error(f"{arguments.json} is a folder; name a file")
    if arguments.output.exists() and not arguments.output.is_dir():
        parser.error(f"{arguments.output} is a file; name a folder")
    figures = measure(
        arguments.effects, arguments.frames, arguments.threads, arguments.repetitions, arguments.output
    )
    if arguments.json != "-":
        show(figures)
    if arguments.json:
        write_json(figures, arguments.json)


if __name__ == "__main__":
    main()
