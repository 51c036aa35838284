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
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from importlib.util import find_spec
from statistics import median
from typing import Any

import numpy as np

from benchmarks.chains import (
    CASES,
    EXECUTORS,
    LENGTHS,
    VALUES,
    Case,
    Speed,
    measure_cycles,
    measure_latency,
    measure_memory,
    measure_overlap,
    measure_speed,
    measure_startup,
)
from benchmarks.common import Others, Worker, say, write_json
from benchmarks.runtime_report import bars, show

EXAMPLES = """examples:
  python -m benchmarks.runtime
  python -m benchmarks.runtime --json figures.json
  python -m benchmarks.runtime --json - --repetitions 1 --ints 200 --frames 50 --memory-packets 0 --cycles 0
"""
SIDES = ("ours", "reference")
STARTUPS = 5  # a repetition


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
