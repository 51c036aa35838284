"""How fast make-up is: the networks, drawing product by product, and the whole effect.

Each figure is measured in a process of its own. Where the machine is shared, the 10th percentile says more
than the median, and processor time more than the clock.

- The networks are measured alone, with one thread, by the clock. Where models/ has no such model, one with
  random weights takes its place: it is as fast, but finds no face.
- Drawing is measured without a graph, in processor time of one thread, on the frames of the demo's clip,
  640x480, with the landmarks that the photograph in it has. "shapes and light" is what FaceShapesCalculator
  does; "small", "eyes" and "lips" are what products share of a face, reckoned once a frame; the rest is that
  of each product alone.
- The whole effect decodes H.264, paints and encodes H.264. With "known" landmarks the networks are left out,
  and each frame has its face for certain; "tracked" is the effect as it is. Threads are those that run nodes,
  beside the graph's own that draws; a network computes a picture with one. Speed counts from the first result
  to the end; processor time is that of all threads meanwhile, decoder and encoder included.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, redirect_stdout
from dataclasses import asdict, dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from statistics import mean, median
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.common import Others, Timing, Worker, say, write_json
from benchmarks.makeup_nodes import NATURAL, STRONG, ClipFacesCalculator, all_looks, drawing_figures
from benchmarks.models import time_models
from benchmarks.nail import whole
from demo.clip import FRAMES, HEIGHT, WIDTH, write_clip
from demo.makeup_looks import LOOKS
from tryon.cli.host import host
from tryon.cli.progress import node_table
from tryon.config import GraphSource, read_graph
from tryon.graph import CalculatorGraph
from tryon.packet import Packet
from tryon.profile import NodeProfile

EXAMPLES = """examples:
  python -m benchmarks.makeup
  python -m benchmarks.makeup --json figures.json
  python -m benchmarks.makeup --json - --looks natural --repetitions 1 --frames 10 --runs 10
"""
ROOT = Path(__file__).resolve().parents[1]
EFFECT = ROOT / "graphs" / "makeup.pbtxt"
SUBGRAPH = "FaceTrackingSubgraph"
KINDS = ("known", "tracked")
# The networks' files by the subgraph's options, and what makes such a network.
NETWORKS = {
    "landmarks_path": (ROOT / "models" / "landmarks_tiny.tflite", "models.landmarks", "landmark_network"),
    "detector_path": (ROOT / "models" / "face_detector.tflite", "models.face_detector", "face_detector"),
}


@dataclass
class NetworkTime:
    """Milliseconds a run of a network.

    Attributes:
        model: its file's name.
        trained: or with random weights.
        median_ms, p10_ms: by the clock, with one thread.
    """

    model: str
    trained: bool
    median_ms: float
    p10_ms: float


@dataclass
class Run:
    """One run of the whole effect.

    Attributes:
        timing: from the first result to the end.
        cpu_ms: processor time a frame in that.
        faces: found in a frame, on average.
        nodes: the per-node table.
    """

    timing: Timing
    cpu_ms: float
    faces: float
    nodes: list[NodeProfile]


def export_random(module: str, network: str, path: Path) -> None:
    """Writes a model with random weights."""
    # Imported here, in a process of its own: TensorFlow takes ten seconds, and memory.
    build = getattr(import_module(module), network)
    # Keras tells stdout what it saves.
    with redirect_stdout(sys.stderr):
        path.write_bytes(import_module("training.export").convert(build()))


def find_models(folder: Path) -> dict[str, Path]:
    """The networks' files by option; those that are not committed are made in the folder."""
    models = {}
    with Worker() as worker:
        for option, (path, module, network) in NETWORKS.items():
            models[option] = path if path.is_file() else folder / path.name
            if models[option] != path:
                say(f"random weights for {path.name} ...")
                worker(export_random, module, network, models[option])
    return models


def trained(models: dict[str, Path]) -> bool:
    """None of the networks has random weights."""
    return all(path == NETWORKS[option][0] for option, path in models.items())


def time_networks(models: dict[str, Path], runs: int) -> list[NetworkTime]:
    """Both networks alone, taking turns."""
    say(f"{runs} runs of {len(models)} networks ...")
    with Worker(1) as worker:
        seconds = worker(time_models, [str(path) for path in models.values()], 1, runs)
    return [
        NetworkTime(
            path.name,
            path == NETWORKS[option][0],
            1000 * median(taken),
            1000 * float(np.percentile(taken, 10)),
        )
        for (option, path), taken in zip(models.items(), seconds, strict=True)
    ]


def run_effect(clip: Path, look: Path, models: dict[str, Path], kind: str, threads: int) -> Run:
    """Makes up the face in the clip, from file to file.

    Args:
        clip: the video.
        look: to apply.
        models: the networks by option.
        kind: "tracked" is the effect as it is, "known" has the clip's landmarks in place of the networks.
        threads: those of the executor.
    """
    effect = read_graph(EFFECT)
    (tracking,) = (node for node in effect.config.node if node.calculator == SUBGRAPH)
    settings = [f"{tracking.name}.{option}={path}" for option, path in models.items()]
    if kind == "known":
        tracking.calculator, settings = ClipFacesCalculator.__name__, []
    ends: list[tuple[float, float]] = []
    found: list[int] = []

    def watch(name: str, packet: Packet) -> None:
        ends.append((time.perf_counter(), time.process_time()))

    with tempfile.TemporaryDirectory() as folder:
        hosted = host(
            GraphSource(effect.config, EFFECT.name, EFFECT.parent),
            str(clip),
            Path(folder) / "out.mp4",
            threads,
        )
        graph = CalculatorGraph(hosted.source, settings=settings)
        graph.observe_output_stream(hosted.frames, watch)
        graph.observe_output_stream("faces", lambda name, packet: found.append(len(packet.value)))
        graph.start_run(hosted.side_packets | {"look_path": str(look)})
        graph.wait_until_done()
        seconds, busy = time.perf_counter() - ends[0][0], time.process_time() - ends[0][1]
    frames = len(ends) - 1
    return Run(Timing(frames, seconds), 1000 * busy / frames, mean(found), graph.profile())


