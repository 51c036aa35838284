"""`python -m benchmarks.models`: its figures, not how fast anything is."""

import json
import shlex
import subprocess
import sys

import pytest

from benchmarks.hair import ROOT
from benchmarks.models import ModelTime, compare


def test_ratios_are_to_the_first_model() -> None:
    rows = compare(["a/one.tflite", "two.tflite"], [[0.002] * 3, [0.001, 0.001, 0.001]])
    assert rows == [ModelTime("one.tflite", 2, 2, 1, 1), ModelTime("two.tflite", 1, 1, 0.5, 0.5)]


def test_json_is_one_object() -> None:
    command = "python -m benchmarks.models models/hair_256.tflite models/hair_512.tflite --runs 2 --json -"
    arguments = [sys.executable, *shlex.split(command)[1:]]
    done = subprocess.run(arguments, cwd=ROOT, check=True, capture_output=True, text=True, timeout=100)
    figures = json.loads(done.stdout)
    assert [row["model"] for row in figures["models"]] == ["hair_256.tflite", "hair_512.tflite"]
    assert all(row["median_ms"] > 0 for row in figures["models"])


def test_a_missing_model_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-m", "benchmarks.models", "absent.tflite"]
    assert subprocess.run(command, cwd=ROOT, timeout=60).returncode == 2
    assert "there is no absent.tflite" in capfd.readouterr().err
