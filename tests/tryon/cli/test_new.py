"""`tryon new`: what it writes passes as it stands."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.tryon.cli.command import tryon
from tryon.cli.new_files import parse_name
from tryon.errors import GraphError


def run_pytest(folder: Path, *arguments: str) -> str:
    """The last line of pytest in a folder."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()[-1]


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name != "__pycache__"}


@pytest.mark.parametrize(
    ("text", "snake", "camel", "words"),
    [
        ("Sparkle", "sparkle", "Sparkle", "sparkle"),
        ("sparkle", "sparkle", "Sparkle", "sparkle"),
        ("SparkleCalculator", "sparkle", "Sparkle", "sparkle"),
        ("sparkle_calculator", "sparkle", "Sparkle", "sparkle"),
        ("LipGloss", "lip_gloss", "LipGloss", "lip gloss"),
        ("lip-gloss", "lip_gloss", "LipGloss", "lip gloss"),
        ("lip gloss", "lip_gloss", "LipGloss", "lip gloss"),
        ("HTTPBlur", "http_blur", "HTTPBlur", "http blur"),
        ("Lut3D", "lut3d", "Lut3D", "lut3d"),
        ("Blur2Fast", "blur2_fast", "Blur2Fast", "blur2 fast"),
        ("lip_2", "lip_2", "Lip2", "lip 2"),
        ("ABc", "a_bc", "ABc", "a bc"),
        ("blur2", "blur2", "Blur2", "blur2"),
        ("x", "x", "X", "x"),
        ("A_B__c", "a_b_c", "ABC", "a b c"),
    ],
)
def test_names(text: str, snake: str, camel: str, words: str) -> None:
    name = parse_name(text, "a calculator")
    assert (name.snake, name.camel, name.words) == (snake, camel, words)


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        ("calculator", "3d", '"3d" cannot name a calculator: a name begins with a letter and has letters'),
        ("calculator", "", '"" cannot name a calculator: '),
        ("calculator", "_x", '"_x" cannot name a calculator: '),
        ("calculator", "a/b", '"a/b" cannot name a calculator: '),
        ("calculator", "glänzen", '"glänzen" cannot name a calculator: '),
        ("effect", "../x", '"../x" cannot name an effect: '),
        ("calculator", "calculator", '"calculator" says nothing: name a calculator after what it does'),
        ("calculator", "long" * 20, "is too long: 60 letters are enough for a name."),
        ("calculator", "Gate", '"GateCalculator" is there already, in calculators.core.gate; choose another'),
        ("calculator", "class", '"class" is a word of Python and cannot name a file of it.'),
        ("calculator", "conftest", '"conftest.py" would be taken for a test or a generated file.'),
        ("calculator", "TestPattern", '"test_pattern.py" would be taken for a test or a generated file.'),
        ("calculator", "random", 'A file "random.py" would hide the installed module "random" from all that'),
        ("calculator", "Numpy", 'A file "numpy.py" would hide the installed module "numpy"'),
        ("effect", "hair-recolor", 'There is an effect or subgraph "hair_recolor" already; choose another'),
        ("effect", "HairSegmentationSubgraph", "There is an effect or subgraph"),
    ],
)
def test_refuses(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, kind: str, text: str, message: str
) -> None:
    outcome = tryon(capsys, "new", kind, "--output", str(tmp_path), "--", text)
    assert outcome.status == 1
    assert outcome.err.startswith("error: ")
    assert message in outcome.err
    assert files(tmp_path) == set()


@pytest.mark.parametrize(("kind", "taken"), [("calculator", "test_glitter.py"), ("effect", "glitter.json")])
def test_overwrites_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, kind: str, taken: str
) -> None:
    (tmp_path / taken).write_text("mine")
    outcome = tryon(capsys, "new", kind, "glitter", "--output", str(tmp_path))
    assert (outcome.status, outcome.err) == (
        1,
        f'error: "{tmp_path / taken}" is there already; nothing was written.\n',
    )
    assert files(tmp_path) == {taken}
    assert (tmp_path / taken).read_text() == "mine"


def test_calculators_pass_as_they_stand(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "not there yet"
    names = ["Sparkle", "HTTPBlur2", "a-very very_LongName", "x", "blur"]
    for name in names:
        outcome = tryon(capsys, "new", "calculator", name, "--output", str(folder))
        assert outcome.status == 0, outcome.err
    assert {"sparkle.py", "sparkle.proto", "sparkle_pb2.py", "test_sparkle.py"} < files(folder)
    assert run_pytest(folder).startswith("30 passed"), "six tests each"
    assert run_pytest(folder, "--import-mode=importlib", "test_x.py").startswith("6 passed")


def test_a_calculator_in_a_package(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    package = tmp_path / "my_nodes" / "light"
    package.mkdir(parents=True)
    for folder in (package, package.parent):
        (folder / "__init__.py").touch()
    assert tryon(capsys, "new", "calculator", "Sparkle", "--output", str(package)).status == 0
    assert run_pytest(tmp_path).startswith("6 passed")
    assert run_pytest(package).startswith("6 passed")
    assert "my_nodes/light/sparkle.proto" in (package / "sparkle_pb2.py").read_text()


def test_the_options_can_be_generated_anew(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pytest.importorskip("grpc_tools")
    assert tryon(capsys, "new", "calculator", "Sparkle", "--output", str(tmp_path)).status == 0
    written = (tmp_path / "sparkle_pb2.py").read_text()
    subprocess.run([sys.executable, "-m", "tryon.proto.generate", "."], cwd=tmp_path, check=True)
    generated = (tmp_path / "sparkle_pb2.py").read_text()
    assert generated != written

    def descriptor(text: str) -> object:
        literal = text.partition("AddSerializedFile(")[2].partition(")\n")[0]
        return eval(literal.strip())  # our own two files, a bytes literal each

    assert descriptor(generated) == descriptor(written)
    assert run_pytest(tmp_path).startswith("6 passed")


def test_inspect_shows_what_was_written(tmp_path: Path) -> None:
    """In a process of its own: the calculator is known to this one afterwards."""
    command = [sys.executable, "-m", "tryon"]
    subprocess.run([*command, "new", "calculator", "Sparkle"], cwd=tmp_path, check=True, capture_output=True)
    done = subprocess.run(
        [*command, "inspect", "SparkleCalculator", "--calculators", "sparkle.py"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert "strength  float  how light, from 0 (as it was) to 1 (white), default 0.5." in done.stdout


def test_an_effect_passes_as_it_stands(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    outcome = tryon(capsys, "new", "effect", "AutumnHair", "--output", str(tmp_path))
    assert outcome.status == 0, outcome.err
    assert files(tmp_path) == {"autumn_hair.pbtxt", "autumn_hair.json", "test_autumn_hair.py"}
    assert run_pytest(tmp_path).startswith("1 passed")
    assert tryon(capsys, "validate", str(tmp_path / "autumn_hair.pbtxt")).status == 0


@pytest.mark.parametrize("kind", ["calculator", "effect"])
def test_help_has_examples(capsys: pytest.CaptureFixture[str], kind: str) -> None:
    outcome = tryon(capsys, "new", kind, "--help")
    assert outcome.status == 0
    assert f"tryon new {kind} " in outcome.out


def test_no_kind_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = tryon(capsys, "new", "node", "x")
    assert outcome.status == 2
    assert "No such command 'node'" in outcome.err


def test_a_bad_name_in_python() -> None:
    with pytest.raises(GraphError, match='"1" cannot name an effect'):
        parse_name("1", "an effect")
