"""Commands that installed packages bring."""

import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from tests.tryon.cli.command import tryon
from tryon.cli import packages
from tryon.registry import ENTRY_POINTS

COMMANDS = """
import typer
app = typer.Typer()
COMMANDS = {"sparkle": app}
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a package, the only one that is announced."""
    folder = tmp_path / "somebodys_nodes"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    points = (EntryPoint("theirs", "somebodys_nodes", ENTRY_POINTS),)
    monkeypatch.setattr(packages, "entry_points", lambda group: points)
    monkeypatch.delitem(sys.modules, "somebodys_nodes", raising=False)
    monkeypatch.delitem(sys.modules, "somebodys_nodes.commands", raising=False)
    return folder


def test_commands_of_a_package(installed: Path) -> None:
    (installed / "commands.py").write_text(COMMANDS)
    assert list(packages.package_commands()) == ["sparkle"]


def test_a_package_without_commands(installed: Path) -> None:
    assert packages.package_commands() == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("COMANDS = {}", "has no attribute 'COMMANDS'"),
        ("1 / 0", "ZeroDivisionError"),
    ],
)
def test_a_broken_package_takes_only_its_own_away(
    installed: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    (installed / "commands.py").write_text(text)
    assert packages.package_commands() == {}
    warning = capsys.readouterr().err
    assert warning.startswith("warning: no commands of somebodys_nodes (")
    assert message in warning


def test_help_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = tryon(capsys, "--help")
    assert outcome.status == 0
    assert "lut" in outcome.out
