"""`python -m benchmarks.gpu` gives its figures as JSON; how fast anything is, is not tested."""

import json
import subprocess
import sys

import pytest

from benchmarks.gpu import ON_CPU, ON_GPU, ROOT, SIZES, show
from calculators.render.context import gl_context
from tryon import GraphError

pytestmark = pytest.mark.gl


def test_json_on_stdout_is_one_object_and_the_table_shows_it(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        device = gl_context().device
    except GraphError as error:
        pytest.skip(str(error))
    command = [sys.executable, "-m", "benchmarks.gpu", "--json", "-", "--repetitions", "1"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=300)
    figures = json.loads(done.stdout)
    assert figures["device"] == device.name
    assert list(figures["ms"]) == [f"{width}x{height}" for width, height in SIZES]
    for steps in figures["ms"].values():
        assert {
            *ON_CPU,
            *ON_GPU,
            "cpu hair in all",
            "gpu hair in all",
            "cpu intensity",
            "gpu intensity",
            "cpu nails",
            "gpu nails, glitter",
        } < set(steps)
        assert min(steps.values()) > 0
    assert 0 <= figures["cores_used_by_others"] < 1000
    show(figures)
    assert "gpu read back" in capsys.readouterr().out
