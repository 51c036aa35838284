import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.tryon.cli.command import tryon

COMMANDS = ["run", "replay", "validate", "inspect", "draw", "list"]
BROKEN = 'node { calculator: "NoSuchCalculator" }'


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = tryon(capsys, "--version")
    assert (outcome.status, outcome.out) == (0, f"tryon {version('tryon')}\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_examples(capsys: pytest.CaptureFixture[str], command: str) -> None:
    outcome = tryon(capsys, command, "--help")
    assert outcome.status == 0
    assert "Example" in outcome.out
    assert f"tryon {command} " in outcome.out


@pytest.mark.parametrize(
    "arguments", [["fly"], ["run"], ["run", "g.pbtxt", "--threads", "0"], ["run", "g.pbtxt", "--nothing"]]
)
def test_usage_errors_exit_with_2(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    outcome = tryon(capsys, *arguments)
    assert outcome.status == 2
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("verbose", [False, True])
def test_only_verbose_shows_tracebacks(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, verbose: bool
) -> None:
    graph = tmp_path / "broken.pbtxt"
    graph.write_text(BROKEN)
    outcome = tryon(capsys, "validate", str(graph), *["--verbose"] * verbose)
    assert outcome.status == 1
    assert ("Traceback" in outcome.err) == verbose
    assert f"error: {graph}:1:20: No registered object with name: NoSuchCalculator" in outcome.err


def test_help_imports_nothing_heavy() -> None:
    """Start-up stays fast: what a command needs is imported when it runs."""
    program = (
        "import sys\n"
        "from tryon.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'cv2', 'av', 'ai_edge_litert', 'numpy', 'PIL', 'tensorflow', 'calculators.core'}\n"
        "print('heavy:', sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.endswith("heavy: []\n"), done.stdout + done.stderr
