"""`python -m benchmarks.hair` gives its figures as JSON; how fast anything is, is not tested."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.hair import EFFECT, LOOK, MODEL, ROOT, show, write_long_clip
from benchmarks.plain_hair import recolored
from calculators.video.reader import VideoReader
from demo.clip import frames, timestamp
from tryon.graph import CalculatorGraph


def test_json_on_stdout_is_one_object_with_all_figures_and_the_tables_show_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-m", "benchmarks.hair", "--json", "-", "--frames", "4", "--repetitions", "1"]
    command += ["--memory-frames", "100", "--peer", str(tmp_path / "absent.tflite")]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=300)
    figures = json.loads(done.stdout)
    speeds = {
        f"{kind}_{how}"
        for kind in ("end_to_end", "without_encode")
        for how in ("1", "2", "2_model_2", "plain")
    }
    assert set(figures["fps"]) == speeds | {"masks"}
    assert all(fps > 0 for fps in figures["fps"].values())
    assert set(figures["overhead_percent"]) == {"end_to_end", "without_encode"}
    assert {"recolor", "segmentation__inference"} <= {node["name"] for node in figures["nodes"]}
    assert figures["memory"]["frames"] == 100
    assert figures["memory"]["peak_mb"] > 0
    assert figures["startup_seconds"] > 0
    assert 0 <= figures["cores_used_by_others"] < 1000
    assert figures["ratios"] == {}
    assert figures["absent"] == [f"the peer: there is no {tmp_path / 'absent.tflite'}"]
    show(figures)
    printed = capsys.readouterr().out
    assert "segmentation__inference" in printed
    assert "start-up:" in printed


def test_help_shows_examples() -> None:
    command = [sys.executable, "-m", "benchmarks.hair", "--help"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60)
    assert "\n  python -m benchmarks.hair\n" in done.stdout


def test_the_plain_loop_does_the_work_of_the_graph() -> None:
    video = [(timestamp(index), frame) for index, frame in enumerate(frames(5))]
    graph = CalculatorGraph(EFFECT)
    poller = graph.add_output_stream_poller("output_video")
    graph.start_run({"look_path": str(LOOK)})
    for moment, frame in video:
        graph.add_packet_to_input_stream("input_video", frame, moment)
    graph.close_all_packet_sources()
    from_graph = [(packet.timestamp, packet.value) for packet in poller]
    graph.wait_until_done()
    plain = list(recolored(video, MODEL, LOOK))
    assert [moment for moment, _ in plain] == [moment for moment, _ in from_graph]
    for (_, ours), (_, graphs) in zip(plain, from_graph, strict=True):
        assert np.abs(ours.astype(int) - graphs).max() <= 2


def test_a_long_clip_goes_round_without_a_gap(tmp_path: Path) -> None:
    write_long_clip(tmp_path / "long.mp4", 250)
    with VideoReader(tmp_path / "long.mp4") as reader:
        moments = [moment for moment, _ in reader]
    assert moments == [round(index * 1_000_000 / 30) for index in range(len(moments))]
    assert len(moments) == 360
