"""Finding calculators by name."""

import subprocess
import sys
from pathlib import Path

import pytest

from tryon import Calculator, register
from tryon.registry import calculator_names, find_calculator, import_failures, nearest_name


def test_everything_announced_can_be_imported() -> None:
    assert import_failures() == []


def test_names_are_class_names() -> None:
    for name in calculator_names():
        calculator = find_calculator(name)
        assert calculator is not None
        assert calculator.__name__ == name


def test_unknown_is_none() -> None:
    assert find_calculator("NoSuchCalculator") is None


def test_a_name_belongs_to_one_module() -> None:
    other = type("TestTwiceCalculator", (Calculator,), {"__module__": "one"})
    register(other)
    with pytest.raises(ValueError, match='"TestTwiceCalculator" of two is registered already by one'):
        register(type("TestTwiceCalculator", (Calculator,), {"__module__": "two"}))


@pytest.mark.parametrize(("name", "nearest"), [("input_steam", "input_stream"), ("zzz", None)])
def test_nearest_name(name: str, nearest: str | None) -> None:
    assert nearest_name(name, ["input_stream", "output_stream"]) == nearest


def test_a_broken_module_takes_only_its_own_calculators_away(tmp_path: Path) -> None:
    package = tmp_path / "broken_pack"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "bad.py").write_text("raise TypeError('oops')")
    info = tmp_path / "broken_pack-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-pack\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[tryon.calculators]\nbroken = broken_pack\n")
    code = (
        "from tryon.graph import CalculatorGraph\n"
        'CalculatorGraph(\'input_stream: "a" node { calculator: "PassThroughCalculator" '
        'input_stream: "a" output_stream: "b" }\')\n'
        "CalculatorGraph('node { calculator: \"Bad\" }')\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONPATH": str(tmp_path)}
    )
    assert "broken_pack.bad cannot be imported (TypeError: oops)" in result.stderr
    assert 'Unable to find Calculator "Bad"' in result.stderr
