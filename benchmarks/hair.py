"""How fast hair recolouring is, and how much of the time the graph itself takes.

The clip is the demo's, 640x480, gone round as often as needed. Each figure is measured in a process of its
own that is kept to as many cores as it has threads; all take turns, over and over, and medians are given.

- "end to end" decodes H.264, recolours, and encodes H.264; "without encode" ends with the recoloured frame.
  Speed counts from the first result to the end of the run; what comes before is the start-up, measured
  apart.
- Threads are those that run nodes (executor); the model computes a picture with one (XNNPACK) unless it
  says more.
- The native share is the time of the same pure functions in a plain loop without a graph (decoding, OpenCV,
  LiteRT, Pillow, encoding), over the graph's time with one thread; the overhead is the rest of the graph's
  time. The process share is the sum of all process() calls over the same time.
- Memory is resident memory while --memory-frames frames go end to end; the growth is that from the median
  of the second tenth to the median of the last tenth.
- The peer is MediaPipe's hair model, in our graph and, with the extra mediapipe, in MediaPipe's C++ graph.
  Masks are found from frames in memory, with two threads everywhere. Ratios are our times over theirs:
  below 1 is faster.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import av
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.common import Others, Timing, Worker, memory_mb, say, write_json
from benchmarks.mediapipe_hair import time_mediapipe
from benchmarks.plain_hair import recolored
from calculators.video.reader import VideoReader
from calculators.video.writer import VideoWriter
from demo.clip import FRAMES, HEIGHT, WIDTH, frames, timestamp, write_clip
from tryon.cli.host import host
from tryon.cli.progress import node_table
from tryon.config import read_graph
from tryon.graph import CalculatorGraph
from tryon.packet import Packet
from tryon.profile import NodeProfile

EXAMPLES = """examples:
  python -m benchmarks.hair
  python -m benchmarks.hair --json figures.json
  python -m benchmarks.hair --json - --repetitions 1 --frames 60 --memory-frames 0
  python -m benchmarks.hair --peer path/to/hair_segmentation.tflite
