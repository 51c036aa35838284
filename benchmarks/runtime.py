"""How fast packets go through a graph, beside MediaPipe's C++ engine driven from the same Python.

Chains of 1, 4 and 16 PassThroughCalculators carry ints and 640x480 RGB frames, on the default executor and on
ApplicationThreadExecutor. Without the extra mediapipe only our side is measured. Each side has a process of
its own; the sides take turns, repetition after repetition, and medians are given. Ratios are medians of the
ratios within a repetition.

- Speed is packets a second: from the first packet added until the graph is idle, every packet made from a
  value at one end and read by an observer at the other.
- Latency is for one packet at a time: from before it is made until the observer has its value; the next one
  waits until the graph is idle.
- CPU is the time that all threads of the process spent a packet, in the same run as the speed.
- A hop is what one node more costs a packet: the time at 4 (16) nodes less that at 1, over the nodes between,
  each from the repetition that other programs disturbed least. The bar is held against CPU time.
- Start-up is from the graph's text with 15 nodes to its first packet: parsed, checked, started, observed.
- Memory is the growth of resident memory from the median of the second tenth to that of the last tenth: of
  the packets of one run, and of the starts and stops of one graph.
- Overlap is how near two nodes of equal native work come to two plain threads that do this work side by side.
"""

import argparse
import platform
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from hashlib import sha256
from importlib.util import find_spec
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.common import Others, Worker, growth_mb, memory_mb, say, write_json
from benchmarks.engine import load
from tryon import Calculator, CalculatorContext, CalculatorContract, register

EXAMPLES = """examples:
  python -m benchmarks.runtime
  python -m benchmarks.runtime --json figures.json
  python -m benchmarks.runtime --json - --repetitions 1 --ints 200 --frames 50 --memory-packets 0 --cycles 0
"""
SIDES = ("ours", "reference")
EXECUTORS = {"default": "", "application_thread": 'executor { type: "ApplicationThreadExecutor" }'}
LENGTHS = (1, 4, 16)
STARTUP_NODES = 15
STARTUPS = 5  # a repetition
WIDTH, HEIGHT = 640, 480
VALUES: dict[str, Any] = {"ints": 7, "frames": np.full((HEIGHT, WIDTH, 3), 128, np.uint8)}
WORK = bytes(4_000_000)  # some milliseconds of hashing, which runs without Python's lock
WORK_PACKETS = 40
WARM_UP = 150  # packets before the speed is taken: queues and memory have their size then
HOP_US = 10.0
HOP_AIM_US = 5.0
OVERLAP_PERCENT = 90.0
FLAT_MB = 4.0  # a few frames
FILE_WIDTH = 120  # of tables that go into a file or pipe


class Case(NamedTuple):
    """One chain: what it carries, who runs it, how many nodes it has."""

    kind: str
    executor: str
    nodes: int


class Speed(NamedTuple):
    """Of one run, a packet."""

    wall_us: float
    cpu_us: float


CASES = [Case(kind, executor, nodes) for kind in VALUES for executor in EXECUTORS for nodes in LENGTHS]


