"""`python -m benchmarks.makeup` gives its figures as JSON; how fast anything is, is not tested."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.makeup import KINDS, NETWORKS, ROOT, main, run_effect, show
from benchmarks.makeup_nodes import NATURAL, SHARED, STRONG, drawing_figures
from calculators.color.look_makeup import PRODUCTS
from demo.clip import write_clip
from demo.makeup_looks import LOOKS


def test_json_on_stdout_is_one_object_with_all_figures_and_the_tables_show_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = [sys.executable, "-m", "benchmarks.makeup", "--json", "-", "--looks", NATURAL]
    command += ["--repetitions", "1", "--frames", "3", "--runs", "2"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=600)
    figures = json.loads(done.stdout)
    files = [path for path, _, _ in NETWORKS.values()]
    assert [row["model"] for row in figures["networks"]] == [path.name for path in files]
    assert [row["trained"] for row in figures["networks"]] == [path.is_file() for path in files]
    assert all(row["median_ms"] >= row["p10_ms"] > 0 for row in figures["networks"])
    assert figures["drawing"].keys() == {NATURAL}
    assert figures["drawing"][NATURAL].keys() >= {"all", "foundation", "lipstick", *SHARED}
    assert [(row["look"], row["landmarks"]) for row in figures["effect"]] == [
        (NATURAL, kind) for kind in KINDS
    ]
    known, tracked = figures["effect"]
    assert known["faces"] == 1
    assert min(known["fps"], tracked["fps"], known["cpu_ms"], tracked["cpu_ms"]) > 0
    assert tracked["trained"] == all(path.is_file() for path in files)
    assert "face_shapes" in {node["name"] for node in figures["nodes"]}
    assert 0 <= figures["cores_used_by_others"] < 1000
    show(figures)
    printed = capsys.readouterr().out
    for line in ("landmarks_tiny.tflite", "natural", "eyeshadow", "face_tracking__detector"):
        assert line in printed


def test_with_known_landmarks_the_strong_look_is_drawn(tmp_path: Path) -> None:
    write_clip(tmp_path / "clip.mp4", 3)
    run = run_effect(tmp_path / "clip.mp4", LOOKS / f"{STRONG}.json", {}, "known", 1)
    assert (run.timing.frames, run.faces) == (2, 1)
    times = {node.name: node.p50_ms for node in run.nodes}
    assert all(times[product] > 0.05 for product in PRODUCTS), "a node that hands on takes no time"


def test_a_look_costs_what_it_has() -> None:
    figures = drawing_figures([LOOKS / f"{STRONG}.json", LOOKS / "lipstick_plum_matte.json"], 2, 1)
    assert set(PRODUCTS) < figures[STRONG].keys()
    assert figures["lipstick_plum_matte"].keys() == {"shapes and light", "lips", "lipstick", "all"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--looks", "natrual"], "invalid choice: 'natrual'"),
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
