"""How fast nail polish is: the network, what follows it node by node, drawing, and the whole effect.

Each figure is measured in a process of its own that is kept to as many cores as it has threads; medians
are given. Where the machine is shared, the 10th percentile of the networks' times says more.

- The network is measured alone, at each size of input and depth of encoder. Where models/ has no such
  model, one with random weights takes its place: it is as fast, but what it finds is not nails.
- Nodes are measured with exact tensors in place of the network's: a drawn picture of two hands, 640x480, of
  which 1, 5 or all 10 nails are in the tensors. Time for each nail and for the frame itself are those of a
  line through the three. Each frame is another one, moved by a few pixels.
- The whole effect runs on the demo's clip, 640x480: "end to end" decodes H.264, paints, and encodes H.264;
  "without encode" ends with the painted frame. Threads are those that run nodes; the model computes a
  picture with one unless it says more. Speed counts from the first result to the end of the run.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, redirect_stdout
from dataclasses import asdict, dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.common import Others, Timing, Worker, say, write_json
from benchmarks.hair import Run, Task
from benchmarks.models import time_models
from benchmarks.nail_nodes import EFFECT, KINDS, LOOK, ROOT, node_figures
from demo.hands_clip import FRAMES, HEIGHT, WIDTH, write_clip
from tryon.cli.host import host
from tryon.cli.progress import node_table
from tryon.config import read_graph
from tryon.graph import CalculatorGraph
from tryon.packet import Packet
from tryon.profile import NodeProfile

EXAMPLES = """examples:
  python -m benchmarks.nail
  python -m benchmarks.nail --json figures.json
  python -m benchmarks.nail --json - --sizes 352 --depths 43 --repetitions 1 --frames 30 --runs 20
"""
SUBGRAPH = "NailTrackingSubgraph"
SIZES = (288, 352, 480)
DEPTHS = (55, 43)


@dataclass
class NetworkTime:
    """Milliseconds a run of a network.

    Attributes:
        size: side of its input.
        depth: of its encoder.
        threads: that compute it.
        model: its file's name; None for random weights.
    """

    size: int
    depth: int
    threads: int
    median_ms: float
    p10_ms: float
    model: str | None


def committed(size: int, depth: int) -> Path:
    """Where a trained model of this kind is, if it is."""
    return ROOT / "models" / (f"nail_{size}.tflite" if depth == DEPTHS[0] else f"nail_{size}_{depth}.tflite")


def export_random(size: int, depth: int, path: Path) -> None:
    """Writes a model with random weights."""
    # Imported here, in a process of its own: TensorFlow takes ten seconds, and memory.
    segmenter = import_module("models.nail").nail_segmenter
    # Keras tells stdout what it saves.
    with redirect_stdout(sys.stderr):
        path.write_bytes(import_module("training.export").convert(segmenter(size, depth=depth)))


def find_models(sizes: list[int], depths: list[int], folder: Path) -> dict[tuple[int, int], Path]:
    """The model of each size and depth; those that are not committed are made in the folder."""
    models = {}
    with Worker() as worker:
        for size in sizes:
            for depth in depths:
                path = committed(size, depth)
                if not path.is_file():
                    path = folder / path.name
                    say(f"random weights for {path.name} ...")
                    worker(export_random, size, depth, path)
                models[size, depth] = path
    return models


def time_networks(models: dict[tuple[int, int], Path], runs: int) -> list[NetworkTime]:
    """All models with 1 and 2 threads, taking turns."""
    rows = []
    for threads in (1, 2):
        say(f"{runs} runs of {len(models)} networks, threads: {threads} ...")
        with Worker(threads) as worker:
            seconds = worker(time_models, [str(path) for path in models.values()], threads, runs)
        for ((size, depth), path), taken in zip(models.items(), seconds, strict=True):
            low, name = float(np.percentile(taken, 10)), path.name if path == committed(size, depth) else None
            rows.append(NetworkTime(size, depth, threads, 1000 * median(taken), 1000 * low, name))
    return rows


def run_effect(clip: Path, model: Path, size: int, encode: bool, threads: int, model_threads: int = 1) -> Run:
    """Paints the nails in a clip.

    Args:
        clip: the video.
        model: the network.
        size: side of its input.
        encode: write the result to a file.
        threads: those of the executor.
        model_threads: XNNPACK's.
    """
    effect = read_graph(EFFECT)
    (tracking,) = (node.name for node in effect.config.node if node.calculator == SUBGRAPH)
    settings = [
        f"{tracking}.model_path={model}",
        f"{tracking}.input_size={size}",
        f"inference.delegate.xnnpack.num_threads={model_threads}",
    ]
    times: list[float] = []

    def watch(name: str, packet: Packet) -> None:
        times.append(time.perf_counter())

    with tempfile.TemporaryDirectory() as folder:
        hosted = host(effect, str(clip), Path(folder) / "out.mp4" if encode else None, threads)
        graph = CalculatorGraph(hosted.source, settings=settings)
        graph.observe_output_stream(hosted.frames, watch)
        graph.start_run(hosted.side_packets | {"look_path": str(LOOK)})
        graph.wait_until_done()
        timing = Timing(len(times) - 1, time.perf_counter() - times[0])
    return Run(timing, graph.profile())


def time_effect(model: Path, size: int, frames: int, repetitions: int) -> dict[str, list[Run]]:
    """The whole effect in its variants, taking turns."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        clip = Path(folder) / "clip.mp4"
        write_clip(clip, frames)
        tasks = {}
        for kind, encode in (("end_to_end", True), ("without_encode", False)):
            for threads, inner in ((1, 1), (2, 1), (2, 2)):
                name = f"{kind}_{threads}" + (f"_model_{inner}" if inner > 1 else "")
                tasks[name] = Task(threads, partial(run_effect, clip, model, size, encode, threads, inner))
        workers = {name: stack.enter_context(Worker(task.cores)) for name, task in tasks.items()}
        runs: dict[str, list[Run]] = {name: [] for name in tasks}
        for repetition in range(repetitions):
            for name, task in tasks.items():
                runs[name].append(workers[name](task.run))
                say(f"{repetition + 1}/{repetitions} {name}: {runs[name][-1].timing.fps:.1f} fps")
    return runs