"""
ROOT = Path(__file__).resolve().parents[1]
EFFECT = ROOT / "graphs" / "hair_recolor.pbtxt"
MASKS = ROOT / "graphs" / "subgraphs" / "hair_segmentation.pbtxt"
PEER_MASKS = ROOT / "graphs" / "subgraphs" / "hair_segmentation_mediapipe.pbtxt"
OUR_SUBGRAPH = "HairSegmentationSubgraph"
PEER_SUBGRAPH = "MediaPipeHairSegmentationSubgraph"
LOOK = ROOT / "graphs" / "looks" / "hair" / "copper.json"
MODEL = ROOT / "models" / "hair_256.tflite"
PEER = ROOT.parent / "shared" / "peer" / "hair_segmentation.tflite"
MEMORY_SAMPLES = 100


@dataclass
class Run:
    """One measured run.

    Attributes:
        timing: from the first result to the end.
        nodes: the per-node table.
        memory: resident MB, over the run.
        peak_mb: the most the process ever had.
    """

    timing: Timing
    nodes: list[NodeProfile] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    peak_mb: float = 0.0


class Task(NamedTuple):
    """What a process measures, on how many cores."""

    cores: int
    run: Callable[[], Run]


def write_long_clip(path: Path, count: int) -> None:
    """Writes `count` frames of the demo's clip: encoded once, its packets repeated."""
    once = min(count, FRAMES)
    with tempfile.TemporaryDirectory() as folder:
        short = Path(folder) / "short.mp4"
        write_clip(short, once)
        with av.open(str(short)) as source, av.open(str(path), "w") as target:
            given = source.streams.video[0]
            stream = target.add_stream_from_template(given)
            assert given.time_base is not None
            round_ticks = round(timestamp(once) / 1_000_000 / given.time_base)
            for number in range(-(-count // once)):
                source.seek(0)
                for packet in source.demux(given):
                    if packet.dts is None or packet.pts is None:
                        continue
                    packet.pts += number * round_ticks
                    packet.dts += number * round_ticks
                    packet.stream = stream
                    target.mux(packet)


def run_effect(
    clip: Path, encode: bool, threads: int, model_threads: int = 1, peer: Path | None = None
) -> Run:
    """Recolours a clip in the graph.

    Args:
        clip: the video.
        encode: write the result to a file.
        threads: those of the executor.
        model_threads: XNNPACK's.
        peer: MediaPipe's model, to take its subgraph in place of ours.
    """
    effect = read_graph(EFFECT)
    settings = [f"inference.delegate.xnnpack.num_threads={model_threads}"]
    if peer:
        for node in effect.config.node:
            if node.calculator == OUR_SUBGRAPH:
                node.calculator = PEER_SUBGRAPH
        settings.append(f"inference.model_path={peer}")
    times: list[float] = []
    memory: list[float] = []

    def watch(name: str, packet: Packet) -> None:
        times.append(time.perf_counter())
        if len(times) % MEMORY_SAMPLES == 0:
            memory.append(memory_mb())

    with tempfile.TemporaryDirectory() as folder:
        hosted = host(effect, str(clip), Path(folder) / "out.mp4" if encode else None, threads)
        graph = CalculatorGraph(hosted.source, settings=settings)
        graph.observe_output_stream(hosted.frames, watch)
        graph.start_run(hosted.side_packets | {"look_path": str(LOOK)})
        graph.wait_until_done()
        timing = Timing(len(times) - 1, time.perf_counter() - times[0])
    return Run(timing, graph.profile(), memory, memory_mb("VmHWM"))


def run_plain(clip: Path, encode: bool) -> Run:
    """Recolours a clip in a plain loop, without a graph."""
    times: list[float] = []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        reader = stack.enter_context(VideoReader(clip))
        writer = None
        if encode:
            writer = stack.enter_context(VideoWriter(Path(folder) / "out.mp4", header=reader.header))
        for moment, frame in recolored(reader, MODEL, LOOK):
            times.append(time.perf_counter())
            if writer:
                writer.write(frame, moment)
        stack.close()
        return Run(Timing(len(times) - 1, time.perf_counter() - times[0]))


@cache
def clip_frames() -> list[np.ndarray]:
    """The frames of the clip, in memory."""
    return list(frames())


def run_masks(graph_file: Path, count: int, threads: int, model: Path) -> Run:
    """Finds the hair in frames from memory in a segmentation graph of ours."""
    source = read_graph(graph_file)
    source.config.num_threads = threads
    settings = [f"inference.delegate.xnnpack.num_threads={threads}", f"inference.model_path={model}"]
    graph = CalculatorGraph(source, settings=settings)
    times: list[float] = []
    graph.observe_output_stream("mask", lambda name, packet: times.append(time.perf_counter()))
    pictures = clip_frames()
    graph.start_run()
    for index in range(count):
        graph.add_packet_to_input_stream("image", pictures[index % FRAMES], timestamp(index))
    graph.close_all_packet_sources()
    graph.wait_until_done()
    return Run(Timing(len(times) - 1, times[-1] - times[0]), graph.profile())


def run_mediapipe(count: int, threads: int, model: Path) -> Run:
    """Finds the hair in frames from memory in MediaPipe's graph."""
    return Run(time_mediapipe(clip_frames(), count, str(model), threads))


def measure_start(clip: Path) -> float:
    """Seconds that `tryon run` takes for a clip of one frame, from the shell to the closed file."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tryon", "run", str(EFFECT), "--input", str(clip)]
        command += ["--output", f"{folder}/out.mp4", "--look", str(LOOK)]
        start = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        return time.perf_counter() - start


def make_tasks(clip: Path, count: int, peer: Path) -> tuple[dict[str, Task], list[str]]:
    """What is measured, by name, and what has to be left out."""
    tasks = {"masks": Task(2, partial(run_masks, MASKS, count, 2, MODEL))}
    for kind, encode in (("end_to_end", True), ("without_encode", False)):
        tasks[f"{kind}_plain"] = Task(1, partial(run_plain, clip, encode))
        for threads in (1, 2):
            tasks[f"{kind}_{threads}"] = Task(threads, partial(run_effect, clip, encode, threads))
        tasks[f"{kind}_2_model_2"] = Task(2, partial(run_effect, clip, encode, 2, 2))
    if not peer.exists():
        return tasks, [f"the peer: there is no {peer}"]
    tasks["peer_end_to_end_2_model_2"] = Task(2, partial(run_effect, clip, True, 2, 2, peer))
    tasks["peer_masks"] = Task(2, partial(run_masks, PEER_MASKS, count, 2, peer))
    if not find_spec("mediapipe"):
        return tasks, ["MediaPipe's C++ graph: the extra mediapipe is not installed"]
    tasks["mediapipe_masks"] = Task(2, partial(run_mediapipe, count, 2, peer))
    return tasks, []


def measure(count: int, repetitions: int, memory_frames: int, peer: Path) -> dict[str, Any]:
    """All figures of the benchmark; see the module."""
    others = Others()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        clip, single = Path(folder) / "clip.mp4", Path(folder) / "single.mp4"
        write_long_clip(clip, count)
        write_clip(single, 1)
        tasks, absent = make_tasks(clip, count, peer)
        workers = {name: stack.enter_context(Worker(task.cores)) for name, task in tasks.items()}
        runs: dict[str, list[Run]] = {name: [] for name in tasks}
        starts = []
        for repetition in range(repetitions):
            for name, task in tasks.items():
                runs[name].append(workers[name](task.run))
                say(f"{repetition + 1}/{repetitions} {name}: {runs[name][-1].timing.fps:.1f} fps")
            starts.append(measure_start(single))
        figures = {
            "clip": {"width": WIDTH, "height": HEIGHT, "frames": count, "repetitions": repetitions},
            **summary(runs),
            "startup_seconds": median(starts),
            "absent": absent,
        }
        if memory_frames:
            write_long_clip(clip, memory_frames)
            with Worker(2) as worker:
                figures["memory"] |= memory_growth(worker(run_effect, clip, True, 2), memory_frames)
    return figures | {"cores_used_by_others": others.cores()}


def summary(runs: dict[str, list[Run]]) -> dict[str, Any]:
    """The figures of the runs that took turns."""

    def ratio(name: str, over: str) -> float:
        """Median of the times of `name` over those of `over`, by frame."""
        return median(b.timing.fps / a.timing.fps for a, b in zip(runs[name], runs[over], strict=True))

    shares = {kind: 100 * ratio(f"{kind}_plain", f"{kind}_1") for kind in ("end_to_end", "without_encode")}
    single = runs["end_to_end_1"][-1]
    calls = sum(node.total_ms for node in single.nodes) / 1000 / (single.timing.frames + 1)
    pairs = [
        ("masks", "peer_masks"),
        ("masks", "mediapipe_masks"),
        ("peer_masks", "mediapipe_masks"),
        ("without_encode_2", "mediapipe_masks"),
        ("end_to_end_2_model_2", "peer_end_to_end_2_model_2"),
    ]
    return {
        "fps": {name: median(run.timing.fps for run in some) for name, some in runs.items()},
        "native_share_percent": shares,
        "overhead_percent": {kind: 100 - share for kind, share in shares.items()},
        "process_share_percent": 100 * calls * single.timing.fps,
        "nodes": [asdict(node) for node in single.nodes],
        "nodes_seconds": single.timing.seconds,
        "memory": {"peak_mb": max(run.peak_mb for run in runs["end_to_end_2"])},
        "ratios": {f"{name}_over_{over}": ratio(name, over) for name, over in pairs if over in runs},
    }


def memory_growth(run: Run, count: int) -> dict[str, Any]:
    """Whether memory stays flat over a long run."""
    tenth = max(len(run.memory) // 10, 1)
    early, late = median(run.memory[tenth : 2 * tenth] or run.memory), median(run.memory[-tenth:])
    return {
        "frames": count,
        "early_mb": early,
        "late_mb": late,
        "growth_mb": late - early,
        "long_run_peak_mb": run.peak_mb,
        "long_run_fps": run.timing.fps,
    }


def show(figures: dict[str, Any]) -> None:
    """Prints the figures as tables."""
    console = Console()
    table = Table("speed", "fps", "ms a frame", box=None, pad_edge=False)
    for name, fps in figures["fps"].items():
        table.add_row(name.replace("_", " "), f"{fps:.1f}", f"{1000 / fps:.2f}")
    console.print(table)
    for kind, share in figures["native_share_percent"].items():
        rest = figures["overhead_percent"][kind]
        console.print(f"{kind.replace('_', ' ')}, one thread: native {share:.1f} %, overhead {rest:.1f} %")
    console.print(f"in process() calls: {figures['process_share_percent']:.1f} %")
    for name, value in figures["ratios"].items():
        console.print(f"time of {name.replace('_', ' ')}: {value:.2f}")
    console.print(node_table([NodeProfile(**row) for row in figures["nodes"]], figures["nodes_seconds"]))
    console.print(f"start-up: {figures['startup_seconds']:.2f} s")
    memory = ", ".join(f"{name.replace('_', ' ')} {value:.1f}" for name, value in figures["memory"].items())
    console.print(f"memory: {memory}")
    console.print(f"cores that other programs used meanwhile: {figures['cores_used_by_others']:.2f}")
    for line in figures["absent"]:
        console.print(f"left out: {line}")


def main() -> None:
    """The command line of the benchmark."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.hair",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--frames", type=int, default=2 * FRAMES, help="frames a run (default %(default)s)")
    parser.add_argument("--repetitions", type=int, default=5, help="runs of each kind (default %(default)s)")
    parser.add_argument(
        "--memory-frames",
        type=int,
        default=10_000,
        help="frames of the long run, 0: none (default %(default)s)",
    )
    parser.add_argument("--peer", type=Path, default=PEER, help="MediaPipe's model (default %(default)s)")
    parser.add_argument("--json", metavar="FILE", help='write the figures as one JSON object, "-" to stdout')
    arguments = parser.parse_args()
    figures = measure(arguments.frames, arguments.repetitions, arguments.memory_frames, arguments.peer)
    if arguments.json != "-":
        show(figures)
    if arguments.json:
        write_json(figures, arguments.json)


if __name__ == "__main__":
    main()
