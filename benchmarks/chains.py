"""The chains of calculators that `benchmarks.runtime` measures, and each measurement that is made of one."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from benchmarks.common import growth_mb, memory_mb
from benchmarks.engine import load
from tryon import Calculator, CalculatorContext, CalculatorContract, register

EXECUTORS = {"default": "", "application_thread": 'executor { type: "ApplicationThreadExecutor" }'}
LENGTHS = (1, 4, 16)
STARTUP_NODES = 15
WIDTH, HEIGHT = 640, 480
VALUES: dict[str, Any] = {"ints": 7, "frames": np.full((HEIGHT, WIDTH, 3), 128, np.uint8)}
WORK = bytes(4_000_000)  # some milliseconds of hashing, which runs without Python's lock
WORK_PACKETS = 40
WARM_UP = 150  # packets before the speed is taken: queues and memory have their size then


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