@register
class BenchmarkWorkCalculator(Calculator):
    """Hashes some megabytes for every packet, as native code does that releases Python's lock."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[0].set_any()
        contract.outputs[0].set_any()
        contract.timestamp_offset = 0

    def process(self, context: CalculatorContext) -> None:
        work()
        context.outputs[0].add_packet(context.inputs[0].packet)


def work() -> None:
    """The native work of a BenchmarkWorkCalculator."""
    sha256(WORK)


def chain(nodes: int, executor: str = "default", calculator: str = "PassThroughCalculator") -> str:
    """A graph that sends "s0" through `nodes` calculators to "out"."""
    names = [*(f"s{index}" for index in range(nodes)), "out"]
    lines = ['input_stream: "s0" output_stream: "out"', EXECUTORS[executor]]
    lines += [
        f'node {{ calculator: "{calculator}" input_stream: "{source}" output_stream: "{target}" }}'
        for source, target in pairwise(names)
    ]
    return "\n".join(lines)


def measure_speed(side: str, case: Case, count: int) -> Speed:
    """Sends `count` packets through a chain as fast as it takes them."""
    engine = load(side)
    make, read = engine.make[case.kind], engine.read[case.kind]
    value = VALUES[case.kind]
    graph = engine.graph(chain(case.nodes, case.executor))
    graph.observe_output_stream("out", lambda name, packet: read(packet))
    graph.start_run({})
    for timestamp in range(WARM_UP):
        graph.add_packet_to_input_stream("s0", make(value, timestamp))
    graph.wait_until_idle()
    start, cpu = time.perf_counter(), time.process_time()
    for timestamp in range(WARM_UP, WARM_UP + count):
        graph.add_packet_to_input_stream("s0", make(value, timestamp))
    graph.wait_until_idle()
    wall, cpu = time.perf_counter() - start, time.process_time() - cpu
    graph.close_all_packet_sources()
    graph.wait_until_done()
    return Speed(wall / count * 1e6, cpu / count * 1e6)


def measure_latency(side: str, case: Case, count: int) -> list[float]:
    """Microseconds that each of `count` packets takes through a chain that is idle before."""
    engine = load(side)
    make, read = engine.make[case.kind], engine.read[case.kind]
    value = VALUES[case.kind]
    graph = engine.graph(chain(case.nodes, case.executor))
    seen: list[float] = []

    def watch(name: str, packet: Any) -> None:
        read(packet)
        seen.append(time.perf_counter())

    graph.observe_output_stream("out", watch)
    graph.start_run({})
    graph.wait_until_idle()
    sent = []
    for timestamp in range(count):
        sent.append(time.perf_counter())
        graph.add_packet_to_input_stream("s0", make(value, timestamp))
        graph.wait_until_idle()
    graph.close_all_packet_sources()
    graph.wait_until_done()
    return [(end - start) * 1e6 for start, end in zip(sent, seen, strict=True)]


def measure_startup(side: str, count: int) -> float:
    """Milliseconds, median of `count`, from a graph's text to its first packet."""
    engine = load(side)
    times = []
    for _ in range(count):
        observed = threading.Event()
        start = time.perf_counter()
        graph = engine.graph(chain(STARTUP_NODES))
        graph.observe_output_stream("out", lambda name, packet, observed=observed: observed.set())
        graph.start_run({})
        graph.add_packet_to_input_stream("s0", engine.make["ints"](1, 0))
        observed.wait()
        times.append((time.perf_counter() - start) * 1000)
        graph.close_all_packet_sources()
        graph.wait_until_done()
    return median(times)


