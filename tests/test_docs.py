"""The documentation holds: files get written, commands run, graphs load, links lead somewhere.

A fenced block with a path after its language is a file. Otherwise `sh` blocks are run line by line,
`console` blocks too, and what follows a "$ command" is its output, with "..." for any text; `python` blocks
are programs, `pycon` blocks are doctests, `pbtxt` blocks are graphs that load, or nodes that fit their
calculators. `text` blocks are for reading only.
"""

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from calculators.color.look import load_look
from demo import hands_clip
from demo.clip import write_clip
from docs import timelines
from tests.conformance.judge import KNOWN_DIFFERENCES
from tryon.config import read_graph
from tryon.contract import CalculatorContract
from tryon.registry import find_calculator
from tryon.subgraph import SubgraphLibrary
from tryon.subgraph_class import find_subgraph
from tryon.validation import validate

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
DOCUMENTS = [README, ROOT / "BUILD_NOTES.md", *sorted((ROOT / "docs").glob("*.md"))]
REFERENCE = sorted((ROOT / "docs" / "reference").glob("*.md"))
BLOCK = re.compile(r"^```(\S+) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]*)(?:#([^)]*))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)

# Commands that take long, need the network or change the environment, and the file whose run covers each.
MODELS = "models/hair_256.tflite models/hair_512.tflite"
ELSEWHERE = {
    "make demo": ".ci/run",
    "make demo-nails": ".ci/run",
    "make demo-makeup": ".ci/run",
    "make test": ".ci/run",
    "make check": ".ci/run",
    "pip install -e .": ".ci/run",
    "python -m benchmarks.gpu": "tests/benchmarks/test_gpu.py",
    "python -m benchmarks.hair": "tests/benchmarks/test_hair.py",
    f"python -m benchmarks.models {MODELS}": "tests/benchmarks/test_models.py",
    "python -m benchmarks.pipeline": "tests/benchmarks/test_pipeline.py",
    "python -m benchmarks.runtime": "tests/benchmarks/test_runtime.py",
}
ANY_TEXT = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


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
    write_clip(tmp_path / "out" / "makeup_clip.mp4", 4)
    hands_clip.write_clip(tmp_path / "out" / "nails_clip.mp4", 4)
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
        elif language == "console":
            run_session(text, tree)
        elif language == "python":
            run([sys.executable, "-c", text], tree)
        elif language == "pbtxt":
            load(text)
        else:
            assert language == "text", f"{document.name} has a block of {language} that nothing checks"


@pytest.mark.parametrize("document", REFERENCE, ids=lambda path: path.name)
def test_reference_examples(document: Path) -> None:
    for language, _, text in BLOCK.findall(document.read_text()):
        if language == "pycon":
            test = doctest.DocTestParser().get_doctest(text, {}, document.name, str(document), 0)
            assert doctest.DocTestRunner(optionflags=ANY_TEXT).run(test).failed == 0


def load(text: str) -> None:
    """Loads a graph; of one without streams of its own only each node by itself."""
    source = read_graph(text)
    if source.config.input_stream:
        validate(source)
        return
    for node in source.config.node:
        calculator = find_calculator(node.calculator)
        if calculator:
            calculator.get_contract(CalculatorContract(node))
        else:
            assert find_subgraph(node.calculator) or SubgraphLibrary(None, ()).find(node.calculator)


def run_session(text: str, tree: Path) -> None:
    """Runs the commands of a console session and compares what they print."""
    for entry in re.split(r"^\$ ", text.replace("\\\n", " "), flags=re.MULTILINE)[1:]:
        command, _, wanted = entry.partition("\n")
        done = start(shlex.split(command), tree)
        printed = done.stdout + done.stderr
        same = doctest.OutputChecker().check_output(wanted, printed, ANY_TEXT)
        assert same, f"{command}\nprinted:\n{printed}\nthe document says:\n{wanted}"


def run_command(command: str, tree: Path) -> None:
    known = command.partition("  #")[0].strip()
    if known in ELSEWHERE:
        assert known in (ROOT / ELSEWHERE[known]).read_text(), f"{ELSEWHERE[known]} does not run {known}"
    elif known:
        run(shlex.split(known), tree)


def run(arguments: list[str], tree: Path) -> None:
    done = start(arguments, tree)
    assert not done.returncode, f"{shlex.join(arguments)}\n{done.stdout}\n{done.stderr}"


def start(arguments: list[str], tree: Path) -> subprocess.CompletedProcess[str]:
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {
        "PATH": os.pathsep.join((scripts, os.environ["PATH"])),
        "PYTHONPATH": str(tree),
    }
    return subprocess.run(arguments, cwd=tree, env=environment, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("document", [*DOCUMENTS, *REFERENCE], ids=lambda path: path.name)
def test_links(document: Path) -> None:
    broken = []
    for target, anchor in LINK.findall(document.read_text()):
        path = document.parent / target if target else document
        if not path.exists() or (anchor and anchor not in anchors(path.read_text())):
            broken.append(f"{target}#{anchor}")
    assert broken == []


def anchors(text: str) -> set[str]:
    """The names under which GitHub finds the headings of a page."""
    return {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in HEADING.findall(text)}


def test_readme_explains_every_node_of_the_effects() -> None:
    files = (
        "graphs/hair_recolor.pbtxt",
        "graphs/subgraphs/hair_segmentation.pbtxt",
        "graphs/nail_polish.pbtxt",
        "graphs/subgraphs/nail_tracking.pbtxt",
        "graphs/makeup.pbtxt",
        "graphs/subgraphs/face_tracking.pbtxt",
    )
    nodes = [node.name for file in files for node in read_graph(ROOT / file).config.node]
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", README.read_text(), re.MULTILINE)
    assert re.findall(r"`(\w+)`", " ".join(rows)) == nodes


def test_readme_lists_every_shade() -> None:
    shades = re.findall(r"^\| [a-z ]+ \| `(\w+\.json)` \| `(#\w+)` \|$", README.read_text(), re.MULTILINE)
    looks = sorted((ROOT / "graphs" / "looks" / "hair").glob("*.json"))
    assert shades == [(path.name, load_look(path).effects[0].palettes[0].color) for path in looks]


def test_differences_are_those_that_conformance_allows() -> None:
    section = (ROOT / "docs" / "differences.md").read_text().split("## Other results")[1].split("\n## ")[0]
    assert re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE) == list(KNOWN_DIFFERENCES)


@pytest.mark.parametrize("story", timelines.STORIES, ids=lambda story: story.name)
def test_drawings_show_what_happens(story: timelines.Story) -> None:
    drawn = timelines.IMAGES / f"{story.name}.svg"
    assert drawn.read_text(encoding="utf-8") == timelines.draw(story), "python -m docs.timelines"
