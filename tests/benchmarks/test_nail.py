"""`python -m benchmarks.nail` gives its figures as JSON; how fast anything is, is not tested."""

import json
import subprocess
import sys

import pytest

from benchmarks.hair import ROOT
from benchmarks.nail import main, show


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