def measure_memory(side: str, kind: str, count: int) -> float:
    """MB by which `count` packets, each of a value of its own, let the process grow.

    Queues are short, as in effects: in long ones the number of frames that wait is a matter of chance.
    """
    engine = load(side)
    make, read = engine.make[kind], engine.read[kind]
    graph = engine.graph("max_queue_size: 4\n" + chain(4))
    graph.observe_output_stream("out", lambda name, packet: read(packet))
    graph.start_run({})
    samples = []
    for timestamp in range(count):
        value = VALUES[kind].copy() if kind == "frames" else timestamp
        graph.add_packet_to_input_stream("s0", make(value, timestamp))
        if timestamp % max(count // 100, 1) == 0:
            graph.wait_until_idle()  # frames in queues come and go
            samples.append(memory_mb())
    graph.close_all_packet_sources()
    graph.wait_until_done()
    return growth_mb(samples)


def measure_cycles(side: str, count: int) -> float:
    """MB by which `count` starts and stops of a graph, one packet in each, let the process grow."""
    engine = load(side)
    graph = engine.graph(chain(4))
    samples = []
    for cycle in range(count):
        graph.start_run({})
        graph.add_packet_to_input_stream("s0", engine.make["ints"](1, 0))
        graph.close_all_packet_sources()
        graph.wait_until_done()
        if cycle % max(count // 100, 1) == 0:
            samples.append(memory_mb())
    return growth_mb(samples)


def measure_overlap() -> float:
    """Percent: speed of two nodes with equal work, over that of two threads without a graph."""

    def stage() -> None:
        for _ in range(WORK_PACKETS):
            work()

    start = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        for _ in range(2):
            pool.submit(stage)
    allowed = time.perf_counter() - start
    engine = load("ours")
    graph = engine.graph(chain(2, calculator="BenchmarkWorkCalculator"))
    graph.start_run({})
    start = time.perf_counter()
    for timestamp in range(WORK_PACKETS):
        graph.add_packet_to_input_stream("s0", engine.make["ints"](1, timestamp))
    graph.wait_until_idle()
    # The second node cannot begin before the first is through with a packet.
    together = (time.perf_counter() - start) * WORK_PACKETS / (WORK_PACKETS + 1)
    graph.close_all_packet_sources()
    graph.wait_until_done()
    return 100 * allowed / together


class Measurements:
    """What was measured, by side; one entry a repetition."""

    def __init__(self, sides: list[str]) -> None:
        self.sides = sides
        self.speeds: dict[tuple[str, Case], list[Speed]] = {}
        self.latencies: dict[tuple[str, Case], list[float]] = {}
        self.startups: dict[str, list[float]] = {side: [] for side in sides}
        self.overlaps: list[float] = []

    def ratio(self, case: Case) -> float | None:
        """Our speed over the reference's."""
        if "reference" not in self.sides:
            return None
        ours, reference = (self.speeds[side, case] for side in SIDES)
        return median(b.wall_us / a.wall_us for a, b in zip(ours, reference, strict=True))

    def row(self, case: Case) -> dict[str, Any]:
        """The figures of one chain."""
        row: dict[str, Any] = case._asdict()
        for side in self.sides:
            speeds, latencies = self.speeds[side, case], np.array(self.latencies[side, case])
            row[side] = {
                "packets_per_second": median(1e6 / speed.wall_us for speed in speeds),
                "cpu_us": median(speed.cpu_us for speed in speeds),
                "latency_p50_us": float(np.percentile(latencies, 50)),
                "latency_p99_us": float(np.percentile(latencies, 99)),
            }
        return row | {"speed_ratio": self.ratio(case)}

    def hop(self, side: str, kind: str, executor: str, nodes: int) -> dict[str, float]:
        """What a node more costs a packet, between 1 and `nodes` nodes."""
        few, many = (self.speeds[side, Case(kind, executor, length)] for length in (1, nodes))
        return {
            field: (min(getattr(s, field) for s in many) - min(getattr(s, field) for s in few)) / (nodes - 1)
            for field in Speed._fields
        }

    def hops(self) -> list[dict[str, Any]]:
        """The figures of a hop, by chain."""
        return [
            {"kind": kind, "executor": executor, "nodes": nodes}
            | {side: self.hop(side, kind, executor, nodes) for side in self.sides}
            for kind in VALUES
            for executor in EXECUTORS
            for nodes in LENGTHS[1:]
        ]


def measure(ints: int, frames: int, repetitions: int, memory_packets: int, cycles: int) -> dict[str, Any]:
    """All figures of the benchmark; see the module."""
    others = Others()
    sides = [side for side in SIDES if side == "ours" or find_spec("mediapipe")]
    counts = {"ints": ints, "frames": frames}
    found = Measurements(sides)
    with ExitStack() as stack:
        workers = {side: stack.enter_context(Worker()) for side in sides}
        for side in sides:
            workers[side](measure_startup, side, 1)  # imports, fills caches
        for repetition in range(repetitions):
            for case in CASES:
                count = counts[case.kind]
                for side in sides:
                    speed = workers[side](measure_speed, side, case, count)
                    found.speeds.setdefault((side, case), []).append(speed)
                    latencies = workers[side](measure_latency, side, case, max(count // 5, 1))
                    found.latencies.setdefault((side, case), []).extend(latencies)
            for side in sides:
                found.startups[side].append(workers[side](measure_startup, side, STARTUPS))
            found.overlaps.append(workers["ours"](measure_overlap))
            say(f"{repetition + 1}/{repetitions}")
    figures: dict[str, Any] = {
        "setup": {**counts, "repetitions": repetitions, "python": platform.python_version()},
        "cases": [found.row(case) for case in CASES],
        "hops": found.hops(),
        "startup_ms": {side: median(times) for side, times in found.startups.items()},
        "overlap_percent": median(found.overlaps),
        "memory_growth_mb": memory_growth(sides, memory_packets, cycles),
        "absent": [] if "reference" in sides else ["the reference: the extra mediapipe is not installed"],
    }
    return figures | {"bars": bars(figures), "cores_used_by_others": others.cores()}


def memory_growth(sides: list[str], packets: int, cycles: int) -> dict[str, dict[str, float]]:
    """MB, by what was done and by side, in a process a side; nothing where a count is 0."""
    tasks: dict[str, Callable[[str], float]] = {}
    if cycles:
        tasks["cycles"] = partial(measure_cycles, count=cycles)
    if packets:
        tasks |= {kind: partial(measure_memory, kind=kind, count=packets) for kind in VALUES}
    growth: dict[str, dict[str, float]] = {name: {} for name in tasks}
    for side in sides:
        with Worker() as worker:
            for name, task in tasks.items():
                growth[name][side] = worker(task, side)
                say(f"memory, {name}, {side}: {growth[name][side]:+.1f} MB")
    return growth


def bars(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """What is demanded and what was measured; `met` is None where the reference is needed and absent."""
    rows: list[dict[str, Any]] = []

    def add(demand: str, value: float | None, limit: float, least: bool = False) -> None:
        met = None if value is None else value >= limit if least else value <= limit
        rows.append({"demand": demand, "value": value, "limit": limit, "met": met})

    for hop in figures["hops"]:
        if hop["kind"] == "ints" and hop["nodes"] == LENGTHS[-1]:
            for what, limit in (("a hop", HOP_US), ("a hop, the aim", HOP_AIM_US)):
                demand = f"{what}, {hop['executor']}: at most {limit:g} us of CPU"
                add(demand, hop["ours"]["cpu_us"], limit)
    for case in figures["cases"]:
        kind, executor, nodes = case["kind"], case["executor"], case["nodes"]
        demanded = (
            (kind == "frames" or nodes <= 4) if executor == "default" else kind == "frames" and nodes <= 4
        )
        if demanded:
            demand = f"{kind}, {nodes} nodes, {executor}: over the reference's speed"
            add(demand, case["speed_ratio"], 1.0, least=True)
    add(f"overlap: at least {OVERLAP_PERCENT:g} %", figures["overlap_percent"], OVERLAP_PERCENT, least=True)
    for name, growth in figures["memory_growth_mb"].items():
        add(f"memory, {name}: at most {FLAT_MB:g} MB more", growth["ours"], FLAT_MB)
    return rows


def show(figures: dict[str, Any]) -> None:
    """Prints the figures as tables."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=FILE_WIDTH)
    sides = list(figures["startup_ms"])

    def table(*headings: str) -> Table:
        made = Table(box=None, pad_edge=False)
        for heading in headings:
            made.add_column(heading, justify="left" if heading in headings[:1] else "right")
        return made

    columns = ("packets/s", "p50 us", "p99 us", "CPU us")
    speeds = table("chain", *(f"{side}\n{column}" for column in columns for side in sides), "speed\nratio")
    fields = ("packets_per_second", "latency_p50_us", "latency_p99_us", "cpu_us")
    for case in figures["cases"]:
        cells = [f"{case[side][field]:,.0f}" for field in fields for side in sides]
        ratio = "" if case["speed_ratio"] is None else f"{case['speed_ratio']:.2f}"
        speeds.add_row(f"{case['kind']} {case['nodes']} {case['executor']}", *cells, ratio)
    hops = table("a hop, us", *(f"{side}\n{what}" for what in ("wall", "CPU") for side in sides))
    for hop in figures["hops"]:
        cells = [f"{hop[side][f'{what}_us']:.1f}" for what in ("wall", "cpu") for side in sides]
        hops.add_row(f"{hop['kind']} 1 to {hop['nodes']} {hop['executor']}", *cells)
    rest = table("", *sides)
    rest.add_row(f"start-up, {STARTUP_NODES} nodes, ms", *(f"{figures['startup_ms'][s]:.2f}" for s in sides))
    for name, growth in figures["memory_growth_mb"].items():
        rest.add_row(f"memory growth, {name}, MB", *(f"{growth[side]:+.1f}" for side in sides))
    demands = table("bar", "measured", "")
    verdicts = {True: "met", False: "MISSED", None: "not measured"}
    for bar in figures["bars"]:
        value = "" if bar["value"] is None else f"{bar['value']:.2f}"
        demands.add_row(bar["demand"], value, verdicts[bar["met"]])
    for part in (speeds, hops, rest, demands):
        console.print(part)
        console.print()
    console.print(f"cores that other programs used meanwhile: {figures['cores_used_by_others']:.2f}")
    for line in figures["absent"]:
        console.print(f"left out: {line}")


def main() -> None:
    """The command line of the benchmark."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.runtime",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for name, default, what in (
        ("ints", 3000, "ints a run"),
        ("frames", 500, "frames a run"),
        ("repetitions", 5, "runs of each kind"),
        ("memory-packets", 10_000, "packets of the long runs, 0: none"),
        ("cycles", 1000, "starts and stops, 0: none"),
    ):
        text = f"{what} (default {default})"
        parser.add_argument(f"--{name}", type=int, metavar="N", default=default, help=text)
    parser.add_argument("--json", metavar="FILE", help='write the figures as one JSON object, "-" to stdout')
    given = parser.parse_args()
    figures = measure(given.ints, given.frames, given.repetitions, given.memory_packets, given.cycles)
    if given.json != "-":
        show(figures)
    if given.json:
        write_json(figures, given.json)


if __name__ == "__main__":
    main()
