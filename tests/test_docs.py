"""The documentation holds: files get written, commands run, graphs parse, links lead somewhere.

A fenced block with a path after its language is a file; `sh` blocks are run line by line, `python`
blocks as a program, `pbtxt` blocks are read as graphs; `text` blocks are for reading only.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from calculators.color.look import load_look
from demo.clip import write_clip
from tryon.config import read_graph

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
DOCUMENTS = [README, ROOT / "BUILD_NOTES.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\S+) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")

# Commands that take long, need the network or change the environment, and the file whose run covers each.
ELSEWHERE = {
    "make demo": ".ci/run",
    "make test": ".ci/run",
    "make check": ".ci/run",
    "pip install -e .": ".ci/run",
    "python -m benchmarks.hair": "tests/benchmarks/test_hair.py",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the checkout to run commands in, with a short clip where `make demo` leaves one."""
    for package in ("tryon", "calculators"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    for link in ("pyproject.toml", "models", "demo"):
        (tmp_path / link).symlink_to(ROOT / link)
    (tmp_path / "graphs").mkdir()
    for path in (ROOT / "graphs").iterdir():
        (tmp_path / "graphs" / path.name).symlink_to(path)
    (tmp_path / "out").mkdir()
    write_clip(tmp_path / "out" / "hair_clip.mp4", 4)
    return tmp_path


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_blocks(document: Path, tree: Path) -> None:
    for language, title, text in BLOCK.findall(document.read_text()):
        if title:
            path = tree / title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        elif language == "sh":
            for command in text.replace("\\\n", " ").splitlines():
                run_command(command, tree)
        elif language == "python":
            run([sys.executable, "-c", text], tree)
        elif language == "pbtxt":
            read_graph(text)
        else:
            assert language == "text", f"{document.name} has a block of {language} that nothing checks"


def run_command(command: str, tree: Path) -> None:
    known = command.partition("  #")[0].strip()
    if known in ELSEWHERE:
        assert known in (ROOT / ELSEWHERE[known]).read_text(), f"{ELSEWHERE[known]} does not run {known}"
    elif known:
        run(shlex.split(known), tree)


def run(arguments: list[str], tree: Path) -> None:
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {
        "PATH": os.pathsep.join((scripts, os.environ["PATH"])),
        "PYTHONPATH": str(tree),
    }
    done = subprocess.run(arguments, cwd=tree, env=environment, capture_output=True, text=True, timeout=120)
    assert not done.returncode, f"{shlex.join(arguments)}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links(document: Path) -> None:
    targets = LINK.findall(document.read_text())
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_readme_explains_every_node_of_the_effect() -> None:
    files = ("graphs/hair_recolor.pbtxt", "graphs/subgraphs/hair_segmentation.pbtxt")
    nodes = [node.name for file in files for node in read_graph(ROOT / file).config.node]
    assert re.findall(r"^\| `(\w+)` \|", README.read_text(), re.MULTILINE) == nodes


def test_readme_lists_every_shade() -> None:
    shades = re.findall(r"^\| [a-z ]+ \| `(\w+\.json)` \| `(#\w+)` \|$", README.read_text(), re.MULTILINE)
    looks = sorted((ROOT / "graphs" / "looks" / "hair").glob("*.json"))
    assert shades == [(path.name, load_look(path).effects[0].palettes[0].color) for path in looks]
