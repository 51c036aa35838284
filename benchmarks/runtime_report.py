"""What `benchmarks.runtime` makes of its figures: bars that are met or missed, and tables."""

from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.chains import LENGTHS, STARTUP_NODES

HOP_US = 10.0
HOP_AIM_US = 5.0
OVERLAP_PERCENT = 90.0
FLAT_MB = 4.0  # a few frames
FILE_WIDTH = 120  # of tables that go into a file or pipe


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
