"""`python -m benchmarks.nail` gives its figures as JSON; how fast anything is, is not tested."""

import json
import subprocess
import sys

import numpy as np
import pytest

from benchmarks.hair import ROOT
from benchmarks.nail import COUNTS, LOOK, main, perfect_scene, scenes, show, time_nodes


def test_json_on_stdout_is_one_object_with_all_figures_and_the_tables_show_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = [sys.executable, "-m", "benchmarks.nail", "--json", "-", "--sizes", "352", "--depths", "55"]
    command += ["--repetitions", "1", "--frames", "3", "--runs", "2"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=300)
    figures = json.loads(done.stdout)
    rows = [(row["size"], row["depth"], row["threads"], row["model"]) for row in figures["networks"]]
    assert rows == [(352, 55, threads, "nail_352.tflite") for threads in (1, 2)]
    assert all(row["median_ms"] > 0 for row in figures["networks"])
    assert figures["nails"].keys() == {"1", "5", "10"}
    assert {"nail_tracking__tracking", "stretch", "polish"} <= figures["nails"]["5"]["nodes"].keys()
    assert figures["per_nail_ms"].keys() == figures["per_frame_ms"].keys() == {"post_processing", "drawing"}
    assert len(figures["drawing_of_5_nails_ms"]) == 10
    kinds = [f"{kind}_{how}" for kind in ("end_to_end", "without_encode") for how in ("1", "2", "2_model_2")]
    assert figures["fps"].keys() == set(kinds)
    assert all(fps > 0 for fps in figures["fps"].values())
    assert figures["effect"] == {"size": 352, "depth": 55, "model": "nail_352.tflite"}
    assert 0 <= figures["cores_used_by_others"] < 1000
    show(figures)
    printed = capsys.readouterr().out
    for line in ("352 x 352, depth 55", "nail_tracking__inference", "drawing of 5 nails", "sunset ombre"):
        assert line in printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--sizes", "352", "100"], "100 is not a multiple of 32, 32 or more"),
        (["--frames", "1"], "1 is not 2 or more"),
        (["--runs", "0"], "0 is not 1 or more"),
        (["--json", "."], ". is a folder; name a file"),
    ],
)
def test_mistakes_are_said_before_the_work(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("count", COUNTS)
def test_the_nodes_find_all_nails_in_the_exact_tensors(count: int) -> None:
    profile, found = time_nodes(count, LOOK, 2)
    assert found == count
    assert {node.name: node.count for node in profile}["polish"] == 2


def test_a_perfect_scene() -> None:
    """Two nails, of which one is in the tensors; the bars are above and below."""
    instances = np.zeros((16, 32), np.int32)
    instances[4:12, 8:16], instances[4:12, 20:24] = 1, 2
    scene = perfect_scene(np.zeros((16, 32, 3), np.uint8), instances, [7], np.float32([[0, -1]]), side=32)
    foreground, fingers, direction = scene.tensors
    assert [tensor.shape for tensor in scene.tensors] == [(1, 32, 32, 1), (1, 8, 8, 10), (1, 8, 8, 2)]
    np.testing.assert_array_equal(foreground[0, 8:24, :, 0], instances == 1)
    assert foreground.sum() == 64
    assert (fingers[0, 3:5, 2:4].argmax(-1) == 7).all()
    assert direction[0, :, :, 1].sum() == -4
    assert (scene.padding, scene.area) == ([0, 0.25, 0, 0.25], 64)


def test_scenes_move() -> None:
    first, second = (scene for scene, _ in zip(scenes(5), range(2), strict=False))
    assert first.frame.shape == (480, 640, 3)
    assert (first.frame != second.frame).any()
    assert 100 < first.area < 2000