def measure(sizes: list[int], depths: list[int], runs: int, frames: int, repetitions: int) -> dict[str, Any]:
    """All figures of the benchmark; see the module."""
    others = Others()
    with tempfile.TemporaryDirectory() as folder:
        models = find_models(sizes, depths, Path(folder))
        networks = time_networks(models, runs)
        (size, depth), model = next(iter(models.items()))
        if (352, depths[0]) in models:
            size, model = 352, models[352, depths[0]]
        effect = time_effect(model, size, frames, repetitions)
    single = effect["end_to_end_1"][-1]
    is_trained = model == committed(size, depth)
    return {
        "clip": {"width": WIDTH, "height": HEIGHT, "frames": frames, "repetitions": repetitions},
        "networks": [asdict(row) for row in networks],
        **node_figures(frames, repetitions),
        "effect": {"size": size, "depth": depth, "model": model.name if is_trained else None},
        "fps": {name: median(run.timing.fps for run in some) for name, some in effect.items()},
        "nodes": [asdict(node) for node in single.nodes],
        "nodes_seconds": single.timing.seconds,
        "cores_used_by_others": others.cores(),
    }


def show(figures: dict[str, Any]) -> None:
    """Prints the figures as tables."""
    console = Console()
    networks = Table("network", "threads", "median ms", "10th percentile ms", "", box=None, pad_edge=False)
    for row in figures["networks"]:
        name = f"{row['size']} x {row['size']}, depth {row['depth']}"
        times = f"{row['median_ms']:.1f}", f"{row['p10_ms']:.1f}"
        networks.add_row(name, str(row["threads"]), *times, row["model"] or "random weights")
    console.print(networks)
    titles = [f"{count} {'nail' if count == '1' else 'nails'}" for count in figures["nails"]]
    nodes = Table("ms", *titles, box=None, pad_edge=False)
    columns = list(figures["nails"].values())
    for name in columns[0]["nodes"]:
        nodes.add_row(name, *(f"{column['nodes'][name]:.2f}" for column in columns))
    for kind in KINDS:
        each, frame = figures["per_nail_ms"][kind], figures["per_frame_ms"][kind]
        title = f"{kind.replace('_', ' ')}: {each:.2f} a nail + {frame:.2f} a frame"
        nodes.add_row(title, *(f"{column[f'{kind}_ms']:.2f}" for column in columns), style="bold")
    console.print(nodes)
    looks = Table("drawing of 5 nails", "ms", box=None, pad_edge=False)
    for name, value in figures["drawing_of_5_nails_ms"].items():
        looks.add_row(name.replace("_", " "), f"{value:.2f}")
    console.print(looks)
    effect = figures["effect"]
    title = f"{effect['size']} x {effect['size']}, depth {effect['depth']}"
    title += "" if effect["model"] else ", random weights: what it finds is not nails"
    speed = Table(f"whole effect, {title}", "fps", "ms a frame", box=None, pad_edge=False)
    for name, fps in figures["fps"].items():
        speed.add_row(name.replace("_", " "), f"{fps:.1f}", f"{1000 / fps:.2f}")
    console.print(speed)
    console.print(node_table([NodeProfile(**row) for row in figures["nodes"]], figures["nodes_seconds"]))
    console.print(f"cores that other programs used meanwhile: {figures['cores_used_by_others']:.2f}")


def whole(least: int, step: int = 1) -> Callable[[str], int]:
    """Reads a number from `least` on, a multiple of `step`."""

    def read(text: str) -> int:
        if not text.isdecimal() or int(text) < least or int(text) % step:
            multiple = f"a multiple of {step}, " if step > 1 else ""
            raise argparse.ArgumentTypeError(f"{text} is not {multiple}{least} or more")
        return int(text)

    return read


def main(given: Sequence[str] | None = None) -> None:
    """The command line of the benchmark."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.nail",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--sizes", type=whole(32, 32), nargs="+", default=SIZES, metavar="N", help="of inputs (all three)"
    )
    parser.add_argument(
        "--depths", type=int, nargs="+", default=DEPTHS, choices=DEPTHS, help="of encoders (both)"
    )
    for name, least, default, what in (
        ("--runs", 1, 60, "runs of each network"),
        ("--frames", 2, FRAMES, "frames of a run"),
        ("--repetitions", 1, 3, "runs of each kind"),
    ):
        parser.add_argument(
            name, type=whole(least), default=default, metavar="N", help=f"{what} (default %(default)s)"
        )
    parser.add_argument("--json", metavar="FILE", help='write the figures as one JSON object, "-" to stdout')
    arguments = parser.parse_args(given)
    # Known before the work, not after it.
    if arguments.json and Path(arguments.json).is_dir():
        parser.error(f"{arguments.json} is a folder; name a file")
    figures = measure(
        list(arguments.sizes),
        list(arguments.depths),
        arguments.runs,
        arguments.frames,
        arguments.repetitions,
    )
    if arguments.json != "-":
        show(figures)
    if arguments.json:
        write_json(figures, arguments.json)


if __name__ == "__main__":
    main()
