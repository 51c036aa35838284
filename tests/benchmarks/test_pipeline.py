"""`python -m benchmarks.pipeline` gives figures, traces and pictures; how fast anything is, is not tested."""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.pipeline import ON_GPU, ONE_BY_ONE, PIPELINED, ROOT, main, run_effect, show
from benchmarks.timeline import COLORS, Timeline, write_timelines
from demo.clip import write_clip
from tryon.timestamp import Timestamp
from tryon.trace import Call


def test_json_on_stdout_is_one_object_with_all_figures_and_files_are_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-m", "benchmarks.pipeline", "--json", "-", "--output", str(tmp_path)]
    command += ["--effects", "hair_recolor", "makeup", "--repetitions", "1", "--frames", "6"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=300)
    figures = json.loads(done.stdout)
    ways = (ONE_BY_ONE, PIPELINED, *([ON_GPU] if figures["device"] else []))
    runs = [(row["effect"], row["way"]) for row in figures["runs"]]
    assert runs == [(effect, way) for effect in ("hair_recolor", "makeup") for way in ways]
    assert bool(figures["device"]) != bool(figures["absent"])
    for row in figures["runs"]:
        assert min(row["fps"], row["nodes_ms"], row["cpu_ms"], row["slowest_ms"]) > 0
        assert row["gain"] == 1 or row["way"] != ONE_BY_ONE
    assert 0 <= figures["cores_used_by_others"] < 1000
    ends = ("one_by_one", "pipelined", "pipelined_gpu")[: len(ways)]
    names = [f"{effect}_{end}" for effect in ("hair_recolor", "makeup") for end in ends]
    assert {path.name for path in tmp_path.iterdir()} == {
        *(f"{name}.json" for name in names),
        "hair_recolor.png",
        "makeup.png",
        "portrait_6.mp4",
    }
    for name in names:
        assert json.loads((tmp_path / f"{name}.json").read_text())["traceEvents"]
    show(figures)
    printed = capsys.readouterr().out
    for line in ("hair_recolor", "one by one", "pipelined", "gain", str(tmp_path.name)):
        assert line in printed


def test_one_by_one_nothing_overlaps_and_a_frame_waits_for_the_one_before(tmp_path: Path) -> None:
    write_clip(tmp_path / "clip.mp4", 4)
    run = run_effect("makeup", tmp_path / "clip.mp4", ONE_BY_ONE, 2, tmp_path / "trace.json")
    calls = sorted(run.timeline.calls, key=lambda call: call.start_ns)
    assert all(before.end_ns <= after.start_ns for before, after in pairwise(calls))
    assert len({call.thread for call in calls}) == 1
    kinds = run.timeline.kinds
    assert set(kinds.values()) == set(COLORS)
    # The encoder also gets the header of the video.
    steps = [call for call in calls if call.step == "Process" and call.timestamp != Timestamp.PRESTREAM]
    coded = [kind for kind in (kinds[call.node] for call in steps) if kind in ("decode", "encode")]
    assert coded[:8] == ["decode", "encode"] * 4


def test_a_picture_shows_threads_as_rows_and_kinds_as_colours(tmp_path: Path) -> None:
    ms = 1_000_000
    calls = [
        Call("source", "Process", 0, 0, 20 * ms, "a", (), (("video", 0),)),
        Call("draw", "Process", 0, 20 * ms, 40 * ms, "b", (("video", 0),), (("out", 0),)),
    ]
    run = Timeline("a run", calls, {"source": "decode", "draw": "drawing"})
    write_timelines([run], 40, tmp_path / "picture.png")
    picture = cv2.cvtColor(cv2.imread(str(tmp_path / "picture.png")), cv2.COLOR_BGR2RGB)
    picture = picture[40:]  # below the legend
    middles = {}
    for kind in ("decode", "drawing", "inference"):
        color = [int(COLORS[kind][index : index + 2], 16) for index in (1, 3, 5)]
        places = np.argwhere((picture == color).all(axis=-1))
        middles[kind] = places.mean(axis=0) if len(places) else None
    assert middles["inference"] is None
    assert middles["decode"][0] < middles["drawing"][0], "thread a is above thread b"
    assert middles["decode"][1] < middles["drawing"][1], "it ran before"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--effects", "hare"], "invalid choice: 'hare'"),
        (["--frames", "3"], "3 is not 4 or more"),
        (["--threads", "0"], "0 is not 1 or more"),
        (["--json", "."], ". is a folder; name a file"),
        (["--output", "pyproject.toml"], "pyproject.toml is a file; name a folder"),
    ],
)
def test_mistakes_are_said_before_the_work(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err
