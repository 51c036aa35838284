"""`python -m benchmarks.runtime` gives its figures as JSON; how fast anything is, is not tested."""

import json
import subprocess
import sys
from importlib.util import find_spec
from typing import Any

import pytest

from benchmarks.chains import CASES, Speed
from benchmarks.common import growth_mb
from benchmarks.hair import ROOT
from benchmarks.runtime import Measurements
from benchmarks.runtime_report import bars

COMMAND = [sys.executable, "-m", "benchmarks.runtime"]
SIDES = {"ours", "reference"} if find_spec("mediapipe") else {"ours"}


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    options = ["--json", "-", "--ints", "5", "--frames", "5", "--repetitions", "1"]
    options += ["--memory-packets", "10", "--cycles", "3"]
    done = subprocess.run(
        COMMAND + options, cwd=ROOT, check=True, capture_output=True, text=True, timeout=300
    )
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def test_every_chain_has_all_figures(figures: dict[str, Any]) -> None:
    chains = [(case["kind"], case["executor"], case["nodes"]) for case in figures["cases"]]
    assert chains == [
        (kind, executor, nodes)
        for kind in ("ints", "frames")
        for executor in ("default", "application_thread")
        for nodes in (1, 4, 16)
    ]
    for case in figures["cases"]:
        for side in SIDES:
            assert set(case[side]) == {"packets_per_second", "cpu_us", "latency_p50_us", "latency_p99_us"}
            assert min(case[side].values()) > 0
        assert (case["speed_ratio"] is None) == (len(SIDES) == 1)
    assert len(figures["hops"]) == 8
    assert all(set(hop[side]) == {"wall_us", "cpu_us"} for hop in figures["hops"] for side in SIDES)


def test_the_other_figures_are_there(figures: dict[str, Any]) -> None:
    assert set(figures["startup_ms"]) == SIDES
    assert set(figures["memory_growth_mb"]) == {"ints", "frames", "cycles"}
    assert figures["overlap_percent"] > 0
    assert 0 <= figures["cores_used_by_others"] < 1000
    assert len(figures["absent"]) == 2 - len(SIDES)
    assert {bar["met"] for bar in figures["bars"]} <= (
        {True, False} if len(SIDES) == 2 else {True, False, None}
    )


def test_help_shows_examples() -> None:
    done = subprocess.run(
        [*COMMAND, "--help"], cwd=ROOT, check=True, capture_output=True, text=True, timeout=60
    )
    assert "\n  python -m benchmarks.runtime\n" in done.stdout


def test_a_hop_is_the_slope_between_chains() -> None:
    found = Measurements(["ours"])
    for case in CASES:
        found.speeds["ours", case] = [Speed(10 + 3 * case.nodes, 1 + 2 * case.nodes)]
    assert found.hop("ours", "ints", "default", 16) == {"wall_us": 3, "cpu_us": 2}


def test_a_bar_that_needs_the_absent_reference_is_not_judged() -> None:
    hop = {"kind": "ints", "executor": "default", "nodes": 16, "ours": {"cpu_us": 7.0}}
    case = {"kind": "ints", "executor": "default", "nodes": 1, "speed_ratio": None}
    judged = bars({"hops": [hop], "cases": [case], "overlap_percent": 95.0, "memory_growth_mb": {}})
    assert [bar["met"] for bar in judged] == [True, False, None, True]


def test_growth_leaves_the_start_out() -> None:
    assert growth_mb([0, *[100] * 9]) == 0
    assert growth_mb([float(value) for value in range(100)]) == 80
    assert growth_mb([5.0]) == 0