def time_effect(
    models: dict[str, Path], looks: Sequence[str], frames: int, threads: int, repetitions: int
) -> dict[tuple[str, str], list[Run]]:
    """The whole effect by look and kind of landmarks, taking turns."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        clip = Path(folder) / "clip.mp4"
        write_clip(clip, frames)
        tasks = {
            (look, kind): partial(run_effect, clip, LOOKS / f"{look}.json", models, kind, threads)
            for look in looks
            for kind in KINDS
        }
        workers = {task: stack.enter_context(Worker(threads)) for task in tasks}
        runs: dict[tuple[str, str], list[Run]] = {task: [] for task in tasks}
        for repetition in range(repetitions):
            for task, run in tasks.items():
                runs[task].append(workers[task](run))
                last = runs[task][-1]
                say(f"{repetition + 1}/{repetitions} {' '.join(task)}: {last.timing.fps:.1f} fps")
    return runs


def measure(
    chosen: Sequence[str] | None, runs: int, frames: int, threads: int, repetitions: int
) -> dict[str, Any]:
    """All figures of the benchmark, see the module; of some looks, or of all, whose whole effect is two."""
    looks = chosen or (NATURAL, STRONG)
    others = Others()
    with tempfile.TemporaryDirectory() as folder:
        models = find_models(Path(folder))
        networks = time_networks(models, runs)
        drawn = [look for look in all_looks() if not chosen or look.stem in chosen]
        drawing = drawing_figures(drawn, frames, repetitions)
        effect = time_effect(models, looks, frames, threads, repetitions)
    last = effect[looks[-1], "tracked"][-1]
    return {
        "clip": {"width": WIDTH, "height": HEIGHT, "frames": frames, "repetitions": repetitions},
        "networks": [asdict(row) for row in networks],
        "drawing": drawing,
        "effect": [
            {
                "look": look,
                "landmarks": kind,
                "threads": threads,
                "trained": kind == "known" or trained(models),
                "fps": median(run.timing.fps for run in some),
                "cpu_ms": median(run.cpu_ms for run in some),
                "faces": mean(run.faces for run in some),
            }
            for (look, kind), some in effect.items()
        ],
        "nodes": [asdict(node) for node in last.nodes],
        "nodes_seconds": last.timing.seconds,
        "cores_used_by_others": others.cores(),
    }


def show(figures: dict[str, Any]) -> None:
    """Prints the figures as tables."""
    console = Console()
    networks = Table("network, 1 thread", "median ms", "10th percentile ms", "", box=None, pad_edge=False)
    for row in figures["networks"]:
        times = f"{row['median_ms']:.2f}", f"{row['p10_ms']:.2f}"
        networks.add_row(row["model"], *times, "" if row["trained"] else "random weights")
    console.print(networks)
    drawing = Table("drawing, ms of CPU a face", "median", "10th percentile", box=None, pad_edge=False)
    whole_looks = {row["look"] for row in figures["effect"]}
    for look, parts in figures["drawing"].items():
        shown = parts if look in whole_looks else {"all": parts["all"]}
        for part, times in shown.items():
            name = look.replace("_", " ") if part == "all" else f"  {part.replace('_', ' ')}"
            style = "bold" if part == "all" else None
            drawing.add_row(name, f"{times['median_ms']:.2f}", f"{times['p10_ms']:.2f}", style=style)
    console.print(drawing)
    columns = "whole effect", "landmarks", "threads", "fps", "ms of CPU a frame", "faces a frame", ""
    speed = Table(*columns, box=None, pad_edge=False)
    for row in figures["effect"]:
        speed.add_row(
            row["look"].replace("_", " "),
            row["landmarks"],
            str(row["threads"]),
            f"{row['fps']:.1f}",
            f"{row['cpu_ms']:.1f}",
            f"{row['faces']:.2f}",
            "" if row["trained"] else "random weights: no face is found, nothing is drawn",
        )
    console.print(speed)
    console.print(node_table([NodeProfile(**row) for row in figures["nodes"]], figures["nodes_seconds"]))
    console.print(f"cores that other programs used meanwhile: {figures['cores_used_by_others']:.2f}")


def main(given: Sequence[str] | None = None) -> None:
    """The command line of the benchmark."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.makeup",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--looks",
        nargs="+",
        choices=[look.stem for look in all_looks()],
        metavar="NAME",
        help=f"to draw alone and in the whole effect (default all, and {NATURAL} and {STRONG})",
    )
    for name, least, default, what in (
        ("--runs", 1, 100, "runs of each network"),
        ("--frames", 2, FRAMES, "frames of a run"),
        ("--threads", 1, 2, "threads that run nodes, and cores, of the whole effect"),
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
        arguments.looks,
        arguments.runs,
        arguments.frames,
        arguments.threads,
        arguments.repetitions,
    )
    if arguments.json != "-":
        show(figures)
    if arguments.json:
        write_json(figures, arguments.json)


if __name__ == "__main__":
    main()
